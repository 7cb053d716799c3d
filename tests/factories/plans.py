"""Arrangements as tests need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from schakel_web.arrangements import actions, tasks
from schakel_web.arrangements.models import Arrangement
from schakel_web.socialmap.models import Session


def tuesday(start: int = 18 * 60, day: date = date(2026, 1, 6)) -> Session:
    """Every week."""
    return Session(
        first=day, rule=f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE'][day.weekday()]}", start=start, minutes=120
    )


def frame(plan: Arrangement, **changes: Any) -> dict[str, Any]:
    """What the form with needs and wishes sends."""
    given: dict[str, Any] = {
        "do": "frame", "kader-version": plan.version, "kader-goal": plan.goal, "vraag-TOTAL_FORMS": 2,
        "vraag-INITIAL_FORMS": 2, "vraag-0-theme": "eenzaamheid", "vraag-0-weight": "2", "vraag-0-must": "on",
        "vraag-1-theme": "te_weinig_bewegen", "vraag-1-weight": "1",
    }  # fmt: skip
    given |= {f"kader-weight_{name}": usual for name, _label, usual in tasks.preferences()}
    return given | {f"kader-{name}": value for name, value in changes.items()}


def refreshed(plan: Arrangement) -> Arrangement:
    return Arrangement.objects.select_related("request", "request__area").get(pk=plan.pk)


def suggested(plan: Arrangement, by: Any) -> dict[str, Any]:
    return actions.suggest(arrangement=refreshed(plan), by=by)


def accepted(plan: Arrangement, by: Any) -> None:
    """The best of what was suggested, taken over by whoever saw it."""
    held = refreshed(plan)
    made = held.suggestion["made"]
    actions.accept(arrangement=held, version=held.version, made=made, number=0, reason="Dit past.", by=by)
