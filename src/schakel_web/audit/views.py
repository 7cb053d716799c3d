"""The viewer of the log: filters, whether the chain is intact, and nothing that is content."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit import review, words
from schakel_web.audit.chain import record
from schakel_web.audit.export import lines
from schakel_web.audit.models import Event, EventQuerySet, Outcome

PAGE = 50


def guard(request: HttpRequest) -> User:
    """Who may look in the log; refused for anybody else."""
    if not vars(request)["access"].may(Permission.AUDIT_READ):  # set by the middleware of `network`
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:  # the 31st of February
        return None


def _number(text: str | None) -> int | None:
    given = text or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def _filtered(asked: QueryDict) -> EventQuerySet:
    """Newest first; what cannot be a filter is none."""
    rows = Event.objects.order_by("-pk")
    for name in ("action", "record", "outcome", "number"):
        if asked.get(name):
            rows = rows.filter(**{name: str(asked[name]).replace("\0", "")})
    if actor := _number(asked.get("actor")):
        rows = rows.filter(actor=actor)
    if since := _day(asked.get("since")):
        rows = rows.filter(at__date__gte=since)
    if until := _day(asked.get("until")):
        rows = rows.filter(at__date__lte=until)
    if (before := _number(asked.get("before"))) is not None:
        rows = rows.filter(pk__lt=before)
    return rows


def events(request: HttpRequest) -> HttpResponse:
    """Newest first; older ones by the number of the last row that was shown. Looking is a line as well."""
    user = guard(request)
    found = list(_filtered(request.GET)[: PAGE + 1])
    names = dict(User.objects.order_by("name", "pk").values_list("pk", "name"))
    twice = {name for name, number in Counter(names.values()).items() if number > 1}
    names = {pk: f"{name} ({pk})" if name in twice else name for pk, name in names.items()}
    record(action="audit.read", subject="audit.Event", by=user, outcome=Outcome.READ)
    actions, action = words.actions(), request.GET.get("action", "")
    known = {code for _room, choices in actions for code, _said in choices}
    context: dict[str, Any] = {
        "events": [(e, words.action(e.action), words.kind(e.record)) for e in found[:PAGE]],
        "roles": {e.role: review.acting(e.role) for e in found if e.role},
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
        "names": names,
        "actor": _number(request.GET.get("actor")),
        "outcomes": Outcome.choices,
        "actions": actions,
        "unknown": action and action not in known,
        "action": words.action(action),
        "kinds": words.kinds(),
        "kind": words.kind(request.GET.get("record", "")),
        "asked": request.GET,
    }
    return render(request, "audit/events.html", context)


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a file, in the shape of the national standard (see `export`)."""
    user = guard(request)
    rows = _filtered(request.GET)
    record(
        action="audit.export", subject="audit.Event", by=user, outcome=Outcome.EXPORTED, number=rows.count()
    )
    response = StreamingHttpResponse(
        lines(rows.iterator(chunk_size=2000)), content_type="application/x-ndjson"
    )
    response["Content-Disposition"] = 'attachment; filename="logboek.ndjson"'
    return response
