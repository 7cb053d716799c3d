"""Where attention goes, beside where people live, by income of the neighbourhood (R12). Nothing here is about a person.

Income is used for nothing else: not for detection, not for a suggestion, not for an order (R9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from schakel_web.network.models import Area, Figure
from schakel_web.questions import tasks
from schakel_web.questions.models import Pattern, QuestionSignal
from schakel_web.signals.models import Signal
from schakel_web.socialmap.models import Provision

GROUPS = ("lower", "middle", "higher", "unknown")
MEASURES = ("signals", "patterns", "questions", "offers")
PUBLIC = frozenset({"offers"})  # the social map is everybody's, and an offer is no person
Known = Mapping[int, float]  # a figure per area


def grouped(inhabitants: Known, income: Known) -> dict[int, str]:
    """The group of every area: three with about as many inhabitants, in the order of income; or unknown.

    Areas with the same income are in the same group.
    """
    whole = sum(inhabitants[area] for area in inhabitants if area in income)
    found, before, group, last = {}, 0.0, GROUPS[0], None
    for area in sorted((a for a in inhabitants if a in income), key=lambda a: (income[a], a)):
        if income[area] != last:
            middle = (before + inhabitants[area] / 2) / whole if whole else 0.0
            group, last = GROUPS[min(int(3 * middle), 2)], income[area]
        found[area] = group
        before += inhabitants[area]
    return found | {area: "unknown" for area in inhabitants if area not in income}


def collect(since: date, until: date) -> dict[str, Any]:
    """What is kept of it: per group inhabitants and areas, and per measure protected numbers and shares (R7)."""
    areas = list(Area.objects.neighbourhoods().values_list("pk", flat=True))
    known, years = _figures(areas, "inwoners"), _figures(areas, "income")
    inhabitants = {area: known.get(area, (0.0, 0))[0] for area in areas}
    group_of = grouped(inhabitants, {area: value for area, (value, _year) in years.items()})
    groups = [group for group in GROUPS if group in group_of.values()]
    if not set(groups) & set(GROUPS[:3]):
        return {}
    people = [sum(inhabitants[a] for a in areas if group_of[a] == group) for group in groups]
    counted = {
        name: _per_group(numbers, group_of, groups) for name, numbers in measured(since, until).items()
    }
    return {
        "groups": groups,
        "areas": [sum(group_of[a] == group for a in areas) for group in groups],
        "year": max(year for _value, year in years.values()),
        **tasks.concentration(counted, people, public=PUBLIC),
    }


def measured(since: date, until: date) -> dict[str, dict[int, int]]:
    """Per measure a number for each area: people about whom something was given, and offers that are there.

    Patterns and questions of now are in it as well: they are kept once a month, so that no two tables are a day apart.
    """
    counting = Signal.objects.counting().filter(date__range=(since, until), area__current=True).order_by()
    asked = QuestionSignal.objects.filter(question__created__date__gte=since).values("signal")
    linked = Signal.objects.counting().filter(pk__in=asked, area__current=True).order_by()
    there = Provision.objects.there().filter(area__current=True).order_by()
    return {
        "signals": dict(counting.values_list("area").annotate(Sum("people"))),
        "patterns": _in_patterns(since),
        "questions": dict(linked.values_list("area").annotate(Sum("people"))),
        "offers": dict(there.values_list("area").annotate(Count("pk"))),
    }  # fmt: skip


def _in_patterns(since: date) -> dict[int, int]:
    """People in the patterns that teams saw, area by area; somebody in two patterns counts twice."""
    found: Counter[int] = Counter()
    for pattern in Pattern.objects.shown().filter(last__gte=since).prefetch_related("areas"):
        within = Signal.objects.counting().filter(
            themes__theme=pattern.theme,
            area__in=pattern.areas.all(),
            date__gte=pattern.first,
            date__lte=pattern.last,
        )
        found.update(dict(within.order_by().values_list("area").annotate(Sum("people"))))
    return dict(found)


def _figures(areas: Sequence[int], indicator: str) -> dict[int, tuple[float, int]]:
    """The newest value that is known, and its year."""
    rows = Figure.objects.filter(area__in=areas, indicator=indicator, value__isnull=False).order_by("year")
    return {area: (value or 0.0, year) for area, value, year in rows.values_list("area", "value", "year")}


def _per_group(numbers: Mapping[int, int], group_of: Mapping[int, str], groups: Sequence[str]) -> list[int]:
    counted: Counter[str] = Counter()
    for area, number in numbers.items():
        counted[group_of.get(area, "unknown")] += number
    return [counted[group] for group in groups]
