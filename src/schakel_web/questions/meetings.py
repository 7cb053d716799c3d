"""The weekly meeting: a board for a beamer, decisions in place, minutes on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.forms import whole
from schakel_web.network.models import Area, Team
from schakel_web.network.once import once
from schakel_web.network.presets import preset_of
from schakel_web.network.tasks import INDICATOR_LABELS
from schakel_web.network.versions import ConflictError
from schakel_web.questions import actions, minutes
from schakel_web.questions.elsewhere import decided
from schakel_web.questions.forms import CloseForm, DecisionForm, colleagues
from schakel_web.questions.growth import WEEK, growth, lately
from schakel_web.questions.models import (
    Meeting,
    Pattern,
    PatternState,
    Promise,
    SharedQuestion,
)
from schakel_web.signals.models import Reply, Signal, State
from schakel_web.socialmap.upkeep import alerts

_PATTERNS, _LOOKED_AT = 20, 200  # on the board, and of how many those that are new or grew come first


def _team(request: AllowedRequest) -> Team:
    team = request.access.team
    return get_object_or_404(
        Team.objects.filter(pk__in=request.access.teams(Permission.MEETING_HOLD)), pk=team.pk if team else 0
    )


def board_of(team: Team) -> dict[str, Any]:
    """What there is to talk about: new and grown patterns, open questions, promises, and what was said back."""
    areas = team.areas.values("pk")
    since = timezone.now() - WEEK
    shown = (
        Pattern.objects.filter(areas__in=areas, shown=True, state=PatternState.OPEN)
        .select_related("latest").prefetch_related("areas", Prefetch("sightings", lately(since))).distinct()
    )  # fmt: skip
    rows = [(pattern, growth(pattern, since)) for pattern in shown[:_LOOKED_AT]]
    rows.sort(key=lambda row: ("new", "grown", "same", "shrunk").index(row[1]))  # what is new comes first
    rows = rows[:_PATTERNS]
    going = SharedQuestion.objects.filter(team=team).going().select_related("owner")[:20]
    promises = Promise.objects.filter(question__team=team, done=None).select_related("who", "question")[:30]
    said = (
        Reply.objects.filter(at__gte=since, signal__area__in=areas)
        .order_by("-at")
        .values_list("text", flat=True)
        .distinct()[:10]
    )
    return {
        "team": team, "patterns": rows, "questions": going, "promises": promises, "said": list(dict.fromkeys(said)),
        "today": timezone.localdate(),
        "new_signals": Signal.objects.filter(area__in=areas, state=State.ACCEPTED, created__gte=since).count(),
        "waiting": Signal.objects.filter(area__in=areas, state=State.WAITING).count(),
    }  # fmt: skip


@allowed(Permission.MEETING_HOLD)
def today(request: AllowedRequest) -> HttpResponse:
    """Where somebody begins the day: what waits for me and for the team."""
    team = _team(request)
    context = board_of(team) | alerts(request.access, team)
    context["mine"] = Promise.objects.filter(who=request.user, done=None).select_related("question")[:20]
    return render(request, "questions/today.html", context)


@allowed(Permission.MEETING_HOLD)
def board(request: AllowedRequest) -> HttpResponse:
    """The board of the meeting that is on, or the way to start one."""
    return _board(request)


def _board(
    request: AllowedRequest, *, wrong: dict[str, Any] | None = None, close: CloseForm | None = None
) -> HttpResponse:
    """The board; with what was typed and could not be kept (`wrong`: kind, number, text, errors) in its place."""
    team = _team(request)
    meeting = Meeting.objects.filter(team=team, closed=None).first()
    earlier = Meeting.objects.visible_to(request.access).filter(team=team).exclude(closed=None)[:10]
    context = board_of(team) | {
        "elsewhere": decided(team, timezone.now() - WEEK), "meeting": meeting,
        "earlier": earlier, "close": close or CloseForm(), "wrong": wrong,
    }  # fmt: skip
    if meeting:
        context["decisions"] = meeting.decisions.select_related("by", "pattern", "question")
        context["colleagues"] = colleagues(team.pk)
    return render(request, "questions/board.html", context, status=422 if wrong or close else 200)


@require_POST
@allowed(Permission.MEETING_HOLD)
def start(request: AllowedRequest) -> HttpResponse:
    """Begin."""
    actions.start_meeting(team=_team(request), by=request.user)
    return redirect("meeting-board")


def _open(request: AllowedRequest) -> Meeting | None:
    return Meeting.objects.visible_to(request.access).filter(team=_team(request), closed=None).first()


def _over(request: AllowedRequest, text: str) -> HttpResponse:
    """Somebody closed the meeting a moment before; what was typed is shown, so that nothing is lost."""
    said = (
        _("Het overleg is net afgesloten. Dit is niet vastgelegd: ‘%(text)s’")
        if text
        else _("Het overleg was al afgesloten.")
    )
    messages.warning(request, said % {"text": text} if text else said)
    return redirect("meeting-board")


@require_POST
@allowed(Permission.MEETING_HOLD)
def decide(request: AllowedRequest) -> HttpResponse:
    """Write a decision down, in place; with a name and a day it is a promise as well."""
    kind, number = request.POST.get("kind", ""), whole(request.POST.get("number"))
    about: dict[str, Any] = {}
    if number is not None and kind == "pattern":
        about["pattern"] = get_object_or_404(Pattern.objects.visible_to(request.access), pk=number)
    elif number is not None and kind == "question":
        about["question"] = get_object_or_404(SharedQuestion, team=_team(request), pk=number)
    meeting, typed = _open(request), request.POST.get("text", "")
    if meeting is None:
        return _over(request, typed)
    form = DecisionForm(request.POST, team=meeting.team_id)
    if not form.is_valid():
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return _board(request, wrong={"kind": kind, "number": number, "text": typed, "errors": errors})
    to = reverse("meeting-board") + (f"#{kind}-{number}" if about else "#besluiten")

    def work() -> str:
        actions.decide(meeting=meeting, **form.cleaned_data, by=request.user, **about)
        return to

    try:
        return once(request, work)
    except ConflictError:
        return _over(request, typed)


@require_POST
@allowed(Permission.MEETING_HOLD)
def close(request: AllowedRequest) -> HttpResponse:
    """End, and make the minutes."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _board(request, close=form)

    def work() -> str:
        meeting = _open(request)
        if meeting is None:
            raise ConflictError
        actions.close_meeting(meeting=meeting, **form.cleaned_data, by=request.user)
        return reverse("meeting", args=[meeting.pk])

    try:
        return once(request, work)
    except ConflictError:
        return _over(request, form.cleaned_data["notes"])


