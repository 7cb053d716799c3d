"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """See the package."""

    name = "schakel_web.demo"
    label = "demo"
    verbose_name = "Demonstratie"
