"""Everything that can be wrong with what is given: one sentence, an exit code, nothing left behind (DESIGN §8)."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest

from schakel.cli import run

from .files import AREAS_CSV, CODES, SIGNALS_CSV, as_csv, put, rows

Refused = Callable[..., str]
COMMAND = [sys.executable, "-c", "from schakel.cli import main; main()"]
THREE = "date,area,theme\n"
GOOD = "2024-03-03,B1,wonen,1,street,p\n"


def command(
    folder: Path,
    signals: str | bytes | None,
    areas: str | bytes | None,
    options: Sequence[object],
    names: tuple[str, str],
) -> list[str]:
    """The files in a folder and the command that reads them, with results asked for in the same folder."""
    paths = [folder / name for name in names]
    for path, content in zip(paths, (signals, areas), strict=True):
        if content is not None:
            put(path, content)
    results = ["--json", str(folder / "out.json"), "--report", str(folder / "out.html")]
    return [
        "detect", str(paths[0]), "--areas", str(paths[1]), "--replicas", "19", *results, *map(str, options),
    ]  # fmt: skip


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Run it; check that it is refused as promised; give the first sentence."""

    def ran(
        signals: str | bytes | None = SIGNALS_CSV,
        areas: str | bytes | None = AREAS_CSV,
        *options: object,
        names: tuple[str, str] = ("signals.csv", "areas.csv"),
        code: int = 3,
    ) -> str:
        arguments = command(tmp_path, signals, areas, options, names)
        before = sorted(tmp_path.rglob("*"))
        assert run(arguments) == code
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
        assert sorted(tmp_path.rglob("*")) == before
        first, *others = captured.err.splitlines()
        assert first.startswith("Error: ")
        assert all(line.startswith("  ") for line in others)
        return first

    return ran


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2024-03-03,ZZ,wonen,1,street,p", "field 'area': 'ZZ'; expected an area of the areas file"),
        ("2024-02-30,B1,wonen,1,street,p", "field 'date': '2024-02-30'; expected a date such as"),
        ("gisteren,B1,wonen,1,street,p", "field 'date': 'gisteren'; expected a date such as"),
        ("2999-01-01,B1,wonen,1,street,p", "field 'date': '2999-01-01'; expected a date that is not after"),
        (",B1,wonen,1,street,p", "field 'date': empty; expected a date such as"),
        ("2024-03-03,B1,,1,street,p", "field 'theme': empty; expected a theme"),
        ("2024-03-03,B1,;,1,street,p", "field 'theme': ';'; expected a theme"),
        ("2024-03-03,B1,NaN,1,street,p", "field 'theme': 'NaN'; expected a theme"),
        ("2024-03-03,B1,wonen;null,1,street,p", "field 'theme': 'wonen;null'; expected a theme"),
        ("2024-03-03,B1,wo\x01nen,1,street,p", "expected a theme of readable characters"),
        ("2024-03-03,B1,wonen,-2,street,p", "field 'people': '-2'; expected a whole number of people"),
        ("2024-03-03,B1,wonen,1.5,street,p", "field 'people': '1.5'; expected a whole number of people"),
        ("2024-03-03,B1,wonen,NaN,street,p", "field 'people': 'NaN'; expected a whole number of people"),
        (
            "2024-03-03,B1,wonen,1000001,street,p",
            "field 'people': '1000001'; expected a whole number of people",
        ),
        ("2024-03-03,B1,wonen,1", "expected 6 fields as in the header, but found 4"),
        ("2024-03-03,B1,wonen,1,street,p,q", "expected 6 fields as in the header, but found 7"),
        ('2024-03-03,B1,"wonen,1,street,p', "expected every quotation mark closed"),
    ],
)
def test_a_faulty_signal_is_named_by_line_field_value_and_expectation(
    refused: Refused, line: str, message: str
) -> None:
    said = refused(f"{SIGNALS_CSV}{line}\n{GOOD}")
    assert f"signals.csv, line {SIGNALS_CSV.count(chr(10)) + 1}" in said
    assert message in said


