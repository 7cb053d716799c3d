"""Rows that are one: likely twice in a file, or both like something that is on the map. A person says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from schakel_web.socialmap.models import Provision, RegisterEntry
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.guide import bring, brought, waiting

As = Callable[[str], Client]
TWICE = (
    "id,name,organisation,phone\n"
    "a-1,Eettafel De Brug,Stichting Oost,030 1234560\na-2,Eettafel De Brug,Stichting Oost,030 1234560\n"
)


def test_two_rows_that_are_alike_and_resemble_one_are_both_asked_about(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="De Brug eettafel", run_by="Stichting Oost B", phone="030-1234560")
    draft = waiting(as_("coordinator"), TWICE)
    assert sorted(draft.rows.values_list("what", "match__name")) == [("likely", "De Brug eettafel")] * 2


@pytest.mark.parametrize(("choice", "there"), [("skip", 1), ("same", 1), ("new", 2)])
def test_rows_of_one_file_that_are_alike_are_asked_about_when_the_first_is_on_the_map(
    city: City, as_: As, choice: str, there: int
) -> None:
    client = as_("coordinator")
    draft = waiting(client, TWICE + "a-3,Koor,,\n")
    page = client.get(f"/kaart/inlezen/{draft.pk}/").content.decode()
    assert "1 regel staat misschien dubbel in het bestand." in page
    assert "Is dit hetzelfde?" not in page
    assert "Is dit hetzelfde?" in bring(client, draft)
    assert sorted(Provision.objects.values_list("name", flat=True)) == ["Eettafel De Brug", "Koor"]
    row = draft.rows.get(done=False)
    assert (row.what, row.match) == ("likely", Provision.objects.get(identifier="a-1"))
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": choice, "version": row.version})
    bring(client, draft)
    assert Provision.objects.filter(name="Eettafel De Brug").count() == there
    draft.refresh_from_db()
    assert draft.applied is not None


def test_a_register_keeps_both_identifiers_of_what_it_has_twice(city: City, as_: As) -> None:
    client = as_("coordinator")
    draft = brought(client, TWICE)
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": draft.rows.get(done=False).pk, "choice": "same"})
    bring(client, draft)
    assert {*RegisterEntry.objects.values_list("key", "provision__identifier")} == {
        ("a-1", "a-1"),
        ("a-2", "a-1"),
    }
    again = brought(client, TWICE)
    assert (again.unchanged, again.rows.filter(done=False).count()) == (2, 0)


def test_a_row_that_is_like_one_that_itself_is_like_another_is_asked_about_in_turn(
    city: City, as_: As
) -> None:
    client = as_("coordinator")
    draft = waiting(client, TWICE + "a-3,Eettafel de Brug,Stichting Oost,030 1234560\n")
    bring(client, draft)
    for _turn in range(2):
        for row in draft.rows.filter(what="likely", done=False):
            client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "skip"})
        bring(client, draft)
    assert (Provision.objects.count(), draft.rows.filter(done=False).count()) == (1, 0)


@pytest.mark.parametrize(("choice", "there"), [("skip", 1), ("new", 4), ("same", 1)])
def test_one_choice_about_all_that_waits(city: City, as_: As, choice: str, there: int) -> None:
    """What is the same is never said of many at once."""
    client = as_("coordinator")
    draft = waiting(
        client, TWICE + "".join(f"b-{n},Eettafel De Brug,Stichting Oost,030 1234560\n" for n in range(2))
    )
    assert "Eén keuze voor alle 3" in bring(client, draft)
    client.post(f"/kaart/inlezen/{draft.pk}/", {"rest": choice})
    bring(client, draft)
    assert Provision.objects.count() == there
    assert draft.rows.filter(done=False).exists() is (choice == "same")
