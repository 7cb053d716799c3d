"""Finding signals and looking at one; looking at what came from outside."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Area
from schakel_web.signals import actions, search, tasks
from schakel_web.signals.forms import ListForm
from schakel_web.signals.models import Kind, Signal, SignalQuerySet, State

PAGE = 25
_COUNTED = 1000  # beyond this it is said that there are more


def page_of(rows: SignalQuerySet, after: str) -> tuple[list[Signal], str]:
    """One page, and the place where the next one begins: a date and a number, so that no page is skipped or slow."""
    day_text, _sep, number = after.partition("_")
    day = parse_date(day_text) if day_text else None
    if isinstance(day, date) and number.isdigit():
        rows = rows.filter(date__lte=day).exclude(date=day, pk__gte=int(number))
    found = list(rows.select_related("area").prefetch_related("themes").order_by("-date", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.date.isoformat()}_{last.pk}" if last else ""


def counted(rows: SignalQuerySet) -> tuple[int, bool]:
    """How many there are, up to a thousand; and whether there are more."""
    number = rows.order_by().values("pk")[: _COUNTED + 1].count()
    return min(number, _COUNTED), number > _COUNTED


@allowed(Permission.SIGNAL_READ)
def signals(request: AllowedRequest) -> HttpResponse:
    """The list, newest first."""
    mine = request.access.areas(Permission.SIGNAL_READ)
    form = ListForm(request.GET or None, areas=Area.objects.filter(pk__in=mine))
    rows = Signal.objects.visible_to(request.access).filter(state=State.ACCEPTED)
    asked: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = _filtered(rows, asked)
    found, after = page_of(rows, request.GET.get("na", ""))
    number, more = counted(rows)
    if asked.get("q"):
        record(
            action="signals.search",
            subject="signals.Signal",
            by=request.user,
            outcome=Outcome.READ,
            found=number,
        )
    context = {
        "form": form, "signals": found, "after": after, "number": number, "more": more,
        "waiting": _waiting(request).count(),
        "labels": _labels(found), "asked": asked,
    }  # fmt: skip
    return render(request, "signals/list.html", context)


def _filtered(rows: SignalQuerySet, asked: dict[str, Any]) -> SignalQuerySet:
    if asked.get("area"):
        rows = rows.filter(area=asked["area"])
    if asked.get("theme"):
        rows = rows.filter(themes__theme=asked["theme"])
    if asked.get("source"):
        rows = rows.filter(source=asked["source"])
    if asked.get("since"):
        rows = rows.filter(date__gte=asked["since"])
    if asked.get("q"):
        rows = search.matching(rows, asked["q"])
    return rows


def _labels(found: list[Signal]) -> dict[str, str]:
    return {t.theme: tasks.label(t.theme) for signal in found for t in signal.themes.all()}


@allowed(Permission.SIGNAL_READ)
def signal(request: AllowedRequest, pk: int) -> HttpResponse:
    """One signal, what is like it nearby, and what was said back."""
    visible = Signal.objects.visible_to(request.access)
    found = get_object_or_404(visible.select_related("area", "clarification"), pk=pk)
    record(action="signals.read", subject=found, by=request.user, outcome=Outcome.READ)
    alike = search.similar(found, visible.filter(state=State.ACCEPTED))
    context = {
        "signal": found,
        "alike": alike,
        "labels": _labels([found, *alike]),
        "routes": tasks.routes(t.theme for t in found.themes.all()),
        "weighings": found.weighings.select_related("by"),
        "request_kind": Kind.REQUEST,
    }
    return render(request, "signals/signal.html", context)


@allowed(Permission.OWN_FEEDBACK)
def mine(request: AllowedRequest) -> HttpResponse:
    """What I gave (or my organisation), and what was said back."""
    rows = Signal.objects.given_by(request.access).exclude(state=State.WITHDRAWN)
    found, after = page_of(rows.prefetch_related("replies"), request.GET.get("na", ""))
    context = {"signals": found, "after": after, "labels": _labels(found)}
    return render(request, "signals/mine.html", context)


def _waiting(request: AllowedRequest) -> SignalQuerySet:
    return Signal.objects.visible_to(request.access, Permission.SIGNAL_MODERATE).filter(state=State.WAITING)


@allowed(Permission.SIGNAL_MODERATE)
def waiting(request: AllowedRequest) -> HttpResponse:
    """What came from residents and partners, and nobody looked at yet."""
    found = list(
        _waiting(request)
        .select_related("area", "organisation")
        .prefetch_related("themes")
        .order_by("pk")[:PAGE]
    )
    context = {"signals": found, "labels": _labels(found), "choices": tasks.theme_choices()}
    return render(request, "signals/waiting.html", context)


@require_POST
@allowed(Permission.SIGNAL_MODERATE)
def moderate(request: AllowedRequest, pk: int) -> HttpResponse:
    """Let it count, or not."""
    rows = Signal.objects.visible_to(request.access, Permission.SIGNAL_MODERATE)
    found = get_object_or_404(rows, pk=pk)
    known = {key for _domain, choices in tasks.theme_choices() for key, _label in choices}
    themes = [theme for theme in request.POST.getlist("theme") if theme in known]
    try:
        actions.moderate(
            signal=found, accept=request.POST.get("choice") == "accept", themes=themes, by=request.user
        )
        messages.success(request, _("Bewaard."))
    except ValueError:
        messages.warning(request, _("Iemand anders heeft hier net al naar gekeken. Er is niets veranderd."))
    return redirect("signal-waiting")
