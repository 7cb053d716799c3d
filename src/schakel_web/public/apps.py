"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """See the package."""

    name = "schakel_web.public"
    label = "public"
    verbose_name = "Openbaar"
