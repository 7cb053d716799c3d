"""Files to tables of text, with the line that each record stands on."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schakel.records import Fault, InputFaultsError, SchakelError

_SEPARATORS = (",", ";", "\t")
_SNIFFED = 64 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A file as read: every field is text or null (empty); `lines` (rows,) as an editor counts, the header 1."""

    name: str
    frame: pl.DataFrame
    lines: pl.Series


def read_table(path: Path) -> Table:
    """Read CSV (UTF-8 or Latin-1; comma, semicolon or tab), Parquet or Excel.

    Raises SchakelError when it cannot be read at all, InputFaultsError when lines are not of one form.
    """
    content = _opened(path)
    suffix = path.suffix.lower()
    try:
        if suffix in (".parquet", ".pq"):
            frame = pl.read_parquet(path)
        elif suffix in (".xlsx", ".xlsm", ".xls", ".ods"):
            frame = pl.read_excel(path, infer_schema_length=0)
        else:
            return _csv(path, content)
    except (pl.exceptions.PolarsError, OSError, ValueError, RuntimeError) as error:
        raise SchakelError(
            f"{path} cannot be read as {suffix[1:]}: it is damaged or of another kind."
        ) from error
    except Exception as error:  # the Excel reader raises its own classes
        if type(error).__module__.startswith("fastexcel"):
            raise SchakelError(
                f"{path} cannot be read as Excel: it is damaged or of another kind."
            ) from error
        raise
    frame = _cleaned(frame.select(pl.all().cast(pl.String)))
    return _nonempty(Table(path.name, frame, pl.Series("line", range(2, len(frame) + 2), pl.Int64)))


def _opened(path: Path) -> bytes:
    """The first bytes of the file."""
    if path.is_dir():
        raise SchakelError(f"{path} is a folder; expected a file.")
    try:
        with path.open("rb") as file:
            content = file.read(_SNIFFED)
    except FileNotFoundError as error:
        raise SchakelError(f"{path} does not exist; expected a file.") from error
    except OSError as error:
        raise SchakelError(f"{path} cannot be opened: {error.strerror}.") from error
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise SchakelError(f"{path} is empty; expected a line with column names and at least one record.")
    return content


def _csv(path: Path, start: bytes) -> Table:
    if b"\0" in start:
        raise SchakelError(
            f"{path} is not a text file; expected CSV, or Parquet or Excel with their own extension."
        )
    header = start.splitlines()[0].decode("utf-8-sig", errors="replace")
    separator = max(_SEPARATORS, key=header.count)
    try:
        frame = _parsed(path, separator)
    except pl.exceptions.PolarsError as error:
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        _same_width(path, text, separator)
        try:
            frame = _parsed(io.BytesIO(text.encode()), separator)
        except pl.exceptions.PolarsError:
            raise SchakelError(
                f"{path} cannot be read as CSV: a quotation mark is not closed, or fields are not separated alike."
            ) from error
    lines = _lines(frame)
    return _nonempty(Table(path.name, _cleaned(frame), lines))


def _parsed(source: Path | io.BytesIO, separator: str) -> pl.DataFrame:
    return pl.read_csv(source, separator=separator, infer_schema=False)


def _same_width(path: Path, text: str, separator: str) -> None:
    """Name every line that has another number of fields than the header."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    width, faults = len(next(reader)), []
    for row in reader:
        if len(row) > width:
            expected = f"{width} fields as in the header, but found {len(row)}"
            faults.append(Fault(path.name, reader.line_num, None, None, f"expected {expected}"))
    if faults:
        raise InputFaultsError(tuple(faults))


def _lines(frame: pl.DataFrame) -> pl.Series:
    """Line of each record: a quoted field may hold line ends, which push the next records down."""
    ends = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True))).to_series()
    before = ends.cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    return (before + pl.Series(range(2, len(frame) + 2), dtype=pl.Int64)).alias("line")


def _cleaned(frame: pl.DataFrame) -> pl.DataFrame:
    """Column names without space or capitals; fields without space around them; empty fields null."""
    frame = frame.rename({name: name.strip().lower().removeprefix("\ufeff") for name in frame.columns})
    stripped = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(stripped.str.len_bytes() > 0).then(stripped))


def _nonempty(table: Table) -> Table:
    if table.frame.is_empty():
        raise SchakelError(f"{table.name} has column names but no records; expected at least one record.")
    return table


def check_columns(table: Table, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Raise InputFaultsError for every column that is missing, and every one that is not known."""
    known = (*required, *optional)
    faults = [
        Fault(table.name, 1, name, None, f"a column '{name}' (columns: {', '.join(known)})")
        for name in required
        if name not in table.frame.columns
    ]
    faults += [
        Fault(table.name, 1, name, name, f"a known column: {', '.join(known)}")
        for name in table.frame.columns
        if name not in known
    ]
    if faults:
        raise InputFaultsError(tuple(faults))
