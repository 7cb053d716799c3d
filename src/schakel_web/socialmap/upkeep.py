"""Keeping the map true in an hour a quarter: what is stale, what is doubted, what was lost, in the order to do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access, AllowedRequest, allowed
from schakel_web.network.models import Team
from schakel_web.network.once import once
from schakel_web.signals.tasks import label
from schakel_web.socialmap import confirming
from schakel_web.socialmap.forms import TogetherForm
from schakel_web.socialmap.models import (
    Change,
    Doubt,
    MapEvent,
    PathTask,
    Provision,
    ProvisionQuerySet,
)
from schakel_web.socialmap.models.choices import LegalType, Provenance

PAGE = 25
MINUTES = 2  # to confirm one, by telephone or from memory; said on the page
_LONG = 120  # minutes, beyond which hours are said
_QUARTER = timedelta(days=91)
_MONTH = timedelta(days=31)
_ALERTS = 5
_DOUBTS = 50  # at a time
_UNPLACED = 10  # at a time
_INFORMAL = [LegalType.OUTSIDE, LegalType.INITIATIVE, LegalType.INFORMAL]


def ordered(rows: ProvisionQuerySet) -> ProvisionQuerySet:
    """Doubted first, then informal groups that may have ended unheard (S129), then what is stale for longest."""
    open_doubts = Doubt.objects.open().filter(provision=OuterRef("pk"))
    informal = Case(When(legal_type__in=_INFORMAL, then=1), default=0)
    return rows.annotate(doubted=Exists(open_doubts), may_have_ended=informal).order_by(
        "-doubted", "-may_have_ended", "due", "pk"
    )


@allowed(Permission.MAP_EDIT)
def worklist(request: AllowedRequest) -> HttpResponseBase:
    """How much is stale, and the work in order; several can be confirmed at once by who says who checked them."""
    mine = Provision.objects.kept_by(request.access)
    there = mine.exclude(state="closed")
    stale, today = there.stale(), timezone.localdate()
    late = Q(due__lte=today)
    numbers = there.aggregate(
        total=Count("pk"),
        stale=Count("pk", filter=late),
        informal=Count("pk", filter=late & Q(legal_type__in=_INFORMAL)),
        soon=Count("pk", filter=~late & Q(due__lte=today + _QUARTER)),
    )
    total, number = numbers["total"], numbers["stale"]
    minutes = number * MINUTES
    losses = losses_of(mine)
    doubts = Doubt.objects.visible_to(request.access).open().select_related("provision", "provision__area")
    elsewhere = doubts.of_files().values("provision")  # stands higher on the page
    waiting = stale.exclude(pk__in=elsewhere)
    of = request.GET.get("van", "").replace("\0", "")
    if of:
        waiting = waiting.filter(run_by=of)
    form = TogetherForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return once(
            request, lambda: _together(request, waiting.exclude(pk__in=doubts.values("provision")), form)
        )
    page = confirming.MOST if of else PAGE
    rows = ordered(waiting.select_related("area", "keeper"))[:page]
    context: dict[str, Any] = numbers | {
        "share": round(100 * (total - number) / total) if total else 100,
        "minutes": minutes, "hours": round(minutes / 60) if minutes > _LONG else 0, "rows": rows, "page": page,
        "form": form, "of": of, "waiting": waiting.count() if of else number,
        "doubts": doubts.of_people()[:_DOUBTS], "missing": doubts.of_files().select_related("register")[:PAGE],
        "shown": PAGE,
        "missing_number": doubts.of_files().count(), "losses": losses,
        "unplaced": there.filter(provenance=Provenance.UNKNOWN).select_related("area")[:_UNPLACED],
        "labels": {theme: label(theme) for event in losses for theme in event.last_of},
        "tasks": PathTask.objects.visible_to(request.access).filter(done=None).select_related("provision", "who")[:50],
    }  # fmt: skip
    return render(request, "socialmap/upkeep.html", context, status=422 if form.is_bound else 200)


def _together(request: AllowedRequest, rows: ProvisionQuerySet, form: TogetherForm) -> str:
    """What of the chosen still waits, and nobody doubts, is confirmed; whoever was quicker with one, did it."""
    numbers = list(rows.filter(pk__in=sorted(form.chosen)[: confirming.MOST]).values_list("pk", flat=True))
    done = confirming.together(provisions=numbers, said_by=form.cleaned_data["said_by"], by=request.user)
    said = ngettext(
        "%(n)s aanbod staat weer als bevestigd op de kaart.",
        "%(n)s keer aanbod staat weer als bevestigd op de kaart.",
        done,
    )
    messages.success(request, said % {"n": done})
    return f"{request.get_full_path()}#inhoud"  # else a browser stays where the form was, below the message


def losses_of(mine: ProvisionQuerySet) -> list[MapEvent]:
    """What was lost in the past quarter and nobody answered: first where it was the last of something (S083)."""
    rows = MapEvent.objects.filter(
        provision__in=mine.values("pk"),
        what=Change.LOST,
        answer="",
        date__gte=timezone.localdate() - _QUARTER,
    ).select_related("provision", "area")
    return sorted(rows[:100], key=lambda event: (not event.last_of, -event.pk))


def alerts(access: Access, team: Team) -> dict[str, Any]:
    """What somebody hears without opening the map: what came and went near the team (S083), and own tasks (S099)."""
    since = timezone.localdate() - _MONTH
    events = MapEvent.objects.visible_to(access).filter(date__gte=since, area__in=team.areas.values("pk"))
    tasks = PathTask.objects.filter(who=access.user, done=None)
    found = list(events.select_related("provision", "area")[:_ALERTS])
    return {
        "changes": found,
        "last_labels": {theme: label(theme) for event in found for theme in event.last_of},
        "path_tasks": tasks.select_related("provision")[:_ALERTS],
    }


@allowed(Permission.MAP_READ)
def history(request: AllowedRequest) -> HttpResponseBase:
    """Places and groups gained and lost, per year (S083)."""
    rows = MapEvent.objects.visible_to(request.access)
    counts = (
        rows.order_by()
        .values_list("date__year", "kind", "what")
        .annotate(n=Count("pk"))
        .order_by("-date__year", "kind", "what")
    )
    table: dict[int, dict[str, int]] = {}
    for year, kind, what, n in counts:
        table.setdefault(year, {})[f"{kind}_{what}"] = n
    events = rows.select_related("provision", "area")[:100]
    context = {"table": table, "events": events, "labels": {t: label(t) for e in events for t in e.last_of}}
    return render(request, "socialmap/history.html", context)
