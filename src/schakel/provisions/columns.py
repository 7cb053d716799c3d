"""A provision as one row of text, and back: the columns of CSV and Excel, each with its kind.

What a row does not say keeps the default of the record; every cell that cannot be read is a fault. Lists are
separated by ';' (one within a value is written as '\\;'), sessions stand as `session_text` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import numpy as np

from schakel.areas import to_metres
from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Payer,
    Place,
    Position,
    Prevention,
    PriceRange,
    Provision,
    Session,
    Status,
)
from schakel.provisions.vocabulary import label

Problem = tuple[str, str, str]  # column, value, what was expected


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is read from text (ValueError when it cannot be), and what is expected then."""

    read: Callable[[str], Any]
    expected: str


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?(e-?[0-9]+)?", text):
        raise ValueError(text)
    return float(text.replace(",", "."))


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+([.,]0+)?", text):
        raise ValueError(text)
    return int(float(text.replace(",", ".")))


def _yes_no(text: str) -> bool:
    word = text.casefold()
    if word in ("ja", "yes", "true", "1", "waar"):
        return True
    if word in ("nee", "no", "false", "0", "onwaar"):
        return False
    raise ValueError(text)


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise ValueError(text)


def listed(text: str) -> tuple[str, ...]:
    """The values of a list."""
    parts = re.split(r"(?<!\\);", text)
    return tuple(part.strip().replace("\\;", ";") for part in parts if part.strip())


def list_text(values: tuple[str, ...]) -> str:
    """A list as one text; the inverse of `listed`."""
    return "; ".join(value.replace(";", "\\;") for value in values)


def _choice(kind: type[StrEnum], vocabulary: str) -> Kind:
    known = {label(vocabulary, each).casefold(): each for each in kind} | {each.value: each for each in kind}

    def read(text: str) -> StrEnum:
        if text.casefold() not in known:
            raise ValueError(text)
        return known[text.casefold()]

    return Kind(read, "one of " + ", ".join(each.value for each in kind))


def _choices(kind: type[StrEnum], vocabulary: str) -> Kind:
    one = _choice(kind, vocabulary)
    return Kind(lambda text: tuple(one.read(part) for part in listed(text)), one.expected)


def session_text(session: Session) -> str:
    """A session as text: first day, start, minutes, rule, last day, exceptions."""
    parts = [
        session.first.isoformat(),
        f"{session.start // 60:02}:{session.start % 60:02}",
        str(session.minutes),
    ]
    parts += [session.rule] if session.rule else []
    parts += [f"until={session.until.isoformat()}"] if session.until else []
    parts += ["except=" + ",".join(day.isoformat() for day in session.except_on)] if session.except_on else []
    return " ".join(parts)


def _session(text: str) -> Session:
    first, clock, minutes, *rest = text.split()
    hour, minute = clock.split(":")
    named = dict(part.split("=", 1) for part in rest if part.startswith(("until=", "except=")))
    rules = [part for part in rest if not part.startswith(("until=", "except="))]
    if len(rules) > 1:
        raise ValueError(text)
    return Session(
        first=date.fromisoformat(first),
        rule=rules[0] if rules else "",
        start=int(hour) * 60 + int(minute),
        minutes=int(minutes),
        until=date.fromisoformat(named["until"]) if "until" in named else None,
        except_on=tuple(date.fromisoformat(day) for day in named.get("except", "").split(",") if day),
    )


TEXT: Final = Kind(str, "text")
NUMBER: Final = Kind(_number, "a number such as 2.5")
WHOLE: Final = Kind(_whole, "a whole number")
YES_NO: Final = Kind(_yes_no, "ja or nee")
DAY: Final = Kind(_day, "a date such as 2026-03-31")
LIST: Final = Kind(listed, "values separated by ';'")
SESSIONS: Final = Kind(
    lambda text: tuple(_session(part.strip()) for part in text.split("|") if part.strip()),
    "times such as '2026-01-06 10:00 120 FREQ=WEEKLY;BYDAY=TU', separated by '|'",
)

