"""Dutch sentences about an area, from a grammar: what is the matter, who says so, what would help.

The grammar lives in ``data/grammar.yaml`` and ``data/situations_*.yaml``. ``[a|b]`` in it means a or b,
``{place}`` the name of the area. Nothing refers to a real person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from numpy.random import Generator

from .content import load
from .identity import identity

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SOURCE_VOICE = {"resident": 1.0, "data": 0.0}  # chance that the resident speaks; 0.45 for other sources


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the made-up personal data in it as (kind, value) pairs."""

    text: str
    personal: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Situations per theme and voice, and what may stand around them."""

    situations: dict[str, dict[str, tuple[str, ...]]]  # theme to voice to sentences
    openings: dict[str, tuple[str, ...]]  # by source, and "quote" for a professional who quotes
    closings: dict[str, tuple[str, ...]]  # by voice
    links: tuple[str, ...]  # between two themes in one signal


@cache
def grammar() -> Grammar:
    """The grammar of the package."""
    frame = load("grammar.yaml")
    situations = {
        theme: {voice: tuple(sentences) for voice, sentences in voices.items()}
        for part in frame["situations"]
        for theme, voices in load(part).items()
    }
    openings, closings = (
        {key: tuple(values) for key, values in frame[name].items()} for name in ("openings", "closings")
    )
    return Grammar(situations, openings, closings, tuple(frame["links"]))


def tell(
    rng: Generator,
    *,
    themes: list[list[str]],
    sources: list[str | None],
    places: list[str],
    personal: float,
) -> list[Told]:
    """One text per signal: its themes (one or two), its source, the name of its area.

    With probability ``personal`` a text holds made-up personal data to redact.
    """
    return [
        _tell(rng, mentioned, source or "street", place, named=rng.random() < personal)
        for mentioned, source, place in zip(themes, sources, places, strict=True)
    ]


def _tell(rng: Generator, themes: list[str], source: str, place: str, *, named: bool) -> Told:
    rules = grammar()
    voice = "resident" if rng.random() < SOURCE_VOICE.get(source, 0.45) else "professional"
    said = _chosen(rng, rules.situations[themes[0]][voice])
    for theme in themes[1:]:
        said = f"{said} {_chosen(rng, rules.links)} {_chosen(rng, rules.situations[theme][voice])}"
    if rng.random() < 0.5:
        said = f"{said} {_chosen(rng, rules.closings[voice])}"
    if voice == "resident" and source != "resident":
        said = f"{_chosen(rng, rules.openings['quote'])} \u201c{said}\u201d"
    elif rng.random() < 0.5:
        said = f"{_chosen(rng, rules.openings[source])} {said}"
    said = said.replace("{place}", _in_words(place))
    if not named:
        return Told(said, ())
    sentence, found = identity(rng)
    return Told(f"{sentence} {said}" if rng.random() < 0.3 else f"{said} {sentence}", found)


def _chosen(rng: Generator, sentences: tuple[str, ...]) -> str:
    """One of the sentences with every choice in it made."""
    sentence = sentences[int(rng.integers(len(sentences)))]
    while CHOICE.search(sentence):
        sentence = CHOICE.sub(lambda found: _option(rng, found[1]), sentence)
    return " ".join(sentence.split())


def _in_words(place: str) -> str:
    """The name of an area as it stands in a sentence: with its article where Dutch wants one."""
    if place.startswith("Buitengebied"):
        return f"het b{place[1:]}"
    if place.endswith(("buurt", "Binnenstad")):
        return f"de {place}"
    return f"het {place}" if place.endswith(("kwartier", "park", "Dorp")) else place


def _option(rng: Generator, options: str) -> str:
    parts = options.split("|")
    return parts[int(rng.integers(len(parts)))]
