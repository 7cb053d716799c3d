"""When provisions meet: the same clock time in summer and winter, clashes, opening hours, and a calendar to follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.provisions import Session, calendar_feed, next_dates, occurrences, overlap, template, weekly
from schakel.provisions.schedule import WEEK, hours_a_week, last_day, over, rule_problem

TUESDAYS = Session(date(2026, 1, 6), "FREQ=WEEKLY;BYDAY=TU", 600, 120)
GROUP = replace(
    template("wandelgroep").made(id="g1", name="Wandelen; met z'n allen, ook ’s avonds"), sessions=(TUESDAYS,)
)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_a_session_keeps_its_clock_time_when_the_clock_changes() -> None:
    around = occurrences(TUESDAYS, date(2026, 3, 24), date(2026, 3, 31))
    assert [each.start.isoformat() for each in around] == [
        "2026-03-24T10:00:00+01:00",
        "2026-03-31T10:00:00+02:00",
    ]


def test_a_time_that_the_clock_skips_moves_on_and_keeps_its_length() -> None:
    night = Session(date(2026, 3, 29), "", 150, 60)  # half past two does not exist that night
    (one,) = occurrences(night, date(2026, 3, 1), date(2026, 4, 1))
    assert one.start.isoformat() == "2026-03-29T03:30:00+02:00"
    assert one.end.isoformat() == "2026-03-29T04:30:00+02:00"


def test_the_last_day_and_exceptions_hold() -> None:
    session = replace(TUESDAYS, until=date(2026, 1, 20), except_on=(date(2026, 1, 13),))
    days = [each.start.date().day for each in occurrences(session, date(2026, 1, 1), date(2026, 12, 31))]
    assert days == [6, 20]


def test_the_next_dates_of_all_sessions_come_in_order() -> None:
    once = Session(date(2026, 12, 2), "", 840, 60)
    late = Session(date(2026, 12, 1), "", 1200, 60)
    found = next_dates(replace(GROUP, sessions=(TUESDAYS, once, late)), after=date(2026, 11, 26))
    assert [each.start.strftime("%d %H:%M") for each in found] == ["01 10:00", "01 20:00", "02 14:00"]


def test_what_is_over_has_no_next_date() -> None:
    over = replace(GROUP, sessions=(Session(date(2025, 1, 7)), replace(TUESDAYS, until=date(2026, 2, 1))))
    assert next_dates(over, after=date(2026, 11, 26)) == ()


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (replace(TUESDAYS, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "gives at least one day"),
        (replace(TUESDAYS, until=date(2026, 1, 6), except_on=(date(2026, 1, 6),)), "gives at least one day"),
        (replace(TUESDAYS, until=date(2025, 1, 1)), "not before the first"),
        (replace(TUESDAYS, start=1440), "minutes after midnight"),
        (replace(TUESDAYS, minutes=0), "1 to 1440 minutes"),
        (replace(TUESDAYS, rule="elke dinsdag"), "every part stands once"),
    ],
)
def test_a_session_that_cannot_be_says_what_was_expected(session: Session, said: str) -> None:
    assert said in rule_problem(session)
    assert next_dates(replace(GROUP, sessions=(session,)), after=date(2026, 1, 1)) == ()


def test_every_day_an_exception_is_no_endless_look() -> None:
    days = tuple(date(2026, 1, 6) + timedelta(weeks=n) for n in range(3))
    assert rule_problem(replace(TUESDAYS, rule="FREQ=WEEKLY;COUNT=3", except_on=days))


@st.composite
def weeks(draw: st.DrawFn) -> list[Session]:
    days = st.sampled_from(("MO", "WE", "SU"))
    return [
        Session(
            date(2026, 1, 5),
            f"FREQ=WEEKLY;BYDAY={draw(days)}",
            draw(st.integers(0, 1439)),
            draw(st.integers(1, 1440)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]


@settings(max_examples=60)
@given(weeks(), weeks())
def test_overlap_equals_counting_minutes_of_a_week(one: list[Session], two: list[Session]) -> None:
    def minutes(some: list[Session]) -> set[int]:
        return {
            minute % WEEK
            for session in some
            for day in [{"MO": 0, "WE": 2, "SU": 6}[session.rule[-2:]]]
            for minute in range(day * 1440 + session.start, day * 1440 + session.start + session.minutes)
        }

    assert overlap(one, two) == len(minutes(one) & minutes(two)) == overlap(two, one)


def test_sunday_night_goes_on_into_monday() -> None:
    assert weekly(Session(date(2026, 1, 4), "FREQ=WEEKLY;BYDAY=SU", 1380, 120)) == (
        (0, 60),
        (WEEK - 60, WEEK),
    )


@settings(max_examples=30)
@given(st.integers(1, 4), st.sampled_from(("TU", "MO,FR", "SA,SU,WE")), st.integers(0, 400))
def test_opening_hours_a_week_equal_counting_a_year_of_days(every: int, days: str, later: int) -> None:
    session = Session(date(2026, 1, 5), f"FREQ=WEEKLY;INTERVAL={every};BYDAY={days}", 600, 90)
    since = date(2026, 1, 5) + timedelta(days=later)
    counted = len(occurrences(session, since, since + timedelta(days=7 * 52 - 1))) * 1.5 / 52
    found = hours_a_week(replace(GROUP, sessions=(session,)), since=since)
    assert found == pytest.approx(counted, abs=1.5 * 3 / 52)


def test_a_yearly_feast_hardly_opens_and_no_schedule_is_not_known() -> None:
    feast = Session(date(2026, 4, 27), "FREQ=YEARLY", 600, 480)
    assert hours_a_week(replace(GROUP, sessions=(feast,)), since=date(2026, 1, 1)) == pytest.approx(8 / 52)
    assert hours_a_week(replace(GROUP, sessions=()), since=date(2026, 1, 1)) is None


def feed(*sessions: Session) -> Any:
    """The calendar as the other library reads it; its values have one of thirty types."""
    data = calendar_feed([replace(GROUP, sessions=sessions)], title="Kaart", now=NOW)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return icalendar.Calendar.from_ical(data)


def test_the_calendar_is_read_by_others_with_its_time_zone_and_escaped_names() -> None:
    read = feed(TUESDAYS)
    (event,) = read.walk("VEVENT")
    assert str(event["SUMMARY"]) == GROUP.name
    assert event["DTSTART"].dt.isoformat() == "2026-01-06T10:00:00+01:00"
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event["UID"] == "g1-0@schakel"
    (zone,) = read.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Amsterdam"


def test_the_calendar_starts_on_the_first_day_that_the_rule_gives() -> None:
    (event,) = feed(replace(TUESDAYS, first=date(2026, 1, 7))).walk("VEVENT")
    assert event["DTSTART"].dt.date() == date(2026, 1, 13)


def test_the_calendar_ends_when_the_session_ends() -> None:
    (event,) = feed(replace(TUESDAYS, until=date(2026, 6, 30), except_on=(date(2026, 1, 13),))).walk("VEVENT")
    assert event["RRULE"]["UNTIL"] == [datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)]
    assert event["EXDATE"].dts[0].dt.date() == date(2026, 1, 13)


@pytest.mark.parametrize(("until", "kept"), [(date(2026, 1, 8), "UNTIL"), (date(2027, 1, 1), "COUNT")])
def test_of_a_number_of_times_and_a_last_day_the_one_that_ends_first_stays(until: date, kept: str) -> None:
    (event,) = feed(replace(TUESDAYS, rule="FREQ=WEEKLY;COUNT=3;BYDAY=TU", until=until)).walk("VEVENT")
    assert {"UNTIL", "COUNT"} & set(event["RRULE"]) == {kept}


def test_sessions_that_never_are_on_stay_out_of_the_calendar() -> None:
    assert feed(replace(TUESDAYS, rule="FREQ=MONTHLY;BYDAY=6MO")).walk("VEVENT") == []


@pytest.mark.parametrize(
    ("sessions", "last"),
    [
        ((), None),
        ((Session(date(2026, 3, 2), "FREQ=WEEKLY;BYDAY=MO", 600),), None),
        ((Session(date(2026, 3, 2), start=600),), date(2026, 3, 2)),
        ((Session(date(2026, 3, 2), "FREQ=WEEKLY;BYDAY=MO;COUNT=3", 600),), date(2026, 3, 16)),
        ((Session(date(2026, 3, 2), "FREQ=WEEKLY;BYDAY=MO", 600, until=date(2026, 4, 1)),), date(2026, 4, 1)),
        (
            (Session(date(2026, 3, 2), start=600), Session(date(2026, 3, 2), "FREQ=WEEKLY;BYDAY=MO", 600)),
            None,
        ),
    ],
)
def test_what_ends_has_a_last_day_and_is_over_after_it(
    sessions: tuple[Session, ...], last: date | None
) -> None:
    assert last_day(sessions) == last
    assert not over(sessions, date(2026, 3, 2))
    assert over(sessions, date(2026, 4, 2)) == (last is not None)
