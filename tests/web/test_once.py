"""A form that is sent twice is kept once, with or without JavaScript; and nothing that differs is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.arrangements.models import Remark
from schakel_web.audit.models import Event
from schakel_web.network.models import Sent
from schakel_web.privacy.retention import RULES
from schakel_web.questions import actions
from schakel_web.questions.models import (
    Check,
    Decision,
    Dismissal,
    Look,
    Meeting,
    Promise,
    SharedQuestion,
    Sparring,
    Step,
)
from schakel_web.signals.models import Reply, Signal, Weighing
from schakel_web.signals.receipts import hashed, new_code
from schakel_web.socialmap.models import Doubt, PathTask
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
TWICE = "U verstuurde het twee keer"


def number_on(page: Any, before: str) -> str:
    """The number of the form on a page that holds this text first."""
    html = page.content.decode()
    found = re.search(r'name="once" value="([^"]+)"', html[html.index(before) :])
    assert found
    return found[1]


def twice(client: Client, address: str, given: dict[str, Any]) -> list[Any]:
    """The same form two times, as a double click does; where each went."""
    given = {"once": str(uuid4())} | given
    return [client.post(address, given) for _ in range(2)]


@pytest.fixture
def question(city: City) -> SharedQuestion:
    """One of team 0, that residents may be asked about."""
    return make.question(city.teams[0], city.areas[:1], city["member"], text="Samen eten")


@pytest.fixture
def meeting(city: City) -> Meeting:
    """The one that is on."""
    return actions.start_meeting(team=city.teams[0], by=city["member"])


def decision(question: SharedQuestion, **other: Any) -> dict[str, Any]:
    return {"kind": "question", "number": question.pk, "text": "Wij gaan samen koken."} | other


def test_a_decision_that_is_sent_twice_is_one_decision_one_promise_and_one_line_in_the_log(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    client = as_("member")
    number = number_on(client.get("/overleg/"), f'id="question-{question.pk}"')
    given = decision(question, who=city["mate"].pk, due="2026-12-01", once=number)
    first, second = twice(client, "/overleg/besluit/", given)
    assert first.headers["Location"] == second.headers["Location"] == f"/overleg/#question-{question.pk}"
    assert (Decision.objects.count(), Promise.objects.count()) == (1, 1)
    assert Event.objects.filter(action="questions.decide").count() == 1
    assert TWICE in client.get("/overleg/").content.decode()


def test_two_decisions_that_differ_are_both_kept_also_from_the_same_form(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    """Back in the browser, and something else written."""
    client, number = as_("member"), str(uuid4())
    for text in ("Wij gaan samen koken.", "Wij vragen een keuken."):
        client.post("/overleg/besluit/", decision(question, text=text, once=number))
    assert [d.text for d in Decision.objects.all()] == ["Wij gaan samen koken.", "Wij vragen een keuken."]
    assert TWICE not in client.get("/overleg/").content.decode()


def test_every_form_on_the_board_has_a_number_of_its_own_and_new_ones_the_next_time(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    make.question(city.teams[0], city.areas[:1], city["member"], text="Samen wandelen")
    client = as_("member")
    seen = [
        re.findall(r'name="once" value="([^"]+)"', client.get("/overleg/").content.decode()) for _ in "ab"
    ]
    assert len(seen[0]) == len(set(seen[0])) == 3  # two questions, and the end of the meeting
    assert not set(seen[0]) & set(seen[1])


def test_the_same_decision_of_two_people_or_of_two_forms_is_two(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    number = str(uuid4())
    as_("member").post("/overleg/besluit/", decision(question, once=number))
    as_("mate").post("/overleg/besluit/", decision(question, once=number))
    as_("mate").post("/overleg/besluit/", decision(question, once=str(uuid4())))
    assert Decision.objects.count() == 3


def test_what_could_not_be_kept_the_first_time_is_kept_the_second(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    """A number that was of a form with a fault, or that came too late, is not used up."""
    client, number = as_("member"), str(uuid4())
    given = decision(question, once=number)
    assert client.post("/overleg/besluit/", given | {"text": ""}).status_code == 422
    Meeting.objects.update(closed=timezone.now())
    assert "niet vastgelegd" in client.post("/overleg/besluit/", given, follow=True).content.decode()
    assert not Sent.objects.exists()
    actions.start_meeting(team=city.teams[0], by=city["member"])
    client.post("/overleg/besluit/", given)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("number", ["", "geen-nummer", "1" * 500])
def test_without_a_number_a_form_is_kept_as_it_comes(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion, number: str
) -> None:
    as_("member").post("/overleg/besluit/", decision(question, once=number))
    assert Decision.objects.count() == 1


def test_closing_the_meeting_twice_leads_twice_to_its_minutes(city: City, as_: As, meeting: Meeting) -> None:
    answers = twice(as_("member"), "/overleg/einde/", {"present": "5", "notes": "Goed gesprek."})
    assert {a.headers["Location"] for a in answers} == {f"/overleg/{meeting.pk}/"}


GIVEN: dict[str, tuple[dict[str, Any], Callable[[], int]]] = {
    "promise": ({"what": "De beheerder bellen", "due": "2026-12-01"}, Promise.objects.count),
    "check": (
        {"day": "2026-01-05", "how": "aan tafel", "people": 5, "said": "Ja.", "result": "recognised"},
        Check.objects.count,
    ),
    "say_back": ({"text": "Wij gaan ermee verder."}, Step.objects.filter(what="told").count),
    "move": ({"version": 0, "to": "explored", "why": "Wij vroegen rond."}, Step.objects.count),
    "edit": (
        {"version": 0, "text": "Samen koken", "theme": "eenzaamheid"},
        Step.objects.filter(what="edited").count,
    ),
    "owner": ({"version": 0}, Step.objects.filter(what="owner").count),
    "split": (
        {"version": 0, "text": "Samen wandelen", "theme": "eenzaamheid"},
        Step.objects.filter(what="split").count,
    ),
}


@pytest.mark.parametrize("which", sorted(GIVEN))
def test_each_form_of_a_question_that_is_sent_twice_is_kept_once_and_nobody_is_said_to_be_first(
    city: City, as_: As, question: SharedQuestion, which: str
) -> None:
    """Also a step, which is no choice any more the second time."""
    given, count = GIVEN[which]
    more: dict[str, Any] = {}
    if which in {"promise", "owner"}:
        more = {"who" if which == "promise" else "owner": city["mate"].pk}
    elif which in {"edit", "split"}:
        more = {"areas": [city.areas[0].pk]}
    data = {"do": which} | {f"{which}-{name}": value for name, value in (given | more).items()}
    client = as_("owner")
    before = count()
    first, second = twice(client, f"/vragen/{question.pk}/", data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert count() == before + 1
    page = client.get(second.headers["Location"]).content.decode()
    assert TWICE in page
    assert "Iemand anders" not in page


def test_answering_another_organisation_twice_is_once(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    asked = Sparring.objects.create(
        question=question, to=city.organisations["School"], kind="sparring", asked="Denkt u mee?",
        by=city["member"],
    )  # fmt: skip
    client = as_("partner")
    twice(client, f"/meedenken/{asked.pk}/", {"text": "Graag, kom langs."})
    page = client.get("/meedenken/").content.decode()
    assert TWICE in page
    assert "heeft al geantwoord" not in page


def test_a_question_that_is_opened_twice_is_one(city: City, as_: As) -> None:
    given = {"text": "Wij willen samen eten.", "theme": "eenzaamheid", "areas": [city.areas[0].pk]}
    first, second = twice(as_("member"), "/vragen/nieuw/", given)
    assert SharedQuestion.objects.count() == 1
    assert (
        first.headers["Location"]
        == second.headers["Location"]
        == f"/vragen/{SharedQuestion.objects.get().pk}/"
    )


def test_a_look_a_weighing_and_a_pattern_put_aside_twice_are_once(
    city: City, as_: As, question: SharedQuestion
) -> None:
    client, request = as_("member"), make.signal(city.areas[0], kind="request")
    twice(client, f"/vragen/{question.pk}/aanbod/", {"result": "build", "reason": "Er is niets."})
    given = {"route": "collective", "collective_first": "on", "reason": "Samen kan het."}
    twice(client, f"/signalen/{request.pk}/afwegen/", given)
    pattern = make.pattern(city.areas[:1])
    twice(client, f"/patronen/{pattern.pk}/terzijde/", {"version": pattern.version, "reason": "known"})
    assert (Look.objects.count(), Weighing.objects.count(), Dismissal.objects.count()) == (1, 1, 1)


def test_what_is_written_in_a_plan_twice_is_there_once_also_by_the_resident(city: City, as_: As) -> None:
    plan = make.arrangement(make.signal(city.areas[0], kind="request"), city.teams[0], city["member"])
    client, address = as_("member"), f"/arrangementen/{plan.pk}/"
    twice(client, address, {"do": "remark", "opmerking-text": "Donderdag past beter."})
    assert Remark.objects.count() == 1
    code = new_code()
    Signal.objects.filter(pk=plan.request_id).update(receipt=hashed(code))
    address = f"/mijn-signaal/{code}/plan/"
    answers = twice(Client(), address, {"do": "remark", "opmerking-text": "Liever in de ochtend."})
    assert {answer.headers["Location"] for answer in answers} == {address}
    assert Remark.objects.count() == 2
    assert code not in "".join(sent.to for sent in Sent.objects.all()), "a code is kept nowhere"


def test_a_doubt_about_the_map_and_a_task_that_are_sent_twice_are_once(city: City, as_: As) -> None:
    provision = make.provision(city.areas[0], organisation=city.organisations["School"])
    twice(as_("member"), f"/kaart/{provision.pk}/klopt-niet/", {"what": "times"})
    twice(Client(), f"/ontdek/{provision.pk}/klopt-niet/", {"what": "gone"})
    assert Doubt.objects.count() == 2
    due = timezone.localdate().isoformat()
    given = {"do": "task", "task-what": "bellen", "task-who": city["member"].pk, "task-due": due}
    twice(as_("partner"), f"/kaart/{provision.pk}/", given | {"task-who": city["partner"].pk})
    assert PathTask.objects.count() == 1


def test_a_number_is_forgotten_after_a_day_and_says_nothing_about_anybody_r15(
    city: City, as_: As, meeting: Meeting, question: SharedQuestion
) -> None:
    twice(as_("member"), "/overleg/besluit/", decision(question))
    sent = Sent.objects.get()
    assert sent.to == f"/overleg/#question-{question.pk}"
    now = timezone.now()
    rule = RULES["sent"]
    assert rule.after == timedelta(days=1)
    assert rule.count(now - timedelta(days=1)) == 0
    assert rule.remove(now + timedelta(seconds=1)) == 1


def test_whoever_signalled_hears_a_message_once(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0], reporter=city["member"])
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    actions.link(question, type(signal).objects.filter(pk=signal.pk))
    twice(as_("member"), f"/vragen/{question.pk}/", {"do": "say_back", "say_back-text": "Wij gaan verder."})
    assert Reply.objects.count() == 1
