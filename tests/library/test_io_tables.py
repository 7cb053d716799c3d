"""Reading signals, population and expected numbers: every promised form, every fault with its line (DESIGN §8)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from schakel.io import SignalsFile, read_expected, read_population, read_signals
from schakel.records import SIGNAL_COLUMNS, InputFaultsError, SchakelError

from .files import CODES, HEADER, SIGNALS_CSV, TODAY, places, put, rows, write_xlsx

Read = Callable[..., SignalsFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file with this content as signals."""

    def reader(content: str | bytes, name: str = "signals.csv", **options: object) -> SignalsFile:
        path = put(tmp_path / name, content)
        return read_signals(path, areas=places(tmp_path), today=TODAY, **options)  # type: ignore[arg-type]

    return reader


def faults(read: Read, content: str | bytes, name: str = "signals.csv") -> list[tuple[object, ...]]:
    with pytest.raises(InputFaultsError) as caught:
        read(content, name)
    return [(fault.line, fault.field, fault.value) for fault in caught.value.faults]


def test_a_row_becomes_a_row_with_the_columns_of_the_records(read: Read) -> None:
    frame = read("date,area,theme,people,source,reporter\n2026-03-01,B1,rouw,4,street,p1\n").frame
    assert frame.schema == pl.Schema(SIGNAL_COLUMNS)
    assert frame.rows() == [(0, date(2026, 3, 1), "B1", "rouw", 4, "street", "p1", None)]


def test_people_default_to_one_and_unknown_sources_stay_unknown(read: Read) -> None:
    frame = read("date,area,theme,people\n2026-03-01,B1,rouw,\n").frame
    assert frame.row(0, named=True)["people"] == 1
    assert frame.row(0, named=True)["source"] is None


def test_several_themes_are_rows_that_share_their_signal(read: Read) -> None:
    frame = read("date,area,theme\n2026-03-01,B1,rouw; wonen ;rouw;\n2026-03-02,B2,vervoer\n").frame
    assert frame.select("signal", "theme").rows() == [(0, "rouw"), (0, "wonen"), (1, "vervoer")]


@pytest.mark.parametrize("theme", ["", ";", " ; ; "])
def test_a_row_without_any_theme_is_a_fault(read: Read, theme: str) -> None:
    content = f"date,area,theme,people\n2026-03-01,B1,rouw,1\n2026-03-01,B1,{theme},1\n"
    assert [(line, field) for line, field, _ in faults(read, content)] == [(3, "theme")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/03/01", date(2026, 3, 1)),
        ("01-03-2026", date(2026, 3, 1)),
        ("1-3-2026", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("2026-03", date(2026, 3, 1)),
        ("2026", date(2026, 1, 1)),
        ("2026-03-01T00:00", date(2026, 3, 1)),
        ("2026-03-01 00:00:00.000000", date(2026, 3, 1)),
    ],
)
def test_a_column_of_dates_may_have_one_of_these_forms(read: Read, written: str, meant: date) -> None:
    frame = read(f"date,area,theme\n{written},B1,rouw\n{written},B2,rouw\n").frame
    assert frame["date"].to_list() == [meant, meant]


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "gisteren",
        "2026-13-01",
        "45000",
        "1-3-2026",
        "2026-03-01 23:30",
        "",
        "NaN",
        "2026-04-01",
        "0206-03-01",
    ],
)
def test_what_is_no_date_or_in_the_future_is_a_fault_and_never_guessed(read: Read, written: str) -> None:
    content = f"date,area,theme\n2026-03-01,B1,rouw\n{written},B1,rouw\n"
    assert faults(read, content) == [(3, "date", written or None)]


@pytest.mark.parametrize("written", ["-1", "0", "1.5", "NaN", "een", "1e3", "9" * 12, "+2", "١", "inf"])
def test_people_are_whole_and_at_least_one(read: Read, written: str) -> None:
    content = f"date,area,theme,people\n2026-03-01,B1,rouw,1\n2026-03-01,B1,rouw,{written}\n"
    assert faults(read, content) == [(3, "people", written)]


def test_all_faults_come_at_once_in_the_order_of_the_file(read: Read) -> None:
    content = "date,area,theme,people\n2026-03-01,ZZ,rouw,-1\nx,B1,,1\n2026-03-01,B1,rouw,1\n"
    assert faults(read, content) == [
        (2, "area", "ZZ"),
        (2, "people", "-1"),
        (3, "date", "x"),
        (3, "theme", None),
    ]


def test_the_good_rows_can_be_kept_and_the_others_are_told(read: Read) -> None:
    content = "date,area,theme\n2026-03-01,ZZ,rouw\n2026-03-01,B1,rouw\n"
    result = read(content, on_fault="skip")
    assert result.frame["area"].to_list() == ["B1"]
    assert [fault.line for fault in result.faults] == [2]


