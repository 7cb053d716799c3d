"""Composing together: the professional and the resident look at one screen, and change anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.arrangements import actions, tasks
from schakel_web.arrangements import forms as f
from schakel_web.arrangements.models import Arrangement, Component
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import whole
from schakel_web.network.once import once
from schakel_web.network.versions import ConflictError, conflict
from schakel_web.signals.models import Kind, Signal
from schakel_web.signals.tasks import label, routes
from schakel_web.socialmap import search
from schakel_web.socialmap.models import Provision
from schakel_web.socialmap.tasks.words import words

_WAITING = timedelta(days=183)  # a request that is older no longer waits for an arrangement
_OFFERED = 8  # provisions to choose from at a time


def visible(request: AllowedRequest, pk: int) -> Arrangement:
    """The arrangement, when it is one of the own teams."""
    rows = Arrangement.objects.visible_to(request.access).select_related("request", "request__area", "team")
    return get_object_or_404(rows, pk=pk)


def parts_of(arrangement: Arrangement) -> list[Component]:
    """The parts that are in it, with what is needed to weigh them."""
    rows = arrangement.components.filter(removed=None).select_related("provision", "provision__area")
    return list(rows.prefetch_related("provision__sessions"))


@allowed(Permission.ARRANGEMENT_WORK)
def arrangements(request: AllowedRequest) -> HttpResponse:
    """Those of the own teams, newest first; and requests that have none."""
    rows = Arrangement.objects.visible_to(request.access).select_related("request", "request__area", "team")
    waiting = (
        Signal.objects.visible_to(request.access, Permission.ARRANGEMENT_WORK)
        .filter(kind=Kind.REQUEST, arrangements=None, state="accepted")
        .filter(date__gte=timezone.localdate() - _WAITING)
        .select_related("area")[:20]
    )
    return render(request, "arrangements/list.html", {"arrangements": rows[:50], "waiting": waiting})


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def begin(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """For one help request; the one that is going on goes on."""
    rows = Signal.objects.visible_to(request.access, Permission.ARRANGEMENT_WORK).filter(kind=Kind.REQUEST)
    asked = get_object_or_404(rows.select_related("clarification", "team"), pk=pk)
    team = request.access.team or asked.team
    if team is None:
        messages.error(request, _("Kies eerst een team."))
        return redirect("signal", pk=pk)
    made = actions.begin(request=asked, team=team, by=request.user)
    return redirect("arrangement", pk=made.pk)


def labels_of(arrangement: Arrangement) -> dict[str, str]:
    """Names of the themes."""
    return {each["theme"]: label(each["theme"]) for each in arrangement.needs}


def forms_of(arrangement: Arrangement, data: Any = None, which: str = "") -> dict[str, Any]:
    """What can be filled in on the page."""

    def given(name: str) -> Any:
        return data if which == name else None

    labels = labels_of(arrangement)
    return {
        "frame": f.FrameForm(given("frame"), initial=f.frame_initial(arrangement), prefix="kader"),
        "needs": f.Needs(given("frame"), initial=f.needs_initial(arrangement), prefix="vraag"),
        "part": f.NewPartForm(given("part"), arrangement=arrangement, labels=labels, prefix="deel"),
        "scale": f.ScaleForm(given("scale"), prefix="schaal"),
        "remark": f.RemarkForm(given("remark"), prefix="opmerking"),
        "move": f.MoveForm(
            given("move"), initial={"version": arrangement.version, "to": arrangement.state}, prefix="stand"
        ),
    }


@allowed(Permission.ARRANGEMENT_WORK)
def arrangement(request: AllowedRequest, pk: int) -> HttpResponse:
    """The screen to compose on: wishes, parts, and what follows from them."""
    found = visible(request, pk)
    which = request.POST.get("do", "") if request.method == "POST" else ""
    every = forms_of(found, request.POST, which)
    if which and _valid(every, which):
        return _done(request, found, which, every)
    if not which:
        record(action="arrangements.read", subject=found, by=request.user, outcome=Outcome.READ)
    parts = parts_of(found)
    context = {
        "arrangement": found, "forms": every, "which": which, "parts": parts, "labels": labels_of(found),
        "effects": tasks.judged(found, parts) if found.needs or parts else None,
        "offered": _offered(request, found, parts), "asked": request.GET.get("q", ""),
        "choices": found.choices.select_related("by"), "scalings": found.scalings.select_related("by"),
        "remarks": found.remarks.select_related("by"), "suggestion": _shown(found),
        "routes": routes(t.theme for t in found.request.themes.all()),
        "taken": {p.provision.identifier for p in parts if p.provision},
    }  # fmt: skip
    return render(request, "arrangements/arrangement.html", context, status=422 if which else 200)


def _shown(found: Arrangement) -> dict[str, Any]:
    """The suggestion that is kept, with what is known today about each of its parts."""
    kept = found.suggestion
    named = {part["id"] for each in kept.get("combinations", ()) for part in each["parts"]}
    known = {p.identifier: p for p in Provision.objects.filter(identifier__in=named)} if named else {}
    combinations = [
        {"parts": [part | {"provision": known.get(part["id"])} for part in each["parts"]]}
        for each in kept.get("combinations", ())
    ]
    for each in combinations:
        each["there"] = [p for p in each["parts"] if p["provision"] and p["provision"].there]
    return kept | {"combinations": combinations} if kept else {}


def _valid(every: dict[str, Any], which: str) -> bool:
    if which == "frame":
        return bool(every["frame"].is_valid() and every["needs"].is_valid())
    return which in every and which != "needs" and bool(every[which].is_valid())


def _done(request: AllowedRequest, found: Arrangement, which: str, every: dict[str, Any]) -> HttpResponse:
    try:
        return once(request, lambda: _keep(request, found, which, every))
    except ConflictError:
        messages.warning(request, conflict())
    except IntegrityError:
        messages.error(request, _("Voor deze hulpvraag is er al een ander plan. Rond dat eerst af."))
    except ValueError:
        messages.error(
            request, _("De bewoner is het nog niet eens met dit plan. Dat gaat met de code van de hulpvraag.")
        )
    return redirect("arrangement", pk=found.pk)


def _keep(request: AllowedRequest, found: Arrangement, which: str, every: dict[str, Any]) -> str:
    form, by = every[which], request.user
    if which == "frame":
        actions.set_frame(
            arrangement=found, version=form.cleaned_data["version"], needs=f.needs_in(every["needs"]),
            **form.values(), by=by,
        )  # fmt: skip
    elif which == "part":
        actions.add_part(arrangement=found, version=form.cleaned_data["version"], **form.values(), by=by)
    elif which == "scale":
        actions.scale(arrangement=found, **form.cleaned_data, by=by)
    elif which == "remark":
        actions.remark(arrangement=found, **form.cleaned_data, by=by)
    else:
        actions.move(arrangement=found, **form.cleaned_data, by=by)
    messages.success(request, _("Bewaard."))
    return reverse("arrangement", args=[found.pk])


def _offered(request: AllowedRequest, found: Arrangement, parts: list[Component]) -> list[Provision]:
    """What is near and about one of the themes, or what was asked for in words; what is in it already is left out."""
    asked = request.GET.get("q", "")[:100]
    rows, phase = tasks.offers(found), tasks.phase_of(found.request)
    if asked:  # who asks for something by name, sees it
        near = search.near(Provision.objects.there(), found.request.area, None)
        rows = search.matching(near, words.meant(asked)).in_order()
    elif phase:
        rows = rows.for_phase(phase)
    rows = rows.exclude(pk__in=[p.provision_id for p in parts if p.provision_id])
    numbers = list(rows.values_list("pk", flat=True)[:_OFFERED])
    known = (
        search.near(Provision.objects.filter(pk__in=numbers), found.request.area, None)
        .select_related("area")
        .prefetch_related("sessions")
        .in_bulk()
    )
    return [known[number] for number in numbers if number in known]


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def effects(request: AllowedRequest, pk: int) -> HttpResponse:
    """What would follow from the wishes that are on the screen now; nothing is kept."""
    found = visible(request, pk)
    every = forms_of(found, request.POST, "frame")
    if not _valid(every, "frame"):
        return HttpResponse(status=204)
    values = every["frame"].values()
    found.needs = f.needs_in(every["needs"])
    found.wishes, found.weights = values["wishes"], values["weights"]
    context = {"effects": tasks.judged(found, parts_of(found)), "arrangement": found}
    return render(request, "arrangements/effects.html", context)


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def suggest(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """Let the computer compose."""
    found = visible(request, pk)
    if not found.needs:
        messages.error(request, _("Kies eerst waaraan de bewoner wil werken."))
        return redirect("arrangement", pk=pk)
    try:
        made = actions.suggest(arrangement=found, by=request.user)
    except ConflictError:  # the resident took it back meanwhile
        messages.warning(request, conflict())
        return redirect("arrangement-list")
    if made["clash"]:
        messages.warning(
            request, _("Met deze wensen is er geen combinatie. Hieronder staat welke wensen botsen.")
        )
    return redirect("arrangement", pk=pk)


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def accept(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """Take a suggested combination as the starting point."""
    found = visible(request, pk)
    form = f.AcceptForm(request.POST)
    combinations = found.suggestion.get("combinations", [])
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    elif form.cleaned_data["number"] < len(combinations):

        def work() -> str:
            added, gone = actions.accept(arrangement=found, **form.cleaned_data, by=request.user)
            said = ngettext(
                "%(n)s onderdeel is overgenomen. U kunt alles nog veranderen.",
                "%(n)s onderdelen zijn overgenomen. U kunt alles nog veranderen.",
                added,
            )
            messages.success(request, said % {"n": added})
            if gone:
                messages.warning(request, _("Niet alles is overgenomen: een deel is er niet meer."))
            return reverse("arrangement", args=[pk])

        return once(request, work, late=reverse("arrangement", args=[pk]))
    return redirect("arrangement", pk=pk)


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def reject(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """Leave the suggestion, with a reason (R10)."""
    found = visible(request, pk)
    form = f.ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]

        def work() -> str:
            actions.reject(
                arrangement=found, provision=None, title=_("de suggestie"), reason=reason, by=request.user
            )
            messages.success(request, _("Bewaard."))
            return reverse("arrangement", args=[pk])

        return once(request, work, late=reverse("arrangement-list"))
    messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("arrangement", pk=pk)


@allowed(Permission.ARRANGEMENT_WORK)
@require_POST
def add(request: AllowedRequest, pk: int) -> HttpResponseBase:
    """Put something of the map in it."""
    found = visible(request, pk)
    version = whole(request.POST.get("version"))
    provision = get_object_or_404(Provision.objects.there(), pk=whole(request.POST.get("provision")))

    def work() -> str:
        actions.add_offer(
            arrangement=found,
            version=-1 if version is None else version,
            provision=provision,
            by=request.user,
        )
        return reverse("arrangement", args=[pk])

    try:
        return once(request, work)
    except (ConflictError, IntegrityError):
        messages.warning(request, conflict())
    return redirect("arrangement", pk=pk)


def _part(request: AllowedRequest, pk: int) -> Component:
    rows = Component.objects.filter(
        arrangement__in=Arrangement.objects.visible_to(request.access), removed=None
    )
    return get_object_or_404(
        rows.select_related("arrangement", "arrangement__request__area", "provision"), pk=pk
    )


@allowed(Permission.ARRANGEMENT_WORK)
def part(request: AllowedRequest, pk: int) -> HttpResponse:
    """Change a part, take it out, or keep what it brought."""
    found = _part(request, pk)
    which = request.POST.get("do", "")
    whole = found.arrangement
    followed = {"outcome": found.outcome, "outcome_text": found.outcome_text, "handed": found.handed}
    every: dict[str, Any] = {
        "change": f.ChangePartForm(
            request.POST if which == "change" else None, instance=found, arrangement=whole, labels=labels_of(whole),
            prefix="deel",
        ),
        "remove": f.ReasonForm(
            request.POST if which == "remove" else None, initial={"version": whole.version}, prefix="weg"
        ),
        "follow": f.FollowForm(request.POST if which == "follow" else None, initial=followed, prefix="vervolg"),
    }  # fmt: skip
    if which in every and every[which].is_valid():
        form = every[which]

        def work() -> str:
            if which == "change":
                actions.change_part(
                    component=found, version=form.cleaned_data["version"], **form.values(),
                    reason=form.cleaned_data.get("reason", ""), by=request.user,
                )  # fmt: skip
            elif which == "remove":
                actions.remove_part(component=found, **form.cleaned_data, by=request.user)
            else:
                actions.follow_part(component=found, **form.cleaned_data, by=request.user)
            messages.success(request, _("Bewaard."))
            return reverse("arrangement", args=[whole.pk])

        return once(request, work, late=reverse("arrangement", args=[whole.pk]))
    context = {"part": found, "forms": every, "which": which, "arrangement": whole}
    return render(request, "arrangements/part.html", context, status=422 if which in every else 200)


@allowed(Permission.ARRANGEMENT_WORK)
def printed(request: AllowedRequest, pk: int) -> HttpResponse:
    """On paper, for the resident: plain words in large type."""
    found = visible(request, pk)
    record(action="arrangements.print", subject=found, by=request.user, outcome=Outcome.EXPORTED)
    return render(request, "arrangements/print.html", plan_of(found))


def plan_of(arrangement: Arrangement) -> dict[str, Any]:
    """What the resident reads, on paper and on the screen."""
    parts = parts_of(arrangement)
    return {
        "arrangement": arrangement,
        "parts": parts,
        "effects": tasks.judged(arrangement, parts) if parts else None,
        "remarks": arrangement.remarks.all(),
        "labels": labels_of(arrangement),
    }
