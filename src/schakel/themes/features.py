"""Dutch text to hashed features: words, lemmas, parts of compounds, letters, and keywords of themes.

Features are 32-bit hashes, so nothing that is learnt from them holds a vocabulary or a sentence (R1, R4). Every
feature knows the words it came from, so that a suggestion can point at them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import simplemma

from schakel.themes.taxonomy import Taxonomy

Ints = npt.NDArray[np.int64]

WORD: Final = re.compile(r"\[[^\]\s]+\]|[^\W_]+(?:['’-][^\W_]+)*", re.UNICODE)
KNOWN_WORDS: Final = 50_000  # words whose features are kept at hand; bounds the memory
LINKS: Final = ("", "s", "en", "e", "n", "-")
SHORTEST_PART: Final = 4
PHRASE: Final = 5  # words of a keyword that count, at most

#: Ways of writing that residents use in messages, and the word they stand for.
SHORTHAND: Final = {
    "ff": "even", "mn": "mijn", "m'n": "mijn", "zn": "zijn", "z'n": "zijn", "d'r": "haar", "dr": "haar",
    "k": "ik", "ie": "hij", "ze": "zij", "we": "wij", "je": "jij", "me": "mij", "t": "het", "n": "een",
    "idd": "inderdaad", "wrs": "waarschijnlijk", "mss": "misschien", "nix": "niets", "niks": "niets",
    "gvd": "verdomme", "aub": "alstublieft", "svp": "alstublieft", "iig": "in ieder geval", "ofzo": "of zo",
    "gem": "gemeente", "mw": "mevrouw", "mevr": "mevrouw", "dhr": "meneer", "mnr": "meneer", "mvr": "mevrouw",
    "ivm": "in verband met", "mbt": "over", "tgv": "door", "wss": "waarschijnlijk", "effe": "even",
    "effies": "even", "wou": "wilde", "heb": "hebben", "ha": "hallo",
}  # fmt: skip

#: Words that carry no theme: they are left out of keywords and pairs of words.
STOP: Final = frozenset({
    "de", "het", "een", "en", "of", "maar", "want", "dus", "als", "dan", "dat", "die", "dit", "deze",
    "er", "hier", "daar", "ik", "jij", "u", "hij", "zij", "wij", "jullie", "hen", "hun", "mij", "mijn",
    "zijn", "haar", "ons", "onze", "uw", "aan", "bij", "in", "met", "na", "naar", "om", "op", "over",
    "per", "te", "tot", "uit", "van", "voor", "door", "hebben", "worden", "zullen", "kunnen", "mogen",
    "willen", "ook", "nog", "wel", "al", "zo", "heel", "erg", "even", "nu", "toen", "daarom", "omdat",
})  # fmt: skip

#: What somebody says not to be troubled by, to the end of the clause: it is not what the text is about.
DENIED: Final = re.compile(
    r"\b(?:geen|nergens|nooit) (?:last|klachten?|problemen|zorgen|moeite)(?: \w+)?? (?:van|over|met)\b"
    r".*?(?=[.,;:!?]|\bmaar\b|$)|\bgelukkig (?:geen|niet)\b.*?(?=[.,;:!?]|\bmaar\b|$)",
    re.IGNORECASE | re.MULTILINE,
)

#: Spelling that sounds the same is written the same, for the letters of a word only.
SOUNDS: Final = (
    (re.compile(r"ij|y|ei"), "y"),
    (re.compile(r"au|auw|ouw"), "ou"),
    (re.compile(r"dt\b"), "t"),
    (re.compile(r"ch"), "g"),
    (re.compile(r"ck|c(?=[aouklrt])|q"), "k"),
    (re.compile(r"c"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which features are made; all of them, except in an ablation."""

    lemmas: bool = True
    compounds: bool = True
    letters: bool = True
    pairs: bool = True
    keywords: bool = True


EVERYTHING: Final = Recipe()


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its place in the text, and how it is normally written."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Bag:
    """The features of a text, each with the ``first`` and ``last`` token it came from and its ``group``; all (n)."""

    tokens: tuple[Token, ...]
    hashes: Ints
    first: Ints
    last: Ints
    group: Ints


GROUPS: Final = ("word", "part", "letters", "pair", "keyword")


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, normalised; a placeholder such as ``[naam]`` is one word."""
    for match in WORD.finditer(text):
        yield Token(match.start(), match.end(), normal(match[0]))


@lru_cache(KNOWN_WORDS)
def normal(word: str) -> str:
    """A word in lower case, without accents or stretched letters, written out when it is shorthand."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"(.)\1{2,}", r"\1\1", plain)
    return SHORTHAND.get(plain, plain)


@lru_cache(KNOWN_WORDS)
def lemma(word: str) -> str:
    """The dictionary form of a normalised word."""
    return str(simplemma.lemmatize(word, lang="nl")).casefold()


