"""Recurrence rules: the same days as another implementation of RFC 5545, and never an endless look."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schakel.provisions.recurrence import days, parse
from schakel.records import SchakelError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    monthly = frequency in ("MONTHLY", "YEARLY")
    ordinals = ("1", "2", "-1", "+3", "-2") if monthly and draw(st.booleans()) else ("",)
    chosen = draw(st.lists(st.tuples(st.sampled_from(ordinals), st.sampled_from(DAYS)), max_size=3))
    if chosen:
        parts.append("BYDAY=" + ",".join(a + b for a, b in chosen))
    if draw(st.booleans()):
        parts.append(
            "BYMONTH=" + ",".join(map(str, draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))))
        )
    ordinal = any(a for a, _ in chosen)
    if monthly and not ordinal and draw(st.booleans()):
        numbers = st.one_of(st.integers(1, 31), st.integers(-31, -1))
        parts.append("BYMONTHDAY=" + ",".join(map(str, draw(st.lists(numbers, min_size=1, max_size=3)))))
    if monthly and len(parts) > 2 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from((1, 2, -1)))}")
    return ";".join(parts)


@settings(max_examples=80)
@given(rules(), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 900))
def test_a_rule_gives_the_days_that_another_implementation_gives(rule: str, first: date, later: int) -> None:
    start = date.fromordinal(first.toordinal() + later)
    ours = list(islice(days(parse(rule), first, start), 25))
    assume(len(ours) > 0)  # the other one looks on until the year 9999
    other = rrulestr(rule, dtstart=datetime.combine(first, time()))
    theirs = other.xafter(datetime.combine(start, time()), count=25, inc=True)
    assert ours == [each.date() for each in theirs]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=6MO",
    ],
)
def test_a_rule_that_never_occurs_gives_nothing_and_ends(rule: str) -> None:
    assert list(days(parse(rule), date(2026, 11, 23), date(2026, 11, 23))) == []


def test_a_rare_day_is_found() -> None:
    found = islice(days(parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), date(2097, 1, 1), date(2097, 1, 1)), 1)
    assert list(found) == [date(2104, 2, 29)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=HOURLY", "FREQ of days, weeks, months or years"),
        ("WEKELIJKS", "every part stands once"),
        ("FREQ=WEEKLY;FREQ=DAILY", "every part stands once"),
        ("FREQ=WEEKLY;BYDAY=DI", "days such as MO,TU"),
        ("FREQ=WEEKLY;BYDAY=2TU", "only by month or year"),
        ("FREQ=WEEKLY;INTERVAL=0", "at least 1 as INTERVAL"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "from 1 to 31 as BYMONTHDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "without BYWEEKNO"),
        ("FREQ=WEEKLY;BYDAY=MO,0TU", "days such as MO,TU"),
        ("FREQ=WEEKLY;WKST=X", "week starts on"),
    ],
)
def test_a_rule_that_cannot_be_read_says_what_was_expected(rule: str, said: str) -> None:
    with pytest.raises(SchakelError, match=said):
        parse(rule)
