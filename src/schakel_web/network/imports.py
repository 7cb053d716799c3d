"""Reading in areas and figures: everything that is wrong at once, or everything kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schakel.records import InputFaultsError, SchakelError
from schakel_web.accounts.roles import Permission
from schakel_web.network import divisions, tasks
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.network.faults import TooLargeError, in_dutch
from schakel_web.network.forms import AreasForm, FiguresForm
from schakel_web.network.once import once

_SHOWN = 100
_NAMED = 10  # in one sentence


@allowed(Permission.NETWORK_MANAGE)
def areas(request: AllowedRequest) -> HttpResponse:
    """A division of one year: municipality, districts and neighbourhoods."""

    def read(form: AreasForm) -> Callable[[], str]:
        given = form.cleaned_data
        made, names = tasks.division(given["file"], municipality=given["municipality"])

        def keep() -> str:
            done, gone = divisions.keep_division(areas=made, year=given["year"], by=request.user, names=names)
            if gone:
                messages.warning(request, _gone(gone))
            return _("%(number)s buurten zijn ingelezen.") % {"number": done}

        return keep

    return _imported(request, AreasForm, read, title=_("Gebieden inlezen"), about="network/about_areas.html")


def named(names: Sequence[str]) -> str:
    """The first of them, within a sentence."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (_(" en nog %(n)s") % {"n": more} if more > 0 else "")


def _gone(names: list[str]) -> str:
    said = ngettext(
        "Deze buurt is veranderd of bestaat niet meer: %(names)s. Wat er eerder is gezien, blijft bewaard. Het staat "
        "niet meer in de lijsten van een team.",
        "Deze buurten zijn veranderd of bestaan niet meer: %(names)s. Wat er eerder is gezien, blijft bewaard. Het "
        "staat niet meer in de lijsten van een team.",
        len(names),
    )
    return said % {"names": named(names)}


@allowed(Permission.NETWORK_MANAGE)
def figures(request: AllowedRequest) -> HttpResponse:
    """Key figures about those areas."""

    def read(form: FiguresForm) -> Callable[[], str] | None:
        given = form.cleaned_data
        file = tasks.figures(given["file"])
        if file.years - {given["year"]}:
            form.add_error("year", _("In het bestand staat het jaar %(y)s.") % {"y": min(file.years)})
            return None

        def keep() -> str:
            kept, unknown = divisions.keep_figures(
                file=file, year=given["year"], status=given["status"], by=request.user
            )
            said = _("%(number)s cijfers zijn ingelezen.") % {"number": kept}
            more = _("%(n)s gebieden uit het bestand kennen wij niet.") % {"n": unknown}
            return f"{said} {more}" if unknown else said

        return keep

    return _imported(
        request, FiguresForm, read, title=_("Kerncijfers inlezen"), about="network/about_figures.html"
    )


def _imported(request: AllowedRequest, kind: Any, read: Any, *, title: str, about: str) -> HttpResponse:
    """Read the file, and keep it once; `read` gives what keeps it and says so, or None with an error on the form."""
    form = kind(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["file"].size > settings.UPLOAD_MOST:
                raise TooLargeError
            if keep := read(form):
                return once(request, lambda: _kept(request, keep))
        except InputFaultsError as error:
            faults = [in_dutch(fault) for fault in error.faults]
        except SchakelError as error:
            faults = [in_dutch(error)]
    context = {
        "form": form, "title": title, "about": about, "faults": faults[:_SHOWN], "more": len(faults) - _SHOWN,
    }  # fmt: skip
    wrong = faults or (form.is_bound and form.errors)
    return render(request, "network/import.html", context, status=422 if wrong else 200)


def _kept(request: AllowedRequest, keep: Callable[[], str]) -> str:
    messages.success(request, keep())
    return reverse("manage")
