"""``schakel synthetic``: what it makes up can be used by the other commands, whatever size or length is asked."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from schakel.cli import run

SMALL = ("--areas", "12", "--signals", "300", "--planted", "1")


def made(folder: Path, *options: str) -> pl.DataFrame:
    assert run(["synthetic", str(folder), *SMALL, *options]) == 0
    return pl.read_csv(folder / "signals.csv", try_parse_dates=True)


@pytest.mark.parametrize(
    ("weeks", "first"), [(52, "2025-09-01"), (104, "2024-09-02"), (156, "2023-09-04"), (1000, "2007-07-02")]
)
def test_the_last_week_is_the_same_however_many_come_before_it(
    tmp_path: Path, weeks: int, first: str
) -> None:
    days = made(tmp_path, "--weeks", str(weeks), "--signals", "2000")["date"].cast(pl.String)
    assert first <= str(days.min()) < str(days.max()) <= "2026-08-30"
    assert str(days.max()) >= "2026-08-24"


def test_three_years_can_be_detected_in_at_once(tmp_path: Path) -> None:
    made(tmp_path, "--weeks", "156")
    assert (
        run(["detect", f"{tmp_path}/signals.csv", "--areas", f"{tmp_path}/areas.csv", "--replicas", "9"]) == 0
    )


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made(tmp_path / name, "--weeks", "30")
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert [(tmp_path / "one" / name).read_bytes() for name in files] == [
        (tmp_path / "two" / name).read_bytes() for name in files
    ]


def test_a_small_or_short_municipality_hides_a_smaller_question(tmp_path: Path) -> None:
    made(tmp_path, "--areas", "4", "--weeks", "3")
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    (question,) = truth["planted"]
    assert 1 <= len(question["areas"]) <= 4
