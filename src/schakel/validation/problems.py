"""The public data sets as inputs of a detection, exactly as the command line would give them.

Conventions of the reference programs that had to be found out, and reproduce their answers to the last digit:

* distances over a sphere of 6,367 km; zones are nearest-neighbour prefixes, limits inclusive;
* a population figure of a year holds on 1 July, runs linearly by day to the next one, and stays constant
  before the first and after the last (SaTScan user guide, "Population file");
* expected counts by indirect standardisation: the rate of each stratum over the whole study, times its
  person-time;
* ``max_share`` is a share of the expected counts (of the cases, for the permutation method);
* the R package scanstatistics gives each period the same total expected count, divided by population.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from schakel.detection.calendar import Calendar, calendar
from schakel.detection.population import person_time
from schakel.records import EXPECTED_COLUMNS, SIGNAL_COLUMNS, Areas, SchakelError, Settings

#: The German states by their capitals: the data have no coordinates.
CAPITALS = (
    ("Baden.Wuerttemberg", 9.18, 48.78),
    ("Bavaria", 11.58, 48.14),
    ("Berlin", 13.40, 52.52),
    ("Brandenburg", 13.06, 52.40),
    ("Bremen", 8.80, 53.08),
    ("Hamburg", 9.99, 53.55),
    ("Hesse", 8.24, 50.08),
    ("Mecklenburg.Vorpommern", 11.42, 53.63),
    ("Lower.Saxony", 9.73, 52.37),
    ("North.Rhine.Westphalia", 6.78, 51.23),
    ("Rhineland.Palatinate", 8.27, 50.00),
    ("Saarland", 7.00, 49.23),
    ("Saxony", 13.74, 51.05),
    ("Saxony.Anhalt", 11.63, 52.13),
    ("Schleswig.Holstein", 10.14, 54.32),
    ("Thuringia", 11.03, 50.98),
)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What one detection gets."""

    signals: pl.DataFrame
    areas: Areas
    settings: Settings
    expected: pl.DataFrame | None = None


Builder = Callable[[Path], Problem]


def read(folder: Path, name: str, **options: object) -> pl.DataFrame:
    """One public table; raises SchakelError when it is not there."""
    path = folder / name
    if not path.is_file():
        raise SchakelError(
            f"The file '{name}' is not in '{folder}'; expected the folder of public data sets."
        )
    return pl.read_csv(path, null_values="NA", **options)  # type: ignore[arg-type]


def signals_of(cases: pl.DataFrame, *, theme: str) -> pl.DataFrame:
    """Signals from a table with `date`, `area` and `people`: one row per place and day with anybody."""
    some = cases.filter(pl.col("people") > 0).with_row_index("signal")
    added = [pl.lit(theme).alias("theme")]
    added += [pl.lit(None).alias(c) for c in ("source", "reporter", "text")]
    return some.with_columns(added).select(pl.col(c).cast(t) for c, t in SIGNAL_COLUMNS.items())


def areas_of(
    codes: pl.Series, coordinates: pl.DataFrame, *, metric: Literal["sphere", "plane"] = "sphere"
) -> Areas:
    """Areas without population; coordinates as (longitude, latitude) or metres."""
    unknown = np.full(len(codes), np.nan)
    return Areas(tuple(codes.to_list()), coordinates.to_numpy().astype(float), metric, unknown)


def expected_of(table: pl.DataFrame, *, theme: str) -> pl.DataFrame:
    """The frame of expected counts from a table with `date`, `area` and `expected`."""
    full = table.with_columns(pl.lit(theme).alias("theme"))
    return full.select(pl.col(c).cast(t) for c, t in EXPECTED_COLUMNS.items())


def new_mexico(folder: Path) -> Problem:
    """Brain cancer in New Mexico, 1986–1989, against a Poisson regression on 1973–1985 (scanstatistics)."""
    table = read(folder, "nm_ebp_baselines_1986_1989.csv").rename({"county": "area", "count": "people"})
    table = table.with_columns(pl.date(pl.col("year"), 7, 1).alias("date"))
    seats = read(folder, "nm_geo.csv").filter(pl.col("county").is_in(table["area"].implode()))
    settings = Settings(
        method="expectation", null="poisson", period="year", start=date(1986, 1, 1), end=date(1989, 12, 31),
        neighbours=15, max_share=1.0, windows=(1, 2, 3, 4), min_count=1, min_areas=1, raw=True,
    )  # fmt: skip
    return Problem(
        signals_of(table, theme="brain cancer"),
        areas_of(seats["county"], seats.select("seat_long", "seat_lat")),
        settings,
        expected_of(table.with_columns(expected=pl.col("mu")), theme="brain cancer"),
    )


def new_mexico_population(folder: Path) -> Problem:
    """The same cases, given their total and the population: every year the same total expected count."""
    table = read(folder, "nm_ebp_baselines_1986_1989.csv").rename({"county": "area"})
    share = pl.col("population") / pl.col("population").sum().over("year")
    table = table.with_columns(pl.date(pl.col("year"), 7, 1).alias("date"), share.alias("expected"))
    problem = new_mexico(folder)
    return replace(
        problem,
        settings=replace(problem.settings, method="poisson"),
        expected=expected_of(table, theme="brain cancer"),
    )


