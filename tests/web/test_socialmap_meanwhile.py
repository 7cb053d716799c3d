"""What somebody changes on the map while a file waits to be brought in, is left as it is until a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schakel.provisions import load_templates
from schakel_web.socialmap import actions, bringing, drafts
from schakel_web.socialmap.models import Provision, RegisterEntry
from schakel_web.socialmap.tasks import exchange
from tests.factories.city import City
from tests.factories.guide import ALL, LIKE, bring, brought, waiting

As = Callable[[str], Client]
DEARER = "id,name,resident_cost\ngids-0,Eettafel,3\ngids-1,Koor,4\n"
BEFORE = "id,name,resident_cost\ngids-0,Eettafel,2\ngids-1,Koor,2\n"


def edited(name: str, city: City, text: str = "Nu op dinsdag.") -> None:
    one = Provision.objects.get(name=name)
    one.description = text
    one.resident_cost = 1
    actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])


def costs() -> dict[str, float]:
    return {name: float(cost or 0) for name, cost in Provision.objects.values_list("name", "resident_cost")}


def test_what_was_edited_in_between_is_left_alone_and_shown(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    edited("Eettafel", city)
    page = bring(client, draft)
    assert costs() == {"Eettafel": 1, "Koor": 4}
    assert "1 aanbod is op de kaart veranderd nadat u het bestand klaarzette. Dat bleef zoals het is." in page
    assert ("Toch bijwerken uit het bestand" in page, "Laat zoals het is" in page) == (True, True)
    draft.refresh_from_db()
    assert draft.applied is None
    bring(client, draft)  # again changes nothing
    assert costs()["Eettafel"] == 1


@pytest.mark.parametrize(("choice", "cost"), [("same", 3), ("skip", 1), ("new", 1), ("", 1)])
def test_a_person_says_whether_the_file_or_the_map_is_right(
    city: City, as_: As, choice: str, cost: int
) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    edited("Eettafel", city)
    bring(client, draft)
    row = draft.rows.get(what="edited")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": choice})
    bring(client, draft)
    one = Provision.objects.get(name="Eettafel")
    assert (float(one.resident_cost or 0), one.description) == (cost, "Nu op dinsdag.")
    draft.refresh_from_db()
    assert (draft.applied is not None) is (choice in {"same", "skip"})


def test_a_choice_is_about_what_the_person_saw(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    edited("Eettafel", city)
    bring(client, draft)
    row = draft.rows.get(what="edited")
    seen = Provision.objects.get(name="Eettafel").version
    edited("Eettafel", city, "Toch op woensdag.")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "same", "version": seen})
    bring(client, draft)
    assert Provision.objects.get(name="Eettafel").description == "Toch op woensdag."
    assert costs()["Eettafel"] == 1


def test_edited_once_more_after_that_choice_is_asked_again(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    edited("Eettafel", city)
    bring(client, draft)
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": draft.rows.get(what="edited").pk, "choice": "same"})
    edited("Eettafel", city, "Nu op vrijdag.")
    bring(client, draft)
    assert costs()["Eettafel"] == 1


def test_what_resembles_something_that_is_edited_after_the_choice_is_asked_again(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, LIKE.format("oud-7"))
    draft = waiting(client, LIKE.format("nieuw-7").replace("1234560", "7654321"))
    row = draft.rows.get(what="likely")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "same"})
    edited("Eettafel De Brug", city)
    bring(client, draft)
    row.refresh_from_db()
    assert (row.what, row.choice, row.done) == ("likely", "", False)
    assert Provision.objects.get().phone == "030 1234560"
    assert not RegisterEntry.objects.filter(key="nieuw-7").exists()


def test_a_confirmation_in_between_changes_nothing_about_it(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    actions.confirm(provision=Provision.objects.get(name="Eettafel"), how="screen", by=city["member"])
    bring(client, draft)
    assert costs() == {"Eettafel": 3, "Koor": 4}


def test_what_another_file_brought_in_between_is_not_made_twice_and_waits(city: City, as_: As) -> None:
    client = as_("coordinator")
    late = waiting(client, DEARER)
    brought(client, "id,name,resident_cost,phone\ngids-0,Eettafel,2,030-1234560\n")
    page = bring(client, late)
    assert costs() == {"Eettafel": 2, "Koor": 4}
    assert "1 aanbod is op de kaart veranderd" in page
    client.post(f"/kaart/inlezen/{late.pk}/", {"row": late.rows.get(what="edited").pk, "choice": "same"})
    bring(client, late)
    one = Provision.objects.get(name="Eettafel")
    assert (float(one.resident_cost or 0), one.phone) == (3, "030-1234560")


def test_what_waits_for_a_choice_is_in_the_file_and_not_gone(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    edited("Eettafel", city)
    bring(client, draft, whole="yes")
    assert not RegisterEntry.objects.exclude(missing=None).exists()


@pytest.mark.parametrize("before", [BEFORE, ""])
def test_the_same_file_put_ready_twice_asks_nothing_the_second_time(city: City, as_: As, before: str) -> None:
    client = as_("coordinator")
    if before:
        brought(client, before)
    first, second = waiting(client, DEARER), waiting(client, DEARER)
    bring(client, first, whole="yes")
    versions = list(Provision.objects.order_by("pk").values_list("pk", "version"))
    page = bring(client, second, whole="yes")
    assert "0 nieuw op de kaart, 0 veranderd." in page
    second.refresh_from_db()
    assert (second.applied is not None, second.rows.filter(done=False).count()) == (True, 0)
    assert list(Provision.objects.order_by("pk").values_list("pk", "version")) == versions
    assert RegisterEntry.objects.filter(missing=None).count() == 2


def test_a_choice_that_somebody_made_true_by_hand_is_not_asked_again(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, BEFORE)
    draft = waiting(client, DEARER)
    for one in Provision.objects.all():
        one.resident_cost = {"Eettafel": 3, "Koor": 5}[one.name]
        actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])
    bring(client, draft)
    assert [row.match.name for row in draft.rows.filter(done=False).select_related("match") if row.match] == [
        "Koor"
    ]


# --- a large file in parts


def test_a_large_file_comes_in_parts_that_somebody_can_stop(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("coordinator")
    brought(client, ALL + "gids-9,Koor\n")
    monkeypatch.setattr(bringing, "MOST", 2)
    draft = waiting(client, ALL.replace(",", ",De ").replace("De name", "name"))
    page = bring(client, draft, whole="yes")
    assert "Er wachten nog 2 regels." in page
    assert "Zet op de kaart" in page
    assert Provision.objects.filter(name__startswith="De ").count() == 2
    assert not RegisterEntry.objects.exclude(missing=None).exists()  # first all of it is in
    bring(client, draft)
    assert Provision.objects.filter(name__startswith="De ").count() == 4
    assert RegisterEntry.objects.exclude(missing=None).get().key == "gids-9"
    draft.refresh_from_db()
    assert draft.applied is not None


def test_bringing_in_asks_the_database_little_for_each(city: City) -> None:
    def questions(number: int) -> int:
        first = load_templates()[0].provision
        given = tuple(replace(first, id=f"{number}-{n}", name=f"Groep {number} {n}") for n in range(number))
        said = {one.id: frozenset({"name"}) for one in given}
        found = exchange.Read(given, (), {}, number, 0, 0, said=said, there=frozenset(said))
        draft = drafts.prepare(found=found, name="gids.csv", by=city["coordinator"])
        with CaptureQueriesContext(connection) as seen:
            assert bringing.apply(draft=draft, by=city["coordinator"]).made == number
        return len(seen)

    assert questions(400) - questions(40) <= 360 / 8  # SQLite takes a dozen at a time


def test_the_log_is_held_last_so_that_nobody_waits_for_a_whole_file(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("coordinator")
    brought(client, "id,name,status\ngids-0,Eettafel,open\ngids-1,Koor,open\n")
    monkeypatch.setattr(bringing, "_SHARE", 1)
    draft = waiting(client, "id,name,status\ngids-0,Eettafel,closed\ngids-1,Koor,closed\n")
    with CaptureQueriesContext(connection) as seen:
        bringing.apply(draft=draft, by=city["coordinator"])
    written = [q["sql"] for q in seen.captured_queries]
    assert Provision.objects.filter(state="closed").count() == 2
    log = min(n for n, sql in enumerate(written) if '"audit_' in sql)
    changed = max(n for n, sql in enumerate(written) if sql.startswith('UPDATE "socialmap_provision"'))
    assert changed < log
