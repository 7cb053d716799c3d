"""A made-up country: one municipality at a time, partitioned by municipality, also on given ground."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from schakel.records import Areas, SchakelError
from schakel.synthetic import Municipality, Plan, country, write_country

PLAN = Plan(signals=6000.0, weeks=52, text=False, planted=1, planted_minimum=10.0, seed=8)


def ground() -> Areas:
    """Two municipalities of twelve and six areas in a lattice of degrees; one area has no known population."""
    codes = tuple(f"BU0014{n:04d}" for n in range(12)) + tuple(f"BU0363KA{n:02d}" for n in range(6))
    places = np.array([[5.0 + 0.01 * (n % 6), 52.0 + 0.01 * (n // 6)] for n in range(18)])
    population = np.full(18, 1000.0)
    population[3] = np.nan
    return Areas(codes, places, "sphere", population)


def test_the_country_has_all_municipalities_and_neighbourhoods_with_about_the_planned_signals(
    tmp_path: Path,
) -> None:
    written = write_country(country(PLAN, municipalities=20, neighbourhoods=300), tmp_path)
    assert (written.municipalities, written.areas) == (20, 300)
    areas = pl.read_csv(tmp_path / "areas.csv")
    assert areas["area"].n_unique() == 300
    assert areas["area"].str.slice(2, 4).n_unique() == 20
    parts = sorted((tmp_path / "signals").iterdir())
    assert [part.name for part in parts] == [f"municipality=GM{n:04d}" for n in range(1, 21)]
    signals = pl.read_parquet(tmp_path / "signals" / "*" / "part.parquet", hive_partitioning=True)
    assert signals.height == written.signals
    assert signals.columns == ["date", "area", "theme", "people", "source", "reporter", "municipality"]
    assert (signals["area"].str.slice(2, 4) == signals["municipality"].str.slice(2)).all()
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    extra = sum(planted["observed_extra"] for planted in truth)
    mentions = signals["theme"].str.count_matches(";").sum() + signals.height
    assert len(truth) == 20
    assert mentions - extra == pytest.approx(6000, abs=5 * np.sqrt(6000 * PLAN.overdispersion))


def test_municipalities_do_not_overlap_and_differ_in_size() -> None:
    parts = list(country(replace(PLAN, signals=0.0), municipalities=25, neighbourhoods=500))
    outlines = [shapely.union_all(np.array(part.areas.polygons)) for part in parts]
    assert all(one.disjoint(other) for i, one in enumerate(outlines) for other in outlines[:i])
    sizes = [len(part.areas) for part in parts]
    assert sum(sizes) == 500
    assert max(sizes) > 3 * min(sizes)


def test_the_country_is_reproducible_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_country(country(PLAN, municipalities=4, neighbourhoods=40), tmp_path / name)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*") if path.is_file()]
    assert len(files) == 7
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_municipalities_are_made_one_by_one_and_written_before_the_next_is_made(tmp_path: Path) -> None:
    """So memory is bounded by the largest municipality, not by the country."""
    made = 0

    def watched() -> Iterator[Municipality]:
        nonlocal made
        for part in country(PLAN, municipalities=6, neighbourhoods=60):
            assert len(list(tmp_path.glob("signals/*/part.parquet"))) == made
            made += 1
            yield part

    write_country(watched(), tmp_path)
    assert made == 6


def test_the_first_municipality_comes_without_making_the_others() -> None:
    first = next(country(replace(PLAN, signals=1e7), municipalities=342, neighbourhoods=14_574))
    assert first.areas.codes[0].startswith("BU0001")


def test_a_country_on_real_ground_keeps_its_codes_and_is_silent_where_nobody_is_known_to_live() -> None:
    areas = ground()
    parts = list(country(replace(PLAN, signals=4000.0), on=areas))
    assert [part.plan.number for part in parts] == [14, 363]
    assert [code for part in parts for code in part.areas.codes] == list(areas.codes)
    heard = pl.concat(part.signals for part in parts)["area"]
    assert set(heard) == set(areas.codes) - {"BU00140003"}
    assert parts[0].population.filter(area="BU00140003")["population"].is_null().all()
    assert parts[0].truth[0].observed_extra > 0
    assert all(set(part.truth[0].areas) <= set(part.areas.codes) for part in parts)


def test_a_municipality_where_nobody_is_known_to_live_is_silent() -> None:
    silent = replace(ground(), population=np.where(np.arange(18) < 12, np.nan, 1000.0))
    first, second = country(replace(PLAN, planted=0), on=silent)
    assert len(first.signals) == 0
    assert len(second.signals) > 0


def test_signals_on_real_ground_follow_the_population() -> None:
    areas = ground()
    crowded = replace(areas, population=np.where(np.arange(18) == 0, 20_000.0, 1000.0))
    part = next(country(replace(PLAN, signals=8000.0, planted=0), on=crowded))
    assert (part.signals["area"] == "BU00140000").mean() > 0.4  # type: ignore[operator]


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        (replace(ground(), codes=tuple(f"X{n}" for n in range(18))), "expected a neighbourhood code"),
        (replace(ground(), population=np.full(18, np.nan)), "None of the 18 areas has a known population"),
        (replace(ground(), coordinates=np.full((18, 2), np.nan)), "expected coordinates"),
    ],
)
def test_ground_that_cannot_be_used_is_refused(areas: Areas, message: str) -> None:
    with pytest.raises(SchakelError, match=message):
        next(country(PLAN, on=areas))


def test_too_many_neighbourhoods_for_the_municipalities_are_refused() -> None:
    with pytest.raises(SchakelError, match=r"^country, neighbourhoods: 2; expected 30 to 1125"):
        next(country(PLAN, municipalities=10, neighbourhoods=2))
