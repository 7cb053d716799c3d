"""Expected counts in proportion to the people who live somewhere, through time."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from schakel.detection.calendar import Calendar
from schakel.records import Areas, Floats, SchakelError


def person_time(areas: Areas, population: pl.DataFrame | None, calendar: Calendar) -> Floats:
    """(T, n) person-days per period and area.

    A year's figure holds on 1 July; between figures population runs in a straight line, before the first and
    after the last it stays; each period gets the exact integral. Without a population file the areas' own
    figure holds throughout.
    """
    edges = np.array([d.toordinal() for d in calendar.starts] + [calendar.ends[-1].toordinal() + 1], float)
    if population is None:
        return np.outer(np.diff(edges), _whole(areas, areas.population))
    frame = population.join(pl.DataFrame({"area": areas.codes}), on="area", how="semi")
    years = frame["year"].unique().sort().to_list()
    known = frame.pivot("year", index="area", values="population", aggregate_function="sum")
    table = pl.DataFrame({"area": areas.codes}).join(known, on="area", how="left", maintain_order="left")
    values = np.array([_whole(areas, table[str(y)].to_numpy()) for y in years])  # (years, n)
    days = np.array([date(y, 7, 1).toordinal() for y in years], float)
    weights = np.array([_integral(days, x) for x in edges])  # (T+1, years)
    return np.asarray(np.diff(weights @ values, axis=0))


def _whole(areas: Areas, figures: Floats) -> Floats:
    missing = [code for code, known in zip(areas.codes, np.isfinite(figures), strict=True) if not known]
    if missing:
        raise SchakelError(
            f"Area '{missing[0]}' has no population ({len(missing)} area(s) without); expected a number for every "
            "area, in the areas file or with --population, because what is expected follows it."
        )
    return np.asarray(figures, float)


def _integral(days: Floats, x: float) -> Floats:
    """Weights (years,) of the figures in the integral from the first figure's day to day x; negative before it."""
    knots = np.unique(np.concatenate([[x], days[days < x], days[:1]]))
    units = np.eye(len(days))
    heights = np.array([np.interp(knots, days, unit) for unit in units])
    area = (np.diff(knots) * (heights[:, 1:] + heights[:, :-1]) / 2).sum(axis=1)
    return np.asarray(area if x >= days[0] else -area)
