"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "schakel_web.privacy"
    label = "privacy"
    verbose_name = "Privacy"
    zone = Zone.SOFTWARE
    read_by = frozenset({Permission.RETENTION_MANAGE})
