"""What there is against what is asked, as a background task; published figures are protected first (R5, R7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django_tasks import task

import schakel
from schakel.provisions import Coverage, Provision, coverage, gaps, published_of, single_points, youth_gaps
from schakel.records import Areas, SchakelError
from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.tasks import areas_now
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import taxonomy
from schakel_web.socialmap import published
from schakel_web.socialmap.models import CoverageRun, CoverageState
from schakel_web.socialmap.tasks.exchange import everything

REACH_KM = 3.0  # where a provision says nothing about its reach
DAYS = 365
_GAPS = 60


def ask(*, by: User | None) -> CoverageRun | None:
    """Ask for a calculation; None when one is waiting."""
    parameters = {"reach_km": REACH_KM, "days": DAYS, "until": timezone.localdate().isoformat()}
    try:
        with transaction.atomic():
            run = CoverageRun(parameters=parameters, by=by)
            run.save()
            record(action="socialmap.coverage", subject=run, by=by, role="" if by else "system")
            transaction.on_commit(lambda: calculate.enqueue(run.pk))
    except IntegrityError:
        return None
    return run


def needs_of(until: date, *, days: int) -> dict[tuple[str, str], int]:
    """People per theme and neighbourhood in the days up to a day: what counts, and is never sensitive (R5)."""
    rows = (
        Signal.objects.counting()
        .filter(
            date__gt=until - timedelta(days=days), date__lte=until, area__current=True, themes__isnull=False
        )
        .order_by()
        .values_list("themes__theme", "area__code")
        .annotate(people=Sum("people"))
    )
    sensitive = taxonomy().sensitive
    known = {theme.id for theme in taxonomy().themes} - sensitive
    return {(theme, code): people for theme, code, people in rows if theme in known}


@task()
def calculate(run: int) -> None:
    """Work it out, once; whatever goes wrong is said on the page."""
    held = CoverageRun.objects.filter(pk=run, state=CoverageState.WAITING).first()
    if held is None:
        return
    try:
        result = _worked_out(held.parameters)
    except SchakelError as error:
        _finish(run, state=CoverageState.FAILED, message=str(error)[:300])
    except Exception as error:
        _finish(run, state=CoverageState.FAILED, message=type(error).__name__)
        raise
    else:
        _finish(run, state=CoverageState.DONE, result=result, version=schakel.__version__)


def _finish(run: int, **values: Any) -> None:
    CoverageRun.objects.filter(pk=run).update(finished=timezone.now(), **values)


def _worked_out(parameters: dict[str, Any]) -> dict[str, Any]:
    areas = areas_now(borders=False)
    if not len(areas):
        raise SchakelError("There are no neighbourhoods yet; expected a division that was read in.")
    provisions = [one for one in everything() if one.status != "closed"]
    today, reach, days = timezone.localdate(), parameters["reach_km"], parameters["days"]
    needs = _within(areas, needs_of(today, days=days))
    themes = [theme.id for theme in taxonomy().themes if not theme.sensitive]
    whole = coverage(provisions, areas, needs, today=today, themes=themes, reach_km=reach)
    return {
        "team": [_plain_gap(gap) for gap in gaps(whole, at_most=10 * _GAPS)],
        "public": _published(provisions, areas, reach),
        "single": _single(whole, provisions),
        "youth": [{"area": y.area, "reach": round(y.reach, 2)} for y in youth_gaps(whole, areas)],
        "assumed": whole.assumed, "nowhere": whole.nowhere, "provisions": len(provisions),
    }  # fmt: skip


def _within(areas: Areas, needs: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    known = set(areas.codes)
    return {key: people for key, people in needs.items() if key[1] in known}


def _published(provisions: list[Provision], areas: Areas, reach: float) -> dict[str, Any]:
    """What may leave the team: worked out by area of life from the table that left already, so that it says nothing
    about anybody that the table does not say, however often it is worked out (R7).
    """
    needs = _within(areas, published.needs())
    domain_of = {theme.id: theme.domain for theme in taxonomy().themes if not theme.sensitive}
    by_domain = [
        replace(one, themes=tuple(dict.fromkeys(domain_of[t] for t in one.themes if t in domain_of)))
        for one in provisions
    ]
    asked = sorted({domain for domain, _code in needs})
    found = published_of(by_domain, areas, needs, today=timezone.localdate(), themes=asked, reach_km=reach)
    return {
        "gaps": [_plain_gap(gap) for gap in found.gaps],
        "single": _single(found.coverage, by_domain),
    }


def _single(found: Coverage, provisions: list[Provision]) -> list[dict[str, Any]]:
    names = {one.id: one.name for one in provisions}
    return [
        {"id": s.provision, "name": names[s.provision], "theme": s.theme, "areas": list(s.areas)}
        for s in single_points(found, provisions)[:_GAPS]
    ]


def _plain_gap(gap: Any) -> dict[str, Any]:
    return {
        "theme": gap.theme, "area": gap.area, "unmet": round(gap.unmet, 1), "reach": round(gap.reach, 2),
        "why": gap.why,
    }  # fmt: skip
