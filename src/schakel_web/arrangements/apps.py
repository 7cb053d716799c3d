"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class ArrangementsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.arrangements"
    label = "arrangements"
    verbose_name = "Arrangementen"
    zone = Zone.AREA
    read_by = frozenset({Permission.ARRANGEMENT_WORK, Reader.CODE})

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.arrangements import retention  # noqa: F401, PLC0415  it registers its rules
