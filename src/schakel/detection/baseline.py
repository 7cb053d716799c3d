"""What to expect in every area and period, and how sure that is.

The course of a theme over the whole municipality is a quasi-Poisson regression (trend, two harmonics, day of the
week for daily data); recent periods stay out, and past outbreaks weigh less (Noufaily et al. 2013,
doi:10.1002/sim.5595). The share of each area is shrunk towards a prior share: a gamma prior whose strength
is estimated from the areas themselves (empirical Bayes; Clayton & Kaldor 1987, doi:10.2307/2532003). The
overdispersion φ = variance/mean is estimated, and is at least 1.

Everything that is estimated keeps its uncertainty, because the replicas must be as unsure as we are: a null model that
takes an estimated baseline for the truth raises too many false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from schakel.detection.calendar import PER_YEAR, Calendar
from schakel.records import Floats, Ints, Period

_OUTBREAK = 2.58  # standard residual from which a past period weighs less
_STRENGTHS = np.geomspace(0.3, 300.0, 25)  # gamma shapes that are tried for the prior of the shares


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Expected counts (T, n), with how unsure they are.

    ``phi``: variance/mean of a count. ``shape`` (n,): gamma shape of what is still unknown about each area's
    level (inf: nothing). ``bend`` (T, k): how the logarithms of the periods' levels move together. ``history``:
    how many periods it was learned from (0: it was given).
    """

    expected: Floats
    phi: float
    shape: Floats
    bend: Floats
    history: int


def given_baseline(expected: Floats, counts: Ints, *, history: int, phi: float | None = None) -> Baseline:
    """A baseline that somebody else made (T, n): taken as it is; only φ is estimated, from the first periods."""
    if phi is None:
        phi = cell_dispersion(counts[:history], expected[:history])
    n = expected.shape[1]
    return Baseline(expected, phi, np.full(n, np.inf), np.zeros((len(expected), 0)), 0)


def estimated_baseline(
    counts: Ints,
    calendar: Calendar,
    *,
    history: int,
    population: Floats,
    reporting: Floats | None = None,
    overdispersed: bool = True,
) -> Baseline:
    """Learn the baseline of one theme from its own counts (T, n), of which the first `history` periods are used.

    `population` (n,) offers prior shares where it is known everywhere. `reporting` (T,) is an optional offset: how
    much was reported at all, so that more diligent reporting is not taken for more need.
    """
    city = counts.sum(axis=1).astype(float)
    offset = np.zeros(len(city)) if reporting is None else np.log(np.maximum(reporting, 0.5))
    design, prior = _design(calendar, history)
    weights = np.ones(history)
    phi = 1.0
    for _ in range(3):
        beta, covariance = _regression(design[:history], city[:history], offset[:history], weights / phi, prior)
        course = np.exp(np.clip(design @ beta + offset, -30, 30))
        residual = _anscombe(city[:history], course[:history]) / np.sqrt(phi)
        weights = np.where(residual > _OUTBREAK, (_OUTBREAK / np.maximum(residual, _OUTBREAK)) ** 2, 1.0)
        share, shape = _shares(counts[:history], course[:history], weights, phi, population)
        if overdispersed:
            phi = _dispersion(counts[:history], np.outer(course[:history], share), weights, design.shape[1])
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(len(covariance)))
    return Baseline(np.outer(course, share), phi, shape, design @ root, history)


def _design(calendar: Calendar, history: int) -> tuple[Floats, Floats]:
    """(T, k) columns that the history is long enough for, and their prior precisions (k,)."""
    per_year = PER_YEAR[calendar.period]
    steps = np.arange(len(calendar), dtype=float)
    years = history / per_year
    columns, precision = [np.ones(len(steps))], [1e-4]
    if years >= 0.5 and history >= 6:
        columns.append((steps - history / 2) / per_year)
        precision.append(1 / 0.5**2)
    if calendar.period != "year":
        for k in (1, 2):
            if years >= k:
                angle = 2 * np.pi * k * steps / per_year
                columns += [np.sin(angle), np.cos(angle)]
                precision += [1.0, 1.0]
    if calendar.period == "day" and history >= 28:
        weekday = np.array([d.weekday() for d in calendar.starts])
        columns += [(weekday == d).astype(float) for d in range(1, 7)]
        precision += [1.0] * 6
    return np.column_stack(columns), np.array(precision)


def _regression(
    design: Floats, counts: Floats, offset: Floats, weights: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Poisson regression by iteratively reweighted least squares with a ridge prior: (β, covariance)."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(counts.mean(), 0.1)) - offset.mean()
    for _ in range(50):
        mean = np.exp(np.clip(design @ beta + offset, -30, 30))
        information = (design * (weights * mean)[:, None]).T @ design + np.diag(precision)
        gradient = design.T @ (weights * (counts - mean)) - precision * np.r_[0.0, beta[1:]]
        step = np.linalg.solve(information, gradient)
        beta += np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-10:
            break
    return beta, np.linalg.inv(information)


def _anscombe(counts: Floats, mean: Floats) -> Floats:
    """Anscombe residuals: close to standard normal for Poisson counts, also small ones."""
    return np.asarray(1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6))


def _shares(
    counts: Ints, course: Floats, weights: Floats, phi: float, population: Floats
) -> tuple[Floats, Floats]:
    """Shrunk share of every area, and the gamma shape of what stays unknown about it: two arrays (n,).

    The prior shares are equal, or follow the population, whichever the counts find likelier.
    """
    n = counts.shape[1]
    seen = weights @ counts / phi
    exposure = float(weights @ course) / phi
    priors = [np.full(n, 1 / n)]
    if n and np.isfinite(population).all() and population.sum() > 0:
        priors.append((population + 0.1 * population.mean()) / (1.1 * population.sum()))
    candidates = [(_evidence(seen, exposure * p, k), k, p) for p in priors for k in _STRENGTHS]
    _, strength, prior = max(candidates, key=lambda candidate: candidate[0])
    level = (strength + seen) / (strength + exposure * prior)
    share = prior * level
    return share / share.sum(), strength + seen


def _evidence(seen: Floats, expected: Floats, strength: float) -> float:
    """Log marginal likelihood of gamma–Poisson counts with this prior strength."""
    terms = (
        gammaln(strength + seen)
        - gammaln(strength)
        + strength * np.log(strength / (strength + expected))
        + seen * np.log(expected / (strength + expected))
    )
    return float(terms.sum())


def cell_dispersion(counts: Ints, mean: Floats, weights: Floats | None = None) -> float:
    """φ over cells (T, n): Σ w (y − μ)² / Σ w μ, at least 1; steady for small means, where Pearson's is not."""
    weights = np.ones(len(counts)) if weights is None else weights
    total = float(weights @ mean.sum(axis=1)) if len(mean) else 0.0
    if total <= 0:
        return 1.0
    return max(1.0, float(weights @ ((counts - mean) ** 2).sum(axis=1)) / total)


def _dispersion(counts: Ints, mean: Floats, weights: Floats, parameters: int) -> float:
    """φ from single cells, or from the whole municipality when that is clearly more dispersed."""
    cells = cell_dispersion(counts, mean, weights)
    city, course = counts.sum(axis=1), mean.sum(axis=1)
    freedom = max(float(weights.sum()) - parameters, 1.0)
    whole = float(weights @ ((city - course) ** 2 / np.maximum(course, 0.2))) / freedom
    return whole if whole > cells * (1 + 3 * np.sqrt(2 / freedom)) else cells
