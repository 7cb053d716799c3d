"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package."""

    name = "schakel_web.audit"
    label = "audit"
    verbose_name = "Logboek"

    def ready(self) -> None:
        """Listen to logins."""
        from schakel_web.audit.logins import connect  # noqa: PLC0415  models have to be there first

        connect()
