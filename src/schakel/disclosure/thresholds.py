"""Who may see a pattern: enough people, sources and dates for the team (R6), and more to leave it (R7, R8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from schakel.records import SchakelError

#: What a municipality cannot go below (R22): people at least 3, everything else at least the default.
FLOORS = {
    "min_people": 3,
    "min_sources": 2,
    "min_dates": 2,
    "leave_minimum": 10,
    "rounding": 5,
    "ratio_denominator": 100,
}


class Reason(StrEnum):
    """Why a pattern is not shown, or does not leave the team."""

    PEOPLE = "people"
    SOURCES = "sources"
    DATES = "dates"
    DOMINANCE = "dominance"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """R6–R8 in numbers. They go up, never below R22's floors: SchakelError names the one that would."""

    min_people: int = 5
    min_sources: int = 2
    min_dates: int = 2
    leave_minimum: int = 10
    rounding: int = 5
    ratio_denominator: int = 100
    dominance: float = 0.6

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in FLOORS and value != int(value if abs(value) < 1e9 else 0):
                raise SchakelError(f"{field.name} is {value}; expected a whole number.")
            if field.name in FLOORS and not value >= FLOORS[field.name]:
                raise SchakelError(f"{field.name} is {value}; expected at least {FLOORS[field.name]} (R22).")
        if self.rounding > self.leave_minimum:
            raise SchakelError(
                f"rounding is {self.rounding}; expected at most leave_minimum ({self.leave_minimum}), or the smallest "
                "number that is shown would be far from what it is."
            )
        if not 0 < self.dominance <= 0.6:
            raise SchakelError(f"dominance is {self.dominance}; expected above 0 and at most 0.6 (R8, R22).")


def reasons_to_withhold(
    *, people: int, sources: int, dates: int, thresholds: Thresholds
) -> tuple[Reason, ...]:
    """Why the team does not see a pattern (R6); nothing when it may."""
    checks = (
        (people < thresholds.min_people, Reason.PEOPLE),
        (sources < thresholds.min_sources, Reason.SOURCES),
        (dates < thresholds.min_dates, Reason.DATES),
    )
    return tuple(reason for fails, reason in checks if fails)


def reasons_not_to_publish(
    *, people: int, sources: int, dates: int, dominance: float, thresholds: Thresholds
) -> tuple[Reason, ...]:
    """Why a pattern does not leave the team: R6, fewer than ten people (R7), or one source in it all (R8)."""
    reasons = reasons_to_withhold(people=people, sources=sources, dates=dates, thresholds=thresholds)
    if people < thresholds.leave_minimum and Reason.PEOPLE not in reasons:
        reasons = (Reason.LEAVE, *reasons)
    return (*reasons, Reason.DOMINANCE) if dominance > thresholds.dominance else reasons


def dominance(people_per_source: Sequence[float]) -> float:
    """The largest share of one source in the people of a pattern (R8); 0 when there are none."""
    total = sum(people_per_source)
    return max(people_per_source) / total if total > 0 else 0.0


def ratio(numerator: float, denominator: float, *, thresholds: Thresholds) -> float | None:
    """A ratio that may leave the team: None when the denominator is below 100 (R7)."""
    return numerator / denominator if denominator >= thresholds.ratio_denominator else None
