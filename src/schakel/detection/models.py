"""The three null models as one thing: what is expected in every time bin, and how its replicas are drawn.

* expectation: independent counts around a baseline; also sees a rise of the whole municipality.
* poisson: all counted people spread in proportion to an expected number (population, or a file).
* permutation: the same places and the same times in another combination; forgives uneven reporting, and is
  blind to a rise of the whole municipality.

Each with overdispersion (nb1) or without (poisson).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from schakel.detection import draws, kernels
from schakel.detection.baseline import Baseline
from schakel.detection.zones import Windows, Zones
from schakel.records import Floats, Ints, SchakelError, Settings

Draw = Callable[[int, int, Any], tuple[Any, bool]]  # first replica, how many, integer type → cumulative, whether it fits


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One theme, ready to be scanned.

    ``observed`` and ``expected`` (B+1, n) are cumulative over the B time bins of the windows. ``total`` is the
    total C of a conditional model. ``usual`` (T, n) is what is expected in every period, for the timeline.
    """

    kind: int
    observed: Ints
    expected: Floats
    total: float
    phi: float
    usual: Floats
    typical: float  # people in one replica within the scan: decides the integer type
    draw: Draw
    fingerprint: bytes  # of everything the replicas depend on

    def maxima(self, zones: Zones, windows: Windows, settings: Settings, *, first: int, count: int) -> Floats:
        """(count,) largest statistics of the replicas from number `first` on."""
        cumulative = self._replicas(first, count)
        best = np.zeros(count)
        kernels.null_maxima(
            cumulative, self.expected, windows.spans, zones.node_area, zones.node_depth, zones.centres,
            self.kind, self.total, settings.min_count, settings.min_areas, best,
        )  # fmt: skip
        return best

    def _replicas(self, first: int, count: int) -> Any:
        for kind, room in ((np.uint8, 255), (np.int16, 32_767), (np.int32, 2**31 - 1)):
            if self.typical * 1.2 + 20 < room:
                cumulative, fits = self.draw(first, count, kind)
                if fits:
                    return cumulative
        raise SchakelError("There are too many people in one theme to count; expected fewer than 2 billion.")


def binned(values: Floats | Ints, windows: Windows) -> Any:
    """(T, n) values per period → (B+1, n) cumulative over the time bins of the windows."""
    edges = windows.edges
    parts = np.add.reduceat(values[: edges[-1]], edges[:-1], axis=0)
    return kernels.cumulated(parts)


def expectation_model(counts: Ints, baseline: Baseline, windows: Windows, *, seed: int, nb1: bool) -> Model:
    """Counts around a baseline. Replicas draw the true level from what the baseline leaves unknown."""
    edges = windows.edges
    expected = binned(baseline.expected, windows)
    per_bin = np.diff(expected, axis=0)
    phi = baseline.phi if nb1 else 1.0
    cluster, mean_size = _cluster(phi)
    bend = _bend(baseline, edges)
    ceiling = np.exp(draws.TRUNCATION * np.sqrt((bend**2).sum(axis=1)))
    weighted = per_bin * ceiling[:, None]
    mean = weighted.sum(axis=0) / mean_size
    safe = np.maximum(mean, 1e-300)
    known = ~np.isfinite(baseline.shape)
    shape = np.where(known, 1.0, baseline.shape)
    batches = np.where(known, mean, shape * np.log1p(mean / shape))
    batch = np.where(known, 0.0, mean / (shape + mean))
    course = np.ascontiguousarray((np.cumsum(weighted, axis=0) / (safe * mean_size)).T)
    rate = float(batches.sum())
    probability, other = draws.alias_table(batches) if rate > 0 else (np.ones(1), np.zeros(1, np.int64))

    def draw(first: int, count: int, kind: Any) -> tuple[Any, bool]:
        out = np.zeros((*expected.shape, count), kind)
        fits = draws.draw_expectation(
            seed, first, rate, probability, other, batch, course, bend, ceiling, cluster, np.iinfo(kind).max, out
        )
        return out, fits

    return Model(
        kind=kernels.EXPECTATION,
        observed=binned(counts, windows),
        expected=expected,
        total=0.0,
        phi=phi,
        usual=baseline.expected,
        typical=float(per_bin.sum()) * 1.5,
        draw=draw,
        fingerprint=_fingerprint(seed, phi, expected, baseline.shape, bend),
    )


