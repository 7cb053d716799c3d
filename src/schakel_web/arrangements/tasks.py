"""What the library says about an arrangement: a suggestion, and how a combination holds (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils import timezone

import schakel
from schakel.arrangements import (
    Assessment,
    Candidate,
    Combination,
    Composition,
    Home,
    Kind,
    Need,
    NotFor,
    Slot,
    Weights,
    Wishes,
    assess,
    candidates,
    compose,
    explain,
)
from schakel.arrangements.wording import NOT_FOR, PREFERENCES, demand
from schakel.detection.facts import Both
from schakel.provisions import Payer
from schakel.provisions.schedule import weekly
from schakel_web.arrangements.models import Arrangement, Component
from schakel_web.network.models import Area
from schakel_web.signals.models import LifePhase as Ages
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import taxonomy
from schakel_web.socialmap.models import Provision, ProvisionQuerySet
from schakel_web.socialmap.models.choices import LifePhase
from schakel_web.socialmap.search import Selection, near
from schakel_web.socialmap.tasks import times_of, to_record

MOST_OFFERS = 500  # the nearest that are considered
_FARTHEST = 25.0  # kilometres
_REJECTED = 25  # that are kept with their reason
_WEEKS_A_MONTH = 52 / 12
_DAY = 24 * 60


def needs_of(arrangement: Arrangement) -> list[Need]:
    """What the resident wants to work on."""
    return [
        Need(each["theme"], weight=float(each.get("weight", 1)), must=bool(each.get("must")))
        for each in arrangement.needs
    ]


def wishes_of(arrangement: Arrangement) -> Wishes:
    """Wishes and limits; whole days are kept as their numbers."""
    w = arrangement.wishes
    days = w.get("days")
    return Wishes(
        available=tuple(Slot(day * _DAY, (day + 1) * _DAY) for day in days) if days else None,
        max_km=w.get("max_km"),
        budget=w.get("budget"),
        languages=tuple(w.get("languages", ())),
        wheelchair=bool(w.get("wheelchair")),
        easy_read=bool(w.get("easy_read")),
        groups=w.get("groups"),
        no_waiting=bool(w.get("no_waiting")),
        keep=tuple(w.get("keep", ())),
        without=tuple(w.get("without", ())),
    )


def weights_of(arrangement: Arrangement) -> Weights:
    """The preferences, with those that were changed here."""
    return Weights(**arrangement.weights)


def preferences() -> list[tuple[str, str, float]]:
    """Every preference: its name, what it prefers in Dutch, and its usual weight in points (S019: never a rule)."""
    usual = Weights()
    return [(name, both.nl, getattr(usual, name)) for name, both in PREFERENCES.items()]


#: The phase of life of a request, as offers have it. A family, and everybody, is of no single phase.
_PHASES: dict[str, str] = {
    Ages.YOUNG_CHILDREN: LifePhase.YOUNG_CHILD, Ages.CHILDREN: LifePhase.CHILD, Ages.YOUTH: LifePhase.YOUTH,
    Ages.ADULTS: LifePhase.ADULT, Ages.ELDERLY: LifePhase.ELDERLY,
}  # fmt: skip


def home_of(request: Signal) -> Home:
    """Where the request comes from, the neighbourhood and never an address; and about which phase of life it is."""
    area = request.area
    return Home(area=area.code, x=area.x, y=area.y, life_phase=phase_of(request))


def phase_of(request: Signal) -> str | None:
    """The phase of life that a request is about, None for all of them."""
    return _PHASES.get(request.life_phase)


def offers(arrangement: Arrangement) -> ProvisionQuerySet:
    """What is on the map for these themes, the nearest first; and what must stay in."""
    themes = [each["theme"] for each in arrangement.needs]
    rows = near(Provision.objects.there().having("theme", *themes), arrangement.request.area, _FARTHEST)
    return Selection(rows).in_order().select_related("area").prefetch_related("sessions")


def candidates_of(arrangement: Arrangement, provisions: Iterable[Provision]) -> list[Candidate]:
    """Provisions as the library weighs them, seen from the neighbourhood of the request."""
    points = {
        code: (x, y)
        for code, x, y in Area.objects.neighbourhoods().values_list("code", "x", "y")
        if x is not None and y is not None
    }
    return candidates(
        [to_record(p) for p in provisions],
        home=home_of(arrangement.request),
        on=timezone.localdate(),
        points=points,
    )


def compose_for(arrangement: Arrangement) -> dict[str, Any]:
    """The best that goes with what is in the plan, and two that really differ, with every reason (R10, R11).

    Parts of the plan that break no wish and can all be attended stay: their times are taken, their people known.
    """
    parts = list(arrangement.components.filter(removed=None).select_related("provision").order_by("pk"))
    kept = _kept(arrangement, parts)
    there = {c.provision_id for c in parts}
    near_by = [p for p in offers(arrangement)[:MOST_OFFERS] if p.pk not in there]
    found = [*candidates_of(arrangement, near_by), *kept]
    stay = tuple(one.id for one in kept)
    wishes = replace(wishes_of(arrangement), keep=stay)
    composed = explain(
        compose(needs_of(arrangement), found, wishes=wishes, weights=weights_of(arrangement)),
        found,
    )
    return _plain(composed, {one.id: one.name for one in found}, stay) | {"parts": own_parts(parts)}


def _kept(arrangement: Arrangement, components: list[Component]) -> list[Candidate]:
    """The parts of a plan that a suggestion is made around."""
    found, gone = assess_parts(arrangement, components)
    against = {pk for broken in found.broken for pk in broken.ids}
    against |= {pk for clash in found.overlaps for pk in clash.ids} | {str(c.pk) for c in gone}
    known = {c.provision_id: c.provision for c in components if c.provision}
    offered = dict(zip(known, candidates_of(arrangement, known.values()), strict=True))
    return [
        replace(candidate_of(c, offered.get(c.provision_id)), not_for=())
        for c in components
        if str(c.pk) not in against
    ]


def own_parts(components: Iterable[Component]) -> list[list[Any]]:
    """What people put in a plan by themselves: whatever of it changes makes a suggestion old."""
    return [
        [c.pk, c.themes, c.day, c.begin, c.minutes, None if c.cost_month is None else float(c.cost_month)]
        for c in sorted(components, key=lambda c: c.pk)
        if not c.suggested
    ]


def _plain(composed: Composition, names: dict[str, str], stay: tuple[str, ...]) -> dict[str, Any]:
    every = [composed.best, *composed.alternatives] if composed.best else []
    new = [{one.candidate.id for one in each.components} - set(stay) for each in every]
    combinations = [
        each for each, some in zip(every, new, strict=True) if some
    ]  # nothing new may be the best
    return {
        "made": timezone.now().isoformat(),  # also tells it from the next one
        "version": schakel.__version__,
        "considered": len(names) - len(stay),
        "beside": [names[pk] for pk in stay],
        "enough": bool(stay and new and not new[0]),
        "clash": composed.clash_text,
        "combinations": [_combination(each, stay) for each in combinations],
        "rejected": [
            {"id": r.id, "name": names.get(r.id, r.id), "text": r.text} for r in composed.rejected[:_REJECTED]
        ],
        "left_out": max(0, len(composed.rejected) - _REJECTED),
        "changes": [c.text for c in composed.changes],
        "uncovered": [u.text for u in composed.uncovered],
    }


def _combination(found: Combination, stay: tuple[str, ...]) -> dict[str, Any]:
    return {
        "score": round(found.score, 1),
        "loss": round(found.loss, 1),
        "parts": [
            {
                "id": c.candidate.id,
                "name": c.candidate.name,
                "why": c.why,
                "themes": [t for t, _d in c.covers],
            }
            for c in found.components
            if c.candidate.id not in stay
        ],
    }


def candidate_of(component: Component, provision: Candidate | None) -> Candidate:
    """A part as the library weighs it: a provision as it is, but with what was agreed for this person."""
    c = component
    times: tuple[Slot, ...] = ()
    if c.day is not None and c.begin is not None and c.minutes is not None:
        start = c.day * _DAY + c.begin
        times = (Slot(start, min(start + c.minutes, 7 * _DAY)),)
    base = provision
    return Candidate(
        id=str(c.pk),
        name=c.title,
        covers=tuple((theme, 1.0) for theme in c.themes),
        kind=Kind(c.kind),
        approach=base.approach if base else (0.0 if c.kind == Kind.INDIVIDUAL else 0.5),
        formality=base.formality if base else (1.0 if c.kind == Kind.INDIVIDUAL else 0.0),
        organisation=base.organisation if base else "",
        times=times or (base.times if base else ()),
        pick=base.pick if base and not times else False,
        km=base.km if base else None,
        euros=float(c.cost_month) if c.cost_month is not None else (base.euros if base else None),
        hours=(c.hours, c.hours) if c.hours is not None else (base.hours if base else None),
        payers=(Payer(c.payer),) if c.payer else (base.payers if base else ()),
        cost=base.cost if base else None,
        estimate=base.estimate if base else False,
        free=base.free if base else None,
        group=base.group if base else None,
        languages=base.languages if base else (),
        wheelchair=base.wheelchair if base else None,
        easy_read=base.easy_read if base else None,
        referral=base.referral if base else False,
        decision=base.decision if base else False,
        legal_type=base.legal_type if base else None,
        not_for=base.not_for if base else (),
    )


def assess_parts(arrangement: Arrangement, components: list[Component]) -> tuple[Assessment, list[Component]]:
    """What these parts cover, when they are, what clashes, and what they ask of everybody.

    What is closed, or over, counts for nothing: those parts are given apart.
    """
    known = {c.provision_id: c.provision for c in components if c.provision}
    offered = dict(zip(known, candidates_of(arrangement, known.values()), strict=True))
    parts = {c: candidate_of(c, offered.get(c.provision_id)) for c in components}
    gone = [c for c, part in parts.items() if NotFor.CLOSED in part.not_for]
    there = [part for c, part in parts.items() if c not in gone]
    return assess(there, needs_of(arrangement), wishes_of(arrangement), weights_of(arrangement)), gone


def judged(arrangement: Arrangement, components: list[Component]) -> dict[str, Any]:
    """The same as plain values for the screen, in Dutch."""
    found, gone = assess_parts(arrangement, components)
    names = {str(c.pk): c.title for c in components}
    by_id = {str(c.pk): c for c in components}
    labels = {t.id: Both(t.nl, t.en) for t in taxonomy().themes}
    labels |= {key: Both(name, name) for key, name in names.items()}
    return {
        "coverage": [
            {"theme": labels[c.theme].nl if c.theme in labels else c.theme, "share": round(100 * c.share),
             "by": [names[pk] for pk, _degree in c.by]}
            for c in found.coverage
        ],
        "gone": [c.pk for c in gone],
        "gone_names": [c.title for c in gone],
        "not_for": [(names[pk], NOT_FOR[reason].nl) for pk, reason in found.not_for],
        "week": [_visit(by_id[v.id], v.slot) | {"name": names[v.id]} for v in found.week],
        "overlaps": [[names[pk] for pk in each.ids] for each in found.overlaps],
        "broken": [
            {"what": demand(b.demand, _question(arrangement), labels, "nl"), "by": [names[pk] for pk in b.ids]}
            for b in found.broken
        ],
        "check": [
            {"what": demand(b.demand, _question(arrangement), labels, "nl"), "by": [names[pk] for pk in b.ids]}
            for b in found.check
        ],
        "totals": found.totals,
        "unknown_euros": [names[pk] for pk in found.totals.unknown_euros],
        "pointers": [names[pk] for pk in found.pointers],
        "preceding": [(names[pk], list(payers)) for pk, payers in found.preceding],
    }  # fmt: skip


def _visit(component: Component, slot: Slot) -> dict[str, Any]:
    """A time in the week. Where people walk in, the composer keeps an hour of it free, and here stands all of it."""
    opening = (slot.start, slot.end)
    if component.day is None and component.provision:
        open_times = [part for s in component.provision.sessions.all() for part in weekly(times_of(s))]
        opening = next((each for each in open_times if each[0] <= slot.start < each[1]), opening)
    start, end = opening
    return {
        "day": start // _DAY, "start": start % _DAY, "end": end - start // _DAY * _DAY,
        "walk_in": opening != (slot.start, slot.end),
    }  # fmt: skip


def _question(arrangement: Arrangement) -> Any:
    from schakel.arrangements import Question  # noqa: PLC0415  its name is that of our shared question elsewhere

    return Question(tuple(needs_of(arrangement)), wishes_of(arrangement), weights_of(arrangement))
