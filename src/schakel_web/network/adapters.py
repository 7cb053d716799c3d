"""Who may get an account: whoever was invited, and nobody else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local login; there is no form to sign up with."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes with an invitation (see `actions.accept`)."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Login by the provider of an organisation: for people who have an account here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never, as above."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Say what to do to somebody who is known to the provider, but was never invited."""
        if sociallogin.is_existing:
            return
        address = (sociallogin.user.email or "").lower()
        known = User.objects.filter(email=address, is_active=True).exists()
        record(
            action="account.not_invited", subject="accounts.User", by=None, role="provider", outcome=Outcome.REFUSED,
            unconfirmed=known,
        )  # fmt: skip
        # known, and yet not found by allauth: the provider does not vouch for the address
        context = {"unconfirmed": known, "support": settings.SUPPORT}
        raise ImmediateHttpResponse(render(request, "accounts/not_invited.html", context, status=403))
