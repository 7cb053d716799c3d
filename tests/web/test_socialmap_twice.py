"""Rows that are one: likely twice in a file, or both like something that is on the map. A person says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schakel.provisions import load_templates
from schakel_web.socialmap import actions, bringing, drafts
from schakel_web.socialmap.models import Confirmation, Doubt, Draft, DraftRow, Provision, RegisterEntry
from schakel_web.socialmap.tasks import exchange
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.guide import bring, brought, waiting

As = Callable[[str], Client]
TWICE = (
    "id,name,organisation,phone\n"
    "a-1,Eettafel De Brug,Stichting Oost,030 1234560\na-2,Eettafel De Brug,Stichting Oost,030 1234560\n"
)


def answered(client: Client, draft: Draft, choice: str) -> None:
    """The same answer to every question, and then on the map."""
    for row in draft.waiting():
        client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": choice})
    bring(client, draft)


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


def test_a_row_of_equals_is_asked_about_at_once(city: City, as_: As) -> None:
    """Each 100 metres from the one before it: all of them beside the first, not one a time."""
    client = as_("coordinator")
    draft = waiting(
        client, "id,name,x,y\n" + "".join(f"s-{n},Speeltuin,{120000 + 100 * n},455000\n" for n in range(6))
    )
    assert "Eén keuze voor alle 5" in bring(client, draft)
    assert set(draft.waiting().values_list("match__identifier", flat=True)) == {"s-0"}
    assert sorted(map(str, draft.waiting().get(values__id="s-5").because)) == ["dezelfde naam"]


@pytest.mark.parametrize(("choice", "there"), [("skip", 1), ("new", 4), ("same", 1)])
def test_one_choice_about_all_that_waits(city: City, as_: As, choice: str, there: int) -> None:
    """What is the same is never said of many at once."""
    client = as_("coordinator")
    draft = waiting(
        client, TWICE + "".join(f"b-{n},Eettafel De Brug,Stichting Oost,030 1234560\n" for n in range(2))
    )
    assert "Eén keuze voor alle 3" in bring(client, draft)
    client.post(f"/kaart/inlezen/{draft.pk}/", {"rest": choice, "seen": 3})
    page = client.get(f"/kaart/inlezen/{draft.pk}/").content.decode()
    assert ("U hebt over alle 3 regels gekozen." in page) is (choice != "same")
    bring(client, draft)
    assert Provision.objects.count() == there
    assert draft.rows.filter(done=False).exists() is (choice == "same")


def test_one_choice_is_about_what_the_person_knew_of(city: City, as_: As) -> None:
    client = as_("coordinator")
    draft = brought(client, TWICE)
    page = client.post(
        f"/kaart/inlezen/{draft.pk}/", {"rest": "skip", "seen": 7}, follow=True
    ).content.decode()
    assert "Er is intussen iets veranderd." in page
    assert draft.waiting().count() == 1


def test_what_was_edited_is_not_added_beside_itself_by_one_choice_for_all(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, TWICE)
    draft = waiting(client, TWICE.replace("Brug,", "Dam,"))
    for one in Provision.objects.all():
        one.description = "Nu op dinsdag."
        actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])
    page = bring(client, draft)
    assert "Alles is iets anders" not in page
    client.post(f"/kaart/inlezen/{draft.pk}/", {"rest": "new", "seen": draft.waiting().count()})
    assert list(draft.rows.exclude(choice="").values_list("what", "choice")) == [("likely", "new")]


# --- the next time


@pytest.mark.parametrize("register", ["Gids", ""])
def test_what_was_skipped_comes_on_the_map_by_no_later_file_unasked(
    city: City, as_: As, register: str
) -> None:
    client = as_("coordinator")
    of = {} if register else {"register": "", "new_register": ""}
    draft = brought(client, TWICE, **of)
    answered(client, draft, "skip")
    again = brought(client, TWICE, **of)
    assert Provision.objects.count() == 1
    assert again.waiting().exists() is (not register)  # what comes from nowhere known, is asked again


def test_what_was_left_is_asked_about_again_when_the_file_says_something_else(city: City, as_: As) -> None:
    client = as_("coordinator")
    answered(client, brought(client, TWICE), "skip")
    other = TWICE.replace(
        "a-2,Eettafel De Brug,Stichting Oost,030 1234560", "a-2,Eettafel De Brug,Stichting Oost,088"
    )
    again = brought(client, other)
    assert "U liet dit eerder zoals het is" in client.get(f"/kaart/inlezen/{again.pk}/").content.decode()
    assert Provision.objects.count() == 1
    answered(client, again, "new")
    assert Provision.objects.count() == 2


def test_what_was_edited_here_and_left_stays_so_with_the_next_file(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, "id,name,description\nk-1,Koor,Zingen.\n")
    draft = waiting(client, "id,name,description\nk-1,Koor,Samen zingen.\n")
    one = Provision.objects.get()
    one.description = "Zingen op dinsdag."
    actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])
    bring(client, draft)
    answered(client, draft, "skip")
    Provision.objects.update(checked=timezone.localdate() - timedelta(days=99))
    same = waiting(client, "id,name,description\nk-1,Koor,Samen zingen.\n")
    bring(client, same, checked_by="redactie van de gids", checked_on=timezone.localdate().isoformat())
    assert Provision.objects.get().description == "Zingen op dinsdag."
    assert not Confirmation.objects.filter(said_by="redactie van de gids").exists()
    again = brought(client, "id,name,description\nk-1,Koor,Zingen voor iedereen.\n")
    assert again.waiting().get().what == "edited"


def test_what_is_twice_in_the_next_file_is_asked_about_beside_what_is_there(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, TWICE.rsplit("a-2", 1)[0])
    draft = brought(client, TWICE)
    assert draft.waiting().get().match == Provision.objects.get()


def test_a_row_beside_one_that_is_alike_is_still_compared_with_the_map(city: City, as_: As) -> None:
    client = as_("coordinator")
    head = "id,name,organisation,phone\n"
    brought(client, head + "p-9,Eettafel Brugmans,Stichting Oost,030 1234560\n")
    draft = brought(
        client,
        head + "b-1,Eettafel De Brug,Stichting Oost,\nb-2,Eettafel De Brug,Stichting Oost,030 1234560\n",
    )
    assert draft.waiting().get().match == Provision.objects.get(identifier="p-9")
    assert not Doubt.objects.exists()


@pytest.mark.parametrize("choice", ["new", "same"])
def test_the_same_file_put_ready_twice_asks_about_its_doubles_once(city: City, as_: As, choice: str) -> None:
    client = as_("coordinator")
    first, second = waiting(client, TWICE), waiting(client, TWICE)
    bring(client, first)
    answered(client, first, choice)
    bring(client, second)
    assert not second.rows.filter(done=False).exists()
    keys = {*RegisterEntry.objects.values_list("key", "provision__identifier")}
    assert keys == {("a-1", "a-1"), ("a-2", "a-2" if choice == "new" else "a-1")}


def test_what_somebody_edits_at_that_very_moment_is_asked_about_too(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("coordinator")
    first, second = waiting(client, TWICE), waiting(client, TWICE)
    bring(client, first)
    answered(client, first, "new")
    hold = bringing._hold

    def late(rows: QuerySet[DraftRow]) -> None:
        Provision.objects.filter(identifier="a-2").update(phone="1", version=F("version") + 1)
        hold(rows)

    monkeypatch.setattr(bringing, "_hold", late)
    bring(client, second)
    assert Provision.objects.get(identifier="a-2").phone == "1"
    assert second.waiting().get().match == Provision.objects.get(identifier="a-2")


def test_the_second_time_may_say_who_checked_it(city: City, as_: As) -> None:
    client, today = as_("coordinator"), timezone.localdate()
    first, second = (waiting(client, "id,name\nk-1,Koor\nk-2,Schaken\n") for _n in range(2))
    bring(client, first)
    page = bring(client, second, checked_by="redactie van de gids", checked_on=today.isoformat())
    assert set(Provision.objects.values_list("checked", flat=True)) == {today}
    assert not second.rows.filter(done=False).exists()
    assert "0 nieuw op de kaart, 2 veranderd." in page


# --- what the file does not say


def test_the_same_row_with_less_in_it_empties_nothing(city: City, as_: As) -> None:
    client = as_("coordinator")
    draft = brought(
        client,
        TWICE.replace(
            "a-2,Eettafel De Brug,Stichting Oost,030 1234560", "a-2,Eettafel De Brug,Stichting Oost,"
        ),
    )
    answered(client, draft, "same")
    assert Provision.objects.get().phone == "030 1234560"


def test_a_person_sees_what_differs(city: City, as_: As) -> None:
    client = as_("coordinator")
    head = "id,name,organisation,status,website\n"
    draft = waiting(
        client,
        head + "a-1,Eettafel,Oost,open,https://een.nl\na-2,Eettafel,Oost,closed,https://een.nl\n",
    )
    page = bring(client, draft)
    assert "op de kaart, uit ditzelfde bestand" in page
    found = re.findall(r"<td data-label=[^>]*>([^<]*)</td>", page[page.index("Wat er verschilt</caption>") :])
    assert found == ["is er niet meer", "is er"]


def test_a_row_that_waits_for_another_takes_no_choice_yet(city: City, as_: As) -> None:
    client = as_("coordinator")
    draft = waiting(client, TWICE)
    for row in draft.rows.all():
        client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "skip", "version": "9" * 18})
    assert set(draft.rows.values_list("choice", flat=True)) == {""}
    bring(client, draft)
    row = draft.waiting().get()
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "skip", "version": "9" * 18})
    row.refresh_from_db()
    assert row.choice == "skip"


def test_help_that_the_town_decides_on_comes_in_as_such(city: City, as_: As) -> None:
    draft = brought(as_("coordinator"), "id,name,legal_type\nx-1,Begeleiding,maatwerkvoorziening\n")
    assert (Provision.objects.get().decision, draft.rows.filter(done=False).exists()) == (True, False)


def test_a_file_that_was_put_ready_can_be_thrown_away(city: City, as_: As) -> None:
    client = as_("coordinator")
    draft = brought(client, TWICE)
    for who, status in (("member", 403), ("coordinator", 302)):
        answer = as_(who).post(f"/kaart/inlezen/{draft.pk}/", {"discard": "yes"})
        assert answer.status_code == status
    assert not Draft.objects.exists()
    assert Provision.objects.count() == 1


def test_asking_about_doubles_takes_as_many_queries_for_many_as_for_few(city: City) -> None:
    def questions(number: int) -> int:
        first = replace(load_templates()[0].provision, organisation=f"Welzijn {number}")
        name = "Koor" if number > 100 else "Schaken"
        given = tuple(replace(first, id=f"{number}-{n}", name=name) for n in range(number))
        said = {one.id: frozenset({"name"}) for one in given}
        found = exchange.Read(given, (), {}, number, 0, 0, said=said, there=frozenset(said))
        draft = drafts.prepare(found=found, name="gids.csv", by=city["coordinator"])
        with CaptureQueriesContext(connection) as seen:
            assert bringing.apply(draft=draft, by=city["coordinator"]).made == 1
        assert draft.waiting().count() == number - 1
        return len(seen)

    assert questions(300) == questions(30)
