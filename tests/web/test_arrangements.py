"""Composing together: suggestion, choice and change by hand (S010, S011, S032–S034)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from schakel.arrangements import Kind as LibraryKind
from schakel_web.arrangements import actions, tasks
from schakel_web.arrangements.models import Arrangement, Choice, Component, Kind, Scaling
from schakel_web.network.versions import ConflictError
from schakel_web.signals.actions import PersonalDataError
from schakel_web.socialmap.models import Provision
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.plans import accepted, frame, refreshed, suggested

As = Callable[[str], Client]


def test_the_kinds_of_parts_are_those_of_the_library() -> None:
    assert set(Kind.values) == {kind.value for kind in LibraryKind}


def test_it_begins_with_the_words_and_themes_of_the_request(plan: Arrangement) -> None:
    assert plan.goal == "Weer met anderen aan tafel zitten."
    assert [need["theme"] for need in plan.needs] == ["eenzaamheid", "te_weinig_bewegen"]


def test_a_request_has_one_arrangement_that_is_going(city: City, plan: Arrangement) -> None:
    assert actions.begin(request=plan.request, team=plan.team, by=city["mate"]) == plan
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.create(request=plan.request, team=plan.team)


# --- the suggestion


def test_a_suggestion_says_why_and_why_not_and_is_kept_with_its_question_r10_r11(
    city: City, as_: As, plan: Arrangement
) -> None:
    client = as_("member")
    client.post(f"/arrangementen/{plan.pk}/suggestie/")
    kept = refreshed(plan).suggestion
    names = {part["name"] for part in kept["combinations"][0]["parts"]}
    assert names == {"Eettafel", "Wandelgroep"}
    assert all(part["why"] for part in kept["combinations"][0]["parts"])
    assert "Begeleiding thuis" in {each["name"] for each in kept["rejected"]}
    assert kept["version"]
    assert kept["needs"] == plan.needs
    page = client.get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "Neem dit als begin" in page
    assert not plan.components.exists()  # a suggestion is no decision


def test_the_same_question_gets_the_same_answer_r11(city: City, plan: Arrangement) -> None:
    one, other = (suggested(plan, city["member"]) for _ in range(2))
    assert {**one, "made": ""} == {**other, "made": ""}


def test_a_suggestion_is_taken_over_as_a_beginning_and_that_is_recorded_r10(
    city: City, as_: As, plan: Arrangement
) -> None:
    made = suggested(plan, city["member"])["made"]
    given = {"number": 0, "version": 0, "made": made, "reason": "Dit is om de hoek."}
    as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", given)
    assert {c.title: c.kind for c in plan.components.all()} == {
        "Eettafel": Kind.COLLECTIVE, "Wandelgroep": Kind.COLLECTIVE,
    }  # fmt: skip
    assert set(Choice.objects.values_list("what", "reason")) == {("accept", "Dit is om de hoek.")}
    as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", given | {"version": 1})
    assert plan.components.count() == 2


def test_leaving_a_suggestion_needs_a_reason_r10(city: City, as_: As, plan: Arrangement) -> None:
    client = as_("member")
    client.post(f"/arrangementen/{plan.pk}/niet-overnemen/", {"version": 0, "reason": ""})
    assert not Choice.objects.exists()
    client.post(
        f"/arrangementen/{plan.pk}/niet-overnemen/",
        {"version": 0, "reason": "De bewoner wil eerst zelf kijken."},
    )
    assert Choice.objects.get().what == "reject"
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.create(arrangement=plan, what="reject", title="x", reason="")


def test_a_need_that_nothing_on_the_map_serves_is_said(city: City, as_: As, plan: Arrangement) -> None:
    Provision.objects.all().delete()
    as_("member").post(f"/arrangementen/{plan.pk}/suggestie/")
    page = as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    plan.refresh_from_db()
    assert plan.suggestion["uncovered"]
    assert plan.suggestion["combinations"] == []  # nothing to take over
    assert "nu niets gevonden dat hierbij past" in page
    assert "Wat dit niet oplost" in page
    assert "Neem dit als begin" not in page


def test_wishes_that_clash_are_named(city: City, as_: As, plan: Arrangement) -> None:
    client = as_("member")
    client.post(f"/arrangementen/{plan.pk}/", frame(plan, budget="1", groups="yes", no_waiting="on"))
    client.post(f"/arrangementen/{plan.pk}/suggestie/")
    page = client.get(f"/arrangementen/{plan.pk}/").content.decode()
    assert refreshed(plan).suggestion["combinations"] == []
    assert refreshed(plan).suggestion["clash"] in page.replace("&#x27;", "'").replace("&quot;", '"')
    assert "per maand" in refreshed(plan).suggestion["clash"]


def test_without_needs_nothing_is_suggested_and_it_is_said_why(
    city: City, as_: As, plan: Arrangement
) -> None:
    Arrangement.objects.update(needs=[])
    page = as_("member").post(f"/arrangementen/{plan.pk}/suggestie/", follow=True).content.decode()
    assert "Kies eerst waaraan" in page


# --- by hand


def test_everything_can_be_changed_by_hand_and_the_consequences_move_along(
    city: City, as_: As, plan: Arrangement
) -> None:
    client = as_("member")
    empty = client.get(f"/arrangementen/{plan.pk}/")
    assert [c["share"] for c in empty.context["effects"]["coverage"]] == [0, 0]
    eating = next(p for p in empty.context["offered"] if p.name == "Eettafel")
    client.post(f"/arrangementen/{plan.pk}/aanbod/", {"provision": eating.pk, "version": 0})
    page = client.get(f"/arrangementen/{plan.pk}/")
    effects = page.context["effects"]
    assert [c["share"] for c in effects["coverage"]] == [100, 0]
    assert [(v["day"], v["start"], v["name"]) for v in effects["week"]] == [(1, 18 * 60, "Eettafel")]
    assert effects["totals"].euros_month > 10
    assert "dinsdag" in page.content.decode()
    client.post(
        f"/arrangementen/onderdelen/{plan.components.get().pk}/",
        {"do": "remove", "weg-version": 1, "weg-reason": "Te druk voor de bewoner."},
    )
    assert [c["share"] for c in client.get(f"/arrangementen/{plan.pk}/").context["effects"]["coverage"]] == [
        0,
        0,
    ]
    assert Choice.objects.filter(what="remove", reason="Te druk voor de bewoner.").exists()


def test_own_contribution_and_own_network_count_as_much_as_an_offer_s018(
    city: City, as_: As, plan: Arrangement
) -> None:
    given = {
        "do": "part", "deel-version": 0, "deel-kind": "eigen_inzet", "deel-title": "Elke dag een blokje om",
        "deel-goal": "Ik wil fitter worden.", "deel-themes": ["te_weinig_bewegen"], "deel-day": "2",
        "deel-begin_at": "09:00", "deel-minutes": "30",
    }  # fmt: skip
    client = as_("member")
    assert client.post(f"/arrangementen/{plan.pk}/", given).status_code == 302
    effects = client.get(f"/arrangementen/{plan.pk}/").context["effects"]
    assert effects["coverage"][1]["share"] == 100
    assert effects["totals"].faces == 0
    assert Component.objects.get().goal == "Ik wil fitter worden."


def test_times_that_clash_are_said_and_not_refused(city: City, plan: Arrangement) -> None:
    for title in ("Zwemmen", "Koor"):
        Component.objects.create(
            arrangement=plan,
            kind="eigen_inzet",
            title=title,
            themes=["eenzaamheid"],
            day=1,
            begin=600,
            minutes=60,
        )
    effects = tasks.judged(plan, list(plan.components.all()))
    assert [set(names) for names in effects["overlaps"]] == [{"Zwemmen", "Koor"}]


def test_the_consequences_of_wishes_are_shown_before_they_are_kept(
    city: City, as_: As, plan: Arrangement
) -> None:
    Component.objects.create(
        arrangement=plan, kind="eigen_inzet", title="Koken", themes=["eenzaamheid"], cost_month=40
    )
    client = as_("member")
    page = client.post(f"/arrangementen/{plan.pk}/gevolgen/", frame(plan, budget="10")).content.decode()
    assert "Past niet bij de wens" in page
    assert "<html" not in page
    assert refreshed(plan).wishes == {}


def test_a_pointer_to_the_municipality_is_no_decision_s131(city: City, plan: Arrangement, as_: As) -> None:
    offer = next(p for p in tasks.offers(plan) if p.name == "Begeleiding thuis")
    actions.add_offer(arrangement=plan, version=0, provision=offer, by=city["member"])
    page = as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "beslist de gemeente" in page
    assert Component.objects.get().kind == Kind.PROVISION


def test_another_law_goes_first_and_says_who_pays_s135(city: City, plan: Arrangement, as_: As) -> None:
    nurse = make.provision(
        city.areas[0],
        name="Wijkverpleging",
        legal_type="voorliggende_voorziening",
        payers=["zvw"],
        themes=["eenzaamheid"],
    )
    actions.add_offer(arrangement=plan, version=0, provision=nurse, by=city["member"])
    page = as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "Wijkverpleging gaat voor" in page
    assert "zorgverzekeraar" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"budget": "-5"}, "niet lager zijn dan 0"),
        ({"max_km": "-1"}, "niet lager zijn dan 0"),
        ({"open_ended": "on", "ends": "2027-01-01"}, "Niet allebei"),
        ({"goal": "Bel mevrouw Jansen op 06-12345678."}, "Jansen"),
        ({"weight_collective": "-3"}, "niet lager zijn dan 0"),
    ],
)
def test_bad_wishes_are_said_in_dutch_and_nothing_is_kept(
    city: City, as_: As, plan: Arrangement, changes: dict[str, Any], said: str
) -> None:
    answer = as_("member").post(f"/arrangementen/{plan.pk}/", frame(plan, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert refreshed(plan).version == 0


def test_an_arrangement_may_have_no_end_s032(city: City, as_: As, plan: Arrangement) -> None:
    as_("member").post(f"/arrangementen/{plan.pk}/", frame(plan, open_ended="on"))
    assert refreshed(plan).open_ended
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.update(ends=timezone.localdate())


def test_scaling_goes_both_ways_with_a_reason_s034(city: City, as_: As, plan: Arrangement) -> None:
    client = as_("member")
    for direction in ("up", "down"):
        given = {"do": "scale", "schaal-direction": direction, "schaal-reason": ""}
        assert client.post(f"/arrangementen/{plan.pk}/", given).status_code == 422
        client.post(f"/arrangementen/{plan.pk}/", given | {"schaal-reason": "Dit past nu beter."})
    assert set(Scaling.objects.values_list("direction", flat=True)) == {"up", "down"}


def test_each_part_has_its_own_goal_and_outcome_s011(city: City, as_: As, plan: Arrangement) -> None:
    part = Component.objects.create(
        arrangement=plan, kind="eigen_inzet", title="Koken", goal="Ik wil weer koken."
    )
    as_("member").post(
        f"/arrangementen/onderdelen/{part.pk}/",
        {"do": "follow", "vervolg-outcome": "reached",
         "vervolg-outcome_text": "Ik kook nu op zondag.", "vervolg-handed": "2026-03-01"},
    )  # fmt: skip
    part.refresh_from_db()
    assert (part.outcome, part.outcome_text, part.handed) == (
        "reached",
        "Ik kook nu op zondag.",
        date(2026, 3, 1),
    )


def test_a_suggested_part_is_adapted_with_a_reason_r10(city: City, as_: As, plan: Arrangement) -> None:
    suggested(plan, city["member"])
    accepted(plan, city["member"])
    part = plan.components.get(title="Eettafel")
    given = {
        "do": "change", "deel-version": 1, "deel-title": "Eettafel", "deel-goal": "Eén keer per maand.",
        "deel-themes": ["eenzaamheid"], "deel-handover": "iemand van het wijkteam",
        "deel-reason": "Elke week is te veel.",
    }  # fmt: skip
    assert as_("member").post(f"/arrangementen/onderdelen/{part.pk}/", given).status_code == 302
    part.refresh_from_db()
    assert (part.goal, part.handover) == ("Eén keer per maand.", "iemand van het wijkteam")
    assert Choice.objects.filter(what="adapt", reason="Elke week is te veel.").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "collectief_aanbod"}, {"kind": "eigen_netwerk", "hours": 2}, {"kind": "eigen_inzet", "cost_month": -1},
        {"kind": "individuele_ondersteuning", "hours": -1}, {"kind": "eigen_inzet", "day": 1},
        {"kind": "eigen_inzet", "day": 9, "begin": 600, "minutes": 60},
    ],
)  # fmt: skip
def test_the_database_keeps_no_part_that_cannot_be(plan: Arrangement, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Component.objects.create(arrangement=plan, title="x", **wrong)


def test_personal_data_are_refused_at_the_last_door_r4(city: City, plan: Arrangement) -> None:
    with pytest.raises(PersonalDataError):
        actions.add_part(
            arrangement=plan, version=0, kind="eigen_netwerk", title="Bel 06-12345678", by=city["member"]
        )
    with pytest.raises(PersonalDataError):
        actions.remark(arrangement=plan, text="Mail naar piet@voorbeeld.nl", by=None)
    assert not Component.objects.exists()


def test_two_who_change_at_once_do_not_both_win(city: City, plan: Arrangement) -> None:
    given: dict[str, Any] = {"kind": "eigen_inzet", "title": "Koken"}
    actions.add_part(arrangement=plan, version=0, **given, by=city["member"])
    with pytest.raises(ConflictError):
        actions.add_part(arrangement=plan, version=0, **given, by=city["mate"])
    assert Component.objects.count() == 1
