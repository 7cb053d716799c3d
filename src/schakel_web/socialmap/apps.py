"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class SocialMapConfig(AppConfig):
    """See the package."""

    name = "schakel_web.socialmap"
    label = "socialmap"
    verbose_name = _("Sociale kaart")
    zone = Zone.AREA
    read_by = frozenset({Permission.MAP_READ})
    logged: ClassVar[dict[str, str | Promise]] = {
        "socialmap.add": _("aanbod toegevoegd"),
        "socialmap.edit": _("aanbod verbeterd"),
        "socialmap.place": _("aanbod een andere plaats in het kwadrant gegeven"),
        "socialmap.confirm": _("bevestigd dat aanbod nog klopt"),
        "socialmap.confirm_together": _("bevestigd dat meer aanbod tegelijk nog klopt"),
        "socialmap.ask": _("contactpersoon gemaild of aanbod nog klopt"),
        "socialmap.doubt": _("gemeld dat iets niet klopt"),
        "socialmap.settle": _("melding dat iets niet klopt afgehandeld"),
        "socialmap.answer_missing": _("nagegaan of aanbod dat in een bestand ontbrak er nog is"),
        "socialmap.state": _("aanbod verdwenen, gepauzeerd of teruggekomen"),
        "socialmap.answer_loss": _("vastgelegd wat er na verlies van aanbod gebeurt"),
        "socialmap.inclusion": _("nagegaan voor wie aanbod moeilijk is"),
        "socialmap.plan_task": _("taak voor een kwartiermaker gepland"),
        "socialmap.finish_task": _("taak van een kwartiermaker afgerond"),
        "socialmap.prepare": _("bestand met aanbod klaargezet"),
        "socialmap.choose": _("gekozen of aanbod uit een bestand hetzelfde is"),
        "socialmap.import": _("aanbod ingelezen uit een bestand"),
        "socialmap.discard": _("klaargezet bestand met aanbod weggegooid"),
        "socialmap.mapping": _("indeling van kolommen bewaard"),
        "socialmap.export": _("aanbod meegenomen als bestand"),
        "socialmap.coverage": _("berekening van vraag en aanbod gevraagd"),
        "socialmap.read_coverage": _("vraag en aanbod bekeken"),
    }

    def ready(self) -> None:
        """Retention rules are known from the start, and so are the names of the map: they are nobody's."""
        from schakel_web.network.names import also  # noqa: PLC0415  after the models
        from schakel_web.socialmap import retention  # noqa: F401, PLC0415  it registers its rules
        from schakel_web.socialmap.search import named_in  # noqa: PLC0415

        also(named_in)