#: Column → its kind, in the order of the file. The names are those of the record where there is one.
COLUMNS: Final[dict[str, Kind]] = {
    "id": TEXT, "name": TEXT, "description": TEXT, "organisation": TEXT, "organisation_id": TEXT, "status":
    _choice(Status, "status"), "themes": LIST, "words": LIST, "legal_type": _choice(LegalType, "legal_type"),
    "law": TEXT, "decision": YES_NO, "personal_budget": YES_NO, "access": _choice(Access, "access"),
    "layer": _choice(Layer, "layer"), "line": WHOLE, "payers": _choices(Payer, "payer"),
    "approach": NUMBER, "formality": NUMBER, "spread": NUMBER, "why": TEXT, "provenance": TEXT,
    "prevention": _choice(Prevention, "prevention"), "factors": LIST, "goals": _choices(Goal, "goal"),
    "capital": _choices(Capital, "capital"), "life_phases": LIST, "youngest": WHOLE, "oldest": WHOLE,
    "place": TEXT, "address": TEXT, "area": TEXT, "x": NUMBER, "y": NUMBER, "reach_km": NUMBER, "serves": LIST,
    "sessions": SESSIONS, "group_low": WHOLE, "group_high": WHOLE, "capacity": WHOLE, "free": WHOLE, "hours": NUMBER,
    "price_low": NUMBER, "price_high": NUMBER, "price_basis": TEXT, "price_level": WHOLE, "price_note": TEXT,
    "resident_cost": NUMBER, "languages": LIST, "wheelchair": YES_NO, "easy_read": YES_NO, "barriers": LIST,
    "agreements": LIST, "iwmo": TEXT, "upl": TEXT, "website": TEXT, "email": TEXT, "phone": TEXT,
    "checked": DAY, "check_days": WHOLE, "owner_email": TEXT, "template": TEXT, "in_publication": YES_NO,
}  # fmt: skip
#: Columns that are read but never written: metres are exact.
ALSO: Final[dict[str, Kind]] = {"latitude": NUMBER, "longitude": NUMBER}
_POSITION: Final = ("approach", "formality", "spread", "why", "provenance")
PRICE: Final = {"price_low": "low", "price_high": "high", "price_basis": "basis", "price_level": "price_level",
                 "price_note": "note"}  # fmt: skip
PLACE: Final = {"place": "name", "address": "address", "area": "area", "x": "x", "y": "y"}
ELSEWHERE: Final = {*_POSITION, *PRICE, *PLACE, *ALSO, "group_low", "group_high"}


def read_row(row: Mapping[str, str | None], like: Provision) -> tuple[Provision, tuple[Problem, ...]]:
    """The provision of a row of texts by column, on top of `like`, and every cell that cannot be read."""
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for name, kind in (COLUMNS | ALSO).items():
        text = (row.get(name) or "").strip()
        if not text:
            continue
        try:
            values[name] = kind.read(text)
        except (ValueError, KeyError, TypeError):
            wrong.append((name, text, kind.expected))
    plain = {name: value for name, value in values.items() if name not in ELSEWHERE}
    found = replace(
        like,
        **plain,
        position=replace(like.position, **{name: values[name] for name in _POSITION if name in values}),
        place=_place(values, like.place),
        group=(values.get("group_low", like.group[0]), values.get("group_high", like.group[1])),
        price=_price(values, like.price),
    )
    return found, tuple(wrong)


def _place(values: Mapping[str, Any], like: Place) -> Place:
    place = replace(like, **{field: values[name] for name, field in PLACE.items() if name in values})
    if "latitude" in values and "longitude" in values and "x" not in values:
        x, y = to_metres(np.array([[values["longitude"], values["latitude"]]], dtype=float))[0]
        return replace(place, x=round(float(x), 1), y=round(float(y), 1))
    return place


def _price(values: Mapping[str, Any], like: PriceRange | None) -> PriceRange | None:
    given = {field: values[name] for name, field in PRICE.items() if name in values}
    if not ("low" in given or "high" in given) and like is None:
        return None
    low = given.pop("low", None)
    high = given.pop("high", None)
    base = like or PriceRange(0.0, 0.0)
    if low is not None or high is not None:
        base = replace(base, low=low if low is not None else high, high=high if high is not None else low)
    return replace(base, **given)


def write_row(one: Provision) -> dict[str, str]:
    """A provision as texts by column; '' is not known. The inverse of `read_row` on an empty record."""
    values: dict[str, Any] = {
        name: getattr(one, name) for name in COLUMNS if name not in ELSEWHERE and name != "sessions"
    }
    values |= {name: getattr(one.position, name) for name in _POSITION}
    values |= {name: getattr(one.place, field) for name, field in PLACE.items()}
    values |= {"group_low": one.group[0], "group_high": one.group[1]}
    values |= {name: getattr(one.price, field, None) for name, field in PRICE.items()}
    written = {name: _text(values.get(name)) for name in COLUMNS}
    return written | {"sessions": " | ".join(session_text(session) for session in one.sessions)}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, tuple):
        return list_text(tuple(str(item) for item in value))
    return repr(value) if isinstance(value, float) else str(value)


def empty(*, legal_type: LegalType = LegalType.GENERAL) -> Provision:
    """A record about which nothing is known yet: in the middle of both scales, anything possible."""
    return Provision(
        id="",
        name="",
        position=Position(0.5, 0.5, 0.5, "Nog niet geplaatst.", "onbekend"),
        legal_type=legal_type,
    )
