"""The register of what was removed because its time was over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Removal(models.Model):
    """One rule of the retention job, once: how many records, and of before which moment."""

    at = models.DateTimeField(_("wanneer"), auto_now_add=True)
    rule = models.CharField(_("regel"), max_length=60)
    before = models.DateTimeField(_("van voor"))
    number = models.PositiveIntegerField(_("aantal"))

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"at", "rule", "before", "number"}
    purpose = _("Kunnen laten zien dat bewaartermijnen worden nagekomen (AVG artikel 5 lid 1e).")
    kept = _("onbeperkt: er staan alleen aantallen in")

    class Meta:
        verbose_name = _("verwijdering")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.rule} {self.number}"
