"""Observed and expected through time for one pattern, with the band of what is usual."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from schakel.detection.calendar import Calendar
from schakel.records import Floats, Ints, Timeline

_CHART = 104  # periods that a chart can still show


def timeline(
    counts: Ints, usual: Floats, phi: Floats, calendar: Calendar, *, first: int, after: int
) -> Timeline:
    """The last periods up to the window's end and a little beyond; the band holds 95 % of what is usual."""
    stop = min(len(counts), after + _CHART // 8)
    shown = slice(max(0, min(first, stop - _CHART)), stop)
    low, high = band(usual[shown], phi[shown])
    return Timeline(
        dates=calendar.starts[shown],
        observed=tuple(counts[shown].tolist()),
        expected=tuple(usual[shown].tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
    )


def band(mean: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """2.5 % and 97.5 % points of counts with these means (T,) and variance φ × mean (φ (T,) ≥ 1)."""
    mean, phi = np.maximum(mean, 1e-12), np.maximum(phi, 1.0001)
    size, top = mean / (phi - 1), np.ceil(mean + 10 * np.sqrt(phi * mean) + 20 * phi)
    return _point(0.025, size, 1 / phi, top), _point(0.975, size, 1 / phi, top)


def _point(share: float, size: Floats, p: Floats, top: Floats) -> Floats:
    """The smallest negative binomial count, at most `top`, that is not below this share of all."""
    low, high = np.full(len(top), -1.0), top
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = betainc(size, middle + 1, p) >= share
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(high)
