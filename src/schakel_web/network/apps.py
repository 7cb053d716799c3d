"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class NetworkConfig(AppConfig):
    """See the package."""

    name = "schakel_web.network"
    label = "network"
    verbose_name = _("Gebied en netwerk")
    zone = Zone.AREA
    read_by = frozenset({Permission.MAP_READ, Permission.NETWORK_MANAGE, Reader.EVERYBODY})
    logged: ClassVar[dict[str, str | Promise]] = {
        "network.invite": _("iemand uitgenodigd"),
        "network.invite_again": _("uitnodiging opnieuw gestuurd"),
        "network.withdraw_invitation": _("uitnodiging ingetrokken"),
        "network.accept": _("uitnodiging aangenomen"),
        "network.end_membership": _("rol van iemand beëindigd"),
        "network.switch_user": _("account van iemand aan- of uitgezet"),
        "network.save_team": _("team bewaard"),
        "network.save_organisation": _("organisatie bewaard"),
        "network.keep_division": _("gebieden ingelezen uit een bestand"),
        "network.keep_figures": _("kerncijfers ingelezen uit een bestand"),
    }

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.network import retention  # noqa: F401, PLC0415  it registers its rules
