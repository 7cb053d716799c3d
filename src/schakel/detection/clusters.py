"""How people come together when nothing is shared: a signal may concern several, and signals come in clusters.

A count with variance/mean φ is a Poisson number of clusters. A cluster is a number of signals from the logarithmic
series, each about as many people as signals of the theme usually are. With signals about one person this is the
negative binomial with variance φμ (NB1). With others it has the same mean and variance, and the tail that the
signals themselves have: one signal about a school class is rare, but no evidence of a shared question. Where the same
variance comes from more clusters (most of them one signal, and a few large ones) clusters are as many as that.

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
# a series with so many times the excess of φ is the rarest: what is rarer is not seen in a history
_RAREST = 10.0
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
    def of(cls, phi: float, sizes: Sizes, *, together: float | None = None) -> Clusters:
        """Clusters that give variance/mean φ; never less than the sizes of the signals give by themselves.

        `together` is how many people they should have on average. With fewer than the logarithmic series has at
        this φ, only some clusters are of that series, with larger sizes, and the others are one signal.
        """
        among_signals = 1.0 + (phi - sizes.ratio) / sizes.mean
        if among_signals <= 1.0 + _SINGLE:
            return cls(0.0, sizes.mean, sizes.people, sizes.share, *alias_table(sizes.share))
        signals = np.inf if together is None else together / sizes.mean
        ratio, some = _some_large(among_signals, signals)
        q = 1.0 - 1.0 / ratio
        share = some * _compound(q, sizes.people, sizes.share)
        share[sizes.people] += (1.0 - some) * sizes.share
        people = np.flatnonzero(share)
        mean = (1.0 + some * (_series_mean(ratio) - 1.0)) * sizes.mean
        return cls(q, float(mean), people, share[people], *alias_table(share[people]))


def _series_mean(ratio: float) -> float:
    """Mean of the logarithmic series of which E[s²]/E[s] is this ratio."""
    return float((ratio - 1.0) / np.log(ratio))


def _some_large(phi: float, mean: float) -> tuple[float, float]:
    """The ratio E[s²]/E[s] of a logarithmic series, and the share of clusters that is of it; the others have size one.

    All together have ratio φ, and as far as that is possible this mean. With the series for all, the mean is as
    large as it can be here.
    """

    def some(ratio: float) -> float:
        series = _series_mean(ratio)
        return (phi - 1.0) / (series * ratio - 1.0 - phi * (series - 1.0))

    low, high = phi, 1.0 + _RAREST * (phi - 1.0)
    for _ in range(40):
        ratio = (low + high) / 2
        fewer = 1.0 + some(ratio) * (_series_mean(ratio) - 1.0) > mean
        low, high = (ratio, high) if fewer else (low, ratio)
    return low, some(low)


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
    def of(cls, clusters: Clusters, expected: Floats, *, phi: float, largest: int) -> Occasions | None:
        """For cells in which so many people are `expected` (B, n), of whom up to `largest` were seen in one.

        None where so many are usual in a cell that no table holds them: occasions then only follow their number.
        """
        most = float(expected.max(initial=0.0))
        likely = int(most + 6 * np.sqrt(phi * most) + 15 * phi)
        if likely > _LONGEST:
            return None
        rate = np.maximum(expected / clusters.mean, 1e-12)
        step, row = np.unique(np.rint(np.log(rate) * _STEPS), return_inverse=True)
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
