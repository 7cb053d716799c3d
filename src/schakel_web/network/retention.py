"""How long things of this room are kept (R15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from schakel_web.accounts.models import User
from schakel_web.network.models import Invitation, Sent
from schakel_web.privacy.retention import MONTH, Rule, rule

_NOWHERE = "@schakel.invalid"  # the address of who is forgotten


def _remove_sessions(_before: datetime) -> int:
    removed: int = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return removed


def _gone(before: datetime) -> QuerySet[User]:
    """People who may not log in any more, and last did before a moment."""
    stopped = User.objects.filter(is_active=False).exclude(email__endswith=_NOWHERE)
    return stopped.alias(seen=Coalesce("last_login", "joined")).filter(seen__lt=before)


def _forget(before: datetime) -> int:
    """Name, address and ways to log in go; the number stays beside what was decided."""
    numbers = list(_gone(before).values_list("pk", flat=True))
    ways = [EmailAddress, SocialAccount]
    if apps.is_installed("allauth.mfa"):
        ways.append(apps.get_model("mfa", "Authenticator"))
    for model in ways:
        model.objects.filter(user__in=numbers).delete()
    return User.objects.filter(pk__in=numbers).update(
        name=_("voormalig collega"),
        email=Concat(Cast("pk", CharField()), Value(_NOWHERE)),
        password=make_password(None),
    )


def _cache(before: datetime, what: str) -> int:
    """Count or remove what is over time in the temporary memory: its keys hold IP addresses."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    moment = connection.ops.adapt_datetimefield_value(before)
    with connection.cursor() as cursor:
        cursor.execute(f"{what} FROM {table} WHERE expires < %s", [moment])
        return int(cursor.fetchone()[0]) if what.startswith("SELECT") else int(cursor.rowcount)


def _tasks(before: datetime) -> QuerySet[DBTaskResult[..., Any]]:
    return DBTaskResult.objects.filter(finished_at__lt=before)


rule(
    Rule(
        "account",
        _(
            "Naam, adres en manieren van inloggen van wie is gestopt, worden 24 maanden na de laatste keer verwijderd."
        ),
        24 * MONTH,
        lambda before: _gone(before).count(),
        _forget,
    )
)
rule(
    Rule(
        "cache",
        _("Het tijdelijk geheugen, met IP-adressen tegen misbruik, wordt geleegd zodra de tijd voorbij is."),
        timedelta(0),
        lambda before: _cache(before, "SELECT COUNT(*)"),
        lambda before: _cache(before, "DELETE"),
    )
)
rule(
    Rule(
        "task",
        _("Wat op de achtergrond is gedaan, wordt 30 dagen later uit de lijst verwijderd."),
        timedelta(days=30),
        lambda before: _tasks(before).count(),
        lambda before: _tasks(before).delete()[0],
    )
)
rule(
    Rule(
        "invitation",
        _("Uitnodigingen worden 30 dagen nadat zij verlopen zijn verwijderd."),
        timedelta(days=30),
        lambda before: Invitation.objects.filter(expires__lt=before).count(),
        lambda before: Invitation.objects.filter(expires__lt=before).delete()[0],
    )
)
rule(
    Rule(
        "sent",
        _("Dat een formulier bewaard is, wordt na één dag vergeten."),
        timedelta(days=1),
        lambda before: Sent.objects.filter(at__lt=before).count(),
        lambda before: Sent.objects.filter(at__lt=before).delete()[0],
    )
)
rule(
    Rule(
        "session",
        _("Waar iemand was ingelogd, wordt verwijderd zodra dat voorbij is."),
        timedelta(0),
        lambda _before: Session.objects.filter(expire_date__lt=timezone.now()).count(),
        _remove_sessions,
    )
)
