"""Fewer candidates for the solver, exactly: what is left out is in no best combination, and its loss changes no tie.

*Dominance.* One candidate dominates another when it covers at least as much of every need, costs no more of anything,
can be attended whenever the other can, and brings no other face; between equals the first in the alphabet dominates. A
candidate is left out when the candidates that dominate it already cover, added up, everything that it covers: in any
combination with it, either one of them is not in it and can take its place, or all are, and it adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from schakel.arrangements.problem import Item
from schakel.arrangements.records import FULL


def dominates(one: Item, other: Item, alone: Collection[str | None] = ()) -> bool:
    """Whether ``one`` can take the place of ``other``; ``alone`` are the faces that only one candidate brings."""
    if (one.penalty, one.id) >= (other.penalty, other.id) or one.cents > other.cents:
        return False
    if any(a < b for a, b in zip(one.cover, other.cover, strict=True)):
        return False
    return _replaces(one, other, alone)


def _replaces(one: Item, other: Item, alone: Collection[str | None]) -> bool:
    """Whether ``one`` brings no other face than ``other`` and can be attended whenever that can."""
    same_face = one.face is None or one.face == other.face or other.face in alone
    return same_face and _attendable(one, other)


def _attendable(one: Item, other: Item) -> bool:
    """Whether ``one`` fits in every week in which ``other`` fits: each way of the other holds a way of the one."""
    if not one.ways:
        return True
    if not other.ways:
        return False
    return all(any(set(way) <= set(wide) for way in one.ways) for wide in other.ways)


def preselect(items: Sequence[Item], *, stay: Iterable[str] = ()) -> list[Item]:
    """The candidates that can be in a best combination; those in ``stay`` are neither left out nor take a place.

    ``stay`` holds what a side condition names (earlier answers, what must be kept): to exchange those would change
    whether the condition is met.
    """
    named = set(stay)
    useful = sorted((one for one in items if any(one.cover) or one.id in named), key=lambda one: one.id)
    alone = single_faces(useful)
    free = [one for one in useful if one.id not in named]
    candidates = dominators(free)
    out = {one.id for one, rivals in zip(free, candidates, strict=True) if _superfluous(one, rivals, alone)}
    return [one for one in useful if one.id not in out]


def single_faces(items: Iterable[Item]) -> set[str]:
    """The faces that only one of the items brings."""
    return {
        face for face, times in Counter(one.face for one in items).items() if times == 1 and face is not None
    }


def dominators(items: Sequence[Item]) -> list[list[Item]]:
    """Per item, those that cover as much for as little and may dominate it; faces and times are still to be seen."""
    if not items:
        return []
    cover = np.array([one.cover for one in items], dtype=np.int64).reshape(len(items), -1)
    cents = np.array([one.cents for one in items])
    rank = np.empty(len(items), dtype=np.int64)
    rank[sorted(range(len(items)), key=lambda i: (items[i].penalty, items[i].id))] = np.arange(len(items))
    found = []
    for i in range(len(items)):
        better = np.flatnonzero((rank < rank[i]) & (cents <= cents[i]))
        better = better[(cover[better] >= cover[i]).all(axis=1)]
        found.append([items[j] for j in better.tolist()])
    return found


def _superfluous(other: Item, rivals: Sequence[Item], alone: Collection[str | None]) -> bool:
    covered = [needed for needed, cover in enumerate(other.cover) if cover]
    if any(sum(one.cover[i] for one in rivals) < FULL for i in covered):
        return False
    lacking = dict.fromkeys(covered, FULL)
    for one in rivals:
        if _replaces(one, other, alone):
            lacking = {i: short - one.cover[i] for i, short in lacking.items()}
            if all(short <= 0 for short in lacking.values()):
                return True
    return False
