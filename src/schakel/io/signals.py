"""Reading signals, population and expected numbers (the file contract in ``docs/how-to/files.md``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from schakel.detection.facts import Both
from schakel.detection.wording import number
from schakel.io import checks
from schakel.io.tables import Table, check_columns, read_table
from schakel.records import (
    EXPECTED_COLUMNS,
    POPULATION_COLUMNS,
    SIGNAL_COLUMNS,
    Areas,
    Fault,
    InputFaultsError,
    NothingExpectedError,
    SchakelError,
)

OnFault = Literal["refuse", "skip"]
#: What stands in a column when nobody is meant.
_NOBODY = [
    "", "-", "--", "?", ".", "x", "0", "n.v.t.", "nvt", "n.b.", "nb", "onbekend", "unknown", "geen", "none", "null",
    "nan", "na", "n/a", "anoniem", "anonymous",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class SignalsFile:
    """Signals with the columns of `SIGNAL_COLUMNS`, the faults that were skipped, and what is worth knowing.

    `lines` (signals,) is where each stands in the file.
    """

    name: str
    frame: pl.DataFrame
    lines: pl.Series
    faults: tuple[Fault, ...]
    notes: tuple[Both, ...]

    def placed(self, error: NothingExpectedError) -> SchakelError:
        """The same error, with the first line of this file that it is about."""
        here = self.frame.filter(
            pl.col("theme") == error.theme,
            pl.col("area") == error.area,
            pl.col("date").is_between(error.first, error.last),
        )
        line = self.lines.gather(here["signal"].head(1)).to_list()
        return SchakelError(f"{self.name}, line {line[0]}: {error}") if line else error


def read_signals(
    path: Path, *, areas: Areas, today: date, on_fault: OnFault = "refuse", text: bool = False
) -> SignalsFile:
    """Read signals: `date, area, theme`, and optionally `people, source, reporter, text`; several themes with ';'.

    All faults are found at once. With `refuse` they are raised (InputFaultsError) and nothing is read; with `skip` the
    good rows are. With `text` the sentences are kept, redacted (R4); else they are not read at all.
    """
    table = read_table(path)
    rows, faults = _records(table, areas=areas, today=today, text=text)
    good = _good(rows.with_columns(table.lines), faults, on_fault).with_row_index("signal")
    return SignalsFile(table.name, _by_theme(good), good["line"], faults.all(), _notes(table))


def _records(
    table: Table, *, areas: Areas, today: date, text: bool = False
) -> tuple[pl.DataFrame, checks.Faults]:
    """One row per record, with its themes still joined, and which of them have a fault."""
    check_columns(
        table, required=("date", "area", "theme"), optional=("people", "source", "reporter", "text")
    )
    faults = checks.Faults(table)
    columns = table.frame.columns
    rows = pl.DataFrame(
        {
            "date": checks.dates(table, faults, today=today),
            "area": checks.known_areas(table, faults, areas.codes),
            "theme": checks.themes(table, faults),
        }
    ).with_columns(
        checks.people(table, faults).alias("people")
        if "people" in columns
        else pl.lit(1, pl.Int64).alias("people"),
        *(
            _informant(table.frame[name]) if name in columns else pl.lit(None, pl.String).alias(name)
            for name in ("source", "reporter")
        ),
        _redacted(table, areas) if text and "text" in columns else pl.lit(None, pl.String).alias("text"),
    )
    return rows, faults


def _informant(given: pl.Series) -> pl.Series:
    """Who or what told it, however it is spelled: one informant in two spellings is one (R6), and a dash is nobody."""
    plain = given.str.strip_chars().str.to_lowercase()
    return plain.set(plain.is_in(_NOBODY), None)


def _by_theme(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per signal and theme, from one row per signal with its themes joined by ';'."""
    several = rows["theme"].str.contains(";", literal=True)
    if several.any():
        rows = pl.concat([rows.filter(~several), _apart(rows.filter(several))]).sort(
            "signal", maintain_order=True
        )
    return rows.select(pl.col(name).cast(kind) for name, kind in SIGNAL_COLUMNS.items())


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(pl.col("theme").str.split(";"))
        .explode("theme")
        .with_columns(pl.col("theme").str.strip_chars())
        .filter(pl.col("theme") != "")
        .unique(["signal", "theme"], maintain_order=True)
    )


def _redacted(table: Table, areas: Areas) -> pl.Series:
    from schakel.redaction import redact  # noqa: PLC0415  not needed for counting

    own = frozenset(areas.names)
    texts = [None if text is None else redact(text, areas=own).text for text in table.frame["text"]]
    return pl.Series("text", texts, dtype=pl.String)


