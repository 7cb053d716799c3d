"""What to make up: the settings of a synthetic municipality, and the truth that comes back with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.random import Generator, SeedSequence

from schakel.records import SchakelError

When = Literal["last", "anywhere"]
Shape = Literal["compact", "random"]

#: Every purpose draws from its own stream, so that a change in one leaves the others as they were.
STREAMS = (
    "geometry",
    "people",
    "planted",
    "usual",
    "extra",
    "details",
    "text",
    "borders",
    "labels",
    "make-up",
    "records",
)
OF_THE_MAP = {"geometry", "people", "borders", "labels", "make-up"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every choice of one made-up municipality; the same plan gives the same municipality, to the byte.

    ``signals`` is the expected number of theme mentions (rows of ``SIGNAL_COLUMNS``) over all weeks, planted
    excess not included. ``overdispersion`` is variance/mean of a weekly count per area and theme (1: none).
    ``seasonality`` is the amplitude of the first yearly harmonic on the log scale, ``growth`` the growth of
    reporting per year. Raises `SchakelError` when a value makes no sense.
    """

    name: str = "Voorbeeldstad"
    number: int = 9001  # of the municipality: codes are GM9001, WK9001.., BU9001....
    areas: int = 100
    districts: int = 0  # 0: about one for every nine areas
    signals: float = 2000.0
    centre: tuple[float, float] = (155_000.0, 463_000.0)  # of its map, in metres on the national grid
    start: date = date(2020, 1, 6)  # first day of the first week
    weeks: int = 260
    themes: tuple[str, ...] = ()  # (): all themes of the taxonomy
    overdispersion: float = 1.3
    seasonality: float = 0.2
    growth: float = 0.05
    holidays: bool = True  # dips in reporting around Christmas and in the summer
    planted: int = 0  # number of shared questions to plant
    risk_ratio: float = 4.0
    planted_minimum: float = (
        0.0  # expected excess that a planted question has at least; raises its risk ratio
    )
    planted_areas: int = 6
    planted_weeks: int = 4
    planted_when: When = "last"  # in the last weeks, or anywhere in time
    planted_shape: Shape = "compact"  # grown nearest first, or at random along borders
    several_people: float = 0.12  # share of signals that concern two to eight people
    personal_data: float = 0.05  # share of texts with made-up personal data to redact
    text: bool = True
    seed: int = 1
    geometry_seed: int | None = None  # None: the seed; fix it to repeat counts on the same map

    def __post_init__(self) -> None:
        for field, good, expectation in self._expectations():
            if not good:
                raise SchakelError(f"plan, {field}: {getattr(self, field)!r}; expected {expectation}")

    def _expectations(self) -> tuple[tuple[str, bool, str], ...]:
        return (
            ("number", 1 <= self.number <= 9999, "a number from 1 to 9999"),
            ("areas", 1 <= self.areas <= 9000, "1 to 9000 areas"),
            ("districts", 0 <= self.districts <= min(self.areas, 99), "at most 99, and no more than areas"),
            ("signals", 0 <= self.signals < np.inf, "a number of at least 0"),
            ("weeks", self.weeks >= 1, "at least one week"),
            ("overdispersion", 1 <= self.overdispersion < np.inf, "variance/mean of at least 1"),
            ("seasonality", 0 <= self.seasonality <= 2, "0 (none) to 2"),
            ("growth", -1 < self.growth < np.inf, "more than -1 (minus 100 % a year)"),
            ("planted", self.planted >= 0, "0 or more"),
            ("risk_ratio", 1 <= self.risk_ratio < np.inf, "at least 1"),
            ("planted_minimum", 0 <= self.planted_minimum < np.inf, "a number of at least 0"),
            ("planted_areas", 1 <= self.planted_areas <= self.areas or not self.planted, "1 to all areas"),
            ("planted_weeks", 1 <= self.planted_weeks <= self.weeks or not self.planted, "1 to all weeks"),
            ("several_people", 0 <= self.several_people <= 1, "a share from 0 to 1"),
            ("personal_data", 0 <= self.personal_data <= 1, "a share from 0 to 1"),
        )

    def stream(self, purpose: str) -> Generator:
        """A generator for one of `STREAMS`; the map and its people follow ``geometry_seed``."""
        seed = self.map_seed if purpose in OF_THE_MAP else self.seed
        return np.random.default_rng(SeedSequence(seed, spawn_key=(STREAMS.index(purpose),)))

    @property
    def map_seed(self) -> int:
        """The seed of the map and its people."""
        return self.seed if self.geometry_seed is None else self.geometry_seed

    @property
    def end(self) -> date:
        """The last day of the last week."""
        return self.start + timedelta(days=7 * self.weeks - 1)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted shared question: the truth that detection should find.

    ``expected_extra`` is the excess above the usual, (risk ratio - 1) × usual; ``observed_extra`` is what
    was drawn.
    """

    theme: str
    areas: tuple[str, ...]
    start: date
    end: date
    risk_ratio: float
    expected_extra: float
    observed_extra: int