def _bend(baseline: Baseline, edges: Ints) -> Floats:
    """(B, k) how the time bins' levels move together: the periods', weighted by what is expected in them."""
    weights = baseline.expected.sum(axis=1)
    rows = [
        np.average(baseline.bend[s:e], axis=0, weights=weights[s:e] + 1e-12)
        for s, e in zip(edges[:-1], edges[1:], strict=True)
    ]
    return np.array(rows).reshape(len(edges) - 1, baseline.bend.shape[1])


def conditional_model(counts: Ints, expected: Floats, windows: Windows, *, seed: int, phi: float) -> Model:
    """All counted people in proportion to `expected` (T, n), which is scaled to the same total."""
    total = int(counts.sum())
    scale = float(expected.sum())
    if scale <= 0:
        raise SchakelError("The expected numbers add up to 0; expected a positive number somewhere.")
    expected = expected * (total / scale)
    cumulative = binned(expected, windows)
    cells = np.diff(cumulative, axis=0).ravel()
    probability, other = draws.alias_table(np.append(cells, max(total - cells.sum(), 0.0)) + 0.0)
    cluster, _ = _cluster(phi)

    def draw(first: int, count: int, kind: Any) -> tuple[Any, bool]:
        out = np.zeros((*cumulative.shape, count), kind)
        draws.draw_conditional(seed, first, total, probability, other, cluster, out)
        return out, True

    return Model(
        kind=kernels.CONDITIONAL,
        observed=binned(counts, windows),
        expected=cumulative,
        total=float(total),
        phi=phi,
        usual=expected,
        typical=float(total),
        draw=draw,
        fingerprint=_fingerprint(seed, phi, cumulative, np.array([total])),
    )


def permutation_model(counts: Ints, windows: Windows, *, seed: int, phi: float) -> Model:
    """The margins fix what is expected; replicas shuffle times over places, whole clusters at a time."""
    total = int(counts.sum())
    usual = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(total, 1)
    edges = windows.edges
    period, area, size = _units(counts, phi, seed)
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
        observed=binned(counts, windows),
        expected=binned(usual, windows),
        total=float(total),
        phi=phi,
        usual=usual,
        typical=float(total),
        draw=draw,
        fingerprint=_fingerprint(seed, phi, unit_area, unit_size, unit_bin),
    )


def _units(counts: Ints, phi: float, seed: int) -> tuple[Ints, Ints, Ints]:
    """Every cell's people in clusters of logarithmic-series size (single people when φ = 1): period, area, size."""
    period, area = np.nonzero(counts)
    people = counts[period, area]
    q, _ = _cluster(phi)
    if q == 0.0:
        return np.repeat(period, people), np.repeat(area, people), np.ones(int(people.sum()), np.int64)
    rng = np.random.default_rng([seed, len(people)])
    sizes: list[Ints] = []
    for left in people.tolist():
        ends = np.cumsum(rng.logseries(q, left))
        ends = np.append(ends[ends < left], left)
        sizes.append(np.diff(ends, prepend=0))
    repeats = [len(s) for s in sizes]
    joined = np.concatenate(sizes) if sizes else np.empty(0, np.int64)
    return np.repeat(period, repeats), np.repeat(area, repeats), joined


def _cluster(phi: float) -> tuple[float, float]:
    """Logarithmic-series parameter and mean size of the clusters that give variance/mean φ."""
    if phi <= 1.0 + 1e-9:
        return 0.0, 1.0
    return 1.0 - 1.0 / phi, (phi - 1.0) / np.log(phi)


def _fingerprint(seed: int, phi: float, *arrays: Any) -> bytes:
    digest = hashlib.blake2b(f"{seed} {phi!r}".encode(), digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()
