"""Reading areas: a table with coordinates, or GeoJSON with borders."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import shapely
from shapely.geometry import shape

from schakel.areas import neighbours_of, to_metres
from schakel.io import checks
from schakel.io.packed import unpacked
from schakel.io.tables import Table, check_columns, read_table
from schakel.records import Areas, Fault, Floats, InputFaultsError, SchakelError

_CODES = ("area", "buurtcode", "bu_code", "statcode", "gebied")
_NAMES = ("name", "buurtnaam", "bu_naam", "statnaam", "naam")
_PARENTS = ("parent", "wijkcode", "wk_code")
_POPULATIONS = ("population", "aantalinwoners", "aantal_inwoners", "inwoners", "aant_inw", "a_inw")
_NETHERLANDS = (3.0, 50.5, 7.6, 53.8)  # lon, lat, lon, lat
_ROUNDING = 0.01  # a border that was only damaged by rounding encloses, once mended, as much as before


def read_areas(path: Path) -> Areas:
    """Read areas from CSV, Parquet or Excel (`area, lon, lat` or `area, x, y`), or from GeoJSON, perhaps gzipped.

    Optional: `population, name, parent`. Raises InputFaultsError with all faults, SchakelError when there is
    nothing to read.
    """
    if path.name.lower().endswith((".geojson", ".json", ".geojson.gz", ".json.gz")):
        return _geojson(path)
    table = read_table(path)
    metric = _metric(table)
    axes = ("lon", "lat") if metric == "sphere" else ("x", "y")
    check_columns(
        table,
        required=("area", *axes),
        optional=(
            "population",
            "name",
            "parent",
            *(axis for axis in ("lon", "lat", "x", "y") if axis not in axes),
        ),
    )
    faults = checks.Faults(table)
    codes = checks.filled(table, faults, "area", "an area code")
    faults.where(codes.is_not_null() & ~codes.is_first_distinct(), field="area", expected="every area once")
    coordinates = _coordinates(table, faults, metric, axes)
    population = _population(table, faults)
    if found := faults.all():
        raise InputFaultsError(found)
    return Areas(
        codes=tuple(codes),
        coordinates=coordinates,
        metric=metric,
        population=population,
        names=tuple(_filled(table, "name", codes)),
        parents=tuple(table.frame["parent"].fill_null("")) if "parent" in table.frame.columns else (),
    )


def _metric(table: Table) -> Literal["sphere", "plane"]:
    return (
        "plane" if {"x", "y"} <= set(table.frame.columns) and "lon" not in table.frame.columns else "sphere"
    )


def _coordinates(table: Table, faults: checks.Faults, metric: str, axes: tuple[str, str]) -> Floats:
    unit = "degrees" if metric == "sphere" else "metres"
    first, second = (checks.numbers(table, faults, axis, f"a coordinate in {unit}") for axis in axes)
    if metric == "sphere":
        swapped = first.is_between(50.0, 54.0) & second.is_between(3.0, 8.0)
        faults.where(swapped, field="lon", expected="lon before lat: these two look swapped")
        far_east = first.is_finite() & (first.abs() > 180)
        far_north = second.is_finite() & (second.abs() > 90)
        faults.where(far_east, field="lon", expected="degrees from -180 to 180 (metres go in x and y)")
        faults.where(
            far_north & ~far_east, field="lat", expected="degrees from -90 to 90 (is lon before lat?)"
        )
        faults.where(far_north & far_east, field="lat", expected="degrees from -90 to 90")
    elif any(_all_dutch(lon, lat) for lon, lat in ((first, second), (second, first))):
        raise SchakelError(
            f"{table.name}: x and y look like degrees ({first[0]:g}, {second[0]:g}); expected metres, or lon and lat."
        )
    return np.column_stack([first.to_numpy(), second.to_numpy()]).astype(float)


def _all_dutch(lon: pl.Series, lat: pl.Series) -> bool:
    west, south, east, north = _NETHERLANDS
    return bool((lon.is_between(west, east) & lat.is_between(south, north)).all(ignore_nulls=False))


def _population(table: Table, faults: checks.Faults) -> Floats:
    if "population" not in table.frame.columns:
        return np.full(len(table.frame), np.nan)
    return checks.population(table, faults).fill_null(float("nan")).to_numpy().astype(float)


def _filled(table: Table, field: str, otherwise: pl.Series) -> pl.Series:
    return table.frame[field].fill_null(otherwise) if field in table.frame.columns else otherwise


def _geojson(path: Path) -> Areas:
    features = _features(path)
    faults: list[Fault] = []
    seen: set[str] = set()
    rows: list[dict[str, Any]] = []
    polygons: list[shapely.Geometry] = []
    for number, feature in enumerate(features, start=1):
        properties = _properties(feature)
        code = str(_first(properties, _CODES)).strip()
        polygon, problem = _polygon(feature.get("geometry") if isinstance(feature, dict) else None)
        people, known = _people(properties)
        if code in ("", "None"):
            faults.append(_fault(path, number, "area", None, "a property area (or buurtcode)"))
        elif code in seen:
            faults.append(_fault(path, number, "area", code, "every area once"))
        elif polygon is None:
            faults.append(_fault(path, number, "geometry", code, problem))
        elif not known:
            faults.append(
                _fault(path, number, "population", str(_first(properties, _POPULATIONS)), checks.PEOPLE)
            )
        else:
            rows.append(properties | {"area": code, "population": people})
            polygons.append(polygon)
        seen.add(code)
    if faults:
        raise InputFaultsError(tuple(faults))
    return _with_borders(path, rows, polygons)


def _properties(feature: Any) -> dict[str, Any]:
    """The properties of a feature with their names in lower case; none when it is no feature."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return {str(k).lower(): v for k, v in properties.items()} if isinstance(properties, dict) else {}


