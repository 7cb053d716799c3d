"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class NetworkConfig(AppConfig):
    """See the package."""

    name = "schakel_web.network"
    label = "network"
    verbose_name = "Gebied en netwerk"
    zone = Zone.AREA
    read_by = frozenset({Permission.MAP_READ, Permission.NETWORK_MANAGE, Reader.EVERYBODY})

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.network import retention  # noqa: F401, PLC0415  it registers its rules
