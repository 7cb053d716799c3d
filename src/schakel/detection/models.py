"""The three null models as one thing: what is expected in every time bin, and how its replicas are drawn.

* expectation: independent counts around a baseline; also sees a rise of the whole municipality.
* poisson: all counted people spread in proportion to an expected number (population, or a file).
* permutation: the same places and the same times in another combination; forgives uneven reporting, and is
  blind to a rise of the whole municipality.

Each with overdispersion (nb1) or without (poisson).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schakel.detection import draws, kernels
from schakel.detection.clusters import ALONE, Clusters, Occasions, Sizes
from schakel.detection.zones import Windows, Zones
from schakel.records import Bools, Floats, Ints, SchakelError, Settings

Draw = Callable[
    [int, int, Any], tuple[Any, bool]
]  # first replica, how many, integer type → cumulative, whether it fits

_MOST_SPREAD = (
    1.5  # standard deviation of the logarithm of a level: beyond a factor of twenty nothing is known
)


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is expected in every period and area: ``course`` (T,) × ``share`` (n,), or a whole ``table`` (T, n)."""

    course: Floats
    share: Floats
    table: Floats | None = None

    @classmethod
    def of_table(cls, table: Floats) -> Usual:
        """Expected numbers (T, n) that are no product of a course and shares."""
        course = table.sum(axis=1)
        return cls(course, table.sum(axis=0) / max(float(course.sum()), 1e-300), table)

    def binned(self, windows: Windows) -> Floats:
        """(B+1, n) expected, cumulative over the time bins of the windows."""
        if self.table is not None:
            return _binned(self.table, windows)
        return np.outer(_binned(self.course[:, None], windows)[:, 0], self.share)

    def within(self, zone: Sequence[int]) -> Floats:
        """(T,) expected in the areas of a zone together."""
        if self.table is not None:
            return np.asarray(self.table[:, list(zone)].sum(axis=1))
        return self.course * float(self.share[list(zone)].sum())


