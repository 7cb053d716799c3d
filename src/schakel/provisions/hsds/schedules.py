"""Sessions as HSDS schedules and back. Times are Dutch local time: an offset cannot hold summer time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from schakel.provisions.hsds.terms import field_attribute, identifier, read_attributes
from schakel.provisions.provision import Session
from schakel.provisions.schedule import DAY, ZONE, rule_problem

#: Part of a recurrence rule → field of a schedule, in the order in which a rule is written.
PARTS: Final = {
    "FREQ": "freq",
    "INTERVAL": "interval",
    "COUNT": "count",
    "WKST": "wkst",
    "BYDAY": "byday",
    "BYMONTHDAY": "bymonthday",
}
_NUMBERS: Final = ("interval", "count")
_UNREAD: Final = ("byweekno", "byyearday")
BEGINNING: Final = date(2000, 1, 3)  # a Monday: where a schedule of others does not say since when


def schedule(session: Session, service: str, number: int) -> dict[str, Any]:
    """The schedule of a session; what HSDS cannot hold of it stands in its attributes. `number` tells twins apart."""
    found: dict[str, Any] = {
        "id": identifier("schedule", service, session, number),
        "service_id": service,
        "dtstart": session.first.isoformat(),
    }
    extra: dict[str, Any] = {}
    fields = _fields(session.rule)
    if fields is None:
        extra["rule"] = session.rule
    else:
        found |= fields
    if session.until is not None:
        found["until"] = session.until.isoformat()
    if session.except_on:
        extra["except_on"] = [day.isoformat() for day in session.except_on]
    found["opens_at"] = _clock(session.start)
    found["closes_at"] = _clock((session.start + session.minutes) % DAY)
    if extra:
        found["attributes"] = [
            field_attribute(found["id"], name, value, entity="schedule") for name, value in extra.items()
        ]
    return found


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _fields(rule: str) -> dict[str, Any] | None:
    """The fields of a rule, None when they would not give the same rule back."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";")) if rule else {}
    if not set(parts) <= set(PARTS) or parts.get("FREQ", "WEEKLY") not in ("WEEKLY", "MONTHLY"):
        return None
    found: dict[str, Any] = {}
    for part, name in PARTS.items():
        if part in parts:
            if name in _NUMBERS and not parts[part].isdigit():
                return None
            found[name] = int(parts[part]) if name in _NUMBERS else parts[part]
    return found if _rule(found) == rule else None


def _rule(given: Mapping[str, Any]) -> str:
    if not given.get("freq"):
        days = given.get("byday")
        return f"FREQ=WEEKLY;BYDAY={days}" if days else ""  # named days without more come every week
    written = []
    for part, name in PARTS.items():
        value = given.get(name)
        if value not in (None, ""):
            written.append(f"{part}={int(value) if name in _NUMBERS else value}")
    return ";".join(written)


def read_schedule(given: Mapping[str, Any]) -> Session | str:
    """The session of a schedule, or why it cannot be read."""
    if any(given.get(name) for name in _UNREAD):
        return "a schedule without week numbers and days of the year"
    _, extra, unread = read_attributes(given.get("attributes") or ())
    rule, exceptions = extra.get("rule", _rule(given)), extra.get("except_on", [])
    try:
        since = _day(given.get("dtstart")) or _day(given.get("valid_from"))
        first = since or BEGINNING
        start = _minutes(given.get("opens_at"), first)
        end = _minutes(given.get("closes_at"), first)
        until = _day(given.get("until")) or _day(given.get("valid_to"))
        except_on = tuple(date.fromisoformat(day) for day in exceptions)
    except (ValueError, TypeError):
        return "a schedule with dates such as 2026-03-31 and times such as 10:00"
    if unread or not isinstance(rule, str):
        return "a schedule whose own attributes can be read"
    if start is None or end is None:
        return "a schedule with opening and closing times"
    if not rule and since is None:
        return "a schedule with days on which it comes again, or with a first day"
    session = Session(first, rule, start, (end - start) % DAY or DAY, until, except_on)
    return rule_problem(session) or session


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _minutes(value: Any, first: date) -> int | None:
    if not value:
        return None
    clock = time.fromisoformat(value)
    if clock.tzinfo is not None:
        clock = datetime.combine(first, clock).astimezone(ZONE).time()
    return clock.hour * 60 + clock.minute
