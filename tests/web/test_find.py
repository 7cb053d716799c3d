"""Finding signals: filters, the map with its table, and the file, all within one scope (R17, DESIGN §3, §8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from schakel_web.audit.models import Event, Outcome
from schakel_web.network.maps import shaded
from schakel_web.network.models import Area, Border
from schakel_web.signals.find import safe
from schakel_web.signals.models import State
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
TODAY = timezone.localdate


def found(client: Client, **filters: Any) -> list[str]:
    return [signal.text for signal in client.get("/signalen/", filters).context["signals"]]


@pytest.mark.parametrize(
    ("filters", "hit"),
    [
        ({"theme": "schulden"}, "Oud"),
        ({"source": "street"}, "Nieuw"),
        ({"life_phase": "youth"}, "Nieuw"),
        ({"kind": "request"}, "Oud"),
        ({"since": "-5"}, "Nieuw"),
        ({"until": "-5"}, "Oud"),
        ({"since": "-12", "until": "-8"}, "Oud"),
        ({"area": 1}, "Nieuw"),
    ],
)
def test_each_filter_leaves_what_was_asked(city: City, as_: As, filters: dict[str, Any], hit: str) -> None:
    make.signal(
        city.areas[0], text="Oud", theme="schulden", kind="request", date=TODAY() - timedelta(days=10)
    )
    make.signal(city.areas[1], text="Nieuw", source="street", life_phase="youth")
    asked = {
        key: city.areas[value].pk if key == "area"
        else (TODAY() + timedelta(days=int(value))).isoformat() if key in {"since", "until"}
        else value
        for key, value in filters.items()
    }  # fmt: skip
    assert found(as_("member"), **asked) == [hit]


def test_a_period_that_runs_backwards_is_said(city: City, as_: As) -> None:
    page = as_("member").get("/signalen/?since=2026-05-02&until=2026-05-01")
    assert "ligt voor" in page.content.decode()


def test_only_who_moderates_finds_what_waits_or_was_refused(city: City, as_: As) -> None:
    for state in State:
        make.signal(city.areas[0], text=f"Stand {state}.", state=state)
    assert found(as_("coordinator"), state="waiting") == ["Stand waiting."]
    assert found(as_("coordinator"), state="refused") == ["Stand refused."]
    for asked in ("", "waiting", "refused", "withdrawn"):
        assert found(as_("member"), state=asked) == ["Stand accepted."]
    assert "Stand withdrawn." not in found(as_("coordinator"), state="withdrawn")


@pytest.mark.parametrize("state", [State.WAITING, State.REFUSED])
def test_a_team_member_does_not_open_what_nobody_looked_at(city: City, as_: As, state: State) -> None:
    kept = make.signal(city.areas[0], state=state)
    assert as_("member").get(f"/signalen/{kept.pk}/").status_code == 404
    assert as_("coordinator").get(f"/signalen/{kept.pk}/").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "na=2026-13-45_1", "na=2026-01-01_99999999999999999999999", "na=_", "na=²_²", "area=²",
        "area=99999999999999999",
        "since=31-31-2026", "q=%00", "theme=bestaat_niet", f"q={'a' * 500}", "state=withdrawn", "life_phase=x",
    ],
)  # fmt: skip
def test_an_address_that_somebody_made_up_is_no_error_of_ours(city: City, as_: As, query: str) -> None:
    make.signal(city.areas[0])
    client = as_("coordinator")
    for address in ("/signalen/", "/signalen/kaart/", "/signalen/bestand/"):
        assert client.get(f"{address}?{query}", follow=True).status_code == 200


def test_the_map_and_its_table_show_the_same_numbers_of_the_own_areas_only(city: City, as_: As) -> None:
    for _ in range(3):
        make.signal(city.areas[0])
    make.signal(city.areas[1])
    make.signal(city.areas[1], date=TODAY() - timedelta(days=200))
    make.signal(city.areas[4])
    page = as_("member").get("/signalen/kaart/")
    table = {area.name: number for area, number, _last in page.context["table"]}
    drawn = {shape.area.name: shape.number for shape in page.context["map"].shapes}
    assert table == drawn == {"Buurt 00": 3, "Buurt 01": 1, "Buurt 02": 0}
    assert "<svg" in page.content.decode()
    assert "Buurt 11" not in page.content.decode()


@pytest.mark.parametrize("asked", ["theme=bestaatniet", "since=1-1-2020x", "theme=eenzaamheid&area={far}"])
def test_what_cannot_be_asked_is_nothing_and_not_everything(city: City, as_: As, asked: str) -> None:
    make.signal(city.areas[0])
    client, query = as_("member"), asked.format(far=city.areas[4].pk)
    page = client.get(f"/signalen/?{query}")
    assert (page.context["number"], bool(page.context["form"].errors)) == (0, True)
    away = client.get(f"/signalen/bestand/?{query}")
    assert (away.status_code, away["Location"].startswith("/signalen/?")) == (302, True)


def test_the_map_takes_the_filters_of_the_list(city: City, as_: As) -> None:
    make.signal(city.areas[0], theme="schulden")
    make.signal(city.areas[1])
    page = as_("member").get("/signalen/kaart/?theme=schulden")
    assert {area.name: n for area, n, _last in page.context["table"] if n} == {"Buurt 00": 1}


def test_a_map_without_borders_leaves_the_table(city: City, as_: As) -> None:
    Border.objects.all().delete()
    make.signal(city.areas[0])
    page = as_("member").get("/signalen/kaart/")
    assert page.context["map"] is None
    assert page.context["table"][0][1] == 1


@given(counts=st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_a_darker_area_never_has_fewer_signals_and_none_is_white(counts: list[int]) -> None:
    areas = [Area(pk=k, name=str(k), x=k * 10.0 + 5, y=5.0) for k in range(len(counts))]
    for k, area in enumerate(areas):
        area.border = Border(rings=[[[k * 10, 0], [k * 10 + 10, 0], [k * 10, 10]]])
    made = shaded(areas, dict(enumerate(counts)))
    assert made is not None
    steps = {shape.number: shape.step for shape in made.shapes}
    ordered = [steps[number] for number in sorted(steps)]
    assert ordered == sorted(ordered)
    assert all((step == 0) == (number == 0) and step <= 5 for number, step in steps.items())
    assert all(0 <= shape.x <= made.width and 0 <= shape.y <= made.height for shape in made.shapes)


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/signalen/bestand/{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_the_same_signals_as_the_list_and_the_log_says_how_many(city: City, as_: As) -> None:
    make.signal(city.areas[0], text="Één lift is kapot; al weken.", theme="schulden")
    make.signal(city.areas[1])
    make.signal(city.areas[4], text="Van een ander team.")
    make.waiting(city.areas[0])
    client = as_("member")
    assert [row["text"] for row in exported(client, "?theme=schulden")] == ["Één lift is kapot; al weken."]
    assert {row["area"] for row in exported(client)} == {"BU90010000", "BU90010001"}
    rows = Event.objects.filter(outcome=Outcome.EXPORTED, actor=city["member"].pk).order_by("pk")
    assert [row.facts["rows"] for row in rows] == [1, 2]


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)"])
def test_nothing_in_the_file_is_a_formula(city: City, as_: As, text: str) -> None:
    make.signal(city.areas[0], text=text)
    assert exported(as_("member"))[0]["text"].startswith("'")


@given(st.text(max_size=30))
def test_a_safe_cell_never_begins_as_a_formula_and_loses_nothing(text: str) -> None:
    cell = safe(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@"))
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


def test_what_was_exported_can_be_read_in_again(city: City, as_: As) -> None:
    make.signal(city.areas[0], text="De lift is kapot.", life_phase="elderly", kind="request", people=4)
    client = as_("coordinator")
    response = client.get("/signalen/bestand/")
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    file = io.BytesIO(body)
    file.name = "terug.csv"
    page = client.post("/signalen/inlezen/", {"file": file, "what": "look"})
    assert "Het bestand klopt: 1 signaal" in page.content.decode()
