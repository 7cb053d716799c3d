"""Finding provisions: by theme, distance, day, cost, language, access, free places and words, on any database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import ExpressionWrapper, F, FloatField, Q, Value
from django.db.models.functions import Coalesce
from rapidfuzz import fuzz, process

from schakel_web.network.models import Area
from schakel_web.signals.tasks import asked as lemmas
from schakel_web.socialmap.models import Facet, Provision, ProvisionQuerySet
from schakel_web.socialmap.tasks import facets

_ALIKE = 82  # of 100, as for signals
_OTHERS = 3  # words that are tried for one that nobody wrote
_VOCABULARY = 600  # seconds that the list of words is kept
_MOST = 60  # letters of a word
PAGE = 25
_COUNTED = 1000  # beyond this it is said that there are more
_NAME = Coalesce("name", Value(""))  # no index: so a database begins with the words, not at the first name


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


def _vocabulary() -> list[str]:
    found: list[str] | None = cache.get("map_vocabulary")
    if found is None:
        rows = Facet.objects.filter(kind="word").order_by().values_list("value", flat=True).distinct()
        found = list(rows)
        cache.set("map_vocabulary", found, _VOCABULARY)
    return found


def meant(query: str) -> list[list[str]]:
    """For each word of a query the words of the index that it may mean; a word that nobody wrote means near ones."""
    asked = [word[:_MOST] for word in lemmas(query)]
    known = set(Facet.objects.filter(kind="word", value__in=asked).values_list("value", flat=True).distinct())
    found = []
    for word in asked:
        if word in known:
            found.append([word])
            continue
        near = process.extract(word, _vocabulary(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_OTHERS)
        found.append([match for match, _, _ in near])
    return found


def matching(rows: ProvisionQuerySet, query: str) -> ProvisionQuerySet:
    """Those in which every word of the query stands, or a word that is much like it."""
    for alternatives in meant(query):
        rows = rows.having("word", *alternatives)
    return rows


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


def filtered(rows: ProvisionQuerySet, asked: dict[str, Any]) -> ProvisionQuerySet:
    """What somebody asked for; whatever is not known about a provision does not leave it out, but for free places."""
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
    if asked.get("q"):
        rows = matching(rows, asked["q"]).order_by(_NAME, "pk")
    if asked.get("area"):
        rows = near(rows, asked["area"], asked.get("km"))
    return nearest_first(rows)


def nearest_first(rows: ProvisionQuerySet) -> ProvisionQuerySet:
    """In order of distance where that was asked, what has no place last; else as they were."""
    if "square" not in rows.query.annotations:
        return rows
    return rows.order_by(F("square").asc(nulls_last=True), "pk")


def page_of(rows: ProvisionQuerySet, after: str) -> tuple[list[Provision], str]:
    """One page, and the place where the next begins: after a name or distance and a number, so that none is slow."""
    by_distance = "square" in rows.query.annotations
    value, _sep, number = after.rpartition("_")
    if number.isdigit():
        rows = rows.filter(_beyond(by_distance, value, int(number)))
    whole = rows.filter(pk__in=rows.values("pk")[: PAGE + 1])  # only these are read and sorted whole
    found = list(whole.select_related("area", "organisation").prefetch_related("sessions"))
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    place = getattr(last, "square", None) if by_distance else last.name
    return found[:PAGE], f"{'' if place is None else place}_{last.pk}"


def _beyond(by_distance: bool, value: str, number: int) -> Q:
    if not by_distance:
        return Q(name__gt=value) | Q(name=value, pk__gt=number)
    try:
        square = float(value)
    except ValueError:
        return Q(square=None, pk__gt=number)
    return Q(square__gt=square) | Q(square=square, pk__gt=number) | Q(square=None)


def counted(rows: ProvisionQuerySet) -> tuple[int, bool]:
    """How many there are, up to a thousand; and whether there are more."""
    number = rows.order_by().values("pk")[: _COUNTED + 1].count()
    return min(number, _COUNTED), number > _COUNTED
