"""How people come together when nothing is shared: a signal may concern several, and signals come in clusters.

A count with variance/mean φ is a Poisson number of clusters. A cluster is a number of signals from the logarithmic
series, each about as many people as signals of the theme usually are. With signals about one person this is the
negative binomial with variance φμ (NB1). With others it has the same mean and variance, and the tail that the
signals themselves have: one signal about a school class is rare, but no evidence of a shared question.

What is evidence of a shared question is that there are more clusters, not that they are large. So the scan counts
`Occasions`: how many clusters a number of people in one area and one time bin probably came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from schakel.detection.draws import alias_table, cumulate
from schakel.records import Floats, Ints

_SINGLE = 1e-9  # φ − 1 below this: every cluster is one signal
_MOST = 1_000_000  # people in one cluster: no replica has larger ones
_STEPS = 16  # tables of occasions for so many rates of clusters a factor e
_LONGEST = 4096  # people up to here have their number of occasions in a table


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
    share: Floats
    probability: Floats
    other: Ints

    @classmethod
    def of(cls, phi: float, sizes: Sizes) -> Clusters:
        """Clusters that give variance/mean φ; never less than the sizes of the signals give by themselves."""
        among_signals = 1.0 + (phi - sizes.ratio) / sizes.mean
        if among_signals <= 1.0 + _SINGLE:
            return cls(0.0, sizes.mean, sizes.people, sizes.share, *alias_table(sizes.share))
        q, signals = 1.0 - 1.0 / among_signals, (among_signals - 1.0) / np.log(among_signals)
        share = _compound(q, sizes.people, sizes.share)
        people = np.flatnonzero(share)
        return cls(q, float(signals * sizes.mean), people, share[people], *alias_table(share[people]))


@dataclass(frozen=True, slots=True, eq=False)
class Occasions:
    """In how many clusters people probably came: per cell (B bins, n areas) a row (`row`) of a `table` by their number.

    ``E[N | c] = λ Σ p(s) P(c − s) / P(c)`` for a Poisson number N of clusters at rate λ with sizes s of share p,
    rounded to whole numbers; with single people it is their number. `expected` (B+1, n) is its mean when nothing is
    shared, cumulative over the bins. Why a scan of occasions finds more than one of people: docs/adr/0014.
    """

    table: Ints
    row: Ints
    expected: Floats

    @classmethod
    def of(cls, clusters: Clusters, expected: Floats, *, phi: float, largest: int) -> Occasions:
        """For cells in which so many people are `expected` (B, n), of whom up to `largest` were seen in one."""
        rate = np.maximum(expected / clusters.mean, 1e-12)
        step, row = np.unique(np.rint(np.log(rate) * _STEPS), return_inverse=True)
        most = float(expected.max(initial=0.0))
        likely = int(most + 6 * np.sqrt(phi * most) + 15 * phi)
        rates = np.exp(step / _STEPS)
        table, mean = _occasions(
            rates, clusters.people, clusters.share, min(max(largest, likely, 2), _LONGEST)
        )
        row = row.reshape(expected.shape)
        usual = np.zeros((len(expected) + 1, expected.shape[1]))
        np.cumsum(mean[row] * (expected / clusters.mean) / rates[row], axis=0, out=usual[1:])
        return cls(table, row, usual)

    def count(self, people: Any) -> None:
        """In place: cumulative people (B+1, n, R) become cumulative occasions."""
        _count(people, self.row, self.table)


@njit(cache=True)
def _occasions(rates, people, share, most):  # type: ignore[no-untyped-def]
    """(rates, most+1) whole occasions by number of people, and (rates,) their mean. `people` ascends.

    The probabilities are those of Panjer's recursion, up to a factor.
    """
    table = np.zeros((rates.shape[0], most + 1), np.int64)
    mean = np.zeros(rates.shape[0])
    p = np.zeros(most + 1)
    for i in range(rates.shape[0]):
        p[0], whole, weighted = 1.0, 1.0, 0.0
        for c in range(1, most + 1):
            clusters = heads = 0.0
            for k in range(people.shape[0]):
                if people[k] > c:
                    break
                clusters += share[k] * p[c - people[k]]
                heads += share[k] * p[c - people[k]] * people[k]
            p[c] = rates[i] * heads / c
            if p[c] > 0.0:
                table[i, c] = int(np.rint(rates[i] * clusters / p[c]))
            else:  # no number of people that signals come in
                table[i, c] = max(table[i, c - 1], 1)
            whole += p[c]
            weighted += p[c] * table[i, c]
            if whole > 1e200:
                p[: c + 1] *= 1e-200
                whole *= 1e-200
                weighted *= 1e-200
        mean[i] = weighted / whole
    return table, mean


@njit(cache=True, nogil=True)
def _count(cumulative, row, table):  # type: ignore[no-untyped-def]
    last = table.shape[1] - 1
    half = last // 2
    kind = cumulative.dtype.type
    for t in range(row.shape[0], 0, -1):
        for a in range(row.shape[1]):
            occasions = table[row[t - 1, a]]
            after, before = cumulative[t, a], cumulative[t - 1, a]
            largest = kind(0)
            for r in range(after.shape[0]):
                after[r] = kind(after[r] - before[r])
                largest = max(largest, after[r])
            if largest <= last:
                for r in range(after.shape[0]):
                    after[r] = occasions[after[r]]
                continue
            slope = min(max((occasions[last] - occasions[half]) / (last - half), 0.0), 1.0)
            for r in range(after.shape[0]):
                beyond = max(int(after[r]) - last, 0)
                after[r] = occasions[min(int(after[r]), last)] + int(slope * beyond)
    cumulate(cumulative)


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
