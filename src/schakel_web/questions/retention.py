"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schakel_web.privacy.retention import MONTH, Rule, rule
from schakel_web.questions.models import Meeting, Pattern, Publication, QuestionState, Run, SharedQuestion


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


def _ended(before: datetime) -> QuerySet[SharedQuestion]:
    """Questions on which nobody works any more; what hangs on them goes with them."""
    over = (QuestionState.ANSWERED, QuestionState.PARKED, QuestionState.LET_GO)
    return SharedQuestion.objects.filter(state__in=over, changed__lt=before)


rule(
    Rule(
        "questions",
        _("Vragen waaraan 24 maanden niet meer is gewerkt, worden verwijderd, met wat erbij hoort."),
        24 * MONTH,
        lambda before: _ended(before).count(),
        lambda before: _ended(before).delete()[1].get("questions.SharedQuestion", 0),
    )
)
