"""Compiled scan kernels: the best zone × window of the data, and of every replica.

One idea carries the speed. For a fixed zone and window the expected number is the same in every replica,
so the statistic only grows with the count. Replicas lie on the contiguous axis; adding an area to a zone is
one vector addition of small integers, and a logarithm is only needed where a count exceeds the smallest count
that could still beat a replica's best so far. That bound is exact: skipping never changes the result.

Shapes: n areas, T time bins, R replicas, M windows, Z zone nodes. Zones are paths or trees in preorder: node
``z`` adds ``node_area[z]`` to the zone of its ancestor at ``node_depth[z] - 1`` (see `zones`).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from schakel.records import Ints

EXPECTATION, CONDITIONAL = 0, 1

_LANES = 64  # replicas per bound; sorted by their best, so that one bound serves all of them well
_SEEDS, _STRIDE = 3, 7  # sweeps over some of the centres that come first, to know good bounds early
_REACH = 4096  # counts up to here have their bound in a table
_TIE = 1e-9  # two statistics closer than this are a tie


@njit(cache=True, nogil=True, inline="always")
def score(kind, count, expected, total):  # type: ignore[no-untyped-def]
    """Log-likelihood ratio of one zone and window; 0 unless more is seen than expected.

    EXPECTATION: c·ln(c/e) + e − c (Neill 2009, doi:10.1016/j.ijforecast.2008.12.002).
    CONDITIONAL on the total C: c·ln(c/e) + (C−c)·ln((C−c)/(C−e)) (Kulldorff 1997,
    doi:10.1080/03610929708831995; also the space–time permutation, Kulldorff et al. 2005,
    doi:10.1371/journal.pmed.0020059).
    """
    if count <= expected:
        return 0.0
    inside = count * np.log(count / expected)
    if kind == EXPECTATION:
        return inside + expected - count
    outside = total - count
    if outside <= 0.0:
        return inside
    return inside + outside * np.log(outside / (total - expected))


@njit(cache=True, nogil=True)
def _largest_expected(kind: int, count: float, level: float, total: float, start: float) -> float:
    """The expected number below which `count` scores above `level`: Newton from the left on a convex curve."""
    if score(kind, count, start, total) <= level:
        return start  # already to the right: the bound of a smaller count serves, on the safe side
    e = start
    for _ in range(60):
        excess = score(kind, count, e, total) - level
        slope = 1.0 - count / e
        if kind == CONDITIONAL:
            slope = ((total - count) / (total - e) if count < total else 0.0) - count / e
        step = excess / slope
        e -= step
        if e >= count:  # only by rounding: the curve touches zero there
            return count
        if -step <= 1e-9 * e:
            break
    return e * (1.0 + 1e-7)  # a little to the safe side: a lane too many is only looked at for nothing


@njit(cache=True, nogil=True)
def _nonzero_areas(counts, lane, node_area, node_depth, node, enough):  # type: ignore[no-untyped-def]
    """Whether at least `enough` areas of the zone that ends in `node` have a count in this lane."""
    found = 0
    depth = node_depth[node] + 1
    while depth > 0:
        if node_depth[node] == depth - 1:
            if counts[node_area[node], lane] > 0:
                found += 1
                if found >= enough:
                    return True
            depth -= 1
        node -= 1
    return False


@njit(cache=True, nogil=True)
def _add(before, more, after, shared_before, shared, largest, blocks):  # type: ignore[no-untyped-def]
    """after = before + more; `shared` the same where at least two areas have a count, and 0 elsewhere.

    `largest` is the largest of each block of lanes of `shared`. Loops over one integer type: vector instructions.
    """
    kind = after.dtype.type
    none = kind(0)
    for b in range(blocks):
        most = none
        low = b * _LANES
        for lane in range(_LANES):
            had, extra = before[low + lane], more[low + lane]
            count = kind(had + extra)
            after[low + lane] = count
            two = kind(shared_before[low + lane] | min(had, extra))
            both = count if two != none else none
            shared[low + lane] = both
            most = max(most, both)
        largest[b] = most


@njit(cache=True, nogil=True)
def _add_any(before, more, after, largest, blocks):  # type: ignore[no-untyped-def]
    """after = before + more, and the largest of each block of lanes: where a single area may be a zone."""
    for b in range(blocks):
        low = b * _LANES
        most = after.dtype.type(0)
        for lane in range(_LANES):
            count = after.dtype.type(before[low + lane] + more[low + lane])
            after[low + lane] = count
            most = max(most, count)
        largest[b] = most


@njit(cache=True, nogil=True)
def _largest_total(cumulative):  # type: ignore[no-untyped-def]
    """The largest number of people in one replica."""
    total = np.zeros(cumulative.shape[2], np.int64)
    for a in range(cumulative.shape[1]):
        for r in range(cumulative.shape[2]):
            total[r] += cumulative[-1, a, r]
    return total.max()


@njit(cache=True, nogil=True)
def null_maxima(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    cumulative,  # (T+1, n, R) small integers: counts of each replica before each time bin
    expected,  # (T+1, n) the same for the expected numbers
    windows,  # (M, 2) first bin, and the bin after the last
    node_area,  # (Z,)
    node_depth,  # (Z,)
    centres,  # (n+1,) where the nodes of each centre start
    kind,
    total,
    min_count,
    min_areas,
    best,  # (R,) in: what counts as a largest statistic from the start; out: the largest statistic of each replica
    only_whether,  # stop with a replica as soon as it has more: `best` becomes inf there, and stays elsewhere
):
    """The largest statistic of each replica, over all zones and windows; or only whether it exceeds `best`."""
    n, replicas = cumulative.shape[1], cumulative.shape[2]
    blocks = (replicas + _LANES - 1) // _LANES
    deepest = 0
    for z in range(node_depth.shape[0]):
        deepest = max(deepest, node_depth[z])
    padded = blocks * _LANES
    counts = np.zeros((n, padded), cumulative.dtype)
    zone = np.zeros((deepest + 2, padded), cumulative.dtype)
    shared = np.zeros((deepest + 2, padded), cumulative.dtype) if min_areas > 1 else zone
    largest = np.zeros(blocks, cumulative.dtype)
    zone_expected = np.zeros(deepest + 2)
    critical = np.zeros((deepest + 2, blocks), np.int64)
    most = _largest_total(cumulative)
    reached = np.zeros(most + 1)
    reach = min(_REACH, most) + 2
    limit = np.zeros((blocks, reach))
    known = np.zeros(blocks, np.int64)
    level = np.full(blocks, -1.0)
    top = np.full(padded, np.inf)
    spans = windows.shape[0]
    seeds = 0 if only_whether else _SEEDS
    for sweep in range(spans + seeds):
        # first a few sweeps over some centres only: good bounds early make the whole cheap
        w = sweep - seeds if sweep >= seeds else (sweep * (spans - 1)) // (_SEEDS - 1)
        stride = 1 if sweep >= seeds else _STRIDE
        first, after = windows[w, 0], windows[w, 1]
        lanes = np.argsort(best)
        top[:] = np.inf
        left = 0  # replicas of which more is to be known; the others come last
        while left < replicas and best[lanes[left]] < np.inf:
            top[left] = best[lanes[left]]
            left += 1
        blocks = (left + _LANES - 1) // _LANES
        for a in range(n):
            for r in range(left):
                counts[a, r] = cumulative[after, a, lanes[r]] - cumulative[first, a, lanes[r]]
            counts[a, left : blocks * _LANES] = 0
        level[:] = -1.0
        for i in range(0, centres.shape[0] - 1, stride):
            for b in range(blocks):
                low, high = b * _LANES, (b + 1) * _LANES
                smallest = top[low]
                for r in range(low, high):
                    smallest = min(smallest, top[r])
                if smallest > level[b] * 1.02 + 0.02:
                    level[b] = smallest
                    known[b] = min_count
                    limit[b, min_count - 1] = min_count * 1e-12
                critical[0, b] = min_count
            for z in range(centres[i], centres[i + 1]):
                a, d = node_area[z], node_depth[z]
                e = zone_expected[d] + (expected[after, a] - expected[first, a])
                zone_expected[d + 1] = e
                here = shared[d + 1]
                if min_areas > 1:
                    _add(zone[d], counts[a], zone[d + 1], shared[d], here, largest, blocks)
                else:
                    _add_any(zone[d], counts[a], here, largest, blocks)
                scored_from, scored_until = 1, 0  # counts whose score in this zone stands in `reached`
                for b in range(blocks):
                    need = critical[d, b]
                    while need < reach:
                        if need >= known[b]:
                            limit[b, need] = _largest_expected(
                                kind, need, level[b], total, limit[b, need - 1]
                            )
                            known[b] = need + 1
                        if limit[b, need] > e:
                            break
                        need += 1
                    critical[d + 1, b] = need
                    if largest[b] < need or d + 1 < min_areas:
                        continue
                    if scored_from > scored_until:  # the first block of lanes that comes this far
                        scored_from, scored_until = need, need - 1
                    for c in range(need, scored_from):
                        reached[c] = score(kind, float(c), e, total)
                    for c in range(scored_until + 1, int(largest[b]) + 1):
                        reached[c] = score(kind, float(c), e, total)
                    scored_from = min(scored_from, need)
                    scored_until = max(scored_until, int(largest[b]))
                    for r in range(b * _LANES, (b + 1) * _LANES):
                        if here[r] >= need:
                            s = reached[here[r]]
                            if s > top[r] and (
                                min_areas < 3
                                or _nonzero_areas(counts, r, node_area, node_depth, z, min_areas)
                            ):
                                top[r] = s
                                if only_whether:
                                    top[r] = np.inf
                                    counts[:, r] = 0
        for r in range(left):
            best[lanes[r]] = top[r]


@njit(cache=True, nogil=True)
def best_zone(  # type: ignore[no-untyped-def]
    cumulative,  # (T+1, n) counts before each time bin
    expected,  # (T+1, n)
    windows,
    node_area,
    node_depth,
    centres,
    kind,
    total,
    min_count,
    min_areas,
    taken,  # (n,) areas that an earlier, stronger pattern holds
):
    """(statistic, window, node) of the best zone without a taken area; (0, −1, −1) when nothing exceeds.

    At a tie the zone with fewer areas is better; then the one that comes first: the shortest window, the first centre.
    """
    n = cumulative.shape[1]
    counts = np.zeros((n, 1), np.int64)
    best, best_window, best_node, best_size = 0.0, -1, -1, n + 1
    deepest = 0
    for z in range(node_depth.shape[0]):
        deepest = max(deepest, node_depth[z])
    zone_count = np.zeros(deepest + 2)
    zone_expected = np.zeros(deepest + 2)
    zone_free = np.ones(deepest + 2, np.bool_)
    for w in range(windows.shape[0]):
        first, after = windows[w, 0], windows[w, 1]
        for a in range(n):
            counts[a, 0] = cumulative[after, a] - cumulative[first, a]
        for z in range(centres[0], centres[-1]):
            a, d = node_area[z], node_depth[z]
            zone_count[d + 1] = zone_count[d] + counts[a, 0]
            zone_expected[d + 1] = zone_expected[d] + (expected[after, a] - expected[first, a])
            zone_free[d + 1] = zone_free[d] and not taken[a]
            if not zone_free[d + 1] or zone_count[d + 1] < min_count or d + 1 < min_areas:
                continue
            s = score(kind, zone_count[d + 1], zone_expected[d + 1], total)
            if s <= _TIE:
                continue
            fewer = s > best - _TIE and d + 1 < best_size
            if (s > best + _TIE or fewer) and (
                min_areas < 2 or _nonzero_areas(counts, 0, node_area, node_depth, z, min_areas)
            ):
                best, best_window, best_node, best_size = s, w, z, d + 1
    return best, best_window, best_node


def zone_members(node: int, node_area: Ints, node_depth: Ints) -> list[int]:
    """The areas of the zone that ends in `node`, centre first."""
    members: list[int] = []
    depth = int(node_depth[node]) + 1
    while depth > 0:
        if node_depth[node] == depth - 1:
            members.append(int(node_area[node]))
            depth -= 1
        node -= 1
    return members[::-1]
