"""The Python of the how-to pages runs as it stands there."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from schakel import io
from schakel.cli import run
from schakel.records import InputFaultsError
from schakel.synthetic import Plan, municipality, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "library.md"
FIGURES = """bu_code,bu_naam,wk_code,inwoners,huishoudens,lon,lat
BU00010101,Noord,WK000101,500,.,6.10,52.90
BU00010102,Nieuw,WK000101,.,.,,
BU00010103,Zuid,WK000101,300,100,6.20,52.80
BU00010201,Eiland,WK000102,5,.,,
"""


@pytest.fixture(scope="module")
def blocks() -> dict[str, str]:
    """The examples by the title above them."""
    text = PAGE.read_text(encoding="utf-8")
    return {
        part.splitlines()[0]: "\n".join(re.findall(r"```python\n(.*?)```", part, re.DOTALL))
        for part in text.split("\n## ")[1:]
    }


def test_a_file_of_signals_becomes_patterns_and_a_report(
    blocks: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(municipality(Plan(areas=30, signals=4000, weeks=104, planted=1, planted_minimum=30)), tmp_path)
    with contextlib.chdir(tmp_path):
        exec(blocks["From a file of signals to patterns"], {})
    shown = [pattern for pattern in io.read_result(tmp_path / "result.json").patterns if not pattern.withheld]
    said = capsys.readouterr().out
    assert shown
    assert all(pattern.explanation_en in said for pattern in shown)
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_figures_with_areas_without_a_place_become_areas_that_can_be_read(
    blocks: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "figures.csv").write_text(FIGURES)
    with pytest.raises(InputFaultsError, match="column 'area' is missing"):
        io.read_areas(tmp_path / "figures.csv")
    with contextlib.chdir(tmp_path):
        exec(blocks["Areas from figures of your own"], {})
    areas = io.read_areas(tmp_path / "areas.csv")
    assert areas.codes == ("BU00010101", "BU00010102", "BU00010103")
    assert areas.coordinates[1].tolist() == pytest.approx([6.15, 52.85])
    assert capsys.readouterr().out == "2 without a place; 1 left out\n"
    options = ["--country", "--on", f"{tmp_path}/areas.csv", "--signals", "200"]
    assert run(["synthetic", f"{tmp_path}/country", *options]) == 0


def test_a_sentence_is_redacted_before_it_gets_a_theme(
    blocks: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    exec(blocks["Text"], {})
    assert "eenzaamheid" in capsys.readouterr().out
    assert set(blocks) == {"From a file of signals to patterns", "Areas from figures of your own", "Text"}
