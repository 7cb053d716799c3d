"""How signals come about in time and place: season, growth, holidays and overdispersed counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.random import Generator

from schakel.records import Floats, Ints

from .plan import Plan

CHRISTMAS_DIP, SUMMER_DIP = 0.5, 0.75  # share of the usual reporting that remains
PHASES = (15.0, 100.0)  # day of the year of the peak of the yearly and the half-yearly wave: winter, spring


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Signals drawn together: place, week and number of each cluster, all of shape (clusters,)."""

    area: Ints
    week: Ints
    size: Ints


def week_shares(plan: Plan, *, shift: float = 0.0) -> Floats:
    """The share of every week in the whole, shape (weeks,): two harmonics, growth and holiday dips.

    ``shift`` moves the season by that many days, so that themes may differ.
    """
    days = np.arange(plan.weeks) * 7.0 + 3.0
    first = plan.start.timetuple().tm_yday
    year_day = (first + days) % 365.25
    wave = np.cos(2 * np.pi * (year_day - PHASES[0] - shift) / 365.25)
    half = np.cos(4 * np.pi * (year_day - PHASES[1] - shift) / 365.25)
    rate = np.exp(plan.seasonality * (wave + 0.4 * half)) * (1.0 + plan.growth) ** (days / 365.25)
    if plan.holidays:
        rate = np.where((year_day > 355) | (year_day < 4), CHRISTMAS_DIP, 1.0) * rate
        rate = np.where((year_day > 204) & (year_day < 236), SUMMER_DIP, 1.0) * rate
    return np.asarray(rate / rate.sum())


def draw(rng: Generator, *, expected: float, areas: Floats, weeks: Floats, overdispersion: float) -> Clusters:
    """Draw signals with mean ``expected × areas × weeks`` per cell and variance ``overdispersion × mean``.

    The counts are negative binomial of the first kind (NB1): a Poisson number of clusters, each with a number
    of signals from the logarithmic series, so that sums over cells keep the same variance/mean (Johnson, Kemp
    & Kotz, 2005, doi:10.1002/0471715816, §5.3). ``areas`` and ``weeks`` are shares that each sum to one; no
    array of areas × weeks is made, so that a whole country fits.
    """
    clusters = expected if overdispersion == 1 else expected * np.log(overdispersion) / (overdispersion - 1)
    number = int(rng.poisson(clusters))
    area, week = (_pick(rng, shares, number) for shares in (areas, weeks))
    if overdispersion == 1:
        return Clusters(area, week, np.ones(number, dtype=np.int64))
    return Clusters(area, week, rng.logseries(1.0 - 1.0 / overdispersion, number).astype(np.int64))


def _pick(rng: Generator, shares: Floats, number: int) -> Ints:
    cumulative = np.cumsum(shares)
    found = np.searchsorted(cumulative, rng.random(number) * cumulative[-1], "right")
    return np.asarray(np.minimum(found, len(shares) - 1), dtype=np.int64)


def table(clusters: Clusters, *, areas: int, weeks: int) -> Ints:
    """Counts of shape (areas, weeks)."""
    cell = clusters.area * weeks + clusters.week
    each = np.bincount(np.repeat(cell, clusters.size), minlength=areas * weeks)
    return each.astype(np.int64).reshape(areas, weeks)


def planted_weeks(rng: Generator, plan: Plan) -> slice:
    """The weeks of one planted question: the last ones, or a stretch anywhere."""
    latest = plan.weeks - plan.planted_weeks
    first = latest if plan.planted_when == "last" else int(rng.integers(latest + 1))
    return slice(first, first + plan.planted_weeks)


def excess(
    rng: Generator, plan: Plan, *, usual: float, areas: Floats, weeks: Floats
) -> tuple[float, float, Clusters]:
    """Risk ratio, expected excess and drawn excess above ``usual × areas × weeks`` of a planted block.

    The shares are zero outside the block. The excess is drawn apart from the usual signals with the same
    overdispersion: NB1 is closed under summation.
    """
    inside = usual * float(areas.sum() * weeks.sum())
    if inside == 0:
        nothing = np.empty(0, dtype=np.int64)
        return plan.risk_ratio, 0.0, Clusters(nothing, nothing, nothing)
    ratio = max(plan.risk_ratio, 1.0 + plan.planted_minimum / inside)
    expected = (ratio - 1.0) * inside
    drawn = draw(rng, expected=expected, areas=areas, weeks=weeks, overdispersion=plan.overdispersion)
    return ratio, expected, drawn


def only(shares: Floats, part: slice | Ints) -> Floats:
    """The shares with everything outside ``part`` set to zero."""
    kept = np.zeros_like(shares)
    kept[part] = shares[part]
    return kept


def period(weeks: slice) -> tuple[timedelta, timedelta]:
    """First and last day of some weeks, counted from the start of the plan."""
    return timedelta(days=7 * weeks.start), timedelta(days=7 * weeks.stop - 1)
