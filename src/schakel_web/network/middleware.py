"""Every request knows what its user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from schakel_web.accounts.models import User
from schakel_web.network.access import Access, AllowedRequest


class AccessMiddleware:
    """Sets ``request.access``; read from the database when it is first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of a request with access."""

        def find() -> Access:
            return Access.of(request.user if isinstance(request.user, User) else None)

        cast(AllowedRequest, request).access = cast(Access, SimpleLazyObject(find))
        return self._get_response(request)
