"""Dates to periods. Weeks end on the last day of the study, so that the newest week is always whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from schakel.records import Ints, Period

PER_YEAR: dict[Period, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}
DAYS: dict[Period, float] = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The T periods of a study: ``starts[t]`` is the first day, ``ends[t]`` the last."""

    period: Period
    starts: tuple[date, ...]
    ends: tuple[date, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, days: NDArray[np.datetime64]) -> Ints:
        """Period of each day (shape as given); −1 for a day outside the study."""
        starts = np.array(self.starts, "datetime64[D]")
        place = np.searchsorted(starts, days, side="right").astype(np.int64) - 1
        place[days > np.datetime64(self.ends[-1])] = -1
        return place


def calendar(period: Period, *, first: date, last: date, cut: tuple[bool, bool] = (False, False)) -> Calendar:
    """The whole periods between two days, both included.

    Weeks are counted back from `last`, and an incomplete first week is left out. Months and years are the
    calendar's; those that hold the first and the last day count as whole, unless they are `cut` there: then somebody
    chose that day, and what is not whole is left out.
    """
    if period in ("day", "week"):
        length = 7 if period == "week" else 1
        count = ((last - first).days + 1) // length
        starts = tuple(last - timedelta(days=length * (count - t) - 1) for t in range(count))
        return Calendar(period, starts, tuple(s + timedelta(days=length - 1) for s in starts))
    step: Callable[[date], date] = _next_month if period == "month" else lambda d: d.replace(year=d.year + 1)
    start = first.replace(day=1) if period == "month" else first.replace(month=1, day=1)
    found: list[date] = []
    while start <= last:
        found.append(start)
        start = step(start)
    if cut[0] and found and found[0] < first:
        found = found[1:]
    if cut[1] and found and step(found[-1]) - timedelta(days=1) > last:
        found = found[:-1]
    return Calendar(period, tuple(found), tuple(step(s) - timedelta(days=1) for s in found))


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
