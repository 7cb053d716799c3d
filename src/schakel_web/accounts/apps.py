"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class AccountsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    zone = Zone.STAFF
    read_by = frozenset({Permission.USERS_MANAGE, Reader.THEMSELVES})
    logged: ClassVar[dict[str, str | Promise]] = {
        "account.login": _("inloggen"),
        "account.logout": _("uitgelogd"),
        "account.not_invited": _("inloggen zonder uitnodiging"),
        "account.password_changed": _("wachtwoord veranderd"),
        "account.password_reset": _("nieuw wachtwoord gemaakt na vergeten"),
        "account.provider_linked": _("account verbonden met het inloggen van de organisatie"),
        "account.second_step_added": _("tweede stap van het inloggen ingesteld"),
        "account.second_step_removed": _("tweede stap van het inloggen weggehaald"),
        "account.recovery_codes_renewed": _("nieuwe herstelcodes gemaakt"),
        "account.second_step_refused": _("tweede stap van het inloggen mislukt"),
    }