def test_nothing_is_kept_when_no_row_is_good(read: Read) -> None:
    with pytest.raises(InputFaultsError, match="line 2"):
        read("date,area,theme\n2026-03-01,ZZ,rouw\n", on_fault="skip")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\n\n"])
def test_a_line_is_counted_as_an_editor_does(read: Read, end: str, start: str) -> None:
    content = start + 'date,area,theme,text\n2026-03-01,B1,a,"een\ntwee\n\ndrie"\n\n2026-03-01,ZZ,a,x\n'
    before = len(start)
    assert faults(read, content.replace("\n", end)) == [(7 + before, "area", "ZZ")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from('ab ,;"\n'), max_size=8), min_size=1, max_size=6))
def test_the_line_of_a_fault_is_right_whatever_the_texts_before_it(read: Read, texts: list[str]) -> None:
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    before = "date,area,theme,text\n" + "".join(f"2026-03-01,B1,rouw,{text}\n" for text in quoted)
    assert faults(read, before + "2026-03-01,ZZ,rouw,x\n") == [(before.count("\n") + 1, "area", "ZZ")]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + SIGNALS_CSV,
        SIGNALS_CSV.replace("\n", "\r\n"),
        SIGNALS_CSV.replace(",", ";"),
        SIGNALS_CSV.replace(",", "\t"),
        SIGNALS_CSV + "\n\n",
        SIGNALS_CSV.rstrip("\n"),
        SIGNALS_CSV.replace("date,area", " Date , AREA", 1),
    ],
    ids=[
        "BOM",
        "CRLF",
        "semicolon",
        "tab",
        "blank lines at the end",
        "no last line end",
        "header with space",
    ],
)
def test_a_csv_reads_the_same_in_every_usual_form(read: Read, content: str) -> None:
    assert_frame_equal(read(content).frame, read(SIGNALS_CSV, "plain.csv").frame)


def test_latin_1_with_semicolons_keeps_its_accents(read: Read) -> None:
    content = "date;area;theme;source\n2026-03-01;B1;cafés;coördinator\n".encode("latin-1")
    row = read(content).frame.row(0, named=True)
    assert (row["theme"], row["source"]) == ("cafés", "coördinator")


def test_a_parquet_with_types_reads_as_the_csv(tmp_path: Path, read: Read) -> None:
    plain = read(SIGNALS_CSV).frame
    typed = plain.drop("signal", "text").with_columns(pl.col("date").cast(pl.Datetime))
    typed.write_parquet(tmp_path / "s.parquet")
    again = read_signals(tmp_path / "s.parquet", areas=places(tmp_path), today=TODAY)
    assert_frame_equal(again.frame, plain)


def test_an_excel_sheet_with_real_dates_reads_as_the_csv(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(tmp_path / "s.xlsx", [HEADER.strip().split(","), *rows()])
    again = read_signals(path, areas=places(tmp_path), today=TODAY)
    assert_frame_equal(again.frame, read(SIGNALS_CSV).frame)


def test_a_small_workbook_with_one_cell_far_away_is_refused_before_it_fills_the_memory(
    tmp_path: Path,
) -> None:
    """The reader makes room for every cell up to the last one, and ends the whole process when there is none."""
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with (
        zipfile.ZipFile(write_xlsx(tmp_path / "s.xlsx", [HEADER.strip().split(","), *rows()])) as usual,
        zipfile.ZipFile(tmp_path / "far.xlsx", "w") as book,
    ):
        for part in usual.namelist():
            book.writestr(part, usual.read(part).decode().replace("</sheetData>", far))
    with pytest.raises(SchakelError, match="too large to read"):
        read_signals(tmp_path / "far.xlsx", areas=places(tmp_path), today=TODAY)


@pytest.mark.parametrize(("sheet", "refused"), [("sheet1.xml", True), ("other.xml", False)])
def test_a_formula_that_gives_an_error_is_no_empty_cell(tmp_path: Path, sheet: str, refused: bool) -> None:
    """The reader makes it empty; an empty number of people would count as one."""
    cell = '<c r="D3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    with (
        zipfile.ZipFile(write_xlsx(tmp_path / "s.xlsx", [HEADER.strip().split(","), *rows()])) as usual,
        zipfile.ZipFile(tmp_path / "wrong.xlsx", "w") as book,
    ):
        for part in usual.namelist():
            xml = usual.read(part).decode()
            book.writestr(part, re.sub(r'<c r="D3".*?</c>', cell, xml) if part.endswith(sheet) else xml)
        book.writestr("xl/worksheets/other.xml", f"<sheetData><row>{cell}</row></sheetData>")
    if not refused:
        read_signals(tmp_path / "wrong.xlsx", areas=places(tmp_path), today=TODAY)
        return
    with pytest.raises(InputFaultsError, match="formula in this cell") as caught:
        read_signals(tmp_path / "wrong.xlsx", areas=places(tmp_path), today=TODAY)
    (fault,) = caught.value.faults
    assert (fault.line, fault.field, fault.value) == (3, "people", "#DIV/0!")


