"""How often one address may try something."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest


def too_often(request: HttpRequest, action: str) -> bool:
    """Whether this address did this more often than ACCOUNT_RATE_LIMITS allows; looking counts as well."""
    return not consume(request, app="allauth.account", action=action, limit_get=True)
