"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class SignalsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.signals"
    label = "signals"
    verbose_name = "Signalen"
    zone = Zone.AREA
    read_by = frozenset({Permission.SIGNAL_READ})

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.signals import retention  # noqa: F401, PLC0415  it registers its rules
