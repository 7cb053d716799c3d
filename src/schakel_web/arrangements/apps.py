"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class ArrangementsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.arrangements"
    label = "arrangements"
    verbose_name = "Arrangementen"

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.arrangements import retention  # noqa: F401, PLC0415  it registers its rules
