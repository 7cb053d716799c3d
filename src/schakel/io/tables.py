"""Files to tables of text, with the line that each record stands on."""

from __future__ import annotations

import csv
import io
import re
from array import array
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schakel.io.packed import cells_in_error, check_workbook
from schakel.records import Fault, InputFaultsError, SchakelError

_SEPARATORS = (",", ";", "\t")
_SNIFFED = 64 * 1024
_MOST_UNSEEN = (
    0.05  # share of control characters in a text: one that slipped in is a fault of its row, not of the file
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A file as read: every field is text or null (empty); `lines` (rows,) as an editor counts, the header 1.

    `faults` are the lines that are no record, because they have more or fewer fields than the header.
    """

    name: str
    frame: pl.DataFrame
    lines: pl.Series
    faults: tuple[Fault, ...] = ()


def read_table(path: Path) -> Table:
    """Read CSV (UTF-8 or Latin-1; comma, semicolon or tab), Parquet or Excel. Rows with nothing in them are no records.

    Raises SchakelError when it cannot be read at all, InputFaultsError when nothing in it can be read as a record.
    """
    start = _opened(path)
    suffix = path.suffix.lower()
    if suffix not in (".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".ods"):
        return _csv(path, start)
    check_workbook(path)
    try:
        frame = (
            pl.read_parquet(path)
            if suffix in (".parquet", ".pq")
            else pl.read_excel(path, infer_schema_length=0)
        )
        frame = frame.select(pl.all().cast(pl.String))
    except pl.exceptions.NoDataError as error:
        raise SchakelError(f"{path} is empty; expected column names and at least one record.") from error
    except (pl.exceptions.PolarsError, OSError, ValueError, RuntimeError) as error:
        raise SchakelError(
            f"{path} cannot be read as {suffix[1:]}: it is damaged or of another kind."
        ) from error
    except Exception as error:  # the Excel reader raises its own classes
        if "fastexcel" not in type(error).__module__:
            raise
        raise SchakelError(f"{path} cannot be read as Excel: it is damaged or of another kind.") from error
    expected = "a value: the formula in this cell gives an error"
    if wrong := cells_in_error(path):
        raise InputFaultsError(
            tuple(
                Fault(path.name, row, [*frame.columns, *[None] * column][column - 1], value, expected)
                for row, column, value in wrong
            )
        )
    return _table(path, frame, pl.Series("line", range(2, len(frame) + 2), pl.Int64))


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
    unseen = len(start) - len(start.translate(None, _CONTROL))
    if b"\0" in start or unseen > _MOST_UNSEEN * len(start):
        raise SchakelError(
            f"{path} is not a text file; expected CSV, or Parquet or Excel with their own extension."
        )
    if b"\r" in start and b"\n" not in start:
        raise SchakelError(f"{path} has lines that only end with a carriage return; expected a line feed.")
    blank = len(start) - len(start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    header = start[blank:].splitlines()[0].decode("utf-8", errors="replace")
    separator = max(_SEPARATORS, key=header.count)
    try:
        frame = _parsed(path, separator)
    except pl.exceptions.PolarsError:
        frame = None
    if frame is None or _separators(path, separator) != _separators_in(frame, separator):
        text = _text(path)
        if odd := _of_other_width(path, text, separator):
            return _table(path, *_of_one_width(text, separator), odd)
        try:
            frame = _parsed(io.BytesIO(text.encode()), separator) if frame is None else frame
        except pl.exceptions.PolarsError as error:
            raise SchakelError(
                f"{path} cannot be read as CSV: its fields are not separated alike."
            ) from error
    return _table(path, frame, _lines(frame, first=2 + start[:blank].count(b"\n")))


def _parsed(source: Path | io.BytesIO, separator: str) -> pl.DataFrame:
    return pl.read_csv(source, separator=separator, infer_schema=False)


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separators(path: Path, separator: str) -> int:
    with path.open("rb") as file:
        return sum(block.count(separator.encode()) for block in iter(lambda: file.read(2**24), b""))


def _separators_in(frame: pl.DataFrame, separator: str) -> int:
    """How many separators a file of this frame has when no line has fields too few: between fields, and within."""
    within = frame.select(pl.all().str.count_matches(separator, literal=True).sum()).sum_horizontal().item()
    return int(within) + (len(frame) + 1) * (frame.width - 1)


def _of_other_width(path: Path, text: str, separator: str) -> tuple[Fault, ...]:
    """Every line that has another number of fields than the header; raises for a quotation mark that stays open."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    faults, width, line = [], 0, 1
    try:
        for row in reader:
            width = width or len(row)
            if row and len(row) != width:
                expected = f"expected {width} fields as in the header, but found {len(row)}"
                faults.append(Fault(path.name, line, None, None, expected))
            line = reader.line_num + 1
    except csv.Error:  # from here on nobody can tell what is a field
        expected = "expected every quotation mark closed at the end of its field, and doubled within it"
        raise InputFaultsError((*faults, Fault(path.name, line, None, None, expected))) from None
    return tuple(faults)


def _of_one_width(text: str, separator: str) -> tuple[pl.DataFrame, pl.Series]:
    """The records that have as many fields as the header, and the line of each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    width, line, lines = 0, 1, array("q")
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, delimiter=separator, lineterminator="\n")
    for row in reader:
        width = width or len(row)
        if row and len(row) == width:
            writer.writerow(row)
            lines.append(line)
        line = reader.line_num + 1
    return _parsed(io.BytesIO(kept.getvalue().encode()), separator), pl.Series("line", lines[1:], pl.Int64)


def _lines(frame: pl.DataFrame, *, first: int) -> pl.Series:
    """Line of each record: a quoted field may hold line ends, which push the next records down."""
    ends = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True))).to_series()
    before = (
        ends.cast(pl.Int64).cum_sum().shift(1, fill_value=sum(name.count("\n") for name in frame.columns))
    )
    return (before + pl.Series(range(first, len(frame) + first), dtype=pl.Int64)).alias("line")


def _table(path: Path, frame: pl.DataFrame, lines: pl.Series, faults: tuple[Fault, ...] = ()) -> Table:
    """Column names without space or capitals; fields without space around them; empty fields null, empty rows gone."""
    names = [re.sub(r"_duplicated_\d+$", "", name).strip().lower() for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputFaultsError(
            tuple(Fault(path.name, 1, name, name, "every column once, but found it twice") for name in twice)
        )
    frame.columns = names
    stripped = pl.all().str.strip_chars()
    frame = frame.with_columns(pl.when(stripped.str.len_bytes() > 0).then(stripped))
    empty = (
        frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if names
        else pl.Series([], dtype=pl.Boolean)
    )
    if empty.any():
        frame, lines = frame.filter(~empty), lines.filter(~empty)
    if frame.is_empty() and faults:
        raise InputFaultsError(faults)
    if frame.is_empty():
        raise SchakelError(f"{path} has column names but no records; expected at least one record.")
    return Table(path.name, frame, lines, faults)


def check_columns(table: Table, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Raise InputFaultsError for every column that is missing, and every one that is not known."""
    known = (*required, *optional)
    absent = [name for name in required if name not in table.frame.columns]
    strange = [name for name in table.frame.columns if name not in known]
    columns = ", ".join(known)
    faults = [
        Fault(table.name, 1, None, None, f"column '{name}' is missing; expected {columns}") for name in absent
    ]
    faults += [Fault(table.name, 1, name, name, f"a known column: {columns}") for name in strange]
    if faults:
        raise InputFaultsError((*faults, *table.faults))
