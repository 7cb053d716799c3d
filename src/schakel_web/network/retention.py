"""How long things of this room are kept (R15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.network.models import Invitation
from schakel_web.privacy.retention import Rule, rule


def _remove_sessions(_before: datetime) -> int:
    removed: int = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return removed


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
        "session",
        _("Waar iemand was ingelogd, wordt verwijderd zodra dat voorbij is."),
        timedelta(0),
        lambda _before: Session.objects.filter(expire_date__lt=timezone.now()).count(),
        _remove_sessions,
    )
)
