"""Free text about a provision: who is named in it goes, where people can turn to stays (R1, R4).

A telephone, an address and an e-mail of an organisation are what a social map is for. The name of a person is not, nor
are a date of birth, a BSN, an account, an address of one person, or the telephone of whoever is named. Names are looked
for in Dutch: a text in English keeps them, for half of what would be found there is San Francisco.

In a real register of 209 Dutch offers it found 19 texts that name somebody; in four of them a place or a foundation was
taken for a person.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

from schakel.provisions.hsds.people import is_personal
from schakel.provisions.hsds.shape import SHAPE
from schakel.redaction import Span, redact
from schakel.redaction.spans import render

_OF_PERSON: Final = frozenset({"name", "birth_date", "bsn", "iban", "number", "licence_plate"})
#: Everyday words of one language and not of the other, nor of names: not "is", not "van" (Ness).
_DUTCH: Final = frozenset(
    ["de", "het", "een", "en", "voor", "met", "bij", "zijn", "naar", "uw", "je", "wij", "ook", "dat", "niet", "aan"]
)  # fmt: skip
_ENGLISH: Final = frozenset(
    ["the", "and", "of", "for", "to", "with", "by", "are", "or", "from", "your", "their", "that", "this", "an"]
)  # fmt: skip
_TEXTS: Final = frozenset(  # of HSDS
    [
        "description", "alert", "notes", "interpretation_services", "application_process", "fees_description",
        "eligibility_description", "accreditations", "transportation", "amount_description", "wait_time",
    ]
)  # fmt: skip
_KNOWN: Final = frozenset(field for fields in SHAPE.values() for field in fields)
_SENTENCE: Final = 6  # words that make a text of a value of which we do not know what it is
_TELLS: Final = 3  # everyday words that tell the language
_WORDS: Final = re.compile(r"[^\W\d_]+")


def people_in(text: str, *, of: str = "", places: Collection[str] = (), around: str = "") -> tuple[Span, ...]:
    """What in a text tells who somebody is, in order.

    `of` are the names of the provision and its organisation: what is called after a person is nobody's name. `places`
    are the names of the municipality's own areas. What is `around` a short text tells in which language that is.
    """
    own = _languages(text)
    dutch, english = own if sum(own) >= _TELLS or not around else _languages(around)
    return _found(text, of.casefold(), frozenset(places), english <= dutch)


def is_of_person(phone: str, text: str, *, of: str = "", around: str = "") -> bool:
    """Whether a telephone stands in a text beside the name of somebody."""
    if not phone or phone not in text:
        return False
    return any(
        span.kind == "phone" and phone in text[span.start : span.end]
        for span in people_in(text, of=of, around=around)
    )


def without_names(text: str, *, of: str = "", places: Collection[str] = (), around: str = "") -> str:
    """The text with placeholders such as ``[naam]`` for that; the same text when there is nothing in it."""
    return render(text, people_in(text, of=of, places=places, around=around))


def cells_without_names(
    cells: Mapping[str, str], *, of: str, places: Collection[str] = (), around: str = ""
) -> dict[str, str]:
    """The same for cells of others: those with a whole sentence, or with a name and how to reach that person."""

    def cleaned(text: str) -> str:
        people = people_in(text, of=of, places=places, around=around)
        reachable = {"name"} < {span.kind for span in people}
        return render(text, people) if reachable or _is_sentence(text) else text

    return {name: cleaned(text) for name, text in cells.items()}


def service_without_names(service: Mapping[str, Any], *, places: Collection[str] = ()) -> dict[str, Any]:
    """The same for all free text of an HSDS service, also in fields that HSDS does not have."""
    organisation = service.get("organization")
    run_by = organisation.get("name") if isinstance(organisation, dict) else ""
    of = f"{service.get('name')} {run_by}"

    def cleaned(thing: Any, key: str) -> Any:
        if isinstance(thing, list):
            return [cleaned(item, key) for item in thing]
        if isinstance(thing, dict):
            return {k: v if k == "attributes" else cleaned(v, k) for k, v in thing.items()}
        if isinstance(thing, str) and (key in _TEXTS or (key not in _KNOWN and _is_sentence(thing))):
            return without_names(thing, of=of, places=places)
        return thing

    found: dict[str, Any] = cleaned(dict(service), "")
    return found


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= _SENTENCE


@lru_cache(4096)
def _found(text: str, of: str, places: frozenset[str], dutch: bool) -> tuple[Span, ...]:
    kinds = _OF_PERSON if dutch else _OF_PERSON - {"name"}
    spans = [span for span in redact(text, areas=places).spans if span.text.casefold() not in of]
    named = any(span.kind == "name" for span in spans) and "name" in kinds
    return tuple(
        span
        for span in spans
        if span.kind in kinds
        or (span.kind == "phone" and named)
        or (span.kind == "email" and is_personal(span.text, of=of))
    )


@lru_cache(4096)
def _languages(text: str) -> tuple[int, int]:
    """How many everyday words of Dutch and of English are in it."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    return sum(word in _DUTCH for word in words), sum(word in _ENGLISH for word in words)
