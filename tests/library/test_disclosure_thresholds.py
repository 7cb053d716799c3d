"""Who may see a pattern, and what may leave the team (R6, R7, R8, R22)."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.disclosure import (
    FLOORS,
    Reason,
    Thresholds,
    dominance,
    ratio,
    reasons_not_to_publish,
    reasons_to_withhold,
)
from schakel.records import SchakelError

USUAL = Thresholds()
ENOUGH = {"people": 5, "sources": 2, "dates": 2}
numbers = st.integers(0, 40)


def test_five_people_two_sources_and_two_dates_are_enough_for_the_team() -> None:
    """R6."""
    assert reasons_to_withhold(**ENOUGH, thresholds=USUAL) == ()


@pytest.mark.parametrize(
    ("short", "reason"),
    [({"people": 4}, Reason.PEOPLE), ({"sources": 1}, Reason.SOURCES), ({"dates": 1}, Reason.DATES)],
)
def test_one_less_of_anything_withholds_and_says_which(short: dict[str, int], reason: Reason) -> None:
    """R6."""
    assert reasons_to_withhold(**ENOUGH | short, thresholds=USUAL) == (reason,)


@pytest.mark.parametrize(("people", "leaves"), [(9, False), (10, True)])
def test_ten_people_may_leave_the_team_and_nine_may_not(people: int, leaves: bool) -> None:
    """R7: the team may see nine."""
    counted = ENOUGH | {"people": people}
    assert reasons_to_withhold(**counted, thresholds=USUAL) == ()
    found = reasons_not_to_publish(**counted, dominance=0.5, thresholds=USUAL)
    assert found == (() if leaves else (Reason.LEAVE,))


@pytest.mark.parametrize(("share", "reasons"), [(0.6, ()), (0.61, (Reason.DOMINANCE,))])
def test_a_pattern_mostly_of_one_source_does_not_leave_the_team(
    share: float, reasons: tuple[Reason, ...]
) -> None:
    """R8."""
    counted = ENOUGH | {"people": 10}
    assert reasons_not_to_publish(**counted, dominance=share, thresholds=USUAL) == reasons


def test_too_few_people_are_named_once() -> None:
    """R6 and R7 give the same reason."""
    found = reasons_not_to_publish(people=2, sources=2, dates=2, dominance=0.0, thresholds=USUAL)
    assert found == (Reason.PEOPLE,)


@given(people=numbers, sources=numbers, dates=numbers, share=st.floats(0, 1), more=st.integers(0, 5))
def test_what_leaves_the_team_was_seen_by_the_team_and_more_evidence_never_hides(
    people: int, sources: int, dates: int, share: float, more: int
) -> None:
    """R6, R7: reasons only fall away as people, sources and dates grow."""
    withheld = reasons_to_withhold(people=people, sources=sources, dates=dates, thresholds=USUAL)
    stays = reasons_not_to_publish(
        people=people, sources=sources, dates=dates, dominance=share, thresholds=USUAL
    )
    grown = reasons_to_withhold(
        people=people + more, sources=sources + more, dates=dates + more, thresholds=USUAL
    )
    assert set(grown) <= set(withheld) <= set(stays)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_a_municipality_cannot_go_below_the_floor(name: str) -> None:
    """R22: the floor itself is allowed, one less is refused by name."""
    assert getattr(Thresholds(**{name: FLOORS[name]}), name) == FLOORS[name]
    with pytest.raises(
        SchakelError, match=rf"{name} is {FLOORS[name] - 1}; expected at least {FLOORS[name]}"
    ):
        Thresholds(**{name: FLOORS[name] - 1})


@pytest.mark.parametrize("share", [0.0, -0.1, 0.61, float("nan")])
def test_dominance_cannot_be_switched_off(share: float) -> None:
    """R8, R22."""
    with pytest.raises(SchakelError, match="dominance is"):
        Thresholds(dominance=share)


def test_every_number_of_the_thresholds_is_guarded() -> None:
    """R22: a threshold added later cannot be forgotten."""
    assert {field.name for field in fields(Thresholds)} == {*FLOORS, "dominance"}


def test_a_floor_is_not_met_by_not_a_number() -> None:
    """R22."""
    with pytest.raises(SchakelError, match="min_people"):
        Thresholds(min_people=float("nan"))  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 50), max_size=6))
def test_dominance_is_the_share_of_the_largest_source(people: list[int]) -> None:
    """R8."""
    share = dominance(people)
    assert share * sum(people) == pytest.approx(max(people, default=0))
    assert 0 <= share <= 1


@pytest.mark.parametrize(("denominator", "expected"), [(99, None), (100, 0.25), (0, None)])
def test_a_ratio_needs_a_denominator_of_a_hundred(denominator: int, expected: float | None) -> None:
    """R7."""
    assert ratio(0.25 * denominator, denominator, thresholds=USUAL) == expected
