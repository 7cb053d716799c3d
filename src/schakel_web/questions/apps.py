"""The room within Django."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class QuestionsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.questions"
    label = "questions"
    verbose_name = _("Vragen")
    zone = Zone.AREA
    read_by = frozenset({Permission.QUESTION_READ})
    logged: ClassVar[dict[str, str | Promise]] = {
        "questions.run": _("zoektocht naar patronen gevraagd"),
        "questions.stop_run": _("zoektocht naar patronen gestopt"),
        "questions.rescue_run": _("zoektocht die stilviel opnieuw opgepakt"),
        "questions.keep_run": _("patronen van een zoektocht bewaard"),
        "questions.read_pattern": _("patroon bekeken"),
        "questions.dismiss": _("patroon terzijde gelegd"),
        "questions.reopen": _("patroon opnieuw opgepakt"),
        "questions.open": _("vraag geopend"),
        "questions.read": _("vraag bekeken"),
        "questions.edit": _("vraag bijgewerkt"),
        "questions.move": _("vraag een stap verder of terug gezet"),
        "questions.check": _("vraag besproken met bewoners"),
        "questions.look": _("vastgelegd welk aanbod er bij een vraag al is"),
        "questions.owner": _("vraag aan een andere procestrekker gegeven"),
        "questions.merge": _("vragen samengevoegd"),
        "questions.split": _("vraag gesplitst"),
        "questions.ask_along": _("andere organisatie om hulp bij een vraag gevraagd"),
        "questions.answer": _("andere organisatie antwoord gegeven"),
        "questions.take_over": _("vraag overgenomen"),
        "questions.promise": _("afspraak gemaakt"),
        "questions.keep_promise": _("afspraak nagekomen"),
        "questions.start_meeting": _("overleg begonnen"),
        "questions.decide": _("besluit vastgelegd"),
        "questions.close_meeting": _("overleg afgesloten"),
        "questions.export_minutes": _("verslag van een overleg meegenomen als bestand"),
        "questions.publish": _("cijfers vrijgegeven"),
        "questions.read_figures": _("vrijgegeven cijfers bekeken"),
        "questions.export_figures": _("vrijgegeven cijfers meegenomen als bestand"),
        "questions.read_attention": _("cijfers over aandacht bekeken"),
    }

    def ready(self) -> None:
        """Retention rules are known from the start, and what other rooms may know of the numbers that left."""
        from schakel_web.questions import retention  # noqa: F401, PLC0415  it registers its rules
        from schakel_web.questions.models import Publication  # noqa: PLC0415
        from schakel_web.socialmap.published import published_by  # noqa: PLC0415

        published_by(Publication.needs)
