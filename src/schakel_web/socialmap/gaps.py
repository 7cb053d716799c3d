"""What is asked against what there is: the own areas for a team, protected figures for whoever is outside it (R7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.models import Area
from schakel_web.signals.tasks import domain_label, label
from schakel_web.socialmap import charts
from schakel_web.socialmap.models import CoverageRun, CoverageState, Provision
from schakel_web.socialmap.tasks.coverage import ask

_SHOWN = 40


def codes_of(request: AllowedRequest, areas: list[Area]) -> set[str]:
    """The neighbourhoods of which this person sees what is asked: of the own teams, or all of them (protected)."""
    if request.access.everywhere(Permission.COVERAGE_READ):
        return {area.code for area in areas}
    mine = request.access.areas(Permission.COVERAGE_READ)
    return {area.code for area in areas if area.pk in mine}


def seen_by(request: AllowedRequest, result: dict[str, Any], codes: set[str]) -> list[dict[str, Any]]:
    """The gaps that this person may see: all in the own areas, or else the published ones of everywhere."""
    published = request.access.everywhere(Permission.COVERAGE_READ)
    found = result["public"]["gaps"] if published else result["team"]
    called = domain_label if published else label
    return [gap | {"label": called(gap["theme"])} for gap in found if gap["area"] in codes]


@allowed(Permission.COVERAGE_READ)
def coverage(request: AllowedRequest) -> HttpResponse:
    """Gap map and table of the last calculation."""
    run = CoverageRun.objects.filter(state=CoverageState.DONE).first()
    latest = CoverageRun.objects.first()
    context: dict[str, Any] = {
        "run": run,
        "latest": latest,
        "published": request.access.everywhere(Permission.COVERAGE_READ),
    }
    if run is not None:
        areas = list(Area.objects.neighbourhoods().with_borders())
        names = {area.code: area.name for area in areas}
        codes = codes_of(request, areas)
        gaps = [gap | {"name": names[gap["area"]]} for gap in seen_by(request, run.result, codes)]
        themes = sorted({(gap["theme"], gap["label"]) for gap in gaps}, key=lambda each: each[1])
        theme = request.GET.get("theme", "")
        chosen = [gap for gap in gaps if gap["theme"] == theme] if theme else gaps
        context |= {
            "gaps": chosen[:_SHOWN], "themes": themes, "theme": theme, "shapes": _shapes(areas, chosen),
            "single": _single(run.result, codes, names, published=context["published"]),
            "youth": [names.get(y["area"], y["area"]) for y in run.result["youth"]][:10],
        }  # fmt: skip
    record(
        action="socialmap.read_coverage",
        subject="socialmap.CoverageRun",
        by=request.user,
        outcome=Outcome.READ,
    )
    return render(request, "socialmap/coverage.html", context)


def _shapes(areas: list[Area], gaps: list[dict[str, Any]]) -> dict[str, Any]:
    """The map: the darker, the more people for whom there is too little."""
    unmet: dict[str, float] = {}
    for gap in gaps:
        unmet[gap["area"]] = unmet.get(gap["area"], 0.0) + gap["unmet"]
    paths, view = charts.ground(areas)
    most = max(unmet.values(), default=0.0)
    shapes = [
        {"area": area, "path": path, "known": area.code in unmet,
         "shade": 0 if not most else min(4, round(4 * unmet.get(area.code, 0.0) / most))}
        for area, path in paths
    ]  # fmt: skip
    return {"shapes": shapes, "view": view}


def _single(
    result: dict[str, Any], mine: set[str], names: dict[str, str], *, published: bool
) -> list[dict[str, Any]]:
    """Provisions on which a theme hangs in these areas: the map is public, so who carries it may be said (S083)."""
    rows, called = (result["public"]["single"], domain_label) if published else (result["single"], label)
    found = [s for s in rows if mine & set(s["areas"])][:15]
    named = Provision.objects.filter(identifier__in=[s["id"] for s in found])
    known = {provision.identifier: provision for provision in named}
    return [
        s
        | {
            "label": called(s["theme"]),
            "provision": known.get(s["id"]),
            "where": [names.get(a, a) for a in s["areas"]][:6],
        }
        for s in found
    ]


@allowed(Permission.COVERAGE_READ)
@require_POST
def again(request: AllowedRequest) -> HttpResponseBase:
    """Work it out anew, in the background."""
    if ask(by=request.user) is None:
        messages.info(request, _("Er wordt al gerekend."))
    else:
        messages.success(
            request, _("Schakel rekent het opnieuw uit. Laad de pagina over een minuut nog eens.")
        )
    return redirect("coverage")
