"""Files that are not what they should be: every fault at once, never twice, never too large (DESIGN §8)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schakel.records import Fault, SchakelError
from schakel_web.network.faults import in_dutch
from schakel_web.signals.models import Batch, Signal
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
HEADER = "date,area,theme,people,source,text\n"
ROW = "2026-05-01,BU90010000,schulden,2,street,Veel rekeningen.\n"
OTHER = "2026-05-02,BU90010001,eenzaamheid,1,street,\n"


def sent(client: Client, body: str | bytes, *, what: str = "all", name: str = "signalen.csv") -> Any:
    content = body.encode() if isinstance(body, str) else body
    file = SimpleUploadedFile(name, content)
    return client.post("/signalen/inlezen/", {"file": file, "what": what}, follow=True)


def test_a_dutch_file_is_read_as_it_is(city: City, as_: As) -> None:
    area = city.areas[0]
    body = "Datum;Buurt;Thema;Mensen;Bron;Tekst\n"
    body += f"2026-05-01;{area.name.lower()};Eenzaamheid;2;gezien of gehoord op straat;Veel ouderen eten alleen.\n"
    sent(as_("coordinator"), body)
    kept = Signal.objects.get()
    assert (kept.area, kept.people, kept.source) == (area, 2, "street")
    assert kept.themes.get().theme == "eenzaamheid"


@pytest.mark.parametrize("day", ["1-5-2026", "01-05-2026", "1/5/2026", "2026-05-01 00:00:00"])
def test_a_day_may_be_written_as_a_dutch_spreadsheet_does(city: City, as_: As, day: str) -> None:
    sent(as_("coordinator"), f"datum;buurt;thema\n{day};BU90010000;eenzaamheid\n")
    assert Signal.objects.get().date == date(2026, 5, 1)


@pytest.mark.parametrize("day", ["2026-05-01 of zo", "31-4-2026", "1-5-26", "2026-5-1"])
def test_what_is_no_day_is_named_by_the_heading_that_the_file_has(city: City, as_: As, day: str) -> None:
    page = sent(as_("coordinator"), f"datum;buurt;thema;mensen\n{day};Nergens;eenzaamheid;nul\n")
    text = unescape(page.content.decode())
    assert f"regel 2, datum: '{day}'; verwacht: een datum zoals" in text
    assert "regel 2, buurt: 'Nergens'" in text
    assert "regel 2, mensen: 'nul'" in text
    assert not Signal.objects.exists()


def test_a_neighbourhood_whose_name_is_not_its_own_needs_its_code(city: City, as_: As) -> None:
    for area in city.areas[:2]:
        area.name = "Noord"
        area.save()
    page = sent(as_("coordinator"), "datum,buurt,thema\n2026-05-01,Noord,eenzaamheid\n", what="look")
    assert "een buurt die in Schakel bekend is" in page.content.decode()


def test_a_row_that_stands_there_twice_is_a_fault_that_names_the_first(city: City, as_: As) -> None:
    page = sent(as_("coordinator"), HEADER + ROW + OTHER + ROW)
    assert "regel 4" in page.content.decode()
    assert "dezelfde staat op regel 2" in page.content.decode()
    assert not Signal.objects.exists()


def test_rows_with_a_number_of_their_own_may_say_the_same(city: City, as_: As) -> None:
    header, rows = "date,area,theme,signal\n", "2026-05-01,BU90010000,schulden,{}\n"
    client = as_("coordinator")
    sent(client, header + rows.format("a1") + rows.format("a2"))
    assert Signal.objects.count() == 2
    page = sent(client, header + rows.format("a3") + rows.format("a3"), name="b.csv")
    assert "regel 2 heeft hetzelfde" in page.content.decode()
    assert Signal.objects.count() == 2


def test_another_team_numbers_its_own_rows(city: City, as_: As) -> None:
    header, rows = "date,area,theme,signal\n", "2026-05-01,BU9001{},schulden,1\n"
    city.people["neighbour"] = make.user("neighbour", "coordinator", team=city.teams[1])
    sent(as_("coordinator"), header + rows.format("0000"))
    sent(as_("neighbour"), header + rows.format("0100"))
    assert Signal.objects.count() == 2


def test_rows_that_were_read_in_before_do_not_count_again_in_another_file(city: City, as_: As) -> None:
    client = as_("coordinator")
    sent(client, HEADER + "morgen,BU90010000,schulden,1,street,\n" + ROW, what="good")
    looked = sent(client, HEADER + ROW + OTHER, what="look", name="beter.csv").content.decode()
    assert "1 regel is al eerder ingelezen" in looked
    page = sent(client, HEADER + ROW + OTHER, name="beter.csv").content.decode()
    assert "1 signalen zijn ingelezen" in page
    assert "1 regels stonden er al" in page
    assert (Signal.objects.count(), Batch.objects.count()) == (2, 2)


def test_after_looking_a_sound_file_is_chosen_again_and_the_page_says_why_r4(city: City, as_: As) -> None:
    """What still may hold a name is kept nowhere; all else that was chosen stays, and what comes next is chosen."""
    client = as_("coordinator")
    why = "Schakel bewaart het bestand zelf niet, omdat er nog namen in kunnen staan."
    assert why not in client.get("/signalen/inlezen/").content.decode()
    page = sent(client, HEADER + ROW, what="look")
    assert why in page.content.decode()
    assert page.context["form"]["what"].value() == "all"
    wrong = sent(client, HEADER + "morgen,BU90010000,schulden,1,street,\n" + ROW, what="look")
    assert wrong.context["form"]["what"].value() == "look"
    assert not Batch.objects.exists()


def test_what_a_row_is_known_by_tells_nothing_about_it(city: City, as_: As) -> None:
    sent(as_("coordinator"), HEADER + ROW)
    once = Signal.objects.get().once
    assert once is not None
    assert once.bytes not in ROW.encode()


def excel(*rows: tuple[Any, ...]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if hasattr(cell, "isoformat"):
                    sheet.write_datetime(i, j, cell, day)
                else:
                    sheet.write(i, j, cell)
    return content.getvalue()


def test_excel_is_read_with_real_dates_and_numbers_and_formulas_are_never_kept(city: City, as_: As) -> None:
    from datetime import datetime  # noqa: PLC0415

    body = excel(
        ("date", "area", "theme", "people", "text"),
        (datetime(2026, 5, 1), "BU90010000", "Schulden", 3, "Veel rekeningen."),  # noqa: DTZ001
        ("02-05-2026", "bu90010001", "schulden", "2", "=1+1"),
    )
    page = sent(as_("coordinator"), body, name="signalen.xlsx")
    kept = {(s.date.isoformat(), s.area.code, s.people) for s in Signal.objects.all()}
    assert kept == {("2026-05-01", "BU90010000", 3), ("2026-05-02", "BU90010001", 2)}, page.content.decode()
    assert not Signal.objects.filter(text__startswith="=").exists()


@pytest.mark.parametrize("name", ["kapot.xlsx", "kapot.csv", "kapot.xls"])
def test_a_file_of_another_kind_gets_one_dutch_sentence_without_our_own_paths(
    city: City, as_: As, name: str
) -> None:
    page = sent(as_("coordinator"), b"\x89PNG\x00\x01\x02", name=name)
    said = page.content.decode()
    assert page.status_code == 422
    assert "bestand" in said
    assert "/tmp" not in said


def test_all_faults_can_be_had_as_a_file_however_many(city: City, as_: As) -> None:
    body = HEADER + "".join(f"morgen {n},BU90010000,schulden,1,street,\n" for n in range(300))
    client = as_("coordinator")
    assert "En nog 100 meer" in sent(client, body, what="look").content.decode()
    response = sent(client, body, what="faults")
    faults = pl.read_excel(io.BytesIO(response.content), infer_schema_length=0)
    assert faults.height == 300
    assert faults["Regel"].to_list()[:2] == ["2", "3"]


def test_the_example_can_be_read_in_as_it_is(city: City, as_: As) -> None:
    client = as_("coordinator")
    example = client.get("/signalen/inlezen/voorbeeld/").content
    page = sent(client, example, name="voorbeeld.xlsx", what="look")
    assert "Het bestand klopt: 1 signaal" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dag;buurt\n1;2\n", "ontbreekt; verwacht: date, area, theme"),
        ("date,area,theme,naam\n2026-05-01,BU90010000,schulden,x\n", "een kolom die wij kennen"),
        (HEADER + "2026-05-01,BU90010000\n", "er zijn er 2"),
        (HEADER, "Er staan geen regels"),
        ("", "leeg"),
        (HEADER + f"2026-05-01,BU90010000,schulden,1,street,{'a' * 100_000}\n", "hoogstens 1000 leesbare tekens"),
    ],
)  # fmt: skip
def test_each_kind_of_bad_file_is_said_in_dutch(city: City, as_: As, text: str, said: str) -> None:
    page = sent(as_("coordinator"), text).content.decode()
    assert said in page
    assert "expected" not in page
    assert not Signal.objects.exists()


@pytest.mark.parametrize(
    "expected",
    [
        "a date such as 2024-05-31", "a day not after today", "a known area", "a theme of the list",
        "a whole number from 1 to 500", "a source of the list", "a value of the list",
        "at most 1000 readable characters",
        "a row of its own (2)", "a number of its own (2)", "column 'date' is missing; expected date, area, theme",
        "a known column: date, area", "every area once", "a property area (or buurtcode)",
        "a valid Polygon or MultiPolygon, but self-intersection[1 2]", "a code of a neighbourhood such as BU03630000",
        "expected 6 fields as in the header, but found 2", "every column once, but found it twice",
        "a number of people of at least 0, or '.' when it is not known",
    ],
)  # fmt: skip
def test_every_expectation_of_a_file_has_its_dutch(expected: str) -> None:
    said = in_dutch(Fault("bestand.csv", 3, "date", "x", expected))
    assert "regel 3" in said
    assert not any(english in said for english in ("expected", " a ", " the ", "missing", "every"))


def test_what_nobody_foresaw_is_said_in_dutch_without_the_place_of_a_file() -> None:
    said = in_dutch(SchakelError("/somewhere/secret/bestand.csv cannot be opened: Permission denied."))
    assert said == "Dit bestand kunnen wij niet lezen. Kies een ander bestand, of bewaar het opnieuw."


class Unread:
    """A body of which nobody may read a byte."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = __iter__ = read


@pytest.mark.parametrize("address", ["/signalen/inlezen/", "/beheer/gebieden/", "/meld/"])
def test_200_mb_are_refused_before_a_byte_is_read(city: City, as_: As, address: str) -> None:
    length = 200 * 1024**2
    announced: dict[str, Any] = {"CONTENT_LENGTH": str(length), "wsgi.input": Unread()}
    for client in (as_("coordinator"), Client()):
        page = client.generic("POST", address, b"", "multipart/form-data; boundary=x", **announced)
        assert page.status_code == 413
        assert "hoogstens 50 MB" in page.content.decode()
