"""Who lives where: population, age groups and kinds of household of made-up areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator

from schakel.records import POPULATION_COLUMNS, Floats, Ints

from .content import Rate
from .plan import Plan

PEOPLE_PER_AREA = 1_200.0  # about the Dutch mean (CBS, Kerncijfers wijken en buurten 2024)
AGES = ("0-15", "15-25", "25-45", "45-65", "65+")  # the classes of Statistics Netherlands
HOUSEHOLDS = ("single", "couple", "family")
AGE_SHARES = np.array([0.15, 0.12, 0.26, 0.27, 0.20])  # of persons, nationwide
HOUSEHOLD_SHARES = np.array([0.40, 0.28, 0.32])  # of households, nationwide
PEOPLE_PER_HOUSEHOLD = np.array([1.0, 2.0, 3.7])
#: What makes areas differ: ageing, students and starters, families with children.
AGE_LEANING = np.array(
    [[-0.3, -0.2, -0.3, 0.1, 0.6], [-0.5, 0.9, 0.5, -0.4, -0.4], [0.6, 0.1, 0.3, 0.0, -0.6]]
)
HOUSEHOLD_LEANING = np.array([[0.2, 0.3, -0.5], [0.6, 0.0, -0.6], [-0.6, 0.0, 0.5]])


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """People per area: ``ages`` (areas, 5) in persons, ``households`` (areas, 3) in households."""

    population: Floats
    ages: Ints
    households: Ints


def inhabitants(plan: Plan) -> tuple[Floats, Floats]:
    """Population and diligence of reporting (mean about 1) of each area; both follow the seed of the map."""
    size, diligence = np.exp(plan.stream("people").normal(0.0, [[0.6], [0.3]], (2, plan.areas)))
    return np.maximum(np.round(PEOPLE_PER_AREA * size / size.mean()), 10.0), diligence


def people(rng: Generator, population: Floats) -> People:
    """Divide the population over ages and households; areas lean to old people, starters or families."""
    leaning = rng.normal(0.0, 0.7, (len(population), 3))
    ages = AGE_SHARES * np.exp(leaning @ AGE_LEANING)
    kinds = HOUSEHOLD_SHARES * np.exp(leaning @ HOUSEHOLD_LEANING)
    kinds /= kinds.sum(axis=1, keepdims=True)
    homes = np.round(population / (kinds @ PEOPLE_PER_HOUSEHOLD))
    return People(population, _whole(ages, population), _whole(kinds, homes))


def _whole(weights: Floats, totals: Floats) -> Ints:
    """Whole numbers in the proportion of the weights that add up to the totals (largest remainders)."""
    exact = weights / weights.sum(axis=1, keepdims=True) * totals[:, None]
    whole = np.floor(exact)
    missing = totals - whole.sum(axis=1)
    rank = np.argsort(np.argsort(-(exact - whole), axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(whole + (rank < missing[:, None]), dtype=np.int64)


def exposure(who: People, themes: tuple[Rate, ...]) -> Floats:
    """How often each theme is to be expected per area, shape (themes, areas), up to a constant.

    A theme's weight times the people of the area, times the factors of its age groups and households.
    """
    age, kind = (part / np.maximum(part.sum(axis=1, keepdims=True), 1) for part in (who.ages, who.households))
    by_age = np.array([[rate.tilt.get(group, 1.0) for group in AGES] for rate in themes])
    by_kind = np.array([[rate.tilt.get(group, 1.0) for group in HOUSEHOLDS] for rate in themes])
    weight = np.array([rate.weight for rate in themes])
    return np.asarray(weight[:, None] * (by_age @ age.T) * (by_kind @ kind.T) * who.population)


def population_table(
    rng: Generator, plan: Plan, *, codes: tuple[str, ...], population: Floats
) -> pl.DataFrame:
    """Population per area and calendar year (`POPULATION_COLUMNS`); ``population`` is that of the last.

    A population that is not known is null, not zero.
    """
    years = np.arange(plan.start.year, plan.end.year + 1)
    change = rng.normal(0.005, 0.01, len(codes))
    grown = population[:, None] * (1.0 + change[:, None]) ** (years - years[-1])
    return pl.DataFrame(
        {
            "area": np.repeat(codes, len(years)),
            "year": np.tile(years, len(codes)),
            "population": pl.Series(np.round(grown).ravel()).fill_nan(None),
        },
        schema=POPULATION_COLUMNS,
    )


def composition_table(codes: tuple[str, ...], who: People) -> pl.DataFrame:
    """One row per area, dimension (age in persons, household in households) and group, with its number."""
    groups = [*(("age", group) for group in AGES), *(("household", group) for group in HOUSEHOLDS)]
    return pl.DataFrame(
        {
            "area": np.repeat(codes, len(groups)),
            "dimension": [dimension for dimension, _ in groups] * len(codes),
            "group": [group for _, group in groups] * len(codes),
            "number": np.concatenate([who.ages, who.households], axis=1).ravel(),
        }
    )
