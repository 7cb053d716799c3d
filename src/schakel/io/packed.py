"""Files that are packed: a few kilobytes may unpack to more than any memory holds, so that is looked at first."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

from schakel.records import SchakelError

_MOST_CELLS = 50_000_000  # the corner of a sheet, empty cells included: the reader makes room for all of them
MOST_BYTES = 1024**3  # unpacked
_BLOCK = 2**20
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})["']""")
_LONGEST = 16  # of a place that two blocks share
_FIRST_SHEET = re.compile(rb"""<sheet\b[^>]*\br:id=["']([^"']+)["']""")
_ERROR = re.compile(
    rb"""<c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>""",
    re.DOTALL,
)


def unpacked(path: Path) -> bytes:
    """The content of a file that may be gzipped; SchakelError when that is too large. OSError, EOFError as by gzip."""
    if not path.name.lower().endswith(".gz"):
        return path.read_bytes()
    with gzip.open(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SchakelError(
            f"{path} is too large when it is unpacked; expected at most {MOST_BYTES // 1024**2} MiB."
        )
    return content


def check_workbook(path: Path) -> None:
    """SchakelError for a workbook whose sheets are too large to read, however small the file is.

    What is no workbook of Excel 2007 or later is left to the reader.
    """
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()  # all of them: a sheet may have any name
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise _too_large(path)
            if any(_cells(book, part) > _MOST_CELLS for part in parts):
                raise _too_large(path)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return  # damaged or of another kind: the reader says so


def cells_in_error(path: Path) -> list[tuple[int, int, str]]:
    """Row and column, from 1, and content of the cells of the first sheet of which the formula failed: '#DIV/0!'.

    The reader makes them empty, and an empty cell means something else. None of what is no workbook of Excel 2007.
    """
    found: list[tuple[int, int, str]] = []
    try:
        with zipfile.ZipFile(path) as book, book.open(_first_sheet(book)) as content:
            rest = b""
            while block := content.read(_BLOCK):
                whole, mark, rest = (rest + block).rpartition(b"<c ")
                found += _errors(whole)
                rest = mark + rest
            found += _errors(rest)
    except (zipfile.BadZipFile, OSError, KeyError):
        return []
    return found


def _errors(xml: bytes) -> list[tuple[int, int, str]]:
    return [
        (int(row), _number(column), value.decode("utf-8", "replace"))
        for column, row, value in _ERROR.findall(xml)
    ]


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The name of its part; KeyError when there is none."""
    sheet = _FIRST_SHEET.search(book.read("xl/workbook.xml"))
    for relation in re.findall(rb"<Relationship\b[^>]*>", book.read("xl/_rels/workbook.xml.rels")):
        said = dict(re.findall(rb"""\b(Id|Target)=["']([^"']*)["']""", relation))
        if sheet and said.get(b"Id") == sheet[1]:
            target = said[b"Target"].decode()
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise KeyError("first sheet")


def _cells(book: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> int:
    """Rows times columns up to the last cell of a sheet; of any other part next to nothing."""
    last_row = last_column = 0
    with book.open(sheet) as content:
        rest = b""
        while block := content.read(_BLOCK):
            for column, row in set(_PLACE.findall(rest + block)):
                last_row, last_column = max(last_row, int(row)), max(last_column, _number(column))
            rest = block[-_LONGEST:]
    return last_row * last_column


def _number(column: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_large(path: Path) -> SchakelError:
    return SchakelError(
        f"{path} has a sheet that is too large to read; expected no cells far below or far to the right of the table "
        "(delete empty rows and columns), or a CSV file."
    )
