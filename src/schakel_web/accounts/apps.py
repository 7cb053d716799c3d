"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class AccountsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    zone = Zone.STAFF
    read_by = frozenset({Permission.USERS_MANAGE, Reader.THEMSELVES})
