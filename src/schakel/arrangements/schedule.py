"""Whether components can all be attended in one week, and when.

A fixed component takes all its times. Of a walk-in the resident takes one time, so what has to exist is a choice of
times in which nothing overlaps. Recurrences longer than a week count as weekly: two that would meet now and then are
called overlapping rather than hoped to be apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from schakel.arrangements.records import Slot

#: Ways to attend; each is a set of times. No ways: nothing is known of its times, so nothing clashes.
Ways = tuple[tuple[Slot, ...], ...]


def apart(one: Sequence[Slot], other: Sequence[Slot]) -> bool:
    """Whether nothing in one overlaps anything in the other."""
    return not any(a.overlaps(b) for a in one for b in other)


def attend(ways: Mapping[str, Ways]) -> dict[str, tuple[Slot, ...]] | None:
    """When to attend what, or None when not all can be: the earliest choice, candidates in alphabetical order."""
    order = sorted((name for name in ways if ways[name]), key=lambda name: (len(ways[name]) > 1, name))
    chosen: dict[str, tuple[Slot, ...]] = {}

    def extend(position: int) -> bool:
        if position == len(order):
            return True
        name = order[position]
        for way in ways[name]:
            if all(apart(way, taken) for taken in chosen.values()):
                chosen[name] = way
                if extend(position + 1):
                    return True
                del chosen[name]
        return False

    return chosen if extend(0) else None


def overlaps(ways: Mapping[str, Ways]) -> tuple[tuple[str, ...], ...]:
    """Every pair that cannot both be attended; without such a pair, one smallest-by-deletion set that cannot."""
    names = sorted(name for name in ways if ways[name])
    pairs = tuple(
        pair
        for pair in combinations(names, 2)
        if not any(apart(one, other) for one in ways[pair[0]] for other in ways[pair[1]])
    )
    if pairs or attend(ways) is not None:
        return pairs
    left = names
    for name in names:
        fewer = [one for one in left if one != name]
        if attend({one: ways[one] for one in fewer}) is None:
            left = fewer
    return (tuple(left),)


def openings(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The same times, those that touch or overlap joined: when one can walk in."""
    joined: list[Slot] = []
    for slot in sorted(slots):
        if joined and slot.start <= joined[-1].end:
            joined[-1] = Slot(joined[-1].start, max(joined[-1].end, slot.end))
        else:
            joined.append(slot)
    return tuple(joined)


def within(slot: Slot, available: Sequence[Slot]) -> bool:
    """Whether a time lies wholly in the times at which the resident can; touching times join."""
    reached = slot.start
    for free in sorted(available):
        if free.start <= reached < free.end:
            reached = free.end
    return reached >= slot.end
