"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from schakel_web.privacy.retention import MONTH, Rule, rule
from schakel_web.questions.models import Meeting, Pattern, Publication, Run


def _old(before: datetime) -> tuple[object, ...]:
    return (
        Pattern.objects.filter(last__lt=before.date(), questions=None),
        Run.objects.filter(created__lt=before),
        Meeting.objects.filter(date__lt=before.date()),
        Publication.objects.filter(made__lt=before),
    )


rule(
    Rule(
        "suggestions",
        _("Patronen, zoektochten en verslagen van meer dan 24 maanden oud worden verwijderd."),
        24 * MONTH,
        lambda before: sum(rows.count() for rows in _old(before)),  # type: ignore[attr-defined]
        lambda before: sum(rows.delete()[0] for rows in _old(before)),  # type: ignore[attr-defined]
    )
)
