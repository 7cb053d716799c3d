"""The compiled scan finds what the slow, obvious one finds (DESIGN §6, S036), whatever the input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schakel.detection import detect, kernels
from schakel.detection.zones import Zones, build_windows, build_zones
from schakel.records import (
    EXPECTED_COLUMNS,
    SIGNAL_COLUMNS,
    Areas,
    Floats,
    Ints,
    Method,
    Mode,
    Pattern,
    Settings,
)
from tests.library import oracle

FIRST = date(2024, 1, 1)
MODES: list[Mode] = ["prospective", "retrospective", "spatial"]
METHODS: list[Method] = ["expectation", "poisson", "permutation"]


@dataclass(frozen=True)
class Case:
    """Random input: counts and expected numbers of shape (areas, days)."""

    counts: Ints
    expected: Floats
    coordinates: Floats
    settings: Settings

    def areas(self) -> Areas:
        codes = tuple(f"a{k:02d}" for k in range(len(self.counts)))
        return Areas(codes, self.coordinates, "plane", np.full(len(codes), np.nan))

    def signals(self) -> pl.DataFrame:
        area, day = np.nonzero(self.counts)
        rows = {
            "signal": np.arange(len(area)),
            "date": [FIRST + timedelta(days=int(t)) for t in day],
            "area": [f"a{a:02d}" for a in area],
            "theme": ["debt"] * len(area),
            "people": self.counts[area, day],
        }
        frame = pl.DataFrame(rows).with_columns(pl.lit(None).alias(c) for c in ("source", "reporter", "text"))
        return frame.select(pl.col(c).cast(t) for c, t in SIGNAL_COLUMNS.items())

    def expectations(self) -> pl.DataFrame | None:
        if self.settings.method == "permutation":
            return None
        cells = [(a, t) for a in range(self.counts.shape[0]) for t in range(self.counts.shape[1])]
        rows = {
            "date": [FIRST + timedelta(days=t) for _, t in cells],
            "area": [f"a{a:02d}" for a, _ in cells],
            "theme": ["debt"] * len(cells),
            "expected": [float(self.expected[c]) for c in cells],
        }
        return pl.DataFrame(rows).select(pl.col(c).cast(t) for c, t in EXPECTED_COLUMNS.items())

    def detect(self, **changes: int) -> tuple[Pattern, ...]:
        chosen = replace(self.settings, **changes)  # type: ignore[arg-type]
        return detect(
            self.signals(), self.areas(), settings=chosen, sensitive=(), expected=self.expectations()
        ).patterns

    def model(self) -> tuple[Floats, oracle.Statistic]:
        """What is expected, and the statistic, as the methods define them."""
        total = float(self.counts.sum())
        if self.settings.method == "expectation":
            return self.expected, oracle.expectation_poisson
        if self.settings.method == "poisson":
            return oracle.scaled(self.expected, total), oracle.conditional_poisson(total)
        return oracle.permutation_expected(self.counts), oracle.conditional_poisson(total)

    def zones(self) -> list[oracle.Zone]:
        s = self.settings
        return oracle.zones_circular(
            self.coordinates,
            "plane",
            neighbours=s.neighbours,
            max_share=1.0 if s.max_share is None else s.max_share,
            weights=self.model()[0].sum(axis=1),
            max_radius_km=s.max_radius_km,
        )

    def windows(self) -> list[oracle.Window]:
        return oracle.windows(self.settings.mode, self.counts.shape[1], self.settings.windows)

    def candidates(self) -> list[oracle.Candidate]:
        expected, statistic = self.model()
        return oracle.scan(
            self.counts,
            expected,
            self.zones(),
            self.windows(),
            statistic,
            min_count=self.settings.min_count,
            min_areas=self.settings.min_areas,
        )


@st.composite
def cases(draw: st.DrawFn, *, most: int = 6) -> Case:
    """Few areas, few days and small counts: ties abound. On a small grid distances tie too."""
    n, periods = draw(st.integers(2, 9)), draw(st.integers(2, 6))
    cells = st.lists(st.integers(0, most), min_size=n * periods, max_size=n * periods).filter(any)
    counts = np.array(draw(cells), np.int64).reshape(n, periods)
    levels = st.sampled_from([0.25, 0.5, 1.0, 1.5, 3.0])
    expected = draw(st.lists(levels, min_size=n * periods, max_size=n * periods))
    grid = st.tuples(st.integers(0, 6), st.integers(0, 6))
    places = draw(st.lists(grid, min_size=n, max_size=n))
    method = draw(st.sampled_from(METHODS))
    limits = draw(
        st.sampled_from(
            [
                {"max_share": 1.0},
                {"neighbours": 3},
                {"max_share": 0.7},
                {"max_share": 1.0, "max_radius_km": 2.0},
                {"max_share": 0.8, "neighbours": 4},
            ]
        )
    )
    chosen = Settings(
        method=method,
        null="poisson",
        mode=draw(st.sampled_from(MODES if method != "permutation" else MODES[:2])),
        period="day",
        start=FIRST,
        end=FIRST + timedelta(days=periods - 1),
        windows=tuple(range(1, draw(st.integers(1, periods)) + 1)),
        min_count=draw(st.integers(1, 4)),
        min_areas=draw(st.integers(1, 3)),
        replicas=19,
        threads=1,
        raw=True,
        **limits,  # type: ignore[arg-type]
    )
    places_km = np.array(places, float) * 1000.0
    return Case(counts, np.array(expected).reshape(n, periods), places_km, chosen)


def found(case: Case, pattern: Pattern) -> tuple[oracle.Zone, oracle.Window]:
    zone = tuple(sorted(int(code[1:]) for code in pattern.areas))
    return zone, ((pattern.start - FIRST).days, (pattern.end - FIRST).days)


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_every_pattern_is_the_one_that_the_oracle_finds(case: Case) -> None:
    assume_a_zone(case)
    ours, theirs = case.detect(), oracle.secondary(case.candidates())
    assert len(ours) == min(len(theirs), 10)
    for pattern, candidate in zip(ours, theirs, strict=False):
        assert pattern.statistic == pytest.approx(candidate.statistic, rel=1e-9, abs=1e-9)
        assert found(case, pattern) == (candidate.zone, candidate.window)
        assert pattern.observed == candidate.observed
        assert pattern.expected == pytest.approx(candidate.expected, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(case=cases(), data=st.data())
def test_connected_zones_are_all_sets_of_near_areas_that_hang_together_and_the_best_one_is_found(
    case: Case, data: st.DataObject
) -> None:
    assume_a_zone(case)
    n = len(case.counts)
    pairs = [(a, b) for a in range(n) for b in range(a)]
    bordering = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    borders = [{b if a == i else a for a, b in bordering if i in (a, b)} for i in range(n)]
    areas = replace(case.areas(), neighbours=tuple(tuple(sorted(each)) for each in borders))
    circular = build_zones(areas, weights=case.model()[0].sum(axis=1), settings=case.settings)
    paths = [circular.node_area[a:b].tolist() for a, b in pairwise(circular.centres)]
    chosen = replace(case.settings, zones="connected")
    ours = build_zones(areas, weights=case.model()[0].sum(axis=1), settings=chosen)
    theirs = oracle.zones_connected(case.zones(), [path for path in paths if path], borders, reach=10)
    assert sorted(set(members(ours))) == sorted(theirs)
    expected, statistic = case.model()
    best = oracle.scan(
        case.counts, expected, theirs, case.windows(), statistic,
        min_count=chosen.min_count, min_areas=chosen.min_areas,
    )  # fmt: skip
    patterns = detect(
        case.signals(), areas, settings=chosen, sensitive=(), expected=case.expectations()
    ).patterns
    assert bool(patterns) == bool(best)
    if best:
        assert patterns[0].statistic == pytest.approx(max(b.statistic for b in best), rel=1e-9)


def members(zones: Zones) -> list[oracle.Zone]:
    """The areas of every zone, read from the tree."""
    found, path = [], [0] * len(zones)
    for area, depth in zip(zones.node_area.tolist(), zones.node_depth.tolist(), strict=True):
        path[depth] = area
        found.append(tuple(sorted(path[: depth + 1])))
    return found


@settings(max_examples=30, deadline=None)
@given(case=cases(), seed=st.integers(1, 99))
def test_two_threads_find_exactly_what_one_finds(case: Case, seed: int) -> None:
    assume_a_zone(case)
    assert case.detect(threads=2, seed=seed) == case.detect(threads=1, seed=seed)


def assume_a_zone(case: Case) -> None:
    """A limit on the share may leave no zone at all: then there is nothing to compare, and the user is told."""
    assume(case.zones())


def before(values: Any) -> Any:
    """Per time bin, what came before it; and after the last, everything."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0, dtype=values.dtype)])


