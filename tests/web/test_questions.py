"""From a pattern to a shared question that residents recognise, and back to who signalled (S020, S021, R10, R13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.questions import actions
from schakel_web.questions.models import (
    Decision,
    Meeting,
    PatternState,
    Promise,
    QuestionState,
    SharedQuestion,
)
from schakel_web.signals.models import SignalTheme
from schakel_web.signals.receipts import new_code
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def words(city: City, **changes: Any) -> dict[str, Any]:
    return {
        "text": "Wij willen niet elke avond alleen eten.",
        "underlying": "Er is geen plek waar dat kan.",
        "theme": "eenzaamheid",
        "areas": [city.areas[0].pk],
        **changes,
    }


def test_a_question_opened_from_a_pattern_has_its_evidence_and_its_signals(city: City, as_: As) -> None:
    kept = [make.signal(city.areas[0]) for _ in range(3)]
    outside = make.signal(city.areas[2])
    pattern = make.pattern(city.areas[:2])
    as_("member").post("/vragen/nieuw/", words(city, pattern=pattern.pk, pattern_version=0))
    question = SharedQuestion.objects.get()
    assert question.evidence["observed"] == 12
    assert {link.signal_id for link in question.links.all()} == {s.pk for s in kept}
    assert not outside.questions.exists()
    pattern.refresh_from_db()
    assert pattern.state == PatternState.TAKEN


def test_a_signal_on_the_page_of_a_pattern_or_question_names_all_its_themes(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0])
    SignalTheme.objects.bulk_create(SignalTheme.of(signal, ["vervoer"]))
    pattern = make.pattern(city.areas[:1])
    client = as_("member")
    client.post("/vragen/nieuw/", words(city, pattern=pattern.pk, pattern_version=0))
    for page in (f"/patronen/{pattern.pk}/", f"/vragen/{SharedQuestion.objects.get().pk}/"):
        assert '<span class="badge">Vervoer en bereikbaarheid</span>' in client.get(page).content.decode()


def test_a_question_may_begin_with_nothing_but_a_hunch(city: City, as_: As) -> None:
    as_("member").post("/vragen/nieuw/", words(city))
    question = SharedQuestion.objects.get()
    assert (question.state, question.owner) == (QuestionState.SUSPECTED, city["member"])


def test_nothing_is_confirmed_that_was_not_checked_with_residents_r13(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=QuestionState.EXPLORED)
    client = as_("member")
    move = {"do": "move", "move-version": 0, "move-to": "confirmed", "move-why": "Het leeft echt."}
    page = client.post(f"/vragen/{question.pk}/", move, follow=True)
    assert "Leg eerst vast wat bewoners ervan vinden" in page.content.decode()
    question.refresh_from_db()
    assert question.state == QuestionState.EXPLORED
    checked = {
        "do": "check", "check-day": timezone.localdate().isoformat(), "check-how": "Aan de koffietafel.",
        "check-people": 6, "check-said": "Ja, dat is zo.", "check-result": "recognised",
    }  # fmt: skip
    client.post(f"/vragen/{question.pk}/", checked)
    client.post(f"/vragen/{question.pk}/", move)
    question.refresh_from_db()
    assert question.state == QuestionState.CONFIRMED
    assert question.steps.get().why == "Het leeft echt."


def test_residents_who_do_not_recognise_it_confirm_nothing_r13(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=QuestionState.EXPLORED)
    actions.check(
        question=question, day=timezone.localdate(), how="Op straat.", people=4, said="Nee hoor.", result="not",
        by=city["member"],
    )  # fmt: skip
    with pytest.raises(actions.NotAllowedYetError):
        actions.move(question=question, version=0, to="confirmed", why="toch", by=city["member"])
    question.refresh_from_db()
    assert (question.state, question.version) == (QuestionState.EXPLORED, 0)


def test_a_question_goes_back_as_easily_as_forth(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    for version, to in enumerate(("explored", "suspected", "parked", "explored", "let_go", "suspected")):
        actions.move(question=question, version=version, to=to, why="zo is het", by=city["member"])
    assert question.steps.count() == 6


def test_two_people_who_decide_at_once_one_wins_and_the_other_is_told(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    move = {"do": "move", "move-version": 0, "move-why": "nu"}
    as_("member").post(f"/vragen/{question.pk}/", move | {"move-to": "explored"})
    page = as_("mate").post(f"/vragen/{question.pk}/", move | {"move-to": "parked"}, follow=True)
    assert "Iemand anders heeft dit net veranderd" in page.content.decode() or page.status_code == 422
    question.refresh_from_db()
    assert (question.state, question.steps.count()) == (QuestionState.EXPLORED, 1)


def test_a_pattern_that_two_people_take_up_becomes_one_question(city: City, as_: As) -> None:
    pattern = make.pattern(city.areas[:1])
    for person in ("member", "mate"):
        as_(person).post("/vragen/nieuw/", words(city, pattern=pattern.pk, pattern_version=0))
    assert SharedQuestion.objects.count() == 1


def test_dismissing_needs_a_reason_that_is_counted_r10(city: City, as_: As) -> None:
    pattern = make.pattern(city.areas[:1])
    client = as_("member")
    client.post(f"/patronen/{pattern.pk}/terzijde/", {"version": 0})
    pattern.refresh_from_db()
    assert pattern.state == PatternState.OPEN
    client.post(f"/patronen/{pattern.pk}/terzijde/", {"version": 0, "reason": "known"})
    pattern.refresh_from_db()
    assert pattern.state == PatternState.DISMISSED
    assert "1 × wij weten hier al van" in client.get("/patronen/").content.decode()


def test_a_pattern_below_the_thresholds_shows_only_why_r6(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0])
    pattern = make.pattern(city.areas[:1], shown=False)
    page = as_("member").get(f"/patronen/{pattern.pk}/").content.decode()
    assert "dit patroon ziet u niet" in page
    assert signal.text not in page
    assert "12" not in page.split("<main", 1)[1].split("</main>", 1)[0]


def test_everyone_who_signalled_reads_what_was_done_with_it_r13(city: City, as_: As) -> None:
    code = new_code()
    signal = make.signal(
        city.areas[0], code=code, reporter=city["partner"], organisation=city.organisations["School"]
    )
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    question.links.create(signal=signal)
    as_("member").post(
        f"/vragen/{question.pk}/", {"do": "say_back", "say_back-text": "Er komt een eettafel op dinsdag."}
    )
    receipt = Client().get(f"/mijn-signaal/{code}/").content.decode()
    assert "eettafel" in receipt
    assert "Er is nog geen bericht" not in receipt
    assert "eettafel" in as_("partner").get("/mijn-signalen/").content.decode()


def test_merging_takes_signals_areas_and_open_promises_along(city: City) -> None:
    one = make.question(city.teams[0], city.areas[:1], city["owner"])
    into = make.question(city.teams[0], city.areas[1:2], city["owner"], text="Samen koken")
    signal = make.signal(city.areas[0])
    one.links.create(signal=signal)
    Promise.objects.create(question=one, what="bellen", who=city["owner"], due=timezone.localdate())
    actions.merge(question=one, version=0, into=into, why="het is hetzelfde", by=city["owner"])
    assert into.links.get().signal == signal
    assert into.areas.count() == 2
    assert into.promises.count() == 1
    one.refresh_from_db()
    assert (one.merged_into, one.state) == (into, QuestionState.LET_GO)


def test_a_question_is_never_merged_into_itself(city: City) -> None:
    one = make.question(city.teams[0], city.areas[:1], city["owner"])
    with pytest.raises(actions.NotAllowedYetError):
        actions.merge(question=one, version=0, into=one, why="", by=city["owner"])


def test_splitting_makes_a_second_question_with_its_own_signals(city: City) -> None:
    one = make.question(city.teams[0], city.areas[:2], city["owner"])
    here, there = make.signal(city.areas[0]), make.signal(city.areas[1])
    for signal in (here, there):
        one.links.create(signal=signal)
    part = actions.split(
        question=one,
        version=0,
        text="Alleen hier",
        theme="eenzaamheid",
        areas=[city.areas[0].pk],
        by=city["owner"],
    )
    assert [link.signal for link in part.links.all()] == [here]
    assert part.split_from == one


def test_another_organisation_thinks_along_without_any_signal_s052(city: City, as_: As) -> None:
    city.practise("separate_teams")
    signal = make.signal(city.areas[0])
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    question.links.create(signal=signal)
    ask = {
        "do": "sparring",
        "sparring-to": city.organisations["School"].pk,
        "sparring-kind": "sparring",
        "sparring-asked": "Is er een lokaal vrij?",
    }
    as_("member").post(f"/vragen/{question.pk}/", ask)
    sparring = question.sparrings.get()
    page = as_("partner").get(f"/meedenken/{sparring.pk}/").content.decode()
    assert "lokaal vrij" in page
    assert signal.text not in page
    as_("partner").post(f"/meedenken/{sparring.pk}/", {"text": "Ja, op dinsdag."})
    again = as_("partner").post(f"/meedenken/{sparring.pk}/", {"text": "Toch niet."}, follow=True)
    assert "al geantwoord" in again.content.decode()
    assert "op dinsdag" in as_("member").get(f"/vragen/{question.pk}/").content.decode()


def test_no_text_anywhere_holds_personal_data_r4(city: City, as_: As) -> None:
    city.practise("separate_teams")
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    for do, field in (
        ("move", "move-why"),
        ("say_back", "say_back-text"),
        ("check", "check-said"),
        ("promise", "promise-what"),
        ("sparring", "sparring-asked"),
        ("edit", "edit-text"),
    ):
        page = as_("owner").post(
            f"/vragen/{question.pk}/", {"do": do, field: "Bel mevrouw Jansen op 06-12345678"}
        )
        assert page.status_code == 422, do
        assert "Schrijf geen naam" in page.content.decode() or "telefoonnummer" in page.content.decode(), do


def test_the_meeting_has_what_is_new_and_keeps_what_is_decided(city: City, as_: As) -> None:
    pattern = make.pattern(city.areas[:1])
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    Promise.objects.create(
        question=question,
        what="De huiskamer vragen",
        who=city["mate"],
        due=timezone.localdate() - timedelta(days=1),
    )
    client = as_("member")
    client.post("/overleg/begin/")
    page = client.get("/overleg/").content.decode()
    assert "nieuw" in page
    assert "over tijd" in page
    client.post("/overleg/besluit/", {"kind": "pattern", "number": pattern.pk, "text": "Wij gaan langs."})
    client.post("/overleg/einde/", {"present": 5, "notes": "Fijn overleg."})
    meeting = Meeting.objects.get()
    assert meeting.closed
    minutes = client.get(f"/overleg/{meeting.pk}/").content.decode()
    assert "Wij gaan langs." in minutes
    pdf = client.get(f"/overleg/{meeting.pk}/pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_starting_a_meeting_twice_goes_on_with_the_same(city: City, as_: As) -> None:
    as_("member").post("/overleg/begin/")
    as_("mate").post("/overleg/begin/")
    assert Meeting.objects.count() == 1


def test_a_decision_about_something_of_another_team_is_refused(city: City, as_: As) -> None:
    foreign = make.pattern(city.areas[3:4])
    client = as_("member")
    client.post("/overleg/begin/")
    assert (
        client.post("/overleg/besluit/", {"kind": "pattern", "number": foreign.pk, "text": "x"}).status_code
        == 404
    )
    assert not Decision.objects.exists()


@pytest.mark.parametrize("text", ["日本語 en 😀", '#read("/etc/passwd") $x$', "= kop"])
def test_minutes_can_be_printed_whatever_was_written_down(city: City, as_: As, text: str) -> None:
    client = as_("member")
    client.post("/overleg/begin/")
    client.post("/overleg/besluit/", {"text": text})
    assert Decision.objects.get().text == text
    assert client.get(f"/overleg/{Meeting.objects.get().pk}/pdf/").content.startswith(b"%PDF")


def test_a_pattern_with_many_signals_says_that_it_shows_the_newest(city: City, as_: As) -> None:
    pattern = make.pattern(city.areas[:2])
    for _each in range(51):
        make.signal(city.areas[0])
    page = as_("member").get(f"/patronen/{pattern.pk}/").content.decode()
    assert "Dit zijn de nieuwste 50." in page
    older = f"/signalen/?theme=eenzaamheid&since={pattern.first:%Y-%m-%d}&until={pattern.last:%Y-%m-%d}"
    assert older.replace("&", "&amp;") in page
    assert as_("member").get(older).context["form"].is_valid()
