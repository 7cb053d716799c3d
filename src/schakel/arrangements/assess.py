"""Any set of components against needs and wishes: coverage, week, clashes, broken wishes, totals, points.

Pure functions, so that a screen can show what changes when the resident and the professional change something by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schakel.arrangements.problem import TERMS, UNIT, Item, face, items, score, tenths
from schakel.arrangements.records import (
    FULL,
    Candidate,
    Demand,
    Need,
    Question,
    Weights,
    Wish,
    Wishes,
    hundredths,
)
from schakel.arrangements.results import Assessment, Broken, Coverage, Overlap, PayerCost, Totals, Visit
from schakel.arrangements.schedule import attend, overlaps
from schakel.arrangements.wishes import demands, order
from schakel.provisions import LegalType, Payer


def assess(
    components: Iterable[Candidate], needs: Iterable[Need], wishes: Wishes, weights: Weights | None = None
) -> Assessment:
    """What a set of components covers, when it is, what it breaks, and what it asks of everybody.

    Nothing is refused: clashes and broken wishes are in the result. SchakelError only for values that make no sense.
    """
    question = Question(tuple(needs), wishes, weights or Weights())
    return assess_items(items(components, question), question)


def assess_items(chosen: Sequence[Item], question: Question) -> Assessment:
    """The same, of items of the question."""
    clashes = tuple(Overlap(ids) for ids in overlaps({one.id: one.ways for one in chosen}))
    coverage = tuple(_coverage(chosen, i, need) for i, need in enumerate(question.needs))
    broken = {one: ids for one in demands(question) if (ids := breaking(one, chosen, question)) is not None}
    check: dict[Demand, list[str]] = {}
    for part in chosen:
        for demand in part.unknown:
            check.setdefault(demand, []).append(part.id)
    preceding = [one for one in chosen if one.candidate.legal_type is LegalType.PRECEDING]
    return Assessment(
        coverage=coverage,
        week=_week(chosen),
        overlaps=clashes,
        broken=tuple(Broken(one, ids) for one, ids in broken.items()),
        check=tuple(Broken(one, tuple(check[one])) for one in sorted(check, key=order)),
        not_for=tuple((one.id, reason) for one in chosen for reason in one.not_for),
        totals=totals([one.candidate for one in chosen]),
        score=score(chosen, question) / UNIT,
        pointers=tuple(one.id for one in chosen if one.candidate.decision),
        preceding=tuple((one.id, one.candidate.payers) for one in preceding),
    )


def _coverage(chosen: Sequence[Item], index: int, need: Need) -> Coverage:
    by = tuple((one.id, one.cover[index] / FULL) for one in chosen if one.cover[index])
    reached = min(FULL, sum(one.cover[index] for one in chosen))
    return Coverage(need.theme, reached / FULL, reached >= hundredths(need.enough), need.must, by)


def breaking(demand: Demand, chosen: Sequence[Item], question: Question) -> tuple[str, ...] | None:
    """Which candidates of the set break a demand, () when the set as a whole does, None when it is met."""
    wishes = question.wishes
    match demand.wish:
        case Wish.COVER:
            index = next(i for i, need in enumerate(question.needs) if need.theme == demand.of)
            reached = sum(one.cover[index] for one in chosen)
            met = reached >= hundredths(question.needs[index].enough)
        case Wish.KEEP:
            met = any(one.id == demand.of for one in chosen)
        case Wish.PARTS:
            met = wishes.max_parts is None or len(chosen) <= wishes.max_parts
        case Wish.FACES:
            met = wishes.max_faces is None or len(faces(chosen)) <= wishes.max_faces
        case _:
            alone = tuple(one.id for one in chosen if demand in one.broken)
            if alone:
                return alone
            over = demand.wish is Wish.BUDGET and wishes.budget is not None
            met = not (over and sum(one.cents for one in chosen) > hundredths(wishes.budget or 0.0))
    return None if met else ()


def faces(chosen: Sequence[Item]) -> set[str]:
    """The different organisations or people that a set brings."""
    return {one.face for one in chosen if one.face is not None}


def _week(chosen: Sequence[Item]) -> tuple[Visit, ...]:
    """When everything is: an earliest choice without overlap, or each thing's own first way where there is none."""
    together = attend({one.id: one.ways for one in chosen})
    times = together if together is not None else {one.id: one.ways[0] for one in chosen if one.ways}
    visits = [Visit(name, slot) for name, slots in times.items() for slot in slots]
    return tuple(sorted(visits, key=lambda one: (one.slot, one.id)))


def totals(chosen: Sequence[Candidate]) -> Totals:
    """What a set asks of the resident, of professionals and of who pays; unknown is named, never counted as zero."""
    hours = [one.hours for one in chosen if one.hours is not None]
    cost = [one.cost for one in chosen if one.cost is not None]
    return Totals(
        euros_month=_sum(one.euros for one in chosen if one.euros is not None),
        hours_low=_sum(low for low, _ in hours),
        hours_high=_sum(high for _, high in hours),
        cost_low=_sum(low for low, _ in cost),
        cost_high=_sum(high for _, high in cost),
        payers=_payers(chosen),
        parts=len(chosen),
        faces=len({name for one in chosen if (name := face(one)) is not None}),
        unknown_euros=tuple(one.id for one in chosen if one.euros is None),
        unknown_hours=tuple(one.id for one in chosen if one.hours is None),
        unknown_cost=tuple(one.id for one in chosen if one.cost is None),
    )


def _sum(values: Iterable[float]) -> float:
    return round(sum(values, 0.0), 2)


def _payers(chosen: Sequence[Candidate]) -> tuple[PayerCost, ...]:
    """Per payer (S081). Of several payers together none is known to pay more than nothing or less than all."""
    low = dict.fromkeys(Payer, 0.0)
    high, guessed = dict(low), dict.fromkeys(Payer, False)
    seen: set[Payer] = set()
    for one in chosen:
        if one.cost is None:
            continue
        for payer in one.payers:
            seen.add(payer)
            low[payer] += one.cost[0] if len(one.payers) == 1 else 0.0
            high[payer] += one.cost[1]
            guessed[payer] |= one.estimate
    return tuple(
        PayerCost(payer, round(low[payer], 2), round(high[payer], 2), guessed[payer])
        for payer in Payer
        if payer in seen
    )


def points(one: Item, question: Question) -> tuple[tuple[str, float], ...]:
    """Points that a component costs per weight, only those above zero; its face is counted as if it were new."""
    weights = question.weights
    lost = [
        (name, tenths(getattr(weights, name)) * amount)
        for name, amount in zip(TERMS, one.amounts, strict=True)
    ]
    found = [(name, units / UNIT) for name, units in lost if units]
    if one.face is not None and question.weights.faces:
        found.append(("faces", tenths(question.weights.faces) * FULL / UNIT))
    return tuple(found)
