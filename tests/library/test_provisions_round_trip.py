"""A service of somebody else comes out of HSDS as it went in, however odd what is inside; persons apart (R1, R4)."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.provisions.hsds import misshapen, read_hsds, write_hsds
from schakel.provisions.hsds.people import without_people
from schakel.provisions.hsds.shape import SHAPE
from schakel.provisions.hsds.texts import service_without_names

#: Of a text: nothing, odd letters, lines, a number, what looks like JSON, and very long.
ODD = st.sampled_from(
    [
        "",
        " ",
        "0",
        "007",
        "1e3",
        "null",
        "[]",
        "{}",
        "a/b",
        "é́🌍",
        "\u202eתיבה",
        "x\ny\tz",
        "ẞ" * 3,
        "lang " * 4000,
    ]
)
TEXT = ODD | st.text("abcé 0/\\\"'\n", max_size=8)
NUMBER = st.integers(-3, 10**9) | st.floats(-1e6, 1e6) | st.just(0) | st.just(1.0)
LEAF = st.none() | st.booleans() | NUMBER | TEXT | st.text(st.characters(codec="utf-8"), max_size=4)
KEY = st.uuids(version=4).map(str) | st.sampled_from(
    ["ac148810-d857-441c-9679-408f346de14b", "AC148810-D857-441C-9679-408F346DE14C"]
)
#: What HSDS does not know: nested, with lists of alike things, with or without identifiers.
EXTRA = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, min_size=1, max_size=1).map(lambda one: one * 2)
        | st.dictionaries(st.sampled_from(["id", "a/b", "ü", "naam", "", "id:x"]), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"id": st.sampled_from("xy/"), "v": inner}), max_size=3)
    ),
    max_leaves=6,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": KEY,
    "text": TEXT,
    "link": st.sampled_from(["https://voorbeeld.nl", "https://voorbeeld.nl/", "mailto:info@voorbeeld.nl"]),
    "mail": st.sampled_from(["info@voorbeeld.nl", "INFO@voorbeeld.nl"]),
    "number": NUMBER,
    "day": st.dates().map(str) | st.sampled_from(["20260331", "2026-W14-2"]),
    "moment": st.sampled_from(["2026-03-31T10:00:00Z", "2026-03-31T10:00:00.000+02:00", "2026-03-31"]),
    "status": st.sampled_from(["active", "inactive", "defunct", "temporarily closed"]),
    "location_type": st.sampled_from(["physical", "postal", "virtual"]),
    "freq": st.sampled_from(["WEEKLY", "MONTHLY"]),
}
#: Fields in which something that we read may stand, beside what is odd.
MEANT: dict[str, st.SearchStrategy[Any]] = {
    "opens_at": st.sampled_from(["10:00", "10:00:30", "10:00Z", "24:00", "1000", "10:00+01:00"]),
    "closes_at": st.sampled_from(["11:30", "09:00", "11:30:00", "10:00"]),
    "byday": st.sampled_from(["TU", "tu", "MO,MO", "-1FR", "6TU", "2WE"]),
    "bymonthday": st.sampled_from(["31", "-1", "0", "1,1"]),
    "byweekno": st.sampled_from(["41", "0"]),
    "wkst": st.sampled_from(["MO", "SU", "??"]),
    "interval": st.sampled_from([0, 1, 2, 1.0, -1, 10**9]),
    "count": st.sampled_from([0, 1, 8, 8.5]),
    "code": st.sampled_from(["nl", "nld", "NL", "ar", "nl-NL", "samen_eten", "id", "position", "rd", "free"]),
    "taxonomy": st.sampled_from(["schakel-field", "schakel-payer", "schakel-life-domains", "eigen"]),
    "value": st.sampled_from(['"a/b"', "0.5", "[1, 2]", '{"approach": 0.5}', "true", "null", "3"]),
    "currency": st.just("EUR"),
    "option": st.just("per keer"),
    "uri": st.sampled_from(["urn:BU03440101", "https://voorbeeld.nl"]),
    "external_identifier": st.sampled_from(["BU03440101"]),
    "external_identifier_type": st.just("CBS"),
    "latitude": st.floats(50, 54) | st.sampled_from([52.1, 520.0]),
    "longitude": st.floats(3, 7) | st.sampled_from([5.1, 5]),
    "available": st.integers(0, 9) | st.just(2.5),
    "minimum_age": st.sampled_from([0, 4.5, 12]),
    "timezone": st.sampled_from([0, 1, -5.5]),
}
WHOLE_OF_OTHERS = {"services", "programs", "contacts", "metadata"}  # deep, or persons


@st.composite
def things(draw: st.DrawFn, kind: str = "service", depth: int = 4) -> dict[str, Any]:
    """An object of HSDS: what is required, some of the rest, nulls, and fields that HSDS does not have."""
    found: dict[str, Any] = {}
    fields = SHAPE[kind]
    wanted = draw(st.sets(st.sampled_from(sorted(fields)), max_size=8 if depth == 4 else 4))
    for name, (what, required, many) in fields.items():
        if not required and (name not in wanted or name in WHOLE_OF_OTHERS):
            continue
        if not required and draw(st.integers(0, 9)) == 0:
            found[name] = None
        elif many:
            items = draw(st.lists(things(what, depth - 1), max_size=2 if depth else 0))
            twice = items and draw(st.integers(0, 5)) == 0
            found[name] = items + items[:1] if twice else items
        elif what in SHAPE:
            if depth or required:
                found[name] = draw(things(what, depth - 1))
        else:
            found[name] = draw(MEANT[name] | VALUES[what] if name in MEANT else VALUES[what])
    found |= draw(st.dictionaries(st.sampled_from(["fax", "x/y", "eigen veld", "ü"]), EXTRA, max_size=1))
    order = draw(st.permutations(list(found)))
    return {name: found[name] for name in order}


def of_nobody(service: dict[str, Any]) -> dict[str, Any]:
    """The service without whoever is named in it: what has to be taken out (R1, R4)."""
    return service_without_names(without_people(service)[0])


@settings(max_examples=300, deadline=None)
@given(st.lists(things(), min_size=1, max_size=2, unique_by=lambda one: one["id"]))
def test_whatever_a_service_holds_inside_comes_out_as_it_went_in(services: list[dict[str, Any]]) -> None:
    services = json.loads(json.dumps(services))
    assert [misshapen(one, "service", file="f")[0] for one in services] == [()] * len(services)
    read = read_hsds(services)
    kept = json.loads(json.dumps(read.kept))  # as a database keeps it
    written = write_hsds(read.provisions, organisations=read.organisations, kept=kept)
    twice = {fault.value for fault in read.faults if fault.expected == "every identifier once"}
    wanted = [of_nobody(one) for one in services if one["id"] not in twice]
    assert exact(written) == exact(wanted)


def exact(services: list[dict[str, Any]]) -> str:
    """As JSON: true is not 1, nothing is not null, the order of lists counts; fields have none, 1.0 is 1."""
    return json.dumps(_plain(services), sort_keys=True, ensure_ascii=False)


def _plain(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_plain(value) for value in thing]
    return int(thing) if isinstance(thing, float) and thing.is_integer() else thing
