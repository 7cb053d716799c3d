"""The direction of the house holds, and a wrong import is caught (DESIGN §4)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts of pyproject.toml, kept or broken by the packages in a folder."""
    program = (
        "import sys; sys.path.insert(0, 'src');"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the source that a test may spoil."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_direction(house: Path) -> None:
    checked = contracts(house)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("room", "wrong", "contract"),
    [
        ("detection/run.py", "import django", "neither Django nor the application"),
        ("areas.py", "import schakel_web", "neither Django nor the application"),
        ("io/results.py", "import requests", "neither Django nor the application"),
        ("areas.py", "from schakel.detection import detect", "Data flows one way"),
        ("redaction/__init__.py", "import schakel.themes", "Data flows one way"),
        ("disclosure/thresholds.py", "import schakel.cli", "Data flows one way"),
        ("records.py", "import schakel.areas", "Data flows one way"),
    ],
)
def test_a_wrong_import_is_caught(house: Path, room: str, wrong: str, contract: str) -> None:
    file = house / "src" / "schakel" / room
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{wrong}\n")
    )
    if wrong not in file.read_text(encoding="utf-8"):
        file.write_text(f"{text}\n{wrong}\n")
    checked = contracts(house)
    assert checked.returncode != 0
    broken = [line for line in checked.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken)
