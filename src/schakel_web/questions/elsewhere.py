"""A pattern may lie across a border of teams: each sees it whole, one decides, the others hear it (docs/adr/0018)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from schakel_web.network.models import Team
from schakel_web.questions.models import Dismissal, Pattern, PatternState, SharedQuestion

_MOST = 10


class Decided(NamedTuple):
    """What another team did with a pattern that also lies here."""

    pattern: Pattern
    what: str
    at: datetime


def decided(team: Team, since: datetime) -> list[Decided]:
    """What others did since then with patterns in the areas of this team, newest first."""
    here = {"pattern__shown": True, "pattern__areas__in": team.areas.values("pk")}
    aside = (
        Dismissal.objects.filter(**here, at__gte=since, pattern__state=PatternState.DISMISSED)
        .exclude(by__memberships__team=team)
        .select_related("pattern", "by").distinct()[:_MOST]
    )  # fmt: skip
    taken = (
        SharedQuestion.objects.filter(**here, created__gte=since, pattern__state=PatternState.TAKEN)
        .exclude(team=team)
        .select_related("pattern", "team").order_by("-created", "-pk").distinct()[:_MOST]
    )  # fmt: skip
    found = [Decided(d.pattern, _put_aside(d), d.at) for d in aside]
    found += [Decided(q.pattern, taken_up(q.team), q.created) for q in taken if q.pattern]
    return sorted(found, key=lambda each: each.at, reverse=True)[:_MOST]


def _put_aside(dismissal: Dismissal) -> str:
    said = _("terzijde gelegd door %(who)s: %(why)s")
    return said % {
        "who": dismissal.by or _("een ander team"),
        "why": f"{dismissal.get_reason_display()}. {dismissal.note}".strip(),
    }


def taken_up(team: Team) -> str:
    """That a team opened a question about it."""
    return _("%(team)s opende hierover een vraag") % {"team": team}
