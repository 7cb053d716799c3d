"""What leaves the team: a protected table once a month, and which questions may be on a public page (R7, R8, R13).

A table is of whole months that are over, and is made once: from two tables a day apart, anybody could read what was
given on that day (R7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.models import Area, AreaKind, Figure
from schakel_web.questions import tasks
from schakel_web.questions.concentration import collect
from schakel_web.questions.models import Check, Publication, QuestionSignal, SharedQuestion
from schakel_web.questions.models.publications import TOTAL
from schakel_web.questions.models.shared import CheckResult
from schakel_web.signals.models import Signal, State
from schakel_web.signals.tasks import taxonomy

Cells = dict[tuple[int, str], dict[str, int]]  # (area, area of life) → source → people


def publish(*, by: User | None, on: date | None = None) -> Publication | None:
    """Keep a table of the twelve months before this one, unless there is one; None when there are no areas yet."""
    month = (on or timezone.localdate()).replace(day=1)
    since, until = month.replace(year=month.year - 1), month - timedelta(days=1)
    if (held := newest()) and held.until >= until:
        return _completed(held)
    leaves = _leaves()
    if not leaves:
        return None
    domains = [
        d for d in taxonomy().domains if any(t.domain == d.id and not t.sensitive for t in taxonomy().themes)
    ]
    table = tasks.protected(
        _counted(since, until), leaves=leaves, domains=[d.id for d in domains], names=_above(leaves)
    )
    with transaction.atomic():
        made = Publication(
            since=since, until=until, columns=[*(d.id for d in domains), TOTAL], rows=table,
            attention=collect(since, until), thresholds=asdict(tasks.THRESHOLDS), version=tasks.VERSION,
        )  # fmt: skip
        made.save()
        record(action="questions.publish", subject=made, by=by, role="" if by else "system", rows=len(table))
    return made


def _completed(held: Publication) -> Publication:
    """With where attention goes, once the incomes of neighbourhoods were read in."""
    if not held.attention and (found := collect(held.since, held.until)):
        held.attention = found
        held.save(update_fields=["attention"])
    return held


def _leaves() -> list[tuple[str, str, str, list[int]]]:
    """Code, name, district and areas of each row: a neighbourhood, or those of a district with too few inhabitants."""
    areas = list(Area.objects.neighbourhoods().select_related("parent").order_by("code"))
    known = Figure.objects.filter(area__in=areas, indicator="inwoners", value__isnull=False).order_by("year")
    people = {area: number or 0.0 for area, number in known.values_list("area", "value")}
    rows: dict[str, tuple[str, str, str, list[int]]] = {}
    for area in areas:
        district = area.parent.code if area.parent else ""
        small = people.get(area.pk, tasks.THRESHOLDS.leave_minimum) < tasks.THRESHOLDS.leave_minimum
        code = f"{district}-klein" if small else area.code
        name = f"Kleine buurten van {area.parent}" if small else area.name
        rows.setdefault(code, (code, name, district, []))[3].append(area.pk)
    return list(rows.values())


def _above(leaves: list[tuple[str, str, str, list[int]]]) -> dict[str, str]:
    codes = {district for _code, _name, district, _areas in leaves}
    return dict(
        Area.objects.filter(code__in=codes, kind=AreaKind.DISTRICT, current=True).values_list("code", "name")
    )


def _counted(since: date, until: date) -> Cells:
    """People about whom something was given, by area, area of life, and whoever gave it."""
    domain_of = {theme.id: theme.domain for theme in taxonomy().themes}
    rows = (
        Signal.objects.counting()
        .filter(date__range=(since, until), area__current=True)
        .order_by()
        .values_list("area", "themes__theme", "reporter", "organisation", "source")
        .annotate(people=Sum("people"))
    )
    cells: Cells = {}
    for area, theme, reporter, organisation, source, people in rows.iterator(chunk_size=5000):
        if theme in domain_of:
            cell = cells.setdefault((area, domain_of[theme]), {})
            who = f"u{reporter}" if reporter else f"o{organisation}" if organisation else f"s{source}"
            cell[who] = cell.get(who, 0) + people
    return cells


def newest() -> Publication | None:
    """What holds now."""
    return Publication.objects.first()


def reasons_not_public(questions: Iterable[SharedQuestion]) -> dict[int, list[str]]:
    """Per question why it is not on the public page, though residents recognised it; empty when it may be (R7, R8)."""
    numbers = [question.pk for question in questions]
    given = _given(QuestionSignal.objects.filter(question__in=numbers, signal__state=State.ACCEPTED))
    for number, day, people in (
        Check.objects.filter(question__in=numbers)
        .exclude(result=CheckResult.NOT)
        .values_list("question", "date", "people")
    ):
        given.setdefault(number, []).append((f"residents {day}", day, people))
    return {number: tasks.reasons_not_to_leave(given.get(number, [])) for number in numbers}


def _given(links: QuerySet[QuestionSignal]) -> dict[int, list[tuple[str, date, int]]]:
    """Per question: who gave a signal, when, and about how many people."""
    found: dict[int, list[tuple[str, date, int]]] = {}
    rows = links.values_list(
        "question", "signal__reporter", "signal__organisation", "signal__source", "signal__date"
    ).annotate(people=Sum("signal__people"))
    for question, reporter, organisation, source, day, people in rows.order_by():
        who = f"u{reporter}" if reporter else f"o{organisation}" if organisation else f"s{source}"
        found.setdefault(question, []).append((who, day, people))
    return found


def rows_of(publication: Publication, codes: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of these areas."""
    wanted = set(codes)
    return [row for row in publication.rows if row["code"] in wanted]
