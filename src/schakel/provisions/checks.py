"""What is wrong with a provision: every fault at once, as value, field and what was expected (DESIGN §8).

The expected things are fixed sentences (`EXPECTED`), so that an application can show each of them in Dutch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from schakel.areas import parse_code
from schakel.provisions import land
from schakel.provisions.provision import Organisation, Provision
from schakel.provisions.schedule import rule_problem
from schakel.provisions.vocabulary import entries
from schakel.records import Fault, SchakelError

EXPECTED: Final = {
    "id": "an identifier",
    "name": "a name",
    "twice": "every identifier once",
    "scale": "a number from 0 to 1",
    "cost": "an amount of at least 0 euros",
    "range": "a lowest value that is not above the highest",
    "count": "a whole number of at least 0",
    "hours": "from 0 to 10,000 hours a week",
    "reach": "a distance above 0 km, at most 1,000 km",
    "free": "no more free places than places",
    "group": "a group of at least 1 person",
    "age": "ages from 0 to 120",
    "days": "from 1 to 730 days",
    "theme": "a theme of the taxonomy",
    "phase": "a life phase of the vocabulary",
    "line": "0, 1 or 2",
    "area": "a CBS area code such as BU01060305",
    "language": "a language code of two letters, such as nl",
    "both": "both x and y, or neither",
    "swapped": "x before y: in the Netherlands x is the smaller of the two",
    "degrees": "metres in the Dutch grid (EPSG:28992), not degrees",
    "outside": "a place in the Netherlands, not in the sea or abroad",
    "parent": "an organisation that exists",
    "cycle": "parents that do not lead back to itself",
    "basis": "A, B or C",
    "website": "an address that starts with http:// or https://",
    "email": "an e-mail address",
    "checked": "a day that is not in the future",
}
_MOST_HOURS, _FARTHEST = 10_000.0, 1_000.0  # of all professionals together a week; kilometres
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Problem = tuple[str, object, str]  # field, value, what was expected


def check(
    provision: Provision,
    *,
    themes: Collection[str],
    areas: Collection[str] | None = None,
    today: date | None = None,
    file: str = "",
    line: int | None = None,
) -> tuple[Fault, ...]:
    """All faults of one provision. `themes` are the known ones; `areas`, where given, the known CBS codes.

    Where `today` is given, nobody can have checked anything after it.
    """
    label = file or provision.id or provision.name
    every = [
        *_texts(provision),
        *_numbers(provision),
        *_place(provision, areas),
        *_lists(provision, themes),
        *_sessions(provision),
    ]
    if today and provision.checked and provision.checked > today:
        every.append(("checked", provision.checked, EXPECTED["checked"]))
    return tuple(Fault(label, line, field, _shown(value), expected) for field, value, expected in every)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _texts(one: Provision) -> Iterator[Problem]:
    if not one.id.strip():
        yield "id", one.id, EXPECTED["id"]
    if not one.name.strip():
        yield "name", one.name, EXPECTED["name"]
    if one.website and not one.website.startswith(("http://", "https://")):
        yield "website", one.website, EXPECTED["website"]
    for field, value in (("email", one.email), ("owner_email", one.owner_email)):
        if value and not _EMAIL.fullmatch(value):
            yield field, value, EXPECTED["email"]


def _numbers(one: Provision) -> Iterator[Problem]:
    for field in ("approach", "formality", "spread"):
        value = getattr(one.position, field)
        if not 0 <= value <= 1:
            yield field, value, EXPECTED["scale"]
    if one.price is not None:
        yield from _price(one)
    if one.resident_cost is not None and not 0 <= one.resident_cost < math.inf:
        yield "resident_cost", one.resident_cost, EXPECTED["cost"]
    yield from _room(one)
    if one.reach_km is not None and not 0 < one.reach_km <= _FARTHEST:
        yield "reach_km", one.reach_km, EXPECTED["reach"]
    yield from _ages(one)
    if not 1 <= one.check_days <= 730:
        yield "check_days", one.check_days, EXPECTED["days"]
    if one.line not in (None, 0, 1, 2):
        yield "line", one.line, EXPECTED["line"]


def _room(one: Provision) -> Iterator[Problem]:
    """Groups, places and professional hours."""
    if one.group[0] < 1:
        yield "group", one.group[0], EXPECTED["group"]
    if one.group[0] > one.group[1]:
        yield "group", f"{one.group[0]}–{one.group[1]}", EXPECTED["range"]
    for field in ("capacity", "free"):
        value = getattr(one, field)
        if value is not None and value < 0:
            yield field, value, EXPECTED["count"]
    if one.capacity is not None and one.free is not None and one.free > one.capacity >= 0:
        yield "free", one.free, EXPECTED["free"]
    if one.hours is not None and not 0 <= one.hours <= _MOST_HOURS:
        yield "hours", one.hours, EXPECTED["hours"]


def _price(one: Provision) -> Iterator[Problem]:
    price = one.price
    if price is None:
        return
    for field, value in (("price_low", price.low), ("price_high", price.high)):
        if not 0 <= value < math.inf:
            yield field, value, EXPECTED["cost"]
    if price.low > price.high:
        yield "price_low", f"{price.low}–{price.high}", EXPECTED["range"]
    if price.basis not in ("A", "B", "C"):
        yield "price_basis", price.basis, EXPECTED["basis"]


def _ages(one: Provision) -> Iterator[Problem]:
    for field in ("youngest", "oldest"):
        value = getattr(one, field)
        if value is not None and not 0 <= value <= 120:
            yield field, value, EXPECTED["age"]
    if one.youngest is not None and one.oldest is not None and one.youngest > one.oldest:
        yield "youngest", f"{one.youngest}–{one.oldest}", EXPECTED["range"]


def _place(one: Provision, areas: Collection[str] | None) -> Iterator[Problem]:
    codes = [("area", one.place.area)] if one.place.area is not None else []
    for field, code in (*codes, *(("serves", each) for each in one.serves)):
        if not _is_area(str(code), areas if field == "area" else None):
            yield field, code, EXPECTED["area"]
    x, y = one.place.x, one.place.y
    if (x is None) != (y is None):
        yield ("x" if x is None else "y"), None, EXPECTED["both"]
    elif x is not None and y is not None and (problem := land.wrong(x, y)):
        yield "x", f"{x:g}; {y:g}", EXPECTED[problem]


def _is_area(code: str, known: Collection[str] | None) -> bool:
    if known is not None:
        return code in known
    try:
        parse_code(code)
    except SchakelError:
        return False
    return True


def _lists(one: Provision, themes: Collection[str]) -> Iterator[Problem]:
    for theme in one.themes:
        if theme not in themes:
            yield "themes", theme, EXPECTED["theme"]
    phases = {entry.id for entry in entries("life_phase")}
    for phase in one.life_phases:
        if phase not in phases:
            yield "life_phases", phase, EXPECTED["phase"]
    for language in one.languages:
        if not re.fullmatch("[a-z]{2}", language):
            yield "languages", language, EXPECTED["language"]


def _sessions(one: Provision) -> Iterator[Problem]:
    for session in one.sessions:
        if problem := rule_problem(session):
            yield "sessions", session.rule or session.first, problem


def check_all(
    provisions: Iterable[Provision],
    *,
    themes: Collection[str],
    areas: Collection[str] | None = None,
    today: date | None = None,
    file: str = "",
) -> tuple[Fault, ...]:
    """All faults of many provisions, and every identifier that stands there twice. The line is the record's number."""
    seen: set[str] = set()
    faults: list[Fault] = []
    for number, one in enumerate(provisions, start=1):
        line = number if file else None
        faults += check(one, themes=themes, areas=areas, today=today, file=file, line=line)
        if one.id in seen:
            faults.append(Fault(file or one.id, line, "id", one.id, EXPECTED["twice"]))
        seen.add(one.id)
    return tuple(faults)


