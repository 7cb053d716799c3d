"""Finding provisions: by theme, distance, day, cost, language, access, free places and words, on any database.

A query in words is answered as the library does, within bounds: so many words are tried, so many rows are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, isfinite, sqrt
from typing import Any

from django.db.models import CharField, ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, StrIndex

from schakel_web.network.forms import whole
from schakel_web.network.models import Area
from schakel_web.socialmap.models import Facet, Provision, ProvisionQuerySet
from schakel_web.socialmap.tasks import facets
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

_MOST = 60  # letters of a word
_READ = 4_000  # rows of the index that are read for a query, by the counts of some minutes ago
PAGE = 25
_COUNTED = 1000  # beyond this it is said that there are more


def index(provisions: Iterable[Provision]) -> None:
    """Put provisions in the index anew; their sessions are best fetched beforehand."""
    every = list(provisions)
    Facet.objects.filter(provision__in=[p.pk for p in every]).delete()
    Facet.objects.bulk_create(
        (
            Facet(provision=p, kind=kind, value=value[:_MOST])
            for p in every
            for kind, value in sorted(facets(p, p.sessions.all()))
        ),
        ignore_conflicts=True,
        batch_size=2000,
    )


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


def matching(rows: ProvisionQuerySet, meant: Meant, *, most: int | None = _COUNTED + 1) -> ProvisionQuerySet:
    """The best for what is meant, with their `rank`, at most so many; words that say nothing leave all.

    As in the library: a word that is rare counts for more, and so does one in a name; what has hardly anything to do
    with the query is left out. What is near comes sooner when `rows` know their distance.
    """
    if not meant.words and not meant.themes:
        return rows
    read = _affordable(meant)
    if read is None:  # words that nearly everything has: there is no best
        return rows.having(WORD, *meant.words[0])
    score = _among(rows, _scored(meant, read))
    least = LEAST_SHARE * max(score.values(), default=0)
    best = sorted((pk for pk in score if score[pk] > least), key=lambda pk: (-score[pk], pk))[:most]
    listed = Value(f",{','.join(map(str, best))},")
    rank = StrIndex(listed, Concat(Value(","), Cast("pk", CharField()), Value(",")))
    return rows.filter(pk__in=best).annotate(rank=rank).order_by("rank")


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
    return Q(kind__in=WHERE, value__in=chosen[WORD]) | Q(kind=THEME, value__in=chosen[THEME])


def _scored(meant: Meant, read: Q) -> dict[int, float]:
    """How well each provision fits: for each word the best that it has, and the themes of the query."""
    best: dict[int, list[float]] = {}
    number = len(meant.words)
    rows = Facet.objects.filter(read).order_by().values_list("provision", "kind", "value")
    for pk, kind, value in rows[: 3 * _READ]:  # a word stands at most three times in the index
        here = best.setdefault(pk, [0.0] * (number + 1))
        if kind == THEME:
            here[number] += meant.themes[value]
            continue
        for place, some in enumerate(meant.words):
            if value in some:
                here[place] = max(here[place], some[value] * WHERE[kind])
    return {pk: _total(here[:number]) + here[number] for pk, here in best.items()}


def _total(by_word: list[float]) -> float:
    covered = sum(value > 0 for value in by_word)
    return sum(by_word) * (COVERED + (1 - COVERED) * covered / len(by_word)) if by_word else 0.0


def _among(rows: ProvisionQuerySet, score: dict[int, float]) -> dict[int, float]:
    """The scores of those that are in `rows`, a little less for what is far away."""
    far = "square" in rows.query.annotations
    found = rows.filter(pk__in=score).order_by().values_list("pk", *(["square"] if far else []))
    return {pk: score[pk] * _nearness(*square) for pk, *square in found}


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


def filtered(rows: ProvisionQuerySet, asked: dict[str, Any], *, every: bool = False) -> ProvisionQuerySet:
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
        rows = matching(rows, meant, most=None if every else _COUNTED + 1)
    return in_order(rows)


def in_order(rows: ProvisionQuerySet) -> ProvisionQuerySet:
    """The best for a query first, or the nearest where that was asked, what has no place last; else as they were."""
    if "rank" in rows.query.annotations or "square" not in rows.query.annotations:
        return rows
    return rows.order_by(F("square").asc(nulls_last=True), "pk")


def page_of(rows: ProvisionQuerySet, after: str) -> tuple[list[Provision], str]:
    """One page, and the place where the next begins: a rank, distance or name and a number, so that none is slow."""
    by = next((each for each in ("rank", "square") if each in rows.query.annotations), "name")
    value, _sep, digits = after.replace("\0", "").rpartition("_")
    if (number := whole(digits)) is not None:
        rows = rows.filter(_beyond(by, value, number))
    page = rows.filter(pk__in=rows.values("pk")[: PAGE + 1])  # only these are read and sorted whole
    found = list(
        page.select_related("area", "organisation").defer("area__shape").prefetch_related("sessions")
    )
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    place = getattr(last, by)
    return found[:PAGE], f"{'' if place is None else place}_{last.pk}"


def _beyond(by: str, value: str, number: int) -> Q:
    if by == "name":
        return Q(name__gt=value) | Q(name=value, pk__gt=number)
    try:
        place = float(value)
    except ValueError:
        return Q(square=None, pk__gt=number) if by == "square" else Q()
    if not isfinite(place):
        return Q()
    if by == "rank":
        return Q(rank__gt=place)
    return Q(square__gt=place) | Q(square=place, pk__gt=number) | Q(square=None)


def counted(rows: ProvisionQuerySet) -> tuple[int, bool]:
    """How many there are, up to a thousand; and whether there are more."""
    number = rows.order_by().values("pk")[: _COUNTED + 1].count()
    return min(number, _COUNTED), number > _COUNTED
