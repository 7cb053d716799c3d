"""The map to take along: HSDS, CSV, Excel, and a calendar feed that anybody may follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.socialmap import search
from schakel_web.socialmap.forms import FindForm
from schakel_web.socialmap.models import Provision, ProvisionQuerySet
from schakel_web.socialmap.tasks import exchange

_MOST_EVENTS = 500  # of the nearest; a phone follows no more
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, tuple[str, Callable[[Iterable[Provision]], bytes]]] = {
    "json": ("application/json", exchange.hsds),
    "csv": ("text/csv; charset=utf-8", exchange.table),
    "xlsx": (_XLSX, exchange.workbook),
}


def _whole(rows: ProvisionQuerySet) -> ProvisionQuerySet:
    return rows.select_related("area").prefetch_related("sessions")


@allowed(Permission.MAP_READ)
def export(request: AllowedRequest, kind: str) -> HttpResponse:
    """The same selection as on the page of the map, what is gone included when nothing is asked."""
    if kind not in KINDS:
        raise Http404
    content_type, write = KINDS[kind]
    form = FindForm(request.GET or None)
    found = search.filtered(Provision.objects.readable_by(request.access), form.asked(), every=True)
    content = write(_whole(found.in_order()))
    record(
        action="socialmap.export",
        subject="socialmap.Provision",
        by=request.user,
        outcome=Outcome.EXPORTED,
        kind=kind,
    )
    name = f"sociale-kaart-{timezone.localdate()}.{kind}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@login_not_required
def feed(request: HttpRequest) -> HttpResponse:
    """What there is to do, for a phone to follow; the same choices as on the page for residents."""
    form = FindForm(request.GET or None)
    found = search.filtered(Provision.objects.there().filter(decision=False), form.asked())
    rows = found.in_order().filter(sessions__isnull=False).distinct()
    return HttpResponse(
        exchange.calendar(_whole(rows)[:_MOST_EVENTS]), content_type="text/calendar; charset=utf-8"
    )
