"""A made-up municipality: its map, its people, what is said in it, and the truth about what was planted."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.records import POPULATION_COLUMNS, SIGNAL_COLUMNS, SchakelError
from schakel.synthetic import Municipality, Plan, municipality, write
from schakel.synthetic.files import records

PLAN = Plan(areas=40, weeks=104, signals=6000.0, planted=2, planted_minimum=12.0, seed=11)


@pytest.fixture(scope="module")
def town() -> Municipality:
    return municipality(PLAN)


def connected(members: set[int], neighbours: tuple[tuple[int, ...], ...]) -> bool:
    start = min(members)
    seen, queue = {start}, deque([start])
    while queue:
        fresh = (set(neighbours[queue.popleft()]) & members) - seen
        seen |= fresh
        queue.extend(fresh)
    return seen == members


@settings(max_examples=20, deadline=None)
@given(areas=st.integers(1, 120), seed=st.integers(0, 10_000))
def test_polygons_are_valid_disjoint_without_gaps_and_their_neighbours_connected(
    areas: int, seed: int
) -> None:
    made = municipality(Plan(areas=areas, seed=seed, signals=0.0, text=False)).areas
    polygons = np.array(made.polygons)
    assert shapely.is_valid(polygons).all()
    whole = shapely.union_all(polygons)
    assert whole.geom_type == "Polygon"
    assert shapely.area(polygons).sum() == pytest.approx(whole.area, rel=1e-9)
    assert connected(set(range(areas)), made.neighbours)
    for index, near in enumerate(made.neighbours):
        assert all(index in made.neighbours[other] for other in near)
        shared = shapely.intersection(polygons[index], polygons[list(near)]) if near else np.empty(0)
        assert (shapely.length(shared) > 0.5).all()


@settings(max_examples=15, deadline=None)
@given(areas=st.integers(1, 150), seed=st.integers(0, 1000))
def test_codes_are_well_formed_unique_and_districts_are_connected(areas: int, seed: int) -> None:
    made = municipality(Plan(areas=areas, number=9042, seed=seed, signals=0.0, text=False))
    codes, parents = made.areas.codes, made.areas.parents
    assert len(set(codes)) == len(set(made.areas.names)) == areas
    assert list(codes) == sorted(codes)
    for code, parent in zip(codes, parents, strict=True):
        assert re.fullmatch(r"BU9042\d{4}", code)
        assert parent == f"WK{code[2:8]}"
    assert set(made.districts) == set(parents)
    for district in made.districts:
        members = {index for index, parent in enumerate(parents) if parent == district}
        assert connected(members, made.areas.neighbours)


def test_areas_are_smaller_in_the_centre_than_at_the_edge() -> None:
    made = municipality(Plan(areas=150, seed=3, signals=0.0, text=False)).areas
    size = shapely.area(np.array(made.polygons))
    distance = np.hypot(*(made.coordinates - np.median(made.coordinates, axis=0)).T)
    order = np.argsort(distance)
    assert np.median(size[order[:40]]) < 0.7 * np.median(size[order[-40:]])


def test_people_add_up_over_ages(town: Municipality) -> None:
    ages = (
        town.composition.filter(dimension="age")
        .group_by("area", maintain_order=True)
        .agg(pl.col("number").sum())
    )
    assert ages["area"].to_list() == list(town.areas.codes)
    assert ages["number"].to_list() == town.areas.population.astype(int).tolist()
    assert (town.composition["number"] >= 0).all()
    assert town.population.schema == POPULATION_COLUMNS
    assert town.population["year"].unique().to_list() == [2020, 2021, 2022]


def test_grief_is_heard_where_old_people_live() -> None:
    made = municipality(Plan(areas=60, signals=60_000.0, text=False, themes=("rouw_verlies", "jonge_ouders")))
    ages = made.composition.pivot("group", index="area", values="number", maintain_order=True)
    old = (ages["65+"] / made.areas.population).to_numpy()
    heard = made.signals.pivot("theme", index="area", values="people", aggregate_function="len")
    heard = (
        pl.DataFrame({"area": made.areas.codes}).join(heard, on="area", maintain_order="left").fill_null(0)
    )
    share = (heard["rouw_verlies"] / (heard["rouw_verlies"] + heard["jonge_ouders"])).to_numpy()
    assert np.corrcoef(old, share)[0, 1] > 0.7


def test_signals_have_the_columns_of_the_records_in_order_of_date(town: Municipality) -> None:
    signals = town.signals
    assert signals.schema == SIGNAL_COLUMNS
    assert signals["date"].is_sorted()
    assert signals["signal"].unique().sort().to_list() == list(range(signals["signal"].n_unique()))
    assert signals["date"].min() >= PLAN.start  # type: ignore[operator]
    assert signals["date"].max() <= PLAN.end  # type: ignore[operator]
    assert signals["people"].is_between(1, 8).all()
    assert (signals["people"] > 1).mean() == pytest.approx(PLAN.several_people, abs=0.03)
    assert signals["source"].n_unique() == 7
    assert signals["reporter"].drop_nulls().str.contains(r"^p\d{2,}$").all()
    assert signals["theme"].n_unique() == 60


def test_a_signal_with_two_themes_is_one_signal_about_one_area_on_one_date(town: Municipality) -> None:
    double = town.signals.filter(pl.len().over("signal") > 1)
    assert double.height > 50
    shared = double.group_by("signal").agg(pl.exclude("theme").n_unique(), themes=pl.col("theme").n_unique())
    assert (shared["themes"] == 2).all()
    assert (shared.drop("signal", "themes").to_numpy() == 1).all()
    assert records(town.signals)["theme"].str.contains(";").sum() == double.height // 2


@pytest.mark.parametrize("overdispersion", [1.0, 1.3, 2.0])
def test_weekly_counts_per_theme_have_the_planned_mean_and_variance(overdispersion: float) -> None:
    plan = Plan(
        areas=4,
        weeks=1000,
        signals=16_000.0,
        themes=("eenzaamheid", "samen_eten"),
        overdispersion=overdispersion,
        seasonality=0.0,
        growth=0.0,
        holidays=False,
        text=False,
    )
    made = municipality(plan)
    assert made.signals.height == pytest.approx(16_000, abs=4 * np.sqrt(16_000 * overdispersion))
    for theme in plan.themes:
        dates = made.signals.filter(pl.col("theme") == theme)["date"]
        week = ((dates - plan.start).dt.total_days() // 7).to_numpy()
        weekly = np.bincount(week, minlength=1000)
        assert weekly.var() / weekly.mean() == pytest.approx(overdispersion, rel=0.2)


def test_the_planted_excess_is_there_and_confirmed_by_several(town: Municipality) -> None:
    usual = municipality(replace(PLAN, planted=0))
    assert len(town.truth) == 2
    assert len({planted.theme for planted in town.truth}) == 2
    for planted in town.truth:
        inside = (
            pl.col("area").is_in(planted.areas)
            & (pl.col("theme") == planted.theme)
            & pl.col("date").is_between(planted.start, planted.end)
        )
        block, before = town.signals.filter(inside), usual.signals.filter(inside)
        assert planted.end == PLAN.end
        assert planted.expected_extra >= PLAN.planted_minimum * (1 - 1e-9)
        assert block.height == before.height + planted.observed_extra
        assert block["source"].n_unique() >= 2
        assert block["reporter"].n_unique() >= 2
        assert block["date"].n_unique() >= 2
        assert connected({town.areas.codes.index(code) for code in planted.areas}, town.areas.neighbours)


def test_sensitive_themes_occur_a_little_and_are_never_planted() -> None:
    sensitive = {"dreigend_woonverlies", "veiligheid_thuis", "crisis_suicide", "terugkeer_detentie"}  # R5
    made = municipality(Plan(areas=20, signals=20_000.0, planted=56, planted_areas=2, text=False))
    share = made.signals["theme"].is_in(sensitive).mean()
    assert 0.002 < share < 0.03  # type: ignore[operator]
    assert {planted.theme for planted in made.truth}.isdisjoint(sensitive)
    assert len({planted.theme for planted in made.truth}) == 56


def test_the_same_plan_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    plan = Plan(areas=12, weeks=26, signals=300.0, planted=1, planted_minimum=5.0)
    one, two = (write(municipality(plan), tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    other = write(municipality(replace(plan, seed=2)), tmp_path / "other")
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(one, other, strict=True))


def test_files_hold_what_the_file_contract_says(tmp_path: Path) -> None:
    made = municipality(Plan(areas=12, weeks=26, signals=300.0, planted=1, planted_minimum=5.0))
    write(made, tmp_path / "new" / "folder")
    signals = pl.read_csv(tmp_path / "new" / "folder" / "signals.csv", try_parse_dates=True)
    assert signals.columns == ["date", "area", "theme", "people", "source", "reporter", "text"]
    assert signals.height == made.signals["signal"].n_unique()
    assert signals["date"].dtype == pl.Date
    areas = pl.read_csv(tmp_path / "new" / "folder" / "areas.csv")
    assert areas.columns == ["area", "lon", "lat", "population", "name", "parent"]
    assert areas["lon"].is_between(3.2, 7.3).all()
    assert areas["lat"].is_between(50.7, 53.7).all()
    shapes = shapely.from_geojson((tmp_path / "new" / "folder" / "areas.geojson").read_text("utf-8"))
    parts = shapely.get_parts(shapes)
    assert len(parts) == 12
    assert shapely.is_valid(parts).all()
    centre = shapely.centroid(parts[0])
    assert (centre.x, centre.y) == pytest.approx((areas["lon"][0], areas["lat"][0]), abs=1e-4)


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SchakelError, match="cannot write"):
        write(municipality(Plan(areas=3, weeks=4, signals=10.0)), tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(themes=("onbekend",)), "'onbekend'; expected a theme of the taxonomy"),
        (Plan(areas=3000, signals=0.0), "expected at most 2000"),
        (Plan(areas=300, districts=2, signals=0.0), "at most 100 areas fit in a district"),
    ],
)
def test_a_municipality_that_cannot_be_is_refused(plan: Plan, message: str) -> None:
    with pytest.raises(SchakelError, match=message):
        municipality(plan)


def test_a_plan_knows_its_last_day() -> None:
    assert Plan(start=date(2024, 1, 1), weeks=2).end == date(2024, 1, 14)
