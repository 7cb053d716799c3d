"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from schakel_web.arrangements.models import (
    Arrangement,
    ArrangementQuerySet,
    Choice,
    Component,
    Remark,
    Scaling,
    State,
)
from schakel_web.privacy.retention import MONTH, Rule, rule


def _old(before: datetime) -> ArrangementQuerySet:
    """Those that nobody changed, and of which words are left; one that runs without an end is kept (S032)."""
    return Arrangement.objects.filter(changed__lt=before).exclude(state=State.RUNNING).exclude(needs=[])


def _remove_texts(before: datetime) -> int:
    """Words, wishes and what was said go; what pointed where stays as a figure."""
    numbers = list(_old(before).values_list("pk", flat=True))
    Remark.objects.filter(arrangement__in=numbers).delete()
    Choice.objects.filter(arrangement__in=numbers).delete()
    Scaling.objects.filter(arrangement__in=numbers).delete()
    Component.objects.filter(arrangement__in=numbers).update(
        title="-", goal="", handover="", outcome_text="", themes=[]
    )
    return Arrangement.objects.filter(pk__in=numbers).update(
        goal="", needs=[], wishes={}, weights={}, suggestion={}, state=State.ENDED
    )


rule(
    Rule(
        "arrangement_text",
        _("De woorden, wensen en keuzes van arrangementen van meer dan 18 maanden oud worden verwijderd."),
        18 * MONTH,
        lambda before: _old(before).count(),
        _remove_texts,
    )
)
