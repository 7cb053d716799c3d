"""What follows from deciding: who hears it, who takes it over, what the meeting keeps (R10, R13, S051, S052)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from schakel_web.network.models import Membership, Team
from schakel_web.network.versions import ConflictError
from schakel_web.questions import actions
from schakel_web.questions.models import (
    Decision,
    Meeting,
    Promise,
    QuestionState,
    Run,
    RunState,
    SharedQuestion,
    Sighting,
    Sparring,
)
from schakel_web.questions.models.shared import NEEDS_CHECK
from schakel_web.signals.receipts import new_code
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


@pytest.mark.parametrize("state", sorted(QuestionState.values))
def test_the_database_itself_holds_no_confirmed_question_without_a_check_r13(city: City, state: str) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    change = SharedQuestion.objects.filter(pk=question.pk)
    if state not in NEEDS_CHECK:
        assert change.update(state=state) == 1
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        change.update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        SharedQuestion.objects.create(text="x", theme="schulden", team=city.teams[0], state=state)


def test_a_check_in_which_nobody_recognised_it_is_no_check_r13(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    day = timezone.localdate()
    for result, expected in (("not", None), ("partly", day), ("recognised", day)):
        actions.check(
            question=question,
            day=day,
            how="Op straat.",
            people=4,
            said="Nou.",
            result=result,
            by=city["member"],
        )
        question.refresh_from_db()
        assert question.checked == expected


def asked(city: City, kind: str, to: str = "Zorg") -> Sparring:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    question.links.create(signal=make.signal(city.areas[0], text="Dit signaal blijft hier."))
    return actions.ask_along(
        question=question, to=city.organisations[to], kind=kind, asked="Neemt u dit over?", by=city["member"]
    )


@pytest.fixture
def care(city: City) -> Team:
    """A team of another organisation, and somebody in it."""
    team = Team.objects.create(name="Zorgteam", organisation=city.organisations["Zorg"])
    team.areas.set(city.areas[3:4])
    city.people["carer"] = make.user("carer", "team_member", team=team)
    return team


def test_a_team_of_another_organisation_takes_a_question_over_and_no_signal_s052(
    city: City, as_: As, care: Team
) -> None:
    sparring = asked(city, "handover")
    carer = as_("carer")
    assert "Neemt u dit over?" in carer.get(f"/meedenken/{sparring.pk}/").content.decode()
    carer.post(f"/meedenken/{sparring.pk}/", {"text": "Wij gaan ermee verder.", "accepted": "yes"})
    question = SharedQuestion.objects.get(pk=sparring.question_id)
    assert (question.team, question.owner) == (care, city["carer"])
    step = question.steps.get(what="handed")
    assert (step.by, step.why) == (city["carer"], "Wij gaan ermee verder.")
    page = carer.get(f"/vragen/{question.pk}/").content.decode()
    assert "Dit signaal blijft hier." not in page
    carer.post(
        f"/vragen/{question.pk}/",
        {"do": "move", "move-version": question.version, "move-to": "explored", "move-why": "Wij kijken."},
    )
    question.refresh_from_db()
    assert question.state == "explored"


def test_the_team_that_asked_keeps_following_and_no_longer_decides(city: City, as_: As, care: Team) -> None:
    sparring = asked(city, "handover")
    actions.answer(sparring=sparring, text="Ja.", accepted=True, by=city["carer"], team=care)
    client, address = as_("member"), f"/vragen/{sparring.question_id}/"
    assert client.get(address).status_code == 200
    move = {"do": "move", "move-version": 1, "move-to": "explored", "move-why": "toch"}
    assert client.post(address, move).status_code == 404
    assert as_("outsider").get(address).status_code == 404


def test_another_organisation_reads_the_question_and_no_numbers_of_ours_r7(
    city: City, as_: As, care: Team
) -> None:
    sparring = asked(city, "sparring")
    page = as_("carer").get(f"/vragen/{sparring.question_id}/")
    assert (page.context["linked"], page.context["people"]) == (None, None)
    assert "1 signaal" not in page.content.decode()


def test_who_declines_changes_nothing(city: City, as_: As, care: Team) -> None:
    sparring = asked(city, "handover")
    as_("carer").post(f"/meedenken/{sparring.pk}/", {"text": "Nu niet.", "accepted": "no"})
    assert SharedQuestion.objects.get(pk=sparring.question_id).team == city.teams[0]


def test_a_handover_is_not_answered_without_yes_or_no(city: City, as_: As, care: Team) -> None:
    sparring = asked(city, "handover")
    assert "accepted" in as_("carer").get(f"/meedenken/{sparring.pk}/").content.decode()
    as_("carer").post(f"/meedenken/{sparring.pk}/", {"text": "Misschien."})
    assert Sparring.objects.get(pk=sparring.pk).answered is None


def test_a_partner_without_a_team_takes_over_and_our_team_stays_responsible(city: City, as_: As) -> None:
    sparring = asked(city, "handover", to="School")
    as_("partner").post(f"/meedenken/{sparring.pk}/", {"text": "Wij doen het.", "accepted": "yes"})
    question = SharedQuestion.objects.get(pk=sparring.question_id)
    assert question.team == city.teams[0]
    assert "en organisatie neemt het over" in as_("member").get(f"/vragen/{question.pk}/").content.decode()


def test_a_question_that_went_up_in_another_can_no_longer_be_changed(city: City, as_: As) -> None:
    one = make.question(city.teams[0], city.areas[:1], city["owner"])
    into = make.question(city.teams[0], city.areas[:1], city["owner"], text="Samen koken")
    actions.merge(question=one, version=0, into=into, why="hetzelfde", by=city["owner"])
    one.refresh_from_db()
    with pytest.raises(ConflictError):
        actions.move(question=one, version=one.version, to="suspected", why="toch", by=city["owner"])
    page = as_("owner").post(
        f"/vragen/{one.pk}/",
        {"do": "move", "move-version": one.version, "move-to": "suspected", "move-why": "toch"},
        follow=True,
    )
    assert "Iemand anders heeft dit net veranderd" in page.content.decode()
    third = make.question(city.teams[0], city.areas[:1], city["owner"])
    with pytest.raises(actions.NotAllowedYetError):
        actions.merge(question=third, version=0, into=one, why="x", by=city["owner"])


def receipt(code: str) -> str:
    return Client().get(f"/mijn-signaal/{code}/").content.decode()


def test_every_decision_is_on_the_receipt_of_whoever_signalled_by_itself_r13(city: City) -> None:
    code = new_code()
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    question.links.create(signal=make.signal(city.areas[0], code=code))
    said = {"explored": "zoekt uit of meer mensen", "parked": "staat nu even stil"}
    for version, (to, words) in enumerate(said.items()):
        actions.move(
            question=question, version=version, to=to, why="Intern: budget is op.", tell="Wij bellen in mei terug.",
            by=city["member"],
        )  # fmt: skip
        assert words in receipt(code)
    page = receipt(code)
    assert "Wij bellen in mei terug." in page
    assert "Intern" not in page
    assert city["member"].name not in page


def test_who_signalled_hears_of_the_question_in_which_theirs_went_up(city: City) -> None:
    code = new_code()
    one = make.question(city.teams[0], city.areas[:1], city["owner"])
    one.links.create(signal=make.signal(city.areas[0], code=code))
    for text in ("Samen koken", "Samen eten en koken"):
        into = make.question(city.teams[0], city.areas[:1], city["owner"], text=text)
        actions.merge(question=one, version=one.version, into=into, why="hetzelfde", by=city["owner"])
        one = SharedQuestion.objects.get(pk=into.pk)
    page = receipt(code)
    assert "Samen eten en koken" in page
    assert page.count("Uw signaal hoort bij een vraag") == 1


def test_the_board_begins_with_what_is_new(city: City, as_: As) -> None:
    old = make.pattern(city.areas[:1], theme="schulden")
    type(old).objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(days=30))
    new = make.pattern(city.areas[:1])
    found = as_("member").get("/overleg/").context["patterns"]
    assert [(p.pk, growth) for p, growth in found] == [(new.pk, "new"), (old.pk, "same")]


@pytest.mark.parametrize(
    ("seen", "growth"),
    [
        ({8: 20, 7.5: 20, 2: 60, 0: 59}, "grown"),
        ({9: 20, 3: 12, 1: 15, 0: 15}, "shrunk"),
        ({8: 12, 2: 30, 0: 12}, "same"),
        ({3: 10, 0: 12}, "grown"),
        ({0: 12}, "same"),
    ],
)
def test_a_pattern_grows_beside_a_week_ago_and_not_beside_last_night(
    city: City, as_: As, seen: dict[float, int], growth: str
) -> None:
    kept = make.pattern(city.areas[:1])
    first = Sighting.objects.get(pattern=kept)
    for days, observed in seen.items():
        cutoff = timezone.now() - timedelta(days=days)
        run = Run.objects.create(state=RunState.DONE, cutoff=cutoff, parameters={}, version="0")
        values = {
            f.name: getattr(first, f.name) for f in Sighting._meta.fields if f.name not in {"id", "run"}
        }
        last = Sighting.objects.create(run=run, **(values | {"observed": observed}))
    created = timezone.now() - timedelta(days=40)
    type(kept).objects.filter(pk=kept.pk).update(created=created, latest=last.pk)
    first.delete()
    assert as_("member").get("/overleg/").context["patterns"] == [(kept, growth)]


def test_a_decision_with_a_name_and_a_day_is_a_promise_too(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    client = as_("member")
    client.post("/overleg/begin/")
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    given = {
        "kind": "question",
        "number": question.pk,
        "text": "De huiskamer vragen.",
        "who": city["mate"].pk,
    }
    page = client.post("/overleg/besluit/", given)
    assert page.status_code == 422
    assert "voor wanneer" in page.content.decode()
    client.post("/overleg/besluit/", given | {"due": due})
    kept = Promise.objects.get()
    assert (kept.what, kept.who, kept.due.isoformat()) == ("De huiskamer vragen.", city["mate"], due)
    assert kept.meeting == Meeting.objects.get()
    assert Decision.objects.get().question == question


def test_nobody_of_another_team_gets_a_promise(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    client = as_("member")
    client.post("/overleg/begin/")
    client.post(
        "/overleg/besluit/",
        {
            "kind": "question", "number": question.pk, "text": "Bellen.", "who": city["outsider"].pk,
            "due": timezone.localdate().isoformat(),
        },
    )  # fmt: skip
    assert not Promise.objects.exists()


def test_a_colleague_who_left_is_no_longer_in_the_list(city: City) -> None:
    from schakel_web.questions.forms import colleagues  # noqa: PLC0415

    tomorrow = timezone.localdate() + timedelta(days=1)
    Membership.objects.filter(user=city["mate"]).update(until=tomorrow)
    assert city["mate"] in colleagues(city.teams[0].pk)
    Membership.objects.filter(user=city["mate"]).update(until=timezone.localdate())
    assert city["mate"] not in colleagues(city.teams[0].pk)


def test_what_could_not_be_kept_stays_in_its_place_on_the_board(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    client = as_("member")
    client.post("/overleg/begin/")
    given = {"kind": "question", "number": question.pk, "text": "Bel mevrouw Jansen op 06-12345678"}
    page = client.post("/overleg/besluit/", given)
    assert page.status_code == 422
    assert 'value="Bel mevrouw Jansen op 06-12345678"' in page.content.decode()
    closing = client.post("/overleg/einde/", {"present": 5, "notes": "Mevrouw Jansen was er ook."})
    assert closing.status_code == 422
    assert "Mevrouw Jansen was er ook." in closing.content.decode()
    assert not Decision.objects.exists()
    assert Meeting.objects.get().closed is None


def test_who_decides_after_somebody_closed_the_meeting_is_told_and_keeps_the_words(
    city: City, as_: As
) -> None:
    client = as_("member")
    client.post("/overleg/begin/")
    as_("mate").post("/overleg/einde/", {})
    page = client.post("/overleg/besluit/", {"text": "Wij gaan door."}, follow=True).content.decode()
    assert "net afgesloten" in page
    assert "Wij gaan door." in page
    assert not Decision.objects.exists()


def test_a_note_beside_a_reason_is_not_lost(city: City, as_: As) -> None:
    pattern = make.pattern(city.areas[:1])
    page = as_("member").post(
        f"/patronen/{pattern.pk}/terzijde/", {"version": 0, "note": "Het was een feest."}
    )
    assert page.status_code == 422
    assert "Het was een feest." in page.content.decode()


def test_how_often_the_statistics_were_useful_is_said_with_how_many_were_judged(city: City, as_: As) -> None:
    client = as_("member")
    for k in range(3):
        pattern = make.pattern(city.areas[:1])
        if k:
            actions.dismiss(pattern=pattern, version=0, reason="known", note="", by=city["mate"])
        else:
            type(pattern).objects.filter(pk=pattern.pk).update(state="taken")
    page = client.get("/patronen/").content.decode()
    assert "U bekeek 3 patronen." in page
    assert "1 patroon werd een vraag." in page


@pytest.mark.parametrize("number", ["²", "-1", "1e3", "99999999999999999999", "", "x"])
def test_numbers_that_somebody_made_up_are_no_error_of_ours(city: City, as_: As, number: Any) -> None:
    pattern = make.pattern(city.areas[:1])
    client = as_("member")
    client.post("/overleg/begin/")
    for address, given in (
        ("/vragen/nieuw/", {"signal": number, "pattern": number, "begin": "1"}),
        (f"/patronen/{pattern.pk}/oppakken/", {"version": number}),
        ("/overleg/besluit/", {"kind": "pattern", "number": number, "text": "Doen."}),
        ("/ik/team/", {"team": number}),
    ):
        assert client.post(address, given).status_code < 500, address


def test_who_thinks_along_decides_and_promises_nothing_for_another_team_r17(
    city: City, as_: As, care: Team
) -> None:
    sparring = asked(city, "sparring")
    client = as_("carer")
    client.post("/overleg/begin/")
    given = {
        "kind": "question", "number": sparring.question_id, "text": "Wij doen dit.", "who": city["carer"].pk,
        "due": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post("/overleg/besluit/", given).status_code == 404
    assert not Promise.objects.exists()
    assert not Decision.objects.exists()
