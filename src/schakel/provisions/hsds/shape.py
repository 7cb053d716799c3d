"""The form of HSDS 3.0 in our own words: which objects there are, and of which kind each of their fields is.

Written after the schema of Open Referral (CC BY-SA 4.0), not copied from it: names and kinds only. It says at once
what is wrong with a file of others, and in the tests that ours is right. Capacity and unit are those of 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from schakel.records import Fault

_ID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_ENDINGS: Final = "attributes:attribute* metadata:metadata*"

#: Object → its fields as name:kind; ! is required, * is a list of objects; no kind is text.
_WRITTEN: Final = {
    "service": "id:id! organization_id:id program_id:id name! alternate_name description url:link email:mail "
    "status:status! interpretation_services application_process fees_description wait_time fees accreditations "
    "eligibility_description minimum_age:number maximum_age:number assured_date:day assurer_email:mail licenses alert "
    "last_modified:moment phones:phone* schedules:schedule* service_areas:service_area* "
    "service_at_locations:service_at_location* languages:language* organization:organization funding:funding* "
    "cost_options:cost_option* program:program required_documents:required_document* contacts:contact* "
    "capacities:capacity* additional_urls:url* ",
    "organization": "id:id! name! alternate_name description! email:mail website:link tax_status tax_id "
    "year_incorporated:number legal_status logo uri:link parent_organization_id:id funding:funding* contacts:contact* "
    "phones:phone* locations:location* programs:program* organization_identifiers:organization_identifier* "
    "additional_websites:url* services:service* ",
    "location": "id:id! location_type:location_type! url:link organization_id:id name alternate_name description "
    "transportation latitude:number longitude:number external_identifier external_identifier_type "
    "languages:language* addresses:address* contacts:contact* accessibility:accessibility* phones:phone* "
    "schedules:schedule* ",
    "schedule": "id:id! service_id:id location_id:id service_at_location_id:id valid_from:day valid_to:day dtstart:day "
    "timezone:number until:day count:number wkst:weekday freq:freq interval:number byday byweekno bymonthday byyearday "
    "description opens_at closes_at schedule_link:link attending_type notes ",
    "service_at_location": "id:id! service_id:id location_id:id description contacts:contact* phones:phone* "
    "schedules:schedule* location:location ",
    "attribute": "id:id! link_id:id taxonomy_term_id:id link_type link_entity value taxonomy_term:taxonomy_term "
    "metadata:metadata* ",
    "taxonomy": "id:id! name! description! uri:link version metadata:metadata* ",
    "taxonomy_term": "id:id! code name! description! parent_id:id taxonomy taxonomy_detail:taxonomy language "
    "taxonomy_id:id term_uri:link metadata:metadata* ",
    "cost_option": "id:id! service_id:id valid_from:day valid_to:day option currency amount:number amount_description ",
    "funding": "id:id! organization_id:id service_id:id source ",
    "service_area": "id:id! service_id:id name description extent extent_type uri ",
    "language": "id:id! service_id:id location_id:id phone_id:id name code note ",
    "accessibility": "id:id! location_id:id description details url:link ",
    "program": "id:id! organization_id:id name! alternate_name description! ",
    "contact": "id:id! organization_id:id service_id:id service_at_location_id:id location_id:id name title department "
    "email:mail phones:phone* ",
    "phone": "id:id! location_id:id service_id:id organization_id:id contact_id:id service_at_location_id:id number! "
    "extension:number type description languages:language* ",
    "address": "id:id! location_id:id attention address_1! address_2 city! region state_province! postal_code! "
    "country! address_type:location_type! ",
    "organization_identifier": "id:id! organization_id:id identifier_scheme identifier_type! identifier! ",
    "metadata": "id:id! resource_id:id resource_type last_action_date! last_action_type! field_name! previous_value! "
    "replacement_value! updated_by! ",
    "required_document": "id:id! service_id:id document uri:link ",
    "capacity": "id:id! service_id:id unit:unit! unit_id:id available:number! maximum:number description "
    "updated:moment! ",
    "unit": "id:id! name! scheme identifier uri:link ",
    "url": "id:id! label url:link! organization_id:id service_id:id ",
}
_CHOICES: Final = {
    "status": ("active", "inactive", "defunct", "temporarily closed"),
    "location_type": ("physical", "postal", "virtual"),
    "freq": ("WEEKLY", "MONTHLY"),
    "weekday": ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
}
_EXPECTED: Final = {
    "id": "a UUID",
    "text": "text",
    "link": "an address such as https://example.org",
    "mail": "an e-mail address",
    "number": "a number",
    "day": "a date such as 2026-03-31",
    "moment": "a date and time such as 2026-03-31T10:00:00Z",
}


def _read(written: str) -> dict[str, tuple[str, bool, bool]]:
    """Field → kind, required, list."""
    fields = {}
    for word in written.split():
        name, _, kind = word.rstrip("!*").partition(":")
        fields[name] = (kind or "text", word.endswith("!"), word.endswith("*"))
    return fields


_LEAVES: Final = ("attribute", "taxonomy", "taxonomy_term", "metadata")
SHAPE: Final = {
    name: _read(written + ("" if name in _LEAVES else _ENDINGS)) for name, written in _WRITTEN.items()
}


def misshapen(thing: object, kind: str, *, file: str) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """What is wrong with an object, and the paths of fields that HSDS does not know."""
    faults: list[Fault] = []
    unknown: list[str] = []
    for path, value, expected in _problems(thing, kind, ""):
        if expected:
            faults.append(Fault(file, None, path or kind, _shown(value), expected))
        else:
            unknown.append(path)
    return tuple(faults), tuple(unknown)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)[:80]


def _problems(thing: object, kind: str, path: str) -> Iterator[tuple[str, object, str]]:
    """Path, value and what was expected; '' for a field that is not known."""
    if not isinstance(thing, dict):
        yield path, thing, f"an object with the fields of {kind}"
        return
    fields = SHAPE[kind]
    for name, (_, required, _) in fields.items():
        if required and thing.get(name) is None:
            yield _join(path, name), None, _expected(fields[name][0])
    for name, value in thing.items():
        here = _join(path, str(name))
        if name not in fields:
            yield here, value, ""
        elif value is not None:
            yield from _field(value, *fields[name], here)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _expected(kind: str) -> str:
    if kind in _CHOICES:
        return f"one of {', '.join(_CHOICES[kind])}"
    return _EXPECTED.get(kind, f"an object with the fields of {kind}")


def _field(value: Any, kind: str, required: bool, many: bool, path: str) -> Iterator[tuple[str, object, str]]:
    del required
    if many and not isinstance(value, list):
        yield path, value, "a list"
    elif many:
        for number, item in enumerate(value):
            yield from _problems(item, kind, f"{path}[{number}]")
    elif kind in SHAPE:
        yield from _problems(value, kind, path)
    elif not _fits(value, kind):
        yield path, value, _expected(kind)


_FORMS: Final = {"id": rf"{_ID}$", "link": r"[A-Za-z][A-Za-z0-9+.-]*:", "mail": r"[^@]+@"}


def _fits(value: Any, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if kind in _CHOICES:
        return value in _CHOICES[kind]
    if kind in _FORMS:
        return re.match(_FORMS[kind], value) is not None
    return _is_time(value, kind) if kind in ("day", "moment") else True


def _is_time(value: str, kind: str) -> bool:
    try:
        (date if kind == "day" else datetime).fromisoformat(value)
    except ValueError:
        return False
    return True
