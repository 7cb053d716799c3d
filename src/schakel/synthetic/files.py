"""A made-up municipality as files that every reader of the file contract understands."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from schakel.areas import to_degrees
from schakel.records import Areas, SchakelError

from .municipality import Municipality
from .plan import Planted


def write(municipality: Municipality, folder: Path) -> tuple[Path, ...]:
    """Write signals.csv, areas.geojson (WGS84), areas.csv, population.csv, composition.csv and truth.json.

    The folder is made when it is missing. Returns the paths. The bytes depend on the plan only. Raises
    `SchakelError` when the folder cannot be written.
    """
    areas = municipality.areas
    contents = {
        "signals.csv": records(municipality.signals).write_csv(),
        "areas.geojson": _json(_features(areas)),
        "areas.csv": places(areas).write_csv(),
        "population.csv": municipality.population.cast({"population": pl.Int64}).write_csv(),
        "composition.csv": municipality.composition.write_csv(),
        "truth.json": _json(_truth(municipality)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_text(content, "utf-8", newline="\n")
    except OSError as error:
        raise SchakelError(f"{folder}: cannot write the municipality there ({error.strerror})") from error
    return tuple(folder / name for name in contents)


def records(signals: pl.DataFrame) -> pl.DataFrame:
    """One row per signal in the file's columns; several themes are joined with ';'."""
    joined = signals.group_by("signal", maintain_order=True).agg(
        pl.col("date", "area").first(),
        pl.col("theme").str.join(";"),
        pl.col("people", "source", "reporter", "text").first(),
    )
    return joined.drop("signal")


def places(areas: Areas) -> pl.DataFrame:
    """One row per area: area, lon, lat (degrees), population, name, parent; unknown population stays empty."""
    at = (to_degrees(areas.coordinates) if areas.metric == "plane" else areas.coordinates).round(6)
    return pl.DataFrame(
        {
            "area": areas.codes,
            "lon": at[:, 0],
            "lat": at[:, 1],
            "population": pl.Series(areas.population).fill_nan(None).cast(pl.Int64),
            "name": areas.names or areas.codes,
            "parent": areas.parents or [None] * len(areas),
        },
        schema_overrides={"parent": pl.String},
    )


def _features(areas: Areas) -> dict[str, object]:
    rows = zip(
        areas.codes, areas.names, areas.parents, areas.population.tolist(), areas.polygons, strict=True
    )
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"area": code, "name": name, "parent": parent, "population": int(population)},
                "geometry": _geometry(polygon),
            }
            for code, name, parent, population, polygon in rows
        ],
    }


def _geometry(polygon: object) -> object:
    if not isinstance(polygon, BaseGeometry):
        raise SchakelError("areas: expected a polygon for every area")
    placed = shapely.transform(polygon, lambda points: to_degrees(points).round(7))
    return json.loads(shapely.to_geojson(placed))


def _truth(municipality: Municipality) -> dict[str, object]:
    return {
        "plan": asdict(municipality.plan),
        "districts": municipality.districts,
        "planted": planted_rows(municipality.truth),
        "personal": municipality.personal.to_dicts(),
    }


def planted_rows(truth: tuple[Planted, ...]) -> list[dict[str, object]]:
    """The planted questions as plain values."""
    return [asdict(planted) for planted in truth]


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
