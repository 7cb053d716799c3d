"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """See the package."""

    name = "schakel_web.ui"
    label = "ui"
    verbose_name = "Weergave"
