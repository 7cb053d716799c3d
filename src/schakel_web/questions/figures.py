"""Figures that may leave the team: rounded, without small numbers, protected against subtraction (R7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schakel.disclosure import Thresholds
from schakel.disclosure.tables import protect
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Area
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import taxonomy

_YEAR = timedelta(days=365)
_KEPT = 24 * 3600


def table() -> dict[str, Any]:
    """People per district and area of life in the past year, with totals; made once a day."""
    today = timezone.localdate()
    key = f"figures:{today}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _made(today)
        cache.set(key, found, _KEPT)
    return found


def _made(today: Any) -> dict[str, Any]:
    districts = list(
        Area.objects.filter(kind="WK", current=True, children__current=True).distinct().order_by("name")
    )
    domains = [
        d for d in taxonomy().domains if any(t.domain == d.id and not t.sensitive for t in taxonomy().themes)
    ]
    domain_of = {theme.id: theme.domain for theme in taxonomy().themes}
    row = {d.pk: i for i, d in enumerate(districts)}
    column = {d.id: j for j, d in enumerate(domains)}
    counts = np.zeros((len(districts), len(domains)), np.int64)
    summed = (
        Signal.objects.counting()
        .filter(date__gt=today - _YEAR, area__parent__in=districts)
        .values_list("area__parent", "themes__theme")
        .annotate(people=Sum("people"))
        .order_by()
    )
    for district, theme, people in summed:
        if domain_of.get(theme) in column:
            counts[row[district], column[domain_of[theme]]] += people
    if not counts.size:
        return {"columns": [], "rows": []}
    safe = protect(counts, row_parents=None, column_parents=None, thresholds=Thresholds(), time_limit=10.0)
    names = [d.name for d in districts] + ["Alle wijken"]
    return {
        "columns": [d.nl for d in domains] + ["Alle leefgebieden"],
        "rows": [(name, values) for name, values in zip(names, safe.values, strict=True)],
    }


@allowed(Permission.FIGURES_READ)
def figures(request: AllowedRequest) -> HttpResponse:
    """The table."""
    record(action="questions.read_figures", subject="figures", by=request.user, outcome=Outcome.READ)
    return render(request, "questions/figures.html", table())
