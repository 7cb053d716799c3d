"""Recurrence rules of RFC 5545 (section 3.3.10) by day: which days a rule gives, always within a bounded look.

A library would follow a rule that never occurs (30 February) to the year 9999, seconds to minutes long; this one looks
forty years ahead, in which every day of the calendar falls on every day of the week, and stops. Times of the day are
not part of a rule. Week numbers and days of the year are not read: a rule with them is refused, never guessed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from schakel.records import SchakelError

EXAMPLE = "such as FREQ=WEEKLY;BYDAY=TU"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Periods without a day that are looked at: forty years, in which the calendar has had all its forms.
LOOK = {"DAILY": 14_610, "WEEKLY": 2_088, "MONTHLY": 480, "YEARLY": 40}
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LIMITS = {"BYMONTH": (1, 12), "BYMONTHDAY": (1, 31), "BYSETPOS": (1, 366)}
_SIGNED = ("BYMONTHDAY", "BYSETPOS")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read; ``weekdays`` are (ordinal, weekday from Monday 0), ordinal 0 is every one of them."""

    frequency: str
    interval: int = 1
    count: int | None = None
    week_start: int = 0
    weekdays: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


@lru_cache(10_000)
def parse(text: str) -> Rule:
    """A recurrence rule without DTSTART and UNTIL. SchakelError says what was expected."""
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if name in parts or not equals or not value:
            raise SchakelError(f"a recurrence rule in which every part stands once, {EXAMPLE}")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in LOOK:
        raise SchakelError(f"a recurrence rule with a FREQ of days, weeks, months or years, {EXAMPLE}")
    rule = Rule(
        frequency,
        interval=_number(parts.pop("INTERVAL", "1"), "INTERVAL"),
        count=_number(parts.pop("COUNT"), "COUNT") if "COUNT" in parts else None,
        week_start=_weekday(parts.pop("WKST", "MO")),
        weekdays=_weekdays(parts.pop("BYDAY", ""), frequency),
        months=_numbers(parts.pop("BYMONTH", ""), "BYMONTH"),
        month_days=_numbers(parts.pop("BYMONTHDAY", ""), "BYMONTHDAY"),
        positions=_numbers(parts.pop("BYSETPOS", ""), "BYSETPOS"),
    )
    if parts:
        raise SchakelError(f"a recurrence rule without {sorted(parts)[0]}, {EXAMPLE}")
    return rule


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 9999):
        raise SchakelError(f"a recurrence rule with a whole number of at least 1 as {name}, {EXAMPLE}")
    return int(text)


def _numbers(text: str, name: str) -> tuple[int, ...]:
    low, high = _LIMITS[name]
    found = []
    for part in text.split(",") if text else []:
        sign, digits = (-1, part[1:]) if part[:1] == "-" and name in _SIGNED else (1, part.removeprefix("+"))
        if not (digits.isascii() and digits.isdigit() and low <= int(digits) <= high):
            raise SchakelError(f"a recurrence rule with numbers from {low} to {high} as {name}, {EXAMPLE}")
        found.append(sign * int(digits))
    return tuple(found)


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise SchakelError(f"a recurrence rule whose week starts on one of {', '.join(WEEKDAYS)}, {EXAMPLE}")
    return WEEKDAYS.index(text)


