"""Provisions as HSDS services, each whole: with its organisation, place, schedules, costs, capacity and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from schakel.areas import to_degrees
from schakel.provisions.hsds.difference import Change, applied
from schakel.provisions.hsds.people import without_people
from schakel.provisions.hsds.schedules import schedule
from schakel.provisions.hsds.terms import attributes, identifier, is_uuid
from schakel.provisions.provision import Organisation, Place, Provision, Status
from schakel.provisions.vocabulary import label

STATUS: Final = {Status.OPEN: "active", Status.PAUSED: "temporarily closed", Status.CLOSED: "defunct"}
PER_TIME: Final = "per keer"
UNIT: Final = "plekken"
_ADDRESS: Final = re.compile(r"(?P<street>.+), (?P<postal>[1-9][0-9]{3} [A-Z]{2}) (?P<city>.+)")


def write_hsds(
    provisions: Iterable[Provision],
    *,
    organisations: Mapping[str, Organisation] | None = None,
    kept: Mapping[str, Sequence[Change]] | None = None,
) -> list[dict[str, Any]]:
    """A package of services, ready for json.dumps, without persons (R1).

    `kept` are the changes that `read_hsds` gave, by provision.
    """
    changes = kept or {}
    return [
        without_people(applied(service(one, organisations=organisations), changes.get(one.id, ())))[0]
        for one in provisions
    ]


def service(
    provision: Provision, *, organisations: Mapping[str, Organisation] | None = None
) -> dict[str, Any]:
    """One service as we write it."""
    own = service_id(provision)
    found: dict[str, Any] = {"id": own, "name": provision.name, "status": STATUS[provision.status]}
    extra: dict[str, Any] = {} if own == provision.id else {"id": provision.id}
    texts = {
        "description": provision.description,
        "url": provision.website,
        "email": provision.email,
        "application_process": label("access", provision.access),
        "assurer_email": provision.owner_email,
        "assured_date": provision.checked.isoformat() if provision.checked else "",
    }
    found |= {name: text for name, text in texts.items() if text}
    numbers = {"minimum_age": provision.youngest, "maximum_age": provision.oldest}
    found |= {name: number for name, number in numbers.items() if number is not None}
    if provision.organisation:
        found["organization"] = _organisation(provision, organisations or {})
        found["organization_id"] = found["organization"]["id"]
    extra |= _capacity(provision, own, found) | _place(provision.place, own, found)
    found |= _lists(provision, own)
    found["attributes"] = attributes(provision, own, extra)
    return found


def service_id(provision: Provision) -> str:
    """The identifier of a provision as a UUID: its own when it is one."""
    return provision.id if is_uuid(provision.id) else identifier("service", provision.id)


def organisation_id(provision: Provision) -> str:
    """The identifier of the organisation as a UUID."""
    given = provision.organisation_id
    return given if is_uuid(given) else identifier("organisation", given or provision.organisation)


def _organisation(provision: Provision, known: Mapping[str, Organisation]) -> dict[str, Any]:
    own = organisation_id(provision)
    more = known.get(provision.organisation_id)
    description = more.description if more and more.description else provision.organisation
    found = {"id": own, "name": provision.organisation, "description": description}
    if more is None:
        return found
    if more.website:
        found["website"] = more.website
    if more.email:
        found["email"] = more.email
    if more.parent:
        parent = more.parent
        found["parent_organization_id"] = parent if is_uuid(parent) else identifier("organisation", parent)
    return found


def _lists(provision: Provision, own: str) -> dict[str, Any]:
    lists: dict[str, list[dict[str, Any]]] = {
        "phones": [
            {"id": identifier("phone", own), "service_id": own, "number": number}
            for number in [provision.phone]
            if number
        ],
        "schedules": [
            schedule(session, own, provision.sessions[:number].count(session))
            for number, session in enumerate(provision.sessions)
        ],
        "service_areas": [
            {"id": identifier("area", own, code), "service_id": own, "name": code, "uri": code}
            for code in provision.serves
        ],
        "languages": [
            {"id": identifier("language", own, code), "service_id": own, "code": code}
            for code in provision.languages
        ],
        "funding": [
            {"id": identifier("funding", own, payer), "service_id": own, "source": label("payer", payer)}
            for payer in provision.payers
        ],
        "cost_options": [
            {
                "id": identifier("cost", own),
                "service_id": own,
                "option": PER_TIME,
                "currency": "EUR",
                "amount": cost,
            }
            for cost in [provision.resident_cost]
            if cost is not None
        ],
    }
    return {name: items for name, items in lists.items() if items}


def _capacity(provision: Provision, own: str, found: dict[str, Any]) -> dict[str, Any]:
    """Capacity as in HSDS 3.1, which asks free places and the day they were counted; otherwise as values of our own."""
    if provision.free is None or provision.checked is None:
        values = {"capacity": provision.capacity, "free": provision.free}
        return {name: value for name, value in values.items() if value is not None}
    unit = {"id": identifier("unit", UNIT), "name": UNIT}
    item: dict[str, Any] = {"id": identifier("capacity", own), "service_id": own, "unit": unit}
    item |= {"available": provision.free, "updated": f"{provision.checked.isoformat()}T00:00:00.000Z"}
    if provision.capacity is not None:
        item["maximum"] = provision.capacity
    found["capacities"] = [item]
    return {}


def _place(place: Place, own: str, found: dict[str, Any]) -> dict[str, Any]:
    """The place as a location; the exact metres beside it, since degrees are rounded."""
    if place == Place():
        return {}
    key = identifier("location", own)
    location: dict[str, Any] = {"id": key, "location_type": "physical"}
    extra: dict[str, Any] = {}
    if place.name:
        location["name"] = place.name
    if place.area is not None:
        location |= {"external_identifier": place.area, "external_identifier_type": "CBS"}
    if place.x is not None and place.y is not None:
        location["latitude"], location["longitude"] = degrees(place.x, place.y)
        extra["rd"] = [place.x, place.y]
    if place.address:
        location["addresses"] = [_address(place.address, key)]
    found["service_at_locations"] = [
        {"id": identifier("at", own), "service_id": own, "location_id": key, "location": location}
    ]
    return extra


def degrees(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude to a tenth of a metre."""
    longitude, latitude = to_degrees(np.array([[x, y]], dtype=float))[0]
    return round(float(latitude), 6), round(float(longitude), 6)


def _address(text: str, location: str) -> dict[str, Any]:
    """HSDS asks a city and a postal code; what the address does not say is empty."""
    match = _ADDRESS.fullmatch(text)
    street, postal, city = match.group("street", "postal", "city") if match else (text, "", "")
    return {
        "id": identifier("address", location),
        "location_id": location,
        "address_1": street,
        "city": city,
        "state_province": "",
        "postal_code": postal,
        "country": "NL",
        "address_type": "physical",
    }
