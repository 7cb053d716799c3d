"""The national run: every municipality as on its own, going on after a stop and after a worker that dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from schakel import cli, io, national
from schakel.areas import subset
from schakel.detection import detect
from schakel.records import Areas, InputFaultsError, SchakelError, Settings
from schakel.synthetic import Plan, country, write_country

TODAY = date(2026, 3, 31)
SETTINGS = Settings(neighbours=12, replicas=99, threads=1)

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),  # workers talk to their scheduler on this machine
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six small municipalities with planted questions."""
    folder = tmp_path_factory.mktemp("nation")
    plan = Plan(
        signals=9000,
        weeks=80,
        text=False,
        planted=1,
        planted_minimum=15,
        themes=("rouw_verlies", "rondkomen", "vervoer"),
    )
    write_country(country(plan, municipalities=6, neighbourhoods=90), folder)
    return folder


@pytest.fixture(scope="module")
def areas(nation: Path) -> Areas:
    return io.read_areas(nation / "areas.csv")


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    return tmp_path / "out"  # type: ignore[return-value]


def run(nation: Path, areas: Areas, out: Path, **options: object) -> national.National:
    settings: dict[str, Any] = {"settings": SETTINGS, "today": TODAY, "workers": 2, "sensitive": ()} | options
    return national.run(nation / "signals", areas, out=out, **settings)


