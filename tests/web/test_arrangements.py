"""Composing together: suggestion, choice, change, agreement; the resident directs it (S010, S011, S032–S034, S107)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from schakel.arrangements import Kind as LibraryKind
from schakel_web.arrangements import actions, tasks
from schakel_web.arrangements.models import Arrangement, Choice, Component, Kind, Remark, Scaling, State
from schakel_web.audit.models import Event
from schakel_web.network.versions import ConflictError
from schakel_web.privacy import retention
from schakel_web.signals import actions as signal_actions
from schakel_web.signals.actions import PersonalDataError
from schakel_web.signals.models import Clarification, Signal
from schakel_web.signals.receipts import new_code
from schakel_web.socialmap.models import Provision, Session
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def tuesday(start: int = 18 * 60, day: date = date(2026, 1, 6)) -> Session:
    """Every week."""
    return Session(
        first=day, rule=f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE'][day.weekday()]}", start=start, minutes=120
    )


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def plan(city: City, code: str) -> Arrangement:
    """An arrangement for somebody who eats alone and moves too little, with three offers around."""
    request = make.signal(city.areas[0], kind="request", text="Ik eet altijd alleen.", code=code)
    request.themes.create(theme="te_weinig_bewegen", area=request.area)
    Clarification.objects.create(signal=request, wish="Weer met anderen aan tafel zitten.")
    request = Signal.objects.select_related("clarification").get(pk=request.pk)
    make.provision(
        city.areas[0], name="Eettafel", themes=["eenzaamheid"], approach=0.9, formality=0.2, resident_cost=4,
        free=3, sessions=[tuesday()], payers=["bewoners"], wheelchair=True, group_to=12,
    )  # fmt: skip
    make.provision(
        city.areas[0], name="Wandelgroep", themes=["te_weinig_bewegen"], approach=0.85, formality=0.2, resident_cost=0,
        free=9, sessions=[tuesday(10 * 60)], payers=["bewoners"], group_to=12,
    )  # fmt: skip
    make.provision(
        city.areas[1], name="Begeleiding thuis", themes=["eenzaamheid", "te_weinig_bewegen"], approach=0.05,
        formality=0.95, legal_type="maatwerkvoorziening", decision=True, access="beschikking", payers=["gemeente_wmo"],
        price_low=3000, price_high=9000, hours=20,
    )  # fmt: skip
    return make.arrangement(request, city.teams[0], city["member"])


def frame(plan: Arrangement, **changes: Any) -> dict[str, Any]:
    """What the form with needs and wishes sends."""
    given: dict[str, Any] = {
        "do": "frame", "kader-version": plan.version, "kader-goal": plan.goal, "vraag-TOTAL_FORMS": 2,
        "vraag-INITIAL_FORMS": 2, "vraag-0-theme": "eenzaamheid", "vraag-0-weight": "2", "vraag-0-must": "on",
        "vraag-1-theme": "te_weinig_bewegen", "vraag-1-weight": "1",
    }  # fmt: skip
    given |= {f"kader-weight_{name}": usual for name, _label, usual in tasks.preferences()}
    return given | {f"kader-{name}": value for name, value in changes.items()}


def refreshed(plan: Arrangement) -> Arrangement:
    return Arrangement.objects.select_related("request", "request__area").get(pk=plan.pk)


def suggested(plan: Arrangement, by: Any) -> dict[str, Any]:
    return actions.suggest(arrangement=refreshed(plan), by=by)


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
    suggested(plan, city["member"])
    as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", {"number": 0, "version": 0})
    assert {c.title: c.kind for c in plan.components.all()} == {
        "Eettafel": Kind.COLLECTIVE, "Wandelgroep": Kind.COLLECTIVE,
    }  # fmt: skip
    assert set(Choice.objects.values_list("what", flat=True)) == {"accept"}
    as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", {"number": 0, "version": 1})
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
    actions.accept(arrangement=refreshed(plan), version=0, number=0, reason="", by=city["member"])
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


# --- the resident directs it


def test_the_resident_reads_comments_and_agrees_with_the_code_s107(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Component.objects.create(
        arrangement=plan, kind="eigen_inzet", title="Elke dag een blokje om", goal="Fitter worden."
    )
    client = Client()
    assert "Lees uw plan" in client.get(f"/mijn-signaal/{code}/").content.decode()
    page = client.get(f"/mijn-signaal/{code}/plan/").content.decode()
    assert "Elke dag een blokje om" in page
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "remark", "opmerking-text": "Liever in de ochtend."})
    assert Remark.objects.get().resident
    assert "Liever in de ochtend." in as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 0})
    assert refreshed(plan).state == State.AGREED
    assert Event.objects.filter(action="arrangements.agree", role="resident").exists()


def test_nobody_else_agrees_and_without_agreement_it_does_not_begin_s107(
    city: City, as_: As, plan: Arrangement
) -> None:
    client = as_("member")
    given = {"do": "move", "stand-version": 0, "stand-to": "running"}
    page = client.post(f"/arrangementen/{plan.pk}/", given, follow=True).content.decode()
    assert "nog niet eens" in page
    assert refreshed(plan).state == State.DRAFT
    actions.agree(arrangement=plan, version=refreshed(plan).version)
    client.post(f"/arrangementen/{plan.pk}/", given | {"stand-version": refreshed(plan).version})
    assert refreshed(plan).state == State.RUNNING


def test_what_changes_after_the_resident_agreed_is_asked_again(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.agree(arrangement=plan, version=0)
    actions.add_part(arrangement=plan, version=1, kind="eigen_inzet", title="Koken", by=city["member"])
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.DRAFT, None)
    page = (
        Client()
        .post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 0}, follow=True)
        .content.decode()
    )
    assert "net veranderd" in page
    assert refreshed(plan).state == State.DRAFT


def test_the_resident_withdraws_the_plan_and_all_words_go_r14(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Component.objects.create(arrangement=plan, kind="eigen_inzet", title="Koken")
    client = Client()
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "withdraw"})
    assert not Component.objects.exists()
    assert (refreshed(plan).goal, refreshed(plan).needs, refreshed(plan).state) == ("", [], State.WITHDRAWN)
    assert as_("member").get(f"/arrangementen/{plan.pk}/").status_code == 404
    assert client.get(f"/mijn-signaal/{code}/plan/").status_code == 404
    assert client.get(f"/mijn-signaal/{code}/").status_code == 200


def test_withdrawing_the_request_takes_the_plan_along_r14(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Client().post(f"/mijn-signaal/{code}/intrekken/")
    assert refreshed(plan).goal == ""
    assert as_("member").get("/arrangementen/").context["arrangements"].count() == 0


def test_a_request_that_was_withdrawn_hides_its_plan_whoever_withdrew_it(
    city: City, as_: As, plan: Arrangement
) -> None:
    signal_actions.withdraw(signal=plan.request, by=None)
    assert as_("member").get(f"/arrangementen/{plan.pk}/").status_code == 404


def test_the_plan_on_paper_speaks_to_the_resident_and_says_when_where_and_what_it_costs(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    actions.accept(arrangement=refreshed(plan), version=0, number=0, reason="", by=city["member"])
    page = as_("member").get(f"/arrangementen/{plan.pk}/afdrukken/").content.decode()
    for words in (
        "Wat u wilt bereiken",
        "Elke dinsdag van 18.00 tot 20.00 uur",
        "€ 4,00 per keer",
        "altijd iets veranderen",
    ):
        assert words in page
    assert Event.objects.filter(action="arrangements.print", outcome="exported").exists()


def test_the_list_shows_those_of_the_own_team_only(city: City, as_: As, plan: Arrangement) -> None:
    assert "aan tafel zitten" in as_("member").get("/arrangementen/").content.decode()
    assert "aan tafel zitten" not in as_("outsider").get("/arrangementen/").content.decode()


# --- where the team points to, and what is kept


def test_the_other_mode_of_the_chart_counts_what_the_team_points_to_s119(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    actions.accept(arrangement=refreshed(plan), version=0, number=0, reason="", by=city["member"])
    actions.add_part(arrangement=plan, version=1, kind="eigen_inzet", title="Koken", by=city["member"])
    page = as_("member").get("/kaart/verwezen/")
    assert page.context["quadrants"] == {"informal_collective": 2}
    assert page.context["own"] == 1
    assert as_("outsider").get("/kaart/verwezen/").context["total"] == 0


def test_words_go_after_eighteen_months_and_what_pointed_where_stays_r15(
    city: City, plan: Arrangement
) -> None:
    offer = next(iter(tasks.offers(plan)))
    actions.add_offer(arrangement=plan, version=0, provision=offer, by=city["member"])
    actions.remark(arrangement=plan, text="Fijn zo.", by=None)
    Arrangement.objects.update(changed=timezone.now() - timedelta(days=600))
    retention.run(by=None)
    assert (refreshed(plan).goal, refreshed(plan).needs) == ("", [])
    assert Component.objects.get().provision == offer
    assert not Remark.objects.exists()
    assert retention.run(by=None) == []


def test_a_plan_opens_with_its_code_also_after_the_secret_key_was_renewed(city: City, settings: Any) -> None:
    code = new_code()
    request = make.signal(city.areas[0], kind="request", code=code)
    make.arrangement(request, city.teams[0], city["member"])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "een nieuwe sleutel " * 3
    assert Client().get(f"/mijn-signaal/{code}/plan/").status_code == 200


def test_a_form_that_was_open_writes_nothing_in_a_plan_that_was_taken_back_r14(city: City) -> None:
    plan = make.arrangement(make.signal(city.areas[0], kind="request"), city.teams[0], city["member"])
    actions.withdraw(arrangement=plan)
    with pytest.raises(ConflictError):
        actions.set_frame(
            arrangement=plan, version=plan.version, by=city["member"], goal="Weer buiten komen."
        )
    plan.refresh_from_db()
    assert plan.goal == ""


def test_a_plan_that_goes_back_and_changes_does_not_begin_on_the_old_agreement_s107(
    city: City, plan: Arrangement
) -> None:
    by = city["member"]
    actions.agree(arrangement=plan, version=0)
    actions.move(arrangement=refreshed(plan), version=1, to=State.DRAFT, by=by)
    actions.add_part(
        arrangement=plan, version=2, kind="individuele_ondersteuning", title="Begeleiding", by=by
    )
    with pytest.raises(ValueError, match="agree"):
        actions.move(arrangement=refreshed(plan), version=3, to=State.RUNNING, by=by)
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.DRAFT, None)


def test_what_changes_in_a_plan_that_runs_is_asked_again_and_it_keeps_running_s107(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.agree(arrangement=plan, version=0)
    actions.move(arrangement=refreshed(plan), version=1, to=State.RUNNING, by=city["member"])
    actions.add_part(arrangement=plan, version=2, kind="eigen_inzet", title="Koken", by=city["member"])
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.RUNNING, None)
    assert "Ik ben het eens" in Client().get(f"/mijn-signaal/{code}/plan/").content.decode()
    actions.agree(arrangement=plan, version=3)
    assert refreshed(plan).state == State.RUNNING
    assert refreshed(plan).agreed


def test_a_plan_that_is_over_does_not_come_back_by_agreeing_with_it(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.move(arrangement=plan, version=0, to=State.ENDED, by=city["member"])
    Client().post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 1})
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.ENDED, None)


def test_an_old_plan_does_not_begin_again_beside_a_new_one_and_it_is_said_why(
    city: City, as_: As, plan: Arrangement
) -> None:
    actions.move(arrangement=plan, version=0, to=State.ENDED, by=city["member"])
    actions.begin(request=plan.request, team=plan.team, by=city["member"])
    given = {"do": "move", "stand-version": 1, "stand-to": "draft"}
    page = as_("member").post(f"/arrangementen/{plan.pk}/", given, follow=True).content.decode()
    assert "al een ander plan" in page
    assert refreshed(plan).state == State.ENDED


def test_nothing_is_written_in_a_plan_that_was_taken_back_just_now_r14(
    city: City, plan: Arrangement, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, late = city["member"], refreshed(plan)
    kept = actions.add_part(arrangement=plan, version=0, kind="eigen_inzet", title="Koken", by=by)
    composed = tasks.compose_for

    def slowly(arrangement: Arrangement) -> dict[str, Any]:
        found = composed(arrangement)
        actions.withdraw(arrangement=arrangement)
        return found

    monkeypatch.setattr(tasks, "compose_for", slowly)
    writes: list[Callable[[], object]] = [
        lambda: actions.suggest(arrangement=late, by=by),
        lambda: actions.remark(arrangement=late, text="Liever later.", by=None),
        lambda: actions.scale(arrangement=late, direction="down", reason="Het gaat goed.", by=by),
        lambda: actions.reject(arrangement=late, provision=None, title="alles", reason="Te ver.", by=by),
        lambda: actions.follow_part(component=kept, outcome="", outcome_text="Fijn.", handed=None, by=by),
        lambda: actions.add_part(arrangement=late, version=1, kind="eigen_inzet", title="Koken", by=by),
    ]
    for write in writes:
        with pytest.raises(ConflictError):
            write()
    assert refreshed(plan).suggestion == {}
    assert not [rows for rows in (Component, Remark, Scaling, Choice) if rows.objects.exists()]


@pytest.mark.parametrize("given", ["²", "9" * 5000, "9" * 25, "-1", ""])
def test_a_number_that_is_none_changes_nothing_and_is_no_error_of_ours(
    city: City, as_: As, plan: Arrangement, code: str, given: str
) -> None:
    suggested(plan, city["member"])
    client, provision = as_("member"), Provision.objects.first()
    assert provision is not None
    page = f"/arrangementen/{plan.pk}"
    for part in ({"number": given, "version": 0}, {"number": 0, "version": given}):
        assert client.post(f"{page}/overnemen/", part).status_code == 302
    assert client.post(f"{page}/aanbod/", {"provision": given, "version": 0}).status_code == 404
    assert client.post(f"{page}/aanbod/", {"provision": provision.pk, "version": given}).status_code == 302
    agreed = Client().post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": given})
    assert agreed.status_code == 302
    assert (refreshed(plan).version, refreshed(plan).state) == (0, State.DRAFT)
    assert not plan.components.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("minutes", 0, "minuut"), ("minutes", 2000, "dag"), ("hours", 1e308, "168"), ("hours", 169, "168")],
)
def test_a_part_that_lasts_no_time_or_more_than_there_is_stays_in_the_form(
    as_: As, plan: Arrangement, field: str, value: float, said: str
) -> None:
    given = {
        "do": "part", "deel-version": 0, "deel-kind": "individuele_ondersteuning", "deel-title": "Begeleiding",
        "deel-day": 1, "deel-begin_at": "10:00", "deel-minutes": 60, "deel-hours": 2, f"deel-{field}": value,
    }  # fmt: skip
    answer = as_("member").post(f"/arrangementen/{plan.pk}/", given)
    assert answer.status_code == 422
    assert said in str(answer.context["forms"]["part"].errors[field])
    assert not plan.components.exists()
