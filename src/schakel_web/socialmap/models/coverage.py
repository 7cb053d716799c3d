"""What there is against what is asked, worked out in the background and kept with how (R11)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission


class CoverageState(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", _("wacht")
    DONE = "done", _("klaar")
    FAILED = "failed", _("mislukt")


class CoverageRun(models.Model):
    """One calculation of coverage: parameters, version, and the result as published (R7) and as the teams see it."""

    state = models.CharField(max_length=10, choices=CoverageState.choices, default=CoverageState.WAITING)
    parameters = models.JSONField(default=dict)
    version = models.CharField(max_length=20, blank=True)  # of the library
    result = models.JSONField(default=dict)
    message = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "state", "parameters", "version", "result", "message", "created", "finished",
    }  # fmt: skip
    purpose = _("Zien waar aanbod ontbreekt voor wat mensen vragen, zonder kleine aantallen (R7).")
    kept = _("24 maanden")
    read_by = frozenset({Permission.COVERAGE_READ})

    class Meta:
        verbose_name = _("berekening van vraag en aanbod")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="waiting"), name="one_coverage_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M}"