def results(out: Path) -> dict[str, str]:
    """Result files without the seconds they took."""
    found = {}
    for path in sorted(out.glob("GM*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        content.pop("seconds")
        found[path.name] = json.dumps(content)
    return found


def test_every_municipality_has_the_result_it_would_have_on_its_own(
    nation: Path, areas: Areas, out: Path
) -> None:
    seen: list[tuple[int, int]] = []
    done = run(nation, areas, out, progress=lambda n, total: seen.append((n, total)))
    assert done.municipalities == len(results(out)) == 6
    assert seen == [(n, 6) for n in range(7)]
    file = next(iter(sorted((nation / "signals").glob("*/*.parquet"))))
    code = file.parent.name.removeprefix("municipality=")
    mine = subset(areas, [i for i, area in enumerate(areas.codes) if area.startswith(f"BU{code[2:]}")])
    alone = detect(
        io.read_partition(file.parent, areas=mine, today=TODAY), mine, settings=SETTINGS, sensitive=()
    )
    assert io.read_result(out / f"{code}.json").patterns == alone.patterns


def test_municipalities_without_two_sources_are_named_because_no_pattern_can_be_shown_there(
    nation: Path, areas: Areas, out: Path, tmp_path: Path
) -> None:
    """R6."""
    first, *_ = sorted((nation / "signals").glob("*"))
    shutil.copytree(first, tmp_path / "anonymous" / "signals" / first.name)
    for file in (tmp_path / "anonymous" / "signals" / first.name).glob("*.parquet"):
        pl.read_parquet(file).drop("source", "reporter").write_parquet(file)
    done = run(tmp_path / "anonymous", areas, out, workers=1)
    assert done.nothing_can_be_shown == (first.name.removeprefix("municipality="),)
    assert json.loads(done.summary.read_text("utf-8"))["nothing_can_be_shown"] == [*done.nothing_can_be_shown]
    assert run(nation, areas, tmp_path / "named").nothing_can_be_shown == ()


def test_the_summary_names_planted_questions_over_the_nation(nation: Path, areas: Areas, out: Path) -> None:
    done = run(nation, areas, out)
    summary = json.loads(done.summary.read_text(encoding="utf-8"))
    truth = json.loads((nation / "truth.json").read_text(encoding="utf-8"))
    planted = {(row["theme"], row["areas"][0][2:6]) for row in truth}
    shown = {(row["theme"], row["municipality"][2:]) for row in summary["patterns"]}
    assert shown
    assert len(shown & planted) >= len(planted) / 2
    assert all(row["national_q_value"] <= 0.05 for row in summary["patterns"])


def test_a_run_that_was_stopped_goes_on_where_it_was(nation: Path, areas: Areas, out: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(nation, areas, out, progress=stop)
    before = results(out)
    assert 3 <= len(before) <= 6
    done = run(nation, areas, out)
    assert done.resumed >= 3
    assert results(out).items() >= before.items()
    assert run(nation, areas, out).resumed == 6


def test_other_settings_compute_everything_again(nation: Path, areas: Areas, out: Path) -> None:
    run(nation, areas, out)
    other = Settings(neighbours=5, replicas=99, threads=1)
    assert (
        national.run(
            nation / "signals", areas, out=out, settings=other, today=TODAY, workers=2, sensitive=()
        ).resumed
        == 0
    )


def test_a_worker_that_dies_costs_nothing_but_time(nation: Path, areas: Areas, tmp_path: Path) -> None:
    run(nation, areas, tmp_path / "whole")
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done == 1 and not killed:
            killed.append(_kill_a_worker())

    run(nation, areas, tmp_path / "hurt", progress=kill_one)
    assert killed
    assert results(tmp_path / "hurt") == results(tmp_path / "whole")


def _kill_a_worker() -> int:
    """Kill a child process that computes, as a machine that runs out of memory would."""
    children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text().split()
    every = children + [
        child
        for task in Path(f"/proc/{os.getpid()}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    workers = [int(child) for child in every if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    time.sleep(0.1)
    return workers[0]


def test_nothing_to_do_is_said_plainly(areas: Areas, tmp_path: Path) -> None:
    with pytest.raises(SchakelError, match="expected signals by municipality"):
        run(tmp_path, areas, tmp_path / "out")


def test_a_municipality_without_areas_is_named(nation: Path, areas: Areas, tmp_path: Path) -> None:
    part = subset(areas, range(3))
    with pytest.raises(SchakelError, match="no area of it is in the areas file"):
        run(nation, part, tmp_path / "out")


def test_results_cannot_go_into_a_file(nation: Path, areas: Areas, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.touch()
    with pytest.raises(SchakelError, match="cannot be a folder of results"):
        run(nation, areas, file)


def partition(folder: Path, name: str, frame: pl.DataFrame) -> Path:
    place = folder / "signals" / "municipality=GM0001"
    place.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(place / name)
    return place


@pytest.fixture(scope="module")
def first(nation: Path) -> pl.DataFrame:
    return pl.read_parquet(nation / "signals" / "municipality=GM0001" / "*.parquet")


@pytest.mark.parametrize(
    ("faulty", "said"),
    [
        ({"area": "BU99990000"}, "field 'area': 'BU99990000'; expected an area of the areas file"),
        ({"people": -1}, "field 'people': '-1'; expected a whole number"),
        ({"date": date(2999, 1, 1)}, "field 'date': '2999-01-01'; expected a date that is not after today"),
        ({"theme": None}, "field 'theme': empty; expected a theme"),
    ],
)
def test_a_faulty_row_of_a_partition_is_named_and_never_dropped(
    areas: Areas, tmp_path: Path, first: pl.DataFrame, faulty: dict[str, object], said: str
) -> None:
    row = first.head(1).with_columns(**{k: pl.lit(v, first.schema[k]) for k, v in faulty.items()})
    rows = pl.concat([first.head(5), row])
    with pytest.raises(InputFaultsError) as caught:
        io.read_partition(partition(tmp_path, "part.parquet", rows), areas=areas, today=TODAY)
    assert f"part.parquet, line 7, {said}" in str(caught.value)


def test_a_partition_of_several_files_and_looser_types_is_read_whole(
    areas: Areas, tmp_path: Path, first: pl.DataFrame
) -> None:
    whole = io.read_partition(partition(tmp_path / "one", "a.parquet", first), areas=areas, today=TODAY)
    partition(tmp_path / "two", "a.parquet", first.head(100))
    place = partition(tmp_path / "two", "b.parquet", first.slice(100).select(pl.all().cast(pl.String)))
    assert_frame_equal(io.read_partition(place, areas=areas, today=TODAY), whole)


def test_a_municipality_that_cannot_be_read_is_said_so_and_the_nation_goes_on(
    nation: Path, areas: Areas, tmp_path: Path
) -> None:
    shutil.copytree(nation / "signals", tmp_path / "signals")
    damaged = next(iter(sorted((tmp_path / "signals").glob("*/*.parquet"))))
    damaged.write_bytes(b"no parquet")
    done = run(tmp_path, areas, tmp_path / "out")
    assert done.municipalities == 6
    assert len(done.not_computed) == 1
    assert "cannot be read as parquet" in done.not_computed[0]
    assert len(done.faults) == 1


def test_every_fault_of_every_municipality_is_said_and_is_no_success(
    nation: Path, tmp_path: Path, first: pl.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(nation / "signals", tmp_path / "signals")
    rows = first.head(9).with_columns(area=pl.lit("BU99990000"), people=pl.lit(-4, first.schema["people"]))
    rows.write_parquet(tmp_path / "signals" / "municipality=GM0001" / "extra.parquet")
    given = [str(tmp_path / "signals"), "--areas", str(nation / "areas.csv"), "--out", str(tmp_path / "out")]
    for _ in range(2):  # also when nothing is left to do
        assert cli.run(["national", *given, "--workers", "1", "--replicas", "19"]) == 3
        said = capsys.readouterr()
        assert "nation.json" in said.out
        assert "Error: GM0001, extra.parquet, line 2, field 'area': 'BU99990000'" in said.err
        assert "GM0001, extra.parquet, line 10, field 'people': '-4'" in said.err
    summary = json.loads((tmp_path / "out" / "nation.json").read_text(encoding="utf-8"))
    assert len(summary["faults"]) == 18


def test_other_areas_compute_everything_again(nation: Path, areas: Areas, out: Path) -> None:
    run(nation, areas, out)
    moved = replace(areas, coordinates=areas.coordinates + 0.001)
    assert run(nation, moved, out).resumed == 0


def test_the_command_exits_with_an_error_when_no_municipality_can_be_computed(
    nation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "signals" / "municipality=GM0001"
    place.mkdir(parents=True)
    (place / "part.parquet").write_bytes(b"no parquet")
    given = [str(tmp_path / "signals"), "--areas", str(nation / "areas.csv"), "--out", str(tmp_path / "out")]
    assert cli.run(["national", *given, "--workers", "1"]) == 3
    assert "Error: No municipality can be computed; the first: GM0001: " in capsys.readouterr().err
