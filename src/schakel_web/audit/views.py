"""The viewer of the log: filters, whether the chain is intact, and nothing that is content."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.models import Event, Outcome

PAGE = 50


def events(request: HttpRequest) -> HttpResponse:
    """Newest first; older ones by the number of the last row that was shown."""
    if not vars(request)["access"].may(Permission.AUDIT_READ):  # set by the middleware of `network`
        raise PermissionDenied
    asked = request.GET
    rows = Event.objects.order_by("-pk")
    for name in ("action", "record", "outcome", "number"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if (asked.get("actor") or "").isdigit():
        rows = rows.filter(actor=int(asked["actor"]))
    day = parse_date(asked["until"]) if asked.get("until") else None
    if isinstance(day, date):
        rows = rows.filter(at__date__lt=day + timedelta(days=1))
    if (asked.get("before") or "").isdigit():
        rows = rows.filter(pk__lt=int(asked["before"]))
    found = list(rows[: PAGE + 1])
    names = dict(User.objects.filter(pk__in={e.actor for e in found if e.actor}).values_list("pk", "name"))
    context: dict[str, Any] = {
        "events": found[:PAGE],
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
        "names": names,
        "outcomes": Outcome.choices,
        "asked": asked,
    }
    return render(request, "audit/events.html", context)
