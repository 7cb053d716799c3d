"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "schakel_web.privacy"
    label = "privacy"
    verbose_name = "Privacy"
