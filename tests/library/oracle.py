"""The slow, obvious reference implementation of the scan (DESIGN §6): what the fast one must equal.

Nothing here is clever. A zone is a sorted tuple of area indices, a window a pair (first, last) of period
indices, both included. Counts and expected counts have shape (areas, periods).

Conventions, which the fast implementation shares:

* Circular zones: per centre the areas ordered by distance, the centre first, equal distances by index; every
  prefix that keeps within all limits, each limit inclusive. The same set of areas counts once.
* Order of results: the higher statistic first. Statistics that differ by at most ``TIE`` count as equal: then
  the fewest areas (an area without cases adds nothing), and then the order of looking: window by window as
  listed, within it zone by zone as listed (by centre, then by size).
* Expected counts of the conditional methods are scaled so that their sum is the number of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.special import xlogy

from schakel.records import Floats, Ints

EARTH_RADIUS_KM = 6367.0
TIE = 1e-9

Zone = tuple[int, ...]
Window = tuple[int, int]
Statistic = Callable[[Floats, Floats], Floats]


class Candidate(NamedTuple):
    statistic: float
    zone: Zone
    window: Window
    observed: float
    expected: float


def distances(coordinates: Floats, metric: str) -> Floats:
    """Kilometres between all areas: great circle for degrees (lon, lat), straight for metres."""
    if metric == "plane":
        differences = coordinates[:, None, :] - coordinates[None, :, :]
        return np.asarray(np.sqrt((differences**2).sum(axis=2)) / 1000.0)
    longitude, latitude = np.radians(coordinates).T
    sine_lat = np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
    sine_lon = np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    chord = np.sqrt(sine_lat + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * sine_lon)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord, 1.0)))


def zones_circular(
    coordinates: Floats,
    metric: str,
    *,
    neighbours: int | None = None,
    max_share: float = 1.0,
    weights: Floats | None = None,
    max_radius_km: float | None = None,
) -> list[Zone]:
    """Every distinct circular zone, by centre and then by size; ``max_share`` is a share of ``weights``."""
    table = distances(coordinates, metric)
    weights = np.ones(len(coordinates)) if weights is None else weights
    most = max_share * weights.sum() * (1 + 1e-12)
    found: dict[Zone, None] = {}
    for centre, row in enumerate(np.round(table, 9)):
        order = sorted(range(len(row)), key=lambda area: (area != centre, row[area], area))
        inside: list[int] = []
        weight = 0.0
        for area in order[:neighbours]:
            weight += weights[area]
            if weight > most or (max_radius_km is not None and row[area] > max_radius_km):
                break
            inside.append(area)
            found.setdefault(tuple(sorted(inside)))
    return list(found)


def zones_connected(
    circular: list[Zone], paths: list[list[int]], borders: list[set[int]], *, reach: int
) -> list[Zone]:
    """The circular zones, and every subset of a path's first areas in which one can walk from its first to each."""
    found = dict.fromkeys(circular)
    for path in paths:
        near = path[:reach]
        for size in range(len(near)):
            for others in combinations(near[1:], size):
                zone = {near[0], *others}
                reached = {near[0]}
                while more := {b for a in reached for b in borders[a] & zone} - reached:
                    reached |= more
                if reached == zone:
                    found.setdefault(tuple(sorted(zone)))
    return list(found)


def windows(mode: str, periods: int, lengths: Iterable[int]) -> list[Window]:
    """Trailing windows (prospective), every window (retrospective) or the whole period (spatial)."""
    if mode == "spatial":
        return [(0, periods - 1)]
    fitting = [length for length in sorted(set(lengths)) if 1 <= length <= periods]
    if mode == "prospective":
        return [(periods - length, periods - 1) for length in fitting]
    return [(end - length + 1, end) for length in fitting for end in range(length - 1, periods)]


def expectation_poisson(observed: Floats, expected: Floats) -> Floats:
    """Log-likelihood ratio of a raised Poisson mean against a known one (Neill 2009, 10.1002/sim.3881)."""
    ratio = xlogy(observed, observed / expected) + expected - observed
    return np.where(observed > expected, ratio, 0.0)


def conditional_poisson(total: float) -> Statistic:
    """Kulldorff's log-likelihood ratio given the total (1997, 10.1080/03610929708831995)."""

    def statistic(observed: Floats, expected: Floats) -> Floats:
        outside = np.maximum(total - observed, 0.0)
        outside_expected = np.maximum(total - expected, 1e-300)
        ratio = xlogy(observed, observed / expected) + xlogy(outside, outside / outside_expected)
        return np.where(observed > expected, ratio, 0.0)

    return statistic


def scaled(expected: Floats, total: float) -> Floats:
    """Expected counts with the given sum."""
    return np.asarray(expected * (total / expected.sum()))


def permutation_expected(counts: Ints | Floats) -> Floats:
    """Expected counts when place and time are independent (Kulldorff 2005, 10.1371/journal.pmed.0020059)."""
    return np.asarray(counts.sum(axis=1)[:, None] * counts.sum(axis=0)[None, :] / counts.sum())


