"""What is usual, as it is learned: season, growth, shares, overdispersion and past outbreaks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from schakel.detection.baseline import Baselines, estimated_baselines
from schakel.detection.calendar import calendar
from schakel.detection.counts import Cube
from schakel.records import Floats, Ints

WEEKS, HISTORY = 260, 253
DAYS = calendar(
    "week", first=date(2020, 1, 6), last=date(2020, 1, 6) + timedelta(weeks=WEEKS) - timedelta(days=1)
)
UNKNOWN = np.full(20, np.nan)


def cube_of(*tables: Ints) -> Cube:
    """A cube with one theme per table (T, n)."""
    cells = [np.nonzero(table) for table in tables]
    return Cube(
        calendar=DAYS,
        areas=tables[0].shape[1],
        themes=tuple(f"t{k}" for k in range(len(tables))),
        bounds=np.cumsum([0, *(len(period) for period, _ in cells)]),
        period=np.concatenate([period for period, _ in cells]),
        area=np.concatenate([area for _, area in cells]),
        people=np.concatenate([table[cell] for table, cell in zip(tables, cells, strict=True)]),
    )


def course(level: float, *, growth: float = 0.0, season: float = 0.0) -> Floats:
    years = np.arange(WEEKS) / 52.18
    return np.asarray(level * np.exp(growth * years + season * np.cos(2 * np.pi * years)))


def learned(*tables: Ints, population: Floats = UNKNOWN, overdispersed: bool = True) -> Baselines:
    return estimated_baselines(
        cube_of(*tables), history=HISTORY, population=population, overdispersed=overdispersed
    )


def drawn(mean: Floats, phi: float, seed: int = 1) -> Ints:
    rng = np.random.default_rng(seed)
    return rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)


def test_season_and_growth_are_followed_into_the_weeks_that_were_left_out() -> None:
    true = course(40.0, growth=0.15, season=0.4)
    shares = np.full(20, 0.05)
    found = learned(drawn(np.outer(true, shares), 1.0))
    assert found.course[0, HISTORY:] == pytest.approx(true[HISTORY:], rel=0.12)
    assert found.course[0, 52:200] == pytest.approx(true[52:200], rel=0.12)


def test_what_happens_in_the_weeks_that_are_looked_at_changes_nothing() -> None:
    quiet = drawn(np.outer(course(40.0), np.full(20, 0.05)), 1.0)
    loud = quiet.copy()
    loud[HISTORY:] += 9
    one, other = learned(quiet), learned(loud)
    assert one.course == pytest.approx(other.course)
    assert one.share == pytest.approx(other.share)


@pytest.mark.parametrize("phi", [1.0, 1.3, 2.0, 4.0])
def test_overdispersion_is_recovered(phi: float) -> None:
    tables = [drawn(np.outer(course(10.0, season=0.3), np.full(20, 0.05)), phi, seed) for seed in range(8)]
    assert learned(*tables).phi.mean() == pytest.approx(phi, rel=0.06)


@pytest.mark.parametrize("phi", [1.0, 2.0])
def test_weeks_that_lift_every_area_are_no_clusters(phi: float) -> None:
    rng = np.random.default_rng(4)
    swings = [np.exp(rng.normal(-0.08, 0.4, WEEKS)) for _ in range(8)]
    tables = [
        drawn(np.outer(course(20.0, season=0.3) * swing, np.full(20, 0.05)), phi, seed)
        for seed, swing in enumerate(swings)
    ]
    found = learned(*tables)
    assert found.phi.mean() == pytest.approx(phi, rel=0.05)
    assert found.swing.mean() == pytest.approx(0.4, rel=0.15)
    steady = learned(*(drawn(np.outer(course(20.0), np.full(20, 0.05)), phi, seed) for seed in range(8)))
    assert steady.swing.mean() < 0.08


@pytest.mark.parametrize(("large", "size"), [(0.05, 10), (0.3, 2), (0.0, 2)])
def test_how_many_people_come_together_is_learned_from_where_anybody_was(large: float, size: int) -> None:
    rng, mean = np.random.default_rng(6), 1 - large + large * size
    rate = np.outer(course(10.0, season=0.3), np.full(20, 0.05)) / mean
    tables = [rng.poisson(rate * (1 - large)) + size * rng.poisson(rate * large) for _ in range(8)]
    assert learned(*tables).together.mean() == pytest.approx(mean, rel=0.04)


def test_without_overdispersion_phi_is_one() -> None:
    table = drawn(np.outer(course(10.0), np.full(20, 0.05)), 3.0)
    found = learned(table, overdispersed=False)
    assert (found.phi == 1).all()
    assert (found.together == 1).all()
    assert (found.swing == 0).all()


def test_shares_that_differ_are_learned_and_equal_shares_are_pulled_together() -> None:
    different = np.linspace(1, 10, 20) / np.linspace(1, 10, 20).sum()
    found = learned(
        drawn(np.outer(course(20.0), different), 1.0), drawn(np.outer(course(1.0), np.full(20, 0.05)), 1.0)
    )
    assert found.share[0] == pytest.approx(different, rel=0.2)
    raw = drawn(np.outer(course(1.0), np.full(20, 0.05)), 1.0)[:HISTORY].sum(axis=0)
    assert found.share[1].std() < 0.5 * (raw / raw.sum()).std()
    assert found.share.sum(axis=1) == pytest.approx(1.0)


def test_an_area_nobody_reported_on_is_still_expected_to_have_a_little() -> None:
    shares = np.r_[0.0, np.full(19, 1 / 19)]
    assert 0 < learned(drawn(np.outer(course(20.0), shares), 1.0)).share[0, 0] < 0.01


def test_shares_follow_the_population_when_the_counts_do() -> None:
    people = np.linspace(100, 4000, 20)
    few = drawn(np.outer(course(0.6), people / people.sum()), 1.0)
    with_people, without = learned(few, population=people), learned(few)
    truth = people / people.sum()
    assert np.abs(with_people.share - truth).sum() < np.abs(without.share - truth).sum()


def test_the_more_is_known_of_an_area_the_surer_its_level() -> None:
    shares = np.r_[0.5, np.full(19, 0.5 / 19)]
    found = learned(drawn(np.outer(course(20.0), shares), 1.0))
    assert found.shape[0, 0] > 5 * found.shape[0, 1:].mean()


def test_overdispersed_counts_teach_less() -> None:
    mean = np.outer(course(20.0), np.linspace(1, 10, 20) / np.linspace(1, 10, 20).sum())
    plain, clustered = learned(drawn(mean, 1.0)), learned(drawn(mean, 4.0))
    assert clustered.shape.mean() < 0.5 * plain.shape.mean()
    assert np.abs(clustered.bend).sum() > 1.5 * np.abs(plain.bend).sum()


def test_a_past_outbreak_hardly_lifts_what_is_usual() -> None:
    quiet = drawn(np.outer(course(20.0), np.full(20, 0.05)), 1.0)
    outbreak = quiet.copy()
    outbreak[100:110] += 3
    lifted = learned(outbreak).course[0] / learned(quiet).course[0]
    plain = outbreak[:HISTORY].sum() / quiet[:HISTORY].sum()
    assert lifted.mean() - 1 < 0.5 * (plain - 1)


def test_the_christmas_dip_is_part_of_what_is_usual() -> None:
    shares = np.full(20, 0.05)
    true = course(60.0)
    christmas = np.array([week.month == 12 and week.day >= 21 for week in DAYS.starts])
    true[christmas] *= 0.4
    found = learned(drawn(np.outer(true, shares), 1.0))
    assert found.course[0][christmas].mean() < 0.65 * found.course[0][~christmas].mean()


def test_more_reporting_of_everything_is_not_more_of_one_theme() -> None:
    growing = np.linspace(1.0, 3.0, WEEKS)
    table = drawn(np.outer(20 * growing, np.full(20, 0.05)), 1.0)
    found = estimated_baselines(cube_of(table), history=HISTORY, population=UNKNOWN, reporting=500 * growing)
    assert found.course[0, HISTORY:] == pytest.approx(20 * growing[HISTORY:], rel=0.15)


def test_a_theme_with_one_signal_has_a_baseline_too() -> None:
    table = np.zeros((WEEKS, 20), np.int64)
    table[30, 3] = 1
    found = learned(table)
    assert np.isfinite(found.course).all()
    assert (found.course > 0).all()
    assert found.phi[0] >= 1


@pytest.mark.parametrize("largest", [0.97, 1.0])
def test_a_theme_that_is_nearly_all_in_one_area_keeps_its_clusters(largest: float) -> None:
    """There the municipality is the area: what it varies is not taken for a swing of weeks."""
    share = np.append(largest, np.full(9, (1.0001 - largest) / 9))
    found = learned(*(drawn(np.outer(course(20.0), share), 3.0, seed) for seed in range(8)))
    assert found.phi.mean() == pytest.approx(3.0, rel=0.25)
    assert found.swing.mean() < 0.2


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9])
def test_how_long_a_swing_lasts_is_learned(memory: float) -> None:
    rng = np.random.default_rng(5)
    lifts = rng.normal(0, 0.4, (8, WEEKS))
    for week in range(1, WEEKS):
        lifts[:, week] = memory * lifts[:, week - 1] + np.sqrt(1 - memory**2) * lifts[:, week]
    found = learned(
        *(
            drawn(np.outer(course(20.0) * np.exp(lift - 0.08), np.full(20, 0.05)), 1.0, seed)
            for seed, lift in enumerate(lifts)
        )
    )
    assert found.memory.mean() == pytest.approx(memory, abs=0.1)


def test_an_outbreak_of_months_in_a_few_areas_is_no_swing_that_lasts() -> None:
    rate = np.outer(course(40.0), np.full(20, 0.05))
    rate[60:80, :4] *= 6
    assert learned(*(drawn(rate, 1.0, seed) for seed in range(8))).memory.mean() < 0.3


@pytest.mark.parametrize("season", [0.0, 1.5])
def test_a_swing_is_learned_as_well_where_the_season_is_strong(season: float) -> None:
    rng = np.random.default_rng(5)
    swings = [np.exp(rng.normal(-0.08, 0.4, WEEKS)) for _ in range(8)]
    tables = [
        drawn(np.outer(course(20.0, season=season) * swing, np.full(20, 0.05)), 1.0, seed)
        for seed, swing in enumerate(swings)
    ]
    found = learned(*tables)
    assert found.phi.mean() == pytest.approx(1.0, abs=0.04)
    assert found.swing.mean() == pytest.approx(0.4, rel=0.15)
