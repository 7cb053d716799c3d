"""Files of areas and figures, read by the library (DESIGN §4: only tasks call it)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile

from schakel.areas import municipality_of
from schakel.io import read_areas
from schakel.io.tables import Table, check_columns, read_table
from schakel.records import Areas, Fault, InputFaultsError, SchakelError

_TOLERANCE = 5.0  # metres by which a border may be drawn more simply
#: Indicators of Statistics Netherlands by the beginning of their column; the number behind it differs per year.
INDICATORS = {
    "AantalInwoners": "inwoners",
    "k_0Tot15Jaar": "age_0_15",
    "k_15Tot25Jaar": "age_15_25",
    "k_25Tot45Jaar": "age_25_45",
    "k_45Tot65Jaar": "age_45_65",
    "k_65JaarOfOuder": "age_65p",
    "HuishoudensTotaal": "households",
    "Eenpersoonshuishoudens": "single_households",
    "HuishoudensMetKinderen": "households_children",
    "WmoClienten": "wmo_clients",
    "AfstandTotHuisartsenpraktijk": "gp_distance",
    "a_inw": "inwoners",
    "a_00_14": "age_0_15",
    "a_15_24": "age_15_25",
    "a_25_44": "age_25_45",
    "a_45_64": "age_45_65",
    "a_65_oo": "age_65p",
    "a_hh": "households",
    "a_1p_hh": "single_households",
    "a_hh_m_k": "households_children",
    "a_wmo_t": "wmo_clients",
    "g_afs_hp": "gp_distance",
    "inwoners": "inwoners",
    "inwoners65plus": "age_65p",
    "inwoners0tot15": "age_0_15",
    "huishoudens": "households",
    "afstandHuisarts": "gp_distance",
}
_CODE_COLUMNS = ("codering", "gwb_code", "bu_code", "wk_code", "gm_code", "area", "regio")
_ENDING = re.compile(r"[.\w]*", re.ASCII)
_MISSING = {"", ".", "-99997", "-99995", "x"}


@dataclass(frozen=True)
class FigureRow:
    """One figure of one area; `value` is None when it was not published."""

    code: str
    indicator: str
    value: float | None


@contextmanager
def kept_for_a_moment(upload: UploadedFile[Any]) -> Iterator[Path]:
    """An uploaded file on disk under its own ending, and gone afterwards."""
    ending = "".join(Path(str(upload.name)).suffixes[-2:])[-20:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("bestand" + (ending if _ENDING.fullmatch(ending) else ""))
        with path.open("wb") as file:
            for part in upload.chunks():
                file.write(part)
        yield path


def table(upload: UploadedFile[Any], *, required: tuple[str, ...], optional: tuple[str, ...]) -> Table:
    """A CSV or Excel file with these columns; InputFaultsError for others, SchakelError when it is no table."""
    with kept_for_a_moment(upload) as path:
        found = read_table(path)
    check_columns(found, required=required, optional=optional)
    return found


def division(upload: UploadedFile[Any]) -> Areas:
    """The neighbourhoods of a GeoJSON file; InputFaultsError with all faults, SchakelError when it is none."""
    with kept_for_a_moment(upload) as path:
        if not path.name.lower().endswith((".geojson", ".json", ".gz")):
            raise SchakelError("This is no GeoJSON; expected a file that ends in .geojson or .json.")
        areas = read_areas(path)
    if areas.metric != "plane":
        raise SchakelError("These areas do not lie in the Netherlands; expected Dutch neighbourhoods.")
    wrong = [code for code in areas.codes if not re.fullmatch(r"BU\w{8}", code)]
    if wrong:
        fault = Fault(
            str(upload.name), None, "area", wrong[0], "a code of a neighbourhood such as BU03630000"
        )
        raise InputFaultsError((fault,))
    return areas


def municipalities(areas: Areas) -> list[str]:
    """Codes of the municipalities of these areas."""
    return sorted({municipality_of(code) for code in areas.codes})


def outline(polygon: Any) -> list[list[list[int]]]:
    """Rings in whole metres, drawn as simply as a map on a screen needs."""
    simple = shapely.simplify(polygon, _TOLERANCE)
    parts = sorted(shapely.get_parts(simple), key=lambda part: -part.area)
    return [
        np.rint(shapely.get_coordinates(ring)).astype(int).tolist()
        for part in parts
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in shapely.get_rings(part)
    ]


def figures(upload: UploadedFile[Any]) -> list[FigureRow]:
    """Key figures per area, columns matched by how they begin; a "." stays missing (DESIGN §8)."""
    with kept_for_a_moment(upload) as path:
        table = read_table(path)
    by_name = {re.sub(r"_\d$", "", name.lower()): name for name in table.frame.columns}
    code = next((by_name[name] for name in _CODE_COLUMNS if name in by_name), None)
    columns = _matched(table.frame.columns)
    if code is None or not columns:
        raise SchakelError(
            "No column with codes of areas, or none with key figures, was found; expected a file of CBS 'Kerncijfers "
            "wijken en buurten' with a column such as 'Codering' and one such as 'AantalInwoners'."
        )
    faults: list[Fault] = []
    rows: list[FigureRow] = []
    for line, row in zip(table.lines, table.frame.iter_rows(named=True), strict=True):
        area = str(row[code] or "").strip().upper()
        if not re.fullmatch(r"(GM\d{4}|WK\w{6}|BU\w{8})", area):
            if area:
                faults.append(Fault(str(upload.name), int(line), code, area, "a code such as BU03630000"))
            continue
        for column, indicator in columns.items():
            given = str(row[column] if row[column] is not None else "").strip()
            if given.lower() in _MISSING:
                rows.append(FigureRow(area, indicator, None))
                continue
            try:
                rows.append(FigureRow(area, indicator, float(given.replace(",", "."))))
            except ValueError:
                faults.append(
                    Fault(str(upload.name), int(line), column, given, "a number, or '.' when unknown")
                )
    if faults:
        raise InputFaultsError(tuple(faults))
    return rows


def _matched(columns: list[str]) -> dict[str, str]:
    """Our indicator for each column that begins as one of those of Statistics Netherlands."""
    known = {name.lower(): indicator for name, indicator in INDICATORS.items()}
    found: dict[str, str] = {}
    for column in columns:
        name = column.lower()
        indicator = known.get(name) or known.get(re.sub(r"_\d+$", "", name))
        if indicator and indicator not in found.values():
            found[column] = indicator
    return found
