"""Services of others in HSDS, made at random: all of the specification, odd values, and fields it does not have."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from schakel.provisions.hsds.shape import SHAPE

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
MOMENT = st.sampled_from(["2026-03-31T10:00:00Z", "2026-03-31T10:00:00.000+02:00"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": KEY,
    "text": TEXT,
    "link": st.sampled_from(["https://voorbeeld.nl", "https://voorbeeld.nl/", "mailto:info@voorbeeld.nl"]),
    "mail": st.sampled_from(["info@voorbeeld.nl", "INFO@voorbeeld.nl"]),
    "number": NUMBER,
    "day": st.dates().map(str) | st.sampled_from(["20260331", "2026-W14-2"]),
    "moment": MOMENT | st.just("2026-03-31"),
    "status": st.sampled_from(["active", "inactive", "defunct", "temporarily closed"]),
    "location_type": st.sampled_from(["physical", "postal", "virtual"]),
    "freq": st.sampled_from(["WEEKLY", "MONTHLY"]),
    "weekday": st.sampled_from(["MO", "SU"]),
}
#: Fields in which something that we read may stand, beside what is odd.
MEANT: dict[str, st.SearchStrategy[Any]] = {
    "opens_at": st.sampled_from(["10:00", "10:00:30", "10:00Z", "24:00", "1000", "10:00+01:00"]),
    "closes_at": st.sampled_from(["11:30", "09:00", "11:30:00", "10:00"]),
    "byday": st.sampled_from(["TU", "tu", "MO,MO", "-1FR", "6TU", "2WE"]),
    "bymonthday": st.sampled_from(["31", "-1", "0", "1,1"]),
    "byweekno": st.sampled_from(["41", "0"]),
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
    "resource_type": st.sampled_from(["service", "contact"]),
}
#: Somebody in whatever says who somebody is: never comes out (R1).
SOMEBODY = "Zefanja Quist"
_WHO = {"attention", "updated_by"}
_DEEP = 4


@st.composite
def services(draw: st.DrawFn, *, valid: bool = False) -> list[dict[str, Any]]:
    """One or two services; the official schema accepts them when they have to be `valid`."""
    one = things("service", valid=valid)
    return draw(st.lists(one, min_size=1, max_size=2, unique_by=lambda given: given["id"]))


@st.composite
def things(draw: st.DrawFn, kind: str, depth: int = _DEEP, *, valid: bool) -> dict[str, Any]:
    """An object of HSDS: what is required, some of the rest, and fields that HSDS does not have; nulls unless valid."""
    found: dict[str, Any] = {}
    fields = SHAPE[kind]
    wanted = draw(st.sets(st.sampled_from(sorted(fields)), max_size=8 if depth == _DEEP else 4))
    for name, (what, required, many) in fields.items():
        if not required and name not in wanted:
            continue
        if not required and not valid and draw(st.integers(0, 9)) == 0:
            found[name] = None
        elif many:
            items = draw(st.lists(things(what, depth - 1, valid=valid), max_size=2 if depth else 0))
            twice = items and draw(st.integers(0, 5)) == 0
            found[name] = items + items[:1] if twice else items
        elif what in SHAPE:
            if depth or required:
                found[name] = draw(things(what, depth - 1, valid=valid))
        else:
            found[name] = draw(_values(kind, name, what, valid=valid))
    found |= draw(st.dictionaries(st.sampled_from(["fax", "x/y", "eigen veld", "ü"]), EXTRA, max_size=1))
    order = draw(st.permutations(list(found)))
    return {name: found[name] for name in order}


def _values(kind: str, name: str, what: str, *, valid: bool) -> st.SearchStrategy[Any]:
    if name in _WHO or (kind, name) == ("contact", "name"):
        return st.sampled_from([SOMEBODY, ""])
    values = MOMENT if valid and what == "moment" else VALUES[what]
    return MEANT[name] | values if name in MEANT and SHAPE[kind][name][0] == what else values
