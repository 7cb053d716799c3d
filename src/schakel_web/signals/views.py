"""Looking at one signal, at what somebody gave, and at what came from outside."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.once import once
from schakel_web.signals import actions, search, tasks
from schakel_web.signals.find import PAGE, page_of, seen, waiting_for
from schakel_web.signals.models import Kind, Signal, State


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
        "routes": tasks.routes(t.theme for t in found.themes.all()),
        "weighings": found.weighings.select_related("by"),
        "request_kind": Kind.REQUEST,
    }
    return render(request, "signals/signal.html", context)


@allowed(Permission.OWN_FEEDBACK)
def mine(request: AllowedRequest) -> HttpResponse:
    """What I gave (or my organisation), and what was said back."""
    rows = Signal.objects.given_by(request.access).exclude(state=State.WITHDRAWN)
    found, after = page_of(rows, request.GET.get("na", ""), "replies")
    context = {"signals": found, "after": after}
    return render(request, "signals/mine.html", context)


@allowed(Permission.SIGNAL_MODERATE)
def waiting(request: AllowedRequest) -> HttpResponse:
    """What came from residents and partners, and nobody looked at yet."""
    found = list(
        waiting_for(request)
        .select_related("area", "organisation")
        .prefetch_related("themes")
        .order_by("pk")[:PAGE]
    )
    seen(request, len(found))
    context = {"signals": found, "choices": tasks.theme_choices()}
    return render(request, "signals/waiting.html", context)


@require_POST
@allowed(Permission.SIGNAL_MODERATE)
def moderate(request: AllowedRequest, pk: int) -> HttpResponse:
    """Let it count, or not."""
    rows = Signal.objects.visible_to(request.access, Permission.SIGNAL_MODERATE)
    found = get_object_or_404(rows, pk=pk)
    known = {key for _domain, choices in tasks.theme_choices() for key, _label in choices}
    themes = [theme for theme in request.POST.getlist("theme") if theme in known]
    accept = request.POST.get("choice") == "accept"

    def work() -> str:
        seen = request.POST.get("seen", "")
        actions.moderate(signal=found, accept=accept, themes=themes, seen=seen, by=request.user)
        messages.success(request, _("Bewaard."))
        return reverse("signal-waiting")

    try:
        return once(request, work)
    except actions.ChangedMeanwhileError:
        messages.warning(request, _("De afzender heeft de tekst net veranderd. Lees de tekst eerst opnieuw."))
    except ValueError:
        messages.warning(request, _("Iemand anders heeft hier net al naar gekeken. Er is niets veranderd."))
    return redirect("signal-waiting")