@settings(max_examples=60, deadline=None)
@given(
    case=cases(most=3),
    replicas=st.integers(1, 300),
    seed=st.integers(0, 2**31),
    high=st.sampled_from([1, 3, 40]),
)
def test_skipping_logarithms_never_changes_the_largest_statistic_of_a_replica(
    case: Case, replicas: int, seed: int, high: int
) -> None:
    assume_a_zone(case)
    s, n, periods = case.settings, *case.counts.shape
    drawn = np.random.default_rng(seed).poisson(high / 2, (n, periods, replicas))
    total = float(drawn.sum(axis=(0, 1)).max())
    conditional = s.method != "expectation"
    expected = oracle.scaled(case.expected, total) if conditional else case.expected
    statistic = oracle.conditional_poisson(total) if conditional else oracle.expectation_poisson
    zones = build_zones(case.areas(), weights=case.model()[0].sum(axis=1), settings=s)
    windows = build_windows(s.mode, s.windows, periods)
    bins = windows.edges[:-1]
    best = np.zeros(replicas)
    scan = partial(
        kernels.null_maxima,
        before(np.add.reduceat(drawn.transpose(1, 0, 2), bins, axis=0).astype(np.int32)),
        before(np.add.reduceat(expected.T, bins, axis=0)),
        windows.spans, zones.node_area, zones.node_depth, zones.centres,
        kernels.CONDITIONAL if conditional else kernels.EXPECTATION,
        total, s.min_count, s.min_areas,
    )  # fmt: skip
    scan(best, False)
    over = oracle.layout(case.zones(), case.windows(), (n, periods))
    slow = [
        oracle.scores(
            drawn[:, :, r], expected, over, statistic, min_count=s.min_count, min_areas=s.min_areas
        ).max()
        for r in range(replicas)
    ]
    assert best == pytest.approx(np.array(slow), rel=1e-9, abs=1e-9)
    level = max(float(np.median(best)), 1e-6) * (1 - 1e-9)
    whether = np.full(replicas, level)
    scan(whether, True)
    assert (np.isinf(whether) == (best > level)).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_theme_with_a_single_signal_is_one_sure_pattern_and_no_crash(method: Method) -> None:
    counts = np.zeros((5, 4), np.int64)
    counts[2, 3] = 1
    chosen = Settings(
        method=method, null="poisson", period="day", start=FIRST, end=FIRST + timedelta(days=3), windows=(1, 2, 3, 4),
        min_count=1, min_areas=1, max_share=1.0, replicas=99, threads=1, raw=True,
    )  # fmt: skip
    case = Case(counts, np.full((5, 4), 0.25), np.arange(10.0).reshape(5, 2) * 1000, chosen)
    assert [found(case, one)[0] for one in case.detect()] == [
        c.zone for c in oracle.secondary(case.candidates())
    ]


