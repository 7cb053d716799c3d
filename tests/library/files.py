"""Small input files for the tests of reading and of the command line."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from schakel.io import read_areas
from schakel.records import Areas

TODAY = date(2026, 3, 31)
CODES = tuple(f"B{i}" for i in range(9))
HEADER = "date,area,theme,people,source,reporter\n"
AREAS_CSV = "area,lon,lat,population\n" + "".join(
    f"{code},{5.10 + i % 3 * 0.01:.2f},{52.10 + i // 3 * 0.01:.2f},{1000 + i}\n"
    for i, code in enumerate(CODES)
)


def rows(size: int = 240) -> list[tuple[object, ...]]:
    """Quiet signals of seven months, and a shared question of theme `wonen` in B0, B1 and B3 in the last weeks."""
    rng = np.random.default_rng(1)
    first = date(2024, 1, 1)
    quiet: list[tuple[object, ...]] = [
        (
            first + timedelta(days=int(rng.integers(0, 210))),
            CODES[rng.integers(0, 9)],
            ("wonen", "vervoer")[i % 2],
            1,
            ("street", "partner")[i // 2 % 2],
            f"p{i % 5}",
        )
        for i in range(size)
    ]
    shared: list[tuple[object, ...]] = [
        (
            first + timedelta(days=196 + i % 14),
            ("B0", "B1", "B3")[i % 3],
            "wonen",
            2,
            ("street", "partner")[i % 2],
            f"p{i % 5}",
        )
        for i in range(18)
    ]
    return quiet + shared


def as_csv(records: Sequence[Sequence[object]], header: str = HEADER) -> str:
    return header + "".join(",".join(map(str, row)) + "\n" for row in records)


SIGNALS_CSV = as_csv(rows())


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def places(folder: Path) -> Areas:
    return read_areas(put(folder / "places.csv", AREAS_CSV))


def write_xlsx(path: Path, records: Sequence[Sequence[object]]) -> Path:
    """A workbook with one sheet; dates as Excel keeps them: a number of days with the style of a date."""
    sheet = "".join(
        f"<row>{''.join(_cell(f'{chr(65 + k)}{line}', value) for k, value in enumerate(row))}</row>"
        for line, row in enumerate(records, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="signals" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def _cell(place: str, value: object) -> str:
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
