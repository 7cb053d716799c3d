"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package."""

    name = "schakel_web.audit"
    label = "audit"
    verbose_name = "Logboek"
