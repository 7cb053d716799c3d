"""Keeping the map true in an hour a quarter: states, decay, and what to check first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.provisions import State, Status, freshness, load_templates, template, upkeep

TODAY = date(2026, 11, 26)
CLUB = replace(template("sportvereniging").made(id="club"), check_days=90)
DESK = replace(template("budgetcursus").made(id="desk"), check_days=90)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, State.FRESH),
        (89, State.FRESH),
        (90, State.DUE),
        (179, State.DUE),
        (180, State.STALE),
        (-5, State.FRESH),
    ],
)
def test_a_confirmation_holds_for_an_interval_and_is_stale_after_two(days: int, state: State) -> None:
    assert freshness(replace(DESK, checked=ago(days)), today=TODAY).state is state


def test_confidence_halves_with_every_interval() -> None:
    one, two = (freshness(replace(DESK, checked=ago(days)), today=TODAY) for days in (90, 180))
    assert (one.confidence, two.confidence) == (0.5, 0.25)
    assert one.due == TODAY


def test_a_confirmation_that_is_still_to_come_counts_from_today() -> None:
    late = freshness(replace(DESK, checked=date.max), today=TODAY)
    assert (late.state, late.due) == (State.FRESH, TODAY + timedelta(days=DESK.check_days))


def test_what_nobody_ever_confirmed_is_stale() -> None:
    never = freshness(DESK, today=TODAY)
    assert (never.state, never.confidence, never.days) == (State.STALE, 0.0, None)


def test_of_an_informal_group_the_question_is_whether_it_is_still_there() -> None:
    """S129."""
    assert freshness(CLUB, today=TODAY).still_there
    assert not freshness(DESK, today=TODAY).still_there
    first, second = upkeep([DESK, CLUB], today=TODAY).tasks
    assert (first.id, second.id) == ("club", "desk")
    assert first.why == "Nog nooit nagekeken; een groep die kan stoppen: is die er nog?"


def test_what_has_closed_needs_no_check_and_counts_in_no_share() -> None:
    work = upkeep([replace(DESK, status=Status.CLOSED), CLUB], today=TODAY)
    assert [task.id for task in work.tasks] == ["club"]
    assert (work.share_stale, work.counts[State.GONE]) == (1.0, 1)


def test_what_many_people_are_pointed_to_is_checked_first() -> None:
    some = [replace(DESK, id=name, checked=ago(100)) for name in ("a", "b", "c")]
    work = upkeep(some, today=TODAY, use={"c": 12, "b": 3})
    assert [task.id for task in work.tasks] == ["c", "b", "a"]
    assert "dit kwartaal 12 keer genoemd" in work.tasks[0].why


def test_a_link_to_the_owner_costs_us_less_than_a_call() -> None:
    by_phone, by_link = DESK, replace(DESK, id="link", owner_email="beheer@voorbeeld.nl")
    tasks = upkeep([by_phone, by_link], today=TODAY).tasks
    assert [(task.id, task.by_link) for task in tasks] == [("link", True), ("desk", False)]
    assert tasks[0].minutes < tasks[1].minutes


def test_a_map_of_eighty_with_owners_is_kept_true_in_an_hour_a_quarter() -> None:
    some = [
        replace(
            load_templates()[n % 55].provision, id=str(n), owner_email="beheer@voorbeeld.nl", checked=ago(1)
        )
        for n in range(80)
    ]
    assert upkeep(some, today=TODAY).minutes_quarter <= 60


@given(st.lists(st.tuples(st.none() | st.integers(0, 700), st.booleans(), st.integers(0, 30)), max_size=20))
def test_shares_counts_and_minutes_add_up(entries: list[tuple[int | None, bool, int]]) -> None:
    some = [
        replace(
            DESK,
            id=str(n),
            checked=None if days is None else ago(days),
            owner_email="a@b.nl" if owner else "",
        )
        for n, (days, owner, _) in enumerate(entries)
    ]
    use = {str(n): often for n, (_, _, often) in enumerate(entries)}
    work = upkeep(some, today=TODAY, use=use, budget=10)
    assert sum(work.counts.values()) == len(some)
    assert len(work.tasks) == work.counts[State.DUE] + work.counts[State.STALE]
    assert work.minutes == sum(task.minutes for task in work.tasks)
    assert [t.score for t in work.tasks] == sorted((t.score for t in work.tasks), reverse=True)
    assert sum(task.minutes for task in work.tasks[: work.within_budget]) <= 10
    assert sum(
        task.minutes for task in work.tasks[: work.within_budget + 1]
    ) > 10 or work.within_budget == len(work.tasks)
