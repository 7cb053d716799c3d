"""Finding signals: one set of filters and one scope for the list, the map with its table, and the file (R17)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import whole
from schakel_web.network.maps import shaded
from schakel_web.network.models import Area
from schakel_web.signals import search
from schakel_web.signals.forms import ListForm
from schakel_web.signals.models import Signal, SignalQuerySet, State

PAGE = 25
_COUNTED = 1000  # beyond this it is said that there are more
_MAP = timedelta(days=91)  # what the map shows when no period was asked
_CHUNK = 2000
#: A cell that begins so is read as a formula by a spreadsheet; with an apostrophe before it, it is text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = ("date", "area", "theme", "people", "source", "life_phase", "kind", "text")


def page_of(rows: SignalQuerySet, after: str, *also: str) -> tuple[list[Signal], str]:
    """One page, and the place where the next one begins: a date and a number, so that no page is skipped or slow.

    Only the rows of the page are read whole; which those are says an index. `also` is what else belongs to them.
    """
    day_text, _sep, number = after.partition("_")
    day, last_seen = _day(day_text), whole(number)
    if day is not None and last_seen is not None:
        rows = rows.filter(date__lte=day).exclude(date=day, pk__gte=last_seen)
    numbers = list(rows.order_by("-date", "-pk").values_list("pk", flat=True)[: PAGE + 1])
    named = Signal.objects.select_related("area").prefetch_related("themes", *also)
    found = list(named.filter(pk__in=numbers).order_by("-date", "-pk"))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.date.isoformat()}_{last.pk}" if last else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # written as a date, and none that exists
        return None


def counted(rows: SignalQuerySet) -> tuple[int, bool]:
    """How many there are, up to a thousand; and whether there are more."""
    number = rows.order_by().values("pk")[: _COUNTED + 1].count()
    return min(number, _COUNTED), number > _COUNTED


def asked_for(request: AllowedRequest) -> tuple[ListForm, SignalQuerySet, dict[str, Any]]:
    """The form with the filters, the signals that they leave of those that this person may see, and what was asked."""
    mine = request.access.areas(Permission.SIGNAL_READ)
    form = ListForm(
        request.GET or None,
        areas=Area.objects.filter(pk__in=mine),
        moderates=request.access.may(Permission.SIGNAL_MODERATE),
    )
    rows = Signal.objects.visible_to(request.access)
    if form.is_bound and not form.is_valid():  # what was asked cannot be: that is nothing, and not everything
        return form, rows.none(), {}
    asked: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    rows = rows.filter(state=asked.get("state") or State.ACCEPTED)
    for name, lookup in _FILTERS.items():
        if asked.get(name):
            rows = rows.filter(**{lookup: asked[name]})
    within = {asked["area"].pk} & mine if asked.get("area") else mine
    if asked.get("theme"):
        rows = rows.filter(themes__theme=asked["theme"], themes__area__in=within)
    if asked.get("q"):
        rows = search.matching(rows, asked["q"], areas=within)
    return form, rows, asked


_FILTERS = {
    "area": "area", "source": "source", "life_phase": "life_phase", "kind": "kind",
    "since": "date__gte", "until": "date__lte",
}  # fmt: skip


@allowed(Permission.SIGNAL_READ)
def signals(request: AllowedRequest) -> HttpResponse:
    """The list, newest first."""
    form, rows, asked = asked_for(request)
    found, after = page_of(rows, request.GET.get("na", ""))
    number, more = counted(rows)
    seen(request, number)
    context = {
        "form": form, "signals": found, "after": after, "number": number, "more": more,
        "waiting": waiting_for(request).count(),
        "asked": asked,
    }  # fmt: skip
    return render(request, "signals/list.html", context)


def seen(request: AllowedRequest, number: int) -> None:
    """That somebody looked at a list of signals, and of how many: never of which, nor what was asked (R16)."""
    record(
        action="signals.search", subject="signals.Signal", by=request.user, outcome=Outcome.READ, found=number
    )


def waiting_for(request: AllowedRequest) -> SignalQuerySet:
    """What came from outside and waits for a look of this person."""
    return Signal.objects.visible_to(request.access, Permission.SIGNAL_MODERATE).filter(state=State.WAITING)


@allowed(Permission.SIGNAL_READ)
def on_map(request: AllowedRequest) -> HttpResponse:
    """How many signals in each neighbourhood of the own teams: a map, and the same in a table."""
    form, rows, asked = asked_for(request)
    since = None
    if not asked.get("since") and not asked.get("until"):
        since = timezone.localdate() - _MAP
        rows = rows.filter(date__gte=since)
    summed = rows.order_by().values_list("area").annotate(n=Count("pk"), last=Max("date"))
    numbers = {area: (number, last) for area, number, last in summed}
    areas = list(Area.objects.with_borders().filter(pk__in=request.access.areas(Permission.SIGNAL_READ)))
    table = sorted(
        ((area, *numbers.get(area.pk, (0, None))) for area in areas), key=lambda row: (-row[1], row[0].name)
    )
    counts = {area.pk: number for area, number, _last in table}
    context = {"form": form, "map": shaded(areas, counts), "table": table, "since": since, "asked": asked}
    return render(request, "signals/map.html", context)


def safe(cell: object) -> str:
    """A value for a spreadsheet, that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


@allowed(Permission.SIGNAL_READ)
def export(request: AllowedRequest) -> HttpResponseBase:
    """The same signals as a CSV file, with the columns of a file that can be read in; each export is in the log."""
    form, rows, _asked = asked_for(request)
    if form.errors:
        return redirect(f"{reverse('signal-list')}?{request.GET.urlencode()}")  # which says what is wrong
    number = rows.count()
    record(
        action="signals.export",
        subject="signals.Signal",
        by=request.user,
        outcome=Outcome.EXPORTED,
        rows=number,
    )
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    name = _("signalen")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.csv"'
    return response


def _lines(rows: SignalQuerySet) -> Iterator[str]:
    """A byte-order mark, so that a spreadsheet reads é as é; the header; a line for each signal."""
    write = csv.writer(_Echo()).writerow
    yield "\ufeff" + str(write(_COLUMNS))
    written = ("date", "area__code", "people", "source", "life_phase", "kind", "text")
    ordered = rows.select_related("area").only(*written).prefetch_related("themes").order_by("-date", "-pk")
    for signal in ordered.iterator(chunk_size=_CHUNK):
        themes = ";".join(sorted(t.theme for t in signal.themes.all()))
        yield str(
            write(
                safe(cell)
                for cell in (
                    signal.date.isoformat(), signal.area.code, themes, signal.people, signal.source,
                    signal.life_phase, signal.kind, signal.text,
                )
            )
        )  # fmt: skip
