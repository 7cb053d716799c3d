"""Join or build: existing ties first, then what can grow, and new things for what is missing (S005, S012, S087)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from schakel.provisions import Advice, Choice, Place, Provision, Status, advise, template
from schakel.records import Areas, SchakelError

TODAY = date(2026, 11, 26)
HERE, FAR = "BU03440101", "BU03440299"
AREAS = Areas(
    (HERE, "BU03440102", FAR),
    np.array([[136_000.0, 456_000.0], [137_000.0, 456_000.0], [160_000.0, 456_000.0]]),
    "plane",
    np.array([1000.0, 1000.0, 1000.0]),
)
TABLE = replace(template("eettafel_bewoners").made(id="table"), place=Place(HERE), checked=TODAY)
DINER = replace(template("wijkrestaurant").made(id="diner"), place=Place(HERE), checked=TODAY)


def advice(*provisions: Provision, themes: tuple[str, ...] = ("samen_eten",), **more: Any) -> Advice:
    return advise(provisions, areas=AREAS, codes=[HERE], themes=themes, today=TODAY, **more)


def test_an_existing_tie_of_residents_comes_first() -> None:
    """S012."""
    found = advice(DINER, TABLE)
    assert found.choice is Choice.JOIN
    assert [option.id for option in found.join] == ["table", "diner"]
    assert found.sentences[0] == "Sluit aan bij wat er is: Eettafel van buren."
    assert found.steps[0].startswith("Kijk eerst welke groepen en contacten er al zijn")


def test_what_is_full_or_not_for_everybody_can_grow() -> None:
    full = replace(TABLE, free=0)
    found = advice(full)
    assert found.choice is Choice.GROW
    assert "Zit vol. Vraag wat er nodig is voor een tweede groep." in found.grow[0].reasons
    closed_door = replace(TABLE, barriers=("trap",))
    assert (
        advice(closed_door)
        .grow[0]
        .reasons[-1]
        .startswith("Nog niet voor iedereen: er is een trap of drempel.")
    )
    assert advice(replace(closed_door, agreements=("helling",))).choice is Choice.JOIN


def test_too_few_places_for_all_who_ask_is_a_reason_to_grow() -> None:
    assert advice(replace(TABLE, free=3), people=11).choice is Choice.GROW
    assert advice(replace(TABLE, free=12), people=11).choice is Choice.JOIN
    assert advice(replace(TABLE, free=None), people=11).choice is Choice.JOIN


def test_a_group_that_does_something_like_it_may_open_up() -> None:
    """Of the same domain, and of residents themselves."""
    near = replace(TABLE, themes=("eenzaamheid",))
    (option,) = advice(near).grow
    assert option.reasons[-1] == "Doet iets wat erop lijkt. Vraag of er iets bij kan."
    assert advice(replace(DINER, themes=("eenzaamheid",))).choice is Choice.BUILD


def test_something_new_is_only_for_what_is_missing() -> None:
    found = advice(TABLE, themes=("samen_eten", "vallen"))
    assert (found.choice, found.missing) == (Choice.BUILD, ("vallen",))
    assert found.sentences[0].startswith("Voor vallen en evenwicht is hier nog niets.")
    assert "Wat er wel is, kan helpen bij het begin." in found.sentences


def test_nothing_at_all_is_advice_too() -> None:
    found = advice()
    assert (found.choice, found.missing, found.join, found.grow) == (Choice.BUILD, ("samen_eten",), (), ())


@pytest.mark.parametrize(
    "change",
    [
        {"place": Place(FAR)},
        {"reach_km": 0.5, "place": Place("BU03440102")},
        {"serves": ("BU03440299",)},
        {"status": Status.CLOSED},
        {"place": Place()},
    ],
)
def test_what_cannot_be_reached_is_no_option(change: dict[str, Any]) -> None:
    assert advice(replace(TABLE, **change)).choice is Choice.BUILD


def test_a_provision_for_the_whole_town_is_an_option_without_a_place() -> None:
    assert advice(replace(TABLE, place=Place(), serves=("GM0344",))).join[0].km is None


def test_help_for_one_person_or_with_a_decision_does_not_answer_a_shared_question() -> None:
    """S131: Schakel never decides on a maatwerkvoorziening."""
    day = replace(template("dagbesteding").made(id="day"), place=Place(HERE))
    alone = replace(template("huisarts").made(id="gp"), place=Place(HERE))
    assert advice(day, themes=("lege_dagen",)).choice is Choice.BUILD
    assert advice(alone, themes=("eten_gewicht",)).choice is Choice.BUILD


def test_what_is_stale_comes_with_the_question_whether_it_is_still_there() -> None:
    """S129."""
    assert advice(replace(TABLE, checked=None)).join[0].cautions == ("Vraag eerst of dit nog bestaat.",)
    assert advice(replace(DINER, checked=None)).join[0].cautions == ("Vraag eerst of dit nog klopt.",)


@pytest.mark.parametrize(
    ("codes", "themes", "said"),
    [
        (["BU99999999"], ["vallen"], "not among the areas"),
        ([HERE], ["iets"], "no theme 'iets'"),
        ([], ["vallen"], "at least one area"),
        ([HERE], [], "at least one area and one theme"),
    ],
)
def test_a_question_that_cannot_be_is_refused(codes: list[str], themes: list[str], said: str) -> None:
    with pytest.raises(SchakelError, match=said):
        advise([], areas=AREAS, codes=codes, themes=themes, today=TODAY)
