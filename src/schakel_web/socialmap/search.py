"""Finding provisions: by theme, distance, day, cost, language, access, free places and words, on any database.

A query in words is answered as the library does, within bounds: so many words are tried, so many rows are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from operator import attrgetter
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, StrIndex

from schakel_web.network.forms import whole
from schakel_web.network.models import Area
from schakel_web.socialmap.models import Facet, Provision, ProvisionQuerySet
from schakel_web.socialmap.tasks.words import (
    COVERED,
    FAR_KM,
    LEAST_SHARE,
    NAME,
    NEAR,
    THEME,
    WHERE,
    WORD,
    Meant,
    says_what,
    word_facets,
    words,
)

_READ = 4_000  # rows of the index that are read for a query, by the counts of some minutes ago
PAGE = 25
_COUNTED = 1000  # beyond this it is said that there are more


def named_in(text: str) -> frozenset[str]:
    """Names of provisions that a text holds, as 'Eettafel De Brug', for they are nobody's name (R4).

    A provision that is only called as a person is called, makes nobody's name a place.
    """
    asked = [value for kind, value in word_facets(text, "") if kind == NAME]
    rows = (
        Facet.objects.filter(kind=NAME, value__in=asked).order_by().values_list("provision__name", flat=True)
    )
    said = text.casefold()
    return frozenset(name for name in set(rows[:_READ]) if name.casefold() in said and says_what(name))


@dataclass(frozen=True)
class Page:
    """Some of what was found, where the next page begins, how many there are up to a thousand, and whether more."""

    provisions: list[Provision]
    after: str
    number: int
    more: bool


@dataclass(frozen=True)
class Selection:
    """What was asked for among `rows`; with a query in words only the best, whose numbers are there, the best first."""

    rows: ProvisionQuerySet
    best: list[int] | None = None

    def every(self) -> ProvisionQuerySet:
        """All that was found, in no order of its own."""
        return self.rows if self.best is None else self.rows.filter(pk__in=self.best)

    def in_order(self) -> ProvisionQuerySet:
        """The best for a query first, or the nearest where that was asked, what has no place last; else as before."""
        if self.best is not None:
            listed = Value(f",{','.join(map(str, self.best))},")
            rank = StrIndex(listed, Concat(Value(","), Cast("pk", CharField()), Value(",")))
            return self.every().annotate(rank=rank).order_by("rank")
        if "square" in self.rows.query.annotations:
            return self.rows.order_by(F("square").asc(nulls_last=True), "pk")
        return self.rows

    def page(self, after: str) -> Page:
        """A place is a rank, distance or name, and a number, so that no page is slower than the first."""
        value, _sep, digits = after.replace("\0", "").rpartition("_")
        last = whole(digits)
        if self.best is not None:
            begin = self.best.index(last) + 1 if last in self.best else whole(value) or 0
            return self._of(self.best[begin : begin + PAGE + 1], len(self.best), lambda _last: begin + PAGE)
        rows = self.in_order()
        by = "square" if "square" in rows.query.annotations else "name"
        if last is None:  # the first page and how many there are, in one reading
            numbers = list(rows.values_list("pk", flat=True)[: _COUNTED + 1])
            return self._of(numbers[: PAGE + 1], len(numbers), attrgetter(by))
        behind = rows.filter(_beyond(by, value, last)).values_list("pk", flat=True)
        number = self.rows.order_by().values("pk")[: _COUNTED + 1].count()
        return self._of(list(behind[: PAGE + 1]), number, attrgetter(by))

    def _of(self, numbers: list[int], number: int, place: Callable[[Provision], Any]) -> Page:
        """The provisions with these numbers, in this order; one more than a page holds says that there is a next."""
        rows = self.rows.filter(pk__in=numbers[:PAGE]).select_related("area", "organisation")
        known = {one.pk: one for one in rows.prefetch_related("sessions")}
        found = [known[pk] for pk in numbers[:PAGE] if pk in known]
        after = ""
        if len(numbers) > PAGE and found:
            where = place(found[-1])
            after = f"{'' if where is None else where}_{found[-1].pk}"
        return Page(found, after, min(number, _COUNTED), number > _COUNTED)


def matching(rows: ProvisionQuerySet, meant: Meant, *, most: int | None = _COUNTED + 1) -> Selection:
    """The best for what is meant, at most so many; words that say nothing leave all.

    As in the library: a word that is rare counts for more, and so does one in a name; what has hardly anything to do
    with the query is left out. What is near comes sooner when `rows` know their distance.
    """
    if not meant.words and not meant.themes:
        return Selection(rows)
    read = _affordable(meant)
    if read is None:  # words that nearly everything has: there is no best
        return Selection(rows.having(WORD, *meant.words[0]))
    score = _scored(rows, meant, read)
    least = LEAST_SHARE * max(score.values(), default=0)
    best = sorted((pk for pk in score if score[pk] > least), key=lambda pk: (-score[pk], pk))[:most]
    return Selection(rows, best)


def _affordable(meant: Meant) -> Q | None:
    """Which rows of the index to read: the words and themes that tell most, as long as they are not too many."""
    by_weight = [(weight, WORD, word) for some in meant.words for word, weight in some.items()]
    by_weight += [(weight, THEME, theme) for theme, weight in meant.themes.items()]
    chosen: dict[str, set[str]] = {WORD: set(), THEME: set()}
    total = there = 0
    for _weight, kind, value in sorted(by_weight, reverse=True):
        number = words.count(value, kind)
        there += number
        if value not in chosen[kind] and total + number <= _READ:
            chosen[kind].add(value)
            total += number
    if there and not total:
        return None
    said = Q(facets__kind__in=WHERE, facets__value__in=chosen[WORD])
    return said | Q(facets__kind=THEME, facets__value__in=chosen[THEME])


def _scored(rows: ProvisionQuerySet, meant: Meant, read: Q) -> dict[int, float]:
    """How well each of them fits: for each word the best that it has, the themes of the query, and how near it is."""
    best: dict[int, list[float]] = {}
    near: dict[int, float] = {}
    number = len(meant.words)
    far = ["square"] if "square" in rows.query.annotations else []
    entries = rows.filter(read).order_by().values_list("pk", "facets__kind", "facets__value", *far)
    for pk, kind, value, *square in entries[: 3 * _READ]:  # a word stands at most three times in the index
        here = best.setdefault(pk, [0.0] * (number + 1))
        near[pk] = _nearness(*square)
        if kind == THEME:
            here[number] += meant.themes[value]
            continue
        for place, some in enumerate(meant.words):
            if value in some:
                here[place] = max(here[place], some[value] * WHERE[kind])
    return {pk: (_total(here[:number]) + here[number]) * near[pk] for pk, here in best.items()}


def _total(by_word: list[float]) -> float:
    covered = sum(value > 0 for value in by_word)
    return sum(by_word) * (COVERED + (1 - COVERED) * covered / len(by_word)) if by_word else 0.0


def _nearness(square: float | None = -1) -> float:
    km = 0.0 if square == -1 else FAR_KM if square is None else sqrt(square) / 1000
    return 1 - NEAR + NEAR * exp(-km / FAR_KM)


def near(rows: ProvisionQuerySet, area: Area, km: float | None) -> ProvisionQuerySet:
    """Those within so many kilometres of the middle of an area, with `square` (metres²); also those of nowhere."""
    if area.x is None or area.y is None:
        return rows.filter(Q(area=area) | Q(area=None))
    x, y = Coalesce("x", "area__x"), Coalesce("y", "area__y")
    square = (x - area.x) * (x - area.x) + (y - area.y) * (y - area.y)
    rows = rows.annotate(square=ExpressionWrapper(square, output_field=FloatField()))
    if km is None:
        return rows
    return rows.filter(Q(square__lte=(km * 1000) ** 2) | Q(square=None))


def filtered(rows: ProvisionQuerySet, asked: dict[str, Any], *, every: bool = False) -> Selection:
    """What somebody asked for; whatever is not known about a provision does not leave it out, but for free places.

    With `every` a search by words is not cut off after the number that a page counts to.
    """
    for key in ("theme", "language", "phase"):
        if asked.get(key):
            rows = rows.having(key, asked[key])
    day, part = asked.get("day"), asked.get("part")
    if day and part:
        rows = rows.having("part", f"{day}-{part}")
    elif day or part:
        rows = rows.having("day" if day else "part", str(day or part))
    if asked.get("cost") is not None:
        rows = rows.filter(Q(resident_cost=None) | Q(resident_cost__lte=asked["cost"]))
    if asked.get("access"):
        rows = rows.filter(access=asked["access"])
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("free"):
        rows = rows.filter(free__gt=0)
    if asked.get("wheelchair"):
        rows = rows.filter(wheelchair=True)
    if asked.get("area"):
        rows = near(rows, asked["area"], asked.get("km"))
    if asked.get("q"):
        meant = asked.get("meant") or words.meant(asked["q"])
        return matching(rows, meant, most=None if every else _COUNTED + 1)
    return Selection(rows)


def _beyond(by: str, value: str, number: int) -> Q:
    if by == "name":
        return Q(name__gt=value) | Q(name=value, pk__gt=number)
    try:
        place = float(value)
    except ValueError:
        return Q(square=None, pk__gt=number) if by == "square" else Q()
    if not isfinite(place):
        return Q()
    return Q(square__gt=place) | Q(square=place, pk__gt=number) | Q(square=None)
