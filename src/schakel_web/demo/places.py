"""A social map and arrangements for the made-up municipality: from the templates, over the neighbourhoods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from django.db.models import Q
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.arrangements import actions as arrangements
from schakel_web.arrangements.models import Component, Kind
from schakel_web.network.models import Area, Organisation, Team
from schakel_web.signals.models import Kind as SignalKind
from schakel_web.signals.models import Signal, SignalTheme
from schakel_web.socialmap import actions
from schakel_web.socialmap.models import Provision, Session
from schakel_web.socialmap.models.choices import Kind as PlaceKind
from schakel_web.socialmap.models.choices import LegalType
from schakel_web.socialmap.tasks import from_template, template_choices
from schakel_web.socialmap.tasks.coverage import ask, calculate

NUMBER = 120
PLANS = 40
_PLACES = (
    "Buurthuis De Schakel", "De Kring", "Het Trefpunt", "Wijkcentrum Oost", "De Huiskamer", "Bibliotheek",
    "De Kas", "Basisschool De Brug", "Kerkzaal De Ark", "Moskee Al-Salaam", "Sporthal Noord", "Het Atelier",
)  # fmt: skip
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")
_STARTS = (9 * 60, 10 * 60, 13 * 60 + 30, 14 * 60, 17 * 60 + 30, 19 * 60)
_OWN = (
    "Elke dag een blokje om",
    "Zelf de post openen op maandag",
    "Een buurvrouw vragen mee te gaan",
    "Weer gaan zingen",
)
_MUNICIPAL = {"huisarts", "ggz_behandeling", "woningaanpassing", "vervoersvoorziening", "coaching_werk"}


def load_map(*, teams: Sequence[Team], seed: int) -> None:
    """Some 120 provisions, confirmed, stale and gone; and 40 arrangements."""
    draw = np.random.default_rng(seed)
    areas = list(Area.objects.neighbourhoods().order_by("code"))
    welfare = Organisation.objects.filter(kind="welfare").first()
    school = Organisation.objects.filter(kind="education").first()
    keeper = User.objects.get(email="procestrekker@voorbeeldstad.nl")
    keys = [key for key, _name in template_choices()]
    for number in range(NUMBER):
        key = keys[number % len(keys)]
        area = areas[int(draw.integers(len(areas)))]
        owner = school if number % 12 == 5 else welfare
        _provision(key, area, draw, owner=owner, keeper=keeper if number % 3 else None)
    _lost(draw, by=keeper)
    _plans(teams, draw)


def work_out() -> None:
    """One calculation of coverage, with the numbers that left already."""
    run = ask(by=None)
    if run is not None:
        calculate.func(run.pk)


def _provision(
    key: str, area: Area, draw: np.random.Generator, *, owner: Organisation | None, keeper: User | None
) -> Provision:
    made = from_template(key)
    assert made is not None
    group = made.approach >= 0.5
    everywhere = key in _MUNICIPAL
    made.name = made.name if everywhere else f"{made.name} {area.name}"
    made.kind = (
        PlaceKind.PLACE
        if "plek_ontmoeten" in made.themes
        else PlaceKind.GROUP
        if group
        else PlaceKind.SERVICE
    )
    made.area = None if everywhere else area
    if not everywhere and area.x is not None and area.y is not None:
        made.x, made.y = (round(v + float(draw.normal(0, 120)), 0) for v in (area.x, area.y))
        made.place_name = _PLACES[int(draw.integers(len(_PLACES)))]
    made.organisation, made.keeper = owner, keeper
    made.run_by = str(owner) if owner else ""
    made.email = "welzijn@voorbeeldstad.invalid"
    made.keeper_email = "" if keeper else "bijhouder@club.invalid"
    made.languages = [
        "nl",
        *(["ar"] if draw.random() < 0.2 else []),
        *(["en"] if draw.random() < 0.2 else []),
    ]
    made.wheelchair = bool(draw.random() < 0.7) if draw.random() < 0.8 else None
    made.capacity = max(made.group_to, 2) if group else None
    made.free = int(draw.integers(0, made.capacity + 1)) if made.capacity else None
    made.resident_cost = [0, 0, 1, 2.5, 4, 7.5][int(draw.integers(6))] if group else None
    made.hours = round(float(draw.uniform(0, 6)), 1) if made.legal_type != LegalType.INITIATIVE else None
    made.checked = timezone.localdate() - timedelta(days=int(draw.integers(1, 150)))
    sessions = [_session(draw)] if group else []
    return actions.add(provision=made, sessions=sessions, by=None)


def _session(draw: np.random.Generator) -> Session:
    day = int(draw.integers(len(_DAYS)))
    today = timezone.localdate()
    first = today - timedelta(days=(today.weekday() - day) % 7 + 7 * 20)
    every = ";INTERVAL=2" if draw.random() < 0.15 else ""
    start = _STARTS[int(draw.integers(len(_STARTS)))]
    return Session(first=first, rule=f"FREQ=WEEKLY{every};BYDAY={_DAYS[day]}", start=start, minutes=120)


def _lost(draw: np.random.Generator, *, by: User) -> None:
    """Some are gone, one rests, and of some residents say that it is not right."""
    there = list(Provision.objects.exclude(area=None).order_by("pk"))
    chosen = [there[int(i)] for i in draw.choice(len(there), 10, replace=False)]
    for number, provision in enumerate(chosen):
        if number < 5:
            actions.change_state(
                provision=provision,
                version=provision.version,
                to="closed",
                why="De ruimte is verkocht.",
                by=by,
            )
        elif number == 5:
            actions.change_state(
                provision=provision, version=provision.version, to="paused", why="In de zomer dicht.", by=by
            )
        else:
            actions.doubt(
                provision=provision, what="times", note="Het begint nu een half uur later.", by=None
            )


def _plans(teams: Sequence[Team], draw: np.random.Generator) -> None:
    """Arrangements for help requests of the teams, from what is on the map; some agreed, some running."""
    for number, team in enumerate([teams[k % len(teams)] for k in range(PLANS)]):
        request = _request(team, draw)
        by = User.objects.filter(memberships__team=team, is_active=True).order_by("pk").first()
        if request is None or by is None:
            continue
        plan = arrangements.begin(request=request, team=team, by=by)
        themes = [need["theme"] for need in plan.needs]
        near = Provision.objects.there().having("theme", *themes).filter(area__parent=request.area.parent)[:2]
        for offer in near:
            arrangements.add_offer(arrangement=plan, version=_version(plan), provision=offer, by=by)
        given: dict[str, Any] = {"kind": Kind.OWN, "title": _OWN[number % len(_OWN)], "themes": themes}
        arrangements.add_part(arrangement=plan, version=_version(plan), **given, by=by)
        if number % 2:
            arrangements.agree(arrangement=plan, version=_version(plan))
        if number % 5 == 0:
            arrangements.scale(arrangement=plan, direction="down", reason="Het gaat beter.", by=by)
    Component.objects.filter(pk__in=list(Component.objects.values_list("pk", flat=True)[::4])).update(
        outcome="reached"
    )


def _version(plan: Any) -> int:
    plan.refresh_from_db(fields=["version", "agreed", "state"])
    version: int = plan.version
    return version


def _request(team: Team, draw: np.random.Generator) -> Signal | None:
    """One of the last signals of this team in which somebody speaks of themselves becomes a help request."""
    own = Q(text__startswith="Ik ") | Q(text__startswith="Mijn ")
    rows = (
        Signal.objects.counting()
        .filter(own, team=team, kind=SignalKind.SIGNAL, people=1, arrangements=None)
        .order_by("-date", "-pk")
    )
    found = list(rows[:200])
    if not found:
        return None
    request = found[int(draw.integers(len(found)))]
    Signal.objects.filter(pk=request.pk).update(kind=SignalKind.REQUEST)
    request.kind = SignalKind.REQUEST
    assert SignalTheme.objects.filter(signal=request).exists()
    return Signal.objects.select_related("area__parent").get(pk=request.pk)
