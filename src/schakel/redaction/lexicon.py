"""The word lists: names, places and streets of `deduce`, ordinary Dutch words, and our own lists.

The lists of `deduce` (LGPL-3.0) are read from the installed package, not copied. The package itself is
not imported, because that sets up logging for the whole process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import simplemma
import yaml

from schakel.records import SchakelError


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in lower case, each list as a set."""

    given: frozenset[str]  # first names
    family: frozenset[str]  # last names without tussenvoegsel
    family_after_particle: frozenset[str]  # last names that follow "van", "de", ...
    places: frozenset[str]  # towns, villages, regions, countries
    own: dict[str, frozenset[str]]  # the lists of data/words.yaml


def _deduce(path: str) -> frozenset[str]:
    spec = find_spec("deduce")
    if spec is None or not spec.submodule_search_locations:
        raise SchakelError("The package 'deduce' is not installed; redaction needs its word lists.")
    file = Path(spec.submodule_search_locations[0]) / "data" / "lookup" / "src" / path / "items.txt"
    return frozenset(file.read_text(encoding="utf-8").lower().split("\n")) - {""}


@cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Our own lists, ``data/words.yaml``: words, or phrases where a list is written between brackets."""
    raw = yaml.safe_load(files("schakel.redaction").joinpath("data/words.yaml").read_text(encoding="utf-8"))
    return {name: tuple(words.split() if isinstance(words, str) else words) for name, words in raw.items()}


def one_of(name: str) -> str:
    """One of our own lists as a regular expression; its words may be expressions themselves."""
    return f"(?:{'|'.join(vocabulary()[name])})"


@cache
def lexicon() -> Lexicon:
    """The lists, read once."""
    own = {name: frozenset(words) for name, words in vocabulary().items()}
    towns = _deduce("locations/lst_placename/lst_residence") | _deduce(
        "locations/lst_placename/lst_municipality"
    )
    return Lexicon(
        given=(_deduce("names/lst_first_name") | own["given"]) - own["never"],
        family=_deduce("names/lst_surname") | own["family"],
        family_after_particle=_deduce("names/lst_interfix_surname"),
        places=towns | _deduce("locations/lst_placename/lst_province") | own["places"],
        own=own,
    )


@cache
def hospitals() -> dict[str, tuple[str, ...]]:
    """Names of hospitals by their first word, longest first, all in lower case; no abbreviations."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(_deduce("institutions/lst_hospital"), key=len):
        if len(name) > 7 and not is_word(name):
            first = re.split(r"[^\w'’]", name)[0]
            found[first] = (name, *found.get(first, ()))
    return found


@cache
def streets() -> frozenset[str]:
    """All street names of the Netherlands (BAG), in lower case."""
    return _deduce("locations/lst_street")


@lru_cache(maxsize=50_000)
def is_word(lower: str) -> bool:
    """Whether this is an ordinary Dutch word or an inflection of one."""
    return lower in lexicon().own["words"] or simplemma.is_known(lower, lang="nl")


@lru_cache(maxsize=50_000)
def is_compound(lower: str) -> bool:
    """Whether a word that no dictionary has ends in one: "jeugdverpleegkundige", "g-team"."""
    tail = lower.rpartition("-")[2]
    return any(is_word(tail[cut:]) for cut in range(3 if tail == lower else 0, len(tail) - 3))
