"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.privacy.retention import MONTH, Rule, rule
from schakel_web.signals.models import (
    Clarification,
    Reply,
    Signal,
    SignalQuerySet,
    SignalWord,
    Weighing,
    Word,
)

REASON_GONE = "–"  # a choice without a reason would be no choice: that there was one stays


def _old(before: datetime) -> SignalQuerySet:
    return Signal.objects.filter(created__lt=before, text_removed=None).exclude(text="", case_reference="")


def _remove_texts(before: datetime) -> int:
    old = _old(before)
    SignalWord.objects.filter(signal__in=old.values("pk")).delete()
    Clarification.objects.filter(signal__created__lt=before).delete()
    Reply.objects.filter(signal__created__lt=before).delete()
    reasons = Weighing.objects.filter(signal__created__lt=before).exclude(reason__in=("", REASON_GONE))
    reasons.update(reason=REASON_GONE)
    return old.update(text="", case_reference="", text_removed=timezone.now())


rule(
    Rule(
        "signal_text",
        _(
            "De tekst van signalen van meer dan 18 maanden oud wordt verwijderd; datum, buurt, thema en aantal blijven."
        ),
        18 * MONTH,
        lambda before: _old(before).count(),
        _remove_texts,
    )
)


def _unused() -> QuerySet[Word]:
    return Word.objects.exclude(pk__in=SignalWord.objects.values("word"))


rule(
    Rule(
        "words",
        _("Woorden om op te zoeken die in geen signaal meer staan, worden verwijderd."),
        timedelta(0),
        lambda _before: _unused().count(),
        lambda _before: _unused().delete()[0],
    )
)
