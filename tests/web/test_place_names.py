"""A neighbourhood that is called after a person stays readable as a place; the person does not (R4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from schakel_web.demo.municipality import clean
from schakel_web.network.models import Area
from schakel_web.network.names import area_names
from schakel_web.questions import actions as questions
from schakel_web.signals import actions as signals
from schakel_web.signals import tasks
from schakel_web.signals.models import Signal
from tests.factories import city as make
from tests.factories.city import City
from tests.web.test_signals import given

As = Callable[[str], Client]
PLACE = "In Willem Pijper zijn veel mensen alleen."
PERSON = "Mevrouw Pijper is alleen."


@pytest.fixture
def city(city: City) -> City:
    """The city, with one neighbourhood that is called after a composer."""
    Area.objects.filter(pk=city.areas[0].pk).update(name="Willem Pijper")
    return city


def test_without_such_a_neighbourhood_it_is_a_person(city: City) -> None:
    Area.objects.filter(name="Willem Pijper").update(current=False)
    assert tasks.clean(PLACE) == "In [naam] zijn veel mensen alleen."


def test_what_is_marked_while_typing_is_what_the_server_refuses(city: City, as_: As) -> None:
    client = as_("member")
    for text, marked, status in ((PLACE, False, 302), (PERSON, True, 422)):
        assert ("<mark>" in client.post("/signaal/lezen/", {"text": text}).content.decode()) == marked
        assert client.post("/signaal/nieuw/", given(city, text=text)).status_code == status
    assert Signal.objects.get().text == PLACE


def test_residents_may_name_their_neighbourhood_as_well(city: City) -> None:
    typed = Client().post("/meld/lezen/", {"text": PLACE})
    assert typed.status_code == 200
    assert b"<mark>" not in typed.content


def test_a_file_keeps_the_place_and_loses_the_person(city: City, as_: As) -> None:
    body = (
        f"date,area,theme,text\n2026-05-01,{city.areas[0].code},eenzaamheid,{PLACE}\n"
        f"2026-05-02,{city.areas[0].code},eenzaamheid,{PERSON}\n"
    )
    file = SimpleUploadedFile("signalen.csv", body.encode())
    as_("coordinator").post("/signalen/inlezen/", {"file": file, "what": "all"})
    assert set(Signal.objects.values_list("text", flat=True)) == {PLACE, "Mevrouw [naam] is alleen."}


def test_questions_and_what_is_said_back_may_name_it(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    questions.move(question=question, version=0, to="explored", why=PLACE, tell=PLACE, by=city["member"])
    with pytest.raises(signals.PersonalDataError):
        questions.move(question=question, version=1, to="parked", why=PERSON, by=city["member"])


def test_the_made_up_municipality_reads_its_texts_the_same_way(city: City) -> None:
    assert [clean(text, areas=area_names()) for text in (PLACE, PERSON)] == [
        PLACE,
        "Mevrouw [naam] is alleen.",
    ]


def test_the_names_are_asked_for_once_and_not_for_every_text(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schakel_web.network.names.time.monotonic", lambda: 1000.0)
    with django_assert_num_queries(1):
        for number in range(20):
            tasks.clean(f"{PLACE} {number}")


def test_a_new_name_is_known_within_a_minute(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("schakel_web.network.names.time.monotonic", lambda: now[0])
    Area.objects.filter(name="Willem Pijper").update(name="Buurt 99")
    assert tasks.clean(PLACE) != PLACE
    Area.objects.filter(name="Buurt 99").update(name="Willem Pijper")
    now[0] += 61
    assert tasks.clean(PLACE) == PLACE
