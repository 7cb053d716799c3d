"""Counts of one theme without text: fast enough to make up thousands of municipalities for a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schakel.records import Areas, Floats, Ints

from .people import inhabitants
from .plan import Plan, Planted
from .points import ground, grow
from .process import draw, excess, only, period, planted_weeks, table, week_shares


@dataclass(frozen=True, slots=True, eq=False)
class CountTruth:
    """Weekly counts of one theme per area, with the intensities they were drawn from.

    ``counts`` has shape (areas, weeks), planted excess included. ``area_rates`` (areas,) and ``week_shares``
    (weeks,) multiply to the usual intensities. ``areas`` has codes, coordinates (metres), population and
    neighbours.
    """

    areas: Areas
    counts: Ints
    area_rates: Floats
    week_shares: Floats
    planted: tuple[Planted, ...]

    @property
    def intensities(self) -> Floats:
        """The usual expected counts, shape (areas, weeks): planted excess is not in them."""
        return np.outer(self.area_rates, self.week_shares)


def counts(plan: Plan) -> CountTruth:
    """Make up the weekly counts of one theme (the first of ``plan.themes``) in ``plan.areas`` areas.

    The map follows ``plan.geometry_seed``, the counts ``plan.seed``; areas differ in population and in how
    diligently they are reported on. Raises `SchakelError` through `Plan`.
    """
    land = ground(plan)
    population, diligence = inhabitants(plan)
    codes = tuple(f"BU{plan.number:04d}{index:04d}" for index in range(plan.areas))
    areas = Areas(codes, land.points, "plane", population, neighbours=land.neighbours)
    shares = areas.population * diligence
    shares /= shares.sum()
    weeks = week_shares(plan)
    usual = draw(
        plan.stream("usual"),
        expected=plan.signals,
        areas=shares,
        weeks=weeks,
        overdispersion=plan.overdispersion,
    )
    seen = table(usual, areas=plan.areas, weeks=plan.weeks)
    planted = tuple(_plant(plan, areas, shares=shares, weeks=weeks, seen=seen))
    return CountTruth(areas, seen, plan.signals * shares, weeks, planted)


def _plant(plan: Plan, areas: Areas, *, shares: Floats, weeks: Floats, seen: Ints) -> list[Planted]:
    """Plant the shared questions into ``seen``, in place; return their truth."""
    where, extra = plan.stream("planted"), plan.stream("extra")
    truth = []
    for _ in range(plan.planted):
        part = grow(
            where,
            points=areas.coordinates,
            neighbours=areas.neighbours,
            size=plan.planted_areas,
            shape=plan.planted_shape,
        )
        when = planted_weeks(where, plan)
        ratio, expected, drawn = excess(
            extra, plan, usual=plan.signals, areas=only(shares, part), weeks=only(weeks, when)
        )
        seen += table(drawn, areas=plan.areas, weeks=plan.weeks)
        first, last = (plan.start + days for days in period(when))
        codes = tuple(areas.codes[index] for index in part)
        theme = plan.themes[0] if plan.themes else "theme"
        truth.append(Planted(theme, codes, first, last, ratio, expected, int(drawn.size.sum())))
    return truth
