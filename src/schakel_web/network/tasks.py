"""Files of areas and figures, read by the library (DESIGN §4: only tasks call it)."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from schakel.areas import municipality_of
from schakel.io import read_areas
from schakel.io.packed import unpacked
from schakel.io.tables import Table, check_columns, read_table
from schakel.records import Areas, Fault, InputFaultsError, SchakelError
from schakel_web.network.models import Area, Figure

#: What is the same neighbourhood in another division: the share of both together that lies in both; metres.
_SAME_LAND, _SAME_MIDDLE = 0.9, 250.0
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
    "GemiddeldInkomenPerInwoner": "income",
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
    "g_ink_pi": "income",
    "inwoners": "inwoners",
    "inwoners65plus": "age_65p",
    "inwoners0tot15": "age_0_15",
    "huishoudens": "households",
    "afstandHuisarts": "gp_distance",
    "inkomenPerInwoner": "income",
}
#: Columns as StatLine writes them in full; the words behind it differ.
_LONG = {
    "particuliere huishoudens": "households",
    "ses-woa/totaalscore/gemiddelde": "ses_woa",
    "aantal inwoners": "inwoners",
    "gemiddeld inkomen per inwoner": "income",
}
INDICATOR_LABELS = {
    "inwoners": _("Inwoners"),
    "age_0_15": _("Tot 15 jaar"),
    "age_15_25": _("15 tot 25 jaar"),
    "age_25_45": _("25 tot 45 jaar"),
    "age_45_65": _("45 tot 65 jaar"),
    "age_65p": _("65 jaar en ouder"),
    "households": _("Huishoudens"),
    "single_households": _("Mensen die alleen wonen"),
    "households_children": _("Gezinnen met kinderen"),
    "wmo_clients": _("Mensen met een voorziening uit de Wmo"),
    "gp_distance": _("Kilometers tot een huisarts"),
    "income": _("Gemiddeld inkomen per inwoner (duizend euro)"),
    "ses_woa": _("Welvaart, opleiding en werk (score van het CBS)"),
}
_NAME_COLUMNS = ("regio", "wk_naam", "bu_naam", "gm_naam", "wijken en buurten")
_CODE_COLUMNS = ("codering", "gwb_code", "bu_code", "wk_code", "gm_code", "area")
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


def table(
    upload: UploadedFile[Any],
    *,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    also: Mapping[str, str] | None = None,
) -> tuple[Table, dict[str, str]]:
    """A CSV or Excel file with these columns, and how it calls them; InputFaultsError for others.

    SchakelError when it is no table. `also`: other names of columns, in lower case → ours; a column that is there under
    both names is a fault.
    """
    with kept_for_a_moment(upload) as path:
        found = read_table(path)
    there: dict[str, str] = {}
    if also:
        there = {name: also.get(name.strip().casefold(), name) for name in found.frame.columns}
        if len(set(there.values())) == len(there):
            found = replace(found, frame=found.frame.rename(there))
    check_columns(found, required=required, optional=optional)
    return found, {ours: name for name, ours in there.items()}


def division(upload: UploadedFile[Any], *, municipality: str = "") -> tuple[Areas, dict[str, str]]:
    """The neighbourhoods of a GeoJSON file, all or those of one municipality; and names of what lies above them.

    InputFaultsError with all faults, SchakelError when it is no such file.
    """
    with kept_for_a_moment(upload) as path:
        if not path.name.lower().endswith((".geojson", ".json", ".gz")):
            raise SchakelError("This is no GeoJSON; expected a file that ends in .geojson or .json.")
        names = _of_municipality(path, municipality)
        areas = read_areas(path)
    if areas.metric != "plane":
        raise SchakelError("These areas do not lie in the Netherlands; expected Dutch neighbourhoods.")
    wrong = [code for code in areas.codes if not re.fullmatch(r"BU\w{8}", code)]
    if wrong:
        fault = Fault(
            str(upload.name), None, "area", wrong[0], "a code of a neighbourhood such as BU03630000"
        )
        raise InputFaultsError((fault,))
    return areas, names


def _of_municipality(path: Path, municipality: str) -> dict[str, str]:
    """Leave only the neighbourhoods of one municipality in the file; names of districts and municipalities in it."""
    try:
        whole = json.loads(unpacked(path))
        features = [(f, {str(k).lower(): v for k, v in f["properties"].items()}) for f in whole["features"]]
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # no GeoJSON of areas: reading it as such says what is wrong
    names = {}
    for _feature, said in features:
        for codes, labels in _ABOVE:
            code, label = _first(said, codes), _first(said, labels)
            if code and label:
                names[code] = label
    if municipality:
        wanted = f"BU{municipality.removeprefix('GM')}"
        whole["features"] = [f for f, said in features if _first(said, _NEIGHBOURHOODS).startswith(wanted)]
        if not whole["features"]:
            raise SchakelError(f"No area of municipality {municipality} is in this file.")
        body = json.dumps(whole).encode()
        path.write_bytes(gzip.compress(body, 1) if path.name.lower().endswith(".gz") else body)
    return names


_NEIGHBOURHOODS = ("area", "buurtcode", "bu_code", "statcode", "gebied")
_ABOVE = (
    (("wijkcode", "wk_code"), ("wijknaam", "wk_naam")),
    (("gemeentecode", "gm_code"), ("gemeentenaam", "gm_naam")),
)


def _first(said: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(said[name]).strip() for name in names if said.get(name)), "")


def municipalities(areas: Areas) -> list[str]:
    """Codes of the municipalities of these areas."""
    return sorted({municipality_of(code) for code in areas.codes})


def same_land(area: Area, *, x: float, y: float, polygon: Any = None) -> bool:
    """Whether an area of another division is the same piece of land as this one with the same code.

    Nine tenths of both together lie in both; without borders, their middles are near each other.
    """
    if polygon is not None and area.rings:
        before = _polygon(area.rings)
        shared = shapely.area(shapely.intersection(before, polygon))
        return bool(shared >= _SAME_LAND * shapely.area(shapely.union(before, polygon)))
    return area.x is not None and area.y is not None and hypot(area.x - x, area.y - y) <= _SAME_MIDDLE


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


@dataclass(frozen=True)
class FiguresFile:
    """What a file of key figures holds: figures, names of areas, and the years that it says it is about."""

    rows: list[FigureRow]
    names: dict[str, str]
    years: set[int]


def figures(upload: UploadedFile[Any]) -> FiguresFile:
    """Key figures per area, columns matched by how they begin; a "." stays missing (DESIGN §8)."""
    with kept_for_a_moment(upload) as path:
        table = read_table(path)
    by_name = {re.sub(r"_\d+$", "", name.lower()): name for name in reversed(table.frame.columns)}
    code = next((by_name[name] for name in _CODE_COLUMNS if name in by_name), None)
    code = code or next((name for name in table.frame.columns if name.startswith("regiocode")), None)
    name = next((by_name[name] for name in _NAME_COLUMNS if name in by_name), None)
    columns = _matched(table.frame.columns)
    if code is None or not columns:
        raise SchakelError(
            "No column with codes of areas, or none with key figures, was found; expected a file of CBS 'Kerncijfers "
            "wijken en buurten' with a column such as 'Codering' and one such as 'AantalInwoners'."
        )
    reader = _FigureReader(str(upload.name), code, columns)
    for line, row in zip(table.lines, table.frame.iter_rows(named=True), strict=True):
        reader.read(int(line), row, name)
    if faults := sorted((*table.faults, *reader.faults), key=lambda fault: fault.line or 0):
        raise InputFaultsError(tuple(faults))
    return FiguresFile(reader.rows, reader.names, reader.years)


class _FigureReader:
    def __init__(self, file: str, code: str, columns: dict[str, str]) -> None:
        self.file, self.code, self.columns = file, code, columns
        self.rows: list[FigureRow] = []
        self.faults: list[Fault] = []
        self.names: dict[str, str] = {}
        self.years: set[int] = set()
        self._seen: set[tuple[str, str]] = set()

    def read(self, line: int, row: dict[str, Any], name: str | None) -> None:
        """The figures of one line, or what is wrong with it; a line without a code is a footnote."""
        area = str(row[self.code] or "").strip().upper()
        period = str(row.get("perioden") or "").strip()[:4]
        if not area:
            return
        if not re.fullmatch(r"(GM\d{4}|WK\w{6}|BU\w{8})", area):
            self.faults.append(Fault(self.file, line, self.code, area, "a code such as BU03630000"))
            return
        if (area, period) in self._seen:
            self.faults.append(Fault(self.file, line, self.code, area, "every area once"))
            return
        self._seen.add((area, period))
        if period.isascii() and period.isdigit():
            self.years.add(int(period))
        if name and row[name]:
            self.names[area] = str(row[name]).strip()
        self._values(line, row, area)

    def _values(self, line: int, row: dict[str, Any], area: str) -> None:
        for column, indicator in self.columns.items():
            given = str(row[column] if row[column] is not None else "").strip()
            if given.lower() in _MISSING:
                self.rows.append(FigureRow(area, indicator, None))
                continue
            value = _number(given)
            if value is None:
                self.faults.append(Fault(self.file, line, column, given, "a number, or '.' when unknown"))
            else:
                self.rows.append(FigureRow(area, indicator, value))


def _number(given: str) -> float | None:
    """A finite number, with a decimal point or comma; None for anything else."""
    return float(given.replace(",", ".")) if re.fullmatch(r"[+-]?\d+([.,]\d+)?", given) else None


def _matched(columns: list[str]) -> dict[str, str]:
    """Our indicator for each column that begins as one of those of Statistics Netherlands."""
    known = {name.lower(): indicator for name, indicator in INDICATORS.items()}
    found: dict[str, str] = {}
    for column in columns:
        name = column.lower()
        long = next((indicator for start, indicator in _LONG.items() if name.startswith(start)), None)
        indicator = known.get(name) or known.get(re.sub(r"_\d+$", "", name)) or long
        if indicator and indicator not in found.values():
            found[column] = indicator
    return found


def areas_now(*, borders: bool = True) -> Areas:
    """The neighbourhoods in use, with inhabitants; and with borders where a map is drawn."""
    every = Area.objects.neighbourhoods().filter(x__isnull=False).order_by("code")
    rows = list(every.with_borders() if borders else every)
    place = {area.pk: i for i, area in enumerate(rows)}
    links: list[set[int]] = [set() for _ in rows]
    for one, other in Area.neighbours.through.objects.filter(from_area__in=place).values_list(
        "from_area", "to_area"
    ):
        if other in place:
            links[place[one]].add(place[other])
    people = dict(
        Figure.objects.filter(area__in=place, indicator="inwoners")
        .order_by("year")
        .values_list("area", "value")
    )
    return Areas(
        codes=tuple(area.code for area in rows),
        coordinates=np.array([(area.x, area.y) for area in rows], float).reshape(-1, 2),
        metric="plane",
        population=np.array([np.nan if people.get(a.pk) is None else people[a.pk] for a in rows], float),
        names=tuple(area.name for area in rows),
        polygons=tuple(_polygon(area.rings) for area in rows)
        if borders and all(a.rings for a in rows)
        else (),
        neighbours=tuple(tuple(sorted(each)) for each in links),
    )


def _polygon(rings: list[list[list[int]]]) -> Any:
    return shapely.make_valid(shapely.union_all([shapely.Polygon(ring) for ring in rings if len(ring) > 3]))
