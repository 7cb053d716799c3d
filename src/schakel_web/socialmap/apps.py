"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class SocialMapConfig(AppConfig):
    """See the package."""

    name = "schakel_web.socialmap"
    label = "socialmap"
    verbose_name = "Sociale kaart"
    zone = Zone.AREA
    read_by = frozenset({Permission.MAP_READ})

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.socialmap import retention  # noqa: F401, PLC0415  it registers its rules
