"""From one row per signal to a sparse cube theme × period × area. Sensitive themes never enter (R5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from schakel.detection.calendar import Calendar, calendar
from schakel.detection.clusters import ALONE, Sizes
from schakel.records import Areas, Ints, SchakelError, Settings

_PRIOR = 50  # signals that all themes together count for, beside those of the theme itself


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Counts of people. The sparse cells of theme k stand in rows ``bounds[k]:bounds[k + 1]``.

    `several` (m, 4) has theme, period, area and people of every signal about more than one person, `alone` (K,) the
    number of the others; without them every signal concerns one.
    """

    calendar: Calendar
    areas: int
    themes: tuple[str, ...]
    bounds: Ints
    period: Ints
    area: Ints
    people: Ints
    several: Ints | None = None
    alone: Ints | None = None

    def sizes(self) -> tuple[Sizes, ...]:
        """For each theme, how many people a signal concerns: much as in all themes together where there are few.

        Those that are looked at are counted as well: that somebody speaks for a hundred is rare, and no evidence that
        many speak.
        """
        if self.several is None or self.alone is None or not len(self.several):
            return (ALONE,) * len(self.themes)
        theme, _, _, people = self.several.T
        values, place = np.unique(np.append(people, 1), return_inverse=True)
        own = np.zeros((len(self.themes), len(values)))
        np.add.at(own, (theme, place[:-1]), 1)
        own[:, place[-1]] = self.alone
        every = own.sum(axis=0)
        share = (own + _PRIOR * every / every.sum()) / (own.sum(axis=1, keepdims=True) + _PRIOR)
        return tuple(Sizes(values, row) for row in share)

    def several_of(self, k: int) -> Ints:
        """(m, 3) period, area and people of the signals of theme k about more than one person."""
        if self.several is None:
            return np.empty((0, 3), np.int64)
        return np.asarray(self.several[self.several[:, 0] == k][:, 1:])

    def dense(self, k: int) -> Ints:
        """(T, n) counts of theme k."""
        out = np.zeros((len(self.calendar), self.areas), np.int64)
        rows = slice(self.bounds[k], self.bounds[k + 1])
        out[self.period[rows], self.area[rows]] = self.people[rows]
        return out

    def binned(self, k: int, edges: Ints) -> Ints:
        """(B+1, n) counts of theme k, cumulative over the time bins between `edges` (B+1,)."""
        rows = slice(self.bounds[k], self.bounds[k + 1])
        place = np.searchsorted(edges, self.period[rows], side="right") - 1
        inside = (place >= 0) & (place < len(edges) - 1)
        out = np.zeros((len(edges), self.areas), np.int64)
        out[1:] = np.bincount(
            place[inside] * self.areas + self.area[rows][inside],
            self.people[rows][inside],
            (len(edges) - 1) * self.areas,
        ).reshape(-1, self.areas)
        return np.cumsum(out, axis=0)

    def series(self, k: int, zone: Sequence[int] | None = None) -> Ints:
        """(T,) people with theme k in the areas of a zone together, or in all areas."""
        rows = slice(self.bounds[k], self.bounds[k + 1])
        people = self.people[rows]
        if zone is not None:
            inside = np.zeros(self.areas, np.bool_)
            inside[list(zone)] = True
            people = people * inside[self.area[rows]]
        return np.bincount(self.period[rows], people, len(self.calendar)).astype(np.int64)

    def total(self) -> Ints:
        """(T,) people of all themes together: how much is reported at all."""
        return np.bincount(self.period, self.people, len(self.calendar)).astype(np.int64)


def within_study(signals: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, Calendar]:
    """The signals of the whole periods of the study, with their period as column `t`."""
    if signals.is_empty():
        raise SchakelError("There are no signals to look at; expected at least one row with a date.")
    seen = np.sort(signals["date"].to_numpy()).astype("datetime64[D]")
    first: date = settings.start or seen[0].item()
    last: date = settings.end or seen[-1].item()
    if first > last:
        raise SchakelError(
            f"The study starts on {first} and ends on {last}; expected the start before the end."
        )
    days = calendar(
        settings.period, first=first, last=last, cut=(settings.start is not None, settings.end is not None)
    )
    if not len(days):
        raise SchakelError(
            f"There is no whole {settings.period} between {first} and {last}; expected a longer study or a "
            "shorter --period."
        )
    t = days.index(signals["date"].to_numpy())
    inside = (pl.col("t") >= 0) & pl.col("date").is_between(first, last)
    return signals.drop("text").with_columns(pl.Series("t", t)).filter(inside), days


def cube(signals: pl.DataFrame, areas: Areas, days: Calendar) -> Cube:
    """Count people per theme, period and area. `signals` has column `t` (see `within_study`).

    Raises SchakelError for an area that is not in `areas`.
    """
    unknown = sorted(set(signals["area"].unique()) - set(areas.codes))
    if unknown:
        raise SchakelError(
            f"Area '{unknown[0]}' of the signals is none of the {len(areas)} areas; expected known areas."
        )
    themes = sorted(signals["theme"].unique())
    theme = signals["theme"].cast(pl.Enum(themes)).to_physical().to_numpy().astype(np.int64)
    area = signals["area"].cast(pl.Enum(areas.codes)).to_physical().to_numpy().astype(np.int64)
    period, people = signals["t"].to_numpy(), signals["people"].to_numpy()
    cells, cell = np.unique((theme * len(days) + period) * len(areas) + area, return_inverse=True)
    several = people > 1
    return Cube(
        calendar=days,
        areas=len(areas),
        themes=tuple(themes),
        bounds=np.searchsorted(cells, np.arange(len(themes) + 1) * len(days) * len(areas)),
        period=cells // len(areas) % len(days),
        area=cells % len(areas),
        people=np.bincount(cell, people, len(cells)).astype(np.int64),
        several=np.column_stack([each[several] for each in (theme, period, area, people)]).astype(np.int64),
        alone=np.bincount(theme[~several], minlength=len(themes)),
    )
