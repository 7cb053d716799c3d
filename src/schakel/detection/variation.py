"""How counts vary around what is usual, for three reasons that are told apart.

People come in clusters: φ = variance/mean of single cells. Clusters differ in size, and many small ones vary as much as
fewer with a large one now and then: in how many cells there was anybody tells how many people a cluster has on
average. And some weeks lift the whole municipality, as with the weather, which may last: what it varies beyond its
cells is no cluster. Why one number for all of them raises false alarms: docs/adr/0015.

Shapes: K themes, H periods of history, n areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schakel.records import Floats, Ints

_LEVELS = 12  # groups of periods that expect about as much
_MOST_TOGETHER = 1e4  # people per cluster
# a theme that jumps more than this is not followed week by week; drawing it would take for ever
_MOST_SWING = 1.0
_LONGEST_MEMORY = 0.95  # weather that lasts for months is a season


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The sparse cells of the history: theme, period, area and people of each."""

    theme: Ints
    period: Ints
    area: Ints
    people: Floats
    themes: int
    areas: int

    def by_theme(self, values: Floats) -> Floats:
        """(K,) sums of one value a cell."""
        return np.bincount(self.theme, values, self.themes).astype(float)


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """How the counts of each theme vary, (K,).

    ``phi``: variance/mean of a cell. ``municipal``: of the whole municipality in a period. ``swing``: standard
    deviation of the logarithm of its level, by itself. ``memory``: correlation of that with the period before.
    """

    phi: Floats
    municipal: Floats
    swing: Floats
    memory: Floats

    @classmethod
    def none(cls, themes: int) -> Variation:
        """By chance only."""
        return cls(np.ones(themes), np.ones(themes), np.zeros(themes), np.zeros(themes))

    @property
    def lasting(self) -> Floats:
        """Variance/mean of the whole municipality over a long time, in which what remembers averages out slowly."""
        slowly = 2 * self.memory / (1.0 - self.memory)
        return np.asarray(self.municipal + (self.municipal - self.phi) * slowly)

    def standing_out(self, counts: Floats, mean: Floats) -> Floats:
        """(K, H) Anscombe residuals: about standard normal for counts of this variance, also small ones.

        They are not made symmetrical for swings: high weeks would teach swings that hide the next outbreak.
        """
        apart = 1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
        return np.asarray(apart / np.sqrt(self.municipal)[:, None])

    def level(self, counts: Floats, course: Floats) -> Floats:
        """(K, H) what each period's level probably was: between what is usual and what was counted."""
        lifted = np.expm1(self.swing**2)[:, None] * course
        return np.asarray(course + lifted / (lifted + self.phi[:, None]) * (counts - course))


def dispersion(
    past: Past, city: Floats, course: Floats, share: Floats, weights: Floats, parameters: int
) -> Variation:
    """How counts varied in the history.

    Over cells Σ w (y − μ)² / Σ w μ, which is steady for small means, where Pearson's is not. Cells without signals
    contribute μ², summed in closed form; so over the municipality, with the same weight for the same people. A level
    with variance s² adds s²μ to the variance/mean of a count: little in a cell, much in the municipality.
    """
    mean = course[past.theme, past.period] * share[past.theme, past.area]
    weight = weights[past.theme, past.period]
    total = (weights * course).sum(axis=1)
    seen = past.by_theme(weight * ((past.people - mean) ** 2 - mean**2))
    squares = (weights * course**2).sum(axis=1) * (share**2).sum(axis=1)
    # the course is fitted to the municipality; the more of it is one cell, the more to that cell
    lost = np.minimum(parameters / weights.sum(axis=1), 0.5)
    cells = np.maximum(1.0, (seen + squares) / total / (1.0 - lost * (share**2).sum(axis=1)))
    lifted = (weights * (city - course) ** 2).sum(axis=1) / total / (1.0 - lost)
    usual = (weights * course**2).sum(axis=1) / total
    variance = np.maximum(lifted - cells, 0.0) / np.maximum(usual - squares / total, 1e-12)
    swing = np.minimum(np.sqrt(np.log1p(variance)), _MOST_SWING)
    phi = np.maximum(1.0, cells - np.expm1(swing**2) * squares / total)
    pearson = (weights * (city - course) ** 2 / np.maximum(course, 0.2)).sum(axis=1)
    municipal = np.maximum(pearson / weights.sum(axis=1) / (1.0 - lost), cells)
    # the course takes a part along, which makes neighbouring periods look opposite
    lasting = _followed(past, city, course, share, weights) + lost * lifted / usual
    memory = _memory(lasting, chance=lifted / usual / np.sqrt(weights.sum(axis=1)), swing=swing)
    return Variation(phi, municipal, swing, memory)


