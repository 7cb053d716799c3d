"""HSDS services to provisions: everything that we hold is read, the rest is kept, and every fault is said."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import numpy as np

from schakel.areas import to_metres
from schakel.provisions.checks import check_parents
from schakel.provisions.hsds.difference import Change, difference
from schakel.provisions.hsds.people import without_people
from schakel.provisions.hsds.said import known_as, said_in
from schakel.provisions.hsds.schedules import read_schedule
from schakel.provisions.hsds.shape import misshapen
from schakel.provisions.hsds.terms import identifier, read_attributes
from schakel.provisions.hsds.texts import service_without_names
from schakel.provisions.hsds.writing import PER_TIME, degrees, service
from schakel.provisions.provision import LegalType, Organisation, Place, Position, Provision, Session, Status
from schakel.records import Fault

#: What a service of others is until somebody places it: in the middle, and anything is possible.
UNPLACED: Final = Provision(
    id="",
    name="",
    position=Position(0.5, 0.5, 0.5, "Nog niet geplaatst.", "onbekend"),
    legal_type=LegalType.GENERAL,
)
_STATUS: Final = {
    "active": Status.OPEN,
    "temporarily closed": Status.PAUSED,
    "inactive": Status.CLOSED,
    "defunct": Status.CLOSED,
}


@dataclass(frozen=True, slots=True)
class HsdsFile:
    """What was read. ``kept`` are changes by provision that give the file back on writing; store them with it.

    ``notes`` say what was kept but is not used here: unknown fields, schedules that cannot be read. ``faults`` are of
    services that were left out, and of organisations with parents that go round in a circle. ``assumed`` names the
    attributes of each provision that the file did not say (S037): somebody has to choose them. ``people`` is how many
    contact persons and personal addresses were left out (R1); ``redacted`` names the services in whose texts somebody
    was named, which is out as well (R4). ``said`` are the columns that a service says something about, by provision;
    ``there`` are the identifiers of all services, also of faulty ones, ``nameless`` is the number of those without.
    """

    provisions: tuple[Provision, ...]
    organisations: dict[str, Organisation]
    kept: dict[str, list[Change]]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    assumed: dict[str, tuple[str, ...]]
    people: int = 0
    redacted: tuple[str, ...] = ()
    said: dict[str, frozenset[str]] = field(default_factory=dict)
    there: frozenset[str] = frozenset()
    nameless: int = 0


def read_hsds(
    data: object, *, file: str = "HSDS", like: Provision = UNPLACED, areas: Collection[str] = ()
) -> HsdsFile:
    """Read a list of services, one service, or a page of the API. Services with a fault are left out, and named.

    `like` gives the attributes that HSDS does not have, where a service does not carry ours. `areas` are names of the
    municipality's own areas, which are nobody's name.
    """
    services = _services(data)
    if services is None:
        expected = "a list of HSDS services, one service, or a page with 'contents'"
        return HsdsFile((), {}, {}, (Fault(file, None, None, None, expected),), (), {})
    faults: list[Fault] = []
    notes: list[Fault] = []
    read: dict[str, _Read] = {}
    redacted: list[str] = []
    there: set[str] = set()
    people = nameless = 0
    for number, whole in enumerate(services):
        where = f"{file}, service {number + 1}"
        given, persons = without_people(whole) if isinstance(whole, dict) else (whole, 0)
        wrong, unknown = misshapen(given, "service", file=where)
        notes += [Fault(where, None, path, None, "a field of HSDS 3.0; it is kept") for path in unknown]
        if wrong:
            faults += wrong
            known = known_as(given)
            there |= known
            nameless += not known
            continue
        clean = service_without_names(given, places=areas)
        one = _Read(clean, like, where)
        if one.provision.id in read:
            faults.append(Fault(where, None, "id", given["id"], "every identifier once"))
            continue
        notes += one.notes
        people += persons
        if clean != given:
            redacted.append(one.provision.name)
        read[one.provision.id] = one
    organisations, wrong_parents = _organisations(list(read.values()), file)
    provisions = tuple(one.provision for one in read.values())
    kept = {
        one.provision.id: difference(service(one.provision, organisations=organisations), one.given)
        for one in read.values()
    }
    return HsdsFile(
        provisions, organisations, kept, (*faults, *wrong_parents, *_circles(services, file)), tuple(notes),
        {one.provision.id: one.assumed for one in read.values()}, people, tuple(redacted),
        {one.provision.id: one.said for one in read.values()}, frozenset(there | read.keys()), nameless,
    )  # fmt: skip


def _services(data: object) -> list[Any] | None:
    if isinstance(data, dict) and isinstance(data.get("contents"), list):
        data = data["contents"]
    if isinstance(data, dict):
        data = [data] if "status" in data or "attributes" in data or "name" in data else None
    return data if isinstance(data, list) else None


class _Read:
    """One service as read; what cannot be used is in `notes`."""

    def __init__(self, given: dict[str, Any], like: Provision, where: str) -> None:
        self.given = given
        self.notes: list[Fault] = []
        self._where = where
        found, extra, unread = read_attributes(given.get("attributes") or ())
        for name, value in unread:
            self._note(name, value, "a value that Schakel knows; it is kept")
        self.assumed = tuple(name for name in ("legal_type", "position", "layer") if name not in found)
        organisation = given.get("organization") or {}
        free, capacity, checked = self._room(extra)
        self.said = said_in(given, found)
        self.provision = replace(
            like,
            id=str(extra.get("id") or given["id"]),
            name=given["name"],
            description=given.get("description") or "",
            website=given.get("url") or "",
            email=given.get("email") or "",
            owner_email=given.get("assurer_email") or "",
            status=_STATUS[given["status"]],
            organisation=organisation.get("name") or "",
            youngest=_whole(given.get("minimum_age")),
            oldest=_whole(given.get("maximum_age")),
            checked=checked,
            phone=next((phone["number"] for phone in given.get("phones") or ()), ""),
            languages=self._languages() or like.languages,
            serves=tuple(a["uri"] for a in given.get("service_areas") or () if _is_code(a.get("uri"))),
            resident_cost=self._cost(),
            sessions=self._sessions(),
            place=self._place(extra),
            free=free,
            capacity=capacity,
            **{"organisation_id": _organisation_id(organisation), **found},
        )

    def _note(self, field: str, value: object, expected: str) -> None:
        self.notes.append(
            Fault(self._where, None, field, None if value is None else str(value)[:80], expected)
        )

    def _room(self, extra: Mapping[str, Any]) -> tuple[int | None, int | None, date | None]:
        """Free places, capacity, and when somebody last confirmed the service."""
        checked = self._checked()
        item: Mapping[str, Any] = next(iter(self.given.get("capacities") or ()), {})
        free = _whole(item.get("available", extra.get("free")))
        return free, _whole(item.get("maximum", extra.get("capacity"))), checked

    def _checked(self) -> date | None:
        """When its keeper assured that it is right; who changed it, had looked at it as well."""
        if day := self.given.get("assured_date"):
            return date.fromisoformat(day)
        moment = self.given.get("last_modified")
        return datetime.fromisoformat(moment).date() if moment else None

    def _languages(self) -> tuple[str, ...]:
        codes = [str(each.get("code") or "").lower()[:2] for each in self.given.get("languages") or ()]
        return tuple(dict.fromkeys(code for code in codes if len(code) == 2))

    def _cost(self) -> float | None:
        """Euros a time, where the service says just one such amount."""
        options = [
            each
            for each in self.given.get("cost_options") or ()
            if each.get("currency") == "EUR"
            and each.get("option") == PER_TIME
            and each.get("amount") is not None
        ]
        return options[0]["amount"] if len(options) == 1 else None

    def _sessions(self) -> tuple[Session, ...]:
        found = []
        for given in self.given.get("schedules") or ():
            session = read_schedule(given)
            if isinstance(session, str):
                self._note("schedules", given.get("description") or given["id"], f"{session}; it is kept")
            else:
                found.append(session)
        return tuple(found)

    def _place(self, extra: Mapping[str, Any]) -> Place:
        places = [
            each["location"] for each in self.given.get("service_at_locations") or () if each.get("location")
        ]
        if not places:
            return Place()
        if len(places) > 1:
            self._note(
                "service_at_locations", len(places), "one place; the first is used, the others are kept"
            )
        location = places[0]
        code = (
            location.get("external_identifier") if location.get("external_identifier_type") == "CBS" else None
        )
        x, y = _metres(location, extra.get("rd"))
        address: Mapping[str, Any] = next(iter(location.get("addresses") or ()), {})
        return Place(code, x, y, location.get("name") or "", _address(address))


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _is_code(uri: Any) -> bool:
    return isinstance(uri, str) and uri[:2] in ("BU", "WK", "GM") and uri[2:].isalnum()


def _organisation_id(organisation: Mapping[str, Any]) -> str:
    if not organisation or organisation["id"] == identifier("organisation", organisation["name"]):
        return ""
    return str(organisation["id"])


#: Degrees of the Netherlands with the latitude where the longitude should be.
_SWAPPED = (3.0, 7.6, 50.5, 53.8)


def _metres(location: Mapping[str, Any], exact: Any) -> tuple[float | None, float | None]:
    """Metres in the Dutch grid; the exact ones that we wrote, as long as the degrees still say the same place."""
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    if isinstance(exact, list) and len(exact) == 2 and degrees(*exact) == (latitude, longitude):
        return exact[0], exact[1]
    if _SWAPPED[0] <= latitude <= _SWAPPED[1] and _SWAPPED[2] <= longitude <= _SWAPPED[3]:
        x, y = to_metres(np.array([[latitude, longitude]], dtype=float))[0]
        return round(float(y), 1), round(float(x), 1)  # as the check says it: x before y
    x, y = to_metres(np.array([[longitude, latitude]], dtype=float))[0]
    return round(float(x), 1), round(float(y), 1)


def _address(given: Mapping[str, Any]) -> str:
    street = ", ".join(str(given[key]) for key in ("address_1", "address_2") if given.get(key))
    town = " ".join(str(given[key]) for key in ("postal_code", "city") if given.get(key))
    return ", ".join(part for part in (street, town) if part)


def _organisations(read: list[_Read], file: str) -> tuple[dict[str, Organisation], tuple[Fault, ...]]:
    """The organisations by the identifier that provisions have, and what is wrong with their parents."""
    found: dict[str, Organisation] = {}
    parents: dict[str, str] = {}
    for one in read:
        given = one.given.get("organization")
        if not given:
            continue
        parents[given["id"]] = given.get("parent_organization_id") or ""
        found.setdefault(
            one.provision.organisation_id,
            Organisation(
                id=one.provision.organisation_id,
                name=given["name"],
                description=given["description"],
                parent=given.get("parent_organization_id") or "",
                website=given.get("website") or "",
                email=given.get("email") or "",
            ),
        )
    found.pop("", None)  # an organisation that only has a name
    inside = {child: parent if parent in parents else "" for child, parent in parents.items()}
    return found, check_parents(inside, file=file, field="parent_organization_id")


def _circles(services: list[Any], file: str) -> tuple[Fault, ...]:
    """Taxonomy terms whose parents go round in a circle."""
    parents: dict[str, str] = {}
    for one in services:
        for each in one.get("attributes") or () if isinstance(one, dict) else ():
            term = each.get("taxonomy_term") if isinstance(each, dict) else None
            if isinstance(term, dict) and term.get("id"):
                parents[str(term["id"])] = str(term.get("parent_id") or "")
    inside = {child: parent if parent in parents else "" for child, parent in parents.items()}
    return check_parents(inside, file=file, field="taxonomy_term.parent_id")
