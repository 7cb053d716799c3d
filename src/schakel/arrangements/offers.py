"""Provisions of the social map as candidates, seen from the neighbourhood of one request.

Nothing is guessed: what the social map does not tell stays not known in the candidate. Two things are counted. The
professional hours of a provision are shared by the people who are there at the same time. What a resident pays a month
follows from how often it is on in the twelve weeks from ``on``; a walk-in is visited at most once a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import hypot

from schakel.areas import parse_code
from schakel.arrangements.records import WEEK, Candidate, NotFor, Slot
from schakel.provisions import Access, LegalType, Place, Provision, Status
from schakel.provisions.schedule import occurrences, over, weekly

#: Minutes of one visit to a walk-in: longer opening hours are so many times to choose from.
VISIT = 60
WEEKS = 12
WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, slots=True)
class Home:
    """Where a request comes from: the neighbourhood and its middle in the Dutch grid in metres, never an address.

    ``life_phase`` is the one that the question is about (S073), None when that does not matter.
    """

    area: str | None = None
    x: float | None = None
    y: float | None = None
    life_phase: str | None = None


def candidates(
    provisions: Iterable[Provision],
    *,
    home: Home,
    on: date,
    points: Mapping[str, tuple[float, float]] | None = None,
    degrees: Mapping[tuple[str, str], float] | None = None,
) -> list[Candidate]:
    """Every provision as a candidate.

    ``points`` gives the middle of areas (metres in the Dutch grid), for provisions without a place of their own.
    ``degrees`` gives how far a provision (identifier) covers a theme, where that is less than fully.
    """
    return [
        candidate(one, home=home, on=on, points=points or {}, degrees=degrees or {}) for one in provisions
    ]


def candidate(
    provision: Provision,
    *,
    home: Home,
    on: date,
    points: Mapping[str, tuple[float, float]],
    degrees: Mapping[tuple[str, str], float],
) -> Candidate:
    """One provision as a candidate. SchakelError when a recurrence rule cannot be read."""
    km = _km(provision.place, home, points)
    pick = provision.access is Access.WALK_IN
    price, fewest, most = provision.price, *provision.group
    return Candidate(
        id=provision.id,
        name=provision.name,
        covers=tuple((theme, degrees.get((provision.id, theme), 1.0)) for theme in provision.themes),
        approach=provision.position.approach,
        formality=provision.position.formality,
        organisation=provision.organisation_id or provision.organisation,
        times=_times(provision, pick, on),
        pick=pick,
        km=km,
        euros=_euros(provision, on, pick),
        hours=None
        if provision.hours is None
        else (provision.hours / max(1, most), provision.hours / max(1, fewest)),
        payers=provision.payers,
        cost=None if price is None else (price.low, price.high),
        estimate=price is not None and price.basis == "C",
        free=provision.free,
        group=provision.group,
        languages=provision.languages,
        wheelchair=provision.wheelchair,
        easy_read=provision.easy_read,
        referral=provision.access is Access.REFERRAL,
        decision=provision.decision
        or provision.access is Access.DECISION
        or provision.legal_type is LegalType.TAILORED,
        legal_type=provision.legal_type,
        not_for=_not_for(provision, home, km, on),
    )


def _km(place: Place, home: Home, points: Mapping[str, tuple[float, float]]) -> float | None:
    there = points.get(place.area or "") if place.x is None or place.y is None else (place.x, place.y)
    if there is None or home.x is None or home.y is None:
        return None
    return hypot(there[0] - home.x, there[1] - home.y) / 1000


def _times(provision: Provision, pick: bool, on: date) -> tuple[Slot, ...]:
    parts = {part for session in provision.sessions for part in weekly(session, on)}
    if pick:
        parts = {piece for start, end in parts for piece in _visits(start, end)}
    return tuple(Slot(start, min(end, WEEK)) for start, end in sorted(parts))


def _visits(start: int, end: int) -> list[tuple[int, int]]:
    """Every hour from the opening on, and the last one before closing time."""
    last = max(end - VISIT, start)
    return [(one, min(one + VISIT, end)) for one in sorted({*range(start, last + 1, VISIT), last})]


def _euros(provision: Provision, on: date, pick: bool) -> float | None:
    """Euros a month: the price of a time, as often as it is on; not known when either is not known."""
    if not provision.resident_cost:
        return provision.resident_cost
    end = on + timedelta(days=7 * WEEKS - 1)
    dates = [one.start.date() for session in provision.sessions for one in occurrences(session, on, end)]
    if not dates:
        return None
    weeks = (max(dates) - min(dates)).days // 7 + 1
    times = min(len(dates), weeks) if pick else len(dates)
    return round(provision.resident_cost * times / max(1.0, weeks / WEEKS_A_MONTH), 2)


def _not_for(provision: Provision, home: Home, km: float | None, on: date) -> tuple[NotFor, ...]:
    found = []
    if provision.serves and home.area is not None and not _around(home.area) & set(provision.serves):
        found.append(NotFor.AREA)
    if provision.reach_km is not None and km is not None and km > provision.reach_km:
        found.append(NotFor.REACH)
    if provision.life_phases and home.life_phase is not None and home.life_phase not in provision.life_phases:
        found.append(NotFor.PHASE)
    if provision.status is not Status.OPEN or over(provision.sessions, on):
        found.append(NotFor.CLOSED)
    return tuple(found)


def _around(area: str) -> set[str]:
    """An area and the district and municipality that it lies in."""
    code = parse_code(area)
    return {str(one) for one in (code, code.district, code.municipality) if one is not None}
