"""What is asked against what there is, and join or build (R5, R7, R11, S005, S012, S083, S087)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.network.models import Figure
from schakel_web.questions import actions
from schakel_web.questions.models import Look, Publication, QuestionState
from schakel_web.questions.publishing import publish
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import domain_label, taxonomy
from schakel_web.socialmap.models import CoverageRun, Session
from schakel_web.socialmap.tasks import coverage
from schakel_web.socialmap.tasks.advice import advised
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def calculated() -> CoverageRun:
    run = CoverageRun.objects.create(parameters={"reach_km": 1.5, "days": 365})
    coverage.calculate.func(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def asked(city: City) -> City:
    """Many who are lonely in two neighbourhoods, and one place, in the first of them."""
    for area in (city.areas[0], city.areas[2], city.areas[4]):
        make.signal(area, people=40)
    make.signal(city.areas[0], people=30, theme="veiligheid_thuis", sensitive=True)
    make.provision(
        city.areas[0], name="Eettafel", themes=["eenzaamheid"], capacity=20, reach_km=0.5,
        sessions=[Session(first="2026-01-06", rule="FREQ=WEEKLY;BYDAY=TU", start=1020)],
    )  # fmt: skip
    return city


def test_gaps_are_worked_out_in_the_background_and_kept_with_how_r11(asked: City) -> None:
    run = calculated()
    assert run.state == "done"
    assert run.version
    worst = run.result["team"][0]
    assert (worst["theme"], worst["area"]) in {
        ("eenzaamheid", asked.areas[2].code),
        ("eenzaamheid", asked.areas[4].code),
    }
    assert run.result["single"][0]["name"] == "Eettafel"


def test_sensitive_themes_are_never_a_gap_r5(asked: City) -> None:
    run = calculated()
    assert "veiligheid_thuis" not in str(run.result)


def test_a_team_sees_its_own_areas_and_who_is_outside_protected_figures_r7(asked: City, as_: As) -> None:
    make.signal(asked.areas[1], people=3, theme="schulden")
    run = calculated()
    theirs = {gap["area"] for gap in as_("outsider").get("/vraag-en-aanbod/").context["gaps"]}
    assert theirs <= {area.code for area in asked.areas[3:]}
    mine = as_("member").get("/vraag-en-aanbod/").context["gaps"]
    assert ("schulden", asked.areas[1].code) in {(gap["theme"], gap["area"]) for gap in mine}
    assert run.result["public"]["gaps"] == []  # nothing left the team yet


def test_outside_the_teams_coverage_says_nothing_that_the_published_table_does_not_say_r7(
    asked: City, as_: As
) -> None:
    people = [asked["member"], asked["mate"], asked["owner"]]
    Signal.objects.filter(sensitive=False).delete()
    for area in asked.areas:
        for reporter in people:
            make.signal(area, people=12, reporter=reporter)
    publish(by=None, on=timezone.localdate() + timedelta(days=32))
    table = Publication.needs()
    before = calculated().result["public"]
    assert before["gaps"]
    assert {(gap["theme"], gap["area"]) for gap in before["gaps"]} <= set(table)
    page = as_("policy").get("/vraag-en-aanbod/")
    domain = taxonomy().theme("eenzaamheid").domain
    assert {gap["theme"] for gap in page.context["gaps"]} == {domain}
    assert domain_label(domain) in page.content.decode()
    make.signal(asked.areas[1], people=3, theme="schulden")
    make.signal(asked.areas[4], people=60, date=timezone.localdate() - timedelta(days=40))
    assert calculated().result["public"] == before  # also from two calculations nothing can be subtracted


def test_the_gap_map_says_in_a_table_what_it_draws(asked: City, as_: As) -> None:
    calculated()
    page = as_("member").get("/vraag-en-aanbod/?theme=eenzaamheid").content.decode()
    assert page.count('class="atlas__area') == 6
    assert asked.areas[2].name in page
    assert "Als dit stopt" in page


def test_one_calculation_at_a_time_and_a_failed_one_says_so(city: City, as_: As) -> None:
    client = as_("policy")
    client.post("/vraag-en-aanbod/opnieuw/")
    assert "al gerekend" in client.post("/vraag-en-aanbod/opnieuw/", follow=True).content.decode()
    run = CoverageRun.objects.get()
    for area in city.areas:
        area.x = None
        area.save()
    coverage.calculate.func(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "mislukt" in client.get("/vraag-en-aanbod/").content.decode()


def test_without_known_inhabitants_nothing_breaks(asked: City) -> None:
    Figure.objects.all().delete()
    assert calculated().state == "done"


# --- join or build


def test_existing_ties_come_first_with_reasons_and_what_is_missing_is_said_s012(city: City) -> None:
    make.provision(
        city.areas[0],
        name="Kerkkoffie",
        themes=["eenzaamheid"],
        legal_type="buiten_zorg_welzijn",
        approach=0.9,
        free=8,
    )
    make.provision(city.areas[0], name="Eettafel", themes=["eenzaamheid"], approach=0.9, free=0)
    found = advised(areas=city.areas[:1], theme="eenzaamheid", people=6)
    assert found is not None
    assert [one.name for one in found.advice.join] == ["Kerkkoffie"]
    assert [one.name for one in found.advice.grow] == ["Eettafel"]
    assert found.advice.join[0].reasons
    nothing = advised(areas=city.areas[3:4], theme="schulden", people=6)
    assert nothing is not None
    assert str(nothing.advice.choice) == "build"
    assert nothing.advice.missing == ("schulden",)


def test_a_question_is_not_taken_up_before_somebody_looked_at_what_exists_s012(city: City, as_: As) -> None:
    there = make.provision(city.areas[0], name="Kerkkoffie", themes=["eenzaamheid"], approach=0.9, free=8)
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=QuestionState.CONFIRMED)
    question.checks.create(date="2026-01-05", how="koffie", people=5, said="ja", result="recognised")
    client = as_("member")
    move = {"do": "move", "move-version": 0, "move-to": "taken_up", "move-why": "Wij gaan beginnen."}
    page = client.post(f"/vragen/{question.pk}/", move, follow=True).content.decode()
    assert "Kijk eerst wat er al is" in page
    assert "Kerkkoffie" in page
    assert (
        "Wij gaan beginnen." in client.get(f"/vragen/{question.pk}/").content.decode()
    )  # what was typed is kept
    with pytest.raises(actions.LookFirstError):
        actions.move(question=question, version=0, to="taken_up", why="toch", by=city["member"])
    given = {"result": "join", "provision": "", "reason": "Er is plaats."}
    assert client.post(f"/vragen/{question.pk}/aanbod/", given).status_code == 422
    client.post(f"/vragen/{question.pk}/aanbod/", given | {"provision": there.pk})
    made = Look.objects.get()
    assert (made.result, made.provision, made.advised) == ("join", there, "join")
    client.post(f"/vragen/{question.pk}/", move)
    question.refresh_from_db()
    assert question.state == QuestionState.TAKEN_UP
    assert "bestaand aanbod bekeken" in client.get(f"/vragen/{question.pk}/").content.decode().lower()