@lru_cache(KNOWN_WORDS)
def parts(word: str) -> tuple[str, ...]:
    """The known words that a compound is made of, as lemmas; empty when it is no compound.

    Of all ways to cut the word in two known words, the one with the longest last part is taken, because the
    last part says what the thing is; the first part is cut again.
    """
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        head, tail = word[:cut], word[cut:]
        if not simplemma.is_known(tail, lang="nl"):
            continue
        for link in LINKS:
            stem = head.removesuffix(link)
            if len(stem) >= SHORTEST_PART and head.endswith(link) and simplemma.is_known(stem, lang="nl"):
                return (*(parts(stem) or (lemma(stem),)), lemma(tail))
    return ()


def sound(word: str) -> str:
    """A word as it sounds, so that *contakt* and *kontact* are alike."""
    for pattern, letters in SOUNDS:
        word = pattern.sub(letters, word)
    return word


def _grams(word: str) -> Iterator[str]:
    marked = f"<{sound(word)}>"
    for size in (3, 4, 5):
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]


def _hash(kind: str, value: str) -> int:
    return crc32(f"{kind}:{value}".encode())


@lru_cache(KNOWN_WORDS)
def _word_features(word: str, recipe: Recipe) -> tuple[Ints, Ints]:
    """Hashes and groups of one word by itself."""
    base = lemma(word) if recipe.lemmas else word
    made = {_hash("w", base): 0}
    if recipe.compounds:
        made |= {_hash("w", part): 1 for part in parts(word) if part != base}
    if recipe.letters and base not in STOP:
        made |= {_hash("c", gram): 2 for gram in _grams(word)}
    return np.fromiter(made, np.int64), np.fromiter(made.values(), np.int64)


class Featurizer:
    """Makes the `Bag` of a text; knows the keywords of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy, recipe: Recipe = EVERYTHING) -> None:
        self.recipe = recipe
        self._phrases: dict[tuple[str, ...], list[str]] = {}
        for theme in taxonomy.themes if recipe.keywords else ():
            for keyword in theme.vocabulary:
                phrase = tuple(base for _, base in self._content(tokens(keyword)))
                self._phrases.setdefault(phrase[:PHRASE], []).append(theme.id)
        self._phrases.pop((), None)
        self._sensitive = {keyword_hash(theme) for theme in taxonomy.sensitive}

    def _base(self, word: str) -> str:
        return lemma(word) if self.recipe.lemmas else word

    def _content(self, words: Iterable[Token]) -> list[tuple[int, str]]:
        """Positions and lemmas of the words that carry a theme."""
        based = ((i, self._base(token.word)) for i, token in enumerate(words))
        return [(i, base) for i, base in based if base not in STOP]

    def bag(self, text: str) -> Bag:
        """All features of a text but of what it denies; one that stands there twice is there twice."""
        found = tuple(tokens(text))
        said = self._said(text, found)
        words = tuple(found[i] for i in said)
        made = [_word_features(token.word, self.recipe) for token in words]
        places = np.repeat(said, [len(hashes) for hashes, _ in made])
        wide = np.array([*self._pairs(words), *self._keywords(words)], dtype=np.int64).reshape(-1, 4)
        empty = np.zeros(0, np.int64)
        return Bag(
            found,
            np.concatenate([empty, *(hashes for hashes, _ in made), wide[:, 0]]),
            np.concatenate([places, said[wide[:, 1]]]),
            np.concatenate([places, said[wide[:, 2]]]),
            np.concatenate([empty, *(groups for _, groups in made), wide[:, 3]]),
        )

    def _said(self, text: str, found: tuple[Token, ...]) -> Ints:
        """Places of the words that are not denied; a clause with a word for a sensitive theme always counts (R5)."""
        left_out: set[int] = set()
        for match in DENIED.finditer(text):
            inside = [i for i, one in enumerate(found) if match.start() <= one.start < match.end()]
            spoken = {keyword for keyword, *_ in self._keywords(tuple(found[i] for i in inside))}
            if not spoken & self._sensitive:
                left_out.update(inside)
        return np.array([i for i in range(len(found)) if i not in left_out], np.int64)

    def _pairs(self, words: tuple[Token, ...]) -> Iterator[tuple[int, int, int, int]]:
        if not self.recipe.pairs:
            return
        bases = [self._base(token.word) for token in words]
        for i, (one, two) in enumerate(pairwise(bases)):
            if one not in STOP or two not in STOP:
                yield _hash("p", f"{one} {two}"), i, i + 1, 3

    def _keywords(self, words: tuple[Token, ...]) -> Iterator[tuple[int, int, int, int]]:
        content = self._content(words) if self._phrases else []
        for start in range(len(content)):
            for end in range(start + 1, min(start + PHRASE, len(content)) + 1):
                for theme in self._phrases.get(tuple(base for _, base in content[start:end]), ()):
                    yield keyword_hash(theme), content[start][0], content[end - 1][0], 4


def keyword_hash(theme: str) -> int:
    """The feature that says: a keyword of this theme stands in the text."""
    return _hash("k", theme)
