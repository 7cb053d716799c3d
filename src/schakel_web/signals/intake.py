"""Giving a signal or a help request: thirty seconds, also on a doorstep and without a network."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Area
from schakel_web.network.once import once
from schakel_web.network.presets import preset_of
from schakel_web.network.versions import conflict
from schakel_web.signals import actions, tasks
from schakel_web.signals.forms import ClarificationForm, RequestForm, SignalForm, WeighingForm
from schakel_web.signals.models import Kind, Signal, SignalTheme, Source

LONGEST = 2000  # characters of a text that are looked at


def areas_to_choose(request: AllowedRequest) -> Any:
    """Neighbourhoods of the own team first to mind; for a partner those where the organisation works, or all."""
    theirs = request.access.areas(Permission.SIGNAL_GIVE)
    if theirs:
        return Area.objects.filter(pk__in=theirs)
    organisations = request.access.organisations(Permission.SIGNAL_GIVE)
    some = Area.objects.neighbourhoods().filter(organisations__in=organisations).distinct()
    return some if some.exists() else Area.objects.neighbourhoods()


def _initial(request: AllowedRequest) -> dict[str, Any]:
    last = (
        request.user.signals.order_by("-date", "-pk").values_list("area", "source").first()
        if request.user.pk
        else None
    )
    usual = last[1] if last else (Source.CASE_CONTACT if request.access.team else Source.PARTNER)
    asked = request.GET.get("bron", "")
    return {"area": last[0] if last else None, "source": asked if asked in Source.values else usual}


@allowed(Permission.SIGNAL_GIVE)
def new_signal(request: AllowedRequest) -> HttpResponse:
    """One screen."""
    return _give(request, SignalForm, Kind.SIGNAL)


@allowed(Permission.SIGNAL_CLARIFY)
def new_request(request: AllowedRequest) -> HttpResponse:
    """The same for a question of a resident; clarification comes next."""
    return _give(request, RequestForm, Kind.REQUEST)


def _give(request: AllowedRequest, kind: Any, what: Kind) -> HttpResponse:
    areas = areas_to_choose(request)
    form = kind(
        request.POST or None, areas=areas, partner=request.access.team is None, initial=_initial(request)
    )
    queued = request.headers.get("X-Schakel-Queue", "")  # now, or later: then its page says the code
    if request.method == "POST" and form.is_valid():
        team = request.access.team
        partners = request.access.organisations(Permission.OWN_FEEDBACK) if team is None else frozenset()
        signal, code = actions.give(
            **form.given(),
            kind=what,
            by=request.user,
            team=team,
            organisation=None if team else _organisation(request, partners),
            case_reference=form.cleaned_data.get("case_reference", ""),
            wait=team is None,
        )
        if queued != "later":
            request.session["receipt"] = {"code": code, "signal": signal.pk}
        if queued:
            return JsonResponse({"ok": True, "code": code}, status=201)
        return redirect("signal-thanks")
    if queued and request.method == "POST":
        return JsonResponse({"ok": False, "errors": form.errors.get_json_data()}, status=422)
    reading = tasks.read(request.POST.get("text", "")[:LONGEST]) if form.is_bound else None
    chosen = request.POST.getlist("themes")
    context = {"form": form, "what": what, "reading": reading, "chosen": chosen}
    return render(request, "signals/new.html", context, status=422 if form.is_bound else 200)


def _organisation(request: AllowedRequest, partners: frozenset[int]) -> Any:
    return next((m.organisation for m in request.access.memberships if m.organisation_id in partners), None)


@require_POST
@allowed(Permission.SIGNAL_GIVE)
def reading(request: AllowedRequest) -> HttpResponse:
    """While somebody types: what should not be in the text, and what it may be about."""
    return read_aloud(request)


def read_aloud(request: HttpRequest) -> HttpResponse:
    """The part of the page below the text."""
    found = tasks.read(request.POST.get("text", "")[:LONGEST])
    context = {"reading": found, "chosen": request.POST.getlist("themes")}
    return render(request, "signals/reading.html", context)


@allowed(Permission.SIGNAL_GIVE)
def thanks(request: AllowedRequest) -> HttpResponse:
    """The receipt: a code and a link; and for a sensitive theme what to do now (R5)."""
    held = request.session.pop("receipt", None)
    if held is None:
        return redirect("signal-new")
    signal = get_object_or_404(Signal, pk=held["signal"])
    reads = signal.area_id in request.access.areas(Permission.SIGNAL_READ)
    context = receipt_context(signal, held["code"]) | {"near": _near(signal) if reads else 0}
    return render(request, "signals/thanks.html", context)


def _near(signal: Signal) -> int:
    """How many others there are about the same here: for who may read them, and nobody else (R7)."""
    themes = signal.themes.values("theme")
    alike = SignalTheme.objects.filter(theme__in=themes, area=signal.area).values("signal")
    return Signal.objects.filter(pk__in=alike, area=signal.area).counting().exclude(pk=signal.pk).count()


def receipt_context(signal: Signal, code: str) -> dict[str, Any]:
    """What the page with the receipt shows."""
    themes = [t.theme for t in signal.themes.all()]
    return {
        "signal": signal,
        "code": code,
        "address": reverse("receipt", args=[code]),
        "routes": tasks.routes([*themes, *(s.theme for s in tasks.suggest(signal.text))]),
        "near": 0,
    }


@allowed(Permission.SIGNAL_CLARIFY)
def clarify(request: AllowedRequest, pk: int) -> HttpResponse:
    """The question behind the question (S075)."""
    signal = get_object_or_404(
        Signal.objects.visible_to(request.access, Permission.SIGNAL_CLARIFY), pk=pk, kind=Kind.REQUEST
    )
    form = ClarificationForm(request.POST or None, instance=getattr(signal, "clarification", None))
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            form.keep(signal=signal, by=request.user)
            return reverse("signal-weigh", args=[pk])

        with suppress(actions.ChangedMeanwhileError):  # then the form says so
            return once(request, work)
    return render(request, "signals/clarify.html", {"form": form, "signal": signal})


@allowed(Permission.SIGNAL_CLARIFY)
def weigh(request: AllowedRequest, pk: int) -> HttpResponse:
    """Collective, combination, individual or specialist (S033)."""
    signal = get_object_or_404(
        Signal.objects.visible_to(request.access, Permission.SIGNAL_CLARIFY), pk=pk, kind=Kind.REQUEST
    )
    preset = preset_of(request.access.team)
    form = WeighingForm(
        request.POST or None, steps=preset.steps, initial={"seen": actions.last_weighing(signal)}
    )
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            actions.weigh(signal=signal, **form.cleaned_data, by=request.user)
            messages.success(request, _("Uw afweging is bewaard. U kunt later altijd anders kiezen."))
            return reverse("signal", args=[pk])

        try:
            return once(request, work)
        except actions.ChangedMeanwhileError:
            form.add_error(None, conflict())
    return render(request, "signals/weigh.html", {"form": form, "signal": signal, "preset": preset})
