"""What this room removes when its time is over (R15)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schakel_web.privacy.retention import MONTH, Rule, rule
from schakel_web.socialmap.models import CoverageRun, Doubt, Draft

rule(
    Rule(
        "map_doubts",
        _("Meldingen dat iets op de sociale kaart niet klopt, worden 24 maanden na afhandeling verwijderd."),
        24 * MONTH,
        lambda before: Doubt.objects.filter(settled__lt=before).count(),
        lambda before: Doubt.objects.filter(settled__lt=before).delete()[0],
    )
)
rule(
    Rule(
        "map_drafts",
        _(
            "Ingelezen bestanden met aanbod worden na een maand verwijderd; wat is overgenomen, staat op de kaart."
        ),
        MONTH,
        lambda before: Draft.objects.filter(at__lt=before).count(),
        lambda before: Draft.objects.filter(at__lt=before).delete()[0],
    )
)
rule(
    Rule(
        "map_coverage",
        _("Berekeningen van vraag en aanbod van meer dan 24 maanden oud worden verwijderd."),
        24 * MONTH,
        lambda before: CoverageRun.objects.filter(created__lt=before).count(),
        lambda before: CoverageRun.objects.filter(created__lt=before).delete()[0],
    )
)