def _fault(path: Path, number: int, field: str, value: str | None, expected: str) -> Fault:
    return Fault(f"{path.name}, feature {number}", None, field, value, expected)


def _features(path: Path) -> list[Any]:
    if path.is_dir() or not path.exists():
        raise SchakelError(f"{path} does not exist or is a folder; expected a GeoJSON file.")
    try:
        data = json.loads(unpacked(path))
    except (OSError, ValueError, EOFError, RecursionError) as error:
        raise SchakelError(
            f"{path} cannot be read as GeoJSON: it is empty, damaged or of another kind."
        ) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise SchakelError(
            f"{path} has no features; expected a GeoJSON FeatureCollection with at least one area."
        )
    return features


def _polygon(geometry: Any) -> tuple[shapely.Geometry | None, str]:
    """The borders of a feature, mended where rounding made them cross or collapse; or None and what was expected."""
    expected = "a valid Polygon or MultiPolygon"
    try:
        with np.errstate(invalid="ignore"):  # a coordinate that is no number makes a border that is not valid
            found = shape(geometry)
            closed = _closed(geometry)
            mended = shapely.make_valid(found, method="structure", keep_collapsed=False)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        return None, expected
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty:
        return None, expected
    if not closed:
        return None, f"{expected}, but it does not end where it began"
    if found.is_valid:
        return found, ""
    if abs(mended.area - found.area) < _ROUNDING * found.area:
        return mended, ""
    return None, f"{expected}, but {shapely.is_valid_reason(found).lower()}"


def _closed(geometry: Any) -> bool:
    """Whether every border ends where it began; one that does not may have lost its last points."""
    rings = geometry["coordinates"]
    if geometry["type"] == "MultiPolygon":
        rings = [ring for polygon in rings for ring in polygon]
    return all(tuple(ring[0]) == tuple(ring[-1]) for ring in rings)


def _with_borders(path: Path, rows: list[dict[str, Any]], polygons: list[shapely.Geometry]) -> Areas:
    """Areas in metres where they are Dutch, or are in metres already; else in degrees."""
    west, south, east, north = shapely.total_bounds(np.array(polygons, dtype=object)).tolist()
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    lon0, lat0, lon1, lat1 = _NETHERLANDS
    if degrees and lat0 <= west and east <= lat1 and lon0 <= south and north <= lon1:
        raise SchakelError(
            f"{path}: the coordinates look swapped ({west:g}, {south:g}); expected lon before lat."
        )
    dutch = degrees and lon0 <= west and east <= lon1 and lat0 <= south and north <= lat1
    shapes = np.array(polygons, dtype=object)
    if dutch:
        shapes = shapely.transform(shapes, to_metres)
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    metric: Literal["sphere", "plane"] = "plane" if dutch or not degrees else "sphere"
    scale = 1.0 if metric == "plane" else 111_000.0
    return Areas(
        codes=tuple(row["area"] for row in rows),
        coordinates=centres,
        metric=metric,
        population=np.array([row["population"] for row in rows]),
        names=tuple(str(_first(row, _NAMES) or row["area"]) for row in rows),
        parents=tuple(str(_first(row, _PARENTS) or "") for row in rows),
        polygons=tuple(shapes),
        neighbours=neighbours_of(list(shapes), metres_per_unit=scale),
    )


def _first(properties: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((properties[name] for name in names if properties.get(name) not in (None, "")), None)


def _people(properties: dict[str, Any]) -> tuple[float, bool]:
    """Population, NaN when it is missing ('.', empty, or one of the numbers CBS uses); and whether it is one."""
    given = _first(properties, _POPULATIONS)
    if given is None or str(given).strip() in checks.UNKNOWN:
        return math.nan, True
    try:
        value = float(given)
    except (TypeError, ValueError):
        return math.nan, False
    return value, math.isfinite(value) and value >= 0
