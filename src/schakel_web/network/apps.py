"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """See the package."""

    name = "schakel_web.network"
    label = "network"
    verbose_name = "Gebied en netwerk"
