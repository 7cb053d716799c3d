"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import Permission


class ArrangementsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.arrangements"
    label = "arrangements"
    verbose_name = _("Arrangementen")
    zone = Zone.AREA
    read_by = frozenset({Permission.ARRANGEMENT_WORK, Reader.CODE})
    logged: ClassVar[dict[str, str | Promise]] = {
        "arrangements.begin": _("arrangement begonnen"),
        "arrangements.read": _("arrangement bekeken"),
        "arrangements.print": _("arrangement afgedrukt"),
        "arrangements.frame": _("wensen en grenzen van een bewoner vastgelegd"),
        "arrangements.suggest": _("voorstel voor een arrangement laten maken"),
        "arrangements.accept": _("voorstel voor een arrangement overgenomen"),
        "arrangements.reject": _("voorstel voor een arrangement niet overgenomen"),
        "arrangements.add": _("onderdeel in een arrangement gezet"),
        "arrangements.change": _("onderdeel van een arrangement veranderd"),
        "arrangements.remove": _("onderdeel uit een arrangement gehaald"),
        "arrangements.follow": _("vastgelegd wat een onderdeel opleverde"),
        "arrangements.scale": _("hulp op- of afgeschaald"),
        "arrangements.remark": _("opmerking bij een arrangement gemaakt"),
        "arrangements.agree": _("akkoord gegeven op een arrangement"),
        "arrangements.move": _("arrangement gestart of afgesloten"),
        "arrangements.withdraw": _("arrangement ingetrokken door de bewoner"),
    }

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.arrangements import retention  # noqa: F401, PLC0415  it registers its rules
