"""Every write of this room: in one transaction, with a line in the log that holds no content."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.models import Area, Organisation, Team
from schakel_web.signals import search, tasks
from schakel_web.signals.models import (
    Clarification,
    Kind,
    Reply,
    Signal,
    SignalTheme,
    State,
    Weighing,
)
from schakel_web.signals.receipts import hashed, new_code


class ChangedMeanwhileError(ValueError):
    """Somebody else changed this after it was on the screen; nothing was changed now."""


class PersonalDataError(ValueError):
    """There are personal data in a text; nothing was kept (R4)."""


def refuse_personal_data(*texts: str) -> None:
    """PersonalDataError when one of the texts holds any: the last door before the database (R4, R22)."""
    for text in texts:
        if text and tasks.read(text).spans:
            raise PersonalDataError("There are personal data in this text; expected none (R4).")


def give(
    *,
    area: Area,
    text: str,
    themes: list[str],
    people: int,
    source: str,
    life_phase: str = "",
    day: date | None = None,
    kind: str = Kind.SIGNAL,
    once: UUID | None = None,
    by: User | None,
    team: Team | None = None,
    organisation: Organisation | None = None,
    case_reference: str = "",
    wait: bool = False,
) -> tuple[Signal, str]:
    """Keep a signal; returns it with its receipt code, which is shown once and kept as a hash. ValueError for a case
    reference where the municipality did not switch those on (R2).

    The same `once` again gives the same signal and a new code: a device that did not hear the answer may send twice.
    With another text it is another signal: whoever went back in the browser and wrote something else loses nothing.
    """
    refuse_personal_data(text, case_reference)
    if case_reference and not settings.CASE_REFERENCE:
        raise ValueError("References to a municipal file are switched off; expected none (R2).")
    code = new_code()
    signal = Signal(
        kind=kind,
        date=day or timezone.localdate(),
        area=area,
        text=text.strip(),
        people=people,
        source=source,
        life_phase=life_phase,
        state=State.WAITING if wait else State.ACCEPTED,
        sensitive=tasks.any_sensitive(themes),
        reporter=by,
        team=team,
        organisation=organisation,
        receipt=hashed(code),
        once=once,
        case_reference=case_reference,
    )
    try:
        _keep(signal, themes, by)
    except IntegrityError:
        if once is None:
            raise
        earlier = Signal.objects.filter(once=once, reporter=by, area=area, text=signal.text).first()
        if earlier is None:
            signal.once = None
            _keep(signal, themes, by)
            return signal, code
        earlier.receipt = hashed(code)  # the device did not hear the first answer; it gets a code that works
        earlier.save(update_fields=["receipt"])
        return earlier, code
    return signal, code


def _keep(signal: Signal, themes: list[str], by: User | None) -> None:
    with transaction.atomic():
        signal.save()
        SignalTheme.objects.bulk_create(SignalTheme.of(signal, themes))
        search.index([signal])
        record(
            action="signals.give",
            subject=signal,
            by=by,
            kind=signal.kind,
            source=signal.source,
            area=signal.area.code,
        )


def correct(*, signal: Signal, text: str, people: int, by: User | None) -> Signal:
    """Change what was said, by whoever said it (R14). What came from outside is looked at again before it counts."""
    refuse_personal_data(text)
    with transaction.atomic():
        held = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        if held.state == State.WITHDRAWN or held.text_removed:
            raise ValueError("This signal was withdrawn, or its text went because it is old (R15).")
        held.text, held.people = text.strip(), people
        if held.reporter_id is None and held.batch_id is None:
            held.state = State.WAITING
        held.save(update_fields=["text", "people", "state"])
        search.reindex(held)
        record(action="signals.correct", subject=held, by=by)
    return held


def withdraw(*, signal: Signal, by: User | None) -> Signal:
    """Take a signal back: what was said in it and about it goes, and it counts no more. Figures that were made stay."""
    with transaction.atomic():
        held = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        held.state, held.text, held.case_reference = State.WITHDRAWN, "", ""
        held.text_removed = timezone.now()
        held.save(update_fields=["state", "text", "case_reference", "text_removed"])
        for kind in (Clarification, Weighing):
            kind.objects.filter(signal=held).delete()
        search.reindex(held)
        record(action="signals.withdraw", subject=held, by=by, counted=bool(held.counted))
    return held


def moderate(*, signal: Signal, accept: bool, themes: list[str], seen: str, by: User) -> Signal:
    """Let a signal from outside count, or not. Whoever looks first decides: ValueError for who comes second.

    `seen` is the `wording` that was on the screen; ChangedMeanwhileError when the sender changed the text since.
    """
    with transaction.atomic():
        held = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        if held.state != State.WAITING:
            raise ValueError("Somebody looked at this signal already.")
        if seen != held.wording:
            raise ChangedMeanwhileError
        held.state = State.ACCEPTED if accept else State.REFUSED
        held.since = timezone.now()
        if accept and themes:
            SignalTheme.objects.filter(signal=held).delete()
            SignalTheme.objects.bulk_create(SignalTheme.of(held, themes))
            held.sensitive = tasks.any_sensitive(themes)
        held.save(update_fields=["state", "since", "sensitive"])
        record(action="signals.moderate", subject=held, by=by, accept=accept)
    return held


def clarify(
    *, signal: Signal, answers: dict[str, str], by: User | None, seen: str | None = None
) -> Clarification:
    """Keep the answers of a clarification, of the team or of the resident with the receipt code (by nobody known).

    `seen` is `seen_of` what was on the screen; ChangedMeanwhileError when the other of the two changed it since.
    """
    refuse_personal_data(*answers.values())
    with transaction.atomic():
        held = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        if held.state == State.WITHDRAWN:
            raise ValueError("This request was withdrawn.")
        if seen is not None and seen != seen_of(Clarification.objects.filter(signal=held).first()):
            raise ChangedMeanwhileError
        kept, _new = Clarification.objects.update_or_create(signal=signal, defaults=answers)
        record(
            action="signals.clarify", subject=signal, by=by, answers=sum(bool(a) for a in answers.values())
        )
    return kept


def seen_of(clarification: Clarification | None) -> str:
    """The moment of its last change, as a form remembers it; empty when there is none."""
    return clarification.changed.isoformat() if clarification else ""


def weigh(
    *,
    signal: Signal,
    route: str,
    collective_first: bool,
    reason: str,
    by: User,
    layer: str = "",
    own_search: str = "",
    seen: str | None = None,
) -> Weighing:
    """Choose a route; always possible again later, both ways (S034). Some practices ask for more (S053, S055).

    `seen` is `last_weighing` as it was on the screen; ChangedMeanwhileError when somebody weighed it since.
    """
    refuse_personal_data(reason)
    with transaction.atomic():
        held = Signal.objects.select_for_update(no_key=True).get(pk=signal.pk)
        if seen is not None and seen != last_weighing(held):
            raise ChangedMeanwhileError
        chosen = Weighing(
            signal=held,
            route=route,
            collective_first=collective_first,
            reason=reason.strip(),
            layer=layer,
            own_search=own_search,
            by=by,
        )
        chosen.save()
        record(action="signals.weigh", subject=signal, by=by, route=route, collective_first=collective_first)
    return chosen


def last_weighing(signal: Signal) -> str:
    """Tells which weighing is the last; empty when there is none."""
    last = signal.weighings.order_by("-pk").values_list("pk", flat=True).first()
    return str(last or "")


def reply(*, signals: Any, text: str, by: User) -> int:
    """Say back to everyone who gave one of these signals what was done with it (R13); returns to how many."""
    refuse_personal_data(text)
    with transaction.atomic():
        rows = [Reply(signal_id=pk, text=text.strip(), by=by) for pk in signals.values_list("pk", flat=True)]
        Reply.objects.bulk_create(rows, batch_size=1000)
        record(action="signals.reply", subject="signals.Reply", by=by, number=len(rows))
    return len(rows)
