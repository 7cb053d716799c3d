"""The reference implementation itself, against cases small enough to work out by hand (DESIGN §6)."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from tests.library import oracle

LINE = np.array([[0.0, 0.0], [1000.0, 0.0], [2500.0, 0.0]])


def test_a_degree_of_latitude_is_a_360th_of_the_circle_of_6367_km() -> None:
    table = oracle.distances(np.array([[5.0, 52.0], [5.0, 53.0]]), "sphere")
    assert table[0, 1] == pytest.approx(2 * np.pi * 6367 / 360)


def test_circular_zones_are_the_distinct_prefixes_around_every_centre() -> None:
    assert oracle.zones_circular(LINE, "plane") == [(0,), (0, 1), (0, 1, 2), (1,), (2,), (1, 2)]


def test_the_number_of_neighbours_counts_the_centre() -> None:
    assert oracle.zones_circular(LINE, "plane", neighbours=1) == [(0,), (1,), (2,)]


def test_zone_limits_are_inclusive() -> None:
    by_radius = oracle.zones_circular(LINE, "plane", max_radius_km=1.5)
    by_share = oracle.zones_circular(LINE, "plane", max_share=0.5, weights=np.array([1.0, 2.0, 3.0]))
    assert by_radius == [(0,), (0, 1), (1,), (0, 1, 2), (2,), (1, 2)]
    assert by_share == [(0,), (0, 1), (1,), (2,)]


def test_areas_at_equal_distance_come_in_their_own_order() -> None:
    square = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert oracle.zones_circular(square, "plane", neighbours=2)[:2] == [(0,), (0, 1)]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("prospective", [(2, 2), (1, 2)]),
        ("retrospective", [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)]),
        ("spatial", [(0, 2)]),
    ],
)
def test_windows_end_now_lie_anywhere_or_are_the_whole_study(
    mode: str, expected: list[oracle.Window]
) -> None:
    assert oracle.windows(mode, 3, (1, 2, 9)) == expected


def test_the_expectation_statistic_by_hand() -> None:
    assert oracle.expectation_poisson(np.array(6.0), np.array(2.0)) == pytest.approx(6 * log(3) - 4)
    assert oracle.expectation_poisson(np.array(2.0), np.array(2.0)) == 0


def test_the_conditional_statistic_by_hand() -> None:
    statistic = oracle.conditional_poisson(10)
    assert statistic(np.array(4.0), np.array(2.0)) == pytest.approx(4 * log(2) + 6 * log(6 / 8))
    assert statistic(np.array(10.0), np.array(2.0)) == pytest.approx(10 * log(5)), "everything inside"
    assert statistic(np.array(1.0), np.array(2.0)) == 0, "fewer than expected is not a pattern"


def test_permutation_expects_the_product_of_the_margins() -> None:
    counts = np.array([[3, 1], [1, 5]])
    assert oracle.permutation_expected(counts).tolist() == [[1.6, 2.4], [2.4, 3.6]]


def test_the_scan_finds_the_planted_cell_and_honours_the_minima() -> None:
    counts = np.array([[1, 1, 1], [1, 1, 8], [1, 1, 1]])
    expected = np.ones((3, 3))
    zones, windows = oracle.zones_circular(LINE, "plane"), oracle.windows("prospective", 3, (1, 2))
    best = oracle.scan(counts, expected, zones, windows, oracle.expectation_poisson)[0]
    assert (best.zone, best.window, best.observed, best.expected) == ((1,), (2, 2), 8.0, 1.0)
    shared = oracle.scan(counts, expected, zones, windows, oracle.expectation_poisson, min_areas=2)
    assert shared[0].zone == (0, 1)
    assert not oracle.scan(counts, expected, zones, windows, oracle.expectation_poisson, min_count=14)


def test_ties_stay_in_the_order_of_looking_window_by_window_and_zone_by_zone() -> None:
    counts, expected = np.array([[3, 3], [3, 3]]), np.ones((2, 2))
    far = np.array([[0.0, 0.0], [9000.0, 0.0]])
    zones = oracle.zones_circular(far, "plane", neighbours=1)
    found = oracle.scan(counts, expected, zones, [(1, 1), (0, 0)], oracle.expectation_poisson)
    assert [(c.zone, c.window) for c in found] == [
        ((0,), (1, 1)),
        ((1,), (1, 1)),
        ((0,), (0, 0)),
        ((1,), (0, 0)),
    ]


def test_an_area_without_cases_does_not_widen_a_pattern() -> None:
    counts, expected = np.array([[0], [4]]), np.array([[0.0], [1.0]])
    near = np.array([[0.0, 0.0], [1.0, 0.0]])
    zones = oracle.zones_circular(near, "plane")
    assert oracle.scan(counts, expected, zones, [(0, 0)], oracle.expectation_poisson)[0].zone == (1,)


def test_statistics_that_differ_by_rounding_only_are_ties() -> None:
    one = oracle.Candidate(2.0, (0,), (0, 0), 3, 1)
    other = one._replace(statistic=2.0 + 1e-12, zone=(1,))
    assert oracle.best_first([one, other]) == [one, other]
    assert oracle.best_first([one, other._replace(statistic=2.1)])[0].zone == (1,)


def test_secondary_patterns_share_no_area_with_stronger_ones() -> None:
    one = oracle.Candidate(3.0, (0, 1), (0, 0), 3, 1)
    rest = [one._replace(statistic=2.0, zone=(1, 2), window=(1, 1)), one._replace(statistic=1.0, zone=(2,))]
    assert [c.zone for c in oracle.secondary([one, *rest])] == [(0, 1), (2,)]


@pytest.mark.parametrize("seed", range(5))
def test_a_permutation_keeps_both_margins(seed: int) -> None:
    counts = np.array([[3, 0, 2], [1, 5, 0]])
    shuffled = oracle.draw_permutation(counts, np.random.default_rng(seed))
    assert shuffled.sum(axis=0).tolist() == counts.sum(axis=0).tolist()
    assert shuffled.sum(axis=1).tolist() == counts.sum(axis=1).tolist()


def test_overdispersed_draws_have_the_variance_they_promise() -> None:
    drawn = oracle.draw_nb1(np.full(200_000, 2.0), 1.5, np.random.default_rng(3))
    assert drawn.mean() == pytest.approx(2.0, rel=0.01)
    assert drawn.var() == pytest.approx(3.0, rel=0.02)


def test_the_p_value_of_a_single_cell_is_its_poisson_tail() -> None:
    expected = np.array([[2.0]])
    highest = oracle.monte_carlo(
        lambda generator: oracle.draw_poisson(expected, generator),
        expected,
        [(0,)],
        [(0, 0)],
        oracle.expectation_poisson,
        replicas=20_000,
        seed=1,
    )
    five = float(oracle.expectation_poisson(np.array(5.0), np.array(2.0)))
    assert oracle.p_value(five, highest) == pytest.approx(0.05265, abs=0.006)
