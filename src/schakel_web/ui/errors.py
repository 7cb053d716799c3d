"""What somebody sees when something does not go as meant: what it is, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(
    request: HttpRequest, status: int, title: str, what: str, typed: Sequence[str] = ()
) -> HttpResponse:
    return render(request, "ui/error.html", {"title": title, "what": what, "typed": typed}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400, _("Dit kunnen wij niet lezen"), _("Ga terug en probeer het opnieuw."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    what = _("Uw rol geeft geen toegang tot deze pagina. Denkt u dat dat niet klopt? Vraag het de beheerder.")
    return _page(request, 403, _("Deze pagina is niet voor u"), what)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not theirs; which of the two is not said."""
    what = _("De pagina bestaat niet, of hoort bij een gebied of team waar u niet bij kunt.")
    return _page(request, 404, _("Deze pagina is er niet"), what)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without a valid token; the sentences that were in it are shown, unless another site sent them."""
    what = _("Ga terug, laad de pagina opnieuw en vul het formulier nog een keer in.")
    return _page(request, 403, _("Het formulier is verlopen"), what, _typed(request))


def logged_out(request: HttpRequest) -> HttpResponse:
    """403 of a form whose sender is not logged in any more; the sentences that were in it are shown."""
    what = _("Het is niet verstuurd, want u was uitgelogd. Log opnieuw in.")
    return _page(request, 403, _("U bent uitgelogd"), what, _typed(request))


def _typed(request: HttpRequest) -> list[str]:
    """The sentences of a form, unless another site sent them."""
    own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return [
        value.strip()
        for name, values in (request.POST.lists() if own else ())
        for value in values
        if " " in value.strip() and "password" not in name
    ]


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Drawn without the database, which may be what is wrong."""
    return HttpResponse(
        '<!doctype html><html lang="nl"><title>Er gaat iets mis - Schakel</title><h1>Er gaat iets mis</h1>'
        "<p>Dat ligt aan ons, niet aan u. Probeer het over een paar minuten opnieuw.</p></html>",
        status=500,
    )
