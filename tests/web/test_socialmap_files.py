"""The map from and to files: every fault, nothing lost, nothing double, a person chooses; repeatable (DESIGN §8)."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from schakel_web.audit.models import Event
from schakel_web.socialmap import bringing, drafts
from schakel_web.socialmap.models import ColumnMap, Draft, DraftRow, Provision, Session
from schakel_web.socialmap.tasks import exchange, to_record
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def sent(client: Client, content: bytes, name: str = "gids.csv", what: str = "all", mapping: str = "") -> Any:
    """What comes back after a file was sent in."""
    file = SimpleUploadedFile(name, content)
    return client.post("/kaart/inlezen/", {"file": file, "what": what, "mapping": mapping}, follow=True)


def filled(city: City, number: int = 4) -> list[Provision]:
    """Some of the map, with all kinds of attributes."""
    tuesday = [Session(first=timezone.localdate(), rule="FREQ=WEEKLY;BYDAY=TU", start=840)]
    names = ["Eettafel", "Wandelgroep De Stap", "Taalcafé", "Buurtmoestuin", "Repaircafé", "Leesclub"]
    return [
        make.provision(
            city.areas[k % 6], name=names[k], run_by=f"Stichting {k}", phone=f"030-123456{k}", sessions=tuesday,
            free=k, resident_cost=k, payers=["bewoners"], barriers=["kosten"], x=120_000 + 900 * k, y=455_000,
        )
        for k in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_what_goes_out_comes_in_again_as_it_was_and_changes_nothing(city: City, as_: As, kind: str) -> None:
    filled(city)
    before = {p.identifier: to_record(p) for p in Provision.objects.all()}
    content = as_("member").get(f"/kaart/uitvoer.{kind}").content
    page = sent(as_("coordinator"), content, name=f"kaart.{kind}")
    draft = Draft.objects.get()
    assert (draft.unchanged, draft.rows.count(), draft.left_out) == (4, 0, 0), page.content.decode()
    assert {p.identifier: to_record(p) for p in Provision.objects.all()} == before
    assert Event.objects.filter(action="socialmap.export", outcome="exported").exists()


def test_after_looking_a_sound_file_is_chosen_again_and_the_register_stays_chosen_r1(
    city: City, as_: As
) -> None:
    file = SimpleUploadedFile("gids.csv", b"id,name\nextern-1,Eettafel\n")
    given = {"file": file, "what": "look", "mapping": "", "new_register": "Gids"}
    page = as_("coordinator").post("/kaart/inlezen/", given)
    form = page.context["form"]
    assert (form["what"].value(), form["new_register"].value()) == ("all", "Gids")
    assert "Daarom kiest u het opnieuw." in page.content.decode()
    assert not Draft.objects.exists()


def test_the_selection_on_the_page_is_what_goes_out(city: City, as_: As) -> None:
    filled(city)
    content = as_("member").get("/kaart/uitvoer.json?q=wandelgroep").content
    assert [service["name"] for service in json.loads(content)] == ["Wandelgroep De Stap"]


def test_a_file_is_put_ready_and_brought_in_once_however_often_it_is_sent(city: City, as_: As) -> None:
    filled(city)
    content = as_("member").get("/kaart/uitvoer.csv").content
    Provision.objects.all().delete()
    client = as_("coordinator")
    sent(client, content)
    draft = Draft.objects.get()
    assert not Provision.objects.exists()
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply"})
    client.post(f"/kaart/inlezen/{draft.pk}/", {"do": "apply"})
    assert Provision.objects.count() == 4
    assert Provision.objects.get(name="Eettafel").sessions.count() == 1
    assert Provision.objects.having("word", "eettafel").exists()
    sent(client, content)
    assert Draft.objects.latest("pk").rows.count() == 0


def test_every_fault_is_said_at_once_with_line_field_value_and_what_was_expected(city: City, as_: As) -> None:
    rows = (
        "id,name,resident_cost,approach,x,y\n1,Eettafel,-2,0.5,,\n2,,1,0.5,,\n3,Koor,veel,1.7,480000,120000\n"
    )
    page = sent(as_("coordinator"), rows.encode()).content.decode()
    for said in (
        "regel 2, resident_cost: &#x27;-2.0&#x27;",
        "0 euro of meer",
        "regel 3, name",
        "een naam",
        "regel 4, resident_cost",
    ):
        assert said in page, said
    assert not Draft.objects.exists()


def test_a_fault_is_said_once_with_its_line_and_with_the_value_that_is_there(city: City, as_: As) -> None:
    """Of a register hundreds of rows have the same name: the line says which one it is."""
    rows = "id,name,approach,formality,capacity\n1,Koor,0.5,0.5,8\n2,Koor,1.5,-0.2,\n3,Koor,0.5,0.5,-4\n"
    page = sent(as_("coordinator"), rows.encode()).content.decode()
    for said in (
        "regel 3, approach: &#x27;1.5&#x27;",
        "regel 3, formality: &#x27;-0.2&#x27;",
        "regel 4, capacity",
    ):
        assert page.count(said) == 1, said
    assert len(re.findall(r"regel \d", page)) == 3


def test_open_referral_is_known_by_what_is_in_it_whatever_the_file_is_called(city: City, as_: As) -> None:
    content = json.dumps([OTHERS]).encode()
    sent(as_("coordinator"), content, name="download")
    assert Draft.objects.get().rows.count() == 1


def test_good_rows_are_taken_when_that_is_chosen_and_the_others_are_counted(city: City, as_: As) -> None:
    rows = "id,name,approach\n1,Eettafel,0.5\n2,Koor,1.7\n3,,0.2\n"
    sent(as_("coordinator"), rows.encode(), what="good")
    draft = Draft.objects.get()
    assert (draft.rows.count(), draft.left_out) == (1, 2)


OTHERS = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Koffieochtend", "status": "active"}


def test_what_open_referral_does_not_know_is_named_and_goes_out_again(city: City, as_: As) -> None:
    content = json.dumps([OTHERS | {"fax": "020", "kleur": "rood"}]).encode()
    page = sent(as_("coordinator"), content, name="gids.json")
    assert "blijft bewaard en gaat weer mee naar buiten: fax, kleur." in page.content.decode()
    as_("coordinator").post(f"/kaart/inlezen/{Draft.objects.get().pk}/", {"do": "apply"})
    made = Provision.objects.get()
    assert (made.provenance, made.get_provenance_display()) == ("onbekend", "nog niet geplaatst")  # S037
    assert "Nog een plaats te geven" in as_("coordinator").get("/kaart/bijhouden/").content.decode()
    (out,) = json.loads(as_("member").get("/kaart/uitvoer.json").content)
    assert (out["fax"], out["kleur"]) == ("020", "rood")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id: leeg; verwacht: een kenmerk in de vorm van een UUID"),
        ({"name": None}, "name: leeg; verwacht: tekst"),
        ({"status": "open"}, "een van: active, inactive"),
        ({"phones": {}}, "phones: '{}'; verwacht: een lijst"),
        ({"minimum_age": "zes"}, "minimum_age: 'zes'; verwacht: een getal"),
        ({"assured_date": "31-12-2025"}, "een datum zoals 2026-03-31"),
        ({"organization": "Stichting"}, "een object met de velden van ‘organization’"),
        ({"email": "hier"}, "een e-mailadres"),
        ({"url": "hier"}, "een adres zoals https://example.org"),
    ],
)
def test_faults_of_open_referral_are_said_in_dutch(
    city: City, as_: As, change: dict[str, Any], said: str
) -> None:
    page = sent(as_("coordinator"), json.dumps([OTHERS | change]).encode(), name="gids.json")
    assert said in html.unescape(page.content.decode())
    assert not Draft.objects.exists()


def test_organisations_that_go_round_are_said_in_dutch(city: City, as_: As) -> None:
    key = "ac148810-d857-441c-9679-408f346de140"
    owner = {"id": key, "name": "A", "description": "a", "parent_organization_id": key}
    page = sent(as_("coordinator"), json.dumps([OTHERS | {"organization": owner}]).encode(), name="gids.json")
    assert "bovenliggende organisaties die niet in een kring lopen" in page.content.decode()


def test_what_a_file_says_is_gone_is_lost_in_the_history_s083(city: City, as_: As) -> None:
    (kept,) = filled(city, 1)
    content = as_("member").get("/kaart/uitvoer.json").content.decode().replace('"active"', '"defunct"')
    sent(as_("coordinator"), content.encode(), name="gids.json")
    as_("coordinator").post(f"/kaart/inlezen/{Draft.objects.get().pk}/", {"do": "apply"})
    assert Provision.objects.get(pk=kept.pk).state == "closed"
    assert [event.what for event in kept.events.order_by("pk")] == ["gained", "lost"]


def test_a_contact_person_does_not_reach_the_map_and_the_importer_is_told(city: City, as_: As) -> None:
    """R1: zone A holds no name of a person, also not beside what we have fields for."""
    filled(city, 1)
    (service,) = json.loads(as_("member").get("/kaart/uitvoer.json").content)
    key = "ac148810-d857-441c-9679-408f346de142"
    service |= {"name": "Eettafel Noord", "contacts": [{"id": key, "name": "Joke de Boer"}]}
    service["phones"].append({"id": key, "number": "0612345678", "contact_id": key})
    client = as_("coordinator")
    page = sent(client, json.dumps([service]).encode(), name="gids.json")
    assert "contactpersoon (1 keer)" in page.content.decode()
    client.post(f"/kaart/inlezen/{Draft.objects.get().pk}/", {"do": "apply"})
    one = Provision.objects.get(name="Eettafel Noord")
    kept = json.dumps([one.kept_beside, *DraftRow.objects.values_list("values", "kept_beside")], default=str)
    assert "Joke" not in kept
    assert "0612345678" not in kept
    assert one.phone == "030-1234560"
    (out,) = json.loads(as_("member").get("/kaart/uitvoer.json").content)
    assert "contacts" not in out


def test_who_is_named_in_a_text_of_a_file_does_not_reach_the_map_and_the_importer_is_told(
    city: City, as_: As
) -> None:
    """R4: taken out in the preview already; a typed text is sent back instead."""
    filled(city, 1)
    (service,) = json.loads(as_("member").get("/kaart/uitvoer.json").content)
    service |= {"description": "Vraag naar Sonja Jansen, 06-28543278. Of bel 030-1234560."}
    page = sent(as_("coordinator"), json.dumps([service]).encode(), name="gids.json")
    assert "Lees de tekst na van Eettafel" in page.content.decode()
    (row,) = DraftRow.objects.all()
    assert "Sonja" not in json.dumps([row.values, row.kept_beside])
    assert "[naam]" in row.values["description"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("leeg.csv", b""), ("kapot.json", b"{"), ("plaatje.png", b"\x89PNG"), ("lijst.json", b'{"a": 1}')],
)
def test_what_is_no_such_file_is_said_in_a_sentence(city: City, as_: As, name: str, content: bytes) -> None:
    answer = sent(as_("coordinator"), content, name=name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_what_is_like_something_that_is_there_waits_for_a_person(city: City, as_: As) -> None:
    there = filled(city, 1)[0]
    rows = "id,name,organisation,phone,x,y\nextern-1,De Eettafel,Stichting 0,030 1234560,120010,455005\n"
    client = as_("coordinator")
    sent(client, rows.encode())
    row = DraftRow.objects.get()
    assert (row.what, row.match) == ("likely", there)
    client.post(f"/kaart/inlezen/{row.draft_id}/", {"do": "apply"})
    assert Provision.objects.count() == 1
    client.post(f"/kaart/inlezen/{row.draft_id}/", {"row": row.pk, "choice": "same"})
    client.post(f"/kaart/inlezen/{row.draft_id}/", {"do": "apply"})
    there.refresh_from_db()
    assert (there.name, Provision.objects.count()) == ("De Eettafel", 1)
    assert there.identifier != "extern-1"


def test_a_place_on_the_scales_that_people_gave_survives_an_import_s115(city: City, as_: As) -> None:
    kept = filled(city, 1)[0]
    rows = f"id,name,approach,formality\n{kept.identifier},Eettafel Nieuw,0.1,0.9\n"
    client = as_("coordinator")
    sent(client, rows.encode())
    client.post(f"/kaart/inlezen/{Draft.objects.get().pk}/", {"do": "apply"})
    kept.refresh_from_db()
    assert (kept.name, kept.approach, kept.formality) == ("Eettafel Nieuw", 0.5, 0.5)


def test_columns_of_others_are_linked_once_and_saved(city: City, as_: As) -> None:
    client = as_("coordinator")
    text = "identifier: [nummer]\ncolumns: {name: titel, resident_cost: prijs}\nconstants: {access: inloop}"
    assert (
        client.post("/kaart/inlezen/kolommen/", {"name": "Buurtgids", "text": "columns: 3"}).status_code
        == 422
    )
    client.post("/kaart/inlezen/kolommen/", {"name": "Buurtgids", "text": text})
    rows = "nummer;titel;prijs;kleur\n7;Koor;2,50;blauw\n"
    sent(client, rows.encode(), mapping=f"saved:{ColumnMap.objects.get().pk}")
    client.post(f"/kaart/inlezen/{Draft.objects.get().pk}/", {"do": "apply"})
    kept = Provision.objects.get()
    assert (kept.name, float(kept.resident_cost or 0), kept.access) == ("Koor", 2.5, "inloop")
    assert kept.kept_beside == {"columns": {"kleur": "blauw"}}


@pytest.mark.public_data
@pytest.mark.parametrize(
    ("file", "mapping"),
    [("amsterdam_armoede_voorzieningen_2016.json", "amsterdam_armoede"), ("sf_211_2013.csv", "icarol_211")],
)
def test_real_registers_come_in_whole(city: City, public_data: Path, file: str, mapping: str) -> None:
    upload = SimpleUploadedFile(file, (public_data / "provisions" / file).read_bytes())
    found = exchange.read(upload, mapping=exchange.mapping_called(f"shipped:{mapping}"))
    assert len(found.records) + found.left_out == found.rows
    assert found.left_out <= 0.01 * found.rows, found.faults[:5]
    draft = drafts.prepare(found=found, name=file, by=city["coordinator"])
    made, twice = bringing.apply(draft=draft, by=city["coordinator"]).made, 0
    while waiting := drafts.choose_rest(draft=draft, choice="new", seen=None, by=city["coordinator"]):
        twice += waiting
        made += bringing.apply(draft=draft, by=city["coordinator"]).made
    assert made == len(found.records)
    assert twice > 0  # what is double was found, and a person said what to do
    again = drafts.prepare(found=found, name=file, by=city["coordinator"])
    assert (again.rows.count(), again.unchanged) == (0, made)


def test_the_calendar_is_one_that_phones_follow(city: City) -> None:
    filled(city, 2)
    make.provision(city.areas[0], name="Traplift", legal_type="maatwerkvoorziening", decision=True)
    answer = Client().get("/ontdek/agenda.ics?q=eettafel")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(io.BytesIO(answer.content).read())
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["Eettafel"]


def test_another_kind_of_file_is_not_there(as_: As) -> None:
    assert as_("member").get("/kaart/uitvoer.exe").status_code == 404


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("capacity", "1e3", "een heel getal"), ("hours", "veel", "een getal"), ("wheelchair", "soms", "ja of nee"),
        ("sessions", "elke dinsdag", "tijden zoals"), ("reach_km", "1e308", "hoogstens 1.000 km"),
        ("checked", "9999-12-31", "een dag die niet in de toekomst ligt"),
    ],
)  # fmt: skip
def test_what_was_expected_in_a_column_is_said_in_dutch(
    city: City, as_: As, column: str, value: str, said: str
) -> None:
    answer = sent(as_("coordinator"), f"id,name,{column}\nextern-1,Eettafel,{value}\n".encode())
    assert answer.status_code == 422
    assert said in " ".join(answer.context["faults"])


def test_a_choice_that_does_not_exist_brings_in_nothing(city: City, as_: As) -> None:
    client = as_("coordinator")
    sent(client, b"id,name\nextern-1,Eettafel\n")
    row = DraftRow.objects.get()
    page = f"/kaart/inlezen/{row.draft_id}/"
    assert client.post(page, {"row": row.pk, "choice": "onzin"}).status_code == 302
    assert client.post(page, {"row": "²", "choice": "same"}).status_code == 404
    assert not Provision.objects.exists()
