"""When provisions meet: recurrence rules of RFC 5545 in Dutch local time, their next dates, and clashes.

A session keeps its clock time across summer and winter time: ten in the morning is always ten in the morning in
Europe/Amsterdam. A time that a change of the clock skips is moved on as the clock does (Python's zoneinfo, fold 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from schakel.provisions.provision import Provision, Session
from schakel.provisions.recurrence import Rule, days, parse
from schakel.records import SchakelError

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = 24 * 60
WEEK = 7 * DAY
_MOST_TIMES = 5000  # of a rule with a number of times, that are counted


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it is on; both with time zone Europe/Amsterdam."""

    start: datetime
    end: datetime


def rule_problem(session: Session) -> str:
    """What is wrong with the dates and times of a session, as what was expected instead; '' when nothing is."""
    if not 0 <= session.start < DAY:
        return "a start between 0 and 1439 minutes after midnight"
    if not 0 < session.minutes <= DAY:
        return "a length of 1 to 1440 minutes"
    if session.until is not None and session.until < session.first:
        return "a last day that is not before the first"
    try:
        if next(_days(session, session.first), None) is None:
            return "a recurrence rule that gives at least one day"
    except SchakelError as error:
        return str(error)
    return ""


def rule_days(session: Session, start: date) -> Iterator[date]:
    """The days from `start` on that the rule gives, whatever the last day and the exceptions; perhaps endless."""
    if not session.rule:
        return iter((session.first,) if session.first >= start else ())
    return days(parse(session.rule), session.first, start)


def _days(session: Session, start: date) -> Iterator[date]:
    """The days from `start` on that it is on, in order."""
    for day in rule_days(session, start):
        if session.until is not None and day > session.until:
            return
        if day not in session.except_on:
            yield day


def occurrences(session: Session, start: date, end: date) -> tuple[Occurrence, ...]:
    """Every time that it is on from `start` up to and including `end`. SchakelError when the rule cannot be read."""
    found = []
    for day in _days(session, start):
        if day > end:
            break
        found.append(_occurrence(session, day))
    return tuple(found)


def _occurrence(session: Session, day: date) -> Occurrence:
    start = datetime.combine(day, time(session.start // 60, session.start % 60), ZONE)
    start = start.astimezone(UTC).astimezone(ZONE)  # a time that does not exist moves on as the clock does
    end = (start.astimezone(UTC) + timedelta(minutes=session.minutes)).astimezone(ZONE)
    return Occurrence(start, end)


def next_dates(provision: Provision, *, after: date, at_most: int = 3) -> tuple[Occurrence, ...]:
    """The next times of all sessions together from `after` on, in order. Rules that cannot be read give none."""
    found: list[Occurrence] = []
    for session in provision.sessions:
        if not rule_problem(session):
            found += [_occurrence(session, day) for day in islice(_days(session, after), at_most)]
    return tuple(sorted(found, key=lambda each: each.start)[:at_most])


def over(sessions: Iterable[Session], on: date) -> bool:
    """Whether there are times, and none from `on` on. A rule that cannot be read is never over."""
    every = tuple(sessions)
    if not every or any(_endless(session) for session in every):
        return False
    return all(not rule_problem(s) and next(_days(s, on), None) is None for s in every)


def last_day(sessions: Iterable[Session]) -> date | None:
    """The last day of sessions that end; None when there are none, or one goes on without an end."""
    found = [_last(session) for session in sessions]
    ends = [day for day in found if day is not None]
    return max(ends) if ends and len(ends) == len(found) else None


def _endless(session: Session) -> bool:
    return bool(session.rule) and session.until is None and "COUNT" not in session.rule


def _last(session: Session) -> date | None:
    if rule_problem(session):
        return None
    if session.until is not None or not session.rule:
        return session.until or session.first
    count = parse(session.rule).count
    return max(islice(_days(session, session.first), count)) if count and count <= _MOST_TIMES else None


def weekly(session: Session, on: date | None = None) -> tuple[tuple[int, int], ...]:
    """The parts of a week, as minutes from Monday 0:00 (start, end), in which it may be on; for clashes and searching.

    With `on` only what still comes from that day on.

    A monthly or yearly rule is on in some weeks only, and still takes its part of the week: whoever goes there
    cannot be elsewhere then. What goes on after Sunday midnight continues on Monday. Once is no week: nothing.
    """
    if not session.rule:
        return ()
    parts = []
    for day in sorted(_weekdays(session, on)):
        start = day * DAY + session.start
        end = start + session.minutes
        parts += [(start, end)] if end <= WEEK else [(start, WEEK), (0, end - WEEK)]
    return tuple(sorted(parts))


def _weekdays(session: Session, on: date | None) -> set[int]:
    """On which days of the week it may be on, from Monday 0."""
    rule = parse(session.rule)
    if _every_week(rule) and session.until is None and not session.except_on:
        return {day for _, day in rule.weekdays} or {session.first.weekday()}
    return {day.weekday() for day in islice(_days(session, max(session.first, on or session.first)), 60)}


def _every_week(rule: Rule) -> bool:
    """Whether a rule is the usual one: some days of the week, without end; then nothing has to be counted."""
    limited = rule.count or rule.months or rule.month_days or rule.positions
    return rule.frequency == "WEEKLY" and not limited


def overlap(one: Iterable[Session], two: Iterable[Session]) -> int:
    """Minutes a week that two schedules may be on at the same time."""
    left = _joined(part for session in one for part in weekly(session))
    right = _joined(part for session in two for part in weekly(session))
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in left for b in right)


def _joined(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def hours_a_week(provision: Provision, *, since: date) -> float | None:
    """Opening hours a week, the mean over the 52 weeks from `since`; None when no schedule is known."""
    if not provision.sessions:
        return None
    return sum(session.minutes * _times_a_week(session, since) for session in provision.sessions) / 60


def _times_a_week(session: Session, since: date) -> float:
    end = since + timedelta(days=7 * 52 - 1)
    if session.rule and session.first <= since and session.until is None and not session.except_on:
        rule = parse(session.rule)
        if _every_week(rule):
            return len({day for _, day in rule.weekdays} or {session.first.weekday()}) / rule.interval
    return len(occurrences(session, since, end)) / 52
