"""How people come together when nothing is shared: a signal may concern several, and signals come in clusters.

A count with variance/mean φ is a Poisson number of clusters. A cluster is a number of signals from the logarithmic
series, each about as many people as signals of the theme usually are. With signals about one person this is the
negative binomial with variance φμ (NB1). With others it has the same mean and variance, and the tail that the
signals themselves have: one signal about a school class is rare, but no evidence of a shared question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from schakel.detection.draws import alias_table
from schakel.records import Floats, Ints

_SINGLE = 1e-9  # φ − 1 below this: every cluster is one signal
_MOST = 1_000_000  # people in one cluster: no replica has larger ones


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
    """Ready to draw: how many people a cluster has (`people`, by an alias table), and the mean of that.

    `q` is the logarithmic-series parameter of the number of signals in a cluster; 0: always one.
    """

    q: float
    mean: float
    people: Ints
    probability: Floats
    other: Ints

    @classmethod
    def of(cls, phi: float, sizes: Sizes) -> Clusters:
        """Clusters that give variance/mean φ; never less than the sizes of the signals give by themselves."""
        among_signals = 1.0 + (phi - sizes.ratio) / sizes.mean
        if among_signals <= 1.0 + _SINGLE:
            return cls(0.0, sizes.mean, sizes.people, *alias_table(sizes.share))
        q, signals = 1.0 - 1.0 / among_signals, (among_signals - 1.0) / np.log(among_signals)
        share = _compound(q, sizes.people, sizes.share)
        people = np.flatnonzero(share)
        return cls(q, float(signals * sizes.mean), people, *alias_table(share[people]))


@njit(cache=True)
def _compound(q, people, share):  # type: ignore[no-untyped-def]
    """Share of clusters by their number of people: a logarithmic-series number of signals of these sizes.

    Panjer's recursion (1981, doi:10.1017/S0515036100006796), until what is left is less than 10⁻¹².
    """
    first = -q / np.log1p(-q)
    found, left, k = [0.0], 1.0, 0
    while left > 1e-12 and k < _MOST:
        k += 1
        now = 0.0
        for s in range(people.shape[0]):
            if people[s] == k:
                now += first * share[s]
            elif people[s] < k:
                now += q / k * share[s] * (k - people[s]) * found[k - people[s]]
        found.append(now)
        left -= now
    return np.array(found)