def _report(request: AllowedRequest, pk: int) -> dict[str, Any]:
    meeting = get_object_or_404(Meeting.objects.visible_to(request.access).select_related("team"), pk=pk)
    decisions = list(meeting.decisions.select_related("by", "pattern", "question"))
    promises = list(
        Promise.objects.filter(question__team=meeting.team, at__gte=meeting.started).select_related(
            "who", "question"
        )
    )
    if meeting.closed:
        promises = [p for p in promises if p.at <= meeting.closed]
    return {"meeting": meeting, "decisions": decisions, "promises": promises}


@allowed(Permission.MEETING_HOLD)
def meeting(request: AllowedRequest, pk: int) -> HttpResponse:
    """The minutes, to read and print."""
    return render(request, "questions/minutes.html", _report(request, pk))


@allowed(Permission.MEETING_HOLD)
def pdf(request: AllowedRequest, pk: int) -> HttpResponse:
    """The minutes as a PDF."""
    found = _report(request, pk)
    record(
        action="questions.export_minutes", subject=found["meeting"], by=request.user, outcome=Outcome.EXPORTED
    )
    response = HttpResponse(minutes.pdf(**found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="signalenoverleg-{found["meeting"].date}.pdf"'
    return response


@allowed(Permission.SIGNAL_READ)
def areas(request: AllowedRequest) -> HttpResponse:
    """The neighbourhoods of the team."""
    rows = Area.objects.filter(pk__in=request.access.areas(Permission.SIGNAL_READ)).select_related("parent")
    return render(request, "questions/areas.html", {"areas": rows})


@allowed(Permission.SIGNAL_READ)
def agenda(request: AllowedRequest, pk: int) -> HttpResponse:
    """The agenda of one neighbourhood (S051): what lives there, who is there, what is needed."""
    area = get_object_or_404(Area.objects.filter(pk__in=request.access.areas(Permission.SIGNAL_READ)), pk=pk)
    figures = {}
    for figure in area.figures.exclude(indicator="income").order_by("year"):  # R9, see `concentration`
        figures[figure.indicator] = figure
    questions = SharedQuestion.objects.visible_to(request.access).filter(areas=area).going()
    patterns = Pattern.objects.visible_to(request.access).shown().filter(areas=area, state=PatternState.OPEN)
    context = {
        "area": area,
        "figures": figures,
        "questions": questions,
        "patterns": patterns,
        "organisations": area.organisations.filter(active=True),
        "promises": Promise.objects.filter(question__in=questions, done=None).select_related("who"),
        "preset": preset_of(request.access.team),
        "indicators": INDICATOR_LABELS,
    }
    return render(request, "questions/agenda.html", context)
