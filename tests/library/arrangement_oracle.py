"""The composer again, slow and obvious: every set of candidates is looked at, in exact fractions.

Nothing here is shared with the composer but the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

from schakel.arrangements import Candidate, Demand, Kind, Need, Weights, Wish, Wishes

Set = tuple[Candidate, ...]


def exact(value: float, parts: int) -> Fraction:
    """A float as the decimal fraction that a person wrote: hundredths, tenths."""
    return Fraction(round(value * parts), parts)


def own(one: Candidate) -> bool:
    return one.kind in (Kind.NETWORK, Kind.OWN)


def states(  # noqa: C901, PLR0912 - one plain line per wish is what makes it obvious
    one: Candidate, wishes: Wishes
) -> dict[Wish, bool | None]:
    """Per wish that is set, whether the candidate meets it; None: not known."""
    found: dict[Wish, bool | None] = {}
    if wishes.available is not None:
        hours = {minute for slot in wishes.available for minute in range(slot.start, slot.end)}
        fits = [set(range(slot.start, slot.end)) <= hours for slot in one.times]
        found[Wish.TIMES] = None if not one.times else any(fits) if one.pick else all(fits)
    if wishes.max_km is not None:
        found[Wish.DISTANCE] = None if one.km is None else one.km <= wishes.max_km
    if wishes.budget is not None:
        found[Wish.BUDGET] = None if one.euros is None else one.euros <= wishes.budget
    if wishes.languages:
        found[Wish.LANGUAGE] = (
            any(tongue in wishes.languages for tongue in one.languages) if one.languages else None
        )
    if wishes.wheelchair:
        found[Wish.WHEELCHAIR] = one.wheelchair
    if wishes.easy_read:
        found[Wish.EASY_READ] = one.easy_read
    if wishes.groups is not None:
        found[Wish.GROUPS] = one.group and (one.group[1] > 1 if wishes.groups else one.group[0] <= 1)
    if wishes.no_referral:
        found[Wish.REFERRAL] = not one.referral
    if wishes.no_decision:
        found[Wish.DECISION] = not one.decision
    if wishes.no_waiting:
        found[Wish.WAITING] = None if one.free is None else one.free > 0
    if own(one):
        for wish, state in found.items():
            if state is None and wish not in (Wish.TIMES, Wish.BUDGET):
                found[wish] = True
    return found


def unknown(one: Candidate, wishes: Wishes) -> int:
    return sum(state is None for state in states(one, wishes).values())


def score(chosen: Set, needs: Sequence[Need], wishes: Wishes, weights: Weights) -> Fraction:
    """Points: what is covered, less what it costs."""
    points = Fraction(0)
    for need in needs:
        degree = sum((exact(dict(one.covers).get(need.theme, 0.0), 100) for one in chosen), Fraction(0))
        points += 100 * exact(need.weight, 100) * min(Fraction(1), degree)
    faces = {one.organisation or ("alone", one.id) for one in chosen if not own(one)}
    points -= exact(weights.faces, 10) * len(faces)
    for one in chosen:
        hours, cost = one.hours or (0.0, 0.0), one.cost or (0.0, 0.0)
        amounts = {
            "collective": 1 - exact(one.approach, 100),
            "informal": exact(one.formality, 100),
            "parts": Fraction(1),
            "near": exact(one.km or 0.0, 100),
            "affordable": exact(one.euros or 0.0, 100),
            "waiting": Fraction(one.free is not None and one.free <= 0),
            "hours": exact((hours[0] + hours[1]) / 2, 100),
            "payers": exact((cost[0] + cost[1]) / 2000, 100),
            "decision": Fraction(one.decision),
            "unknown": Fraction(unknown(one, wishes)),
        }
        points -= sum(exact(getattr(weights, name), 10) * amount for name, amount in amounts.items())
        points -= Fraction(1, 1000)
    return points


def attendable(chosen: Set, wishes: Wishes) -> bool:
    """Whether some choice of times has nothing at the same time; of several walk-in times only those that fit count."""
    options = []
    for one in chosen:
        if not one.times:
            continue
        ways = [[slot] for slot in one.times] if one.pick else [list(one.times)]
        if wishes.available is not None:
            hours = {minute for slot in wishes.available for minute in range(slot.start, slot.end)}
            ways = [way for way in ways if all(set(range(slot.start, slot.end)) <= hours for slot in way)]
        options.append(
            [{minute for slot in way for minute in range(slot.start, slot.end, 30)} for way in ways]
        )
    return any(not any(one & other for one, other in combinations(choice, 2)) for choice in product(*options))


def meets(chosen: Set, needs: Sequence[Need], wishes: Wishes) -> bool:
    """Whether a set meets every demand."""
    names = {one.id for one in chosen}
    faces = {one.organisation or ("alone", one.id) for one in chosen if not own(one)}
    return (
        not any(one.not_for for one in chosen)
        and not any(state is False for one in chosen for state in states(one, wishes).values())
        and set(wishes.keep) <= names
        and not names & set(wishes.without)
        and (wishes.max_parts is None or len(chosen) <= wishes.max_parts)
        and (wishes.max_faces is None or len(faces) <= wishes.max_faces)
        and (wishes.budget is None or sum(one.euros or 0.0 for one in chosen) <= wishes.budget + 1e-9)
        and all(
            not need.must
            or sum((exact(dict(one.covers).get(need.theme, 0.0), 100) for one in chosen), Fraction(0))
            >= exact(need.enough, 100)
            for need in needs
        )
        and attendable(chosen, wishes)
    )


def sets(candidates: Sequence[Candidate], needs: Sequence[Need], wishes: Wishes) -> Iterator[Set]:
    """Every set of candidates that meets every demand; a candidate that covers nothing only when it is to be kept."""
    themes = {need.theme for need in needs}
    useful = [
        one
        for one in sorted(candidates, key=lambda one: one.id)
        if one.id in wishes.keep or any(theme in themes and degree for theme, degree in one.covers)
    ]
    for size in range(len(useful) + 1):
        yield from (some for some in combinations(useful, size) if meets(some, needs, wishes))


def best(
    candidates: Sequence[Candidate],
    needs: Sequence[Need],
    wishes: Wishes,
    weights: Weights,
    *,
    earlier: Sequence[tuple[str, ...]] = (),
    shared: float = 1 / 3,
) -> Set | None:
    """The best set that differs enough from the earlier ones; the fixed order breaks ties."""
    order = sorted(one.id for one in candidates)
    found: tuple[tuple[Fraction, tuple[bool, ...]], Set] | None = None
    for some in sets(candidates, needs, wishes):
        names = {one.id for one in some} - set(wishes.keep)
        old = [set(before) - set(wishes.keep) for before in earlier]
        if any(
            len(names & before) > int(shared * len(before) + 1e-9) or not names - before for before in old
        ):
            continue
        key = (score(some, needs, wishes, weights), tuple(one in {each.id for each in some} for one in order))
        if found is None or key > found[0]:
            found = key, some
    return found[1] if found else None


def demands(needs: Sequence[Need], wishes: Wishes) -> list[Demand]:
    """Every demand in the order of the kinds."""
    set_ = [
        *(Demand(Wish.COVER, need.theme) for need in needs if need.must),
        *(Demand(Wish.KEEP, one) for one in set(wishes.keep)),
        *(Demand(Wish.WITHOUT, one) for one in set(wishes.without)),
    ]
    set_ += [
        Demand(wish) for wish, name in FIELDS.items() if getattr(wishes, name) != getattr(Wishes(), name)
    ]
    return sorted(set(set_), key=lambda one: (list(Wish).index(one.wish), one.of))


FIELDS = {
    Wish.TIMES: "available",
    Wish.DISTANCE: "max_km",
    Wish.BUDGET: "budget",
    Wish.LANGUAGE: "languages",
    Wish.WHEELCHAIR: "wheelchair",
    Wish.EASY_READ: "easy_read",
    Wish.GROUPS: "groups",
    Wish.REFERRAL: "no_referral",
    Wish.DECISION: "no_decision",
    Wish.WAITING: "no_waiting",
    Wish.PARTS: "max_parts",
    Wish.FACES: "max_faces",
}


def smallest_clash(
    candidates: Sequence[Candidate], needs: Sequence[Need], wishes: Wishes
) -> tuple[Demand, ...]:
    """The fewest demands that cannot go together, the first in order of those."""
    every = demands(needs, wishes)
    for size in range(len(every) + 1):
        for some in combinations(every, size):
            if not any(True for _ in sets(candidates, *only(needs, wishes, some))):
                return some
    return ()


def only(needs: Sequence[Need], wishes: Wishes, kept: Sequence[Demand]) -> tuple[list[Need], Wishes]:
    """The question with no other demands than these."""
    left = [replace(need, must=need.must and Demand(Wish.COVER, need.theme) in kept) for need in needs]
    values = {name: getattr(wishes, name) for wish, name in FIELDS.items() if Demand(wish) in kept}
    keep = tuple(one for one in wishes.keep if Demand(Wish.KEEP, one) in kept)
    without = tuple(one for one in wishes.without if Demand(Wish.WITHOUT, one) in kept)
    return left, Wishes(**values, keep=keep, without=without)
