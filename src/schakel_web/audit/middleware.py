"""Refusals reach the log without anybody having to think of it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome


class AuditMiddleware:
    """Writes a line when somebody who is logged in asks for what is not theirs: 403, or 404 for one record."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, after the line."""
        response = self._get_response(request)
        match = request.resolver_match
        asked = match is not None and (
            response.status_code == 403 or (response.status_code == 404 and match.kwargs)
        )
        if asked and match is not None and isinstance(request.user, User):
            record(
                action=match.view_name,
                subject="page",
                by=request.user,
                outcome=Outcome.REFUSED,
                status=response.status_code,
                **{name: str(value)[:80] for name, value in match.kwargs.items() if isinstance(value, int)},
            )
        return response
