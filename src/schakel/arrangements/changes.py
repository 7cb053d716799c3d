"""What would change the answer: the smallest change of each weight, and each demand that is dropped or widened.

*Weights.* As a function of one weight the score of every set is a straight line, so the weights at which a set is the
answer are an interval. Its end is found from the lines of other sets: where one crosses, the answer is sought again,
until the answer just before the crossing is the old one. *Demands.* Widening only adds sets; from the answer without
the limit, the limit comes down to what that answer needs, and so on, until the old answer is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from schakel.arrangements.compose import answer, pool
from schakel.arrangements.optimum import Chosen
from schakel.arrangements.problem import MOST, TERMS, UNIT, Item, items, reweighted, score, tenths
from schakel.arrangements.records import FULL, Demand, Question, Wish, hundredths
from schakel.arrangements.results import Change
from schakel.arrangements.wishes import FIELDS, demands, without

#: Wider than any limit.
WIDE = 10**6


def changes(every: Sequence[Item], question: Question, best: Chosen) -> tuple[Change, ...]:
    """Every single change of a demand or a weight that gives another best combination: demands first."""
    found = [_demand(every, question, best, demand) for demand in demands(question)]
    usable = pool(every, question)  # weights keep nobody out
    found += [
        change for one in fields(question.weights) for change in _weight(usable, question, best, one.name)
    ]
    return tuple(one for one in found if one is not None)


def _demand(every: Sequence[Item], question: Question, best: Chosen, demand: Demand) -> Change | None:
    """Dropping a demand also forgives what is not known about it: a wider limit may change what dropping does not."""
    relaxed = without(question, [demand])
    other = _asked(every, relaxed, best)
    before = at = None
    if demand.wish in _NEEDED:
        before = float(getattr(question.wishes, FIELDS[demand.wish][0]))
        widened = _widened(every, question, best, demand.wish)
        if widened is not None:
            at, other, relaxed = widened
    if _ids(other) == _ids(best):
        return None
    old = score(items((one.candidate for one in best), relaxed), relaxed)
    return _change(demand, other, best, before=before, at=at, gain=score(other, relaxed) - old)


def _asked(every: Sequence[Item], question: Question, best: Chosen) -> Chosen:
    """The answer to a question with other demands."""
    return _first(items((one.candidate for one in every), question), question, best)


def _change(
    what: str | Demand, other: Chosen, best: Chosen, *, before: float | None, at: float | None, gain: int = 0
) -> Change:
    new, old = set(_ids(other)), set(_ids(best))
    return Change(what, before, at, tuple(sorted(new - old)), tuple(sorted(old - new)), gain / UNIT)


#: What a set needs of each limit that is a number, and the step by which that number goes.
_NEEDED: dict[Wish, tuple[Callable[[Chosen], float], float]] = {
    Wish.DISTANCE: (
        lambda some: max((hundredths(one.candidate.km or 0.0) for one in some), default=0) / FULL,
        0.01,
    ),
    Wish.BUDGET: (lambda some: sum(one.cents for one in some) / FULL, 0.01),
    Wish.PARTS: (len, 1),
    Wish.FACES: (lambda some: len({one.face for one in some if one.face is not None}), 1),
}


def _widened(
    every: Sequence[Item], question: Question, best: Chosen, wish: Wish
) -> tuple[float, Chosen, Question] | None:
    """The smallest wider limit with another answer, that answer, and the question with it; None when none is."""
    needed, step = _NEEDED[wish]
    at: float = WIDE  # wider than any limit
    found: tuple[float, Chosen, Question] | None = None
    while True:
        limit: dict[str, Any] = {FIELDS[wish][0]: at}
        wider = replace(question, wishes=replace(question.wishes, **limit))
        other = _asked(every, wider, best)
        if _ids(other) == _ids(best):
            return found
        least = round(needed(other), 2)
        found = least, other, wider
        at = round(least - step, 2)


def _weight(every: Sequence[Item], question: Question, best: Chosen, name: str) -> Iterator[Change]:
    """The nearest value of a weight below and above at which the answer differs."""
    now = tenths(getattr(question.weights, name))
    for end in (0, tenths(MOST)):
        found = _nearest(every, question, best, name, now=now, end=end) if end != now else None
        if found is not None:
            at, other = found
            yield _change(name, other, best, before=now / 10, at=at / 10)


def _nearest(
    every: Sequence[Item], question: Question, best: Chosen, name: str, *, now: int, end: int
) -> tuple[int, Chosen] | None:
    """The weight in tenths nearest to ``now``, on the side of ``end``, with another answer; and that answer."""
    step = 1 if end > now else -1
    original = {one.id: one for one in every}

    def at(weight: int) -> Chosen:
        weighed = _weighed(question, name, weight)
        found = _first(reweighted(every, weighed.weights), weighed, best)
        return tuple(original[one.id] for one in found)

    weight, other = end, at(end)
    if _ids(other) == _ids(best):
        return None
    while True:
        behind = score(best, question) - score(other, question)
        gaining = step * (_amount(best, name) - _amount(other, name))
        first = now + step * (behind // gaining + 1) if gaining > 0 else weight
        probe = first if step * first < step * weight else weight - step
        if probe == now:
            return weight, other
        found = at(probe)
        if _ids(found) == _ids(best):
            return weight, other
        weight, other = probe, found


def _amount(some: Chosen, name: str) -> int:
    """What the weight is multiplied with in the score of a set, in hundredths."""
    if name == "faces":
        return FULL * len({one.face for one in some if one.face is not None})
    return sum(one.amounts[TERMS.index(name)] for one in some)


def _weighed(question: Question, name: str, weight: int) -> Question:
    return replace(question, weights=replace(question.weights, **{name: weight / 10}))


def _first(every: Sequence[Item], question: Question, best: Chosen) -> Chosen:
    """The best set of items that belong to the question; there is one, as nothing became stricter."""
    return answer(every, question, start=[one.id for one in best])[0]


def _ids(some: Chosen) -> tuple[str, ...]:
    return tuple(one.id for one in some)
