"""Pages about patterns: what the statistics suggest, with what speaks for and against it (R10)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel.records import Settings
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import whole
from schakel_web.network.once import once
from schakel_web.questions import actions, ingredients, runs, tasks
from schakel_web.questions.elsewhere import taken_up
from schakel_web.questions.forms import DismissForm
from schakel_web.questions.models import Dismissal, Pattern, PatternState, Run, RunState, SharedQuestion
from schakel_web.signals.tasks import label

_SIGNALS = 50


def parameters() -> dict[str, Any]:
    """How Schakel looks for patterns: the defaults of the library, up to today."""
    return tasks.parameters_of(Settings(end=timezone.localdate(), seed=settings.DETECTION_SEED))


@allowed(Permission.PATTERN_READ)
def patterns(request: AllowedRequest) -> HttpResponse:
    """Patterns in the own areas: to look at, taken up, and put aside."""
    visible = Pattern.objects.visible_to(request.access).select_related("latest").prefetch_related("areas")
    shown = visible.filter(shown=True)
    withheld = visible.filter(shown=False, state=PatternState.OPEN)
    run = Run.objects.filter(again=None).first()
    reasons = (
        Dismissal.objects.filter(pattern__in=Pattern.objects.visible_to(request.access).values("pk"))
        .values_list("reason")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    everything = [*shown[:100], *withheld[:50]]
    context = {
        "open": [p for p in everything if p.shown and p.state == PatternState.OPEN],
        "taken": [p for p in everything if p.shown and p.state == PatternState.TAKEN],
        "aside": [p for p in everything if p.shown and p.state == PatternState.DISMISSED],
        "withheld": [
            (p, tasks.reasons(p.latest)) for p in withheld.select_related("latest__run")[:50] if p.latest
        ],
        "run": run,
        "said": runs.said(run) if run else "",
        "busy": run is not None and run.state in {RunState.WAITING, RunState.RUNNING},
        "reasons": [(dict(Dismissal._meta.get_field("reason").flatchoices)[key], n) for key, n in reasons],
        "useful": (useful := shown.filter(state=PatternState.TAKEN).count()),
        "judged": useful + shown.filter(state=PatternState.DISMISSED).count(),
    }
    return render(request, "questions/patterns.html", context)


@allowed(Permission.PATTERN_READ)
def pattern(request: AllowedRequest, pk: int) -> HttpResponse:
    """One pattern: Dutch first, figures second. Below the thresholds only why it is not shown (R6)."""
    return _page(request, pk)


def _page(request: AllowedRequest, pk: int, form: DismissForm | None = None) -> HttpResponse:
    """The page; with a form that could not be kept, what was typed is still in it."""
    found = get_object_or_404(Pattern.objects.visible_to(request.access).select_related("latest__run"), pk=pk)
    record(action="questions.read_pattern", subject=found, by=request.user, outcome=Outcome.READ)
    seen = found.latest
    if seen is None or not found.shown:
        reasons = tasks.reasons(seen) if seen else []
        return render(
            request,
            "questions/withheld.html",
            {"pattern": found, "label": label(found.theme), "reasons": reasons},
        )
    readable = actions.signals_of(found).visible_to(request.access)
    signals = list(readable.select_related("area").prefetch_related("themes").distinct()[: _SIGNALS + 1])
    context = {
        "pattern": found,
        "seen": seen,
        "label": label(found.theme),
        "drawn": tasks.drawn(seen),
        "signals": signals[:_SIGNALS],
        "older": len(signals) > _SIGNALS,
        "sightings": found.sightings.select_related("run").order_by("run")[:60],
        "form": form or DismissForm(initial={"version": found.version}),
        "dismissals": found.dismissals.select_related("by"),
        "questions": (
            readable_questions := SharedQuestion.objects.visible_to(request.access).filter(pattern=found)
        ),
        "elsewhere": [
            taken_up(q.team)
            for q in found.questions.exclude(pk__in=readable_questions.values("pk")).select_related("team")
        ],
    }
    return render(request, "questions/pattern.html", context, status=422 if form else 200)


@require_POST
@allowed(Permission.PATTERN_JUDGE)
def dismiss(request: AllowedRequest, pk: int) -> HttpResponse:
    """Put aside, with a reason."""
    found = get_object_or_404(Pattern.objects.visible_to(request.access).shown(), pk=pk)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form)

    def work() -> str:
        actions.dismiss(pattern=found, **form.cleaned_data, by=request.user)
        messages.success(request, _("Het patroon ligt terzijde. U kunt het altijd weer oppakken."))
        return reverse("pattern-list")

    return once(request, work, late=reverse("pattern-list"))


@require_POST
@allowed(Permission.PATTERN_JUDGE)
def reopen(request: AllowedRequest, pk: int) -> HttpResponse:
    """Look at it again."""
    found = get_object_or_404(Pattern.objects.visible_to(request.access).shown(), pk=pk)

    def work() -> str:
        actions.reopen(pattern=found, version=whole(request.POST.get("version")) or 0, by=request.user)
        return reverse("pattern", args=[pk])

    return once(request, work, late=reverse("pattern", args=[pk]))


@require_POST
@allowed(Permission.DETECTION_RUN)
def search(request: AllowedRequest) -> HttpResponse:
    """Look for patterns now."""
    try:
        runs.ask(parameters=parameters(), by=request.user)
    except runs.BusyError:
        messages.info(request, _("Er wordt al gezocht. Even geduld."))
    return redirect("pattern-list")


@allowed(Permission.PATTERN_READ)
def progress(request: AllowedRequest) -> HttpResponse:
    """How far the newest run is: a part of the page that asks for itself again while it goes on."""
    run = Run.objects.filter(again=None).first()
    busy = run is not None and run.state in {RunState.WAITING, RunState.RUNNING}
    response = render(
        request, "questions/progress.html", {"run": run, "busy": busy, "said": runs.said(run) if run else ""}
    )
    if not busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@allowed(Permission.DETECTION_RUN)
def stop(request: AllowedRequest, pk: int) -> HttpResponse:
    """Stop a run; nothing of it is kept."""
    runs.ask_to_stop(run=get_object_or_404(Run, pk=pk), by=request.user)
    messages.info(request, _("Het zoeken stopt. Er verandert niets."))
    return redirect("pattern-list")


@allowed(Permission.PATTERN_READ)
def run(request: AllowedRequest, pk: int) -> HttpResponse:
    """One run: what it looked at, how, and whether it gives the same again (R11)."""
    found = get_object_or_404(Run, pk=pk)
    repeats = [(r, r.digest == found.digest) for r in found.repeats.filter(state=RunState.DONE)]
    context = {
        "run": found, "repeats": repeats, "said": runs.said(found), "settings": ingredients.settings_of(found),
        "data": ingredients.data_of(found), "notes": ingredients.notes_of(found),
    }  # fmt: skip
    return render(request, "questions/run.html", context)


@require_POST
@allowed(Permission.DETECTION_RUN)
def again(request: AllowedRequest, pk: int) -> HttpResponse:
    """Do a stored run again, to compare."""
    found = get_object_or_404(Run, pk=pk, state=RunState.DONE, again=None)

    def work() -> str:
        runs.ask(parameters={}, by=request.user, again=found)
        said = _("De zoektocht wordt overgedaan. Straks ziet u hier of er hetzelfde uitkomt.")
        messages.info(request, said)
        return reverse("run", args=[pk])

    return once(request, work)
