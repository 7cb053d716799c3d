"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class AuditConfig(AppConfig):
    """See the package."""

    name = "schakel_web.audit"
    label = "audit"
    verbose_name = "Logboek"
    zone = Zone.STAFF
    read_by = frozenset({Permission.AUDIT_READ})

    def ready(self) -> None:
        """Listen to logins."""
        from schakel_web.audit.logins import connect  # noqa: PLC0415  models have to be there first

        connect()
