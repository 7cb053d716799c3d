"""Finding something on the map, and looking at it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Membership
from schakel_web.network.once import once
from schakel_web.network.versions import ConflictError
from schakel_web.signals.tasks import label, routes, suggest
from schakel_web.socialmap import actions, charts, search, tasks
from schakel_web.socialmap import forms as f
from schakel_web.socialmap.models import Doubt, How, MapEvent, PathTask, Provision, ProvisionQuerySet
from schakel_web.socialmap.models.choices import LANGUAGES, Barrier, Capital, Goal, LifePhase, Payer
from schakel_web.socialmap.tasks.words import words

VIEWS = ("lijst", "kaart", "kwadrant")


def shown(request: HttpRequest, rows: ProvisionQuerySet, form: f.FindForm) -> dict[str, Any]:
    """One selection as list, map or quadrant chart: what a template needs."""
    asked = form.asked()
    query = asked.get("q") or ""
    meant = words.meant(query) if query else None
    selection = search.filtered(rows, asked | {"meant": meant})
    view = request.GET.get("als", "")
    view = view if view in VIEWS else VIEWS[0]
    page = selection.page(request.GET.get("na", ""))
    context: dict[str, Any] = {
        "form": form, "view": view, "number": page.number, "more": page.more, "provisions": page.provisions,
        "after": page.after, "labels": {theme: label(theme) for p in page.provisions for theme in p.themes},
        "corrected": meant.corrected if meant else (), "routes": routes(s.theme for s in suggest(query)),
    }  # fmt: skip
    if view == "kaart":
        context["atlas"] = charts.atlas(selection.every())
    elif view == "kwadrant":
        context["chart"] = charts.quadrant(selection.every())
    return context


@allowed(Permission.MAP_READ)
def find(request: AllowedRequest) -> HttpResponse:
    """The map: list, map and chart of the same selection."""
    form = f.FindForm(request.GET or None)
    rows = Provision.objects.readable_by(request.access).there()
    context = shown(request, rows, form)
    mine = Provision.objects.kept_by(request.access)
    context |= {
        "stale": mine.stale().count(),
        "doubts": Doubt.objects.visible_to(request.access).open().count(),
        "imports": request.access.may(Permission.MAP_IMPORT),
    }
    return render(request, "socialmap/map.html", context)


def _kept(request: AllowedRequest, pk: int) -> Provision:
    rows = Provision.objects.kept_by(request.access)
    return get_object_or_404(rows.select_related("area", "organisation", "keeper"), pk=pk)


def _people(request: AllowedRequest) -> Any:
    """Whoever belongs today to a team or an organisation for which this person keeps the map."""
    teams = request.access.teams(Permission.MAP_EDIT)
    organisations = request.access.organisations(Permission.MAP_EDIT)
    theirs = Membership.objects.today().filter(Q(team__in=teams) | Q(organisation__in=organisations))
    return theirs.people()


def _forms(
    provision: Provision, request: AllowedRequest, data: Any = None, which: str = ""
) -> dict[str, Any]:
    version = {"version": provision.version}

    def given(name: str) -> Any:
        return data if which == name else None

    here = version | {
        "approach": round(provision.approach, 2), "formality": round(provision.formality, 2),
        "spread": round(provision.spread, 2),
    }  # fmt: skip
    known = version | {
        "barriers": provision.barriers, "agreements": "\n".join(provision.agreements),
    }  # fmt: skip
    return {
        "place": f.PlaceForm(given("place"), initial=here, prefix="place"),
        "state": f.StateForm(given("state"), initial=version | {"to": provision.state}, prefix="state"),
        "inclusion": f.InclusionForm(given("inclusion"), initial=known, prefix="inclusion"),
        "task": f.TaskForm(given("task"), people=_people(request), prefix="task"),
    }


_ACTIONS: dict[str, Any] = {
    "place": actions.place,
    "state": actions.change_state,
    "inclusion": actions.check_inclusion,
    "task": actions.plan_task,
}


@allowed(Permission.MAP_READ)
def provision(request: AllowedRequest, pk: int) -> HttpResponse:
    """One provision: everything about it, whether it is still true, and what can be done."""
    rows = Provision.objects.readable_by(request.access).select_related("area", "organisation", "keeper")
    found = get_object_or_404(rows.prefetch_related("sessions"), pk=pk)
    keeps = Provision.objects.kept_by(request.access).filter(pk=pk).exists()
    which = request.POST.get("do", "")
    if request.method == "POST" and which in _ACTIONS:
        _kept(request, pk)
        every = _forms(found, request, request.POST, which)
        if every[which].is_valid():

            def work() -> str:
                _ACTIONS[which](provision=found, **every[which].cleaned_data, by=request.user)
                messages.success(request, _("Bewaard."))
                return reverse("provision", args=[pk])

            return once(request, work, late=reverse("provision", args=[pk]))
    else:
        every = _forms(found, request) if keeps else {}
    context = described(found) | {
        "forms": every, "which": which, "keeps": keeps, "frame": charts.FRAME,
        "positions": found.positions.select_related("by"),
        "confirmations": found.confirmations.select_related("by")[:5],
        "events": found.events.select_related("by"),
        "doubts": found.doubts.filter(settled=None).select_related("register") if keeps else [],
        "tasks": found.tasks.select_related("who") if keeps else [],
    }  # fmt: skip
    status = 422 if which in _ACTIONS and request.method == "POST" else 200
    return render(request, "socialmap/provision.html", context, status=status)


def described(found: Provision) -> dict[str, Any]:
    """What every page about one provision shows, also that for residents."""
    names = {
        choice.value: choice.label for kind in (Payer, Goal, Capital, Barrier, LifePhase) for choice in kind
    }
    names |= dict(LANGUAGES)
    return {
        "provision": found,
        "labels": {theme: label(theme) for theme in found.themes},
        "names": names,
        "dates": tasks.next_dates(found),
        "hint": tasks.legal_hint(found),
    }


@allowed(Permission.MAP_EDIT)
@require_POST
def confirm(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """It is still true."""
    found = _kept(request, pk)

    def work() -> str:
        actions.confirm(provision=found, how=How.SCREEN, by=request.user)
        messages.success(request, _("Bedankt. Dit staat weer als bevestigd op de kaart."))
        listed = request.POST.get("terug") == "bijhouden"
        return reverse("map-upkeep") if listed else reverse("provision", args=[pk])

    return once(request, work)


@allowed(Permission.MAP_READ)
def doubt(request: AllowedRequest, pk: int) -> HttpResponse:
    """Something is not right; whoever may read the map may say so."""
    found = get_object_or_404(Provision.objects.readable_by(request.access), pk=pk)
    form = f.DoubtForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def work() -> str:
            actions.doubt(provision=found, **form.cleaned_data, by=request.user)
            messages.success(request, _("Bedankt. Wie dit bijhoudt, kijkt ernaar."))
            return reverse("provision", args=[pk])

        return once(request, work)
    status = 422 if form.is_bound else 200
    return render(request, "socialmap/doubt.html", {"form": form, "provision": found}, status=status)


@allowed(Permission.MAP_EDIT)
@require_POST
def settle(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """Say what came of a doubt."""
    found = get_object_or_404(Doubt.objects.visible_to(request.access).select_related("provision"), pk=pk)
    form = f.SettleForm(request.POST)
    if form.is_valid():

        def work() -> str:
            actions.settle(doubted=found, how=form.cleaned_data["how"], by=request.user)
            messages.success(request, _("Bewaard."))
            return reverse("map-upkeep")

        try:
            return once(request, work)
        except ConflictError:
            messages.warning(request, _("Iemand anders heeft hier al naar gekeken."))
    return redirect("map-upkeep")


@allowed(Permission.MAP_EDIT)
@require_POST
def finish(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """A task of a pathfinder was done."""
    task = get_object_or_404(PathTask.objects.visible_to(request.access), pk=pk)
    form = f.FinishForm(request.POST)
    if form.is_valid():
        try:
            actions.finish_task(task=task, result=form.cleaned_data["result"], by=request.user)
            messages.success(request, _("Bewaard."))
        except ConflictError:
            messages.info(request, _("Deze taak was al afgerond."))
    else:
        messages.error(request, " ".join(map(str, form.errors["result"])))
    return redirect("provision", pk=task.provision_id)


@allowed(Permission.MAP_EDIT)
@require_POST
def answer_loss(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """What is done about something that was lost."""
    event = get_object_or_404(
        MapEvent.objects.filter(provision__in=Provision.objects.kept_by(request.access).values("pk")), pk=pk
    )
    form = f.AnswerForm(request.POST)
    if form.is_valid():
        actions.answer_loss(event=event, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Bewaard."))
    else:
        messages.error(request, " ".join(map(str, form.errors["answer"])))
    return redirect("map-upkeep")
