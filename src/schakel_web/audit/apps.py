"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class AuditConfig(AppConfig):
    """See the package."""

    name = "schakel_web.audit"
    label = "audit"
    verbose_name = _("Logboek")
    zone = Zone.STAFF
    read_by = frozenset({Permission.AUDIT_READ})
    logged: ClassVar[dict[str, str | Promise]] = {
        "audit.read": _("logboek bekeken"),
        "audit.read_month": _("maand van het logboek bekeken"),
        "audit.export": _("logboek meegenomen als bestand"),
        "audit.verified": _("nagegaan of het logboek heel is"),
        "audit.reviewed": _("maand van het logboek afgetekend"),
    }

    def ready(self) -> None:
        """Listen to logins."""
        from schakel_web.audit.logins import connect  # noqa: PLC0415  models have to be there first

        connect()
