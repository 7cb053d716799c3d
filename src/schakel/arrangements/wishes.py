"""The demands of a question, and how a candidate stands to each: met, broken, or not known.

What is not known keeps nothing out: it costs the weight `unknown`, and is named as something to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from schakel.arrangements.records import Candidate, Demand, Kind, Question, Wish, Wishes, hundredths
from schakel.arrangements.schedule import Ways, within

#: Wish → the field that holds it, and the value that is no wish.
FIELDS: dict[Wish, tuple[str, object]] = {
    Wish.TIMES: ("available", None),
    Wish.DISTANCE: ("max_km", None),
    Wish.BUDGET: ("budget", None),
    Wish.LANGUAGE: ("languages", ()),
    Wish.WHEELCHAIR: ("wheelchair", False),
    Wish.EASY_READ: ("easy_read", False),
    Wish.GROUPS: ("groups", None),
    Wish.REFERRAL: ("no_referral", False),
    Wish.DECISION: ("no_decision", False),
    Wish.WAITING: ("no_waiting", False),
    Wish.PARTS: ("max_parts", None),
    Wish.FACES: ("max_faces", None),
}


def order(demand: Demand) -> tuple[int, str]:
    """The fixed order of demands: by kind as they are declared, then alphabetical."""
    return list(Wish).index(demand.wish), demand.of


def demands(question: Question) -> tuple[Demand, ...]:
    """Every need that must be covered and every wish that is set, in their fixed order."""
    wishes = question.wishes
    found = {Demand(Wish.COVER, need.theme) for need in question.needs if need.must}
    found |= {Demand(Wish.KEEP, name) for name in wishes.keep}
    found |= {Demand(Wish.WITHOUT, name) for name in wishes.without}
    found |= {Demand(kind) for kind, (name, nothing) in FIELDS.items() if getattr(wishes, name) != nothing}
    return tuple(sorted(found, key=order))


def without(question: Question, dropped: Iterable[Demand]) -> Question:
    """The same question without some demands."""
    gone = set(dropped)
    wishes, needs = question.wishes, question.needs
    covers = {one.of for one in gone if one.wish is Wish.COVER}
    if covers:
        needs = tuple(replace(need, must=need.must and need.theme not in covers) for need in needs)
    nothing: dict[str, Any] = {name: value for kind, (name, value) in FIELDS.items() if Demand(kind) in gone}
    left = replace(
        wishes,
        keep=tuple(one for one in wishes.keep if Demand(Wish.KEEP, one) not in gone),
        without=tuple(one for one in wishes.without if Demand(Wish.WITHOUT, one) not in gone),
        **nothing,
    )
    return replace(question, needs=needs, wishes=left)


def against(candidate: Candidate, wishes: Wishes) -> tuple[list[Demand], list[Demand], Ways]:
    """The wishes that a candidate breaks, those of which it is not known, and the ways left to attend it."""
    met: dict[Wish, bool | None] = {
        Wish.DISTANCE: _at_most(candidate.km, wishes.max_km),
        Wish.BUDGET: _at_most(candidate.euros, wishes.budget),
        Wish.LANGUAGE: _speaks(candidate.languages, wishes.languages),
        Wish.WHEELCHAIR: candidate.wheelchair if wishes.wheelchair else True,
        Wish.EASY_READ: candidate.easy_read if wishes.easy_read else True,
        Wish.GROUPS: _grouped(candidate, wishes.groups),
        Wish.REFERRAL: not (wishes.no_referral and candidate.referral),
        Wish.DECISION: not (wishes.no_decision and candidate.decision),
        Wish.WAITING: True
        if not wishes.no_waiting
        else None
        if candidate.free is None
        else candidate.free > 0,
    }
    ways, met[Wish.TIMES] = _ways(candidate, wishes)
    own = candidate.kind in (Kind.NETWORK, Kind.OWN)
    if own:  # own people and own effort need no place, no language and no group
        known = (Wish.BUDGET, Wish.TIMES)
        met = {wish: True if answer is None and wish not in known else answer for wish, answer in met.items()}
    broken = [Demand(wish) for wish, answer in met.items() if answer is False]
    if candidate.id in wishes.without:
        broken.append(Demand(Wish.WITHOUT, candidate.id))
    return broken, [Demand(wish) for wish, answer in met.items() if answer is None], ways


def _at_most(value: float | None, limit: float | None) -> bool | None:
    if limit is None:
        return True
    return None if value is None else hundredths(value) <= hundredths(limit)


def _speaks(languages: Sequence[str], wanted: Sequence[str]) -> bool | None:
    if not wanted:
        return True
    return bool(set(languages) & set(wanted)) if languages else None


def _grouped(candidate: Candidate, wish: bool | None) -> bool | None:
    """Whether it can be followed alone (False wished) or with others (True wished)."""
    if wish is None:
        return True
    if candidate.group is None:
        return None
    fewest, most = candidate.group
    return most > 1 if wish else fewest <= 1


def _ways(candidate: Candidate, wishes: Wishes) -> tuple[Ways, bool | None]:
    """How it can be attended, and whether that fits the times of the resident."""
    times = tuple(sorted(set(candidate.times)))
    if not times:
        return (), True if wishes.available is None else None
    every: Ways = tuple((slot,) for slot in times) if candidate.pick else (times,)
    if wishes.available is None:
        return every, True
    available = wishes.available
    fitting = tuple(way for way in every if all(within(slot, available) for slot in way))
    return (fitting, True) if fitting else (every, False)
