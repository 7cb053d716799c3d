"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig

from schakel_web.accounts.readers import Zone
from schakel_web.accounts.roles import Permission


class QuestionsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.questions"
    label = "questions"
    verbose_name = "Vragen"
    zone = Zone.AREA
    read_by = frozenset({Permission.QUESTION_READ})

    def ready(self) -> None:
        """Retention rules are known from the start, and what other rooms may know of the numbers that left."""
        from schakel_web.questions import retention  # noqa: F401, PLC0415  it registers its rules
        from schakel_web.questions.models import Publication  # noqa: PLC0415
        from schakel_web.socialmap.published import published_by  # noqa: PLC0415

        published_by(Publication.needs)
