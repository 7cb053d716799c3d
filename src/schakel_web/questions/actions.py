"""Every write of people in this room. Two people deciding at once: one wins, the other is told (ConflictError).

The log is written last in every transaction: its head is one row that all writers wait for, and whoever holds it waits
for nobody. Rows are locked without their key: a reference to a row is checked at the very end, after the log.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.models import Organisation, Team
from schakel_web.network.versions import ConflictError, claim
from schakel_web.questions.models import (
    Check,
    Decision,
    Dismissal,
    Meeting,
    Pattern,
    PatternState,
    Promise,
    QuestionSignal,
    QuestionState,
    SharedQuestion,
    SparKind,
    Sparring,
    Step,
)
from schakel_web.questions.models.shared import NEEDS_CHECK, NEXT, CheckResult
from schakel_web.signals import actions as signal_actions
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.signals.models import Signal, SignalQuerySet

_TELLING = 2000  # signals that are linked to one question at most


class NotAllowedYetError(Exception):
    """A step that needs something else first."""


class LookFirstError(NotAllowedYetError):
    """Nobody looked yet at what exists (S012)."""


class TakenError(ConflictError):
    """Another organisation took the question over before."""


def dismiss(*, pattern: Pattern, version: int, reason: str, note: str, by: User) -> Dismissal:
    """Put a pattern aside, with a reason (R10)."""
    refuse_personal_data(note)
    with transaction.atomic():
        claim(pattern, version)
        Pattern.objects.filter(pk=pattern.pk).update(state=PatternState.DISMISSED)
        dismissal = Dismissal(pattern=pattern, reason=reason, note=note.strip(), by=by)
        dismissal.save()
        record(action="questions.dismiss", subject=pattern, by=by, reason=reason)
    return dismissal


def reopen(*, pattern: Pattern, version: int, by: User) -> None:
    """Look at a pattern again that was put aside."""
    with transaction.atomic():
        claim(pattern, version)
        Pattern.objects.filter(pk=pattern.pk).update(state=PatternState.OPEN)
        record(action="questions.reopen", subject=pattern, by=by)


def signals_of(pattern: Pattern) -> SignalQuerySet:
    """The signals in a pattern as it was last seen: its theme, areas and days."""
    seen = pattern.latest
    rows = Signal.objects.counting().filter(themes__theme=pattern.theme)
    if seen is None:
        return rows.none()
    return rows.filter(area__in=seen.areas.values("pk"), date__gte=seen.start, date__lte=seen.end)


def open_question(
    *,
    text: str,
    underlying: str,
    theme: str,
    areas: list[int],
    team: Team,
    by: User,
    pattern: Pattern | None = None,
    pattern_version: int = 0,
    signals: SignalQuerySet | None = None,
) -> SharedQuestion:
    """Open a shared question from a pattern, from chosen signals, or from a hunch (S021)."""
    refuse_personal_data(text, underlying)
    with transaction.atomic():
        if pattern is not None:
            claim(pattern, pattern_version)
            Pattern.objects.filter(pk=pattern.pk).update(state=PatternState.TAKEN)
        question = SharedQuestion(
            text=text.strip(),
            underlying=underlying.strip(),
            theme=theme,
            team=team,
            owner=by,
            pattern=pattern,
            evidence=pattern.latest.evidence if pattern and pattern.latest else {},
        )
        question.save()
        question.areas.set(areas)
        linked = signals if signals is not None else (signals_of(pattern) if pattern else None)
        if linked is not None:
            link(question, linked)
        Step(question=question, what="opened", after=question.state, by=by).save()
        record(action="questions.open", subject=question, by=by, pattern=pattern.pk if pattern else None)
    return question


def link(question: SharedQuestion, signals: SignalQuerySet) -> int:
    """Let signals belong to a question, so that whoever gave them hears what is done; safe to repeat."""
    numbers = list(signals.order_by("pk").values_list("pk", flat=True).distinct()[:_TELLING])
    QuestionSignal.objects.bulk_create(
        (QuestionSignal(question=question, signal_id=pk) for pk in numbers),
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(numbers)


def edit(
    *,
    question: SharedQuestion,
    version: int,
    text: str,
    underlying: str,
    theme: str,
    areas: list[int],
    by: User,
    available: str | None = None,
    needed: str | None = None,
) -> None:
    """Change the words, the theme or the areas; and, where that is the practice, what there is and is needed (S051)."""
    refuse_personal_data(text, underlying, available or "", needed or "")
    means = {k: v.strip() for k, v in (("available", available), ("needed", needed)) if v is not None}
    with transaction.atomic():
        claim(question, version, merged_into=None)
        held = SharedQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
        before, asked = held.text, _asked(held)
        held.text, held.underlying, held.theme = text.strip(), underlying.strip(), theme
        for name, value in means.items():
            setattr(held, name, value)
        held.save(update_fields=["text", "underlying", "theme", "changed", *means])
        held.areas.set(areas)
        Step(question=held, what="edited", why=before if before != held.text else "", by=by).save()
        if _asked(held) != asked:
            _ask_again(held, by=by)
        record(action="questions.edit", subject=held, by=by)


def _asked(question: SharedQuestion) -> tuple[str, str, frozenset[int]]:
    """What residents are asked whether they recognise it."""
    return question.text, question.theme, frozenset(question.areas.values_list("pk", flat=True))


def _ask_again(question: SharedQuestion, *, by: User) -> None:
    """What residents recognised is no longer what it says, or they say no: it is not confirmed any more (R13)."""
    if question.checked is None:
        return
    before, question.checked = question.state, None
    if before in NEEDS_CHECK:
        question.state = QuestionState.EXPLORED
    question.version += 1
    question.save(update_fields=["checked", "state", "version", "changed"])
    Step(question=question, what="again", before=before, after=question.state, by=by).save()


def move(*, question: SharedQuestion, version: int, to: str, why: str, by: User, tell: str = "") -> None:
    """To another state, with a reason. Nothing is confirmed that was not checked with residents (R13).

    Everyone who signalled sees the new state with their code; `tell` adds what the team wants to say about it.
    """
    refuse_personal_data(why, tell)
    with transaction.atomic():
        claim(question, version, merged_into=None)
        held = SharedQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
        if to not in NEXT[held.state]:
            raise NotAllowedYetError(f"From {held.state} to {to} is no step.")
        if to in NEEDS_CHECK and held.checked is None:
            raise NotAllowedYetError("This was not checked with residents yet (R13).")
        if to == QuestionState.TAKEN_UP and not held.looks.exists():
            raise LookFirstError("Nobody looked yet at what exists (S012).")
        Step(question=held, before=held.state, after=to, why=why.strip(), by=by).save()
        held.state = to
        held.save(update_fields=["state", "changed"])
        if tell.strip():
            say_back(question=held, text=tell, by=by)
        record(action="questions.move", subject=held, by=by, to=to)


def check(
    *, question: SharedQuestion, day: date, how: str, people: int, said: str, result: str, by: User
) -> Check:
    """Keep what residents said about it; what they said last counts (R13)."""
    refuse_personal_data(how, said)
    with transaction.atomic():
        made = Check(question=question, date=day, how=how, people=people, said=said, result=result, by=by)
        made.save()
        held = SharedQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
        if result == CheckResult.NOT:
            if held.checked is not None and held.checked <= day:
                _ask_again(held, by=by)
        elif (held.checked or date.min) < day and not _overtaken(held, day):
            SharedQuestion.objects.filter(pk=held.pk).update(checked=day)
        record(action="questions.check", subject=question, by=by, people=people, result=result)
    return made


def _overtaken(question: SharedQuestion, day: date) -> bool:
    """Whether residents said no after that day, or it was about other words."""
    changed = question.steps.filter(what="again").order_by("-pk").values_list("at", flat=True).first()
    said_no = question.checks.filter(result=CheckResult.NOT, date__gt=day).exists()
    return said_no or (changed is not None and timezone.localdate(changed) > day)


def give_to(*, question: SharedQuestion, version: int, owner: User, by: User) -> None:
    """Somebody else of the team takes the lead."""
    with transaction.atomic():
        claim(question, version, merged_into=None)
        SharedQuestion.objects.filter(pk=question.pk).update(owner=owner, changed=timezone.now())
        Step(question=question, what="owner", by=by).save()
        record(action="questions.owner", subject=question, by=by, owner=owner.pk)


def merge(*, question: SharedQuestion, version: int, into: SharedQuestion, why: str, by: User) -> None:
    """Two questions turn out to be one: signals, areas and checks go along, and the way back stays visible."""
    refuse_personal_data(why)
    if question.pk == into.pk or into.merged_into_id:
        raise NotAllowedYetError("A question cannot be merged into itself, or into one that was merged.")
    with transaction.atomic():
        both = SharedQuestion.objects.select_for_update(no_key=True).filter(pk__in=[question.pk, into.pk])
        list(
            both.order_by("pk").values_list("pk")
        )  # always in the same order, so that nobody waits for each other
        claim(question, version, merged_into=None)
        if not SharedQuestion.objects.filter(pk=into.pk, merged_into=None).update(
            version=F("version") + 1, changed=timezone.now()
        ):
            raise ConflictError
        moved = Signal.objects.filter(questions__question=question)
        link(into, moved)
        held = SharedQuestion.objects.get(pk=into.pk)
        asked = _asked(held)
        held.areas.add(*question.areas.all())
        if question.checked is None and _asked(held) != asked:
            _ask_again(held, by=by)
        question.checks.update(question=into)
        question.promises.filter(done=None).update(question=into)
        SharedQuestion.objects.filter(pk=question.pk).update(
            merged_into=into, state=QuestionState.LET_GO, changed=timezone.now()
        )
        Step(question=question, what="merged", after=QuestionState.LET_GO, why=why.strip(), by=by).save()
        Step(question=into, what="merged", after=held.state, why=why.strip(), by=by).save()
        record(action="questions.merge", subject=question, by=by, into=into.pk)


def split(
    *, question: SharedQuestion, version: int, text: str, theme: str, areas: list[int], by: User
) -> SharedQuestion:
    """One question turns out to be two: the signals with that theme in those areas go to the new one as well."""
    refuse_personal_data(text)
    with transaction.atomic():
        claim(question, version, merged_into=None)
        part = SharedQuestion(
            text=text.strip(), theme=theme, team=question.team, owner=by, split_from=question
        )
        part.save()
        part.areas.set(areas)
        link(part, Signal.objects.filter(questions__question=question, area__in=areas, themes__theme=theme))
        Step(question=question, what="split", after=question.state, by=by).save()
        Step(question=part, what="opened", after=part.state, by=by).save()
        record(action="questions.split", subject=question, by=by, part=part.pk)
    return part


def ask_along(*, question: SharedQuestion, to: Organisation, kind: str, asked: str, by: User) -> Sparring:
    """Ask another organisation to think along or to take over: the question, and nobody's data (S052)."""
    refuse_personal_data(asked)
    with transaction.atomic():
        made = Sparring(
            question=question, to=to, kind=kind, asked=asked.strip(), team_id=question.team_id, by=by
        )
        made.save()
        record(action="questions.ask_along", subject=question, by=by, to=to.pk, kind=kind)
    return made


