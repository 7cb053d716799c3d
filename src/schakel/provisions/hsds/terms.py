"""What HSDS has no field for, as attributes with taxonomy terms: the independent attributes of a provision (S037).

A word of a list (a theme, a legal type, a payer) is a term of its own taxonomy. Anything else is a term that names
the field, with its value as JSON. What has its default is not written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Payer,
    Position,
    Prevention,
    PriceRange,
    Provision,
)
from schakel.provisions.vocabulary import label
from schakel.themes import load_taxonomy

SPACE: Final = uuid5(NAMESPACE_URL, "urn:schakel:hsds")
THEMES: Final = "schakel-life-domains"
FIELD: Final = "schakel-field"
#: Field of a provision → the list its words are of; a field with several words is a tuple.
WORDS: Final[dict[str, tuple[str, type[StrEnum] | None, bool]]] = {
    "themes": (THEMES, None, True),
    "legal_type": ("legal_type", LegalType, False),
    "layer": ("layer", Layer, False),
    "payers": ("payer", Payer, True),
    "access": ("access", Access, False),
    "prevention": ("prevention", Prevention, False),
    "goals": ("goal", Goal, True),
    "capital": ("capital", Capital, True),
    "life_phases": ("life_phase", None, True),
    "barriers": ("barrier", None, True),
}
#: Fields that are written as JSON under their own name, and what they are.
VALUES: Final = {
    "position": "where it stands on the two sliding scales, from 0 to 1",
    "decision": "needs a decision of the municipality",
    "personal_budget": "a personal budget is possible",
    "law": "act",
    "factors": "risk or protective factors",
    "reach_km": "for people within this distance, in km",
    "group": "people at the same time, from and to",
    "hours": "professional hours a week",
    "price": "euros per participant and year for who pays",
    "wheelchair": "accessible by wheelchair",
    "easy_read": "has information in plain words",
    "agreements": "agreements on taking part",
    "iwmo": "product category of iWmo or iJw",
    "upl": "address in the Uniforme Productnamenlijst",
    "check_days": "days that a confirmation holds",
    "template": "template it was made from",
    "in_publication": "named in the publication",
    "line": "line 0, 1 or 2",
    "words": "other words for it",
    "organisation_id": "identifier of the organisation",
}
_DEFAULTS: Final = {f.name: f.default for f in fields(Provision) if f.default is not MISSING}


def identifier(*parts: object) -> str:
    """A UUID that is always the same for the same parts."""
    return str(uuid5(SPACE, "\n".join(map(str, parts))))


def is_uuid(text: str) -> bool:
    """Whether an identifier is a UUID in the usual form."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def attributes(provision: Provision, service: str, extra: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attributes of a provision; `extra` are further values by name."""
    found = []
    for name, (kind, _, many) in WORDS.items():
        value = getattr(provision, name)
        if name not in _DEFAULTS or value != _DEFAULTS[name]:
            found += [_attribute(service, kind, str(word), name) for word in (value if many else (value,))]
    values = {name: _plain(getattr(provision, name)) for name in VALUES if _told(provision, name)}
    found += [_attribute(service, FIELD, name, name, value) for name, value in {**values, **extra}.items()]
    return found


def _told(provision: Provision, name: str) -> bool:
    return name not in _DEFAULTS or getattr(provision, name) != _DEFAULTS[name]


def _plain(value: Any) -> Any:
    return asdict(value) if isinstance(value, Position | PriceRange) else value


def field_attribute(link: str, name: str, value: Any, *, entity: str) -> dict[str, Any]:
    """A value of our own on something that has no field for it."""
    return {**_attribute(link, FIELD, name, name, value), "link_entity": entity}


def _attribute(service: str, kind: str, code: str, name: str, value: Any = MISSING) -> dict[str, Any]:
    shown, taxonomy = _shown(kind, code), kind if kind in (THEMES, FIELD) else f"schakel-{kind}"
    term = {
        "id": identifier("term", taxonomy, code),
        "code": code,
        "name": shown,
        "description": VALUES.get(code, shown) if kind == FIELD else shown,
        "taxonomy": taxonomy,
        "language": "en" if kind == FIELD else "nl",
    }
    made: dict[str, Any] = {"id": identifier("attribute", service, taxonomy, code), "link_id": service}
    made |= {"taxonomy_term_id": term["id"], "link_type": name, "link_entity": "service"}
    if value is not MISSING:
        made["value"] = json.dumps(value, ensure_ascii=False, sort_keys=True, default=_day)
    return {**made, "taxonomy_term": term}


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _shown(kind: str, code: str) -> str:
    if kind == FIELD:
        return code
    if kind == THEMES:
        return next((theme.nl for theme in load_taxonomy().themes if theme.id == code), code)
    return label(kind, code)


def read_attributes(
    given: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]:
    """Fields of a provision, further values by name, and (taxonomy, code or value) that cannot be read."""
    found: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    unread: list[tuple[str, str]] = []
    by_taxonomy = {
        (THEMES if kind == THEMES else f"schakel-{kind}"): name for name, (kind, _, _) in WORDS.items()
    }
    for each in given:
        term = each.get("taxonomy_term") or {}
        taxonomy, code = str(term.get("taxonomy", "")), str(term.get("code", ""))
        if taxonomy == FIELD:
            try:
                value = _value(code, json.loads(each.get("value", "")))
            except (ValueError, TypeError, RecursionError):
                unread.append((code, str(each.get("value", ""))))
                continue
            (found if code in VALUES else extra)[code] = value
        elif taxonomy in by_taxonomy:
            name = by_taxonomy[taxonomy]
            _, words, many = WORDS[name]
            if words is not None and code not in list(words):
                unread.append((name, code))
                continue
            word = code if words is None else words(code)
            found[name] = (*found.get(name, ()), word) if many else word
    return found, extra, unread


def _value(name: str, plain: Any) -> Any:
    """A value as its field has it; ValueError or TypeError when it does not fit."""
    if name == "position":
        return Position(**plain)
    if name == "price":
        return PriceRange(**plain)
    if name == "group":
        low, high = plain
        return (int(low), int(high))
    if name in VALUES and not _fits(plain, _DEFAULTS[name], name):
        raise TypeError(name)
    return tuple(plain) if isinstance(_DEFAULTS.get(name), tuple) else plain


def _fits(plain: Any, default: Any, name: str) -> bool:
    if isinstance(default, tuple):
        return isinstance(plain, list) and all(isinstance(item, str) for item in plain)
    if name in ("wheelchair", "easy_read") or isinstance(default, bool):
        return isinstance(plain, bool)
    if isinstance(default, str):
        return isinstance(plain, str)
    if name in ("check_days", "line"):
        return isinstance(plain, int) and not isinstance(plain, bool)
    return isinstance(plain, int | float) and not isinstance(plain, bool)
