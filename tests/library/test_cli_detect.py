"""``schakel detect`` as a data scientist runs it: the file contract, the same seed, the report (R11)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schakel.cli import run
from schakel.io import read_result, to_json
from schakel.io.results import CONTRACT

from .files import AREAS_CSV, CODES, HEADER, SIGNALS_CSV, as_csv, put, rows, write_xlsx

Detect = Callable[..., dict[str, Any]]


@pytest.fixture
def detect(tmp_path: Path) -> Detect:
    """Run it on a file and give the result without what differs from run to run."""
    areas = put(tmp_path / "areas.csv", AREAS_CSV)

    def ran(signals: Path | None = None, *options: object, areas: Path = areas) -> dict[str, Any]:
        path = signals or put(tmp_path / "signals.csv", SIGNALS_CSV)
        out = tmp_path / "result.json"
        choices = ["--replicas", "99", "--json", str(out), *map(str, options)]
        assert run(["detect", str(path), "--areas", str(areas), *choices]) == 0
        result: dict[str, Any] = json.loads(out.read_bytes())
        result.pop("seconds")
        return result

    return ran


def test_the_planted_question_is_found_and_the_table_says_so(
    detect: Detect, capsys: pytest.CaptureFixture[str]
) -> None:
    first = detect()["patterns"][0]
    assert first["theme"] == "wonen"
    assert {"B0", "B1", "B3"} <= set(first["areas"])
    assert first["end"] == "2024-07-28"
    printed = capsys.readouterr().out
    assert "patterns to show" in printed
    assert "wonen" in printed


def test_signals_without_any_source_are_mentioned_at_once_because_no_pattern_can_pass_r6(
    detect: Detect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anonymous = pl.read_csv(SIGNALS_CSV.encode()).drop("source", "reporter", strict=False)
    result = detect(put(tmp_path / "anonymous.csv", anonymous.write_csv()))
    assert all("sources" in pattern["withheld"] for pattern in result["patterns"])
    assert "no signal names a source" in capsys.readouterr().err
    assert any("R6" in note["en"] for note in result["data"]["notes"])
    detect(tmp_path / "anonymous.csv", "--raw")
    assert "no signal names a source" not in capsys.readouterr().err


def test_the_result_keeps_the_contract(detect: Detect) -> None:
    result = detect()
    assert {"schakel", "parameters", "data", "patterns"} <= set(result)
    assert all(tuple(pattern)[: len(CONTRACT)] == CONTRACT for pattern in result["patterns"])
    statistics = [pattern["statistic"] for pattern in result["patterns"]]
    assert all(left >= right for left, right in pairwise(statistics))
    for pattern in result["patterns"]:
        assert date.fromisoformat(pattern["start"]) <= date.fromisoformat(pattern["end"])
        assert set(pattern["areas"]) <= set(CODES)


def test_the_result_reads_back_and_is_written_the_same_again(detect: Detect, tmp_path: Path) -> None:
    detect()
    path = tmp_path / "result.json"
    assert to_json(read_result(path)) == path.read_text("utf-8")


def test_secondary_patterns_of_a_theme_are_included(detect: Detect, tmp_path: Path) -> None:
    days = [date(2024, 7, 20) + timedelta(days=i % 7) for i in range(30)]
    more = [(day, ("B7", "B8")[i % 2], "wonen", 2, "street", f"p{i % 4}") for i, day in enumerate(days)]
    signals = put(tmp_path / "two.csv", as_csv([*rows(), *more]))
    themes = [pattern["theme"] for pattern in detect(signals, "--raw", "--max-radius-km", "1.2")["patterns"]]
    assert themes.count("wonen") >= 2


def test_the_same_seed_gives_the_same_result_on_any_number_of_threads(detect: Detect) -> None:
    one, two, other = (
        detect(None, "--seed", seed, "--threads", threads) for seed, threads in ((7, 1), (7, 3), (8, 1))
    )
    for result in (one, two, other):
        result["parameters"].pop("threads")
    assert one == two
    assert one["patterns"] != other["patterns"]


def test_parquet_and_excel_give_what_csv_gives(detect: Detect, tmp_path: Path) -> None:
    columns = HEADER.strip().split(",")
    excel = write_xlsx(tmp_path / "s.xlsx", [columns, *rows()])
    parquet = tmp_path / "s.parquet"
    pl.DataFrame(rows(), schema=columns, orient="row").write_parquet(parquet)
    expected = detect()
    assert detect(excel) == expected
    assert detect(parquet) == expected


def test_latin_1_with_semicolons_gives_what_utf_8_gives(detect: Detect, tmp_path: Path) -> None:
    accented = SIGNALS_CSV.replace("wonen", "cafés")
    plain = put(tmp_path / "utf8.csv", accented)
    latin = put(tmp_path / "latin.csv", accented.replace(",", ";").encode("latin-1"))
    assert detect(latin) == detect(plain)


def test_a_report_is_written_that_repeats_the_command(detect: Detect, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    detect(None, "--report", report)
    page = report.read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "<svg" in page


def test_faulty_rows_are_left_out_only_when_asked_and_are_counted(
    detect: Detect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = SIGNALS_CSV + "2024-03-03,ZZ,wonen,-1,street,p\nx,B1,wonen,1,street,p\n"
    result = detect(put(tmp_path / "faulty.csv", faulty), "--skip-faults")
    assert result["data"]["faulty_rows_left_out"] == 2
    assert "2 faulty row(s) left out; the first: faulty.csv, line 260" in capsys.readouterr().err
    assert result["patterns"] == detect()["patterns"]


def test_equal_rows_are_mentioned_and_counted(detect: Detect, tmp_path: Path) -> None:
    twice = put(tmp_path / "twice.csv", as_csv(rows() * 2))
    result = detect(twice)
    assert "equal another row" in result["data"]["notes"][0]["en"]
    assert result["data"]["signals"] == 2 * len(rows())


def test_sensitive_themes_never_enter(detect: Detect, tmp_path: Path) -> None:
    from schakel.themes import load_taxonomy  # noqa: PLC0415

    theme = min(load_taxonomy().sensitive)
    result = detect(put(tmp_path / "sensitive.csv", SIGNALS_CSV.replace("wonen", theme)))
    assert result["data"]["themes_left_out"] == [theme]
    assert {pattern["theme"] for pattern in result["patterns"]} <= {"vervoer"}


@pytest.mark.parametrize(
    "name", ["Onveiligheid thuis", "Threat of eviction", "huiselijk geweld", "Zelfmoord"]
)
def test_a_sensitive_theme_under_another_name_never_enters_and_that_is_said_r5(
    detect: Detect, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    result = detect(put(tmp_path / "named.csv", SIGNALS_CSV.replace("wonen", name)))
    assert result["data"]["themes_left_out"] == [name]
    assert {pattern["theme"] for pattern in result["patterns"]} <= {"vervoer"}
    assert f"left out (R5): {name};" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--method", "permutation"],
        ["--method", "poisson", "--null", "poisson"],
        ["--method", "poisson", "--mode", "spatial"],
        ["--mode", "retrospective", "--method", "permutation", "--period", "month"],
        ["--neighbours", "3", "--windows", "1,2", "--min-count", "2", "--min-areas", "1"],
        ["--start", "2024-02-01", "--end", "2024-06-30", "--max-share", "0.3", "--stop-after", "5"],
    ],
)
def test_every_method_mode_and_limit_runs_and_is_kept_in_the_result(
    detect: Detect, options: list[str]
) -> None:
    parameters = detect(None, *options)["parameters"]
    for name, value in zip(options[::2], options[1::2], strict=True):
        kept = parameters[name.strip("-").replace("-", "_")]
        assert (",".join(map(str, kept)) if isinstance(kept, list) else str(kept)) == value


def test_zones_have_at_most_so_many_neighbours(detect: Detect) -> None:
    patterns = detect(None, "--raw", "--neighbours", "2")["patterns"]
    assert patterns
    assert all(len(pattern["areas"]) <= 2 for pattern in patterns)


def test_given_population_and_expected_numbers_are_used(detect: Detect, tmp_path: Path) -> None:
    people = put(
        tmp_path / "people.csv",
        "area,year,population\n" + "".join(f"{code},2024,1000\n" for code in CODES),
    )
    bare = put(tmp_path / "bare.csv", AREAS_CSV.replace("population", "name"))
    assert detect(None, "--method", "poisson", "--population", people, areas=bare)["patterns"]
    numbers = [
        (date(2024, month, 1), code, theme, 1.25)
        for month in range(1, 8)
        for code in CODES
        for theme in ("wonen", "vervoer")
    ]
    expected = put(tmp_path / "expected.csv", as_csv(numbers, "date,area,theme,expected\n"))
    found = detect(None, "--expected", expected, "--raw", "--period", "month", "--end", "2024-07-31")
    first = found["patterns"][0]
    months = date.fromisoformat(first["end"]).month - date.fromisoformat(first["start"]).month + 1
    assert first["expected"] == pytest.approx(1.25 * len(first["areas"]) * months)


def test_an_earlier_result_shows_what_continues(detect: Detect, tmp_path: Path) -> None:
    first = detect()["patterns"][0]
    earlier = (tmp_path / "result.json").rename(tmp_path / "earlier.json")
    assert detect(None, "--previous", earlier)["patterns"][0]["continues"] == first["identifier"]


def test_a_municipality_says_what_else_its_files_call_a_sensitive_theme_r5(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = put(
        tmp_path / "own.yaml",
        "domains:\n- id: gezin\n  themes:\n  - id: veiligheid_thuis\n    names: ['code rood', '*vervoer*']\n",
    )
    signals, areas = put(tmp_path / "s.csv", SIGNALS_CSV), put(tmp_path / "a.csv", AREAS_CSV)
    out = tmp_path / "out.json"
    arguments = ["detect", str(signals), "--areas", str(areas), "--replicas", "19", "--json", str(out)]
    assert run([*arguments, "--taxonomy", str(own)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["data"]["themes_left_out"] == ["vervoer"]
    capsys.readouterr()
    broken = put(tmp_path / "broken.yaml", "themes: []\n")
    assert run([*arguments, "--taxonomy", str(broken)]) == 3
    assert "expected a list 'domains'" in capsys.readouterr().err
