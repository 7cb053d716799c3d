"""What a set that people put together themselves covers, breaks and asks (S010, S081, S107)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from schakel.arrangements import Candidate, Demand, Need, Slot, Weights, Wish, Wishes, assess
from schakel.provisions import Payer
from tests.library import arrangement_oracle as oracle
from tests.library.arrangement_cases import questions

TABLE = Candidate(
    "eettafel",
    "Eettafel",
    (("eenzaamheid", 0.6),),
    times=(Slot.at(1, 12 * 60, 90),),
    euros=17.5,
    hours=(0.1, 0.3),
    payers=(Payer.WELFARE, Payer.RESIDENTS),
    cost=(80.0, 450.0),
    estimate=True,
    organisation="buurthuis",
)
BUDDY = replace(
    TABLE,
    id="maatje",
    name="Maatje",
    covers=(("eenzaamheid", 0.5),),
    times=(Slot.at(1, 13 * 60, 60),),
    payers=(Payer.WELFARE,),
    cost=(100.0, 200.0),
    euros=None,
    hours=None,
)
NEEDS = [Need("eenzaamheid", must=True), Need("rondkomen", must=True)]


def test_degrees_add_up_to_at_most_fully() -> None:
    found = assess([TABLE, BUDDY], NEEDS, Wishes())
    assert [(one.theme, one.share, one.enough) for one in found.coverage] == [
        ("eenzaamheid", 1.0, True),
        ("rondkomen", 0.0, False),
    ]
    assert found.coverage[0].by == (("eettafel", 0.6), ("maatje", 0.5))


def test_clashes_and_broken_wishes_are_shown_and_nothing_is_refused() -> None:
    found = assess([TABLE, BUDDY], NEEDS, Wishes(budget=15.0, max_parts=1, max_faces=0, without=("maatje",)))
    assert found.overlaps[0].ids == ("eettafel", "maatje")
    assert {(one.demand, one.ids) for one in found.broken} == {
        (Demand(Wish.COVER, "rondkomen"), ()),
        (Demand(Wish.BUDGET), ("eettafel",)),
        (Demand(Wish.PARTS), ()),
        (Demand(Wish.FACES), ()),
        (Demand(Wish.WITHOUT, "maatje"), ("maatje",)),
    }
    assert found.check[0].demand == Demand(Wish.BUDGET)
    assert not found.possible


def test_a_budget_that_everything_together_exceeds_is_broken_by_the_whole() -> None:
    found = assess([TABLE, replace(TABLE, id="b", times=())], [], Wishes(budget=20.0))
    assert [(one.demand.wish, one.ids) for one in found.broken] == [(Wish.BUDGET, ())]


def test_costs_are_per_payer_from_zero_where_the_split_is_not_known_s081() -> None:
    totals = assess([TABLE, BUDDY], [], Wishes()).totals
    assert [(one.payer, one.low, one.high, one.estimate) for one in totals.payers] == [
        (Payer.WELFARE, 100.0, 650.0, True),
        (Payer.RESIDENTS, 0.0, 450.0, True),
    ]
    assert (totals.cost_low, totals.cost_high) == (180.0, 650.0)


def test_what_is_not_known_is_named_and_never_counted_as_zero() -> None:
    totals = assess([TABLE, BUDDY], [], Wishes()).totals
    assert (totals.euros_month, totals.hours_low, totals.hours_high) == (17.5, 0.1, 0.3)
    assert totals.unknown_euros == totals.unknown_hours == ("maatje",)


def test_two_components_of_one_organisation_are_one_face() -> None:
    assert assess([TABLE, BUDDY], [], Wishes()).totals.faces == 1


def test_the_week_is_in_order_and_chooses_a_time_for_a_walk_in() -> None:
    walk_in = replace(BUDDY, id="inloop", times=(Slot.at(1, 12 * 60, 60), Slot.at(0, 9 * 60, 60)), pick=True)
    week = assess([TABLE, walk_in], [], Wishes()).week
    assert [(one.id, one.slot.day) for one in week] == [("inloop", 0), ("eettafel", 1)]


def test_nothing_is_an_arrangement_too() -> None:
    found = assess([], [], Wishes())
    assert found.possible
    assert found.score == 0.0


@settings(max_examples=150, deadline=None)
@given(asked=questions())
def test_any_set_is_possible_exactly_when_it_meets_every_demand(
    asked: tuple[list[Candidate], list[Need], Wishes, Weights],
) -> None:
    offered, needed, wished, weighed = asked
    found = assess(offered, needed, wished, weighed)
    assert found.possible == oracle.meets(tuple(offered), needed, wished)
    assert round(found.score * 1000) == oracle.score(tuple(offered), needed, wished, weighed) * 1000
