"""A request that is too large is refused before anything of it is read (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from schakel_web.network.faults import too_large
from schakel_web.network.forms import whole

_AROUND = 1024**2  # bytes of a form around its file


class UploadLimitMiddleware:
    """413 with one clear sentence, by the length that the browser announces; no byte of the body is read or kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or the refusal."""
        announced = whole(request.META.get("CONTENT_LENGTH"))
        if announced is None or announced <= settings.UPLOAD_MOST + _AROUND:
            return self._get_response(request)
        context = {"title": _("Dit bestand is te groot"), "what": too_large()}
        return render(request, "ui/error.html", context, status=413)
