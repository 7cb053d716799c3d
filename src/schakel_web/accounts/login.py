"""Every page asks to log in, unless it says that it does not (R17); what was typed when a session ended is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponseBase

from schakel_web.ui.errors import logged_out


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Django's own sends a form that comes too late to the login page, and what was typed to nowhere."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """To the login page; for a form first what was typed."""
        found = super().process_view(request, view_func, view_args, view_kwargs)
        return logged_out(request) if found and request.method == "POST" else found
