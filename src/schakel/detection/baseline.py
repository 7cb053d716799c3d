"""What to expect in every area and period, and how sure that is, for all themes of a municipality at once.

The course of a theme over the whole municipality is a quasi-Poisson regression (trend, two harmonics, holidays, day of
the week for daily data); recent periods stay out, and past outbreaks weigh less (Noufaily et al. 2013,
doi:10.1002/sim.5595). The share of each area is shrunk towards a prior share: a gamma prior whose strength
is estimated from the areas themselves (empirical Bayes; Clayton & Kaldor 1987, doi:10.2307/2532003).

How counts vary around it: `variation`.

Everything that is estimated keeps its uncertainty, because the replicas must be as unsure as we are: a null model that
takes an estimated baseline for the truth raises too many false alarms.

Shapes: K themes, T periods, H of them history, n areas, p regression columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import gammaln

from schakel.detection.calendar import PER_YEAR, Calendar
from schakel.detection.counts import Cube
from schakel.detection.variation import Past, Variation, dispersion, people_together
from schakel.records import Floats

_OUTBREAK = 2.58  # standard residual from which a past period weighs less
_STRENGTHS = np.geomspace(0.3, 300.0, 13)  # gamma shapes that are tried for the prior of the shares
_UNSEEN = 0.5  # signals added to every history: a theme never seen before is rare, not impossible (Jeffreys)
_ROUNDS = 3  # of course, weights, shares and φ in turn; they settle in two


@dataclass(frozen=True, slots=True, eq=False)
class Baselines:
    """Expected counts: ``course`` (K, T) of the municipality times ``share`` (K, n) of each area.

    ``phi`` (K,): variance/mean of a count. ``together`` (K,): people per cluster. ``swing`` (K,): standard deviation of
    the logarithm of a period's level, by itself; ``memory`` (K,): its correlation with the period before. ``shape`` (K,
    n): gamma shape of what is still unknown about each area's level. ``bend`` (K, T, p): how the logarithms of the
    periods' levels move together, per standard normal.
    """

    course: Floats
    share: Floats
    phi: Floats
    together: Floats
    swing: Floats
    memory: Floats
    shape: Floats
    bend: Floats


def estimated_baselines(
    cube: Cube,
    *,
    history: int,
    population: Floats,
    reporting: Floats | None = None,
    overdispersed: bool = True,
) -> Baselines:
    """Learn the baseline of every theme from its own counts in the first `history` periods.

    `population` (n,) offers prior shares where it is known everywhere. `reporting` (T,) is an optional offset: how
    much was reported at all, so that more diligent reporting is not taken for more need.
    """
    past, city = _past(cube, history)
    whole = len(cube.calendar)
    offset = np.zeros(whole) if reporting is None else np.log(np.maximum(reporting, 0.5))
    design, precision = _design(cube.calendar, history)
    counted = city + _UNSEEN / history
    weights = np.ones((past.themes, history))
    varies, together = Variation.none(past.themes), np.ones(past.themes)
    beta = np.zeros((past.themes, design.shape[1]))
    beta[:, 0] = np.log(np.maximum(city.mean(axis=1), 0.1)) - offset[:history].mean()
    for _ in range(_ROUNDS):
        beta, covariance = _regression(
            beta, design[:history], counted, offset[:history], weights / varies.lasting[:, None], precision
        )
        course = np.exp(np.clip(beta @ design.T + offset, -30, 30))
        out = varies.standing_out(city, course[:, :history])
        weights = np.minimum(1.0, (_OUTBREAK / np.maximum(out, _OUTBREAK)) ** 2)
        share, shape = _shares(past, course[:, :history], weights, varies.phi, population)
        if overdispersed:
            varies = dispersion(past, city, course[:, :history], share, weights, design.shape[1])
    if overdispersed:
        together = people_together(past, varies.level(city, course[:, :history]), share, weights)
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(design.shape[1]))
    return Baselines(course, share, varies.phi, together, varies.swing, varies.memory, shape, design @ root)


def _past(cube: Cube, history: int) -> tuple[Past, Floats]:
    """The cells of the history, and the (K, H) counts of the whole municipality."""
    themes = len(cube.themes)
    theme = np.repeat(np.arange(themes), np.diff(cube.bounds))
    known = cube.period < history
    past = Past(
        theme[known],
        cube.period[known],
        cube.area[known],
        cube.people[known].astype(float),
        themes,
        cube.areas,
    )
    city = np.bincount(past.theme * history + past.period, past.people, themes * history)
    return past, city.reshape(themes, history).astype(float)


def _design(calendar: Calendar, history: int) -> tuple[Floats, Floats]:
    """(T, p) columns that the history is long enough for, and their prior precisions (p,)."""
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
    if calendar.period in ("day", "week") and years >= 1:
        columns += [_share_of(calendar, (12, 23), (1, 2)), _share_of(calendar, (7, 23), (8, 24))]
        precision += [1.0, 1.0]
    if calendar.period == "day" and history >= 28:
        weekday = np.array([d.weekday() for d in calendar.starts])
        columns += [(weekday == d).astype(float) for d in range(1, 7)]
        precision += [1.0] * 6
    return np.column_stack(columns), np.array(precision)


def _share_of(calendar: Calendar, first: tuple[int, int], last: tuple[int, int]) -> Floats:
    """(T,) share of each period's days within a yearly holiday, from (month, day) to (month, day)."""
    starts, ends = (np.array(days, "datetime64[D]") for days in (calendar.starts, calendar.ends))
    shares = np.zeros(len(calendar))
    for year in range(calendar.starts[0].year - 1, calendar.ends[-1].year + 1):
        opens = np.datetime64(date(year, *first))
        closes = np.datetime64(date(year + (last < first), *last))
        shares += np.maximum(0, (np.minimum(ends, closes) - np.maximum(starts, opens)).astype(int) + 1)
    return np.asarray(shares / ((ends - starts).astype(int) + 1))


