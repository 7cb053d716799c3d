"""How people come together when nothing is shared: a signal may concern several, and signals come in clusters.

A count with variance/mean φ is a Poisson number of clusters. A cluster is a number of signals from the logarithmic
series, each about as many people as signals of the theme usually are. With signals about one person this is the
negative binomial with variance φμ (NB1). With others it has the same mean and variance, and the tail that the
signals themselves have: one signal about a school class is rare, but no evidence of a shared question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schakel.detection.draws import alias_table
from schakel.records import Floats, Ints

_SINGLE = 1e-9  # φ − 1 below this: every cluster is one signal


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """How many people a signal concerns: `people` (S,), each in a `share` (S,) of the signals."""

    people: Ints
    share: Floats

    @property
    def mean(self) -> float:
        """People per signal."""
        return float(self.people @ self.share)

    @property
    def ratio(self) -> float:
        """Variance/mean of counts in which signals come one by one: E[s²]/E[s]."""
        return float(self.people**2 @ self.share) / self.mean


ALONE = Sizes(np.ones(1, np.int64), np.ones(1))


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Ready to draw: parameter `q` of the number of signals, the alias table of their sizes, and the mean people."""

    q: float
    mean: float
    people: Ints
    probability: Floats
    other: Ints

    @classmethod
    def of(cls, phi: float, sizes: Sizes) -> Clusters:
        """Clusters that give variance/mean φ; never less than the sizes of the signals give by themselves."""
        among_signals = 1.0 + (phi - sizes.ratio) / sizes.mean
        q, signals = 0.0, 1.0
        if among_signals > 1.0 + _SINGLE:
            q, signals = 1.0 - 1.0 / among_signals, (among_signals - 1.0) / np.log(among_signals)
        return cls(q, float(signals * sizes.mean), sizes.people, *alias_table(sizes.share))
