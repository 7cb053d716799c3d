"""The result of a detection as JSON: the file contract, and reading back what was written (R11)."""

from __future__ import annotations

import json
import math
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.io import read_result, to_json, write_atomically, write_together
from schakel.io.results import CONTRACT
from schakel.records import Detection, Pattern, SchakelError, Settings, Timeline

from .files import put

PATTERN = Pattern(
    theme="rouw",
    areas=("B1", "B2"),
    start=date(2026, 3, 2),
    end=date(2026, 3, 29),
    observed=9,
    expected=1.5,
    relative_risk=6.0,
    statistic=8.25,
    p_value=0.001,
    p_value_gumbel=0.0004,
    q_value=0.01,
    recurrence_days=9000.0,
    people=9,
    sources=3,
    dates=5,
    dominance=0.4,
    explanation="Er is meer rouw dan gewoonlijk: “negen” mensen.",
    against=("Het zijn er weinig.",),
    explanation_en="More grief than usual.",
    against_en=("They are few.",),
    withheld=("people",),
    continues="abc",
    identifier="def",
    timeline=Timeline((date(2026, 3, 2), date(2026, 3, 9)), (4, 5), (0.5, 1.0), (0.0, 0.0), (2.0, 3.0)),
)
FOUND = Detection(
    Settings(start=date(2025, 1, 1), end=date(2026, 3, 29), windows=(1, 2), neighbours=5),
    {"signals": 9, "first_day": "2025-01-01", "notes": ["een"]},
    (PATTERN, replace(PATTERN, statistic=2.0, timeline=None, continues=None)),
    "1.0",
    {"scan": 0.25},
)


def test_what_is_written_reads_back_equal(tmp_path: Path) -> None:
    assert read_result(put(tmp_path / "r.json", to_json(FOUND))) == FOUND


@given(
    pattern=st.builds(
        replace,
        st.just(PATTERN),
        observed=st.integers(1, 10**9),
        statistic=st.floats(0, 1e300),
        p_value=st.floats(0, 1),
        explanation=st.text(),
        areas=st.lists(st.text(), min_size=1).map(tuple),
        start=st.dates(),
    )
)
def test_any_pattern_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, pattern: Pattern) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    found = replace(FOUND, patterns=(pattern,))
    write_atomically(path, to_json(found))
    assert read_result(path) == found


def test_a_result_has_the_keys_of_the_contract_in_order_and_iso_dates() -> None:
    result = json.loads(to_json(FOUND))
    assert list(result)[:4] == ["schakel", "parameters", "data", "patterns"]
    first = result["patterns"][0]
    assert tuple(first)[: len(CONTRACT)] == CONTRACT
    assert (first["start"], first["end"]) == ("2026-03-02", "2026-03-29")
    assert result["parameters"]["start"] == "2025-01-01"


def test_a_number_that_is_not_finite_is_null() -> None:
    content = to_json(replace(FOUND, patterns=(replace(PATTERN, relative_risk=math.inf, q_value=math.nan),)))
    first = json.loads(content, parse_constant=pytest.fail)["patterns"][0]
    assert (first["relative_risk"], first["q_value"]) == (None, None)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"patterns": []}', "null", "date,area\n", b"\xff\x00"]
)
def test_something_else_is_refused_in_one_sentence(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(SchakelError, match="is not a result of 'schakel detect --json'"):
        read_result(put(tmp_path / "r.json", content))


def test_a_result_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SchakelError, match="cannot be read"):
        read_result(tmp_path / "none.json")


def test_a_file_is_replaced_whole_and_readable_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = put(tmp_path / "r.json", "old")
    write_atomically(path, "nieuw é")
    assert path.read_bytes() == "nieuw é".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_of_two_files_none_is_written_when_one_cannot_be(tmp_path: Path) -> None:
    old = put(tmp_path / "report.html", "old")
    with pytest.raises(SchakelError, match="cannot be written"):
        write_together({old: "new", tmp_path / "no folder" / "r.json": "new"})
    assert old.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [old]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = put(tmp_path / "target", "old"), tmp_path / "link"
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, "new")
        assert os.read(reading, 10) == b"new"
    finally:
        os.close(reading)
    assert pipe.is_fifo()
