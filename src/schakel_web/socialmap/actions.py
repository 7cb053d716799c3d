"""Every write of this room: in one transaction, by somebody with a name, with a line in the log without content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.network.versions import ConflictError, claim
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.socialmap import indexing
from schakel_web.socialmap.models import (
    Change,
    Confirmation,
    Doubt,
    Facet,
    How,
    MapEvent,
    PathTask,
    PositionChange,
    Provision,
    Session,
    Settled,
)
from schakel_web.socialmap.models.choices import Provenance, State


def add(*, provision: Provision, sessions: Sequence[Session] = (), by: User | None) -> Provision:
    """Put something on the map; it counts as confirmed today, and as gained."""
    with transaction.atomic():
        provision.checked = provision.checked or timezone.localdate()
        provision.save()
        _keep_sessions(provision, sessions)
        _position(provision, begin=True, by=by)
        _event(provision, Change.GAINED, why="", by=by)
        record(action="socialmap.add", subject=provision, by=by, role="" if by else "system")
    return provision


def edit(*, provision: Provision, version: int, sessions: Sequence[Session] | None, by: User) -> None:
    """Keep changed attributes; whoever changes something has looked at it, so it is confirmed as well."""
    with transaction.atomic():
        claim(provision, version)
        provision.version = version + 1
        provision.checked = timezone.localdate()
        provision.save()
        if sessions is not None:
            provision.sessions.all().delete()
            _keep_sessions(provision, sessions)
        else:
            indexing.index([provision])
        Confirmation(provision=provision, how=How.SCREEN, by=by).save()
        answer_missing(provisions=[provision.pk], how=Settled.CORRECTED, by=by)
        record(action="socialmap.edit", subject=provision, by=by)


def _keep_sessions(provision: Provision, sessions: Sequence[Session]) -> None:
    for session in sessions:
        session.pk = None
        session.provision = provision
    Session.objects.bulk_create(sessions)
    indexing.index([provision])


def _position(provision: Provision, *, begin: bool = False, by: User | None) -> None:
    PositionChange(
        provision=provision,
        approach=provision.approach,
        formality=provision.formality,
        spread=provision.spread,
        why=provision.why_here,
        begin=begin,
        provenance=provision.provenance,
        by=by,
    ).save()


def place(
    *,
    provision: Provision,
    version: int,
    approach: float,
    formality: float,
    spread: float,
    why: str,
    by: User,
) -> None:
    """Give it another place on the two scales, with why there (S115–S118); earlier places stay in its history."""
    refuse_personal_data(why)
    with transaction.atomic():
        claim(provision, version)
        held = Provision.objects.get(pk=provision.pk)
        held.approach, held.formality, held.spread = approach, formality, spread
        held.why_here, held.provenance = why.strip(), Provenance.OWN
        held.save()
        _position(held, by=by)
        record(action="socialmap.place", subject=held, by=by)


def answer_missing(*, provisions: Iterable[int], how: Settled, by: User | None) -> None:
    """Somebody knows whether it is still there: that it is not in a file any more, is answered."""
    with transaction.atomic():
        open_ones = Doubt.objects.of_files().open().filter(provision__in=provisions)
        if number := open_ones.update(settled=timezone.now(), how=how, settled_by=by):
            record(
                action="socialmap.answer_missing", subject="socialmap.Doubt", by=by,
                role="" if by else "keeper", how=how, number=number,
            )  # fmt: skip


def confirm(*, provision: Provision, how: str, by: User | None) -> None:
    """It is still as described: from today it holds for its interval again."""
    with transaction.atomic():
        held = Provision.objects.select_for_update(no_key=True).get(pk=provision.pk)
        held.checked, held.asked = timezone.localdate(), None
        held.save()
        Confirmation(provision=held, how=how, by=by).save()
        answer_missing(provisions=[held.pk], how=Settled.RIGHT, by=by)
        record(action="socialmap.confirm", subject=held, by=by, role="" if by else "keeper", how=how)


def doubt(*, provision: Provision, what: str, note: str, by: User | None) -> Doubt:
    """Somebody says that something is not right."""
    refuse_personal_data(note)
    with transaction.atomic():
        made = Doubt(provision=provision, what=what, note=note.strip(), by=by)
        made.save()
        record(action="socialmap.doubt", subject=provision, by=by, what=what)
    return made


def settle(*, doubted: Doubt, how: str, by: User) -> None:
    """Say what came of such a doubt, once. When it was right after all, the provision is confirmed as well."""
    with transaction.atomic():
        done = Doubt.objects.filter(pk=doubted.pk, settled=None).update(
            settled=timezone.now(), how=how, settled_by=by
        )
        if not done:
            raise ConflictError
        record(action="socialmap.settle", subject=doubted.provision, by=by, how=how)
        if how in {Settled.RIGHT, Settled.CORRECTED}:
            confirm(provision=doubted.provision, how=How.SCREEN, by=by)
        elif doubted.provision.state != State.CLOSED:
            change_state(
                provision=doubted.provision, version=doubted.provision.version, to=State.CLOSED, why="", by=by
            )


def last_of(provision: Provision) -> list[str]:
    """Themes for which there is no other provision in the same neighbourhood."""
    if provision.area_id is None:
        return []
    others = Provision.objects.there().filter(area=provision.area_id).exclude(pk=provision.pk)
    covered = set(
        Facet.objects.filter(kind="theme", value__in=provision.themes, provision__in=others.values("pk"))
        .values_list("value", flat=True)
        .distinct()
    )
    return [theme for theme in provision.themes if theme not in covered]


def _event(provision: Provision, what: Change, *, why: str, by: User | None) -> None:
    MapEvent(
        provision=provision,
        what=what,
        why=why.strip(),
        area=provision.area,
        kind=provision.kind,
        last_of=last_of(provision) if what in {Change.LOST, Change.PAUSED} else [],
        by=by,
    ).save()


_EVENTS = {State.CLOSED: Change.LOST, State.PAUSED: Change.PAUSED, State.OPEN: Change.BACK}


def keep_event(*, provision: Provision, why: str, by: User | None) -> None:
    """Keep in the history of places and groups that one is gone, rests, or is back (S083)."""
    with transaction.atomic():
        _event(provision, _EVENTS[State(provision.state)], why=why, by=by)
        record(
            action="socialmap.state",
            subject=provision,
            by=by,
            role="" if by else "keeper",
            to=provision.state,
        )


def change_state(*, provision: Provision, version: int, to: str, why: str, by: User | None) -> None:
    """It is there again, rests, or is gone; nothing is removed, so that what was lost stays visible (S083)."""
    refuse_personal_data(why)
    with transaction.atomic():
        claim(provision, version)
        held = Provision.objects.get(pk=provision.pk)
        held.state = to
        if to == State.OPEN:
            held.checked = timezone.localdate()
        held.save()
        if to != State.PAUSED:
            gone = to == State.CLOSED
            answer_missing(provisions=[held.pk], how=Settled.REMOVED if gone else Settled.RIGHT, by=by)
        keep_event(provision=held, why=why, by=by)


def check_inclusion(
    *, provision: Provision, version: int, barriers: list[str], agreements: list[str], by: User
) -> None:
    """What keeps vulnerable residents out, and what was agreed about it (S098)."""
    refuse_personal_data(*agreements)
    with transaction.atomic():
        claim(provision, version)
        held = Provision.objects.get(pk=provision.pk)
        held.barriers, held.agreements = barriers, agreements
        held.save()
        record(action="socialmap.inclusion", subject=held, by=by, barriers=len(barriers))


def plan_task(*, provision: Provision, what: str, who: User, due: date, by: User) -> PathTask:
    """Somebody goes and talks with the people who run it (S099)."""
    refuse_personal_data(what)
    with transaction.atomic():
        made = PathTask(provision=provision, what=what.strip(), who=who, due=due, by=by)
        made.save()
        record(action="socialmap.plan_task", subject=provision, by=by, who=who.pk)
    return made


def finish_task(*, task: PathTask, result: str, by: User) -> None:
    """It was done; once."""
    refuse_personal_data(result)
    with transaction.atomic():
        if not PathTask.objects.filter(pk=task.pk, done=None).update(
            done=timezone.now(), result=result.strip()
        ):
            raise ConflictError
        record(action="socialmap.finish_task", subject=task, by=by)


def answer_loss(*, event: MapEvent, answer: str, by: User) -> None:
    """What is done about something that was lost; the alert is over."""
    refuse_personal_data(answer)
    with transaction.atomic():
        MapEvent.objects.filter(pk=event.pk).update(answer=answer.strip(), answered_by=by)
        record(action="socialmap.answer_loss", subject=event, by=by)
