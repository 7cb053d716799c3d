"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class SocialMapConfig(AppConfig):
    """See the package."""

    name = "schakel_web.socialmap"
    label = "socialmap"
    verbose_name = "Sociale kaart"

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.socialmap import retention  # noqa: F401, PLC0415  it registers its rules
