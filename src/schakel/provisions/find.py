"""Finding provisions: by what people say, by theme, near a neighbourhood, on a day and time, by cost and access.

What is not known is never no: a provision that does not say what a filter asks (its price, its hours) does not appear,
and is counted in ``unknown``, so that a screen can say so. A question in a resident's own words is also read by the
theme classifier; a sensitive theme gives its route (R5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from schakel.provisions.index import SLOT, Columns, Words
from schakel.provisions.provision import Access, Layer, LegalType, Payer, Provision
from schakel.provisions.words import Asked
from schakel.records import Areas, Bools, Floats, Ints, SchakelError
from schakel.themes import ThemeClassifier

BY_THEME = 4.0  # how much a theme of the question counts, at probability 1
LEAST_SHARE = 0.12  # of the best score: below it a provision has nothing to do with the question
_OLD, FAR_KM = (
    0.15,
    5.0,
)  # a stale entry loses at most 15 %; at 5 km nearness counts for a third of what it did
NEAR = 0.3
COVERED = 0.6  # what is left of the score when hardly any word of the question is found


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything empty gives all that is open. Within one field any value will do.

    ``origin`` is a point (x, y) in metres of the Dutch grid, ``area`` the CBS code of somebody's neighbourhood.
    ``days`` count from Monday 0; ``between`` are minutes after midnight. ``free`` is a number of places.
    """

    text: str = ""
    themes: tuple[str, ...] = ()
    origin: tuple[float, float] | None = None
    area: str | None = None
    within_km: float | None = None
    days: tuple[int, ...] = ()
    between: tuple[int, int] | None = None
    cost: float | None = None
    languages: tuple[str, ...] = ()
    wheelchair: bool | None = None
    easy_read: bool | None = None
    access: tuple[Access, ...] = ()
    free: int | None = None
    layers: tuple[Layer, ...] = ()
    legal_types: tuple[LegalType, ...] = ()
    payers: tuple[Payer, ...] = ()
    life_phases: tuple[str, ...] = ()
    age: int | None = None
    with_closed: bool = False
    at_most: int | None = 50  # None: all


