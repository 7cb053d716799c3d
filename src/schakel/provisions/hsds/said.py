"""What a service says something about, and by which identifiers it may be known here: for a file that comes again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from schakel.provisions.columns import COLUMNS
from schakel.provisions.hsds.terms import read_attributes

#: Columns that every service speaks of: what it leaves out is not there any more.
_ALWAYS: Final = frozenset(
    [
        "name", "description", "website", "email", "status", "organisation", "organisation_id", "youngest", "oldest",
        "phone", "serves", "resident_cost", "sessions",
    ]
)  # fmt: skip
#: Field of HSDS → columns that are said where it is there.
_WHERE_GIVEN: Final = {
    "languages": ("languages",),
    "capacities": ("capacity", "free"),
    "assured_date": ("checked",),
    "last_modified": ("checked",),
    "assurer_email": ("owner_email",),
    "service_at_locations": ("place", "address", "area", "x", "y"),
}
#: Field of a provision that is several columns → those.
_PARTS: Final = {"price": ("price_low",), "group": ("group_low",)}


def known_as(given: object) -> set[str]:
    """The identifiers that a service with a fault may have here."""
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        return set()
    try:
        _, extra, _ = read_attributes(given.get("attributes") or ())
    except (AttributeError, TypeError):
        extra = {}
    return {given["id"], str(extra.get("id") or given["id"])} - {""}


def said_in(given: Mapping[str, Any], found: Mapping[str, Any]) -> frozenset[str]:
    """The columns that a service says something about; in one of ours, what is left out is as usual."""
    if "position" in found:
        return frozenset(COLUMNS)
    names = {name for name in found if name in COLUMNS} | {
        column for part in _PARTS if part in found for column in _PARTS[part]
    }
    return frozenset(
        _ALWAYS | names | {c for key, columns in _WHERE_GIVEN.items() if given.get(key) for c in columns}
    )
