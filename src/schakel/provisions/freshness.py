"""Whether a provision is still true: its state, its decay, and what to check first, so an hour a quarter is enough.

An entry is *fresh* until its interval has passed since somebody confirmed it, then *due*, and *stale* after twice that
time or when nobody ever confirmed it. Confidence halves with every interval that passes: 2^(−days/interval). Informal
groups come and go (S129): their question is "is it still there?", and they weigh heavier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from schakel.provisions.provision import LegalType, Provision, Status

INFORMAL: Final = frozenset({LegalType.OUTSIDE, LegalType.INITIATIVE, LegalType.INFORMAL})
MINUTES_BY_LINK: Final = 0.5  # the owner has an e-mail address: one click confirms, we only see that it came
MINUTES_BY_PHONE: Final = 4.0  # somebody calls, or walks by
QUARTER: Final = 91
_INFORMAL_WEIGHT: Final = 1.5


class State(StrEnum):
    """How true an entry is."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"
    GONE = "gone"  # closed: nothing to check


@dataclass(frozen=True, slots=True)
class Freshness:
    """State of one provision on a day. ``confidence`` is from 0 to 1; ``due`` the day on which it is to be checked.

    ``still_there`` says that the question is whether the group still exists (S129).
    """

    state: State
    confidence: float
    due: date | None
    days: int | None  # since the last confirmation; None when never
    still_there: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One check to do; ``minutes`` is an estimate, ``why`` says in Dutch why it stands here."""

    id: str
    state: State
    score: float
    minutes: float
    by_link: bool
    still_there: bool
    why: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """All checks that are due, the most useful a minute first, and what an hour a quarter does.

    ``share_stale`` and ``share_due`` are shares of the provisions that are not closed. ``minutes_quarter`` is what a
    quarter of upkeep takes when it all runs by the intervals. ``within_budget``: how many of the first tasks fit in it.
    """

    tasks: tuple[Task, ...]
    counts: dict[State, int]
    share_stale: float
    share_due: float
    minutes: float
    minutes_quarter: float
    within_budget: int


def freshness(provision: Provision, *, today: date) -> Freshness:
    """The state of one provision. A confirmation after today counts as today."""
    informal = provision.legal_type in INFORMAL
    if provision.status is Status.CLOSED:
        return Freshness(State.GONE, 0.0, None, _days(provision, today), informal)
    days = _days(provision, today)
    if provision.checked is None or days is None:
        return Freshness(State.STALE, 0.0, today, None, informal)
    interval = max(1, provision.check_days)
    state = State.FRESH if days < interval else State.DUE if days < 2 * interval else State.STALE
    due = today + timedelta(days=interval - days)
    return Freshness(state, 2.0 ** (-days / interval), due, days, informal)


def _days(provision: Provision, today: date) -> int | None:
    return None if provision.checked is None else max(0, (today - provision.checked).days)


def upkeep(
    provisions: Sequence[Provision],
    *,
    today: date,
    use: Mapping[str, int] | None = None,
    budget: float = 60.0,
) -> Upkeep:
    """The checks to do, in order. `use` counts per provision how often people were pointed to it in the last quarter.

    The score of a check is how much trust it restores for how many people, a minute: (1 − confidence) × (1 + use) × 1.5
    for an informal group, divided by the minutes it takes.
    """
    states = [freshness(one, today=today) for one in provisions]
    open_ = [(one, how) for one, how in zip(provisions, states, strict=True) if how.state is not State.GONE]
    tasks = [
        _task(one, how, (use or {}).get(one.id, 0)) for one, how in open_ if how.state is not State.FRESH
    ]
    tasks.sort(key=lambda task: (-task.score, task.id))
    counts = {state: sum(how.state is state for how in states) for state in State}
    total = max(1, len(open_))
    return Upkeep(
        tasks=tuple(tasks),
        counts=counts,
        share_stale=counts[State.STALE] / total,
        share_due=counts[State.DUE] / total,
        minutes=sum(task.minutes for task in tasks),
        minutes_quarter=sum(_minutes(one) * QUARTER / max(1, one.check_days) for one, _ in open_),
        within_budget=_fits(tasks, budget),
    )


def _minutes(provision: Provision) -> float:
    return MINUTES_BY_LINK if provision.owner_email else MINUTES_BY_PHONE


def _task(provision: Provision, how: Freshness, use: int) -> Task:
    minutes = _minutes(provision)
    score = (1 - how.confidence) * (1 + use) * (_INFORMAL_WEIGHT if how.still_there else 1.0) / minutes
    return Task(
        provision.id, how.state, score, minutes, bool(provision.owner_email), how.still_there, _why(how, use)
    )


def _why(how: Freshness, use: int) -> str:
    parts = ["Nog nooit nagekeken" if how.days is None else f"{how.days} dagen geleden nagekeken"]
    if use:
        parts.append(f"dit kwartaal {use} keer genoemd")
    if how.still_there:
        parts.append("een groep die kan stoppen: is die er nog?")
    return "; ".join(parts)


def _fits(tasks: Sequence[Task], budget: float) -> int:
    spent = 0.0
    for number, task in enumerate(tasks):
        spent += task.minutes
        if spent > budget:
            return number
    return len(tasks)
