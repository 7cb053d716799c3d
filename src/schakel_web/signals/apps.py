"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.signals"
    label = "signals"
    verbose_name = "Signalen"

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.signals import retention  # noqa: F401, PLC0415  it registers its rules
