"""An index of provisions as arrays: words to provisions with their weight (BM25), and a column per thing to filter by.

BM25: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework" (2009), doi:10.1561/1500000019. A word counts
for more in a name than in a description. Building takes the time; a search adds some arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np

from schakel.areas import to_metres
from schakel.provisions.freshness import freshness
from schakel.provisions.provision import Provision, Status
from schakel.provisions.schedule import over, weekly
from schakel.provisions.words import Vocabulary, terms
from schakel.records import Areas, Bools, Floats, Ints
from schakel.themes import load_taxonomy

K1, B = 1.2, 0.5
SLOT = 30  # minutes: the week is 336 half hours
SLOTS = 7 * 24 * 60 // SLOT
#: How much a word counts by where it stands.
FIELDS = (("name", 3.0), ("words", 2.5), ("organisation", 1.5), ("description", 1.0))
_PLACE, _THEME = 1.0, 1.0


class Columns:
    """One value per provision, in their order; NaN is not known."""

    def __init__(self, provisions: Sequence[Provision], areas: Areas | None, today: date) -> None:
        self.points = points_of(provisions, areas)
        self.reach = _numbers([one.reach_km for one in provisions])
        self.cost = _numbers([one.resident_cost for one in provisions])
        self.free = _numbers([one.free for one in provisions])
        self.wheelchair = _numbers([one.wheelchair for one in provisions])
        self.easy_read = _numbers([one.easy_read for one in provisions])
        self.youngest = np.nan_to_num(_numbers([one.youngest for one in provisions]), nan=0.0)
        self.oldest = np.nan_to_num(_numbers([one.oldest for one in provisions]), nan=200.0)
        self.closed = np.array(
            [one.status is not Status.OPEN or over(one.sessions, today) for one in provisions], dtype=bool
        )
        self.confidence = np.array([freshness(one, today=today).confidence for one in provisions])
        self.week = _week(provisions, today)
        self.planned = np.where(self.week.any(axis=0), 1.0, np.nan)
        self.sets = {
            "themes": _sets([one.themes for one in provisions]),
            "languages": _sets([one.languages for one in provisions]),
            "access": _sets([(one.access,) for one in provisions]),
            "layers": _sets([(one.layer,) for one in provisions]),
            "legal_types": _sets([(one.legal_type,) for one in provisions]),
            "payers": _sets([one.payers for one in provisions]),
            "life_phases": _sets([one.life_phases for one in provisions]),
        }
        self.serves = _sets([one.serves for one in provisions])
        self.everyone = np.array([not one.life_phases for one in provisions], dtype=bool)
        self.everywhere = np.array([not one.serves for one in provisions], dtype=bool)


def points_of(provisions: Sequence[Provision], areas: Areas | None) -> Floats:
    """Points (n, 2) in metres of the Dutch grid; of the neighbourhood where no place is known, else NaN."""
    middles: dict[str, tuple[float, float]] = {}
    if areas is not None:
        at = areas.coordinates if areas.metric == "plane" else to_metres(areas.coordinates)
        middles = {code: (float(x), float(y)) for code, (x, y) in zip(areas.codes, at, strict=True)}
    nowhere = (np.nan, np.nan)
    found = [
        (one.place.x, one.place.y)
        if one.place.x is not None and one.place.y is not None
        else middles.get(one.place.area or "", nowhere)
        for one in provisions
    ]
    return np.array(found, dtype=float).reshape(-1, 2)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _sets(values: Sequence[Sequence[str]]) -> dict[str, Ints]:
    found: dict[str, list[int]] = {}
    for number, some in enumerate(values):
        for value in dict.fromkeys(some):
            found.setdefault(str(value), []).append(number)
    return {value: np.array(numbers, dtype=np.int64) for value, numbers in found.items()}


def _week(provisions: Sequence[Provision], today: date) -> Bools:
    """In which half hours of a week a provision is still on: (336, n)."""
    week = np.zeros((SLOTS, len(provisions)), dtype=bool)
    for number, one in enumerate(provisions):
        for session in one.sessions:
            for start, end in weekly(session, today):
                week[start // SLOT : -(-end // SLOT), number] = True
    return week


class Words:
    """Words to provisions: for word w the provisions ``docs[at[w]:at[w + 1]]`` with their ``weights``."""

    def __init__(self, provisions: Sequence[Provision]) -> None:
        numbers: dict[str, int] = {}
        word, doc, weight = [], [], []
        for number, one in enumerate(provisions):
            for term, much in _counts(one).items():
                word.append(numbers.setdefault(term, len(numbers)))
                doc.append(number)
                weight.append(much)
        self.numbers = numbers
        self.vocabulary = Vocabulary(tuple(numbers))
        self.count = len(provisions)
        words, docs = np.array(word, dtype=np.int64), np.array(doc, dtype=np.int64)
        frequency = np.array(weight, dtype=float)
        order = np.argsort(words, kind="stable")
        words, self.docs, frequency = words[order], docs[order], frequency[order]
        length = np.bincount(self.docs, frequency, self.count)
        in_docs = np.bincount(words, minlength=len(numbers))
        rarity = np.log1p((self.count - in_docs + 0.5) / (in_docs + 0.5))
        norm = 1 - B + B * length / max(length.mean(), 1e-9) if self.count else length
        self.weights = rarity[words] * frequency * (K1 + 1) / (frequency + K1 * norm[self.docs])
        self.at = np.concatenate([[0], np.cumsum(in_docs)])

    def of(self, word: str) -> tuple[Ints, Floats]:
        """The provisions with a word, and its weight in each."""
        number = self.numbers.get(word)
        if number is None:
            return np.zeros(0, np.int64), np.zeros(0)
        part = slice(self.at[number], self.at[number + 1])
        return self.docs[part], self.weights[part]

    def among(self, word: str, numbers: Ints) -> Bools:
        """Which of some provisions have a word."""
        docs, _ = self.of(word)  # in order, since they were counted in order
        place = np.searchsorted(docs, numbers)
        return np.asarray(np.append(docs, -1)[place] == numbers, dtype=bool)


def _counts(one: Provision) -> dict[str, float]:
    texts = [
        (one.name, FIELDS[0][1]),
        ("; ".join(one.words), FIELDS[1][1]),
        (one.organisation, FIELDS[2][1]),
        (one.description, FIELDS[3][1]),
        (one.place.name, _PLACE),
    ]
    found: dict[str, float] = {}
    for text, much in texts:
        for term, weight in terms(text):
            found[term] = found.get(term, 0.0) + much * weight
    for theme in one.themes:
        for term, weight in _theme_terms(theme):
            found[term] = found.get(term, 0.0) + _THEME * weight
    return found


@cache
def _theme_terms(theme: str) -> tuple[tuple[str, float], ...]:
    names = {each.id: each.nl for each in load_taxonomy().themes}
    return tuple(terms(names.get(theme, "")))
