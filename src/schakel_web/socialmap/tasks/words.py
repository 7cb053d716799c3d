"""The words of the map: what a provision is found by, and what somebody may mean with a query (DESIGN §4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

import numpy as np
from django.core.cache import cache
from django.db.models import Count

from schakel.provisions.find import BY_THEME, COVERED, FAR_KM, LEAST_SHARE, NEAR
from schakel.provisions.words import Vocabulary, terms
from schakel.redaction import redact
from schakel_web.signals.tasks import suggest
from schakel_web.socialmap.models import Facet, Provision

__all__ = [
    "COVERED", "FAR_KM", "LEAST_SHARE", "NAME", "NEAR", "THEME", "WHERE", "WORD", "Meant", "Words", "says_what",
    "word_facets", "words",
]  # fmt: skip
THEME = "theme"
WORD, NAME, INSIDE = "word", "name", "inside"  # anywhere; in what it is called; only inside a longer word
#: What a word counts by where it stands, as in the library's index for a text of usual length.
WHERE = {NAME: 1.6, WORD: 1.0, INSIDE: 0.7}
_MOST = 60  # letters of a word
_ASKED = 12  # words of a query that count
_TRIED = 12  # words that are tried for each of them
_TELLS = 4  # letters of a word that can say what something is
_HOLDS = 600  # seconds that the words of the map are kept in memory


def word_facets(names: str, texts: str) -> set[tuple[str, str]]:
    """The words of a provision by where they stand: in its names, in its other texts, or inside a longer word."""
    found: dict[str, set[str]] = {NAME: set(), WORD: set(), INSIDE: set()}
    for kind, text in ((NAME, names), (WORD, texts)):
        for word, weight in terms(text):
            found[kind if weight == 1 else INSIDE].add(word[:_MOST])
    found[WORD] |= found[NAME]
    found[INSIDE] -= found[WORD]
    return {(kind, word) for kind, words in found.items() for word in words}


def says_what(name: str) -> bool:
    """Whether the name of a provision says more than the name of a person would."""
    bare = redact(name)
    left = "".join(part for k, part in enumerate(name) if not any(s.start <= k < s.end for s in bare.spans))
    return any(len(word) >= _TELLS for word in left.split())


@dataclass(frozen=True)
class Meant:
    """For each word of a query the words of the map that may be meant, with their weights; and themes with theirs.

    ``corrected`` are words that nobody wrote, and what was taken instead.
    """

    words: tuple[dict[str, float], ...]
    themes: dict[str, float]
    corrected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Known:
    """The words and themes of the map, and how many of its provisions have each, as they were read at one moment."""

    stamp: str = ""
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(()))
    count: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    provisions: int = 0

    def rarity(self, word: str) -> float:
        number = self.count[word]
        return float(np.log1p((max(self.provisions - number, 0) + 0.5) / (number + 0.5)))


class Words:
    """The words of the map in the memory of this process, for some minutes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known = _Known()

    def _now(self) -> _Known:
        stamp = cache.get("map_vocabulary")
        if stamp is not None and stamp == self._known.stamp:
            return self._known
        with self._lock:
            stamp_now, number = stamp or uuid4().hex, Provision.objects.count()
            words, themes = _counted(WORD, INSIDE), _counted(THEME)
            self._known = _Known(stamp_now, Vocabulary(tuple(sorted(words))), words, themes, number)
            if stamp is None:
                cache.set("map_vocabulary", self._known.stamp, _HOLDS)
        return self._known

    def meant(self, query: str) -> Meant:
        """What may be meant with a query. A word that came in the last minutes is found as it is written."""
        known = self._now()
        found = []
        asked = known.vocabulary.asked(query)[:_ASKED]
        for each in asked:
            some = {each.word[:_MOST]: 1.0} | dict(each.meant[:_TRIED])
            found.append({word: weight * known.rarity(word) for word, weight in some.items()})
        themes = {s.theme: BY_THEME * s.probability for s in suggest(query)} if len(query.split()) > 1 else {}
        return Meant(tuple(found), themes, tuple((a.word, a.corrected) for a in asked if a.corrected))

    def count(self, value: str, kind: str = WORD) -> int:
        """How many provisions had a word or theme when they were read."""
        known = self._known
        return (known.themes if kind == THEME else known.count)[value]


def _counted(*kinds: str) -> Counter[str]:
    rows = Facet.objects.filter(kind__in=kinds).order_by().values("value")
    return Counter(dict(rows.values_list("value", Count("pk"))))


words = Words()
