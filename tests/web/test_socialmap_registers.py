"""A register that comes again: what is not in it any more is flagged once, nothing is removed (DESIGN §8, S129)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from schakel_web.socialmap import actions, bringing, drafts
from schakel_web.socialmap.models import (
    ColumnMap,
    Doubt,
    Draft,
    How,
    Provision,
    Register,
    RegisterEntry,
)
from schakel_web.socialmap.tasks import exchange
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.guide import ALL, KEY, LIKE, NAMES, WITHOUT_TWO, brought, sent

As = Callable[[str], Client]


def missing() -> set[str]:
    """Names of what an open doubt of a file is about."""
    return set(Doubt.objects.of_files().open().values_list("provision__name", flat=True))


def test_what_is_not_in_the_next_file_is_doubted_and_stays_on_the_map(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    assert missing() == {"Taalcafé", "Buurtmoestuin"}
    assert Provision.objects.there().count() == 4
    said = f"Staat niet meer in het bestand van Gids van {date_format(timezone.localdate(), 'j F Y')}"
    assert client.get("/kaart/bijhouden/").content.decode().count(said) == 2
    one = Provision.objects.get(name="Taalcafé")
    assert said in client.get(f"/kaart/{one.pk}/").content.decode()
    assert said not in client.get(f"/kaart/{Provision.objects.get(name='Eettafel').pk}/").content.decode()


def test_the_preview_tells_how_many_and_which_before_anything_happens(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    look = sent(client, WITHOUT_TWO, what="look").content.decode()
    assert "2 keer aanbod staat niet meer in dit bestand" in look
    assert ("Taalcafé" in look, "Buurtmoestuin" in look) == (True, True)
    draft = sent(client, WITHOUT_TWO).content.decode()
    assert "Is dit bestand het hele register van Gids?" in draft
    assert ("Taalcafé" in draft, "Buurtmoestuin" in draft, "Eettafel" in draft) == (True, True, False)
    assert missing() == set()


@pytest.mark.parametrize("given", [{"whole": "no"}, {}, {"whole": "misschien"}])
def test_a_file_that_is_a_part_flags_nothing_and_that_is_what_happens_when_nobody_chooses(
    city: City, as_: As, given: dict[str, str]
) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    sent(client, WITHOUT_TWO)
    draft = Draft.objects.latest("pk")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply", **given})
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply", "whole": "yes"})  # it was said already
    assert missing() == set()
    draft.refresh_from_db()
    assert (draft.whole, draft.applied is None) == (False, False)


def test_a_part_can_still_bring_something_back(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    brought(client, "id,name\ngids-2,Taalcafé\n", whole="no")
    assert missing() == {"Buurtmoestuin"}


def test_the_same_file_again_says_nothing_twice(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    for _time in range(3):
        brought(client, WITHOUT_TWO)
    assert Doubt.objects.count() == 2


def test_what_returns_in_a_next_file_is_no_longer_doubted_and_can_be_missed_anew(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    brought(client, ALL)
    assert missing() == set()
    assert set(Doubt.objects.values_list("how", flat=True)) == {"back"}
    brought(client, WITHOUT_TWO)
    assert missing() == {"Taalcafé", "Buurtmoestuin"}


def confirmed(one: Provision, city: City) -> None:
    actions.confirm(provision=one, how=How.MAIL, by=None)


def closed(one: Provision, city: City) -> None:
    actions.change_state(provision=one, version=one.version, to="closed", why="gestopt", by=city["member"])


def changed(one: Provision, city: City) -> None:
    one.description = "Nu op dinsdag."
    actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])


def settled(one: Provision, city: City) -> None:
    actions.settle(doubted=one.doubts.get(), how="right", by=city["member"])


@pytest.mark.parametrize(
    ("solve", "how"), [(confirmed, "right"), (closed, "removed"), (changed, "corrected"), (settled, "right")]
)
def test_whoever_confirms_changes_or_closes_it_has_answered_and_is_not_asked_again(
    city: City, as_: As, solve: Callable[[Provision, City], None], how: str
) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    one = Provision.objects.get(name="Taalcafé")
    solve(one, city)
    assert missing() == {"Buurtmoestuin"}
    assert one.doubts.get().how == how
    brought(client, WITHOUT_TWO)
    assert missing() == {"Buurtmoestuin"}


def test_what_rests_is_still_asked_about_and_a_remark_of_somebody_stays_after_confirming(
    city: City, as_: As
) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    one = Provision.objects.get(name="Taalcafé")
    actions.change_state(provision=one, version=one.version, to="paused", why="zomer", by=city["member"])
    assert "Taalcafé" in missing()
    actions.doubt(provision=one, what="times", note="", by=None)
    actions.confirm(provision=one, how=How.SCREEN, by=city["member"])
    assert [doubt.what for doubt in one.doubts.open()] == ["times"]


def test_what_was_closed_here_and_is_in_the_file_again_waits_for_a_person(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO)
    closed(one := Provision.objects.get(name="Taalcafé"), city)
    page = sent(client, ALL).content.decode()
    assert "maar is op de kaart afgesloten" in page
    brought(client, ALL)
    one.refresh_from_db()
    assert one.state == "closed"  # the file does not speak of it


def test_another_source_and_no_source_flag_nothing_of_this_one(city: City, as_: As) -> None:
    client = as_("coordinator")
    make.provision(city.areas[0], name="Van ons zelf")
    brought(client, ALL)
    brought(client, "id,name\nander-1,Koor\n", register="", new_register="Andere gids")
    brought(client, "id,name\nlos-1,Schaakclub\n", register="", new_register="")
    assert Doubt.objects.count() == 0
    assert set(Register.objects.values_list("name", flat=True)) == {"Gids", "Andere gids"}


def test_a_new_source_with_the_name_of_an_old_one_is_the_old_one(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO, register="", new_register=" gids ")
    assert len(missing()) == 2
    answer = sent(client, ALL, new_register="Nog een")
    assert (answer.status_code, "Niet allebei" in answer.content.decode()) == (422, True)


def test_a_source_may_be_called_after_a_town_that_is_a_name(city: City, as_: As) -> None:
    brought(as_("coordinator"), ALL, register="", new_register="San Francisco 2-1-1")
    assert Register.objects.get().name == "San Francisco 2-1-1"


def test_what_was_on_the_map_before_it_had_a_source_gets_it_at_the_next_file(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL, register="", new_register="")
    brought(client, ALL)
    assert RegisterEntry.objects.count() == 4
    brought(client, WITHOUT_TWO)
    assert len(missing()) == 2


def test_a_faulty_row_is_in_the_file(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    brought(client, WITHOUT_TWO + "gids-2,\n", what="good")
    assert missing() == {"Buurtmoestuin"}


def test_nothing_is_gone_while_a_row_cannot_be_told(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    page = sent(client, WITHOUT_TWO + ",Taalcafé\n", what="good").content.decode()
    assert "Van 1 regel is niet te lezen om welk aanbod het gaat" in page
    draft = Draft.objects.latest("pk")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply", "whole": "yes"})
    assert missing() == set()


def test_an_older_file_that_is_brought_in_late_says_nothing_about_what_is_gone_or_back(
    city: City, as_: As
) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    sent(client, "id,name\ngids-0,Eettafel\n")
    old = Draft.objects.latest("pk")
    brought(client, WITHOUT_TWO)
    client.post(f"/kaart/inlezen/{old.pk}/", {"do": "apply", "whole": "yes"})
    assert missing() == {"Taalcafé", "Buurtmoestuin"}


OTHER = "andere-1,Schaakclub,,\n"


def test_another_identifier_for_the_same_is_not_gone_once_a_person_says_so_and_is_known_next_time(
    city: City, as_: As
) -> None:
    client = as_("coordinator")
    brought(client, LIKE.format("oud-7"))
    draft = brought(client, LIKE.format("nieuw-7") + OTHER)
    assert (missing(), draft.rows.filter(done=False).count()) == (set(), 2)  # first a person says whether
    row = draft.rows.get(what="likely")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "same"})
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply"})
    assert (missing(), draft.rows.filter(done=False).count()) == (set(), 0)
    again = brought(client, LIKE.format("nieuw-7") + OTHER)
    assert (again.rows.count(), again.unchanged, missing()) == (0, 2, set())
    assert Provision.objects.count() == 2


def test_when_it_is_something_else_the_old_one_is_gone(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, LIKE.format("oud-7"))
    draft = brought(client, LIKE.format("nieuw-7"))
    row = draft.rows.get(what="likely")
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "new"})
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply"})
    assert Doubt.objects.of_files().open().get().provision.identifier == "oud-7"


def test_open_referral_comes_again_as_well(city: City, as_: As) -> None:
    client = as_("coordinator")
    services = [{"id": KEY(n), "name": name, "status": "active"} for n, name in enumerate(NAMES)]
    brought(client, json.dumps(services), name="gids.json")
    broken = {"id": KEY(2), "name": None, "status": "active"}  # is there, with a fault
    brought(client, json.dumps([*services[:2], broken]), name="gids.json", what="good")
    assert missing() == {"Buurtmoestuin"}
    brought(client, json.dumps(services), name="gids.json")
    assert missing() == set()


def test_a_list_of_objects_with_a_mapping_comes_again_as_well(city: City, as_: As) -> None:
    client = as_("coordinator")
    text = "identifier: [titel, wijk]\ncolumns: {name: titel}\n"
    mapping = f"saved:{ColumnMap.objects.create(name='Gids', text=text).pk}"
    rows = [{"titel": name, "wijk": "Oost"} for name in NAMES]
    brought(client, json.dumps(rows), name="gids.json", mapping=mapping)
    brought(client, json.dumps(rows[:3]), name="gids.json", mapping=mapping)
    assert missing() == {"Buurtmoestuin"}


def test_excel_comes_again_as_well(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    book = exchange.workbook(Provision.objects.exclude(name="Taalcafé"))
    known = Register.objects.get()
    file = SimpleUploadedFile("gids.xlsx", book)
    client.post("/kaart/inlezen/", {"file": file, "what": "all", "mapping": "", "register": known.pk})
    client.post(f"/kaart/inlezen/{Draft.objects.latest('pk').pk}/", {"do": "apply", "whole": "yes"})
    assert missing() == {"Taalcafé"}


def test_what_a_file_does_not_speak_of_stays_as_people_here_chose_it(city: City, as_: As) -> None:
    """S037, S115: a next file of a register that knows a name and a price does not undo who looked at the rest."""
    client = as_("coordinator")
    brought(client, "id,name,resident_cost\ngids-0,Eettafel,2\n")
    one = Provision.objects.get()
    one.area, one.themes, one.legal_type, one.capacity = (
        city.areas[0],
        ["samen_eten"],
        "algemene_voorziening",
        12,
    )
    one.organisation = city.organisations["School"]
    actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])
    actions.place(
        provision=one, version=one.version, approach=0.9, formality=0.2, spread=0.1, why="kookt zelf", by=city["member"]
    )  # fmt: skip
    draft = brought(client, "id,name,resident_cost\ngids-0,Eettafel,3\n")
    assert draft.rows.get().what == "same"
    one.refresh_from_db()
    assert (float(one.resident_cost or 0), one.area, one.themes) == (3.0, city.areas[0], ["samen_eten"])
    assert one.capacity == 12
    assert (one.checked, one.approach, one.run_by_code) == (timezone.localdate(), 0.9, "")
    again = brought(client, "id,name,resident_cost\ngids-0,Eettafel,3\n")
    assert (again.unchanged, again.rows.count()) == (1, 0)


def test_a_column_that_is_empty_now_empties_what_is_there(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, "id,name,phone,capacity,free\ngids-0,Eettafel,030-1234560,8,8\n")
    brought(client, "id,name,phone,capacity,free\ngids-0,Eettafel,,4,\n")
    one = Provision.objects.get()
    assert (one.phone, one.capacity, one.free) == ("", 4, None)


def test_two_rows_that_are_one_give_its_times_once(city: City, as_: As) -> None:
    client = as_("coordinator")
    make.provision(city.areas[0], name="Eettafel De Brug", run_by="Stichting Oost", phone="030-1234560")
    times = "2026-01-06 10:00 120 FREQ=WEEKLY;BYDAY=TU"
    rows = [f"{key},Eettafel De Brug,Stichting Oost,030 1234560,{times}" for key in ("a-1", "b-1")]
    rows[1] = rows[1].replace("Oost", "Oost B")
    content = "\n".join(["id,name,organisation,phone,sessions", *rows, ""])
    sent(client, content)
    draft = Draft.objects.get()
    for row in draft.rows.all():
        client.post(f"/kaart/inlezen/{draft.pk}/", {"row": row.pk, "choice": "same"})
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply"})
    assert Provision.objects.get().sessions.count() == 1
    again = brought(client, content)
    assert (again.rows.count(), again.unchanged) == (0, 2)


def test_nobody_says_by_hand_that_a_file_lacks_it_nor_that_it_is_back(city: City, as_: As) -> None:
    one = make.provision(city.areas[0], name="Eettafel")
    answer = as_("member").post(f"/kaart/{one.pk}/klopt-niet/", {"what": "missing"})
    assert answer.status_code == 422
    doubt = actions.doubt(provision=one, what="times", note="", by=None)
    as_("member").post(f"/kaart/meldingen/{doubt.pk}/", {"how": "back"})
    doubt.refresh_from_db()
    assert doubt.settled is None


@pytest.mark.parametrize("given", [{"what": "missing"}, {"what": "times", "file_day": "2026-01-01"}])
def test_a_doubt_of_a_file_says_which_file_and_a_doubt_of_somebody_does_not(
    city: City, given: dict[str, Any]
) -> None:
    one = make.provision(city.areas[0], name="Eettafel")
    with pytest.raises(IntegrityError), transaction.atomic():
        Doubt.objects.create(provision=one, **given)


def test_the_database_holds_no_two_open_doubts_of_one_register(city: City) -> None:
    one, register = make.provision(city.areas[0], name="Eettafel"), Register.objects.create(name="Gids")
    given = {"provision": one, "what": "missing", "register": register, "file_day": timezone.localdate()}
    Doubt.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Doubt.objects.create(**given)


def test_flagging_many_asks_the_database_for_many_at_a_time(city: City) -> None:
    register = Register.objects.create(name="Gids")
    many = [Provision(identifier=f"gids-{n}", name=f"Groep {n}", approach=0.5) for n in range(2100)]
    Provision.objects.bulk_create(many)
    RegisterEntry.objects.bulk_create(
        RegisterEntry(register=register, key=one.identifier, provision=one) for one in many
    )

    def questions(keep: int) -> int:
        found = exchange.Read((), (), {}, keep, 0, 0, there=frozenset(f"gids-{n}" for n in range(keep)))
        with CaptureQueriesContext(connection) as seen:
            draft = drafts.prepare(found=found, name="gids.csv", by=city["coordinator"], register=register)
            bringing.apply(draft=draft, by=city["coordinator"], whole=True)
        return len(seen)

    few, more = questions(2000), questions(0)
    assert Doubt.objects.count() == 2100
    assert more - few <= 2000 / 50  # rows of the draft and doubts; SQLite takes some eighty at a time
