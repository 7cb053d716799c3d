"""Columns of text to typed columns, with every fault named. One expression a check: ten million rows are no trouble."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from schakel.io.tables import Table
from schakel.records import Fault

#: Forms of a date, in order of preference; one column has one form.
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d", "%Y-%m", "%Y")
_MIDNIGHT = r"([ T]00:00(:00(\.0+)?)?)?"  # how other programs write a day without a time
_SHAPE = {
    "%Y-%m-%d": rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_MIDNIGHT}$",
    "%Y/%m/%d": r"^[0-9]{4}/[0-9]{2}/[0-9]{2}$",
    "%d-%m-%Y": rf"^[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{4}}{_MIDNIGHT}$",
    "%Y%m%d": r"^[0-9]{8}$",
}
#: How a figure that is not known is written; CBS has numbers for missing and secret. Never zero.
UNKNOWN = ("", ".", *(f"-{n}{end}" for n in (*range(99_990, 100_000), 99_999_999) for end in ("", ".0")))
PEOPLE = "a number of people of at least 0, or '.' when it is not known"
FIRST_DAY = date(1800, 1, 1)  # before it stands a slip of the pen, such as 0206
MOST_PEOPLE = 1_000_000  # in one signal
NO_THEME = r"(?i)(^|;)\s*(nan|null|none|n/?a)\s*(;|$)"  # how programs write that there is none
UNREADABLE = r"[\x00-\x1f\x7f]"
_THOUSANDS = r"^[0-9]{1,3}(\.[0-9]{3})+$"  # 1.503 residents: one thousand, or one and a half?
_MOST_FAULTS = 100_000  # kept as records; a file with more is not looked at one by one


class Faults:
    """The faults found so far in one table, and which rows have one."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found: list[Fault] = list(table.faults)
        self.good = pl.repeat(True, len(table.frame), eager=True)

    def where(self, bad: pl.Series, *, field: str, expected: str) -> None:
        """Every row where `bad` holds has a faulty value in this field."""
        bad = bad.fill_null(False)
        if not bad.any():
            return
        self.good = self.good & ~bad
        room = _MOST_FAULTS - len(self._found)
        lines, values = (
            each.filter(bad).head(room) for each in (self._table.lines, self._table.frame[field])
        )
        self._found += [
            Fault(self._table.name, line, field, value, expected)
            for line, value in zip(lines, values, strict=True)
        ]

    def all(self) -> tuple[Fault, ...]:
        """In the order of the file."""
        return tuple(sorted(self._found, key=lambda fault: fault.line or 0))


def dates(table: Table, faults: Faults, *, field: str = "date", today: date | None = None) -> pl.Series:
    """A column of dates: ISO, or another form that the whole column has; a year or month means its first day."""
    text = table.frame[field]
    best = _in_form(text, DATE_FORMS[0])
    for form in DATE_FORMS[1:]:
        if best.null_count() == text.null_count():
            break
        other = _in_form(text, form)
        if other.null_count() < best.null_count():
            best = other
    faults.where(best.is_null(), field=field, expected="a date such as 2026-03-31")
    faults.where(best < FIRST_DAY, field=field, expected=f"a date from {FIRST_DAY} on")
    if today is not None:
        faults.where(best > today, field=field, expected=f"a date that is not after today ({today})")
    return best


def _in_form(text: pl.Series, form: str) -> pl.Series:
    if form in ("%Y-%m", "%Y"):
        pattern, rest = (r"^[0-9]{4}-[0-9]{2}$", "-01") if form == "%Y-%m" else (r"^[0-9]{4}$", "-01-01")
        whole = pl.when(text.str.contains(pattern)).then(text + rest)
        return pl.select(whole).to_series().str.to_date("%Y-%m-%d", strict=False)
    fitting = pl.when(text.str.contains(_SHAPE[form])).then(text.str.extract(r"^([0-9/-]+)"))
    return pl.select(fitting).to_series().str.to_date(form, strict=False)


def known_areas(table: Table, faults: Faults, codes: Iterable[str], *, field: str = "area") -> pl.Series:
    """A column of area codes that all exist."""
    text = table.frame[field]
    known = pl.Series(list(codes), dtype=pl.String)
    faults.where(
        ~text.is_in(known.implode()) | text.is_null(), field=field, expected="an area of the areas file"
    )
    return text


def filled(table: Table, faults: Faults, field: str, expected: str) -> pl.Series:
    """A column in which every row has something."""
    text = table.frame[field]
    faults.where(text.is_null(), field=field, expected=expected)
    return text


def themes(table: Table, faults: Faults) -> pl.Series:
    """A column of themes, several separated by ';'."""
    text = table.frame["theme"]
    missing = text.is_null() | ~text.str.contains(r"[^;\s]") | text.str.contains(NO_THEME)
    faults.where(missing, field="theme", expected="a theme")
    faults.where(text.str.contains(UNREADABLE), field="theme", expected="a theme of readable characters")
    return text


def once(faults: Faults, keys: pl.DataFrame, *, field: str) -> None:
    """No row repeats the keys of a row before it: adding up, or choosing one of both, would be a guess."""
    repeated = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    faults.where(
        repeated & faults.good, field=field, expected=f"every combination of {', '.join(keys.columns)} once"
    )


def people(table: Table, faults: Faults, *, field: str = "people") -> pl.Series:
    """A column of numbers of people: whole, from 1 to a million; 1 where it is empty."""
    text = table.frame[field]
    whole = pl.select(pl.when(text.str.contains(r"^[0-9]{1,9}(\.0+)?$")).then(text)).to_series()
    number = whole.cast(pl.Float64).cast(pl.Int64)
    bad = text.is_not_null() & (number.is_null() | ~number.is_between(1, MOST_PEOPLE))
    faults.where(bad, field=field, expected="a whole number of people of at least 1 (and at most a million)")
    return number.fill_null(1)


def population(table: Table, faults: Faults, *, field: str = "population") -> pl.Series:
    """A column of numbers of residents; null where it is not known. What may be a thousand is not guessed."""
    text = table.frame[field]
    faults.where(
        text.str.contains(_THOUSANDS), field=field, expected="a number of people without points, such as 1503"
    )
    return numbers(table, faults, field, PEOPLE, least=0, most=10**10, missing=UNKNOWN, required=False)


def numbers(
    table: Table,
    faults: Faults,
    field: str,
    expected: str,
    *,
    least: float | None = None,
    most: float | None = None,
    whole: bool = False,
    missing: tuple[str, ...] = (),
    required: bool = True,
) -> pl.Series:
    """A column of finite numbers with a decimal point. `missing` are the words for a figure that is not known."""
    text = table.frame[field]
    absent = text.is_null() | text.is_in(list(missing))
    value = pl.select(pl.when(~absent).then(text)).to_series().cast(pl.Float64, strict=False)
    bad = ~absent & (value.is_null() | ~value.is_finite())
    if required:
        bad |= absent
    if least is not None:
        bad |= (value < least).fill_null(False)
    if most is not None:
        bad |= (value > most).fill_null(False)
    if whole:
        bad |= (value != value.floor()).fill_null(False)
    faults.where(bad, field=field, expected=expected)
    return value