def _binned(values: Floats | Ints, windows: Windows) -> Floats:
    edges = windows.edges
    before = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=before[1:])
    return np.asarray(before[edges] - before[edges[0]])


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One theme, ready to be scanned.

    ``observed`` and ``expected`` (B+1, n) are cumulative over the B time bins of the windows: people, or with
    ``occasions`` in how many clusters they probably came. ``total`` is the total C of a conditional model.
    ``usual`` (T, n) is what is expected in every period: the course of time and the shares of the areas, whose
    product it is, or one whole table.
    """

    kind: int
    observed: Ints
    expected: Floats
    total: float
    phi: float
    usual: Usual
    typical: float  # people in one replica within the scan: decides the integer type
    draw: Draw
    fingerprint: bytes  # of everything the replicas depend on
    occasions: Occasions | None = None
    swing: float = 0.0  # of the level of a period (see `baseline`)

    def maxima(self, zones: Zones, windows: Windows, settings: Settings, *, first: int, count: int) -> Floats:
        """(count,) largest statistics of the replicas from number `first` on."""
        best = np.zeros(count)
        self._scan(zones, windows, settings, first, best, only_whether=False)
        return best

    def as_large(
        self, level: float, zones: Zones, windows: Windows, settings: Settings, *, first: int, count: int
    ) -> Bools:
        """(count,) whether the largest statistic of a replica is at least `level` > 0: much cheaper to know."""
        best = np.full(count, np.nextafter(level, 0.0))
        self._scan(zones, windows, settings, first, best, only_whether=True)
        return np.asarray(np.isinf(best))

    def _scan(
        self,
        zones: Zones,
        windows: Windows,
        settings: Settings,
        first: int,
        best: Floats,
        *,
        only_whether: bool,
    ) -> None:
        cumulative = self._replicas(first, len(best))
        kernels.null_maxima(
            cumulative, self.expected, windows.spans, zones.node_area, zones.node_depth, zones.centres,
            self.kind, self.total, settings.min_count, settings.min_areas, best, only_whether,
        )  # fmt: skip

    def _replicas(self, first: int, count: int) -> Any:
        for kind, room in ((np.uint8, 2**8 - 1), (np.uint16, 2**16 - 1), (np.uint32, 2**32 - 1)):
            if self.typical * 1.2 + 20 < room:
                cumulative, fits = self.draw(first, count, kind)
                if fits:
                    if self.occasions is not None:
                        self.occasions.count(cumulative)
                    return cumulative
        raise SchakelError("There are too many people in one theme to count; expected fewer than 4 billion.")


def expectation_model(
    observed: Ints,
    usual: Usual,
    windows: Windows,
    *,
    seed: int,
    phi: float,
    shape: Floats,
    bend: Floats,
    sizes: Sizes = ALONE,
    together: float | None = None,
    swing: float = 0.0,
    memory: float = 0.0,
    by_occasion: bool = True,
) -> Model:
    """Counts around a baseline. Replicas draw the true level from what the baseline leaves unknown.

    `shape` (n,) is the gamma shape of each area's level, inf where it is known; `bend` (T, k) how the periods'
    levels move together, `swing` how each moves by itself and `memory` how long (see `baseline`); `sizes` how many
    people a signal concerns, `together` a cluster. Not `by_occasion`: people are scanned, however they came.
    """
    expected = usual.binned(windows)
    per_bin = np.diff(expected, axis=0)
    clusters = Clusters.of(phi, sizes, together=together)
    swings, memories = _swings(swing, memory, usual.course, windows.edges)
    bend = _bend(bend, usual.course, windows.edges)
    spread = np.sqrt((bend**2).sum(axis=1, keepdims=True))
    bend = bend * np.minimum(1.0, _MOST_SPREAD / np.maximum(spread, 1e-300))
    ceiling = np.exp(draws.TRUNCATION * np.sqrt((bend**2).sum(axis=1) + swings**2))
    weighted = per_bin * ceiling[:, None]
    mean = weighted.sum(axis=0) / clusters.mean
    safe = np.maximum(mean, 1e-300)
    known = ~np.isfinite(shape)
    shape = np.where(known, 1.0, shape)
    batches = np.where(known, mean, shape * np.log1p(mean / shape))
    batch = np.where(known, 0.0, np.minimum(mean / (shape + mean), 1.0 - 1e-12))
    course = np.ascontiguousarray((np.cumsum(weighted, axis=0) / (safe * clusters.mean)).T)
    rate = float(batches.sum())
    probability, other = draws.alias_table(batches) if rate > 0 else (np.ones(1), np.zeros(1, np.int64))

    def draw(first: int, count: int, kind: Any) -> tuple[Any, bool]:
        out = np.zeros((*expected.shape, count), kind)
        fits = draws.draw_expectation(
            seed,
            first,
            rate,
            probability,
            other,
            batch,
            course,
            bend,
            swings,
            memories,
            ceiling,
            clusters.people,
            clusters.probability,
            clusters.other,
            np.iinfo(kind).max,
            out,
        )
        return out, fits

    scanned, usually, occasions = observed, expected, None
    if by_occasion and clusters.people.tolist() != [1]:
        largest = int(np.diff(observed, axis=0).max(initial=0))
        occasions = Occasions.of(clusters, per_bin, phi=phi, largest=largest)
    if occasions is not None:
        scanned, usually = observed.copy(), occasions.expected
        occasions.count(scanned[:, :, None])
    tables = occasions.table.shape if occasions else ()

    return Model(
        kind=kernels.EXPECTATION,
        observed=scanned,
        expected=usually,
        occasions=occasions,
        total=0.0,
        phi=phi,
        swing=swing,
        usual=usual,
        typical=float(per_bin.sum()) * 1.5,
        draw=draw,
        fingerprint=_fingerprint(
            seed,
            phi,
            expected,
            usually,
            np.array(tables),
            batch,
            batches,
            bend,
            swings,
            memories,
            clusters.people,
            clusters.share,
        ),
    )


def _bend(bend: Floats, course: Floats, edges: Ints) -> Floats:
    """(B, k) how the time bins' levels move together: the periods', weighted by what is expected in them."""
    weights = course + 1e-12
    rows = [weights[s:e] @ bend[s:e] / weights[s:e].sum() for s, e in itertools.pairwise(edges.tolist())]
    return np.array(rows).reshape(len(edges) - 1, bend.shape[1])


def _swings(swing: float, memory: float, course: Floats, edges: Ints) -> tuple[Floats, Floats]:
    """(B,) how far the log level of each time bin moves by itself, and its correlation with the bin before.

    Over several periods a swing averages out, the slower the longer it lasts.
    """
    lengths = np.diff(edges)
    if swing == 0.0 or lengths.max(initial=1) == 1:
        return np.full(len(lengths), swing), np.r_[0.0, np.full(len(lengths), memory)][: len(lengths)]
    weights = course + 1e-12
    bins = [
        (np.arange(s, e), weights[s:e] / weights[s:e].sum()) for s, e in itertools.pairwise(edges.tolist())
    ]

    def shared(one: int, other: int) -> float:
        (here, share), (there, part) = bins[one], bins[other]
        return float(share @ np.expm1(swing**2 * memory ** np.abs(np.subtract.outer(here, there))) @ part)

    variance = np.log1p([shared(b, b) for b in range(len(bins))])
    before = [0.0, *(np.log1p(shared(b - 1, b)) for b in range(1, len(bins)))]
    return np.sqrt(variance), before / np.sqrt(variance * np.r_[1.0, variance[:-1]])


def conditional_model(
    observed: Ints, usual: Usual, windows: Windows, *, seed: int, phi: float, total: int, sizes: Sizes = ALONE
) -> Model:
    """All `total` counted people in proportion to `usual`, which adds up to the same total."""
    cumulative = usual.binned(windows)
    cells = np.diff(cumulative, axis=0).ravel()
    probability, other = draws.alias_table(np.append(cells, max(total - float(cells.sum()), 0.0)))
    clusters = Clusters.of(phi, sizes)

    def draw(first: int, count: int, kind: Any) -> tuple[Any, bool]:
        out = np.zeros((*cumulative.shape, count), kind)
        draws.draw_conditional(
            seed, first, total, probability, other,
            clusters.people, clusters.probability, clusters.other, out,
        )  # fmt: skip
        return out, True

    return Model(
        kind=kernels.CONDITIONAL,
        observed=observed,
        expected=cumulative,
        total=float(total),
        phi=phi,
        usual=usual,
        typical=float(total),
        draw=draw,
        fingerprint=_fingerprint(seed, phi, cumulative, np.array([total]), sizes.people, sizes.share),
    )


def permutation_model(
    counts: Ints, windows: Windows, *, seed: int, phi: float, several: Ints | None = None
) -> Model:
    """The margins of the counts (T, n) fix what is expected; replicas shuffle whole clusters over the times.

    `several` (m, 3) are period, area and people of the signals about more than one person: they stay whole. `phi` is
    the variance/mean of the rest.
    """
    total = int(counts.sum())
    usual = Usual(counts.sum(axis=1).astype(float), counts.sum(axis=0) / max(total, 1))
    edges = windows.edges
    several = np.empty((0, 3), np.int64) if several is None else several
    rest = counts.copy()
    np.subtract.at(rest, (several[:, 0], several[:, 1]), several[:, 2])
    period, area, size = np.hstack([_units(rest, phi, seed), several.T])
    place = np.searchsorted(edges, period, side="right") - 1
    inside = (place >= 0) & (place < len(edges) - 1)
    order = np.argsort(~inside, kind="stable")
    unit_area, unit_size = area[order], size[order]
    unit_bin = place[inside]
    shape = (len(edges), counts.shape[1])

    def draw(first: int, count: int, kind: Any) -> tuple[Any, bool]:
        out = np.zeros((*shape, count), kind)
        draws.draw_permutation(seed, first, unit_area, unit_size, unit_bin, out)
        return out, True

    return Model(
        kind=kernels.CONDITIONAL,
        observed=_binned(counts, windows).astype(np.int64),
        expected=usual.binned(windows),
        total=float(total),
        phi=phi,
        usual=usual,
        typical=float(total),
        draw=draw,
        fingerprint=_fingerprint(seed, phi, unit_area, unit_size, unit_bin),
    )


def _units(counts: Ints, phi: float, seed: int) -> Ints:
    """Every cell's people (T, n) in the clusters that they probably came in: period, area and size (3, units).

    When clusters are a Poisson number of logarithmic-series size, those of a cell with y people and mean μ are parted
    by the sampling formula of Ewens (1972, doi:10.1016/0040-5809(72)90035-4) with θ = μ/(φ − 1): the next person comes
    alone with probability θ/(θ + i), and else with one of the i before.
    """
    period, area = np.nonzero(counts)
    people = counts[period, area]
    first = np.cumsum(people) - people
    leader = np.arange(int(people.sum()))  # of each person: the first of their cluster
    if phi > 1.0 and len(people):
        theta = np.outer(counts.sum(axis=1), counts.sum(axis=0))[period, area] / people.sum() / (phi - 1)
        rng = np.random.default_rng([seed, len(people)])
        for i in range(1, int(people.max())):
            cells = np.flatnonzero(people > i)
            joins = cells[rng.random(len(cells)) * (theta[cells] + i) >= theta[cells]]
            leader[first[joins] + i] = leader[first[joins] + rng.integers(0, i, len(joins))]
    unit, size = np.unique(leader, return_counts=True)
    cell = np.searchsorted(first, unit, side="right") - 1
    return np.array([period[cell], area[cell], size], np.int64)


def _fingerprint(seed: int, phi: float, *arrays: Any) -> bytes:
    digest = hashlib.blake2b(f"{seed} {phi!r}".encode(), digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()
