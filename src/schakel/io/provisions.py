"""The social map from and to files: HSDS JSON, JSON lists, CSV, Parquet and Excel (DESIGN §8)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from schakel.io.results import write_atomically
from schakel.io.tables import read_table
from schakel.provisions.columns import COLUMNS
from schakel.provisions.hsds import Change, read_hsds, write_hsds
from schakel.provisions.mapping import (
    OWN,
    ColumnMapping,
    Rows,
    parse_mapping,
    read_rows,
    rows_of,
    shipped_mapping,
    shipped_mappings,
)
from schakel.provisions.provision import Organisation, Provision
from schakel.records import Fault, SchakelError

#: A cell that begins so is read as a formula by a spreadsheet; we write an apostrophe before it, and take it off again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ProvisionsFile:
    """A file as read: good provisions, all faults, and what was kept beside them.

    ``kept`` are cells that are not mapped, or the changes that give an HSDS file back, by provision. ``people`` is how
    many contact persons and personal addresses were left out (R1); ``redacted`` names the provisions in whose texts
    somebody was named, which is out as well (R4). ``said`` are the columns that the file speaks of, by provision;
    ``there`` are the identifiers of everything in it, faulty or not, ``nameless`` is how many have none,
    ``lines`` where each provision stands in a table.
    """

    provisions: tuple[Provision, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    rows: int = 0
    people: int = 0
    redacted: tuple[str, ...] = ()
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    there: frozenset[str] = frozenset()
    nameless: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


def mapping_of(name: str) -> ColumnMapping:
    """A mapping by its file (.yaml, .yml), or by the name of one that comes with the library. Raises SchakelError."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        if name not in shipped_mappings():
            known = ", ".join(shipped_mappings())
            raise SchakelError(f"There is no mapping '{name}'; expected a YAML file, or one of {known}.")
        return shipped_mapping(name)
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), file=path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SchakelError(f"{path} cannot be read: {error}; expected a YAML file in UTF-8.") from error


def read_provisions(
    path: Path, *, mapping: ColumnMapping | None = None, areas: Collection[str] = ()
) -> ProvisionsFile:
    """Read provisions: a table or a list of flat JSON objects by a mapping (ours without one), or HSDS JSON.

    Raises SchakelError when it cannot be read at all; faults of rows and services are in the result. `areas` are names
    of the municipality's own areas, which are nobody's name.
    """
    if path.suffix.lower() == ".json" or _begins_as_json(path):
        data = _json(path)
        if mapping is None:
            read = read_hsds(data, file=path.name, areas=areas)
            return ProvisionsFile(
                read.provisions, read.faults, read.notes, read.kept, read.organisations, len(read.provisions),
                read.people, read.redacted, read.said, read.there, read.nameless,
            )  # fmt: skip
        return _of_rows(read_rows(_objects(data, path), mapping, file=path.name, areas=areas))
    table = read_table(path)
    chosen = mapping or OWN
    _columns(table.frame.columns, chosen, path)
    rows = table.frame.iter_rows(named=True)
    lines = zip(table.lines.to_list(), map(_plain, rows) if mapping is None else rows, strict=True)
    return _of_rows(read_rows(lines, chosen, file=path.name, areas=areas), odd=table.faults)


def _of_rows(rows: Rows, odd: tuple[Fault, ...] = ()) -> ProvisionsFile:
    return ProvisionsFile(
        rows.provisions,
        tuple(sorted((*odd, *rows.faults), key=lambda fault: fault.line or 0)) if odd else rows.faults,
        kept=rows.kept,
        rows=rows.rows + len(odd),
        people=rows.people,
        redacted=rows.redacted,
        said=rows.said,
        there=rows.there,
        nameless=rows.nameless,
        lines=rows.lines,
    )


def _columns(names: Sequence[str], mapping: ColumnMapping, path: Path) -> None:
    """A table must have what tells its rows apart, and some of the columns for a name."""
    name = mapping.columns["name"].columns
    for wanted in (*((one,) for one in mapping.identifier), name):
        if not set(wanted) & set(names):
            raise SchakelError(
                f"{path.name} has no column '{wanted[0]}'; expected it for the mapping '{mapping.id}'. "
                f"Its columns are {', '.join(list(names)[:20])}."
            )


def _begins_as_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))
    except OSError:
        return False


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SchakelError(f"{path} cannot be read: {error}; expected JSON in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise SchakelError(f"{path} is no JSON: {error}.") from error


def _objects(data: Any, path: Path) -> Iterable[tuple[int, dict[str, str | None]]]:
    """Numbered rows of a list of flat objects; a list in them becomes values separated by ';'."""
    if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
        raise SchakelError(f"{path} is no list of objects; expected one for each provision.")
    for number, each in enumerate(data, start=1):
        yield number, {str(key).strip().lower(): _text(value) for key, value in each.items()}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ";".join(str(each) for each in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def write_provisions(
    path: Path,
    provisions: Sequence[Provision],
    *,
    organisations: Mapping[str, Organisation] | None = None,
    kept: Mapping[str, Sequence[Change]] | None = None,
) -> None:
    """Write provisions as HSDS (.json), CSV (.csv) or Excel (.xlsx), whole or not at all. Raises SchakelError."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        package = write_hsds(provisions, organisations=organisations, kept=kept)
        write_atomically(path, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    elif suffix == ".csv":
        write_atomically(path, csv_text(provisions))
    elif suffix == ".xlsx":
        write_atomically(path, excel_bytes(provisions))
    else:
        raise SchakelError(f"{path} has an unknown extension; expected .json (HSDS), .csv or .xlsx.")


def csv_text(provisions: Iterable[Provision]) -> str:
    """Provisions as CSV that is safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for row in rows_of(provisions):
        writer.writerow(
            {name: f"'{text}" if text.startswith(_FORMULA) else text for name, text in row.items()}
        )
    return out.getvalue()


def _plain(row: Mapping[str, str | None]) -> dict[str, str | None]:
    """A row of ours without the apostrophes."""
    return {
        name: text[1:] if text and text[0] == "'" and text[1:].startswith(_FORMULA) else text
        for name, text in row.items()
    }


def excel_bytes(provisions: Iterable[Provision]) -> bytes:
    """Provisions as a workbook; every cell is text: nothing is a formula, no telephone number loses its zero."""
    frame = pl.DataFrame(rows_of(provisions), schema=dict.fromkeys(COLUMNS, pl.String))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        frame.write_excel(book, worksheet="Voorzieningen", table_style="Table Style Light 1")
    return out.getvalue()
