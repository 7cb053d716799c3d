"""Two people who change the same record at once: one wins, the other is told."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class ConflictError(Exception):
    """Somebody else changed this in the meantime; nothing was changed now."""


def claim(record: models.Model, version: int) -> None:
    """Go one version up from the one that was on the screen, or ConflictError."""
    rows = type(record)._default_manager.filter(pk=record.pk, version=version)
    if not rows.update(version=F("version") + 1):
        raise ConflictError