def test_lines_of_another_width_are_named_together_with_every_other_fault_in_the_order_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = (
        'date,area,theme,text\n2024-03-03,ZZ,wonen,"twee\nregels"\n\n2024-03-03,B1,wonen,wonen, en meer\n'
        "2024-03-03,B1,,goed\n2024-03-03,B1\n2024-03-03,B1,wonen,goed\n"
    )
    assert run(command(tmp_path, odd, AREAS_CSV, [], ("s.csv", "a.csv"))) == 3
    said = capsys.readouterr().err
    assert re.findall(r"line (\d+)", said)[-4:] == ["2", "5", "6", "7"]
    assert "'ZZ'" in said
    assert "found 5" in said
    assert "field 'theme': empty" in said
    assert "found 2" in said


def test_of_many_faults_the_first_twenty_are_shown_and_the_others_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = command(tmp_path, SIGNALS_CSV.replace("wonen", ""), AREAS_CSV, [], ("s.csv", "a.csv"))
    assert run(arguments) == 3
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert re.search(r"\(and \d+ more\)$", lines[0])
    assert re.search(r"and \d+ more\.$", lines[-1])


PARQUET = io.BytesIO()
pl.DataFrame({"date": ["2024-03-03"] * 9, "area": CODES, "theme": ["wonen"] * 9}).write_parquet(PARQUET)
NESTED = io.BytesIO()
pl.DataFrame({"date": [["2024-03-03"]], "area": ["B1"], "theme": ["wonen"]}).write_parquet(NESTED)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "s.csv", "is empty"),
        (b"\xef\xbb\xbf\r\n\n", "s.csv", "is empty"),
        (b"", "s.parquet", "is empty"),
        (THREE, "s.csv", "has column names but no records"),
        (THREE.strip(), "s.csv", "has column names but no records"),
        (
            "date,area\n2024-03-03,B1\n",
            "s.csv",
            "line 1: column 'theme' is missing; expected date, area, theme",
        ),
        (SIGNALS_CSV.replace("reporter", "melder"), "s.csv", "line 1, field 'melder'"),
        (None, "s.csv", "does not exist"),
        (None, ".", "is a folder"),
        (b"\x00\x01\x02" * 99, "s.csv", "is not a text file"),
        (bytes(range(1, 256)), "s.csv", "is not a text file"),
        (SIGNALS_CSV.encode("utf-16"), "s.csv", "is not a text file"),
        (PARQUET.getvalue(), "s.csv", "is not a text file"),
        (SIGNALS_CSV, "s.parquet", "cannot be read as parquet"),
        (PARQUET.getvalue()[:-40], "s.parquet", "cannot be read as parquet"),
        (NESTED.getvalue(), "s.parquet", "cannot be read as parquet"),
        (SIGNALS_CSV, "s.xlsx", "cannot be read as Excel"),
        (SIGNALS_CSV, "s.xls", "cannot be read as Excel"),
        (b"PK\x03\x04 half a workbook", "s.xlsx", "cannot be read as Excel"),
        (SIGNALS_CSV.replace("\n", "\r"), "s.csv", "expected a line feed"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    refused: Refused, content: str | bytes | None, name: str, message: str
) -> None:
    assert message in refused(content, names=(name, "areas.csv"))


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        ("", "areas.csv is empty"),
        ("area,population\nB1,3\n", "column 'lon' is missing"),
        (
            AREAS_CSV + "B9,,,100\n",
            "areas.csv, line 11, field 'lon': empty; expected a coordinate in degrees",
        ),
        (AREAS_CSV + "B9,NaN,52,100\n", "line 11, field 'lon': 'NaN'"),
        (AREAS_CSV + "B1,5,52,100\n", "line 11, field 'area': 'B1'; expected every area once"),
        (AREAS_CSV.replace(",1003", ",-3"), "line 5, field 'population': '-3'"),
        (AREAS_CSV.replace(",1003", ",NaN"), "line 5, field 'population': 'NaN'"),
        (AREAS_CSV.replace("lon,lat", "lat,lon"), "expected lon before lat: these two look swapped"),
        (AREAS_CSV.replace("lon,lat", "x,y"), "expected metres, or lon and lat"),
    ],
)
def test_faulty_areas_are_refused(refused: Refused, areas: str, message: str) -> None:
    assert message in refused(areas=areas)


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        ('{"type": "FeatureCollection", "features": []}', "has no features"),
        ('{"features": [', "cannot be read as GeoJSON"),
        (
            json.dumps(
                {
                    "features": [
                        {
                            "properties": {"area": "B1"},
                            "geometry": {
                                "type": "Polygon",
                                "coordinates": [[[5, 52], [5.1, 52.1], [5.1, 52], [5, 52.1], [5, 52]]],
                            },
                        }
                    ]
                }
            ),
            "feature 1, field 'geometry': 'B1'; expected a valid Polygon or MultiPolygon, but self-intersection",
        ),
    ],
)
def test_faulty_borders_are_refused(refused: Refused, areas: str, message: str) -> None:
    assert message in refused(areas=areas, names=("signals.csv", "areas.geojson"))


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        (
            AREAS_CSV.replace(",1003", ",1.003"),
            "field 'population': '1.003'; expected a number of people without",
        ),
        (AREAS_CSV.replace(",1003", ","), "Area 'B3' has no population"),
        (AREAS_CSV.replace(",1003", ",."), "Area 'B3' has no population"),
        (
            AREAS_CSV.replace(",1003", ",0"),
            r"signals.csv, line \d+: theme '.*', area 'B3', \d{4}-\d\d-\d\d: its population is 0 while \d+ people",
        ),
    ],
)
def test_a_comparison_with_people_needs_people_where_signals_are(
    refused: Refused, areas: str, message: str
) -> None:
    assert re.search(message, refused(SIGNALS_CSV, areas, "--method", "poisson"))


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--population", "area,year,population\nB1,2024,-1\n", "line 2, field 'population': '-1'"),
        ("--population", "area,year,population\nB1,99999,1\n", "line 2, field 'year': '99999'"),
        ("--population", "area,year,population\nB1,2024,.\n", "has no population that is known"),
        ("--population", "area,year,population\nB1,2024,7\n", "Area 'B0' has no population"),
        (
            "--expected",
            "date,area,theme,expected\n2024-01-01,B1,wonen,NaN\n",
            "line 2, field 'expected': 'NaN'",
        ),
        ("--previous", "{}", "is not a result of"),
    ],
)
def test_faulty_companions_are_refused(
    refused: Refused, tmp_path: Path, option: str, content: str, message: str
) -> None:
    path = put(tmp_path / "companion.csv", content)
    assert message in refused(SIGNALS_CSV, AREAS_CSV, "--method", "poisson", option, path)


