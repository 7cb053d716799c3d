"""What whoever gave a signal may know of the questions that it became part of: plain Dutch, and no names (R13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.questions.models import QuestionState, SharedQuestion, Step
from schakel_web.signals.models import Signal

_MERGED = 5  # questions that went up in one another, followed at most
_SAID: dict[str, str | Promise] = {
    QuestionState.SUSPECTED: _("Het team denkt dat meer mensen dit hebben."),
    QuestionState.EXPLORED: _("Het team zoekt uit of meer mensen dit hebben."),
    QuestionState.CONFIRMED: _("Bewoners herkennen deze vraag."),
    QuestionState.TAKEN_UP: _("Er wordt nu iets aan gedaan."),
    QuestionState.ANSWERED: _("Er is een antwoord gevonden."),
    QuestionState.PARKED: _("Dit staat nu even stil."),
    QuestionState.LET_GO: _("Het team gaat hier niet mee verder."),
}


@dataclass(frozen=True)
class Told:
    """A question, and what was decided about it when, newest first."""

    question: SharedQuestion
    decided: list[tuple[datetime, str | Promise]]


def told_about(signal: Signal) -> list[Told]:
    """The questions of a signal as they are now; one that went up in another is told as that other."""
    moves = Step.objects.filter(what__in=["opened", "state"]).order_by("-pk")
    rows = SharedQuestion.objects.filter(links__signal=signal)
    found = {question.pk: question for question in rows}
    for _again in range(_MERGED):
        merged = {question.merged_into_id for question in found.values() if question.merged_into_id}
        if not merged:
            break
        found = {pk: question for pk, question in found.items() if not question.merged_into_id}
        found |= {question.pk: question for question in SharedQuestion.objects.filter(pk__in=merged)}
    whole = SharedQuestion.objects.filter(pk__in=found).prefetch_related(
        Prefetch("steps", moves, to_attr="moves")
    )
    return [Told(question, _decided(question)) for question in whole]


def _decided(question: SharedQuestion) -> list[tuple[datetime, str | Promise]]:
    moves: list[Step] = vars(question)["moves"]
    return [(step.at, _SAID[step.after]) for step in moves if step.after in _SAID]
