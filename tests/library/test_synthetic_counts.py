"""Counts of made-up municipalities: the planned mean, season, growth, variance/mean and planted excess."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.records import Floats, SchakelError
from schakel.synthetic import CountTruth, Plan, counts
from schakel.synthetic.process import draw, table, week_shares

SMALL = Plan(areas=30, weeks=104, signals=600.0, planted=1)


def test_the_same_plan_gives_the_same_counts_and_another_seed_gives_others() -> None:
    first, again, other = counts(SMALL), counts(SMALL), counts(Plan(areas=30, weeks=104, seed=2))
    assert np.array_equal(first.counts, again.counts)
    assert first.planted == again.planted
    assert not np.array_equal(first.counts, other.counts)
    assert not np.allclose(first.areas.coordinates, other.areas.coordinates)


def test_a_fixed_geometry_seed_repeats_counts_on_the_same_map() -> None:
    one, two = (counts(Plan(areas=30, weeks=52, seed=seed, geometry_seed=7)) for seed in (1, 2))
    assert np.array_equal(one.areas.coordinates, two.areas.coordinates)
    assert np.array_equal(one.area_rates, two.area_rates)
    assert not np.array_equal(one.counts, two.counts)


def test_planting_leaves_the_usual_signals_as_they_were() -> None:
    without, planted = (
        counts(Plan(areas=30, weeks=52)),
        counts(Plan(areas=30, weeks=52, planted=1, risk_ratio=9)),
    )
    extra = planted.counts - without.counts
    assert extra.min() >= 0
    assert extra.sum() == planted.planted[0].observed_extra


@pytest.mark.parametrize("overdispersion", [1.0, 1.3, 2.0])
def test_totals_have_the_planned_mean_and_variance(overdispersion: float) -> None:
    plans = (
        Plan(areas=20, weeks=52, signals=500.0, overdispersion=overdispersion, seed=seed, geometry_seed=1)
        for seed in range(400)
    )
    totals = np.array([counts(plan).counts.sum() for plan in plans])
    error = np.sqrt(500 * overdispersion / 400)
    assert abs(totals.mean() - 500) < 4 * error
    ratio = totals.var(ddof=1) / totals.mean()
    assert abs(ratio / overdispersion - 1) < 4 * np.sqrt(2 / 399)


@pytest.mark.parametrize("overdispersion", [1.0, 1.3, 2.0])
def test_single_cells_and_their_sums_share_one_variance_to_mean_ratio(overdispersion: float) -> None:
    rng = np.random.default_rng(5)
    areas, weeks = np.array([0.5, 0.3, 0.2]), np.full(8000, 1 / 8000)
    drawn = draw(rng, expected=48_000.0, areas=areas, weeks=weeks, overdispersion=overdispersion)
    cells = table(drawn, areas=3, weeks=8000)
    for series in (*cells, cells.sum(axis=0)):
        assert abs(series.var() / series.mean() / overdispersion - 1) < 0.1
    assert np.allclose(cells.mean(axis=1), 6.0 * areas, rtol=0.06)


def _log_season(shares: Floats) -> Floats:
    return np.log(shares[52:104] / shares[:52])


def test_weeks_follow_growth_season_and_holidays() -> None:
    flat = week_shares(Plan(weeks=260, seasonality=0.0, growth=0.0, holidays=False))
    assert np.allclose(flat, 1 / 260)
    growing = week_shares(Plan(weeks=260, seasonality=0.0, growth=0.2, holidays=False))
    assert np.allclose(_log_season(growing), np.log(1.2) * 364 / 365.25)
    season = week_shares(Plan(weeks=52, seasonality=0.5, growth=0.0, holidays=False))
    assert season[:6].mean() > 1.5 * season[24:30].mean()
    dips = week_shares(Plan(weeks=52, seasonality=0.0, growth=0.0))
    assert dips[51] == pytest.approx(0.5 * dips[20])
    assert dips[30] == pytest.approx(0.75 * dips[20])


def test_the_planted_question_stands_in_connected_areas_in_the_last_weeks() -> None:
    plan = Plan(areas=60, weeks=52, signals=4000.0, planted=1, risk_ratio=6.0, planted_areas=5)
    truth = counts(plan)
    planted = truth.planted[0]
    assert planted.end == plan.end
    assert planted.start == plan.end - timedelta(days=27)
    chosen = [truth.areas.codes.index(code) for code in planted.areas]
    assert len(_reached(truth, chosen)) == 5
    usual = truth.intensities[chosen, -4:].sum()
    assert planted.expected_extra == pytest.approx(5.0 * usual)
    observed = truth.counts[chosen, -4:].sum()
    assert observed > 3.0 * usual


def _reached(truth: CountTruth, chosen: list[int]) -> set[int]:
    seen, queue = {chosen[0]}, [chosen[0]]
    while queue:
        for neighbour in truth.areas.neighbours[queue.pop()]:
            if neighbour in chosen and neighbour not in seen:
                seen.add(neighbour)
                queue.append(neighbour)
    return seen


def test_a_question_planted_anywhere_is_not_always_at_the_end() -> None:
    ends = {
        counts(Plan(areas=10, weeks=52, planted=1, planted_when="anywhere", seed=seed)).planted[0].end
        for seed in range(20)
    }
    assert len(ends) > 10


@settings(max_examples=25, deadline=None)
@given(
    areas=st.integers(1, 60),
    weeks=st.integers(1, 60),
    signals=st.floats(0, 3000),
    overdispersion=st.floats(1.0, 4.0),
    shape=st.sampled_from(["compact", "random"]),
    seed=st.integers(0, 1000),
)
def test_any_plan_gives_whole_counts_in_areas_with_people_and_neighbours(
    *, areas: int, weeks: int, signals: float, overdispersion: float, shape: str, seed: int
) -> None:
    plan = Plan(
        areas=areas,
        weeks=weeks,
        signals=signals,
        overdispersion=overdispersion,
        planted=1,
        planted_areas=min(areas, 4),
        planted_weeks=min(weeks, 3),
        planted_shape="random" if shape == "random" else "compact",
        seed=seed,
    )
    truth = counts(plan)
    assert truth.counts.shape == truth.intensities.shape == (areas, weeks)
    assert truth.counts.min() >= 0
    assert truth.intensities.sum() == pytest.approx(signals)
    assert (truth.areas.population >= 10).all()
    assert len(_reached(truth, list(range(areas)))) == areas
    assert len(truth.planted[0].areas) == min(areas, 4)


@pytest.mark.parametrize(
    ("field", "plan"),
    [
        ("areas", {"areas": 0}),
        ("overdispersion", {"overdispersion": 0.9}),
        ("signals", {"signals": float("nan")}),
        ("planted_areas", {"areas": 3, "planted": 1, "planted_areas": 4}),
        ("personal_data", {"personal_data": 1.5}),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_by_name(field: str, plan: dict[str, float]) -> None:
    with pytest.raises(SchakelError, match=f"^plan, {field}: "):
        Plan(**plan)  # type: ignore[arg-type]
