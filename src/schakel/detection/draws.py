"""Replicas of the data as they would be if nothing were shared: compiled, reproducible, on any number of threads.

Every replica has its own random stream, made from the seed, the theme and the replica's number; so its content
does not depend on which thread draws it, nor on how many replicas there are.

Overdispersion is drawn as what it is: clusters (see `clusters`). A count with mean μ and variance φμ is a Poisson
number of them; sums of such counts are again such counts, so it does not matter how
areas and weeks are divided. The uncertainty of an estimated baseline is drawn in the same way: a gamma-distributed
mean makes a Poisson number of batches of clusters, and an uncertain course of time thins them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from schakel.records import Floats, Ints

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
TRUNCATION = 4.0  # standard deviations at which the course of time is cut off


@njit(cache=True, nogil=True, inline="always")
def _mixed(z):  # type: ignore[no-untyped-def]
    z = (z ^ (z >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    return z ^ (z >> _S31)


@njit(cache=True, nogil=True, inline="always")
def _uniform(state):  # type: ignore[no-untyped-def]
    """Splitmix64 (Steele et al. 2014, doi:10.1145/2714064.2660195): a double in (0, 1)."""
    state[0] += _GOLDEN
    return (np.float64(_mixed(state[0]) >> _S11) + 0.5) * 1.1102230246251565e-16


@njit(cache=True, nogil=True)
def _started(seed, replica):  # type: ignore[no-untyped-def]
    state = np.empty(1, np.uint64)
    state[0] = _mixed(_mixed(np.uint64(seed)) + np.uint64(replica) * _MIX2)
    return state


@njit(cache=True, nogil=True)
def _normal(state):  # type: ignore[no-untyped-def]
    return np.sqrt(-2.0 * np.log(_uniform(state))) * np.cos(2.0 * np.pi * _uniform(state))


@njit(cache=True, nogil=True)
def _poisson(state, mean):  # type: ignore[no-untyped-def]
    """Knuth's product of uniforms, in pieces that do not underflow: exact."""
    drawn = 0
    while mean > 0.0:
        piece = min(mean, 500.0)
        mean -= piece
        bound = np.exp(-piece)
        product = _uniform(state)
        while product > bound:
            drawn += 1
            product *= _uniform(state)
    return drawn


@njit(cache=True, nogil=True)
def _logarithmic(state, q):  # type: ignore[no-untyped-def]
    """A size ≥ 1 from the logarithmic series with parameter q (Kemp 1981, doi:10.2307/2346348)."""
    if q <= 0.0:
        return 1
    v = _uniform(state)
    if v >= q:
        return 1
    p = 1.0 - np.exp(_uniform(state) * np.log1p(-q))
    if v <= p * p:
        return 1 + int(np.log(v) / np.log(p))
    if v <= p:
        return 2
    return 1


def alias_table(weights: Floats) -> tuple[Floats, Ints]:
    """Vose's alias table for weights (m,): (probability (m,), other (m,)); one uniform draws an index."""
    scaled = np.asarray(weights, float) * (len(weights) / weights.sum())
    probability, other = np.ones(len(scaled)), np.arange(len(scaled))
    _pair(scaled, probability, other)
    return probability, other


@njit(cache=True, nogil=True)
def _pair(scaled, probability, other):  # type: ignore[no-untyped-def]
    """Give what lies above one to what lies below, in place. Both stacks share one array, from its two ends."""
    m = scaled.shape[0]
    stack = np.empty(m, np.int64)
    small, large = 0, m
    for i in range(m):
        if scaled[i] < 1.0:
            stack[small] = i
            small += 1
    for i in range(m):
        if scaled[i] >= 1.0:
            large -= 1
            stack[large] = i
    while small > 0 and large < m:
        small -= 1
        low, high = stack[small], stack[large]
        probability[low], other[low] = scaled[low], high
        scaled[high] -= 1.0 - scaled[low]
        if scaled[high] < 1.0:
            large += 1
            stack[small] = high
            small += 1


@njit(cache=True, nogil=True, inline="always")
def _pick(state, probability, other):  # type: ignore[no-untyped-def]
    u = _uniform(state) * probability.shape[0]
    k = int(u)
    return k if u - k < probability[k] else other[k]


@njit(cache=True, nogil=True, inline="always")
def _people(state, people, probability, other):  # type: ignore[no-untyped-def]
    """People in one cluster."""
    return people[0] if people.shape[0] == 1 else people[_pick(state, probability, other)]