def new_mexico_standardised(folder: Path) -> Problem:
    """Brain cancer in New Mexico, 1973–1991, by age and sex (SaTScan's own example)."""
    cases = read(folder, "satscan_nm_cas.csv").rename({"county": "area", "cases": "people"})
    cases = cases.with_columns(pl.date(pl.col("year"), 7, 1).alias("date"))
    places = read(folder, "satscan_nm_geo.csv")
    people = read(folder, "satscan_nm_pop.csv").with_columns(
        pl.col("county").alias("area"), (1900 + pl.col("year2digit")).cast(pl.Int64).alias("year")
    )
    settings = Settings(
        method="poisson", null="poisson", mode="retrospective", period="year", start=date(1973, 1, 1),
        end=date(1991, 12, 31), windows=tuple(range(1, 10)), min_count=2, min_areas=1, raw=True,
    )  # fmt: skip
    areas = areas_of(places["county"], places.select("lon", "lat"))
    years = calendar("year", first=date(1973, 1, 1), last=date(1991, 12, 31))
    expected = _standardised(cases, people, areas, years)
    return Problem(signals_of(cases, theme="brain cancer"), areas, settings, expected)


def _standardised(cases: pl.DataFrame, people: pl.DataFrame, areas: Areas, years: Calendar) -> pl.DataFrame:
    """Expected counts per area and year: each stratum's rate over the whole study times its person-time."""
    expected = np.zeros((len(years), len(areas)))
    seen = {key: int(part["people"].sum()) for key, part in cases.group_by("agegroup", "sex")}
    for key, part in people.group_by("agegroup", "sex", maintain_order=True):
        time = person_time(areas, part.select("area", "year", "population"), years)
        expected += seen.get(key, 0) * time / time.sum()
    dates = [day for day in years.starts for _ in areas.codes]
    table = pl.DataFrame({"date": dates, "area": areas.codes * len(years), "expected": expected.ravel()})
    return expected_of(table, theme="brain cancer")


def new_york(folder: Path) -> Problem:
    """Fever visits in New York by postal code, November 2001 (SaTScan's own example)."""
    text: dict[str, type[pl.DataType]] = {"zip": pl.String}
    cases = read(folder, "satscan_nycfever_cas.csv", schema_overrides=text)
    cases = cases.rename({"zip": "area", "cases": "people"}).with_columns(
        pl.col("date").str.to_date("%Y/%m/%d")
    )
    places = read(folder, "satscan_nycfever_geo.csv", schema_overrides=text)
    settings = Settings(
        method="permutation", null="poisson", period="day", start=date(2001, 11, 1), end=date(2001, 11, 24),
        max_share=0.5, max_radius_km=3.0, windows=tuple(range(1, 8)), min_count=2, min_areas=1, raw=True,
    )  # fmt: skip
    return Problem(
        signals_of(cases, theme="fever"), areas_of(places["zip"], places.select("lon", "lat")), settings
    )


def pennsylvania(folder: Path) -> Problem:
    """Lung cancer in Pennsylvania, 2002, by race, sex and age (SpatialEpi)."""
    counties = read(folder, "pennLC_county.csv")
    day = pl.lit(date(2002, 7, 1)).alias("date")
    table = standardised_lung_cancer(folder).with_columns(day)
    settings = Settings(
        method="poisson", null="poisson", mode="spatial", period="year", start=date(2002, 1, 1),
        end=date(2002, 12, 31), max_share=0.5, min_count=1, min_areas=1, raw=True,
    )  # fmt: skip
    return Problem(
        signals_of(table, theme="lung cancer"),
        areas_of(counties["county"], counties.select("x_km", "y_km") * 1000, metric="plane"),
        settings,
        expected_of(table, theme="lung cancer"),
    )


def standardised_lung_cancer(folder: Path) -> pl.DataFrame:
    """Cases (`people`) and expected counts per county (`area`), from 16 strata."""
    rate = pl.col("cases").sum().over("race", "gender", "age") / pl.col("population").sum().over(
        "race", "gender", "age"
    )
    strata = read(folder, "pennLC_data.csv").with_columns(expected=pl.col("population") * rate)
    summed = strata.group_by("county", maintain_order=True).agg(pl.col("cases", "expected").sum())
    return summed.rename({"county": "area", "cases": "people"})


def salmonella(folder: Path, *, last: date) -> Problem:
    """Salmonella Newport per German state and week, 2004–2011 (surveillance), looked at on the day `last`."""
    wide = read(folder, "salmNewport_weekly_by_state.csv", try_parse_dates=True)
    cases = wide.unpivot(index="date", variable_name="area", value_name="people").filter(
        pl.col("date") <= last
    )
    settings = Settings(
        method="expectation", null="nb1", period="week", end=last, windows=(1, 2, 3, 4), raw=True
    )
    places = pl.DataFrame(CAPITALS, schema=["area", "lon", "lat"], orient="row")
    return Problem(
        signals_of(cases, theme="salmonella"), areas_of(places["area"], places.select("lon", "lat")), settings
    )