@pytest.mark.parametrize("line", ["2026-03-01,B1", "2026-03-01,B1,rouw,1,2"])
def test_lines_with_too_few_or_too_many_fields_are_named(read: Read, line: str) -> None:
    content = f'date,area,theme,text\n2026-03-01,B1,rouw,"a,\nb"\n{line}\n2026-03-01,B1,rouw,x\n'
    assert faults(read, content) == [(4, None, None)]


def test_a_quotation_mark_that_stays_open_is_named_by_its_line(read: Read) -> None:
    content = 'date,area,theme,text\n2026-03-01,B1,rouw,"a"\n2026-03-01,B1,rouw,"b\n2026-03-01,B1,rouw,c\n'
    assert faults(read, content) == [(3, None, None)]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("date,area", "line 1: column 'theme' is missing"),
        ("date,area,theme,melder", "'melder'; expected a known column"),
        ("date,area,theme,theme", "field 'theme': 'theme'; expected every column once"),
        ("date,area,theme,Theme", "field 'theme': 'theme'; expected every column once"),
    ],
)
def test_columns_that_are_missing_unknown_or_twice_are_named(read: Read, header: str, message: str) -> None:
    values = ["2026-03-01", "B1", *("x" * header.count("theme")), *("y" * header.count("melder"))]
    with pytest.raises(InputFaultsError, match=re.escape(message)):
        read(f"{header}\n{','.join(values)}{',z' * header.count('Theme')}\n")


def test_equal_rows_count_and_are_mentioned(read: Read) -> None:
    result = read("date,area,theme\n" + "2026-03-01,B1,rouw\n" * 3)
    assert len(result.frame) == 3
    assert "2 row(s)" in result.notes[0].en
    assert "2 rijen zijn" in result.notes[0].nl


def test_texts_are_only_kept_when_asked_and_then_redacted(read: Read) -> None:
    content = "date,area,theme,text\n2026-03-01,B1,rouw,Jan Jansen belt 06-12345678\n"
    assert read(content).frame["text"].to_list() == [None]
    (kept,) = read(content, text=True).frame["text"]
    assert "Jansen" not in kept
    assert "12345678" not in kept


def population(folder: Path, *lines: str) -> pl.DataFrame:
    path = put(folder / "population.csv", "area,year,population\n" + "\n".join(lines) + "\n")
    return read_population(path, areas=places(folder))


def test_a_population_that_is_not_known_is_missing_and_never_zero(tmp_path: Path) -> None:
    assert population(tmp_path, "B1,2024,.", "B2,2024,0", "B3,2024,12").rows() == [
        ("B2", 2024, 0.0),
        ("B3", 2024, 12.0),
    ]
    with pytest.raises(SchakelError, match="no population that is known"):
        population(tmp_path, "B1,2024,.", "B2,2024,")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("ZZ,2024,1", "area"),
        ("B1,2024.5,1", "year"),
        ("B1,99999,1", "year"),
        ("B1,NaN,1", "year"),
        ("B1,2024,-1", "population"),
        ("B1,2024,NaN", "population"),
        ("B0,2024,7", "area"),
    ],
)
def test_faults_in_a_population_are_named(tmp_path: Path, line: str, field: str) -> None:
    with pytest.raises(InputFaultsError) as caught:
        population(tmp_path, "B0,2024,5", line)
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [(3, field)]


@pytest.mark.parametrize("value", ["-0.1", "NaN", "inf", "", "veel"])
def test_an_expected_number_is_finite_and_not_negative(tmp_path: Path, value: str) -> None:
    path = put(tmp_path / "e.csv", f"date,area,theme,expected\n2026-01-01,B1,rouw,{value}\n")
    with pytest.raises(InputFaultsError, match="field 'expected'"):
        read_expected(path, areas=places(tmp_path))


def test_an_expected_number_stands_there_once(tmp_path: Path) -> None:
    line = "2026-01-01,B1,rouw,1.5\n"
    path = put(tmp_path / "e.csv", f"date,area,theme,expected\n{line}")
    assert read_expected(path, areas=places(tmp_path)).rows() == [(date(2026, 1, 1), "B1", "rouw", 1.5)]
    put(path, f"date,area,theme,expected\n{line}{line}")
    with pytest.raises(InputFaultsError, match=r"line 3, field 'date'.*once"):
        read_expected(path, areas=places(tmp_path))


def test_every_area_of_the_cast_is_read(tmp_path: Path) -> None:
    assert places(tmp_path).codes == CODES
