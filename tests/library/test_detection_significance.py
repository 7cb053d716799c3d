"""How rare a statistic is: ranks, the Gumbel tail, stopping early, false discoveries, recurrence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from schakel.detection.significance import (
    gumbel,
    hierarchical_q_values,
    q_values,
    rarity,
    recurrence_days,
    simes,
)
from schakel.records import Floats

PROBABILITIES = arrays(float, st.integers(1, 40), elements=st.floats(1e-6, 1.0))


def slow_q_values(p: Floats) -> Floats:
    """Benjamini–Hochberg as the definition reads: the smallest level at which each would be rejected."""
    m = len(p)
    ranked = sorted(p)
    levels = [ranked[k] * m / (k + 1) for k in range(m)]
    smallest = [
        min(level for level, value in zip(levels, ranked, strict=True) if value >= each) for each in p
    ]
    return np.minimum(1.0, smallest)


@given(PROBABILITIES)
def test_q_values_equal_the_definition(p: Floats) -> None:
    assert q_values(p) == pytest.approx(slow_q_values(p))


@given(PROBABILITIES)
def test_a_q_value_is_never_below_its_p_value_and_keeps_the_order(p: Floats) -> None:
    q = q_values(p)
    assert (q >= p - 1e-12).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-12).all()


def test_the_rank_counts_ties_and_the_data_themselves() -> None:
    maxima = np.array([1.0, 2.0, 3.0, 3.0, 5.0])
    assert rarity(3.0, maxima).p_value == 4 / 6
    assert rarity(9.0, maxima).p_value == 1 / 6
    assert rarity(0.0, maxima).p_value == 1.0


@given(st.integers(1, 30), st.integers(0, 2**32))
def test_stopping_early_gives_the_share_up_to_the_last_one_needed(h: int, seed: int) -> None:
    maxima = np.random.default_rng(seed).exponential(size=400)
    strength = 1.5
    seen, p = 0, None
    for number, value in enumerate(maxima, start=1):
        seen += value >= strength
        if seen == h:
            p = h / number
            break
    expected = p if p is not None else (1 + (maxima >= strength).sum()) / 401
    assert rarity(strength, maxima, stop_after=h).p_value == pytest.approx(expected)


def test_the_gumbel_tail_is_right_for_maxima_that_are_gumbel() -> None:
    maxima = np.random.default_rng(1).gumbel(6.0, 1.2, 9999)
    found = rarity(20.0, maxima)
    assert gumbel(maxima) == pytest.approx((6.0, 1.2), rel=0.03)
    assert found.p_value == 1e-4
    assert found.p_value_gumbel == pytest.approx(1 - np.exp(-np.exp(-(20.0 - 6.0) / 1.2)), rel=0.4)
    assert found.p_value_gumbel <= found.used < found.p_value


def tails(seed: int, size: int) -> Floats:
    """Maxima that look like Gumbel, and reach further: as where signals come in clusters."""
    rng = np.random.default_rng(seed)
    return rng.gumbel(4.0, np.where(rng.random(size) < 0.85, 1.0, 1.6))


@pytest.mark.parametrize("level", [0.0009, 0.0001, 0.00002])
def test_what_is_called_rare_is_about_as_rare_as_that_where_the_tail_is_heavier_than_gumbel(
    level: float,
) -> None:
    """0.0009: the level of one theme of sixty at a q of 0.05. With the Gumbel tail alone it is far more often."""
    drawn = np.sort(tails(0, 2_000_000))
    called: list[float] = []
    by_gumbel: list[float] = []
    for seed in range(1, 41):
        maxima = tails(seed, 999)
        steps = np.linspace(np.sort(maxima)[-10], 40.0, 400)
        found = [rarity(float(x), maxima) for x in steps]
        for values, into in (
            ([f.used for f in found], called),
            ([f.p_value_gumbel for f in found], by_gumbel),
        ):
            from_here = steps[int(np.argmax(np.array(values) <= level))]
            into.append(1 - np.searchsorted(drawn, from_here) / len(drawn))
    assert np.mean(called) < 2 * level
    assert np.mean(by_gumbel) > 1.5 * np.mean(called)


def test_even_the_strongest_pattern_recurs_in_a_finite_time() -> None:
    found = rarity(1e6, np.random.default_rng(1).gumbel(2, 0.5, 999))
    assert 0 < found.used < 1e-50
    assert np.isfinite(recurrence_days(found.used, 7))


def test_ranks_are_used_where_the_maxima_take_few_values() -> None:
    maxima = np.random.default_rng(1).choice([1.1, 2.3, 3.7], 999)
    found = rarity(5.0, maxima)
    assert found.used == found.p_value == 1 / 1000


def test_ranks_are_used_where_the_tail_is_not_gumbel() -> None:
    maxima = np.random.default_rng(1).pareto(0.7, 999)
    assert rarity(1e6, maxima).used == rarity(1e6, maxima).p_value


@given(st.lists(PROBABILITIES, min_size=1, max_size=6))
def test_nothing_is_found_in_a_municipality_that_is_not_selected(families: list[Floats]) -> None:
    outer = q_values(np.array([simes(p) for p in families]))
    for selected, q in zip(outer, hierarchical_q_values(families), strict=True):
        assert (q >= selected - 1e-12).all()


def test_one_municipality_alone_is_judged_as_usual() -> None:
    p = np.array([0.001, 0.02, 0.4, 0.9])
    assert hierarchical_q_values([p])[0] == pytest.approx(q_values(p))


def test_the_nation_raises_few_false_alarms() -> None:
    rng = np.random.default_rng(3)
    alarms = [
        sum((q <= 0.05).any() for q in hierarchical_q_values([rng.random(60) for _ in range(30)]))
        for _ in range(200)
    ]
    assert np.mean([count > 0 for count in alarms]) < 0.09


def test_a_municipality_without_themes_is_no_trouble() -> None:
    empty, full = hierarchical_q_values([np.array([]), np.array([0.01])])
    assert len(empty) == 0
    assert full[0] == pytest.approx(0.02)


def test_a_weekly_look_with_one_in_hundred_recurs_every_hundred_weeks() -> None:
    assert recurrence_days(0.01, 7.0) == pytest.approx(700.0)
