"""Observed and expected through time for one pattern, with the band of what is usual."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

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
    mean, phi = np.maximum(mean, 1e-12)[:, None], np.maximum(phi, 1.0001)[:, None]
    top, most = float(mean.max()), float(phi.max())
    k = np.arange(int(top + 10 * np.sqrt(most * top) + 20 * most))[None, :]
    size = mean / (phi - 1)
    log_pmf = gammaln(k + size) - gammaln(size) - gammaln(k + 1) - size * np.log(phi) + k * np.log1p(-1 / phi)
    below = np.cumsum(np.exp(log_pmf), axis=1)
    return (below < 0.025).sum(axis=1).astype(float), (below < 0.975).sum(axis=1).astype(float)
