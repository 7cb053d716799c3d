"""Who looks at what: people of every role with a session of their own, and the records that they open."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from benchmarks.web.municipality import CODES, code_of
from schakel_web.accounts.models import User
from schakel_web.arrangements.models import Arrangement
from schakel_web.network.models import Membership, Organisation, Team
from schakel_web.questions.models import Meeting, Pattern, SharedQuestion
from schakel_web.signals.models import Signal, State
from schakel_web.socialmap.models import Provision

#: How many of sixteen people have which role.
MIX = (
    ("team_member", 8), ("process_owner", 2), ("coordinator", 3), ("partner", 1), ("policy_officer", 1),
    ("administrator", 1),
)  # fmt: skip


def visitors() -> list[dict[str, Any]]:
    """Sixteen people as plain values, those of a team each of another team; residents need none of this."""
    found: list[dict[str, Any]] = []
    teams = Team.objects.filter(areas__kind="BU").distinct().order_by("pk")
    for role, number in MIX:
        for place in range(number):
            member = Membership.objects.filter(role=role).select_related("user", "team").order_by("pk")
            chosen = member.filter(team=teams[len(found)]).first() or member.first()
            assert chosen is not None
            found.append({"role": role, "place": place, **_of(chosen)})
    return found


def keep(file: Path) -> None:
    """Write them where the load reads them, with the receipt codes that residents hold."""
    codes = [code_of(n) for n in range(CODES)]
    file.write_text(json.dumps({"visitors": visitors(), "codes": codes}), "utf-8")


def _of(membership: Membership) -> dict[str, Any]:
    found: dict[str, Any] = {
        "session": session_of(membership.user),
        "organisation": Organisation.objects.earliest("pk").pk,
    }
    team = membership.team
    if team is None:
        return found
    areas = list(team.areas.filter(kind="BU").values_list("pk", flat=True))
    signals = Signal.objects.filter(area__in=areas, state=State.ACCEPTED)
    meeting = Meeting.objects.get_or_create(
        team=team, date="2026-01-05", defaults={"closed": "2026-01-05T12:00Z"}
    )[0]
    return found | {
        "areas": areas,
        "signals": list(signals.values_list("pk", flat=True)[:100]),
        "patterns": list(Pattern.objects.filter(areas__in=areas, shown=True).values_list("pk", flat=True)[:5])
        or list(Pattern.objects.filter(areas__in=areas).values_list("pk", flat=True)[:5]),
        "questions": list(SharedQuestion.objects.filter(team=team).values_list("pk", flat=True)[:10]),
        "meetings": [meeting.pk],
        "plans": list(Arrangement.objects.filter(team=team).values_list("pk", flat=True)[:10]),
        "offers": list(Provision.objects.filter(area__in=areas).values_list("pk", flat=True)[:20]),
    }


def session_of(user: User) -> str:
    """The key of a session in which this person, who has a second step, is logged in."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
