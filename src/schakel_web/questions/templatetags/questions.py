"""Where a shared question stands, and what was said about a pattern, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from schakel_web.questions.models import QuestionState, SharedQuestion
from schakel_web.signals.tasks import speaks

register = template.Library()

_PATH = (
    QuestionState.SUSPECTED,
    QuestionState.EXPLORED,
    QuestionState.CONFIRMED,
    QuestionState.TAKEN_UP,
    QuestionState.ANSWERED,
)


@dataclass(frozen=True)
class Place:
    """One state on the way, and whether the question is past it, at it or before it."""

    label: str
    done: bool
    now: bool


@register.filter
def places(question: SharedQuestion) -> list[Place]:
    """The states in their order; a question that was parked or let go stands at none of them."""
    at = _PATH.index(QuestionState(question.state)) if question.state in _PATH else -1
    return [Place(str(state.label).capitalize(), i < at, i == at) for i, state in enumerate(_PATH)]


@register.filter
def explained(evidence: Mapping[str, str] | None) -> str:
    """What the library said about a pattern; in Dutch where an older result has nothing else."""
    known = evidence or {}
    dutch = known.get("explanation", "")
    return (known.get("explanation_en") or dutch) if speaks() == "en" else dutch
