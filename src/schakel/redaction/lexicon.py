"""The word lists: names, places and streets of `deduce`, ordinary Dutch words, and our own lists.

The lists of `deduce` (LGPL-3.0) are read from the installed package, not copied. The package itself is
not imported, because that sets up logging for the whole process.
"""

from __future__ import annotations

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
def lexicon() -> Lexicon:
    """The lists, read once."""
    raw = yaml.safe_load(files("schakel.redaction").joinpath("data/words.yaml").read_text(encoding="utf-8"))
    own = {name: frozenset(_phrases(words)) for name, words in raw.items()}
    towns = _deduce("locations/lst_placename/lst_residence") | _deduce("locations/lst_placename/lst_municipality")
    places = towns | _deduce("locations/lst_placename/lst_province") | own["places"]
    family_after_particle = _deduce("names/lst_interfix_surname")
    return Lexicon(
        given=(_deduce("names/lst_first_name") | own["given"]) - own["never"],
        family=_deduce("names/lst_surname") | own["family"],
        family_after_particle=family_after_particle,
        places=places,
        own=own,
    )


def _phrases(words: str | list[str]) -> list[str]:
    return words.split() if isinstance(words, str) else words


@cache
def streets() -> frozenset[str]:
    """All street names of the Netherlands (BAG), in lower case."""
    return _deduce("locations/lst_street")


@lru_cache(maxsize=50_000)
def is_word(lower: str) -> bool:
    """Whether this is an ordinary Dutch word or an inflection of one."""
    return lower in lexicon().own["words"] or simplemma.is_known(lower, lang="nl")
