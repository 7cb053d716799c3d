"""What would make a pattern look better than it is: large signals, one loud source, half months, ties (R6, R8, R11)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from schakel.detection import detect
from schakel.detection.calendar import calendar
from schakel.detection.significance import hierarchical_q_values
from schakel.disclosure import Thresholds
from schakel.io.signals import _informant
from schakel.records import Method, SchakelError, Settings

from .test_detection_run import AREAS, FIRST, SETTINGS, WEEKS, N, found, frame, of, usual


def test_one_loud_source_dominates_however_many_people_write_for_it_r8() -> None:
    days = WEEKS * 7 - 1 - np.arange(31) % 20
    loud = frame(days, np.arange(31) % 3, "rouw", np.zeros(31, int)).with_columns(
        pl.Series("reporter", [f"q{k}" for k in range(31)]),
        pl.Series("source", ["school", *["wijkteam"] * 30]),
    )
    pattern = of(found(usual("rouw", "geld"), loud), "rouw")
    assert pattern.sources > 20
    assert pattern.dominance > 0.7
    assert any("bron" in sentence for sentence in pattern.against)


def test_an_informant_in_two_spellings_is_one_and_a_dash_is_nobody_r6() -> None:
    given = pl.Series(["Wijkteam", "wijkteam ", "-", "onbekend", "n.v.t.", None, "School"])
    assert _informant(given).to_list() == ["wijkteam", "wijkteam", None, None, None, None, "school"]


@pytest.mark.parametrize("method", ["permutation", "poisson", "expectation"])
def test_a_single_signal_about_thirty_people_is_rarely_evidence(method: Method) -> None:
    alarms = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        size = rng.poisson(240)
        made = frame(
            rng.integers(0, WEEKS * 7, size), rng.integers(0, N, size), "rouw", rng.integers(0, 8, size)
        )
        lumps = made.with_columns(
            pl.when(pl.Series(rng.random(size) < 0.02)).then(30).otherwise(1).alias("people")
        )
        settings = Settings(
            method=method, replicas=99, threads=1, start=FIRST, end=FIRST + timedelta(days=7 * WEEKS - 1)
        )
        result = detect(lumps, AREAS, settings=settings, sensitive=())
        alarms += min((p.p_value for p in result.patterns), default=1.0) <= 0.05
    assert alarms <= 9  # 3 are expected; a method that thinks of thirty single people gives a dozen or more


def test_one_enormous_old_signal_does_not_hang_the_detection() -> None:
    old = frame([100], [4], "rouw", [1], people=1000)
    new = frame(WEEKS * 7 - 1 - np.arange(8) % 5, np.arange(8) % 2, "rouw", np.arange(8))
    assert of(found(old, new, replicas=19), "rouw").observed == 8


def test_two_municipalities_with_the_same_evidence_get_the_same_q_value() -> None:
    one, other = hierarchical_q_values([np.array([0.01]), np.array([0.01])])
    assert one == other == pytest.approx(0.01)


def test_the_strongest_municipality_is_not_asked_more_than_a_weaker_one() -> None:
    rng = np.random.default_rng(3)
    weaker = [np.array([1e-4, 0.002, 1, 1, 1])] * 49
    quiet = [rng.uniform(0.2, 1, 5) for _ in range(50)]
    strongest = hierarchical_q_values([np.array([1e-6, 0.002, 1, 1, 1]), *weaker, *quiet])[0]
    assert (strongest <= 0.05).sum() == 2  # Benjamini & Bogomolov with R = 50 of 100 rejects as many


def test_a_month_that_was_cut_by_choice_is_left_out_and_one_that_the_data_cut_is_whole() -> None:
    first, last = date(2022, 6, 20), date(2024, 6, 10)
    assert calendar("month", first=first, last=last).starts[0] == date(2022, 6, 1)
    chosen = calendar("month", first=first, last=last, cut=(True, True))
    assert (chosen.starts[0], chosen.ends[-1]) == (date(2022, 7, 1), date(2024, 5, 31))
    whole = calendar("year", first=date(2022, 1, 1), last=date(2023, 12, 31), cut=(True, True))
    assert len(whole) == 2


def test_signals_after_the_chosen_end_are_left_out() -> None:
    late = frame(WEEKS * 7 - 1 - np.arange(8) % 3, np.arange(8) % 2, "rouw", np.arange(8))
    end = FIRST + timedelta(days=WEEKS * 7 - 8)
    settings = Settings(end=end, period="month", replicas=19)
    result = detect(pl.concat([usual("rouw"), late]), AREAS, settings=settings, sensitive=())
    assert all(p.end <= end for p in result.patterns)
    assert str(result.data["last_day"]) <= end.isoformat()


def test_a_signal_with_two_themes_concerns_its_people_once() -> None:
    rows = usual("rouw", "geld")
    twice = pl.concat([rows, rows.with_columns(pl.lit("vervoer").alias("theme"))])
    once = detect(rows, AREAS, settings=SETTINGS, sensitive=()).data["people"]
    assert detect(twice, AREAS, settings=SETTINGS, sensitive=()).data["people"] == once


def test_rounding_beyond_the_smallest_number_that_leaves_is_refused_r7() -> None:
    with pytest.raises(SchakelError, match="rounding is 50"):
        Thresholds(rounding=50)
