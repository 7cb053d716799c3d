"""Figures that left the team: what was published when, so that every number can be looked up again (R7, R11)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader
from schakel_web.accounts.roles import Permission

TOTAL = "total"  # the last column


class Publication(models.Model):
    """One protected table: people per area and area of life in a year, small numbers hidden and the rest rounded."""

    made = models.DateTimeField(_("gemaakt op"), auto_now_add=True)
    since = models.DateField(_("vanaf"))
    until = models.DateField(_("tot en met"))
    columns = models.JSONField(default=list)  # codes of the areas of life, and the total
    rows = models.JSONField(
        default=list
    )  # code, name, level (BU, WK, GM) and per column a number, or null: hidden
    attention = models.JSONField(
        default=dict
    )  # who gets it, beside where people live (R12); see `concentration`
    thresholds = models.JSONField(default=dict)
    version = models.CharField(max_length=20)  # of the library

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "made",
        "since",
        "until",
        "columns",
        "rows",
        "attention",
        "thresholds",
        "version",
    }
    purpose = _("Laten zien wat er speelt zonder dat iemand te herkennen is (R7, R13).")
    kept = _("24 maanden")
    read_by = frozenset({Permission.FIGURES_READ, Permission.RELEASED_READ, Reader.EVERYBODY})

    class Meta:
        verbose_name = _("vrijgegeven cijfers")
        verbose_name_plural = _("vrijgegeven cijfers")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.until}"

    @classmethod
    def needs(cls) -> dict[tuple[str, str], int]:
        """People by area of life and neighbourhood as the newest table says it; what is hidden is not there."""
        held = cls._default_manager.first()
        return {
            (column, row["code"]): value
            for row in (held.rows if held else [])
            if row["level"] == "BU"
            for column, value in zip(held.columns if held else [], row["values"], strict=True)
            if value is not None and column != TOTAL
        }
