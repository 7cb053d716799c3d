"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "schakel_web.privacy"
    label = "privacy"
    verbose_name = _("Privacy")
    zone = Zone.SOFTWARE
    read_by = frozenset({Permission.RETENTION_MANAGE})
    logged: ClassVar[dict[str, str | Promise]] = {
        "privacy.removed": _("gegevens verwijderd na de bewaartermijn"),
    }
