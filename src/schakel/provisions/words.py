"""Dutch words for finding: dictionary forms, parts of compounds, synonyms, and words with a typing error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import simplemma
import yaml
from rapidfuzz import fuzz, process

from schakel.themes.features import KNOWN_WORDS, LINKS, STOP, WORD, lemma, normal, parts, sound, tokens

#: Weights of a word of a document that is not quite the word that was asked for.
PART, SYNONYM, TYPO = 0.55, 0.5, 0.8
ALIKE = 78.0  # of 100; at five letters one may differ
CLOSE = 88.0  # for a compound that nobody wrote, of which a part is known
SHORTEST_TYPO = 4
NEAR = 3  # words that are tried for one that nobody wrote
#: Words of a question that say nothing of what it is about.
ASKING = frozenset({
    "zoeken", "zoek", "willen", "wil", "graag", "kunnen", "kan", "waar", "iets", "iemand", "ergens", "hulp", "helpen",
    "moeten", "moet", "gaan", "ga", "komen", "doen", "doe", "weten", "weet", "hoe", "wat", "wie", "wanneer", "mogelijk",
    "vinden", "samen", "mens", "mensen", "hele", "dag", "week", "leuk", "nodig", "vraag", "krijgen", "houden", "maken",
    "echt", "steeds", "vaak", "altijd", "soms", "weinig", "veel", "meer", "geen", "niet", "heel", "beetje", "man",
    "vrouw", "nieuw", "goed",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query, and the words of the index that may be meant with it, with their weights (0–1]."""

    word: str
    meant: tuple[tuple[str, float], ...]
    corrected: str = ""  # the word that was taken instead, where nobody wrote this one
    weight: float = 1.0


def terms(text: str) -> Iterator[tuple[str, float]]:
    """The words that a text is found by, with their weights: its dictionary forms, and parts of compounds."""
    for word in WORD.findall(text):
        yield from _of_word(normal(word))


@lru_cache(KNOWN_WORDS)
def _of_word(word: str) -> tuple[tuple[str, float], ...]:
    base = lemma(word)
    if base in STOP:
        return ()
    inner = (part for part in parts(word) if part != base and part not in STOP)
    return ((base, 1.0), *((part, PART) for part in inner))


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Word → other words for the same thing, all in their dictionary form."""
    text = (resources.files("schakel.provisions") / "data" / "synonyms.yaml").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for group in yaml.safe_load(text)["groups"]:
        words = {lemma(normal(str(word))) for word in group}
        for word in words:
            found.setdefault(word, set()).update(words - {word})
    return {word: frozenset(others) for word, others in found.items()}


class Vocabulary:
    """The words of an index, to look up the ones that may be meant with a word of a query."""

    def __init__(self, words: Sequence[str]) -> None:
        self._known = frozenset(words)
        self._long = tuple(word for word in words if len(word) >= SHORTEST_TYPO)
        self._compounds: dict[str, list[str]] = {}
        for word in self._long:
            for part in self._split(word, str) if not parts(word) else ():
                self._compounds.setdefault(part, []).append(word)
        self._by_sound: dict[str, list[str]] = {}
        for word in self._long:
            self._by_sound.setdefault(sound(word), []).append(word)

    def asked(self, query: str) -> tuple[Asked, ...]:
        """The words of a query that carry meaning, each with what may be meant. Words of asking count when alone."""
        found = [self._asked(token.word) for token in tokens(query)]
        content = [each for each in found if each is not None]
        telling = [each for each in content if each.word not in ASKING]
        return tuple(telling or content)

    def _asked(self, word: str) -> Asked | None:
        base = lemma(word)
        if base in STOP or word in STOP:
            return None
        meant: dict[str, float] = {}
        corrected = ""
        if base in self._known or base in synonyms():
            meant[base] = 1.0
        for compound in self._compounds.get(base, ()):
            meant.setdefault(compound, PART)
        inner = [
            part for part in parts(word) or self._split(word, lemma) if part != base and part not in STOP
        ]
        for part in inner:
            meant.setdefault(part, PART)
        written = base in self._known or base in synonyms()
        if not written and not simplemma.is_known(word, lang="nl"):  # a word that exists is no typing error
            in_part = any(part in self._known for part in inner)
            near = self._near(base, CLOSE if in_part else ALIKE)
            corrected = near[0][0] if near else ""
            meant |= dict(near)
        for known, weight in tuple(meant.items()):
            for other in sorted(synonyms().get(known, ())):
                meant.setdefault(other, SYNONYM * weight)
        return Asked(base, tuple((w, k) for w, k in meant.items() if w in self._known), corrected)

    def _split(self, word: str, form: Callable[[str], str]) -> tuple[str, ...]:
        """The words of this index that a word is made of, where no dictionary knows them; the longest last part."""
        for cut in range(SHORTEST_TYPO, len(word) - SHORTEST_TYPO + 1):
            tail = form(word[cut:])
            if tail not in self._known:
                continue
            for link in LINKS:
                stem = word[:cut].removesuffix(link)
                if len(stem) >= SHORTEST_TYPO and word[:cut].endswith(link) and form(stem) in self._known:
                    return (form(stem), tail)
        return ()

    def _near(self, word: str, alike: float) -> list[tuple[str, float]]:
        """Words of the index (and of the list of synonyms) that are much like a word that nobody wrote."""
        if len(word) < SHORTEST_TYPO:
            return []
        same = self._by_sound.get(sound(word))
        if same:
            return [(each, TYPO) for each in same[:NEAR]]
        found = process.extract(word, self._long, scorer=fuzz.ratio, score_cutoff=alike, limit=NEAR)
        other = process.extract(word, _synonym_words(), scorer=fuzz.ratio, score_cutoff=alike, limit=1)
        best = sorted({*(x[:2] for x in found), *(x[:2] for x in other)}, key=lambda x: (-x[1], x[0]))
        return [(each, TYPO * score / 100) for each, score in best[:NEAR]]


@cache
def _synonym_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in synonyms() if len(word) >= SHORTEST_TYPO))