@njit(cache=True, nogil=True)
def cumulate(out):  # type: ignore[no-untyped-def]
    """In place: counts in bin t stand at t+1; make them counts before t+1."""
    for t in range(1, out.shape[0]):
        for a in range(out.shape[1]):
            for r in range(out.shape[2]):
                out[t, a, r] += out[t - 1, a, r]


@njit(cache=True, nogil=True)
def draw_expectation(  # type: ignore[no-untyped-def]
    seed,
    first,  # number of the first replica
    rate,  # expected number of batches in one replica, before thinning
    probability,  # alias table over areas, by their expected number of batches
    other,
    batch,  # (n,) logarithmic-series parameter of clusters in a batch; 0: always one
    course,  # (n, T) cumulative share of each time bin within the area
    bend,  # (T, k) how the bins' levels move together: log level = bend · standard normals
    swing,  # (T,) how each bin's log level moves by itself; a level of one on average
    memory,  # (T,) correlation of that with the bin before
    ceiling,  # (T,) largest level that is drawn
    sizes,  # (S,) people in a cluster, with their alias table
    size_probability,
    size_other,
    ceiling_count,  # largest total that the integer type can hold
    out,  # (T+1, n, R), zeros
):
    """Independent counts around an uncertain baseline; False when a replica does not fit the integer type."""
    bins, replicas = course.shape[1], out.shape[2]
    level = np.empty(bins)
    normals = np.empty(bend.shape[1])
    for r in range(replicas):
        state = _started(seed, first + r)
        for k in range(bend.shape[1]):
            normals[k] = _normal(state)
        moved = 0.0
        for t in range(bins):
            bent = 0.0
            for k in range(bend.shape[1]):
                bent += bend[t, k] * normals[k]
            if swing[t] > 0.0:
                moved = memory[t] * moved + np.sqrt(1.0 - memory[t] ** 2) * _normal(state)
                bent += swing[t] * (moved - 0.5 * swing[t])
            level[t] = np.exp(bent) / ceiling[t]
        people = 0
        for _ in range(_poisson(state, rate)):
            area = _pick(state, probability, other)
            for _ in range(_logarithmic(state, batch[area])):
                u, t = _uniform(state), 0
                while t < bins - 1 and u >= course[area, t]:
                    t += 1
                if level[t] < 1.0 and _uniform(state) >= level[t]:
                    continue
                size = _people(state, sizes, size_probability, size_other)
                people += size
                if people > ceiling_count:
                    return False
                out[t + 1, area, r] += size
    cumulate(out)
    return True


@njit(cache=True, nogil=True)
def draw_conditional(  # type: ignore[no-untyped-def]
    seed, first, total, probability, other, sizes, size_probability, size_other, out
):
    """`total` people over the cells (bins × areas, then one cell outside the scan), in clusters, by their weights."""
    areas = out.shape[1]
    cells = (out.shape[0] - 1) * areas
    for r in range(out.shape[2]):
        state = _started(seed, first + r)
        left = total
        while left > 0:
            size = min(left, _people(state, sizes, size_probability, size_other))
            left -= size
            cell = _pick(state, probability, other)
            if cell < cells:
                out[1 + cell // areas, cell % areas, r] += size
    cumulate(out)


@njit(cache=True, nogil=True)
def draw_permutation(seed, first, unit_area, unit_size, unit_bin, out):  # type: ignore[no-untyped-def]
    """The same units (area and size) at shuffled times. Units with a bin inside the scan come first.

    ``unit_bin`` (m,) holds the time bins of those m first units. Only they need a random partner; the swaps are
    undone afterwards, so that every replica starts from the same order.
    """
    units, inside = unit_area.shape[0], unit_bin.shape[0]
    order = np.arange(units)
    partner = np.empty(inside, np.int64)
    for r in range(out.shape[2]):
        state = _started(seed, first + r)
        for k in range(inside):
            j = k + int(_uniform(state) * (units - k))
            partner[k] = j
            order[k], order[j] = order[j], order[k]
            out[unit_bin[k] + 1, unit_area[order[k]], r] += unit_size[order[k]]
        for k in range(inside - 1, -1, -1):
            j = partner[k]
            order[k], order[j] = order[j], order[k]
    cumulate(out)