def _good(rows: pl.DataFrame, faults: checks.Faults, on_fault: OnFault) -> pl.DataFrame:
    if not faults.all():
        return rows
    if on_fault == "refuse":
        raise InputFaultsError(faults.all())
    good = rows.filter(faults.good)
    if good.is_empty():
        raise InputFaultsError(faults.all())
    return good


def _notes(table: Table) -> tuple[Both, ...]:
    repeated = len(table.frame) - table.frame.hash_rows().n_unique()  # rows of 64 bits, not of text
    if not repeated:
        return ()
    same = "1 rij is" if repeated == 1 else f"{number(repeated)} rijen zijn"
    return (
        Both(
            f"{same} in het bestand precies gelijk aan een andere rij. Ze tellen mee: twee signalen kunnen hetzelfde"
            " zijn.",
            f"{repeated} row(s) equal another row in every field; they count, as two signals may be alike.",
        ),
    )


def read_population(path: Path, *, areas: Areas) -> pl.DataFrame:
    """Read population: `area, year, population`; '.' is missing, never zero. Raises InputFaultsError."""
    table = read_table(path)
    check_columns(table, required=("area", "year", "population"))
    faults = checks.Faults(table)
    years = checks.numbers(table, faults, "year", "a year such as 2024", least=1800, most=2200, whole=True)
    frame = pl.DataFrame(
        {
            "area": checks.known_areas(table, faults, areas.codes),
            "year": years.cast(pl.Int64, strict=False),
            "population": checks.population(table, faults),
        },
        schema=POPULATION_COLUMNS,
        strict=False,
    )
    checks.once(faults, frame.select("area", "year"), field="area")
    known = _good(frame, faults, "refuse").drop_nulls("population")
    if known.is_empty():
        raise SchakelError(f"{table.name} has no population that is known; expected at least one number.")
    return known


def read_expected(path: Path, *, areas: Areas) -> pl.DataFrame:
    """Read expected numbers: `date, area, theme, expected`. Raises InputFaultsError."""
    table = read_table(path)
    check_columns(table, required=("date", "area", "theme", "expected"))
    faults = checks.Faults(table)
    frame = pl.DataFrame(
        {
            "date": checks.dates(table, faults),
            "area": checks.known_areas(table, faults, areas.codes),
            "theme": checks.filled(table, faults, "theme", "a theme"),
            "expected": checks.numbers(table, faults, "expected", "a number of at least 0", least=0),
        },
        schema=EXPECTED_COLUMNS,
    )
    checks.once(faults, frame.select("date", "area", "theme"), field="date")
    return _good(frame, faults, "refuse")


def read_partition(folder: Path, *, areas: Areas, today: date) -> pl.DataFrame:
    """The signals of one municipality of a nation: every Parquet file of its folder, in the order of their names.

    Files whose columns have the types of `SIGNAL_COLUMNS` are checked at once; all others as by `read_signals`, which
    names every fault. Raises InputFaultsError, SchakelError.
    """
    parts = [_checked(file, areas=areas, today=today) for file in sorted(folder.glob("*.parquet"))]
    return _by_theme(pl.concat(parts).with_row_index("signal"))


def _checked(file: Path, *, areas: Areas, today: date) -> pl.DataFrame:
    """The records of a file; quickly where every type and every value is as it should be."""
    wanted = {
        name: SIGNAL_COLUMNS[name] for name in ("date", "area", "theme", "people", "source", "reporter")
    }
    try:
        kinds = {name: kind for name, kind in pl.read_parquet_schema(file).items() if name != "text"}
        frame = pl.read_parquet(file, columns=list(wanted)) if kinds == wanted else None
    except (pl.exceptions.PolarsError, OSError):
        frame = None
    if frame is None or not frame.select(_sound(areas, today)).to_series().all():
        frame = _good(*_records(read_table(file), areas=areas, today=today), "refuse").select(list(wanted))
    return frame.with_columns(pl.lit(None, pl.String).alias("text"))


def _sound(areas: Areas, today: date) -> pl.Expr:
    return (
        pl.col("date").is_between(checks.FIRST_DAY, today)
        & pl.col("area").is_in(list(areas.codes))
        & pl.col("theme").str.contains(r"[^;\s]")
        & ~pl.col("theme").str.contains(f"{checks.NO_THEME}|{checks.UNREADABLE}")
        & pl.col("people").is_between(1, checks.MOST_PEOPLE)
    ).fill_null(False)
