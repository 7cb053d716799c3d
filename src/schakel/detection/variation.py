"""How counts vary around what is usual, for three reasons that are told apart.

People come in clusters: φ = variance/mean of single cells. Clusters differ in size, and many small ones vary as much as
fewer with a large one now and then: in how many cells there was anybody tells how many people a cluster has on
average. And some weeks lift the whole municipality, as with the weather: what it varies beyond its cells is no
cluster. Why one number for all three raises false alarms: docs/adr/0015.

Shapes: K themes, H periods of history, n areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schakel.records import Floats, Ints

_LEVELS = 12  # groups of periods that expect about as much
_MOST_TOGETHER = 1e4  # people per cluster
MOST_SWING = (
    1.0  # a theme that jumps more than this is not followed week by week; drawing it would take for ever
)


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


def dispersion(
    past: Past, city: Floats, course: Floats, share: Floats, weights: Floats, parameters: int
) -> tuple[Floats, Floats, Floats]:
    """(K,) φ of cells, variance/mean of the whole municipality, and how its level swings by itself.

    Over cells Σ w (y − μ)² / Σ w μ, which is steady for small means, where Pearson's is not. Cells without signals
    contribute μ², summed in closed form; so over the municipality, with the same weight for the same people. A level
    with variance s² adds s²μ to the variance/mean of a count: little in a cell, much in the municipality.
    """
    mean = course[past.theme, past.period] * share[past.theme, past.area]
    weight = weights[past.theme, past.period]
    total = (weights * course).sum(axis=1)
    seen = past.by_theme(weight * ((past.people - mean) ** 2 - mean**2))
    squares = (weights * course**2).sum(axis=1) * (share**2).sum(axis=1)
    # the course follows the municipality: so does a theme that is nearly all in one area follow itself
    lost = np.minimum(parameters / weights.sum(axis=1), 0.5)
    cells = np.maximum(1.0, (seen + squares) / total / (1.0 - lost * (share**2).sum(axis=1)))
    lifted = (weights * (city - course) ** 2).sum(axis=1) / total / (1.0 - lost)
    usual = (weights * course**2).sum(axis=1) / total
    variance = np.maximum(lifted - cells, 0.0) / np.maximum(usual - squares / total, 1e-12)
    swing = np.minimum(np.sqrt(np.log1p(variance)), MOST_SWING)
    phi = np.maximum(1.0, cells - np.expm1(swing**2) * squares / total)
    pearson = (weights * (city - course) ** 2 / np.maximum(course, 0.2)).sum(axis=1)
    return phi, np.maximum(pearson / weights.sum(axis=1) / (1.0 - lost), cells), swing


def people_together(past: Past, course: Floats, share: Floats, weights: Floats) -> Floats:
    """(K,) people per cluster: as many as explain in how many cells there was somebody.

    A cell that expects μ people, m in a cluster, is empty with probability exp(−μ/m). Periods that expect about
    as much are taken together.
    """
    order = np.array_split(np.argsort(course, axis=1, kind="stable"), min(_LEVELS, course.shape[1]), axis=1)
    much = np.stack([np.take_along_axis(weights, part, axis=1).sum(axis=1) for part in order], axis=1)
    level = np.stack(
        [np.take_along_axis(weights * course, part, axis=1).sum(axis=1) for part in order], axis=1
    )
    mean = (level / much)[:, :, None] * share[:, None, :]
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
