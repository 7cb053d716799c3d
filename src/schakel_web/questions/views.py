"""Pages about shared questions: opened by people, moved by people, checked with residents (R13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import whole
from schakel_web.network.models import Area, Team
from schakel_web.network.once import once
from schakel_web.network.presets import preset_of
from schakel_web.network.versions import ConflictError, conflict
from schakel_web.questions import actions, publishing
from schakel_web.questions import forms as f
from schakel_web.questions.models import Pattern, Promise, SharedQuestion, SparKind, Sparring
from schakel_web.questions.models.shared import NEEDS_CHECK
from schakel_web.signals.models import Signal, State
from schakel_web.signals.tasks import label

_SIGNALS = 30  # at most on the page of a question


def _areas(request: AllowedRequest) -> Any:
    return Area.objects.filter(pk__in=request.access.areas(Permission.QUESTION_WORK))


@allowed(Permission.QUESTION_READ)
def questions(request: AllowedRequest) -> HttpResponse:
    """Shared questions of the own teams, by where they stand."""
    rows = (
        SharedQuestion.objects.visible_to(request.access)
        .select_related("team", "owner")
        .prefetch_related("areas")
    )
    going = list(rows.going()[:100])
    rest = rows.exclude(pk__in=[q.pk for q in going])[:50]
    context = {"going": going, "rest": rest}
    return render(request, "questions/list.html", context)


@allowed(Permission.QUESTION_WORK)
def new(request: AllowedRequest) -> HttpResponse:
    """Open one: from a pattern, from signals that were chosen, or from a hunch."""
    numbers = [number for n in request.POST.getlist("signal")[:200] if (number := whole(n)) is not None]
    seen = Signal.objects.visible_to(request.access).filter(state=State.ACCEPTED)
    chosen = seen.filter(pk__in=numbers) if numbers else None
    asked = whole(request.POST.get("pattern") or request.GET.get("patroon"))
    pattern = (
        get_object_or_404(Pattern.objects.visible_to(request.access).shown(), pk=asked)
        if asked is not None
        else None
    )
    begun = request.method == "POST" and "begin" not in request.POST
    initial: dict[str, Any] = {}
    if pattern:
        initial = {"theme": pattern.theme, "areas": list(pattern.areas.values_list("pk", flat=True))}
    elif chosen is not None and (first := chosen.first()):
        theme = first.themes.first()
        initial = {
            "theme": theme.theme if theme else "",
            "areas": list(chosen.values_list("area", flat=True).distinct()),
        }
    form = f.QuestionForm(request.POST if begun else None, areas=_areas(request), initial=initial)
    if begun and form.is_valid() and request.access.team:
        team = request.access.team

        def work() -> str:
            question = actions.open_question(
                **form.given(), team=team, by=request.user, pattern=pattern,
                pattern_version=whole(request.POST.get("pattern_version")) or 0, signals=chosen,
            )  # fmt: skip
            messages.success(request, _("De vraag is geopend. Verken haar samen, en vraag het bewoners."))
            return reverse("question", args=[question.pk])

        return once(request, work, late=reverse("pattern", args=[pattern.pk if pattern else 0]))
    context = {
        "form": form,
        "pattern": pattern,
        "numbers": numbers,
        "label": label(pattern.theme) if pattern else "",
    }
    return render(request, "questions/new.html", context, status=422 if begun else 200)


def _visible(
    request: AllowedRequest, pk: int, permission: Permission = Permission.QUESTION_READ
) -> SharedQuestion:
    rows = SharedQuestion.objects.visible_to(request.access, permission)
    return get_object_or_404(rows.select_related("team", "owner", "pattern"), pk=pk)


def _held(request: AllowedRequest, question: SharedQuestion) -> dict[str, str]:
    """What was typed for another state that could not be reached yet."""
    held: dict[str, str] = request.session.get("move", {}).get(str(question.pk), {})
    return held


#: What can be done on the page of a question: name → form, permission, title.
def _forms(
    question: SharedQuestion, request: AllowedRequest, data: Any = None, which: str = ""
) -> dict[str, forms.Form]:
    version = {"version": question.version}
    steps = preset_of(question.team).steps
    if question.team_id not in request.access.teams(Permission.QUESTION_DECIDE):
        steps = steps - {SparKind.HANDOVER}
    areas = _areas(request)
    team = question.team_id
    others = (
        SharedQuestion.objects.visible_to(request.access, Permission.QUESTION_WORK)
        .filter(merged_into=None)
        .exclude(pk=question.pk)
    )
    words = version | {
        "text": question.text, "underlying": question.underlying, "theme": question.theme,
        "areas": list(question.areas.values_list("pk", flat=True)),
        "available": question.available, "needed": question.needed,
    }  # fmt: skip

    def given(name: str) -> Any:
        return data if which == name else None

    sparring = {}
    if steps & set(SparKind.values):
        own = question.team.organisation_id
        sparring["sparring"] = f.SparringForm(given("sparring"), steps=steps, own=own, prefix="sparring")
    return sparring | {
        "move": f.MoveForm(
            given("move"), question=question, initial=version | _held(request, question), prefix="move"
        ),
        "check": f.CheckForm(given("check"), prefix="check"),
        "promise": f.PromiseForm(given("promise"), team=team, prefix="promise"),
        "say_back": f.SayBackForm(given("say_back"), prefix="say_back"),
        "edit": f.EditForm(
            given("edit"),
            areas=areas,
            steps=steps,
            checked=question.checked is not None,
            initial=words,
            prefix="edit",
        ),
        "owner": f.OwnerForm(
            given("owner"), team=team, initial=version | {"owner": question.owner_id}, prefix="owner"
        ),
        "merge": f.MergeForm(given("merge"), others=others, initial=version, prefix="merge"),
        "split": f.SplitForm(given("split"), areas=areas, initial=words | {"text": ""}, prefix="split"),
    }


_PERMISSIONS = {
    "move": Permission.QUESTION_WORK, "check": Permission.QUESTION_WORK, "promise": Permission.QUESTION_WORK,
    "say_back": Permission.QUESTION_WORK, "edit": Permission.QUESTION_WORK, "owner": Permission.QUESTION_WORK,
    "sparring": Permission.QUESTION_WORK, "merge": Permission.QUESTION_DECIDE, "split": Permission.QUESTION_DECIDE,
}  # fmt: skip


@allowed(Permission.QUESTION_READ)
def question(request: AllowedRequest, pk: int) -> HttpResponse:
    """One shared question, everything about it, and what can be done now."""
    found = _visible(request, pk)
    works = found.team_id in request.access.teams(Permission.QUESTION_WORK) and not found.merged_into_id
    which = request.POST.get("do", "")
    if request.method == "POST" and which in _PERMISSIONS:
        _visible(request, pk, _PERMISSIONS[which])
        every = _forms(found, request, request.POST, which)
        if which not in every:
            raise Http404  # no step of this team's practice
        if found.merged_into_id:
            messages.warning(request, conflict())
            return redirect("question", pk=pk)
        if every[which].is_valid():
            return _do(request, found, which, every[which].cleaned_data, every[which])
    else:
        every = _forms(found, request)
        record(action="questions.read", subject=found, by=request.user, outcome=Outcome.READ)
    decides = found.team_id in request.access.teams(Permission.QUESTION_DECIDE)
    context = {
        "question": found, "forms": every, "which": which, "works": works, "decides": decides,
        "label": label(found.theme), "preset": preset_of(found.team), "withheld": _withheld(found) if works else None,
        "steps": found.steps.select_related("by"), "checks": found.checks.select_related("by"),
        "promises": found.promises.select_related("who"), "sparrings": found.sparrings.select_related("to", "by"),
        "looks": found.looks.select_related("provision")[:3],
        "linked": found.signals.count() if works else None, "people": _people(found) if works else None,
        "signals": _signals(request, found) if works else [],
    }  # fmt: skip
    return render(request, "questions/question.html", context, status=422 if which in _PERMISSIONS else 200)


def _withheld(question: SharedQuestion) -> list[str] | None:
    """Why the public page does not show a question that residents recognised; None when that is not asked."""
    if question.state not in NEEDS_CHECK:
        return None
    said = {
        "people": _("Het gaat over minder dan tien mensen."), "leave": _("Het gaat over minder dan tien mensen."),
        "sources": _("Het komt van één bron."), "dates": _("Het komt van één dag."),
        "dominance": _("Meer dan zestig procent komt van één bron."),
    }  # fmt: skip
    return [said[reason] for reason in publishing.reasons_not_public([question])[question.pk]]


def _signals(request: AllowedRequest, question: SharedQuestion) -> Any:
    rows = Signal.objects.visible_to(request.access).filter(questions__question=question)
    return rows.select_related("area").prefetch_related("themes")[:_SIGNALS]


def _people(question: SharedQuestion) -> int:
    return question.signals.aggregate(n=Sum("people"))["n"] or 0


def _do(
    request: AllowedRequest, question: SharedQuestion, which: str, given: dict[str, Any], form: Any
) -> HttpResponse:
    """Carry out what was filled in; whoever comes second is told."""

    def work() -> str:
        done = _ACTIONS[which](question, given, form, request.user)
        if which == "move":
            request.session.pop("move", None)
        messages.success(request, _("Bewaard."))
        return reverse("question", args=[done.pk if isinstance(done, SharedQuestion) else question.pk])

    try:
        return once(request, work)
    except ConflictError:
        messages.warning(request, conflict())
    except actions.LookFirstError:
        _hold(request, question, given)
        messages.error(
            request, _("Kijk eerst wat er al is, en leg vast waarom u aansluit of iets nieuws begint.")
        )
        return redirect("question-offers", pk=question.pk)
    except actions.NotAllowedYetError:
        _hold(request, question, given)
        messages.error(request, _("Dit kan nog niet. Leg eerst vast wat bewoners ervan vinden."))
    return redirect("question", pk=question.pk)


def _hold(request: AllowedRequest, question: SharedQuestion, given: dict[str, Any]) -> None:
    request.session["move"] = {str(question.pk): {name: given[name] for name in ("to", "why", "tell")}}


#: What each form of that page does: (question, what was given, the form, who) → what came of it.
_ACTIONS: dict[str, Callable[[SharedQuestion, dict[str, Any], Any, User], object]] = {
    "move": lambda q, given, _form, by: actions.move(question=q, **given, by=by),
    "check": lambda q, given, _form, by: actions.check(question=q, **given, by=by),
    "promise": lambda q, given, _form, by: actions.promise(question=q, **given, by=by),
    "say_back": lambda q, given, _form, by: actions.say_back(question=q, text=given["text"], by=by),
    "edit": lambda q, given, form, by: actions.edit(
        question=q, version=given["version"], **form.given(), by=by
    ),
    "owner": lambda q, given, _form, by: actions.give_to(question=q, **given, by=by),
    "sparring": lambda q, given, _form, by: actions.ask_along(question=q, **given, by=by),
    "merge": lambda q, given, _form, by: actions.merge(question=q, **given, by=by),
    "split": lambda q, given, form, by: actions.split(
        question=q, version=given["version"], **form.given(), by=by
    ),
}


@require_POST
@allowed(Permission.QUESTION_WORK)
def promise_kept(request: AllowedRequest, pk: int) -> HttpResponse:
    """An action was done."""
    teams = request.access.teams(Permission.QUESTION_WORK)
    promised = get_object_or_404(Promise.objects.filter(question__team__in=teams), pk=pk)
    try:
        actions.keep_promise(promised=promised, by=request.user)
    except ConflictError:
        messages.info(request, _("Deze afspraak was al afgerond."))
    return (
        redirect("meeting-board")
        if request.POST.get("terug") == "overleg"
        else redirect("question", pk=promised.question_id)
    )


def _own_team(request: AllowedRequest, sparring: Sparring) -> Team | None:
    """The team of this person within the organisation that was asked; the one on the screen before others."""
    teams = [request.access.team, *(m.team for m in request.access.memberships)]
    return next((t for t in teams if t and t.active and t.organisation_id == sparring.to_id), None)


@allowed(Permission.QUESTION_SPAR)
def sparrings(request: AllowedRequest) -> HttpResponse:
    """Questions that other organisations shared with mine."""
    rows = Sparring.objects.visible_to(request.access)
    return render(
        request, "questions/sparrings.html", {"sparrings": rows.select_related("question", "question__team")}
    )


@allowed(Permission.QUESTION_SPAR)
def sparring(request: AllowedRequest, pk: int) -> HttpResponse:
    """Answer one."""
    rows = Sparring.objects.visible_to(request.access)
    found = get_object_or_404(rows.select_related("question"), pk=pk)
    form = f.AnswerForm(request.POST or None, kind=found.kind)
    if request.method == "POST" and form.is_valid():
        given = {"accepted": None} | form.cleaned_data

        def work() -> str:
            actions.answer(sparring=found, **given, by=request.user, team=_own_team(request, found))
            messages.success(request, _("Uw antwoord is verstuurd."))
            return reverse("sparring-list")

        try:
            return once(request, work)
        except actions.TakenError:
            messages.warning(
                request, _("Een ander heeft de vraag net overgenomen. Uw antwoord is niet verstuurd.")
            )
            return redirect("sparring-list")
        except ConflictError:
            messages.warning(request, _("Iemand anders van uw organisatie heeft al geantwoord."))
            return redirect("sparring-list")
    return render(
        request,
        "questions/sparring.html",
        {"sparring": found, "form": form, "label": label(found.question.theme)},
    )