class Layout(NamedTuple):
    """Which areas each zone holds, and which periods each window: ones and zeros."""

    members: Floats  # (zones, areas)
    spans: Floats  # (periods, windows)


def layout(zones: Sequence[Zone], windows: Sequence[Window], shape: tuple[int, ...]) -> Layout:
    """The layout of zones and windows over a table of ``shape`` (areas, periods)."""
    members = [[float(area in zone) for area in range(shape[0])] for zone in zones]
    spans = [[float(first <= t <= last) for first, last in windows] for t in range(shape[1])]
    return Layout(np.array(members), np.array(spans))


def sums(table: Ints | Floats, over: Layout) -> Floats:
    """What every zone holds in every window: shape (zones, windows)."""
    return np.asarray(over.members @ table @ over.spans)


def scores(
    counts: Ints | Floats,
    expected: Floats,
    over: Layout,
    statistic: Statistic,
    *,
    min_count: float = 1,
    min_areas: int = 1,
) -> Floats:
    """The statistic of every zone and window, shape (zones, windows); zero where a minimum is not reached.

    ``min_areas`` is the number of areas with a case in the window that a zone needs.
    """
    observed = sums(counts, over)
    concerned = over.members @ (counts @ over.spans > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = statistic(observed, sums(expected, over))
    return np.where((observed >= min_count) & (concerned >= min_areas), score, 0.0)


def scan(
    counts: Ints | Floats,
    expected: Floats,
    zones: Sequence[Zone],
    windows: Sequence[Window],
    statistic: Statistic,
    *,
    min_count: float = 1,
    min_areas: int = 1,
) -> list[Candidate]:
    """Every zone and window that scores above zero, best first."""
    over = layout(zones, windows, counts.shape)
    score = scores(counts, expected, over, statistic, min_count=min_count, min_areas=min_areas)
    observed, mean = sums(counts, over), sums(expected, over)
    found = [
        Candidate(float(score[z, w]), zone, window, float(observed[z, w]), float(mean[z, w]))
        for w, window in enumerate(windows)
        for z, zone in enumerate(zones)
        if score[z, w] > TIE
    ]
    return best_first(found)


def best_first(found: Iterable[Candidate]) -> list[Candidate]:
    """Sorted by statistic; ties by the number of areas, and then in the order of looking."""
    ranked: list[tuple[int, int, int, Candidate]] = []
    group, highest = 0, float("inf")
    for place, one in sorted(enumerate(found), key=lambda pair: -pair[1].statistic):
        if highest - one.statistic > TIE:
            group, highest = group + 1, one.statistic
        ranked.append((group, len(one.zone), place, one))
    return [entry[3] for entry in sorted(ranked, key=lambda entry: entry[:3])]


def secondary(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The greedy list without a shared area: the best, the best beside it, and so on."""
    kept: list[Candidate] = []
    for one in candidates:
        if all(set(one.zone).isdisjoint(other.zone) for other in kept):
            kept.append(one)
    return kept


def relative_risk(observed: float, expected: float, total: float) -> float:
    """Risk inside over risk outside, for expected counts that add up to the total."""
    return (observed / expected) / ((total - observed) / (total - expected))


def draw_poisson(expected: Floats, generator: np.random.Generator) -> Ints:
    """Independent Poisson counts."""
    return generator.poisson(expected)


def draw_nb1(expected: Floats, dispersion: float, generator: np.random.Generator) -> Ints:
    """Independent counts with variance ``dispersion`` × mean."""
    return generator.negative_binomial(expected / (dispersion - 1), 1 / dispersion)


def draw_conditional(expected: Floats, total: int, generator: np.random.Generator) -> Ints:
    """The total, divided over the cells in proportion to what is expected."""
    shares = expected.ravel() / expected.sum()
    return generator.multinomial(total, shares).reshape(expected.shape)


def draw_permutation(counts: Ints, generator: np.random.Generator) -> Ints:
    """The same cases with their periods shuffled: both margins stay."""
    where = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    when = np.repeat(np.arange(counts.shape[1]), counts.sum(axis=0))
    shuffled = np.zeros_like(counts)
    np.add.at(shuffled, (where, generator.permutation(when)), 1)
    return shuffled


def monte_carlo(
    draw: Callable[[np.random.Generator], Ints],
    expected: Floats,
    zones: Sequence[Zone],
    windows: Sequence[Window],
    statistic: Statistic,
    *,
    replicas: int,
    seed: int,
    min_count: float = 1,
    min_areas: int = 1,
) -> Floats:
    """The highest statistic of each replica that ``draw`` gives: shape (replicas,)."""
    generator = np.random.default_rng(seed)
    over = layout(zones, windows, expected.shape)
    highest = np.zeros(replicas)
    for r in range(replicas):
        drawn = draw(generator)
        found = scores(drawn, expected, over, statistic, min_count=min_count, min_areas=min_areas)
        highest[r] = found.max()
    return highest


def p_value(observed: float, highest: Floats) -> float:
    """Rank of the observed statistic among those of the replicas, itself included."""
    return float((1 + np.sum(highest >= observed - TIE)) / (1 + len(highest)))
