"""The best combination and really different alternatives, or the smallest set of demands that cannot go together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schakel.arrangements.assess import assess_items, points
from schakel.arrangements.clash import smallest_clash
from schakel.arrangements.optimum import Chosen, optimum
from schakel.arrangements.preselect import preselect
from schakel.arrangements.problem import UNIT, Item, items, score
from schakel.arrangements.program import Program
from schakel.arrangements.records import FULL, Candidate, Need, Question, Weights, Wishes
from schakel.arrangements.results import Combination, Component, Composition
from schakel.records import SchakelError

ALTERNATIVES = 2
#: The largest share of an earlier answer that an alternative may have in common with it.
SHARED = 1 / 3


def compose(
    needs: Iterable[Need],
    candidates: Iterable[Candidate],
    *,
    wishes: Wishes | None = None,
    weights: Weights | None = None,
    alternatives: int = ALTERNATIVES,
    shared: float = SHARED,
) -> Composition:
    """The best combination of candidates, and alternatives, each really different from those before it.

    An alternative has at most the share ``shared`` of the components of every earlier answer (what must be kept
    apart) and at least one that is new. SchakelError when the input makes no sense.
    """
    question = Question(tuple(needs), wishes or Wishes(), weights or Weights())
    every = items(candidates, question)
    _check_named(every, question)
    answers = answer(every, question, alternatives=alternatives, shared=shared)
    if not answers:
        return Composition(question, None, clash=smallest_clash([one.candidate for one in every], question))
    best = score(answers[0], question)
    found = [combination(one, question, best=best) for one in answers]
    return Composition(question, found[0], tuple(found[1:]))


def pool(every: Sequence[Item], question: Question) -> list[Item]:
    """The items that can be in an answer: they break nothing and cover something, or are to be kept."""
    kept = question.wishes.keep
    return [one for one in every if one.admissible and (any(one.cover) or one.id in kept)]


def answer(
    every: Sequence[Item],
    question: Question,
    *,
    alternatives: int = 0,
    shared: float = SHARED,
    start: Iterable[str] = (),
) -> list[Chosen]:
    """The best set and the alternatives; empty when no set meets the demands. ``start`` is where to begin looking."""
    usable, kept = pool(every, question), set(question.wishes.keep)
    if not kept <= {one.id for one in usable}:
        return []
    answers: list[Chosen] = []
    while len(answers) <= alternatives:
        earlier = [[one.id for one in found if one.id not in kept] for found in answers]
        stay = kept.union(*earlier)
        program = Program(preselect(usable, stay=stay), question)
        program.require(keep=kept)
        for names in earlier:
            program.differ(names, share=shared)
        found = optimum(program, question, keep=kept, start=() if answers else start)
        if found is None:
            break
        answers.append(found)
    return answers


def combination(chosen: Chosen, question: Question, *, best: int) -> Combination:
    """A chosen set with why each component is in it."""
    assessment = assess_items(chosen, question)
    components = tuple(
        Component(
            candidate=one.candidate,
            covers=tuple(
                (need.theme, share / FULL)
                for need, share in zip(question.needs, one.cover, strict=True)
                if share
            ),
            times=tuple(visit.slot for visit in assessment.week if visit.id == one.id),
            points=points(one, question),
            alone=tuple(
                each.theme for each in assessment.coverage if {name for name, _ in each.by} == {one.id}
            ),
        )
        for one in chosen
    )
    own = score(chosen, question)
    return Combination(components, assessment, own / UNIT, (best - own) / UNIT)


def _check_named(every: Sequence[Item], question: Question) -> None:
    known = {one.id for one in every}
    for name in (*question.wishes.keep, *question.wishes.without):
        if name not in known:
            raise SchakelError(
                f"'{name}' is to be kept or left out but is no candidate; expected a known one."
            )
