"""What a browser may keep of a page: nothing of who is logged in, nothing behind a code (R16)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

_OF_A_CODE = (
    "receipt",
    "public-thanks",
    "invitation",
    "provision-mail",
)  # how the names of those pages begin


class NoStoreMiddleware:
    """Whoever comes next at the same device sees no page of before by going back, also after logging out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; pages that everybody sees, and those that say themselves how long they hold, as they are."""
        response = self._get_response(request)
        match = request.resolver_match
        behind_code = match is not None and match.view_name.startswith(_OF_A_CODE)
        if not response.has_header("Cache-Control") and (behind_code or request.user.is_authenticated):
            patch_cache_control(response, no_store=True, private=True)
        return response
