"""How rare a statistic is when nothing is shared, and how rare that is among everything that was looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schakel.records import Floats

_EULER = 0.5772156649015329
_LARGEST = 10  # of the replicas, by which their own tail is known
_RAREST = 1e-300  # a chance is never nothing, also where the numbers of a computer end


@dataclass(frozen=True, slots=True)
class Rarity:
    """The p-value by rank, by the Gumbel tail, and which of the two serves the comparison over themes."""

    p_value: float
    p_value_gumbel: float
    used: float

    @classmethod
    def stopped(cls, p_value: float) -> Rarity:
        """Of what sequential stopping found to be common: nobody needs the tail there, so the rank serves for all."""
        return cls(p_value, p_value, p_value)


def rarity(statistic: float, maxima: Floats, *, stop_after: int = 0) -> Rarity:
    """Compare a statistic with the maxima (R,) of the replicas.

    By rank: (1 + number at least as large)/(R + 1), exact at any level (Dwass 1957,
    doi:10.1214/aoms/1177707045). With `stop_after` h > 0 the replicas are read in order until h of them are as
    large: p = h/l (Besag & Clifford 1991, doi:10.1093/biomet/78.2.301). By the Gumbel tail (Abrams et al. 2010,
    doi:10.1186/1476-072X-9-61), which reaches beyond 1/(R + 1): used only where it describes the upper tail of
    the replicas, and no further than their own tail allows (docs/adr/0017); with very small totals the maxima take few
    values, and ranks are used.
    """
    larger = maxima >= as_large_as(statistic)
    by_rank = (1 + int(larger.sum())) / (len(maxima) + 1)
    if stop_after and int(larger.sum()) >= stop_after:
        by_rank = stop_after / (int(np.flatnonzero(larger)[stop_after - 1]) + 1)
    location, scale = gumbel(maxima)
    by_gumbel = _tail(statistic, location, scale)
    rare = by_rank <= _LARGEST / (len(maxima) + 1)
    if not rare or not _describes(maxima, location, scale):
        return Rarity(by_rank, by_gumbel, by_rank)
    used = max(by_gumbel, _own_tail(statistic, maxima))
    return Rarity(by_rank, by_gumbel, used)


def as_large_as(statistic: float) -> float:
    """What counts as at least as large: rounding makes no difference between two statistics."""
    return statistic - 1e-9 * max(1.0, statistic)


def gumbel(maxima: Floats) -> tuple[float, float]:
    """Location and scale of a Gumbel distribution by its moments; scale 0 when all maxima are equal."""
    scale = float(np.std(maxima, ddof=1)) * np.sqrt(6) / np.pi if len(maxima) > 1 else 0.0
    return float(np.mean(maxima)) - _EULER * scale, scale


def _tail(statistic: float, location: float, scale: float) -> float:
    if scale <= 0:
        return 1.0
    with np.errstate(over="ignore"):  # far below the location the chance is one
        return max(_RAREST, float(-np.expm1(-np.exp(-(statistic - location) / scale))))


def _own_tail(statistic: float, maxima: Floats) -> float:
    """The chance of as much, by what the largest replicas say.

    Beyond a high level maxima fall off exponentially. How fast is known from few of them, so it is averaged over: of k
    excesses with mean m, the next one exceeds x with probability (1 + x/km)^−k (Pareto, as in Davison & Smith 1990,
    doi:10.1111/j.2517-6161.1990.tb01796.x, with what the estimate leaves unknown).
    """
    level, *excesses = np.sort(maxima)[-_LARGEST - 1 :].tolist()
    mean = sum(each - level for each in excesses) / _LARGEST
    beyond = max(statistic - level, 0.0) / max(_LARGEST * mean, 1e-12)
    return max(_RAREST, _LARGEST / (len(maxima) + 1) * float(1 + beyond) ** -_LARGEST)


def _describes(maxima: Floats, location: float, scale: float) -> bool:
    """Whether the upper tail is continuous enough and lies where Gumbel says, within a factor of two."""
    if len(maxima) < 99 or scale <= 0:
        return False
    upper = np.sort(maxima)[-max(20, len(maxima) // 20) :]
    if len(np.unique(np.round(upper, 9))) < 0.5 * len(upper):
        return False
    claimed = _tail(float(upper[0]), location, scale)
    return 0.5 <= claimed * len(maxima) / len(upper) <= 2.0


def q_values(p_values: Floats) -> Floats:
    """False-discovery-adjusted values (Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x)."""
    m = len(p_values)
    order = np.argsort(p_values, kind="stable")
    adjusted = p_values[order] * m / np.arange(1, m + 1)
    out = np.empty(m)
    out[order] = np.minimum(1.0, np.minimum.accumulate(adjusted[::-1])[::-1])
    return out


def simes(p_values: Floats) -> float:
    """One p-value for a family: is there anything in it at all? (Simes 1986, doi:10.1093/biomet/73.3.751)"""
    return float(q_values(p_values).min()) if len(p_values) else 1.0


def hierarchical_q_values(families: list[Floats]) -> list[Floats]:
    """q-values over a nation: first which municipalities have anything, then what, within them.

    At α the R municipalities with a q-value over the nation of at most α are selected, and within each the themes
    with a q-value of at most Rα/m (Benjamini & Bogomolov 2014, doi:10.1111/rssb.12028). A theme gets the smallest α at
    which that holds: reading off all values ≤ α controls the average false discovery rate over the selected.
    """
    outer = q_values(np.array([simes(p) for p in families]))
    level = np.unique(outer)  # where one more family is selected
    selected = np.searchsorted(np.sort(outer), level, side="right")
    until = np.append(level[1:], np.inf)
    found = []
    for k, p in enumerate(families):
        value = np.maximum(level[:, None], q_values(p) * (len(families) / selected)[:, None])
        value = np.where((level[:, None] >= outer[k]) & (value < until[:, None]), value, 1.0)
        found.append(np.minimum(1.0, value.min(axis=0)) if len(p) else np.empty(0))
    return found


def recurrence_days(p: float, period_days: float) -> float:
    """How often chance alone would show something as rare, looking every period (Kleinman et al. 2004).

    One look has probability p, and there is one look a period: once in period/p days
    (doi:10.1093/aje/kwh029).
    """
    return period_days / p
