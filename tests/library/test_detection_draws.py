"""Replicas are what the null model says, and are the same on any number of threads."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.detection.clusters import ALONE, Sizes
from schakel.detection.models import (
    Model,
    Usual,
    _units,
    conditional_model,
    expectation_model,
    permutation_model,
)
from schakel.detection.zones import build_windows
from schakel.records import Floats, Ints

WINDOWS = build_windows("prospective", (1, 2, 4), 30)


def replicas(model: Model, count: int, first: int = 0) -> Ints:
    """(B, n, R) counts per time bin."""
    cumulative, fits = model.draw(first, count, np.uint32)
    assert fits
    return np.asarray(np.diff(cumulative.astype(np.int64), axis=0))


def around(
    usual: Usual,
    *,
    phi: float,
    sizes: Sizes = ALONE,
    shape: Floats | None = None,
    bend: Floats | None = None,
    swing: float = 0.0,
    memory: float = 0.0,
) -> Model:
    n = len(usual.share)
    return expectation_model(
        np.zeros((len(WINDOWS.edges), n), np.int64),
        usual,
        WINDOWS,
        seed=5,
        phi=phi,
        shape=np.full(n, np.inf) if shape is None else shape,
        bend=np.zeros((30, 0)) if bend is None else bend,
        sizes=sizes,
        swing=swing,
        memory=memory,
    )


USUAL = Usual(np.linspace(5.0, 9.0, 30), np.array([0.1, 0.2, 0.3, 0.4]))


@pytest.mark.parametrize("phi", [1.0, 1.3, 2.0, 6.0])
def test_a_cell_has_the_expected_mean_and_phi_times_it_as_variance(phi: float) -> None:
    drawn = replicas(around(USUAL, phi=phi), 40_000)
    expected = np.diff(USUAL.binned(WINDOWS), axis=0)
    mean, variance = drawn.mean(axis=2), drawn.var(axis=2)
    assert mean == pytest.approx(expected, rel=0.05)
    assert variance / mean == pytest.approx(np.full(mean.shape, phi), rel=0.09)


def test_a_swing_lifts_all_areas_of_a_week_together_and_less_over_several_weeks() -> None:
    usual, weeks = Usual(np.full(30, 50.0), np.array([0.5, 0.5])), np.diff(WINDOWS.edges)
    drawn = replicas(around(usual, phi=1.0, swing=0.3), 40_000)
    expected = np.diff(usual.binned(WINDOWS), axis=0)
    assert drawn.mean(axis=2) == pytest.approx(expected, rel=0.02)
    together = [np.cov(drawn[b])[0, 1] for b in range(len(weeks))]
    variance = np.expm1(0.3**2) / weeks  # of the level of a bin
    assert together == pytest.approx(variance * expected[:, 0] * expected[:, 1], rel=0.1)


def test_a_swing_that_lasts_lifts_the_next_week_too() -> None:
    usual = Usual(np.full(30, 50.0), np.array([1.0]))
    bins = len(WINDOWS.edges) - 1
    drawn = replicas(around(usual, phi=1.0, swing=0.3, memory=0.8), 40_000).sum(axis=1)
    week = np.repeat(np.arange(bins), np.diff(WINDOWS.edges))
    apart = np.abs(np.subtract.outer(np.arange(len(week)), np.arange(len(week))))
    weeks = 50.0**2 * np.expm1(0.3**2 * 0.8**apart) + 50.0 * np.eye(len(week))
    inside = week[:, None] == np.arange(bins)
    expected = inside.T @ weeks @ inside
    found = np.cov(drawn)
    for lag in (0, 1):
        assert np.diag(found, lag) == pytest.approx(np.diag(expected, lag), rel=0.06)


CLASSES = Sizes(np.array([1, 2, 20]), np.array([0.8, 0.18, 0.02]))  # a signal about a school class is rare


@pytest.mark.parametrize("phi", [8.0, 12.0])
def test_signals_about_several_people_keep_mean_and_variance(phi: float) -> None:
    usual = Usual(np.full(30, 10.0), np.array([0.4, 0.6]))
    drawn = replicas(around(usual, phi=phi, sizes=CLASSES), 60_000).sum(axis=0)
    mean = usual.binned(WINDOWS)[-1]
    assert drawn.mean(axis=1) == pytest.approx(mean, rel=0.03)
    assert drawn.var(axis=1) / mean == pytest.approx(np.full(2, phi), rel=0.08)


def test_replicas_have_never_less_variance_than_the_signals_themselves_give() -> None:
    drawn = replicas(around(USUAL, phi=1.0, sizes=CLASSES), 40_000).sum(axis=(0, 1))
    assert drawn.var() / drawn.mean() == pytest.approx(CLASSES.ratio, rel=0.06)


def test_a_replica_has_one_signal_about_many_people_as_often_as_the_theme_has() -> None:
    quiet = Usual(np.full(30, 0.02), np.array([1.0]))
    drawn = replicas(around(quiet, phi=CLASSES.ratio, sizes=CLASSES), 100_000).sum(axis=(0, 1))
    signals = quiet.binned(WINDOWS)[-1].sum() / CLASSES.mean
    assert (drawn >= 20).mean() == pytest.approx(signals * 0.02, rel=0.25)


def test_sums_over_areas_and_weeks_keep_the_same_variance_to_mean_ratio() -> None:
    drawn = replicas(around(USUAL, phi=2.0), 40_000).sum(axis=(0, 1))
    assert drawn.var() / drawn.mean() == pytest.approx(2.0, rel=0.05)


def test_an_uncertain_area_level_adds_the_variance_of_a_gamma_mean() -> None:
    shape = np.full(4, 8.0)
    drawn = replicas(around(USUAL, phi=1.0, shape=shape), 40_000).sum(axis=0)
    mean = USUAL.binned(WINDOWS)[-1]
    assert drawn.mean(axis=1) == pytest.approx(mean, rel=0.03)
    assert drawn.var(axis=1) == pytest.approx(mean + mean**2 / 8.0, rel=0.06)


def test_an_uncertain_course_moves_all_areas_of_a_bin_together() -> None:
    drawn = replicas(around(USUAL, phi=1.0, bend=np.full((30, 1), 0.2)), 40_000)
    city = drawn.sum(axis=(0, 1))
    mean = float(USUAL.binned(WINDOWS)[-1].sum())
    lift = np.exp(0.2**2 / 2)
    spread = mean * lift + (mean * lift) ** 2 * (np.exp(0.2**2) - 1)
    assert city.mean() == pytest.approx(mean * lift, rel=0.02)
    assert city.var() == pytest.approx(spread, rel=0.06)


@given(first=st.integers(0, 500), split=st.integers(1, 19))
def test_a_replica_depends_on_its_number_only(first: int, split: int) -> None:
    model = around(USUAL, phi=1.5, shape=np.full(4, 5.0), bend=np.full((30, 2), 0.1))
    together = replicas(model, 20, first)
    apart = np.concatenate(
        [replicas(model, split, first), replicas(model, 20 - split, first + split)], axis=2
    )
    assert (together == apart).all()


@pytest.mark.parametrize("phi", [1.0, 1.6])
def test_conditional_replicas_keep_the_total_and_follow_the_expected_shares(phi: float) -> None:
    table = np.outer(USUAL.course, USUAL.share)
    total = round(float(table.sum()))
    usual = Usual.of_table(table * total / table.sum())
    whole = build_windows("spatial", (), 30)
    model = conditional_model(np.zeros((2, 4), np.int64), usual, whole, seed=3, phi=phi, total=total)
    drawn = replicas(model, 20_000)
    assert (drawn.sum(axis=(0, 1)) == total).all()
    expected = total * USUAL.share
    assert drawn.mean(axis=2)[0] == pytest.approx(expected, rel=0.03)
    assert drawn.var(axis=2)[0] == pytest.approx(phi * expected * (1 - USUAL.share), rel=0.1)


def test_a_permutation_keeps_who_was_counted_where_and_how_many_when() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(0.8, (12, 5))
    windows = build_windows("prospective", tuple(range(1, 13)), 12)
    drawn = replicas(permutation_model(counts, windows, seed=1, phi=1.0), 300)
    assert (drawn.sum(axis=1) == counts.sum(axis=1)[:, None]).all()
    assert (drawn.sum(axis=0) == counts.sum(axis=0)[:, None]).all()


def test_every_permutation_is_as_likely() -> None:
    counts = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    windows = build_windows("prospective", (1, 2, 3), 3)
    drawn = replicas(permutation_model(counts, windows, seed=9, phi=1.0), 6000)
    order = drawn.argmax(axis=1)  # (bins, R): which area each period got
    shares = [(order == np.array(o)[:, None]).all(axis=0).mean() for o in itertools.permutations(range(3))]
    assert shares == pytest.approx([1 / 6] * 6, abs=0.02)


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=6),
    st.floats(1.0, 5.0),
    st.integers(0, 99),
)
def test_people_are_parted_in_clusters_of_their_own_cell_and_nobody_is_lost(
    rows: list[list[int]], phi: float, seed: int
) -> None:
    counts = np.array(rows)
    period, area, size = _units(counts, phi, seed)
    again = np.zeros_like(counts)
    np.add.at(again, (period, area), size)
    assert (again == counts).all()
    assert (size >= 1).all()


@pytest.mark.parametrize(
    ("counts", "mean"),
    [
        (np.full((80, 60), 2), 2.0),
        (np.kron(np.eye(40, dtype=np.int64), np.full((4, 30), 2)), 0.05),
        (np.kron(np.eye(4, dtype=np.int64), np.full((40, 30), 2)), 0.5),
    ],
)
def test_the_fewer_are_usual_the_likelier_it_is_that_two_people_came_together(
    counts: Ints, mean: float
) -> None:
    """With φ = 1.5 two people in a cell are one cluster with probability 1/(1 + 2μ) (Ewens 1972)."""
    sizes = _units(counts, 1.5, 1)[2]
    assert (sizes == 2).sum() / np.count_nonzero(counts) == pytest.approx(1 / (1 + 2 * mean), abs=0.03)


def test_an_overdispersed_permutation_moves_whole_clusters() -> None:
    counts = np.zeros((10, 4), np.int64)
    counts[:, 0] = 6
    counts[3, 2] = 6
    windows = build_windows("prospective", tuple(range(1, 11)), 10)
    single = replicas(permutation_model(counts, windows, seed=1, phi=1.0), 4000)
    clustered = replicas(permutation_model(counts, windows, seed=1, phi=4.0), 4000)
    assert clustered[:, 2].var() > 1.5 * single[:, 2].var()
