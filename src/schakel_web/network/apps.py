"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """See the package."""

    name = "schakel_web.network"
    label = "network"
    verbose_name = "Gebied en netwerk"

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.network import retention  # noqa: F401, PLC0415  it registers its rules
