"""Persons out of an HSDS service, on the way in and out: the social map holds organisations, no person's name (R1).

Contact persons go, with their e-mail and telephone; a contact without a name (a desk, a department) stays, and so do
the telephone and the e-mail of the service and the organisation. What is left is still HSDS.

In two real registers with some 1,500 addresses it took 45 for personal, of which two (one address twice) were not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from schakel.provisions.hsds.shape import SHAPE
from schakel.redaction.lexicon import is_word, lexicon

_ADDRESSES: Final = ("email", "assurer_email")
_NAMES: Final = ("attention", "updated_by")
_ASKED: Final = ("updated_by", "previous_value", "replacement_value")  # fields that may be empty, not away
_WORDS: Final = re.compile(r"[^\W\d_]+")
_INITIALS: Final = re.compile(r"(?:[a-z]\.){1,4}(?:[a-z]{2,4}\.){0,2}[^\W\d_]{3,}")
_KNOWN: Final = frozenset(field for fields in SHAPE.values() for field in fields)
_SHORTEST = 3  # letters of a name that is looked for inside an address


def without_people(service: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """A copy of a service without persons, and how many persons and personal addresses were left out."""
    people = _People(service)
    return people.cleaned(service), len(people.left_out)


def is_personal(address: str, *, of: str = "", people: frozenset[str] = frozenset()) -> bool:
    """Whether an e-mail address names a person: a first name, initials with a name, or one of `people`.

    `of` is the name of the organisation: an address that is called after it (emma@ of Stichting Emma) is general.
    """
    local = address.partition("@")[0].casefold()
    words = set(_WORDS.findall(local))
    if not words or words <= set(_WORDS.findall(of.casefold())):
        return False
    if any(name in words or local.endswith(name) for name in people):
        return True
    return bool(_INITIALS.fullmatch(local)) or any(word in _given() and not is_word(word) for word in words)


@cache
def _given() -> frozenset[str]:
    return frozenset(name for name in lexicon().given if len(name) >= _SHORTEST)


class _People:
    def __init__(self, service: Mapping[str, Any]) -> None:
        contacts = list(_contacts(service))
        named = {str(c.get("id")) for c in contacts if c.get("name")}
        self._staying = {str(c.get("id")) for c in contacts} - named
        self._names = frozenset(
            word
            for contact in contacts
            for word in _WORDS.findall(str(contact.get("name") or "").casefold())
            if len(word) >= _SHORTEST
        )
        organisation = service.get("organization")
        known = organisation.get("name") if isinstance(organisation, dict) else ""
        self._of = f"{service.get('name')} {known}"
        self.left_out: set[str] = set()

    def cleaned(self, thing: Any) -> Any:
        """A copy without persons."""
        if isinstance(thing, list):
            return [self.cleaned(item) for item in thing if not self._of_person(item)]
        if not isinstance(thing, dict):
            return thing
        found: dict[str, Any] = {}
        for key, value in thing.items():
            if key == "contacts" and isinstance(value, list):
                if staying := [self.cleaned(each) for each in value if not self._is_person(each)]:
                    found[key] = staying
            elif not self._says_who(key, value):
                found[key] = self.cleaned(value)
            elif key in _ASKED:
                found[key] = ""
        return found

    def _is_person(self, contact: Any) -> bool:
        named = isinstance(contact, dict) and bool(contact.get("name"))
        if named:
            self.left_out.add(str(contact.get("id")))
        return named

    def _of_person(self, item: Any) -> bool:
        """Whether an item of a list is the telephone or the history of a contact person."""
        if not isinstance(item, dict):
            return False
        other = item.get("contact_id")
        return item.get("resource_type") == "contact" or bool(other and str(other) not in self._staying)

    def _says_who(self, key: str, value: Any) -> bool:
        """Whether a field names a person; it is counted."""
        if not value or not isinstance(value, str):
            return False
        if key in (*_ADDRESSES, *_ASKED) and "@" in value:
            who = is_personal(value, of=self._of, people=self._names)
        else:
            who = key in _NAMES or (key.startswith("contact") and key not in _KNOWN)
        if who:
            self.left_out.add(value)
        return who


def _contacts(thing: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == "contacts" and isinstance(value, list):
                yield from (each for each in value if isinstance(each, dict))
            yield from _contacts(value)
    elif isinstance(thing, list):
        for item in thing:
            yield from _contacts(item)
