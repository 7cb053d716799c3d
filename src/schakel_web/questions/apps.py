"""The room within Django."""

from __future__ import annotations

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """See the package."""

    name = "schakel_web.questions"
    label = "questions"
    verbose_name = "Vragen"

    def ready(self) -> None:
        """Retention rules are known from the start."""
        from schakel_web.questions import retention  # noqa: F401, PLC0415  it registers its rules
