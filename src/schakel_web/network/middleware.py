"""Every request knows what its user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

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


class SecondFactorMiddleware:
    """Who logs in here, in a role that takes two steps (SCHAKEL_SECOND_FACTOR), sets up the second one first.

    Nothing else opens until that is done, but the pages to do it on, to log out, and those for everybody. Whoever came
    in by the provider of the organisation was asked for it there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; see `process_view`."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Nothing, or the way to the page on which a second step is set up."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not getattr(view, "login_required", True) or name.startswith(
            ("account_", "mfa_", "usersessions_")
        ):
            return None
        if not self._lacks(request):
            return None
        messages.warning(request, _("Stel eerst in dat u in twee stappen inlogt. Daarna kunt u verder."))
        address = reverse("mfa_index")
        return HttpResponseClientRedirect(address) if vars(request).get("htmx") else redirect(address)

    def _lacks(self, request: HttpRequest) -> bool:
        user = request.user
        if not settings.SECOND_FACTOR or not isinstance(user, User):
            return False
        roles = {membership.role for membership in cast(AllowedRequest, request).access.memberships}
        if not roles & settings.SECOND_FACTOR:
            return False
        if any(found["method"] == "socialaccount" for found in get_authentication_records(request, user)):
            return False
        from allauth.mfa.models import Authenticator  # noqa: PLC0415  is not there with SCHAKEL_OIDC_ONLY

        second = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        return not Authenticator.objects.filter(user=user, type__in=second).exists()
