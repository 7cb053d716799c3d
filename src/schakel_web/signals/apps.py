"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class SignalsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.signals"
    label = "signals"
    verbose_name = _("Signalen")
    zone = Zone.AREA
    read_by = frozenset({Permission.SIGNAL_READ})
    logged: ClassVar[dict[str, str | Promise]] = {
        "signals.give": _("signaal of hulpvraag gegeven"),
        "signals.correct": _("signaal verbeterd"),
        "signals.withdraw": _("signaal ingetrokken"),
        "signals.moderate": _("signaal van buiten beoordeeld"),
        "signals.clarify": _("hulpvraag verhelderd"),
        "signals.weigh": _("afweging bij een hulpvraag gemaakt"),
        "signals.reply": _("laten weten wat er met signalen is gedaan"),
        "signals.read": _("signaal bekeken"),
        "signals.search": _("lijst van signalen bekeken"),
        "signals.export": _("signalen meegenomen als bestand"),
        "signals.import": _("signalen ingelezen uit een bestand"),
    }

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.signals import retention  # noqa: F401, PLC0415  it registers its rules
