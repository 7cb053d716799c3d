"""Patterns that lie across a border of teams (docs/adr/0018): seen whole, decided once, and everybody hears it."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client

from schakel_web.questions.models import PatternState
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def shown(page: Any) -> str:
    return unescape(page.content.decode())


def words(city: City, team: int, **fields: object) -> dict[str, object]:
    return {
        "text": "Wij willen samen eten.", "theme": "eenzaamheid", "areas": [city.areas[3].pk],
        "team": city.teams[team].pk, **fields,
    }  # fmt: skip


def test_a_team_hears_on_the_board_that_another_team_put_aside_what_also_lies_here_and_why(
    city: City, as_: As
) -> None:
    across = make.pattern(city.areas[2:4])
    as_("outsider").post(f"/patronen/{across.pk}/terzijde/", {"version": 0, "reason": "not_ours"})
    board = shown(as_("coordinator").get("/overleg/"))
    assert "Wat een ander team besloot" in board
    assert "terzijde gelegd door Outsider: dit ligt bij iemand anders" in board


def test_what_another_team_put_aside_can_be_looked_at_again_and_is_then_on_the_board_as_before(
    city: City, as_: As
) -> None:
    across = make.pattern(city.areas[2:4])
    as_("outsider").post(f"/patronen/{across.pk}/terzijde/", {"version": 0, "reason": "not_ours"})
    as_("member").post(f"/patronen/{across.pk}/oppakken/", {"version": 1})
    across.refresh_from_db()
    assert across.state == PatternState.OPEN
    assert "Wat een ander team besloot" not in shown(as_("coordinator").get("/overleg/"))


def test_a_team_hears_that_another_team_opened_a_question_without_reading_that_question(
    city: City, as_: As
) -> None:
    across = make.pattern(city.areas[2:4])
    as_("outsider").post("/vragen/nieuw/", words(city, 1, pattern=across.pk, pattern_version=0))
    across.refresh_from_db()
    assert across.state == PatternState.TAKEN
    for address in ("/overleg/", f"/patronen/{across.pk}/"):
        page = shown(as_("coordinator").get(address))
        assert "Team 1 opende hierover een vraag" in page
        assert "Wij willen samen eten" not in page


def test_what_the_own_team_decides_or_what_lies_elsewhere_is_no_news_of_another_team(
    city: City, as_: As
) -> None:
    own, theirs = make.pattern(city.areas[:3]), make.pattern(city.areas[4:], theme="schulden")
    as_("mate").post(f"/patronen/{own.pk}/terzijde/", {"version": 0, "reason": "known"})
    as_("outsider").post(f"/patronen/{theirs.pk}/terzijde/", {"version": 0, "reason": "known"})
    assert "Wat een ander team besloot" not in shown(as_("coordinator").get("/overleg/"))
