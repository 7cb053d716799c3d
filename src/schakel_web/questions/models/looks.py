"""Looking at what exists before something new begins: obliged, and recorded with what came of it (S005, S012)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schakel_web.questions.models.shared import SharedQuestion
from schakel_web.socialmap.models import Provision


class LookResult(models.TextChoices):
    """What people choose after looking."""

    JOIN = "join", _("aansluiten bij wat er is")
    GROW = "grow", _("iets laten groeien of open laten gaan")
    BUILD = "build", _("samen iets nieuws beginnen")


class Look(models.Model):
    """Somebody looked at existing ties and offers for a shared question ('bestaand aanbod bekeken')."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="looks")
    result = models.CharField(_("wat kiest u?"), max_length=10, choices=LookResult.choices)
    provision = models.ForeignKey(
        Provision,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="looks",
        verbose_name=_("bij welk aanbod?"),
    )
    reason = models.CharField(_("waarom"), max_length=500)
    advised = models.CharField(max_length=10, blank=True)  # what was suggested then (R10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"question", "result", "provision", "reason", "advised", "at"}
    purpose = _("Eerst zien wat er al is, voordat er iets nieuws begint (S012).")
    kept = _("zolang de vraag er is")

    class Meta:
        verbose_name = _("blik op bestaand aanbod")
        ordering = ("-at", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_look_has_a_reason")]

    def __str__(self) -> str:
        return self.result
