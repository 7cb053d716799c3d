"""Join or build: what there is already for a shared question (S005, S012, S087)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from schakel.provisions import Advice, advise
from schakel.themes import load_taxonomy
from schakel_web.network.models import Area
from schakel_web.network.tasks import areas_now
from schakel_web.socialmap.models import Facet, Provision
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.tasks import to_record

REACH_KM = 3.0
_MOST = 1000  # provisions around that are looked at


@dataclass(frozen=True)
class Advised:
    """The advice, and the provisions in it by identifier."""

    advice: Advice
    numbers: dict[str, int]


def advised(*, areas: Sequence[Area], theme: str, people: int | None) -> Advised | None:
    """Advice from local supply; None for a theme or neighbourhoods that the library does not know."""
    places = areas_now(borders=False)
    codes = [area.code for area in areas if area.code in set(places.codes)]
    known = {each.id: each.domain for each in load_taxonomy().themes}
    if not codes or theme not in known:
        return None
    alike = [each for each, domain in known.items() if domain == known[theme]]
    rows = Provision.objects.exclude(state=State.CLOSED).filter(
        pk__in=Facet.objects.filter(kind="theme", value__in=alike).values("provision")
    )
    rows = rows.filter(_around(areas)).select_related("area").prefetch_related("sessions")[:_MOST]
    found = list(rows)
    advice = advise(
        [to_record(p) for p in found], areas=places, codes=codes, themes=[theme], today=timezone.localdate(),
        people=people, reach_km=REACH_KM,
    )  # fmt: skip
    return Advised(advice, {p.identifier: p.pk for p in found})


def _around(areas: Sequence[Area]) -> Q:
    """Within reach of the box around these neighbourhoods, in one of them, or of no place."""
    xs = [a.x for a in areas if a.x is not None]
    ys = [a.y for a in areas if a.y is not None]
    near = Q(area__in=areas) | Q(area=None, x=None)
    if xs and ys:
        far = REACH_KM * 1000
        box = {
            "x__gte": min(xs) - far,
            "x__lte": max(xs) + far,
            "y__gte": min(ys) - far,
            "y__lte": max(ys) + far,
        }
        near |= Q(**box) | Q(x=None, **{f"area__{key}": value for key, value in box.items()})
    return near