def answer(
    *, sparring: Sparring, text: str, accepted: bool | None, by: User, team: Team | None = None
) -> None:
    """Answer such a request; once, or ConflictError. Who takes a question over gets it, and never a file (S052).

    With a `team` of that organisation the question is its own from now on; the team that asked keeps following it.
    """
    refuse_personal_data(text)
    with transaction.atomic():
        done = Sparring.objects.filter(pk=sparring.pk, answered=None).update(
            answer=text.strip(), accepted=accepted, answered=timezone.now(), answered_by=by
        )
        if not done:
            raise ConflictError
        if accepted and sparring.kind == SparKind.HANDOVER:
            _take_over(sparring, why=text, by=by, team=team)
        record(action="questions.answer", subject=sparring, by=by, accepted=accepted)


def _take_over(sparring: Sparring, *, why: str, by: User, team: Team | None) -> None:
    """Whoever says yes first gets it; all others who were asked read that it is taken."""
    question = SharedQuestion.objects.select_for_update(no_key=True).get(pk=sparring.question_id)
    others = question.sparrings.filter(kind=SparKind.HANDOVER).exclude(pk=sparring.pk)
    if (
        question.merged_into_id
        or question.team_id != sparring.team_id
        or others.filter(accepted=True).exists()
    ):
        raise TakenError
    others.filter(answered=None).update(answered=timezone.now(), accepted=False)
    if team is not None:
        SharedQuestion.objects.filter(pk=question.pk).update(
            team=team, owner=by, version=F("version") + 1, changed=timezone.now()
        )
    what = "handed" if team else "partner"
    Step(question=question, what=what, after=question.state, why=why.strip(), by=by).save()
    record(action="questions.take_over", subject=question, by=by, team=team.pk if team else None)


