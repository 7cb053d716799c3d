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
        """Retention rules are known from the start, and so are the names of the map: they are nobody's."""
        from schakel_web.network.names import also  # noqa: PLC0415  after the models
        from schakel_web.socialmap import retention  # noqa: F401, PLC0415  it registers its rules
        from schakel_web.socialmap.search import named_in  # noqa: PLC0415

        also(named_in)