def test_a_signal_where_none_is_expected_is_named_with_its_cell(refused: Refused, tmp_path: Path) -> None:
    cells = [
        (date(2024, month, 1), code, theme, 0 if (code, theme) == ("B1", "wonen") else 1.5)
        for month in range(1, 8)
        for code in CODES
        for theme in ("wonen", "vervoer")
    ]
    path = put(tmp_path / "expected.csv", as_csv(cells, "date,area,theme,expected\n"))
    said = refused(SIGNALS_CSV, AREAS_CSV, "--expected", path, "--period", "month", "--end", "2024-07-31")
    named = re.search(
        r"line (\d+): theme 'wonen', area 'B1', (2024-\d\d)-01: expected is 0, or has no row, while \d+ people",
        said,
    )
    assert named
    line = SIGNALS_CSV.splitlines()[int(named[1]) - 1]
    assert line.startswith(named[2])
    assert ",B1,wonen" in line


def test_two_expected_numbers_for_one_cell_are_named_and_not_added_up(
    refused: Refused, tmp_path: Path
) -> None:
    cells = [
        (date(2024, month, 1), code, theme, 1.5)
        for month in range(1, 8)
        for code in CODES
        for theme in ("wonen", "vervoer")
    ]
    twice = [*cells, (date(2024, 3, 4), "B1", "wonen", 40)]
    path = put(tmp_path / "expected.csv", as_csv(twice, "date,area,theme,expected\n"))
    said = refused(SIGNALS_CSV, AREAS_CSV, "--expected", path, "--period", "month", "--end", "2024-07-31")
    assert "area 'B1': --expected has a number for 2024-03-01 and one for 2024-03-04" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "permutation", "--expected"], "expected no --expected with it"),
        (["--adjust-reporting", "--expected"], "expected --method expectation without --expected"),
    ],
)
def test_what_would_be_ignored_is_refused(
    refused: Refused, tmp_path: Path, options: list[str], message: str
) -> None:
    path = put(tmp_path / "expected.csv", "date,area,theme,expected\n2024-01-01,B1,wonen,1\n")
    assert message in refused(SIGNALS_CSV, AREAS_CSV, *options, path)


