"""Logging in and out, and what somebody changes about that, reach the log as well (R16)."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.socialaccount import signals as social
from django.apps import apps
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome


def connect() -> None:
    """Listen to allauth; `sender` and the rest of what it tells is of no use here."""
    account.user_logged_in.connect(_logged_in, dispatch_uid="audit.login")
    user_login_failed.connect(_refused, dispatch_uid="audit.login_failed")
    for name, told in listened().items():
        told.connect(_about(name), weak=False, dispatch_uid=f"audit.{name}")


def listened() -> dict[str, Signal]:
    """What else is listened to, by the action that it becomes in the log."""
    return {
        "account.logout": account.user_logged_out,
        "account.password_changed": account.password_changed,
        "account.password_reset": account.password_reset,
        "account.provider_linked": social.social_account_added,
    } | _second_steps()


def _second_steps() -> dict[str, Signal]:
    """None where people log in at the provider of the organisation only (SCHAKEL_OIDC_ONLY)."""
    if not apps.is_installed("allauth.mfa"):
        return {}
    from allauth.mfa import signals as mfa  # noqa: PLC0415

    return {
        "account.second_step_added": mfa.authenticator_added,
        "account.second_step_removed": mfa.authenticator_removed,
        "account.recovery_codes_renewed": mfa.authenticator_reset,
        "account.second_step_refused": mfa.authentication_failed,
    }


def _logged_in(user: User, **told: Any) -> None:
    by_provider = told.get("sociallogin") is not None
    record(action="account.login", subject=user, by=user, way="provider" if by_provider else "here")


def _refused(credentials: dict[str, Any], **told: Any) -> None:
    """Which account was tried is known only when there is one; an address that was typed is not kept."""
    tried = User.objects.filter(email=str(credentials.get("email") or "").lower()).first()
    record(
        action="account.login", subject=tried or "accounts.User", by=None, role="unknown", outcome=Outcome.REFUSED
    )  # fmt: skip


def _about(action: str) -> Any:
    outcome = Outcome.REFUSED if action.endswith("_refused") else Outcome.DONE

    def listen(user: User | None = None, **told: Any) -> None:
        found = told["sociallogin"].user if user is None and "sociallogin" in told else user
        if isinstance(found, User):
            authenticator = told.get("authenticator")
            way = str(authenticator.type) if authenticator is not None else ""
            record(action=action, subject=found, by=found, outcome=outcome, way=way)

    return listen
