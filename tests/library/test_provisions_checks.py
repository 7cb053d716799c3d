"""What is wrong with a provision: every fault at once, with field, value and what was expected (DESIGN §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.io import read_areas
from schakel.provisions import (
    Organisation,
    Place,
    Position,
    PriceRange,
    Session,
    check,
    check_all,
    check_organisations,
    check_parents,
    load_templates,
    template,
)
from schakel.provisions.checks import EXPECTED
from schakel.provisions.land import inside
from schakel.themes import load_taxonomy

THEMES = frozenset(theme.id for theme in load_taxonomy().themes)
GOOD = replace(template("wandelgroep").made(id="w1"), place=Place("BU03440101", 136_000, 456_000))


def test_all_templates_are_without_fault() -> None:
    assert check_all([each.provision for each in load_templates()], themes=THEMES) == ()
    assert check(GOOD, themes=THEMES) == ()


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"id": " "}, "id", "id"),
        ({"name": ""}, "name", "name"),
        ({"position": Position(1.2, 0.5)}, "approach", "scale"),
        ({"position": Position(0.5, -0.1)}, "formality", "scale"),
        ({"position": Position(0.5, 0.5, float("nan"))}, "spread", "scale"),
        ({"resident_cost": -1.0}, "resident_cost", "cost"),
        ({"price": PriceRange(-5, 10)}, "price_low", "cost"),
        ({"price": PriceRange(20, 10)}, "price_low", "range"),
        ({"price": PriceRange(1, 10, "D")}, "price_basis", "basis"),
        ({"group": (0, 4)}, "group", "group"),
        ({"group": (9, 4)}, "group", "range"),
        ({"capacity": -1}, "capacity", "count"),
        ({"capacity": 5, "free": 6}, "free", "free"),
        ({"hours": -1.0}, "hours", "hours"),
        ({"hours": 1e308}, "hours", "hours"),
        ({"reach_km": 0.0}, "reach_km", "reach"),
        ({"reach_km": 1e308}, "reach_km", "reach"),
        ({"youngest": 18, "oldest": 12}, "youngest", "range"),
        ({"oldest": 200}, "oldest", "age"),
        ({"check_days": 0}, "check_days", "days"),
        ({"line": 3}, "line", "line"),
        ({"themes": ("gezelligheid",)}, "themes", "theme"),
        ({"life_phases": ("puber",)}, "life_phases", "phase"),
        ({"languages": ("nederlands",)}, "languages", "language"),
        ({"serves": ("Utrecht",)}, "serves", "area"),
        ({"place": Place("BU12")}, "area", "area"),
        ({"place": Place(None, 136_000, None)}, "y", "both"),
        ({"place": Place(None, 456_000, 136_000)}, "x", "swapped"),
        ({"place": Place(None, 5.12, 52.09)}, "x", "degrees"),
        ({"place": Place(None, 52.09, 5.12)}, "x", "degrees"),
        ({"place": Place(None, 40_000, 500_000)}, "x", "outside"),
        ({"place": Place(None, float("inf"), 456_000)}, "x", "outside"),
        ({"website": "voorbeeld.nl"}, "website", "website"),
        ({"email": "bel maar"}, "email", "email"),
        ({"owner_email": "x@y"}, "owner_email", "email"),
    ],
)
def test_a_fault_names_the_field_and_what_was_expected(
    change: dict[str, Any], field: str, expected: str
) -> None:
    (fault,) = check(replace(GOOD, **change), themes=THEMES, file="kaart.csv", line=7)
    assert (fault.file, fault.line, fault.field, fault.expected) == (
        "kaart.csv",
        7,
        field,
        EXPECTED[expected],
    )


def test_a_rule_that_never_occurs_is_a_fault() -> None:
    session = Session(date(2026, 1, 1), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    (fault,) = check(replace(GOOD, sessions=(session,)), themes=THEMES)
    assert (fault.field, fault.value) == ("sessions", session.rule)


def test_all_faults_come_at_once() -> None:
    bad = replace(GOOD, name="", capacity=-1, themes=("x", "y"))
    assert [fault.field for fault in check(bad, themes=THEMES)] == ["name", "capacity", "themes", "themes"]


def test_an_unknown_area_is_a_fault_where_the_areas_are_known() -> None:
    (fault,) = check(GOOD, themes=THEMES, areas={"BU03440102"})
    assert (fault.field, fault.value) == ("area", "BU03440101")


def test_nothing_was_checked_in_the_future() -> None:
    today = date(2026, 11, 27)
    ahead, now = (replace(GOOD, id=str(day), checked=day) for day in (date(2026, 11, 28), today))
    (fault,) = check_all([ahead, now], themes=THEMES, today=today, file="kaart.csv")
    assert (fault.line, fault.field, fault.value) == (1, "checked", "2026-11-28")
    assert fault.expected == EXPECTED["checked"]


def test_an_identifier_that_stands_there_twice_is_a_fault() -> None:
    (fault,) = check_all([GOOD, GOOD], themes=THEMES, file="kaart.csv")
    assert (fault.line, fault.field) == (2, "id")


@given(st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from(("", *"abcdefgz"))))
def test_every_circle_of_parents_is_found_and_nothing_else(parents: dict[str, str]) -> None:
    def returns(start: str) -> bool:
        at = parents[start]
        for _ in range(len(parents)):
            if at == start:
                return True
            at = parents.get(at, "")
        return False

    faults = check_parents(parents)
    circle = {f.file for f in faults if f.expected == EXPECTED["cycle"]}
    assert circle == {child for child in parents if returns(child)}
    lost = {f.file for f in faults if f.expected == EXPECTED["parent"]}
    assert lost == {child for child, parent in parents.items() if parent and parent not in parents}


def test_a_deep_tree_of_parents_is_no_trouble() -> None:
    deep = {str(n): str(n - 1) if n else "" for n in range(100_000)}
    assert check_parents(deep) == ()


def test_organisations_need_a_name() -> None:
    found = check_organisations([Organisation("a", "", parent="b"), Organisation("b", "B", parent="a")])
    assert [fault.field for fault in found] == ["name", "parent", "parent"]


@pytest.mark.public_data
def test_every_neighbourhood_of_the_country_is_on_land_and_the_sea_is_not(public_data: Path) -> None:
    areas = read_areas(public_data / "geo" / "nl_buurten_2024_approximate.geojson.gz")
    assert areas.metric == "plane"
    assert inside(areas.coordinates).all()
    assert not inside(areas.coordinates[:, ::-1]).any()
    assert not inside(np.array([[40_000.0, 500_000.0], [160_000, 250_000], [300_000, 450_000]])).any()
