"""Open Referral HSDS in and out: nothing is lost, faults are said, and the official schema accepts what we write."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schakel.provisions import (
    Organisation,
    Provision,
    Session,
    load_templates,
)
from schakel.provisions.hsds import applied, difference, misshapen, read_hsds, write_hsds
from schakel.provisions.hsds.people import is_personal, without_people
from schakel.provisions.hsds.schedules import read_schedule
from tests.library.hsds_official import validate
from tests.library.hsds_provisions import provisions


@settings(max_examples=60)
@given(st.lists(provisions(), max_size=3, unique_by=lambda one: one.id))
def test_a_provision_comes_back_whole_and_is_written_the_same_again(given_: list[Provision]) -> None:
    written = json.loads(json.dumps(write_hsds(given_)))
    assert [misshapen(one, "service", file="f") for one in written] == [((), ())] * len(written)
    read = read_hsds(written)
    assert (read.faults, read.notes) == ((), ())
    assert list(read.provisions) == given_
    assert json.loads(json.dumps(write_hsds(read.provisions, organisations=read.organisations))) == written
    assert not any(read.kept.values())


@pytest.mark.public_data
@settings(max_examples=10)
@given(one=provisions())
def test_the_official_schema_accepts_what_we_write(public_data: Path, one: Provision) -> None:
    validate(public_data, write_hsds([one]))


@pytest.mark.public_data
def test_the_official_schema_accepts_all_templates(public_data: Path) -> None:
    validate(public_data, write_hsds([each.provision for each in load_templates()]))


@pytest.mark.public_data
@pytest.mark.parametrize("example", ["service_full.json", "service_list.json"])
def test_the_official_examples_are_written_back_unchanged_but_for_persons(
    public_data: Path, example: str
) -> None:
    data = json.loads((public_data / "hsds" / "examples" / example).read_bytes())
    services = [without_people(each)[0] for each in data.get("contents", [data])]
    read = read_hsds(data)
    assert "Persona" not in json.dumps([services, read.kept])  # R1
    assert read.faults == ()
    written = write_hsds(read.provisions, organisations=read.organisations, kept=read.kept)
    assert json.loads(json.dumps(written)) == services
    validate(public_data, written)
    again = read_hsds(written)
    assert (again.provisions, again.people) == (read.provisions, 0)
    assert again.provisions == read.provisions
    assert write_hsds(again.provisions, organisations=again.organisations, kept=again.kept) == written


def one_service(**changes: Any) -> dict[str, Any]:
    """A service of somebody else, who knows more than we do."""
    plain = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Koffieochtend",
        "status": "active",
        "accreditations": "geen",
        "fax": "020",
        "phones": [{"id": "1554f2e2-a373-45db-a3fa-9fc48a61c15e", "number": "020", "extension": 12}],
    }
    return {**plain, **changes}


def test_unknown_fields_are_named_and_kept() -> None:
    read = read_hsds([one_service()])
    assert [note.field for note in read.notes] == ["fax"]
    assert read.faults == ()
    assert write_hsds(read.provisions, kept=read.kept) == [one_service()]


def with_people() -> dict[str, Any]:
    """A service with two contact persons, a desk, and telephones of all of them and of the organisation."""
    key = "ac148810-d857-441c-9679-408f346de1{:02}".format
    return one_service(
        email="info@koffie.nl",
        assurer_email="j.de.boer@koffie.nl",
        contact_person="Joke de Boer",
        contacts=[
            {
                "id": key(10), "name": "Joke de Boer", "email": "joke@koffie.nl",
                "phones": [{"id": key(11), "number": "06"}],
            },
            {"id": key(12), "title": "balie", "email": "balie@koffie.nl"},
        ],
        phones=[
            {"id": key(13), "number": "030"},
            {"id": key(14), "number": "0612345678", "contact_id": key(10)},
            {"id": key(15), "number": "031", "contact_id": key(12)},
        ],
        organization={
            "id": key(16),
            "name": "Koffie in de wijk",
            "description": "Koffie",
            "email": "boer@koffie.nl",
            "contacts": [{"id": key(17), "name": "Ali Yilmaz"}],
        },
    )  # fmt: skip


def test_contact_persons_do_not_come_in_and_are_counted() -> None:
    """R1: the social map holds organisations; what is said to the importer is how many persons stayed out."""
    read = read_hsds([with_people()])
    assert (read.faults, read.people) == ((), 5)  # two persons, their address twice, and a field of their own
    everything = json.dumps([read.kept, *(repr(each) for each in (read.provisions, read.organisations))])
    for personal in ("Joke", "Boer", "boer", "joke", "Yilmaz", "0612345678"):
        assert personal not in everything
    (one,) = read.provisions
    assert (one.email, one.phone, one.owner_email) == ("info@koffie.nl", "030", "")
    written = write_hsds(read.provisions, organisations=read.organisations, kept=read.kept)
    (contact,) = written[0]["contacts"]
    assert (contact["title"], [each["number"] for each in written[0]["phones"]]) == ("balie", ["030", "031"])
    again = read_hsds(written)
    assert again.people == 0
    assert write_hsds(again.provisions, organisations=again.organisations, kept=again.kept) == written


def test_who_is_named_in_a_text_goes_and_where_people_can_turn_to_stays() -> None:
    """R4: also in fields that we only keep, and that HSDS does not have."""
    who = "Bel voor een kop koffie met Erik van der Meij op 06-28543278."
    read = read_hsds([one_service(description=who, alert=f"Let op: {who}", bijzonderheden=f"Nieuw: {who}")])
    assert read.redacted == ("Koffieochtend",)
    written = json.dumps(write_hsds(read.provisions, kept=read.kept))
    assert ("Meij" in written, "28543278" in written, written.count("[naam]")) == (False, False, 3)
    place = "Elke dinsdag in de Balistraat 48. Bel 020-7736542 of mail info@buurthuis.nl."
    general = read_hsds([one_service(description=place)])
    assert (general.redacted, general.provisions[0].description) == ((), place)
    again = read_hsds(write_hsds(read.provisions, kept=read.kept))
    assert again.redacted == ()


def test_an_address_of_a_person_that_was_typed_here_does_not_go_out() -> None:
    """R1: an open file is for everybody."""
    mine = replace(
        load_templates()[0].provision, email="fatima@buurthuis.nl", owner_email="k.jansen@buurthuis.nl"
    )
    assert "buurthuis.nl" not in json.dumps(write_hsds([mine]))


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("info@buurthuis.nl", False),
        ("aanmelden.oost@welzijn.nl", False),
        ("wandelgroep@gmail.com", False),
        ("emma@hospice.nl", False),
        ("secretariaat@sportclub.nl", False),
        ("vrijwilligers@kerk.nl", False),
        ("fatima@buurthuis.nl", True),
        ("fatima.elamrani@welzijn.nl", True),
        ("j.jansen@welzijn.nl", True),
        ("p.j.van.dijk@welzijn.nl", True),
        ("annajansen@welzijn.nl", True),
    ],
)
def test_an_address_is_personal_when_it_names_a_person(address: str, personal: bool) -> None:
    """R1: general addresses come in, those of persons do not."""
    of, people = "Hospice Emma", frozenset({"anna", "jansen"})
    assert is_personal(address, of=of, people=people) is personal


def test_what_the_file_does_not_say_is_named_and_not_made_up() -> None:
    """S037: no attribute is derived from another."""
    (assumed,) = read_hsds([one_service()]).assumed.values()
    assert assumed == ("legal_type", "position", "layer")


def test_a_change_made_here_wins_over_what_was_kept() -> None:
    read = read_hsds([one_service(url="https://oud.nl", fees="3 euro")])
    changed = replace(read.provisions[0], name="Koffie en thee", phone="030")
    (written,) = write_hsds([changed], kept=read.kept)
    assert (written["name"], written["phones"][0]["number"]) == ("Koffie en thee", "030")
    assert (written["fees"], written["phones"][0]["extension"]) == ("3 euro", 12)


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"id": None}, "id", "a UUID"),
        ({"id": "7"}, "id", "a UUID"),
        ({"name": None}, "name", "text"),
        ({"status": "open"}, "status", "one of active"),
        ({"phones": {}}, "phones", "a list"),
        ({"phones": [{"id": "1554f2e2-a373-45db-a3fa-9fc48a61c15e"}]}, "phones[0].number", "text"),
        ({"assured_date": "31-12-2025"}, "assured_date", "a date"),
        ({"minimum_age": "zes"}, "minimum_age", "a number"),
        ({"organization": "Stichting"}, "organization", "an object"),
    ],
)
def test_a_fault_says_the_field_and_what_was_expected(
    change: dict[str, Any], field: str, expected: str
) -> None:
    read = read_hsds([one_service(**change), one_service(id="bc148810-d857-441c-9679-408f346de14b")])
    (fault,) = read.faults
    assert fault.file == "HSDS, service 1"
    assert fault.field == field
    assert fault.expected.startswith(expected)
    assert len(read.provisions) == 1  # the good one


def test_an_identifier_that_stands_there_twice_is_a_fault() -> None:
    (fault,) = read_hsds([one_service(), one_service()]).faults
    assert (fault.file, fault.field) == ("HSDS, service 2", "id")


@pytest.mark.parametrize("thing", [None, 7, "x", {"services": []}, [[]]])
def test_something_else_than_hsds_is_said(thing: object) -> None:
    assert len(read_hsds(thing).faults) == 1


def test_parents_that_go_round_are_faults() -> None:
    a, b = "ac148810-d857-441c-9679-408f346de140", "ac148810-d857-441c-9679-408f346de141"
    owner = {"id": a, "name": "A", "description": "a", "parent_organization_id": b}
    other = {"id": b, "name": "B", "description": "b", "parent_organization_id": a}
    term = {"id": a, "name": "t", "description": "t", "parent_id": a}
    services = [
        one_service(organization=owner, attributes=[{"id": b, "taxonomy_term": term}]),
        one_service(id=b, organization=other),
    ]
    read = read_hsds(services)
    fields = [fault.field for fault in read.faults]
    assert fields == ["parent_organization_id", "parent_organization_id", "taxonomy_term.parent_id"]
    assert len(read.provisions) == 2
    written = write_hsds(read.provisions, organisations=read.organisations, kept=read.kept)
    assert json.loads(json.dumps(written)) == services


def test_a_schedule_that_cannot_be_read_is_named_and_kept() -> None:
    key = "ac148810-d857-441c-9679-408f346de142"
    schedules = [
        {"id": key, "freq": "WEEKLY", "byweekno": "41", "opens_at": "10:00", "closes_at": "11:00"},
        {"id": key[:-1] + "3", "freq": "WEEKLY", "byday": "TU"},
        {"id": key[:-1] + "4", "freq": "WEEKLY", "byday": "TU", "opens_at": "10:00:00", "closes_at": "11:30"},
        {"id": key[:-1] + "5", "freq": "MONTHLY", "byday": "6TU", "opens_at": "10:00", "closes_at": "11:30"},
    ]
    read = read_hsds([one_service(schedules=schedules)])
    assert [note.field for note in read.notes if note.field != "fax"] == ["schedules"] * 3
    (session,) = read.provisions[0].sessions
    assert (session.rule, session.start, session.minutes) == ("FREQ=WEEKLY;BYDAY=TU", 600, 90)
    assert json.loads(json.dumps(write_hsds(read.provisions, kept=read.kept))) == [
        one_service(schedules=schedules)
    ]


def test_organisations_are_read_once_with_their_parent() -> None:
    known = Organisation(
        "ac148810-d857-441c-9679-408f346de140", "Welzijn", "Welzijn in de wijk", email="a@b.nl"
    )
    mine = [
        replace(each.provision, organisation="Welzijn", organisation_id=known.id)
        for each in load_templates()[:2]
    ]
    read = read_hsds(write_hsds(mine, organisations={known.id: known}))
    assert read.organisations == {known.id: known}
    assert list(read.provisions) == mine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
        | st.lists(
            st.fixed_dictionaries({"id": st.sampled_from("xyz"), "v": inner}),
            unique_by=lambda one: one["id"],
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON)
@example([], [{"id": "y"}, {"id": "x"}])  # the order of what is added
def test_changes_make_their_document_of_ours(ours: Any, theirs: Any) -> None:
    before = copy.deepcopy(ours)
    kept = json.loads(json.dumps(difference(ours, theirs)))
    assert json.dumps(applied(ours, kept), sort_keys=True) == json.dumps(theirs, sort_keys=True)
    assert ours == before


def test_named_days_without_how_often_are_every_week_and_a_time_without_any_day_is_a_fault() -> None:
    found = read_schedule({"byday": "MO,WE", "opens_at": "10:00", "closes_at": "12:00"})
    assert isinstance(found, Session)
    assert found.rule == "FREQ=WEEKLY;BYDAY=MO,WE"
    said = read_schedule({"opens_at": "10:00", "closes_at": "12:00"})
    assert said == "a schedule with days on which it comes again, or with a first day"
