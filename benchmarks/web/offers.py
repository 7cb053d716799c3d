"""A social map of any size in an empty database, quickly: the templates over the neighbourhoods, with their index."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import polars as pl
from django.utils import timezone
from numpy.random import Generator

from benchmarks.web.columns import copy
from schakel_web.accounts.models import User
from schakel_web.arrangements import actions
from schakel_web.network.models import Area, Team
from schakel_web.signals.models import Kind, Signal, State
from schakel_web.socialmap.models import Facet, Provision, Session
from schakel_web.socialmap.tasks import facets, from_template, template_choices

SHARE = 10  # signals for one provision: a hundred thousand at a million
PLANS = 20  # help requests of every team that an arrangement is made for
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")


def load(number: int, rng: Generator) -> None:
    """Put `number` provisions on the map, each with a name, a place, a time to meet, and a day it was confirmed."""
    every = [made for key, _name in template_choices() if (made := from_template(key)) is not None]
    areas = list(Area.objects.neighbourhoods().order_by("code"))
    kinds = rng.integers(0, len(every), number)
    where = rng.integers(0, len(areas), number)
    confirmed = rng.integers(1, 150, number)
    days = rng.integers(0, len(_DAYS), number)
    today = timezone.localdate()
    rows, index, sessions = [], [], []
    words: dict[tuple[int, int, int], list[tuple[str, str]]] = {}
    for n in range(number):
        offer, area, day = every[kinds[n]], areas[where[n]], int(days[n])
        checked = today - timedelta(days=int(confirmed[n]))
        name = f"{offer.name} {area.name}"
        rows.append(
            {
                "id": n + 1, "identifier": f"laadtest-{n}", "name": f"{name} {n}", "area_id": area.pk,
                "x": float((area.x or 0.0) + rng.normal(0, 150)), "y": float((area.y or 0.0) + rng.normal(0, 150)),
                "capacity": 12, "free": int(rng.integers(0, 13)), "checked": checked,
                "due": checked + timedelta(days=offer.check_days), "template": int(kinds[n]),
            }
        )  # fmt: skip
        meets = Session(first=today - timedelta(days=140), rule=f"FREQ=WEEKLY;BYDAY={_DAYS[day]}", start=840)
        sessions.append({"provision_id": n + 1, "first": meets.first, "rule": meets.rule, "start": 840})
        key = (int(kinds[n]), int(where[n]), day)
        if key not in words:
            offer.name, offer_name = name, offer.name
            words[key] = sorted(facets(offer, [meets]))
            offer.name = offer_name
        index += [(n + 1, kind, value[:60]) for kind, value in words[key]]
    frame = (
        pl.DataFrame(rows)
        .join(_as_columns(every, set(rows[0])), on="template")
        .with_columns(template=pl.lit(""))
    )
    copy(Provision, frame)
    copy(Session, pl.DataFrame(sessions))
    copy(Facet, pl.DataFrame(index, schema=["provision_id", "kind", "value"], orient="row"))
    _plans()


def _as_columns(every: list[Provision], given: set[str]) -> pl.DataFrame:
    """What the templates say, as the database holds it; whatever differs between provisions left out."""
    rows: list[dict[str, Any]] = []
    for number, offer in enumerate(every):
        row: dict[str, Any] = {"template": number}
        for field in Provision._meta.concrete_fields:
            if field.column in given or field.primary_key:
                continue
            value = field.pre_save(offer, add=True) if field.column in {"created", "changed"} else None
            value = getattr(offer, field.attname) if value is None else value
            row[str(field.column)] = json.dumps(value) if field.get_internal_type() == "JSONField" else value
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def _plans() -> None:
    """An arrangement of two offers and something of one's own for some of the newest signals of every team."""
    for team in Team.objects.prefetch_related("areas"):
        newest = Signal.objects.filter(area__in=team.areas.all(), state=State.ACCEPTED).order_by(
            "-date", "-pk"
        )
        numbers = list(newest.values_list("pk", flat=True)[:PLANS])
        Signal.objects.filter(pk__in=numbers).update(kind=Kind.REQUEST)
        by = User.objects.filter(memberships__team=team).earliest("pk")
        for request in (
            Signal.objects.filter(pk__in=numbers).select_related("area").prefetch_related("themes")
        ):
            plan = actions.begin(request=request, team=team, by=by)
            themes = [need["theme"] for need in plan.needs]
            near = Provision.objects.filter(area=request.area).having("theme", *themes).order_by("pk")[:2]
            for version, offer in enumerate(near):
                actions.add_offer(arrangement=plan, version=version, provision=offer, by=by)
