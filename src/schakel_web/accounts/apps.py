"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.accounts"
    label = "accounts"
    verbose_name = "Accounts"
