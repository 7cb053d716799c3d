"""What leaves the team: protected figures, and the public page of a neighbourhood (R7, R8, R12, R13, R17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.audit.models import Event, Outcome
from schakel_web.network.models import Figure
from schakel_web.questions import actions
from schakel_web.questions.models import Publication, QuestionState, SharedQuestion
from schakel_web.questions.publishing import publish, reasons_not_public
from schakel_web.signals import actions as signals
from schakel_web.signals.tasks import taxonomy
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
NEXT_MONTH = timezone.localdate() + timedelta(
    days=32
)  # when the signals of today are in a month that is over


@pytest.fixture
def heard(city: City) -> City:
    """Enough in one neighbourhood from several people, too little in another, and one loud source in a third."""
    people = [city["member"], city["mate"], city["owner"]]
    for n in range(24):
        make.signal(city.areas[0], reporter=people[n % 3])
    for _ in range(4):
        make.signal(city.areas[1], reporter=city["member"])
    for _ in range(33):
        make.signal(city.areas[3], reporter=city["outsider"])
    publish(by=None, on=NEXT_MONTH)
    return city


def row(name: str) -> list[int | None]:
    found = Publication.objects.get()
    values: list[int | None] = next(each["values"] for each in found.rows if each["name"] == name)
    return values


def test_every_number_that_left_the_team_is_rounded_and_none_is_small_r7(heard: City) -> None:
    shown = {v for each in Publication.objects.get().rows for v in each["values"] if v is not None}
    assert shown
    assert all(value % 5 == 0 and value >= 10 for value in shown)
    assert 25 in row("Buurt 00")


def test_a_neighbourhood_in_which_one_source_gave_most_is_not_published_r8(heard: City) -> None:
    assert set(row("Buurt 10")[:-1]) == {None}
    assert any(value for value in row("Wijk 1"))


def test_what_is_hidden_for_one_source_cannot_be_subtracted_from_its_district_r8(city: City) -> None:
    people = [city["member"], city["mate"], city["owner"]]
    for area in city.areas:
        for n in range(30):
            make.signal(area, reporter=people[n % 3])
    for _ in range(60):
        make.signal(city.areas[3], reporter=city["outsider"])
    made = publish(by=None, on=NEXT_MONTH)
    assert made is not None
    column = made.columns.index(taxonomy().theme("eenzaamheid").domain)
    assert row("Buurt 10")[column] is None
    assert [row(name)[column] for name in ("Buurt 11", "Buurt 12", "Wijk 1")].count(None) > 0


def test_a_month_is_published_once_so_that_nobody_can_subtract_two_nights_r7(heard: City) -> None:
    before = Publication.objects.get().rows
    make.signal(heard.areas[0], reporter=heard["outsider"])
    publish(by=None, on=NEXT_MONTH)
    assert Publication.objects.get().rows == before


def test_a_month_that_is_not_over_is_not_published_r7(city: City) -> None:
    for n in range(24):
        make.signal(city.areas[0], reporter=[city["member"], city["mate"], city["owner"]][n % 3])
    publish(by=None)
    assert {v for each in Publication.objects.get().rows for v in each["values"]} == {None}


def test_small_neighbourhoods_are_taken_together_r7(city: City) -> None:
    Figure.objects.filter(area__in=city.areas[1:3]).update(value=4)
    make.signal(city.areas[1])
    publish(by=None, on=NEXT_MONTH)
    names = [each["name"] for each in Publication.objects.get().rows]
    assert "Kleine buurten van Wijk 0" in names
    assert "Buurt 01" not in names


def test_sensitive_waiting_refused_and_old_signals_are_not_in_the_figures_r5(city: City) -> None:
    for n in range(40):
        make.signal(
            city.areas[0],
            reporter=[city["member"], city["mate"], city["owner"]][n % 3],
            state=["accepted", "waiting", "refused", "accepted"][n % 4],
            sensitive=n % 4 == 0,
            date=timezone.localdate() - timedelta(days=400 if n % 4 == 3 else 3),
        )
    publish(by=None, on=NEXT_MONTH)
    assert {v for each in Publication.objects.get().rows for v in each["values"]} == {None}


@pytest.mark.parametrize(
    ("person", "address", "other"),
    [("policy", "/cijfers/", "/vrijgegeven/"), ("researcher", "/vrijgegeven/", "/cijfers/")],
)
def test_policy_and_research_see_figures_and_never_a_signal(
    heard: City, as_: As, person: str, address: str, other: str
) -> None:
    client = as_(person)
    page = client.get(address).content.decode()
    assert "Buurt 00" in page
    assert "alleen" not in page.split("<main", 1)[1]  # no word of a signal
    file = client.get(f"{address}bestand/").content.decode("utf-8-sig")
    assert file.splitlines()[0].startswith("code,naam,niveau")
    assert ",4," not in file
    assert Event.objects.filter(outcome=Outcome.EXPORTED, actor=heard[person].pk).exists()
    for closed in (other, "/signalen/", "/patronen/", "/vragen/", "/signalen/kaart/", "/signalen/bestand/"):
        assert client.get(closed).status_code == 403, closed
    assert client.get("/").headers["Location"] == address


def test_without_figures_it_is_said_when_they_come(city: City, as_: As) -> None:
    assert "één keer per maand" in as_("policy").get("/cijfers/").content.decode()
    assert as_("policy").get("/cijfers/bestand/").status_code == 404


def confirmed(city: City, **fields: Any) -> SharedQuestion:
    """A question that fourteen residents recognised, with signals of several people."""
    made = make.question(
        city.teams[0], city.areas[:1], city["owner"], state=QuestionState.CONFIRMED, **fields
    )
    for n in range(8):
        signal = make.signal(
            city.areas[0], reporter=[city["member"], city["mate"], city["owner"]][n % 3],
            date=timezone.localdate() - timedelta(days=n),
        )  # fmt: skip
        made.links.create(signal=signal)
    actions.check(
        question=made, day=timezone.localdate(), how="Aan tafel.", people=6, said="Ja.", result="recognised",
        by=city["owner"],
    )  # fmt: skip
    return made


def test_the_page_of_a_neighbourhood_says_what_was_heard_done_whom_to_ask_and_how_to_object_r13(
    heard: City,
) -> None:
    question = confirmed(heard)
    actions.say_back(
        question=question, text="Vanaf maart is er elke dinsdag een eettafel.", by=heard["owner"]
    )
    heard.organisations["School"].brings = "Een keuken in de avond."
    heard.organisations["School"].save()
    heard.organisations["School"].areas.add(heard.areas[0])
    heard.teams[0].contact = "Loop binnen in het buurthuis, elke ochtend."
    heard.teams[0].save()
    page = Client().get(f"/buurt/{heard.areas[0].code}/").content.decode()
    for said in (
        "ongeveer 25 mensen", question.text, "elke dinsdag een eettafel", "Een keuken in de avond", "Team 0",
        "Loop binnen in het buurthuis", "Bezwaar maken", "Autoriteit Persoonsgegevens",
    ):  # fmt: skip
        assert said in page, said


def test_no_name_signal_or_small_number_is_on_a_public_page_r7(heard: City) -> None:
    confirmed(heard)
    page = Client().get(f"/buurt/{heard.areas[1].code}/").content.decode()
    assert "Nog te weinig om te laten zien" in page
    page += Client().get(f"/buurt/{heard.areas[0].code}/").content.decode()
    for hidden in ("Owner", "Member", "voelen zich hier alleen", "ongeveer 4 "):
        assert hidden not in page, hidden


@pytest.mark.parametrize("state", sorted(QuestionState.values))
def test_only_what_residents_recognised_is_on_a_public_page_r13(city: City, state: str) -> None:
    question = confirmed(city)
    SharedQuestion.objects.filter(pk=question.pk).update(state=state)
    page = Client().get(f"/buurt/{city.areas[0].code}/").content.decode()
    assert (question.text in page) is (state in {"confirmed", "taken_up", "answered"})


def test_a_question_of_too_few_people_stays_inside_and_the_team_reads_why_r7(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=QuestionState.CONFIRMED)
    question.links.create(signal=make.signal(city.areas[0], reporter=city["member"]))
    assert question.text not in Client().get(f"/buurt/{city.areas[0].code}/").content.decode()
    page = as_("member").get(f"/vragen/{question.pk}/").content.decode()
    assert "staat daar nog niet" in page
    assert "minder dan tien mensen" in page


def test_a_question_of_one_loud_source_stays_inside_r8(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=QuestionState.CONFIRMED)
    for n in range(20):
        signal = make.signal(
            city.areas[0], reporter=city["member"], date=timezone.localdate() - timedelta(days=n)
        )
        question.links.create(signal=signal)
    actions.check(
        question=question, day=timezone.localdate(), how="Op straat.", people=3, said="Ja.", result="partly",
        by=city["member"],
    )  # fmt: skip
    assert question.text not in Client().get(f"/buurt/{city.areas[0].code}/").content.decode()


@pytest.mark.parametrize("code", ["BU99999999", "WK900100", "x", "%00", "a" * 300])
def test_a_neighbourhood_that_is_not_there_is_said(city: City, code: str) -> None:
    page = Client().get(f"/buurt/{code}/")
    assert page.status_code == 404
    assert "Deze pagina is er niet" in page.content.decode()


def test_the_list_of_neighbourhoods_leads_to_each_of_them(city: City) -> None:
    page = Client().get("/buurt/").content.decode()
    assert all(f"/buurt/{area.code}/" in page for area in city.areas)


def test_who_comes_from_the_page_of_a_neighbourhood_need_not_choose_it_again(city: City) -> None:
    page = Client().get(f"/meld/?buurt={city.areas[2].code}").content.decode()
    assert f'value="{city.areas[2].pk}" selected' in page


def test_the_worker_makes_the_figures_every_night(city: City, settings: Any) -> None:
    from schakel_web.questions.management.commands import worker  # noqa: PLC0415

    settings.NIGHTLY = "00:00"
    worker.tick()
    assert Publication.objects.count() == 1


def test_what_was_taken_back_no_longer_makes_a_question_public_r7_r14(city: City, as_: As) -> None:
    made = confirmed(city)
    assert reasons_not_public([made]) == {made.pk: []}
    for signal in made.signals:
        signals.withdraw(signal=signal, by=None)
    assert reasons_not_public([made])[made.pk]
    page = as_("member").get(f"/vragen/{made.pk}/")
    assert (page.context["linked"], page.context["people"]) == (0, 0)