@dataclass(frozen=True, slots=True)
class Hit:
    """One provision that was found: its number in the order of the index, and the words and themes that led to it."""

    id: str
    number: int
    score: float
    km: float | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The provisions that fit, best first; ``total`` before ``at_most``.

    ``unknown`` is how many more might fit but do not say what was asked. ``corrected`` are words that nobody wrote and
    what was taken instead. ``routes`` say in Dutch what to do now when the question is about something sensitive (R5).
    """

    hits: tuple[Hit, ...]
    total: int
    unknown: int
    corrected: tuple[tuple[str, str], ...]
    themes: tuple[str, ...]
    routes: tuple[str, ...]


def _best(wanted: Ints, score: Floats, at_most: int | None) -> Ints:
    """The best of `wanted`, at equal score in their order; only what can be among them is put in order."""
    if at_most is not None and 0 < at_most < len(wanted):
        least = np.partition(score[wanted], -at_most)[-at_most]
        wanted = wanted[score[wanted] >= least]
    return wanted[np.lexsort((wanted, -score[wanted]))][:at_most]


class Index:
    """Provisions, ready to be searched. Made anew when they change."""

    def __init__(
        self,
        provisions: Sequence[Provision],
        *,
        today: date,
        areas: Areas | None = None,
        classifier: ThemeClassifier | None = None,
    ) -> None:
        self.provisions = tuple(provisions)
        self._columns = Columns(self.provisions, areas, today)
        self._words = Words(self.provisions)
        self._classifier = classifier
        self._areas = {} if areas is None else {code: i for i, code in enumerate(areas.codes)}
        self._middles = None if areas is None else areas.coordinates

    def search(self, search: Search) -> Found:
        """Find. SchakelError for a filter that cannot be, such as a distance from nowhere."""
        distance = self._distance(search)
        fits, known = self._filters(search, distance)
        asked = self._words.vocabulary.asked(search.text)
        suggested = self._themes(search.text)
        score = self._score(asked, suggested, len(search.text.split()) > 0)
        if search.text.strip():
            best = float(score[fits & known].max(initial=0.0))
            fits &= score > LEAST_SHARE * best
        score = score * (1 - _OLD * (1 - self._columns.confidence))
        if distance is not None:
            near = np.exp(-np.nan_to_num(distance, nan=FAR_KM) / FAR_KM)
            score = score * (1 - NEAR + NEAR * near)
        wanted = np.flatnonzero(fits & known)
        shown = _best(wanted, score, search.at_most)
        return Found(
            hits=self._hits(shown, score, distance, asked, suggested),
            total=len(wanted),
            unknown=int((fits & ~known).sum()),
            corrected=tuple((each.word, each.corrected) for each in asked if each.corrected),
            themes=tuple(theme for theme, _, _ in suggested),
            routes=tuple(dict.fromkeys(route for _, _, route in suggested if route)),
        )

    def _themes(self, text: str) -> list[tuple[str, float, str]]:
        """Themes of a question, with probability and, for a sensitive one, its route."""
        if self._classifier is None or len(text.split()) < 2:
            return []
        return [(s.theme, s.probability, s.route) for s in self._classifier.suggest(text)]

    def _score(
        self, asked: Sequence[Asked], suggested: Sequence[tuple[str, float, str]], any_text: bool
    ) -> Floats:
        count = len(self.provisions)
        if not any_text:
            return np.ones(count)
        score, covered = np.zeros(count), np.zeros(count)
        for word in asked:
            best = np.zeros(count)
            for term, weight in word.meant:
                docs, weights = self._words.of(term)
                best[docs] = np.maximum(best[docs], weight * weights)
            score += best
            covered += best > 0
        if len(asked) > 1:
            score *= COVERED + (1 - COVERED) * covered / len(asked)
        for theme, probability, _ in suggested:
            with_theme = self._columns.sets["themes"].get(theme)
            if with_theme is not None:
                score[with_theme] += BY_THEME * probability
        return score

    def _distance(self, search: Search) -> Floats | None:
        """Kilometres from where somebody is, or None when that was not said."""
        at = search.origin
        if at is None and search.area is not None and self._middles is not None:
            if search.area not in self._areas:
                raise SchakelError(f"'{search.area}' is not among the areas; expected a known neighbourhood.")
            x, y = self._middles[self._areas[search.area]]
            at = (float(x), float(y))
        if at is None:
            if search.within_km is not None:
                raise SchakelError(
                    "A distance was given without a place; expected a point or a neighbourhood."
                )
            return None
        return np.asarray(np.hypot(*(self._columns.points - np.array(at)).T) / 1000, dtype=float)

    def _filters(self, search: Search, distance: Floats | None) -> tuple[Bools, Bools]:
        """What fits as far as is known, and of what everything that was asked is known."""
        fits = self._fitting(search)
        known = np.ones(len(self.provisions), bool)
        if distance is not None:
            fits &= ~(distance > self._columns.reach)
        for values, good in self._numbers(search, distance):
            unknown = np.isnan(values)
            fits &= good | unknown
            known &= ~unknown
        return fits, known

    def _fitting(self, search: Search) -> Bools:
        """The filters on what every provision says."""
        columns = self._columns
        fits = np.ones(len(self.provisions), bool)
        if not search.with_closed:
            fits &= ~columns.closed
        for name in ("themes", "languages", "access", "layers", "legal_types", "payers"):
            wanted = getattr(search, name)
            if wanted:
                fits &= self._any(name, wanted)
        if search.life_phases:
            fits &= self._any("life_phases", search.life_phases) | columns.everyone
        if search.age is not None:
            fits &= (columns.youngest <= search.age) & (search.age <= columns.oldest)
        if search.area is not None:
            fits &= columns.everywhere | self._serving(search.area)
        return fits

    def _numbers(self, search: Search, distance: Floats | None) -> list[tuple[Floats, Bools]]:
        """The filters on what may not be known: the value of each provision, NaN where unknown, and whether it fits."""
        columns = self._columns
        numbers: list[tuple[Floats, Bools]] = []
        if search.cost is not None:
            numbers.append((columns.cost, columns.cost <= search.cost))
        if search.free is not None:
            numbers.append((columns.free, columns.free >= search.free))
        if search.wheelchair is not None:
            numbers.append((columns.wheelchair, columns.wheelchair == search.wheelchair))
        if search.easy_read is not None:
            numbers.append((columns.easy_read, columns.easy_read == search.easy_read))
        if distance is not None and search.within_km is not None:
            numbers.append((distance, distance <= search.within_km))
        if search.days or search.between is not None:
            on = self._on(search)
            numbers.append((columns.planned, on))
        return numbers

    def _any(self, name: str, wanted: Sequence[str]) -> Bools:
        found = np.zeros(len(self.provisions), bool)
        for value in wanted:
            docs = self._columns.sets[name].get(str(value))
            if docs is not None:
                found[docs] = True
        return found

    def _serving(self, area: str) -> Bools:
        """Provisions for an area, its district or its municipality."""
        found = np.zeros(len(self.provisions), bool)
        for code, docs in self._columns.serves.items():
            if area[2:].startswith(code[2:]):
                found[docs] = True
        return found

    def _on(self, search: Search) -> Bools:
        start, end = search.between or (0, 24 * 60)
        if not 0 <= start < end <= 24 * 60:
            raise SchakelError("A time of the day ends before it starts; expected minutes from 0 to 1440.")
        if any(not 0 <= day <= 6 for day in search.days):
            raise SchakelError("A day of the week is not there; expected 0 (Monday) to 6 (Sunday).")
        slots = [
            day * 24 * 60 // SLOT + slot
            for day in search.days or range(7)
            for slot in range(start // SLOT, -(-end // SLOT))
        ]
        return np.asarray(self._columns.week[slots].any(axis=0), dtype=bool)

    def _hits(
        self,
        shown: Ints,
        score: Floats,
        distance: Floats | None,
        asked: Sequence[Asked],
        suggested: Sequence[tuple[str, float, str]],
    ) -> tuple[Hit, ...]:
        terms = list(dict.fromkeys(term for word in asked for term, _ in word.meant))
        having = [self._words.among(term, shown) for term in terms]
        hits = []
        for place, number in enumerate(shown.tolist()):
            one = self.provisions[number]
            because = [term for term, found in zip(terms, having, strict=True) if found[place]]
            because += [theme for theme, _, _ in suggested if theme in one.themes and theme not in because]
            km = None if distance is None or np.isnan(distance[number]) else float(distance[number])
            hits.append(Hit(one.id, number, float(score[number]), km, tuple(because)))
        return tuple(hits)
