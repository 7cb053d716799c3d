"""A service of somebody else comes out of HSDS as it went in, however odd what is inside; persons apart (R1, R4)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from schakel.provisions.hsds import misshapen, read_hsds, write_hsds
from schakel.provisions.hsds.people import without_people
from schakel.provisions.hsds.shape import SHAPE
from schakel.provisions.hsds.texts import service_without_names
from tests.library import hsds_official as official
from tests.library.hsds_services import SOMEBODY, services

#: Kind of a field in our own words → how the official schema says it.
SAID = {
    "id": {"type": "string", "format": "uuid"},
    "text": {"type": "string"},
    "link": {"type": "string", "format": "uri"},
    "mail": {"type": "string", "format": "email"},
    "number": {"type": "number"},
    "day": {"type": "string"},
    "moment": {"type": "string", "format": "date-time"},
    "status": {"type": "string", "enum": ["active", "inactive", "defunct", "temporarily closed"]},
    "location_type": {"type": "string", "enum": ["physical", "postal", "virtual"]},
    "freq": {"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
    "weekday": {"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]},
}
#: Of 3.1, or of an organisation that is exported with its services.
NOT_IN_3_0 = {
    ("service", "capacities"),
    ("service", "additional_urls"),
    ("organization", "additional_websites"),
    ("organization", "services"),
}


def of_nobody(service: dict[str, Any]) -> dict[str, Any]:
    """The service without whoever is named in it: what has to be taken out (R1, R4)."""
    return service_without_names(without_people(service)[0])


def through_schakel(given_: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read, kept as a database keeps it, and written; twice, which gives the same."""
    read = read_hsds(given_)
    kept = json.loads(json.dumps(read.kept))
    written = write_hsds(read.provisions, organisations=read.organisations, kept=kept)
    again = read_hsds(written)
    assert (again.provisions, again.people, again.redacted) == (read.provisions, 0, ())
    assert exact(write_hsds(again.provisions, organisations=again.organisations, kept=again.kept)) == exact(
        written
    )
    twice = {fault.value for fault in read.faults if fault.expected == "every identifier once"}
    assert exact(written) == exact([of_nobody(one) for one in given_ if one["id"] not in twice])
    assert SOMEBODY not in json.dumps(written)
    return written


@settings(max_examples=300, deadline=None)
@given(services())
def test_whatever_a_service_holds_inside_comes_out_as_it_went_in(given_: list[dict[str, Any]]) -> None:
    given_ = json.loads(json.dumps(given_))
    assert [misshapen(one, "service", file="f")[0] for one in given_] == [()] * len(given_)
    through_schakel(given_)


@pytest.mark.public_data
@settings(max_examples=150, deadline=None)
@given(given_=services(valid=True))
def test_what_the_official_schema_accepts_comes_out_so_that_it_accepts_it(
    public_data: Path, given_: list[dict[str, Any]]
) -> None:
    official.validate(public_data, given_)
    official.validate(public_data, through_schakel(given_))


@pytest.mark.public_data
@pytest.mark.parametrize("kind", sorted(SHAPE))
def test_our_own_words_for_an_object_say_what_the_official_schema_says(public_data: Path, kind: str) -> None:
    theirs, required = official.fields(public_data, kind)
    ours = {name: field for name, field in SHAPE[kind].items() if (kind, name) not in NOT_IN_3_0}
    assert ours.keys() == theirs.keys()
    assert {name for name, (_what, needed, _many) in ours.items() if needed} == required
    for name, (what, _needed, many) in ours.items():
        said = {key: theirs[name][key] for key in ("type", "format", "enum") if key in theirs[name]}
        assert said == ({"type": "array"} if many else SAID.get(what, {})), name


def exact(given_: list[dict[str, Any]]) -> str:
    """As JSON: true is not 1, nothing is not null, the order of lists counts; fields have none, 1.0 is 1."""
    return json.dumps(_plain(given_), sort_keys=True, ensure_ascii=False)


def _plain(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_plain(value) for value in thing]
    return int(thing) if isinstance(thing, float) and thing.is_integer() else thing