def _followed(past: Past, city: Floats, course: Floats, share: Floats, weights: Floats) -> Floats:
    """(K,) covariance of the levels of neighbouring periods, as most areas show it.

    How each area follows the neighbouring periods of the municipality. What the area in the middle does counts (the
    median by share): a past outbreak in some areas is no weather that lasts.
    """
    moved, expected = weights * (city - course), weights * course
    near = np.zeros_like(moved)
    near[:, 1:] += moved[:, :-1]
    near[:, :-1] += moved[:, 1:]
    near *= weights
    place, cells = past.theme * past.areas + past.area, past.themes * past.areas
    followed = np.bincount(place, past.people * near[past.theme, past.period], cells).reshape(-1, past.areas)
    areas = followed / share - (course * near).sum(axis=1, keepdims=True)
    order = np.argsort(areas, axis=1)
    half = (np.cumsum(np.take_along_axis(share, order, axis=1), axis=1) < 0.5).sum(axis=1, keepdims=True)
    middle = np.take_along_axis(areas, np.take_along_axis(order, half, axis=1), axis=1)[:, 0]
    whole = (near * (city - course)).sum(axis=1)
    pairs = 2 * (expected[:, 1:] * expected[:, :-1]).sum(axis=1)
    return np.asarray(np.minimum(middle, whole) / pairs)


def _memory(covariance: Floats, *, chance: Floats, swing: Floats) -> Floats:
    """(K,) how much of a period's swing is that of the period before.

    What could be `chance` is shrunk away (James & Stein 1961): counts that remember nothing seem to, now and then.
    """
    both = np.maximum(covariance, 0.0)
    sure = np.maximum(0.0, 1.0 - (chance / np.maximum(both, 1e-12)) ** 2)
    again = np.log1p(sure * both) / np.maximum(swing, 1e-6) ** 2
    return np.where(swing > 0, np.minimum(again, _LONGEST_MEMORY), 0.0)


def people_together(past: Past, level: Floats, share: Floats, weights: Floats) -> Floats:
    """(K,) people per cluster: as many as explain in how many cells there was somebody.

    A cell that expects μ people, m in a cluster, is empty with probability exp(−μ/m). Periods of about the same
    `level` (K, H) are taken together.
    """
    order = np.array_split(np.argsort(level, axis=1, kind="stable"), min(_LEVELS, level.shape[1]), axis=1)
    much = np.stack([np.take_along_axis(weights, part, axis=1).sum(axis=1) for part in order], axis=1)
    people = np.stack(
        [np.take_along_axis(weights * level, part, axis=1).sum(axis=1) for part in order], axis=1
    )
    mean = (people / much)[:, :, None] * share[:, None, :]
    somebody = past.by_theme(weights[past.theme, past.period])
    low, high = np.full(past.themes, np.log(1 / _MOST_TOGETHER)), np.zeros(past.themes)
    for _ in range(20):  # halves the interval: a millionth of it is left
        middle = (low + high) / 2
        expected = (much * -np.expm1(-np.exp(middle)[:, None, None] * mean).sum(axis=2)).sum(axis=1)
        low, high = np.where(expected < somebody, middle, low), np.where(expected < somebody, high, middle)
    return np.asarray(np.exp(-high))


def cell_dispersion(counts: Ints, mean: Floats) -> float:
    """φ over cells (T, n) of one theme: Σ (y − μ)² / Σ μ, at least 1."""
    total = float(mean.sum())
    return max(1.0, float(((counts - mean) ** 2).sum()) / total) if total > 0 else 1.0
