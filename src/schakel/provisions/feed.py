"""Provisions as a calendar that phones and mail programs follow (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import icalendar

from schakel.provisions.provision import Provision, Session
from schakel.provisions.schedule import ZONE, rule_days, rule_problem

PRODUCT = "-//Schakel//Sociale kaart//NL"


def calendar_feed(provisions: Iterable[Provision], *, title: str, now: datetime) -> bytes:
    """A calendar with every session as one event that recurs, in Dutch local time. `now` has a time zone.

    Identifiers stay the same as long as the provision and the place of the session in its list do, so that a reader
    that follows the feed updates events and does not double them. Sessions whose rule gives no day are left out, which
    `checks` reports.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", str(ZONE))
    for provision in provisions:
        for number, session in enumerate(provision.sessions):
            if not rule_problem(session):
                calendar.add_component(_event(provision, session, number, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(provision: Provision, session: Session, number: int, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    start = _local(next(rule_days(session, session.first)), session)
    event.add("uid", f"{provision.id}-{number}@schakel")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start)
    event.add("duration", timedelta(minutes=session.minutes))
    event.add("summary", provision.name)
    if session.rule:
        event.add("rrule", icalendar.vRecur.from_ical(_rule(session)))
    for day in session.except_on:
        event.add("exdate", _local(day, session))
    if provision.description:
        event.add("description", provision.description)
    where = ", ".join(part for part in (provision.place.name, provision.place.address) if part)
    if where:
        event.add("location", where)
    if provision.website:
        event.add("url", provision.website)
    return event


def _local(day: date, session: Session) -> datetime:
    return datetime.combine(day, time(session.start // 60, session.start % 60), ZONE)


def _rule(session: Session) -> str:
    """The rule with its last day, as the last second of it in UTC, which RFC 5545 asks where the start has a time zone.

    COUNT and UNTIL exclude each other there: the one that ends first stays.
    """
    parts = [part for part in session.rule.split(";") if part]
    if session.until is None:
        return ";".join(parts)
    if any(part.upper().startswith("COUNT=") for part in parts):
        *_, last = rule_days(session, session.first)
        if last <= session.until:
            return ";".join(parts)
        parts = [part for part in parts if not part.upper().startswith("COUNT=")]
    end = datetime.combine(session.until, time(23, 59, 59), ZONE).astimezone(UTC)
    return ";".join([*parts, f"UNTIL={end:%Y%m%dT%H%M%SZ}"])
