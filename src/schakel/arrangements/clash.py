"""The smallest set of demands that cannot go together, proven.

Every set of demands whose removal makes an answer possible shares a demand with every clash; so a smallest clash is a
smallest set that hits them all. Method: A. Ignatiev, A. Previti, M. Liffiton and J. Marques-Silva, "Smallest MUS
extraction with minimal hitting set dualization", CP 2015, doi:10.1007/978-3-319-23219-5_13. Of clashes of
the same size the first in the order of demands is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from schakel.arrangements.problem import items
from schakel.arrangements.program import Program
from schakel.arrangements.records import Candidate, Demand, Question
from schakel.arrangements.wishes import demands, without


def smallest_clash(candidates: Sequence[Candidate], question: Question) -> tuple[Demand, ...]:
    """The fewest demands that cannot go together; () when all can."""
    every = demands(question)
    known: dict[frozenset[Demand], bool] = {}

    def possible(kept: frozenset[Demand]) -> bool:
        if kept not in known:
            known[kept] = answerable(candidates, without(question, set(every) - kept))
        return known[kept]

    if possible(frozenset(every)):
        return ()
    removals: list[frozenset[Demand]] = []
    while True:
        hitting = _smallest_hitting(every, removals)
        if not possible(hitting):
            return tuple(one for one in every if one in hitting)
        removals.append(frozenset(every) - _grown(every, hitting, possible))


def answerable(candidates: Sequence[Candidate], question: Question) -> bool:
    """Whether some set of candidates meets every demand."""
    kept = set(question.wishes.keep)
    pool = [
        one for one in items(candidates, question) if one.admissible and (any(one.cover) or one.id in kept)
    ]
    if not kept <= {one.id for one in pool}:
        return False
    program = Program(pool, question)
    program.require(keep=kept)
    return program.solve() is not None


def _smallest_hitting(every: Sequence[Demand], removals: Sequence[frozenset[Demand]]) -> frozenset[Demand]:
    for size in range(len(every) + 1):
        for some in combinations(every, size):
            chosen = frozenset(some)
            if all(chosen & one for one in removals):
                return chosen
    raise AssertionError("every removal holds a demand")


def _grown(
    every: Sequence[Demand], kept: frozenset[Demand], possible: Callable[[frozenset[Demand]], bool]
) -> frozenset[Demand]:
    """As many more demands as still go together, in their order."""
    for one in every:
        if one not in kept and possible(kept | {one}):
            kept |= {one}
    return kept