def _weekdays(text: str, frequency: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.split(",") if text else []:
        match = _DAY.fullmatch(part)
        if not match or match[1] in ("0", "00", "+0", "-0", "+00", "-00"):
            raise SchakelError(f"a recurrence rule with days such as MO,TU or 2MO as BYDAY, {EXAMPLE}")
        if match[1] and frequency in ("DAILY", "WEEKLY"):
            raise SchakelError(f"a recurrence rule with days such as 2MO only by month or year, {EXAMPLE}")
        found.append((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(found)


def days(rule: Rule, first: date, start: date) -> Iterator[date]:
    """The days from `start` on that the rule gives when it begins on `first`, in order; perhaps endless."""
    every = _from(rule, first, first if rule.count is not None else max(start, first))
    counted = every if rule.count is None else islice(every, rule.count)
    return (day for day in counted if day >= start)


def _from(rule: Rule, first: date, start: date) -> Iterator[date]:
    number, empty = _period(rule, first, start), 0
    while empty < LOOK[rule.frequency]:
        found = _in_period(rule, first, number)
        if found is None:
            return  # beyond the year 9999
        empty = 0 if found else empty + 1
        yield from (day for day in found if day >= max(first, start))
        number += rule.interval


def _period(rule: Rule, first: date, start: date) -> int:
    """Number of the period of the rule in which `start` lies, or the last one before it; `first` lies in period 0."""
    if rule.frequency == "DAILY":
        passed = (start - first).days
    elif rule.frequency == "WEEKLY":
        passed = ((start - first).days + (first.weekday() - rule.week_start) % 7) // 7
    elif rule.frequency == "MONTHLY":
        passed = (start.year - first.year) * 12 + start.month - first.month
    else:
        passed = start.year - first.year
    return passed // rule.interval * rule.interval


def _in_period(rule: Rule, first: date, number: int) -> list[date] | None:
    """The days of the rule in a period, in order; None where the calendar ends."""
    try:
        if rule.frequency == "DAILY":
            found = [day for day in (first + timedelta(days=number),) if _allowed(rule, day)]
        elif rule.frequency == "WEEKLY":
            found = _in_week(rule, first, number)
        else:
            found = _in_months(rule, first, number)
    except (OverflowError, ValueError):
        return None
    if not rule.positions:
        return found
    chosen = {(p - 1 if p > 0 else len(found) + p) for p in rule.positions}
    return [day for place, day in enumerate(found) if place in chosen]


def _allowed(rule: Rule, day: date) -> bool:
    """Whether the month, the day of the month and the day of the week are among those of the rule."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.weekdays and day.weekday() not in [weekday for _, weekday in rule.weekdays]:
        return False
    return not rule.month_days or _on_month_day(rule, day)


def _on_month_day(rule: Rule, day: date) -> bool:
    from_end = day.day - calendar.monthrange(day.year, day.month)[1] - 1
    return day.day in rule.month_days or from_end in rule.month_days


def _in_week(rule: Rule, first: date, number: int) -> list[date]:
    monday = first - timedelta(days=(first.weekday() - rule.week_start) % 7) + timedelta(weeks=number)
    week = [monday + timedelta(days=i) for i in range(7)]
    if not rule.weekdays and not rule.month_days:
        week = [day for day in week if day.weekday() == first.weekday()]
    return [day for day in week if _allowed(rule, day)]


def _in_months(rule: Rule, first: date, number: int) -> list[date]:
    """Days in a month, or in the months of a year."""
    plain = not rule.weekdays and not rule.month_days
    if rule.frequency == "MONTHLY":
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        months: tuple[int, ...] = (month + 1,) if month + 1 in (rule.months or (month + 1,)) else ()
        by_month = True
    else:
        year, by_month = first.year + number, bool(rule.months)
        months = tuple(sorted(set(rule.months))) or ((first.month,) if plain else tuple(range(1, 13)))
    if not 1 <= year <= 9999:
        raise ValueError("the calendar ends")
    return [
        date(year, month, day)
        for month in months
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
        if _of_month(rule, date(year, month, day), first, by_month)
    ]


def _of_month(rule: Rule, day: date, first: date, by_month: bool) -> bool:
    if not rule.weekdays and not rule.month_days:
        return day.day == first.day
    if rule.month_days and not _on_month_day(rule, day):
        return False
    return not rule.weekdays or any(_nth(day, *each, by_month) for each in rule.weekdays)


def _nth(day: date, ordinal: int, weekday: int, by_month: bool) -> bool:
    """Whether a day is the n-th of its weekday, from the start or the end of its month or year."""
    if day.weekday() != weekday:
        return False
    if ordinal == 0:
        return True
    place = day.day if by_month else day.timetuple().tm_yday
    length = calendar.monthrange(day.year, day.month)[1] if by_month else 365 + calendar.isleap(day.year)
    return (place - 1) // 7 + 1 == ordinal or -((length - place) // 7 + 1) == ordinal