@pytest.mark.parametrize("strength", [5.0, 50.0, 500.0])
def test_replicas_with_very_large_statistics_are_scanned_in_full(strength: float) -> None:
    drawn = np.random.default_rng(1).poisson(strength, (3, 4, 200))
    expected = np.full((3, 4), 0.25)
    windows = [(3, 3), (2, 3), (1, 3), (0, 3)]
    best = np.zeros(200)
    kernels.null_maxima(
        before(drawn.transpose(1, 0, 2).astype(np.int32)), before(expected.T),
        np.array([[first, last + 1] for first, last in windows]),
        np.array([0, 1, 2, 1, 2, 0, 2, 0, 1]), np.tile([0, 1, 2], 3), np.array([0, 3, 6, 9]),
        kernels.EXPECTATION, 0.0, 1, 1, best, False,
    )  # fmt: skip
    zones = [(0,), (0, 1), (0, 1, 2), (1,), (1, 2), (2,), (0, 2)]
    over = oracle.layout(zones, windows, (3, 4))
    slow = [
        oracle.scores(drawn[:, :, r], expected, over, oracle.expectation_poisson).max() for r in range(200)
    ]
    assert best == pytest.approx(np.array(slow), rel=1e-9)


def planted(method: Method, mode: Mode, rng: np.random.Generator) -> Case:
    """Sixteen areas and ten days with a moderate rise: a p-value in the middle of its range."""
    counts = rng.poisson(0.6, (16, 10))
    counts[:3, -2:] += 1
    chosen = Settings(
        method=method, null="poisson", mode=mode, period="day", start=FIRST, end=FIRST + timedelta(days=9),
        windows=(1, 2, 3), min_count=2, min_areas=1, max_share=0.5, replicas=3999, threads=1, raw=True,
    )  # fmt: skip
    return Case(counts, np.full((16, 10), 0.6), rng.uniform(0, 9000, (16, 2)), chosen)


@pytest.mark.parametrize("mode", MODES[:2])
@pytest.mark.parametrize("method", METHODS)
def test_p_values_equal_those_of_plain_numpy_replicas(method: Method, mode: Mode) -> None:
    case = planted(method, mode, np.random.default_rng(7))
    expected, statistic = case.model()
    total = int(case.counts.sum())
    draws = {
        "expectation": lambda generator: oracle.draw_poisson(expected, generator),
        "poisson": lambda generator: oracle.draw_conditional(expected, total, generator),
        "permutation": lambda generator: oracle.draw_permutation(case.counts, generator),
    }
    replicas = 2000
    highest = oracle.monte_carlo(
        draws[method],
        expected,
        case.zones(),
        case.windows(),
        statistic,
        replicas=replicas,
        seed=3,
        min_count=2,
    )
    for pattern in case.detect()[:4]:
        theirs = oracle.p_value(pattern.statistic, highest)
        error = np.sqrt(max(theirs * (1 - theirs), 1e-3) * (1 / replicas + 1 / case.settings.replicas))
        assert abs(pattern.p_value - theirs) <= 4 * error
