"""The frozen records and the columns that flow through the library.

Everything here is identity-free (zone A, rule R1): an area, a date, a theme, a number of people.
Frames are Polars frames whose columns are named and typed in the ``*_COLUMNS`` constants below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

Method = Literal["permutation", "poisson", "expectation"]
Null = Literal["poisson", "nb1"]
Mode = Literal["prospective", "retrospective", "spatial"]
Period = Literal["day", "week", "month", "year"]
ZoneShape = Literal["circular", "connected"]

#: One row per signal *and theme*: a signal with two themes has two rows that share `signal`.
SIGNAL_COLUMNS: dict[str, pl.DataType] = {
    "signal": pl.Int64(),  # number of the record in the file, from 0
    "date": pl.Date(),
    "area": pl.String(),
    "theme": pl.String(),
    "people": pl.Int64(),  # how many people it concerns, self-declared; at least 1
    "source": pl.String(),  # kind of source (S022); null when unknown
    "reporter": pl.String(),  # opaque label of who reported; null when unknown
    "text": pl.String(),  # redacted sentence; null when there is none
}

POPULATION_COLUMNS: dict[str, pl.DataType] = {
    "area": pl.String(),
    "year": pl.Int64(),
    "population": pl.Float64(),
}

EXPECTED_COLUMNS: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "area": pl.String(),
    "theme": pl.String(),
    "expected": pl.Float64(),
}


class SchakelError(Exception):
    """A mistake in what was given, said in one sentence that a user can act on."""


class NothingExpectedError(SchakelError):
    """People were counted in a theme, area and period (`first` to `last` day) in which none are expected."""

    def __init__(self, message: str, *, theme: str, area: str, first: date, last: date) -> None:
        self.theme, self.area, self.first, self.last = theme, area, first, last
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty value in an input: where it stands, what it is and what was expected (DESIGN §8)."""

    file: str
    line: int | None  # line in the file as an editor counts, the header being 1; None for the whole file
    field: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        if self.field is None:
            return f"{place}: {self.expected}"
        shown = "empty" if self.value in (None, "") else f"'{self.value}'"
        return f"{place}, field '{self.field}': {shown}; expected {self.expected}"


class InputFaultsError(SchakelError):
    """All faults of an input at once; nothing was imported."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """The areas of one analysis, in a fixed order; every array below is in that order (S001).

    ``coordinates`` has shape (n, 2): metres for ``plane``; degrees (lon, lat) for ``sphere``.
    ``population`` has shape (n,), NaN where unknown. ``polygons`` are shapely geometries or empty.
    ``neighbours`` gives per area the indices of adjacent areas, or is empty when there are no polygons.
    """

    codes: tuple[str, ...]
    coordinates: Floats
    metric: Literal["sphere", "plane"]
    population: Floats
    names: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    polygons: tuple[object, ...] = ()
    neighbours: tuple[tuple[int, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice of one detection; stored with its result, so that it can be repeated (R11)."""

    method: Method = "expectation"
    null: Null = "nb1"
    mode: Mode = "prospective"
    period: Period = "week"
    start: date | None = None
    end: date | None = None
    max_share: float | None = None  # None: a quarter (see `zones`), or no limit when `neighbours` is given
    max_radius_km: float | None = None
    neighbours: int | None = None
    windows: tuple[int, ...] = ()  # lengths in periods; () means the method's default
    min_count: int = 3  # people, or `by_occasion` occasions, in a pattern
    min_areas: int = 2
    zones: ZoneShape = "circular"
    replicas: int = 999
    seed: int = 1
    threads: int = 0  # 0: all cores. Never changes the result.
    raw: bool = False  # for validation: cases are counted however they came, and no thresholds (R6)
    min_people: int = 5  # R6; never below 3 (R22)
    min_sources: int = 2  # R6
    min_dates: int = 2  # R6
    alpha: float = 0.05  # a pattern is suggested when its q-value is at most this
    adjust_reporting: bool = False  # expectation: more reporting of everything is not more of one theme
    stop_after: int = 0  # sequential stopping after this many exceedances; 0: always all replicas

    @property
    def by_occasion(self) -> bool:
        """Whether people who came together count as about one (ADR 14)."""
        return self.method == "expectation" and self.null == "nb1" and not self.raw


@dataclass(frozen=True, slots=True)
class Timeline:
    """Observed and expected in the areas of one pattern, per period, for its chart."""

    dates: tuple[date, ...]  # first day of each period
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    low: tuple[float, ...]  # 2.5 % point of what is usual in one period
    high: tuple[float, ...]  # 97.5 % point


@dataclass(frozen=True, slots=True)
class Pattern:
    """A theme that recurs more than expected in some areas during some periods (S036): a suggestion (R10).

    ``end`` is the last day of the last period. ``dominance`` is the largest share that one source (or
    reporter) has in the people of the pattern (R8), between 0 and 1. ``against`` says in Dutch what speaks
    against the pattern. ``withheld`` gives the reasons why a team does not see it (R6–R8, "why not"); a
    pattern without reasons is suggested.
    """

    theme: str
    areas: tuple[str, ...]
    start: date
    end: date
    observed: int
    expected: float
    relative_risk: float
    statistic: float
    p_value: float
    p_value_gumbel: float
    q_value: float
    recurrence_days: float
    people: int
    sources: int
    dates: int
    dominance: float
    explanation: str
    against: tuple[str, ...]
    explanation_en: str = ""
    against_en: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    continues: str | None = None  # identifier of the pattern of an earlier run that this one continues
    identifier: str = ""
    timeline: Timeline | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """The result of one run: what was asked, what data it saw, and the patterns, strongest first."""

    settings: Settings
    data: dict[str, object]  # counts, first and last date, areas, themes, themes left out (R5) and notes
    patterns: tuple[Pattern, ...]
    version: str
    seconds: dict[str, float] = field(default_factory=dict)