def _regression(
    beta: Floats, design: Floats, counts: Floats, offset: Floats, weights: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Poisson regressions by iteratively reweighted least squares with a ridge prior: β (K, p), covariance."""
    p = design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), p * p)
    ridge = precision * np.r_[0.0, np.ones(p - 1)]
    for _ in range(40):
        mean = np.exp(np.clip(beta @ design.T + offset, -30, 30))
        information = ((weights * mean) @ squares).reshape(-1, p, p) + np.diag(precision)
        gradient = (weights * (counts - mean)) @ design - ridge * beta
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -3, 3)
        if not len(step) or np.abs(step).max() < 1e-9:
            break
    return beta, np.asarray(np.linalg.inv(information))


def _shares(
    past: Past, course: Floats, weights: Floats, phi: Floats, population: Floats
) -> tuple[Floats, Floats]:
    """Shrunk share of every area, and the gamma shape of what stays unknown about it: two arrays (K, n).

    The prior shares are equal, or follow the population, whichever the counts find likelier.
    """
    k, n = past.themes, past.areas
    total = np.bincount(past.theme * n + past.area, past.people * weights[past.theme, past.period], k * n)
    seen: Floats = total.reshape(k, n) / phi[:, None]
    exposure = (weights * course).sum(axis=1) / phi
    priors = [np.full(n, 1 / n)]
    if np.isfinite(population).all() and population.sum() > 0:
        priors.append((population + 0.1 * population.mean()) / (1.1 * population.sum()))
    options = [(prior, strength) for prior in priors for strength in _STRENGTHS]
    evidence = np.array([_evidence(seen, exposure[:, None] * prior, s) for prior, s in options])
    chosen = evidence.argmax(axis=0)
    prior = np.array([prior for prior, _ in options])[chosen]
    strength = np.array([s for _, s in options])[chosen][:, None]
    share: Floats = prior * (strength + seen) / (strength + exposure[:, None] * prior)
    return share / share.sum(axis=1, keepdims=True), np.asarray(strength + seen, float)


def _evidence(seen: Floats, expected: Floats, strength: float) -> Floats:
    """(K,) log marginal likelihood of gamma–Poisson counts (K, n) with this prior strength."""
    terms = (
        gammaln(strength + seen) - (strength + seen) * np.log(strength + expected) + seen * np.log(expected)
    )
    constant = seen.shape[1] * (gammaln(strength) - strength * np.log(strength))
    return np.asarray(terms.sum(axis=1) - constant)
