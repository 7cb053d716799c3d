"""Where signals come in clusters, what counts is how many, not how large they are (ADR 14)."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.detection import kernels
from schakel.detection.clusters import ALONE, Clusters, Occasions, Sizes
from schakel.detection.models import Usual, expectation_model
from schakel.detection.zones import build_windows, build_zones
from schakel.records import Areas, Floats, Settings

CLASS = Sizes(np.array([1, 25]), np.array([0.9, 0.1]))
FAMILIES = Sizes(np.array([1, 2, 5]), np.array([0.6, 0.3, 0.1]))


def slow(rate: float, sizes: Floats, count: int) -> float:
    """E[N | c] by adding up every number of clusters: (n e^−λ λⁿ/n!) times the chance that n of them have c people."""
    chance = np.zeros(count + 1)
    chance[0] = 1.0
    whole = weighted = 0.0
    for n in range(count + 1):
        if n:
            chance = np.convolve(chance, sizes)[: count + 1]
        here = exp(-rate) * rate**n / factorial(n) * chance[count]
        whole, weighted = whole + here, weighted + n * here
    return weighted / whole


def of(expected: list[list[float]], *, phi: float, sizes: Sizes = ALONE, largest: int = 60) -> Occasions:
    found = Occasions.of(Clusters.of(phi, sizes), np.array(expected), phi=phi, largest=largest)
    assert found is not None
    return found


def counted(found: Occasions, people: list[int], cell: int = 0) -> list[int]:
    return [int(n) for n in found.table[found.row[0, cell]][people]]


@given(st.floats(0.01, 20.0), st.sampled_from([1.2, 1.3, 2.0, 5.0]), st.integers(1, 30))
def test_occasions_are_the_expected_number_of_clusters_of_that_many_people(
    expected: float, phi: float, people: int
) -> None:
    clusters = Clusters.of(phi, ALONE)
    sizes = np.zeros(people + 1)
    sizes[clusters.people[clusters.people <= people]] = clusters.share[clusters.people <= people]
    (found,) = counted(of([[expected]], phi=phi), [people])
    rate = expected / clusters.mean
    near = [slow(rate * shift, sizes, people) for shift in (0.96, 1.0, 1.04)]  # rates share tables
    assert min(near) - 0.51 <= found <= max(near) + 0.51


def test_people_who_come_one_by_one_are_as_many_occasions() -> None:
    assert counted(of([[3.0]], phi=1.0), list(range(40))) == list(range(40))


def test_many_people_where_few_are_usual_probably_came_together_and_where_many_are_usual_they_did_not() -> (
    None
):
    quiet, busy = (counted(of([[expected]], phi=2.0), [1, 8])[1] for expected in (0.05, 40.0))
    assert (quiet, busy >= 5) == (1, True)


def test_a_signal_about_a_school_class_is_one_occasion_and_two_are_two() -> None:
    phi = CLASS.ratio
    assert counted(of([[0.5]], phi=phi, sizes=CLASS), [1, 2, 25, 26, 50]) == [1, 2, 1, 2, 2]


@given(st.integers(0, 60), st.sampled_from([1.3, 3.0]), st.sampled_from([ALONE, FAMILIES]))
def test_there_are_never_more_occasions_than_people_and_always_one_when_there_are_people(
    people: int, phi: float, sizes: Sizes
) -> None:
    (found,) = counted(of([[0.7]], phi=phi * sizes.ratio, sizes=sizes), [people])
    assert min(people, 1) <= found <= people


@pytest.mark.parametrize(("phi", "sizes"), [(1.3, ALONE), (2.0, ALONE), (FAMILIES.ratio * 1.5, FAMILIES)])
def test_as_many_occasions_are_expected_as_replicas_have_on_average(phi: float, sizes: Sizes) -> None:
    windows = build_windows("prospective", (1, 2, 4), 30)
    usual = Usual(np.linspace(5.0, 9.0, 30), np.array([0.02, 0.08, 0.3, 0.6]))
    null = expectation_model(
        np.zeros((len(windows.edges), 4), np.int64), usual, windows, seed=3, phi=phi,
        shape=np.full(4, np.inf), bend=np.zeros((30, 0)), sizes=sizes,
    )  # fmt: skip
    drawn = np.diff(null._replicas(0, 40_000).astype(np.int64), axis=0)
    expected = np.diff(null.expected, axis=0)
    assert drawn.mean(axis=2) == pytest.approx(expected, rel=0.04)
    assert (
        drawn.var(axis=2) <= expected * 1.12
    ).all()  # what is expected with hindsight varies less, but for rounding


def test_a_table_need_not_be_as_long_as_the_largest_number_of_people() -> None:
    found = of([[3000.0]], phi=1.3, largest=20_000)
    people = np.array([[[0, 0]], [[4000, 6000]]])
    found.count(people)
    few, many = people[1, 0]
    assert many / few == pytest.approx(1.5, rel=0.05)


def test_where_thousands_are_usual_in_one_cell_people_are_counted_as_they_are() -> None:
    assert Occasions.of(Clusters.of(1.3, ALONE), np.array([[5000.0]]), phi=1.3, largest=60) is None
    windows = build_windows("prospective", (1,), 4)
    many = np.array([[0, 0], [5100, 5200]])
    null = expectation_model(
        many, Usual(np.full(4, 10_000.0), np.full(2, 0.5)), windows, seed=1, phi=1.3, shape=np.full(2, np.inf),
        bend=np.zeros((4, 0)),
    )  # fmt: skip
    assert null.observed.tolist() == many.tolist()
    assert null.expected[1] == pytest.approx([5000, 5000])


@pytest.mark.parametrize(("phi", "together"), [(2.0, 1.2), (4.1, 1.45), (4.2, 1.28)])
@pytest.mark.parametrize("sizes", [ALONE, FAMILIES])
def test_a_variance_may_come_from_many_clusters_of_which_a_few_are_large(
    phi: float, together: float, sizes: Sizes
) -> None:
    phi, together = sizes.ratio + (phi - 1) * sizes.mean, together * sizes.mean
    found = Clusters.of(phi, sizes, together=together)
    assert found.mean == pytest.approx(together, rel=0.01)
    assert found.share.sum() == pytest.approx(1.0)
    assert found.people @ found.share == pytest.approx(found.mean)
    assert found.people**2 @ found.share / found.mean == pytest.approx(phi, rel=1e-6)


def test_clusters_are_no_fewer_than_the_logarithmic_series_has() -> None:
    plain, fewer = Clusters.of(2.0, ALONE), Clusters.of(2.0, ALONE, together=5.0)
    assert fewer.mean == pytest.approx(plain.mean)
    assert fewer.share == pytest.approx(plain.share)


def scanned(people: list[list[int]], *, phi: float) -> float:
    """The largest statistic of five areas in four weeks, half a person expected in each cell."""
    counts = np.array(people).T
    windows = build_windows("prospective", (1, 2, 4), 4)
    before = np.zeros((len(windows.edges), 5), np.int64)
    before[1:] = np.cumsum(np.add.reduceat(counts, windows.edges[:-1]), axis=0)
    null = expectation_model(
        before, Usual(np.full(4, 2.5), np.full(5, 0.2)), windows, seed=1, phi=phi,
        shape=np.full(5, np.inf), bend=np.zeros((4, 0)),
    )  # fmt: skip
    areas = Areas(tuple("abcde"), np.arange(10.0).reshape(5, 2) * 1000, "plane", np.ones(5))
    zones = build_zones(areas, weights=np.ones(5), settings=Settings(min_areas=2))
    statistic, _window, _node = kernels.best_zone(
        null.observed, null.expected, windows.spans, zones.node_area, zones.node_depth, zones.centres,
        null.kind, null.total, 3, 2, np.zeros(5, np.bool_),
    )  # fmt: skip
    return float(statistic)


def test_the_same_people_are_more_evidence_when_they_came_in_more_places_and_weeks() -> None:
    spread = [[2, 2, 2, 2], [2, 2, 2, 2], [0] * 4, [0] * 4, [0] * 4]
    heaped = [[0, 0, 8, 0], [0, 0, 0, 8], [0] * 4, [0] * 4, [0] * 4]
    assert scanned(spread, phi=2.0) > scanned(heaped, phi=2.0)
    assert scanned(spread, phi=1.0) < scanned(heaped, phi=1.0)  # fewer weeks, as many people


@pytest.mark.parametrize(("by_occasion", "scanned"), [(True, 1), (False, 8)])
def test_cases_are_counted_however_they_came_and_signals_by_occasion(by_occasion: bool, scanned: int) -> None:
    windows = build_windows("prospective", (1,), 4)
    people = np.array([[0, 0], [8, 0]])
    null = expectation_model(
        people, Usual(np.full(4, 0.2), np.full(2, 0.5)), windows, seed=1, phi=2.0, shape=np.full(2, np.inf),
        bend=np.zeros((4, 0)), by_occasion=by_occasion,
    )  # fmt: skip
    assert null.observed[1, 0] == scanned
    assert people[1, 0] == 8


@pytest.mark.parametrize(
    ("settings", "by_occasion"),
    [
        (Settings(), True), (Settings(raw=True), False), (Settings(null="poisson"), False),
        (Settings(method="permutation"), False), (Settings(method="poisson"), False),
    ],
)  # fmt: skip
def test_occasions_are_scanned_where_signals_come_in_clusters_around_a_baseline(
    settings: Settings, by_occasion: bool
) -> None:
    assert settings.by_occasion is by_occasion