def promise(
    *, question: SharedQuestion, what: str, who: User, due: date, by: User, meeting: Meeting | None = None
) -> Promise:
    """Who does what before when."""
    refuse_personal_data(what)
    with transaction.atomic():
        made = Promise(question=question, what=what.strip(), who=who, due=due, meeting=meeting)
        made.save()
        record(action="questions.promise", subject=question, by=by, who=who.pk)
    return made


def keep_promise(*, promised: Promise, by: User) -> None:
    """It was done."""
    with transaction.atomic():
        if not Promise.objects.filter(pk=promised.pk, done=None).update(done=timezone.now()):
            raise ConflictError
        record(action="questions.keep_promise", subject=promised, by=by)


def say_back(*, question: SharedQuestion, text: str, by: User) -> int:
    """Tell everyone who signalled what is done with it; they read it with their code (R13)."""
    with transaction.atomic():
        Step(question=question, what="told", after=question.state, why=text.strip()[:1000], by=by).save()
        told = Signal.objects.filter(questions__question=question)
        return signal_actions.reply(signals=told, text=text, by=by)


def start_meeting(*, team: Team, by: User) -> Meeting:
    """The meeting of today; the one that is open goes on."""
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        old = Meeting.objects.filter(team=team, closed=None).first()
        if old and old.date >= timezone.localdate() - timedelta(days=1):
            return old
        if old:
            Meeting.objects.filter(pk=old.pk).update(closed=timezone.now())
        meeting = Meeting(team=team, date=timezone.localdate(), by=by)
        meeting.save()
        record(action="questions.start_meeting", subject=meeting, by=by)
    return meeting


def decide(
    *,
    meeting: Meeting,
    text: str,
    by: User,
    pattern: Pattern | None = None,
    question: SharedQuestion | None = None,
    who: User | None = None,
    due: date | None = None,
) -> Decision:
    """Write down what was decided; about a question, with a name and a day, it is a promise as well.

    ConflictError when somebody closed the meeting a moment before.
    """
    refuse_personal_data(text)
    with transaction.atomic():
        if Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk).closed:
            raise ConflictError
        if question is not None and who is not None and due is not None:
            promise(question=question, what=text, who=who, due=due, by=by, meeting=meeting)
        made = Decision(meeting=meeting, text=text.strip(), pattern=pattern, question=question, by=by)
        made.save()
        record(action="questions.decide", subject=meeting, by=by)
    return made


def close_meeting(*, meeting: Meeting, present: int | None, notes: str, by: User) -> None:
    """The minutes are done."""
    refuse_personal_data(notes)
    with transaction.atomic():
        if not Meeting.objects.filter(pk=meeting.pk, closed=None).update(
            closed=timezone.now(), present=present, notes=notes.strip()
        ):
            raise ConflictError
        record(action="questions.close_meeting", subject=meeting, by=by)
