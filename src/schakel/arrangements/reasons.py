"""Why not: for every candidate that is not in the best combination, and for every need that is not fully covered.

Nothing is guessed. A demand that is broken, a candidate that does as much for less, or the loss: how many points the
best combination *with* the candidate is behind. That loss is solved for the nearest candidates; for the others the
linear bound proves that it is at least so much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import floor

from schakel.arrangements.compose import pool
from schakel.arrangements.optimum import Chosen, optimum
from schakel.arrangements.preselect import dominates, dominators, preselect, single_faces
from schakel.arrangements.problem import UNIT, Item, score
from schakel.arrangements.program import SLACK, Program
from schakel.arrangements.records import FULL, Demand, Question
from schakel.arrangements.results import Rejection, Uncovered, Why
from schakel.arrangements.schedule import overlaps
from schakel.arrangements.wishes import order


def rejections(
    every: Sequence[Item], question: Question, best: Chosen | None, *, exact: int
) -> tuple[Rejection, ...]:
    """Why each candidate is not in the best combination, in alphabetical order; ``exact`` losses are solved."""
    inside = set(best or ())
    usable = pool(every, question)
    found = {one.id: _plain(one, usable) for one in every if one not in inside}
    left = [one for one in usable if one not in inside]
    if best is None:
        found |= {one.id: Rejection(one.id, Why.WITHOUT_BEST) for one in left}
    else:
        found |= _weighed(left, usable, question, best, exact=exact)
    return tuple(one for _, one in sorted(found.items()) if one is not None)


def _plain(one: Item, usable: Sequence[Item]) -> Rejection | None:
    """The reasons that lie in the candidate itself."""
    if one.not_for:
        return Rejection(one.id, Why.NOT_FOR, demands=one.broken, not_for=one.not_for)
    if one.broken:
        return Rejection(one.id, Why.BREAKS, demands=one.broken)
    return None if one in usable else Rejection(one.id, Why.NO_NEED)


def _weighed(
    left: Sequence[Item], usable: Sequence[Item], question: Question, best: Chosen, *, exact: int
) -> dict[str, Rejection]:
    kept = set(question.wishes.keep)
    needed = preselect(usable, stay=kept)
    alone, rivals = (
        single_faces(usable),
        dict(zip((one.id for one in usable), dominators(usable), strict=True)),
    )
    found = {}
    for one in left:
        if one not in needed:
            better = tuple(other.id for other in rivals[one.id] if dominates(other, one, alone))
            found[one.id] = Rejection(one.id, Why.DOMINATED, better=better, overlaps=_beside(one, best))
    return found | _losses([one for one in left if one in needed], needed, question, best, exact=exact)


def _losses(
    left: Sequence[Item], needed: Sequence[Item], question: Question, best: Chosen, *, exact: int
) -> dict[str, Rejection]:
    """The loss of each candidate: proven to be at least so much for all, solved for the nearest."""
    program, kept, value = Program(needed, question), set(question.wishes.keep), score(best, question)
    least: dict[str, int | None] = {}
    for one in left:
        program.require(keep=kept | {one.id})
        relaxed = program.bound()
        least[one.id] = None if relaxed is None else max(0, value - floor((relaxed[0] + SLACK) * UNIT))
    near = sorted((bound, name) for name, bound in least.items() if bound is not None)[:exact]
    start = [one.id for one in best]
    solved = {
        name: optimum(program, question, keep=kept | {name}, start=start, ties=False) for _, name in near
    }
    found = {}
    for one in left:
        bound, loss = least[one.id], least[one.id]
        if (with_it := solved.get(one.id)) is not None:
            loss = value - score(with_it, question)
        if bound is None or (one.id in solved and with_it is None):
            found[one.id] = Rejection(one.id, Why.IMPOSSIBLE, overlaps=_beside(one, best))
            continue
        points = None if loss is None else loss / UNIT
        found[one.id] = Rejection(
            one.id, Why.LOSS, overlaps=_beside(one, best), loss=points, exact=one.id in solved
        )
    return found


def _beside(one: Item, best: Chosen) -> tuple[str, ...]:
    """The components of the best combination that cannot be attended beside a candidate."""
    return tuple(other.id for other in best if overlaps({one.id: one.ways, other.id: other.ways}))


def uncovered(every: Sequence[Item], question: Question, best: Chosen) -> tuple[Uncovered, ...]:
    """The needs that the best combination does not fully cover, and why not."""
    found = []
    for index, need in enumerate(question.needs):
        share = min(FULL, sum(one.cover[index] for one in best))
        if share >= FULL:
            continue
        offered = [one for one in every if one.cover[index]]
        blocked: Counter[Demand] = Counter(demand for one in offered for demand in one.broken)
        demanded = replace(
            question,
            needs=tuple(
                replace(one, must=True, enough=1.0) if one is need else one for one in question.needs
            ),
        )
        program = Program(preselect(pool(every, question), stay=question.wishes.keep), demanded)
        other = optimum(
            program, demanded, keep=question.wishes.keep, start=[one.id for one in best], ties=False
        )
        loss = None if other is None else (score(best, question) - score(other, question)) / UNIT
        counts = tuple(sorted(blocked.items(), key=lambda pair: order(pair[0])))
        found.append(Uncovered(need.theme, share / FULL, len(offered), counts, loss))
    return tuple(found)
