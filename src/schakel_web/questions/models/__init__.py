"""Records of this room: what the statistics suggest, what people decide, and the meeting where they do."""

from schakel_web.questions.models.looks import Look, LookResult
from schakel_web.questions.models.meetings import Decision, Meeting, Promise
from schakel_web.questions.models.patterns import Dismissal, Pattern, PatternState, Run, RunState, Sighting
from schakel_web.questions.models.publications import Publication
from schakel_web.questions.models.shared import (
    Check,
    QuestionSignal,
    QuestionState,
    SharedQuestion,
    SparKind,
    Sparring,
    Step,
)

__all__ = [
    "Check",
    "Decision",
    "Dismissal",
    "Look",
    "LookResult",
    "Meeting",
    "Pattern",
    "PatternState",
    "Promise",
    "Publication",
    "QuestionSignal",
    "QuestionState",
    "Run",
    "RunState",
    "SharedQuestion",
    "Sighting",
    "SparKind",
    "Sparring",
    "Step",
]
