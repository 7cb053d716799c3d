"""Two people who change the same record at once: one wins, the other is told."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _


class ConflictError(Exception):
    """Somebody else changed this in the meantime; nothing was changed now."""


def conflict() -> str:
    """What the second of two people reads."""
    return _(
        "Iemand anders heeft dit net veranderd. Er is nu niets veranderd. Kijk even en probeer het opnieuw."
    )


def claim(record: models.Model, version: int, **still: Any) -> None:
    """Go one version up from the one that was on the screen, and only while `still` holds; or ConflictError."""
    rows = type(record)._default_manager.filter(pk=record.pk, version=version, **still)
    if not rows.update(version=F("version") + 1):
        raise ConflictError