METHODS = ["expectation", "permutation", "poisson"]


@pytest.mark.parametrize("method", METHODS)
def test_one_area_or_one_period_cannot_be_compared(refused: Refused, method: str) -> None:
    one = "".join(AREAS_CSV.splitlines(keepends=True)[:2])
    months = THREE + "".join(f"2024-0{month}-01,B0,wonen\n" for month in range(1, 8))
    assert "There is 1 area; expected at least 2" in refused(months, one, "--method", method)
    week = THREE + "".join(f"2024-01-0{day},B1,wonen\n" for day in range(1, 8))
    assert "one whole week; expected at least 2" in refused(week, AREAS_CSV, "--method", method)
    assert "no whole week" in refused(THREE + "2024-01-01,B1,wonen\n", AREAS_CSV, "--method", method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "signals",
    [
        SIGNALS_CSV + "2024-03-03,B1,enkel,1,street,p\n",
        THREE + "".join(f"{date(2024, 1, 1) + timedelta(days=3 * k)},B1,wonen\n" for k in range(60)),
        as_csv(rows() * 2),
    ],
    ids=["a theme with one signal", "all signals in one place", "duplicates"],
)
def test_thin_data_are_no_fault_but_show_no_false_certainty(
    tmp_path: Path, method: str, signals: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(tmp_path, signals, AREAS_CSV, ["--method", method], ("s.csv", "a.csv"))) == 0
    assert "Traceback" not in capsys.readouterr().err
    patterns = json.loads((tmp_path / "out.json").read_bytes())["patterns"]
    thin = [p for p in patterns if p["theme"] == "enkel" or set(p["areas"]) == {"B1"}]
    assert all(p["withheld"] for p in thin)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--period", "uur"], 2, "'uur' is not one of"),
        (["--method", "x"], 2, "--method"),
        (["--start", "x"], 2, "--start"),
        (["--replicas", "0"], 2, "--replicas"),
        (["--threads", "-1"], 2, "--threads"),
        (["--seed", "-1"], 2, "--seed"),
        (["--neighbours", "0"], 2, "--neighbours"),
        (["--neighbours", "1.5"], 2, "--neighbours"),
        (["--min-count", "9" * 25], 2, "--min-count"),
        (["--nope"], 2, "No such option"),
        (["--windows", "0"], 3, "--windows '0': expected whole numbers"),
        (["--windows", "a,b"], 3, "--windows 'a,b': expected whole numbers"),
        (["--windows", "99999"], 3, "A window of 99999 does not fit"),
        (["--max-share", "0"], 3, "--max-share 0"),
        (["--max-share", "nan"], 3, "--max-share nan"),
        (["--max-radius-km", "-1"], 3, "--max-radius-km -1"),
        (["--alpha", "nan"], 3, "--alpha nan"),
        (["--start", "2024-05-01", "--end", "2024-01-01"], 3, "--start 2024-05-01 is after --end 2024-01-01"),
        (["--start", "2999-01-01"], 3, "--start 2999-01-01: expected a day from"),
        (["--end", "9999-12-31"], 3, "--end 9999-12-31: expected a day from"),
        (["--start", "0001-01-01"], 3, "--start 0001-01-01: expected a day from"),
        (["--end", "2020-01-01"], 3, "starts on"),
        (["--zones", "connected"], 3, "need the borders"),
        (["--mode", "spatial"], 3, "has nothing to compare with"),
        (["--min-people", "2"], 3, "expected at least 3 (R22)"),
        (["--min-sources", "1"], 3, "expected at least 2 (R22)"),
        (["--min-dates", "0"], 3, "expected at least 2 (R22)"),
        (["--previous", "none.json"], 3, "cannot be read"),
        (["--json", "/"], 3, "cannot be written"),
        (["--json", "no-such-folder/out.json"], 3, "cannot be written"),
        (["--report", "no-such-folder/out.html"], 3, "cannot be written"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    refused: Refused, options: list[str], code: int, message: str
) -> None:
    assert message in refused(SIGNALS_CSV, AREAS_CSV, *options, code=code)


