"""Rows of a file of signals: what each says, everything that is wrong with it, and which were there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.crypto import salted_hmac

from schakel.records import Fault
from schakel_web.network import tasks as files
from schakel_web.signals import tasks
from schakel_web.signals.models import MOST_PEOPLE, MOST_TEXT, Kind, LifePhase, Source
from schakel_web.ui.forms import unreadable

T = TypeVar("T")
REQUIRED = ("date", "area", "theme")
OPTIONAL = ("people", "source", "life_phase", "kind", "text", "signal")

#: The same columns as a Dutch file names them.
DUTCH = {
    "datum": "date", "buurt": "area", "buurtcode": "area", "thema": "theme", "mensen": "people", "bron": "source",
    "levensfase": "life_phase", "soort": "kind", "tekst": "text", "signaal": "signal",
}  # fmt: skip
#: 2026-05-31, perhaps with midnight behind it, or 31-5-2026 as a Dutch spreadsheet writes it.
_DAY = re.compile(
    r"(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?"
    r"|(?P<d2>\d\d?)[-/](?P<m2>\d\d?)[-/](?P<y2>\d{4})",
    re.ASCII,
)


@dataclass(frozen=True)
class Row:
    """One good row of a file; its text was redacted."""

    day: date
    area: int
    themes: list[str]
    people: int
    source: str
    life_phase: str
    kind: str
    text: str
    once: UUID  # the same row, in whichever file, has the same


def parsed(
    upload: UploadedFile[Any], *, areas: dict[str, int], team: int | None
) -> tuple[list[Row], list[Fault], int]:
    """Good rows, all faults, and in how many rows personal data were taken out. SchakelError when it is no table.

    A number of a row is one of the files of this team: another team numbers its own rows.
    """
    table, written = files.table(upload, required=REQUIRED, optional=OPTIONAL, also=DUTCH)
    reader = _Reader(str(upload.name), areas, team, written)
    for line, row in zip(table.lines, table.frame.iter_rows(named=True), strict=True):
        reader.read(int(line), row)
    faults = sorted((*table.faults, *reader.faults), key=lambda fault: fault.line or 0)
    return reader.good, faults, reader.hidden


class _Reader:
    def __init__(
        self, name: str, areas: dict[str, int], team: int | None, written: Mapping[str, str]
    ) -> None:
        self.name, self.areas, self.team, self._written = name, areas, team, written
        self.good: list[Row] = []
        self.faults: list[Fault] = []
        self.hidden = 0  # rows in which personal data were taken out
        self._seen: dict[UUID, int] = {}  # a row, and the line on which it stood first
        self._themes = _by_name({key: label for _d, some in tasks.theme_choices() for key, label in some})
        self._sources = _by_name(dict(Source.choices))
        self._phases = _by_name(dict(LifePhase.choices)) | {"": ""}
        self._kinds = _by_name(dict(Kind.choices)) | {"": str(Kind.SIGNAL)}

    def read(self, line: int, row: Mapping[str, Any]) -> None:
        """Keep a row, or all that is wrong with it."""
        wrong: list[tuple[str, str]] = []

        def sure(field: str, value: T | None, expected: str) -> T | None:
            if value is None:
                wrong.append((field, expected))
            return value

        day = sure("date", _day(row["date"]), "a date such as 2024-05-31")
        if day and day > timezone.localdate():
            wrong.append(("date", "a day not after today"))
        area = sure("area", self.areas.get(_said(row, "area").upper()), "a known area")
        themes = [self._themes.get(part.strip().casefold()) for part in _said(row, "theme").split(";")]
        sure("theme", None if None in themes else themes, "a theme of the list")
        people = sure("people", _people(_said(row, "people")), f"a whole number from 1 to {MOST_PEOPLE}")
        source = sure(
            "source",
            self._sources.get((_said(row, "source") or Source.DATA).casefold()),
            "a source of the list",
        )
        phase = sure(
            "life_phase", self._phases.get(_said(row, "life_phase").casefold()), "a value of the list"
        )
        kind = sure("kind", self._kinds.get(_said(row, "kind").casefold()), "a value of the list")
        text = sure("text", _text(_said(row, "text")), f"at most {MOST_TEXT} readable characters")
        if wrong or not (day and area and people and source and kind) or text is None or phase is None:
            self._faulty(line, row, wrong)
            return
        clean = tasks.clean(text)[:MOST_TEXT]
        plain = list(dict.fromkeys(theme for theme in themes if theme))
        number = _said(row, "signal")
        mine = f"{self.team}:{number}" if number else ""
        once = _once(mine, day, area, plain, people, source, phase, kind, clean)
        if once in self._seen:
            field, expected = ("signal", "number") if number else ("date", "row")
            self._faulty(line, row, [(field, f"a {expected} of its own ({self._seen[once]})")])
            return
        self._seen[once] = line
        self.hidden += clean != text
        self.good.append(Row(day, area, plain, people, source, phase, kind, clean, once))

    def _faulty(self, line: int, row: Mapping[str, Any], wrong: list[tuple[str, str]]) -> None:
        self.faults += [
            Fault(self.name, line, self._written.get(field, field), _said(row, field)[:80], expected)
            for field, expected in wrong
        ]


def _by_name(choices: Mapping[str, Any]) -> dict[str, str]:
    """A value by its code and by its Dutch name, in small letters."""
    return {str(label).casefold(): key for key, label in choices.items()} | {key: key for key in choices}


def _said(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return "" if value is None else str(value).strip()


def _day(given: Any) -> date | None:
    found = _DAY.fullmatch(str(given or "").strip())
    if found is None:
        return None
    try:
        return date(*(int(found[f"{unit}1"] or found[f"{unit}2"]) for unit in "ymd"))
    except ValueError:  # written as a day, and none that exists
        return None


def _people(text: str) -> int | None:
    number = text or "1"
    good = number.isascii() and number.isdigit() and len(number) < 9
    return int(number) if good and 1 <= int(number) <= MOST_PEOPLE else None


def _text(text: str) -> str | None:
    return text if len(text) <= MOST_TEXT and unreadable(text) is None else None


def _once(number: str, *said: object) -> UUID:
    """What a row is known by: its own number in the file where it has one, else all that it says. Not to be undone."""
    return UUID(hex=salted_hmac("schakel.import", number or repr(said), algorithm="sha256").hexdigest()[:32])
