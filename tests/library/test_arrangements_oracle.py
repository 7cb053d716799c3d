"""The composer finds what looking at every set of candidates finds (R11)."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schakel.arrangements import Candidate, Need, Weights, Why, Wish, Wishes, assess, compose, explain
from tests.library import arrangement_oracle as oracle
from tests.library.arrangement_cases import questions

Question = tuple[list[Candidate], list[Need], Wishes, Weights]


@settings(max_examples=500, deadline=None)
@given(asked=questions())
def test_the_best_and_its_alternatives_are_those_of_looking_at_every_set(asked: Question) -> None:
    offered, needed, wished, weighed = asked
    found = compose(needed, offered, wishes=wished, weights=weighed)
    answers = [one for one in (found.best, *found.alternatives) if one is not None]
    earlier: list[tuple[str, ...]] = []
    for answer in answers:
        expected = oracle.best(*asked, earlier=earlier)
        assert expected is not None
        assert answer.ids == ids(expected)
        assert Fraction(str(answer.score)) == oracle.score(expected, needed, wished, weighed)
        assert assess(expected, needed, wished, weighed).possible
        earlier.append(answer.ids)
    if len(answers) < 3:
        assert oracle.best(*asked, earlier=earlier) is None


@settings(max_examples=150, deadline=None)
@given(asked=questions(4))
def test_demands_that_cannot_go_together_are_the_fewest_that_cannot(asked: Question) -> None:
    offered, needed, wished, weighed = asked
    needed = [replace(need, must=True) for need in needed]
    found = compose(needed, offered, wishes=wished, weights=weighed)
    assert (found.best is None) == bool(found.clash)
    if found.best is None:
        assert found.clash == oracle.smallest_clash(offered, needed, wished)


@settings(max_examples=100, deadline=None)
@given(asked=questions(5), exact=st.sampled_from((0, 10)))
def test_every_candidate_that_is_not_chosen_has_a_reason_that_holds(asked: Question, exact: int) -> None:
    offered, needed, wished, weighed = asked
    found = explain(compose(needed, offered, wishes=wished, weights=weighed), offered, exact=exact)
    assume(found.best is not None)
    assert found.best is not None
    assert {one.id for one in found.rejected} == {one.id for one in offered} - set(found.best.ids)
    sets = list(oracle.sets(offered, needed, wished))
    for one in found.rejected:
        with_it = [oracle.score(some, needed, wished, weighed) for some in sets if one.id in ids(some)]
        loss = Fraction(str(found.best.score)) - max(with_it, default=Fraction(-(10**9)))
        if one.why is Why.LOSS:
            said = Fraction(str(one.loss))
            assert said == loss if one.exact else said <= loss
        elif one.why is Why.DOMINATED:
            assert one.better
        else:
            assert not with_it


@settings(max_examples=60, deadline=None)
@given(asked=questions(5, free=True))
def test_the_smallest_change_changes_the_answer_and_a_smaller_one_does_not(asked: Question) -> None:
    offered, needed, wished, weighed = asked
    found = explain(compose(needed, offered, wishes=wished, weights=weighed), offered, exact=0)
    assume(found.best is not None)
    assert found.best is not None
    before = found.best.ids

    def at(name: str, value: float) -> tuple[str, ...]:
        if name in LIMITS:
            return ids(oracle.best(offered, needed, replace(wished, **{name: value}), weighed) or ())  # type: ignore[arg-type]
        return ids(oracle.best(offered, needed, wished, replace(weighed, **{name: value})) or ())

    unmoved = {(one.name, end) for one in fields(Weights) for end in (0.0, 100.0)}
    for change in found.changes:
        name = change.what if isinstance(change.what, str) else LIMIT_OF.get(change.what.wish)
        if name is None or change.at is None or change.before is None:
            continue
        step = {"max_km": 0.01, "budget": 0.01, "max_parts": 1}.get(name, 0.1) * (
            1 if change.at > change.before else -1
        )
        assert at(name, change.at) == tuple(sorted({*before, *change.added} - set(change.dropped)))
        assert at(name, change.at) != before
        assert at(name, round(change.at - step, 2)) == before
        unmoved.discard((name, 0.0 if change.at < change.before else 100.0))
    for name, end in unmoved:
        assert at(name, end) == before


LIMIT_OF = {Wish.DISTANCE: "max_km", Wish.PARTS: "max_parts", Wish.BUDGET: "budget"}
LIMITS = set(LIMIT_OF.values())


@settings(max_examples=50, deadline=None)
@given(asked=questions(5))
def test_a_need_that_is_not_covered_says_what_covering_it_would_cost(asked: Question) -> None:
    offered, needed, wished, weighed = asked
    found = explain(compose(needed, offered, wishes=wished, weights=weighed), offered, exact=0)
    assume(found.best is not None)
    assert found.best is not None
    shares = {one.theme: one.share for one in found.best.assessment.coverage}
    assert {one.theme for one in found.uncovered} == {theme for theme, share in shares.items() if share < 1}
    for one in found.uncovered:
        demanded = [
            replace(need, must=True, enough=1.0) if need.theme == one.theme else need for need in needed
        ]
        other = oracle.best(offered, demanded, wished, weighed)
        assert (one.loss is None) == (other is None)
        if other is not None:
            score = oracle.score(other, needed, wished, weighed)
            assert Fraction(str(one.loss)) == Fraction(str(found.best.score)) - score


def ids(some: tuple[Candidate, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in some)
