"""Whether the application lives, and whether it is ready: for whoever keeps it running."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from schakel_web.ui.readiness import unapplied


def _ready() -> dict[str, str]:
    try:
        missing = unapplied()
    except DatabaseError:
        return {"database": "cannot be reached"}
    return {"database": f"{missing} migration(s) are not applied" if missing else "ok"}


class HealthMiddleware:
    """Answers ``/health/live`` and ``/health/ready`` before anything else: no host, session or login is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """200 when all is well, 503 when not."""
        if request.path == "/health/live":
            return JsonResponse({"live": "ok"})
        if request.path == "/health/ready":
            found = _ready()
            return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)
        return self._get_response(request)
