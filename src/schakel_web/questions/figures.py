"""Figures that may leave the team, as they were published: for policy, for research, and as a file (R7, R17)."""

from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.questions import publishing
from schakel_web.signals.find import safe
from schakel_web.signals.tasks import domain_label


def _page(request: AllowedRequest, file: str) -> HttpResponse:
    found = publishing.newest()
    record(
        action="questions.read_figures", subject=found or "questions.Publication", by=request.user,
        outcome=Outcome.READ,
    )  # fmt: skip
    context: dict[str, Any] = {"publication": found, "file": file}
    if found:
        context["columns"] = [domain_label(column) for column in found.columns]
        areas = [row for row in found.rows if row["level"] == "BU"]
        context["whole"] = [row for row in found.rows if row["level"] == "GM"]
        context["districts"] = [
            (row, [area for area in areas if area["district"] == row["code"]])
            for row in found.rows if row["level"] == "WK"
        ]  # fmt: skip
    return render(request, "questions/figures.html", context)


def _file(request: AllowedRequest) -> HttpResponse:
    found = publishing.newest()
    if found is None:
        raise Http404
    record(action="questions.export_figures", subject=found, by=request.user, outcome=Outcome.EXPORTED)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="schakel-{found.until.isoformat()}.csv"'
    lines = csv.writer(response)
    lines.writerow([safe(cell) for cell in ("code", "naam", "niveau", *found.columns)])
    for row in found.rows:
        values = ["." if value is None else value for value in row["values"]]
        lines.writerow([safe(cell) for cell in (row["code"], row["name"], row["level"], *values)])
    return response


@allowed(Permission.FIGURES_READ)
def figures(request: AllowedRequest) -> HttpResponse:
    """The table, for policy."""
    return _page(request, "figures-file")


@allowed(Permission.FIGURES_READ)
def figures_file(request: AllowedRequest) -> HttpResponse:
    """The same as a file; a hidden number is a point, never zero."""
    return _file(request)


@allowed(Permission.RELEASED_READ)
def released(request: AllowedRequest) -> HttpResponse:
    """What was released for research."""
    return _page(request, "released-file")


@allowed(Permission.RELEASED_READ)
def released_file(request: AllowedRequest) -> HttpResponse:
    """The same as a file."""
    return _file(request)
