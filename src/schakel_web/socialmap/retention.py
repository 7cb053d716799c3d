"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schakel_web.privacy.retention import MONTH, Rule, rule
from schakel_web.socialmap.models import Doubt

rule(
    Rule(
        "map_doubts",
        _("Meldingen dat iets op de sociale kaart niet klopt, worden 24 maanden na afhandeling verwijderd."),
        24 * MONTH,
        lambda before: Doubt.objects.filter(settled__lt=before).count(),
        lambda before: Doubt.objects.filter(settled__lt=before).delete()[0],
    )
)