def check_parents(parents: Mapping[str, str], *, file: str = "", field: str = "parent") -> tuple[Fault, ...]:
    """Parents (child → parent, '' is none) that do not exist, and every one that lies on a circle of parents."""
    missing = ((child, parent) for child, parent in parents.items() if parent and parent not in parents)
    faults = [Fault(file or child, None, field, parent, EXPECTED["parent"]) for child, parent in missing]
    faults += [
        Fault(file or child, None, field, parents[child], EXPECTED["cycle"]) for child in _on_circles(parents)
    ]
    return tuple(faults)


def _on_circles(parents: Mapping[str, str]) -> list[str]:
    done: set[str] = set()
    found: list[str] = []
    for start in parents:
        path, at = list[str](), start
        while at in parents and at not in done:
            done.add(at)
            path.append(at)
            at = parents[at]
        if at in path:
            found += path[path.index(at) :]
    return found


def check_organisations(organisations: Iterable[Organisation], *, file: str = "") -> tuple[Fault, ...]:
    """Organisations without a name, and parents that do not exist or go round in a circle."""
    every = tuple(organisations)
    faults = [
        Fault(file or one.id, None, "name", one.name, EXPECTED["name"])
        for one in every
        if not one.name.strip()
    ]
    return (*faults, *check_parents({one.id: one.parent for one in every}, file=file))
