"""The public page of a neighbourhood: what was heard, what is done, whom to ask, how to object (R7, R8, R13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from schakel_web.network.models import Area
from schakel_web.questions import publishing
from schakel_web.questions.models import Publication, SharedQuestion, Step
from schakel_web.questions.models.publications import TOTAL
from schakel_web.signals.tasks import domain_label

_QUESTIONS = 20


@login_not_required
def areas(request: HttpRequest) -> HttpResponse:
    """Every neighbourhood, by district."""
    rows = Area.objects.neighbourhoods().select_related("parent").order_by("parent__name", "name")
    return render(request, "public/areas.html", {"areas": rows})


@login_not_required
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One neighbourhood."""
    if not code.isalnum():
        raise Http404  # a database refuses some signs
    found = get_object_or_404(Area.objects.neighbourhoods().select_related("parent"), code=code)
    published = publishing.newest()
    context: dict[str, Any] = {
        "area": found,
        "heard": heard(published, found),
        "published": published,
        "questions": done_about(found),
        "teams": found.teams.filter(active=True).select_related("organisation"),
        "organisations": found.organisations.filter(active=True),
        "support": settings.SUPPORT,
    }
    return render(request, "public/area.html", context)


def heard(published: Publication | None, area: Area) -> list[dict[str, Any]]:
    """For the neighbourhood and its district: the areas of life with a number that may be shown, the most first."""
    if published is None:
        return []
    codes = [area.code, *([area.parent.code] if area.parent else [])]
    found = {row["code"]: row for row in publishing.rows_of(published, codes)}
    names = [domain_label(column) for column in published.columns if column != TOTAL]
    return [
        {
            "name": found[code]["name"],
            "total": found[code]["values"][-1],
            "numbers": sorted(
                (
                    (name, value)
                    for name, value in zip(names, found[code]["values"], strict=False)
                    if value is not None and value > 0
                ),
                key=lambda row: -row[1],
            ),
        }
        for code in codes
        if code in found
    ]


def done_about(area: Area) -> list[SharedQuestion]:
    """Questions that residents recognised and that may leave the team, with what was said about them last."""
    told = Step.objects.filter(what="told").order_by("-pk")
    rows = list(
        SharedQuestion.objects.public()
        .filter(areas=area)
        .select_related("team")
        .prefetch_related(Prefetch("steps", told, to_attr="told"))[:_QUESTIONS]
    )
    withheld = publishing.reasons_not_public(rows)
    return [question for question in rows if not withheld[question.pk]]
