"""Observed and expected through time for one pattern, with the band of what is usual."""

from __future__ import annotations

import numpy as np
from scipy.stats import nbinom, poisson

from schakel.detection.calendar import Calendar
from schakel.records import Floats, Ints, Timeline

_CHART = 104  # periods that a chart can still show


def timeline(
    counts: Ints, usual: Floats, phi: float, calendar: Calendar, *, first: int, after: int
) -> Timeline:
    """The last periods up to the window's end and a little beyond; the band holds 95 % of what is usual."""
    stop = min(len(counts), after + _CHART // 8)
    shown = slice(max(0, min(first, stop - _CHART)), stop)
    low, high = band(usual[shown], phi)
    return Timeline(
        dates=calendar.starts[shown],
        observed=tuple(counts[shown].tolist()),
        expected=tuple(usual[shown].tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
    )


def band(mean: Floats, phi: float) -> tuple[Floats, Floats]:
    """2.5 % and 97.5 % points of counts with these means (T,) and variance φ × mean."""
    mean = np.maximum(mean, 1e-12)
    usual = nbinom(mean / (phi - 1), 1 / phi) if phi > 1.0001 else poisson(mean)
    return np.asarray(usual.ppf(0.025), float), np.asarray(usual.ppf(0.975), float)