def test_a_result_never_overwrites_what_was_read_or_the_other_result(
    refused: Refused, tmp_path: Path
) -> None:
    for option, name in (("--json", "signals.csv"), ("--report", "areas.csv"), ("--report", "out.json")):
        assert "is used twice" in refused(SIGNALS_CSV, AREAS_CSV, option, tmp_path / name)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nope"], 2, "No such command 'nope'"),
        (["detct"], 2, "Did you mean 'detect'? Try 'schakel --help'."),
        (["detect"], 2, "Missing argument"),
        (["themes"], 2, "Missing command"),
        (["validate", "no-such-folder"], 3, "expected the folder of public data sets"),
        (["national", "no-such-folder", "--areas", "none.csv", "--out", "out"], 3, "does not exist"),
        (["synthetic", "out", "--areas", "0"], 3, "expected 1 to"),
        (["synthetic", "out", "--signals", "nan"], 3, "expected a number"),
        (["synthetic", "out", "--start", "2026-01-05", "--weeks", "2600"], 3, "cannot lie in the future"),
        (["synthetic", "out", "--areas", "9", "--country"], 3, "expected no --areas with --country"),
        (["synthetic", "out", "--on", "areas.csv"], 3, "expected --country with it"),
    ],
)
def test_the_other_commands_refuse_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    with contextlib.chdir(tmp_path):
        assert run(arguments) == code
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_in_memory_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*given: object, **named: object) -> None:
        raise MemoryError

    monkeypatch.setattr("schakel.detection.detect", no_room)
    assert run(command(tmp_path, SIGNALS_CSV, AREAS_CSV, [], ("s.csv", "a.csv"))) == 3
    assert capsys.readouterr().err.startswith("Error: This does not fit in memory")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "s.csv"]


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{version('schakel')}\n"


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "detect" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("signals", "options", "code"),
    [("", [], 3), (THREE + "2024-03-03,ZZ,wonen\n", [], 3), (SIGNALS_CSV, ["--replicas", "x"], 2)],
    ids=["empty", "unknown area", "wrong use"],
)
def test_a_real_process_exits_with_its_code_and_one_sentence(
    tmp_path: Path, signals: str, options: list[str], code: int
) -> None:
    arguments = command(tmp_path, signals, AREAS_CSV, options, ("s.csv", "a.csv"))
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "s.csv"]


def test_a_screen_without_the_signs_of_the_table_gets_the_result_all_the_same(tmp_path: Path) -> None:
    arguments = command(tmp_path, SIGNALS_CSV, AREAS_CSV, ["--replicas", "9"], ("s.csv", "a.csv"))
    plain = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, env=plain)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "patterns to show" in done.stdout
