"""What comes of a draft: what is new, changed, gone or back (what became otherwise meanwhile: `meanwhile`)."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from datetime import date
from operator import add
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.socialmap import actions, confirming, indexing, meanwhile, registers
from schakel_web.socialmap.models import (
    Change,
    Confirmation,
    Draft,
    DraftRow,
    How,
    MapEvent,
    Provision,
    Register,
    Session,
    Settled,
)
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.models.exchange import ASKED, What
from schakel_web.socialmap.tasks import exchange, sessions_of, to_record
from schakel_web.socialmap.tasks.exchange import Record

_SHARE = 500
MOST = 10_000  # rows that are brought in at once: what a page can wait for


@dataclass(frozen=True)
class Brought:
    """What came of a draft: how many are new, changed, no longer in the file, and back in it.

    ``kept`` are on the map exactly so. ``edited`` were changed here after the file was put ready, and are left as they
    are; ``left`` are for a next time.
    """

    made: int = 0
    changed: int = 0
    gone: int = 0
    back: int = 0
    kept: int = 0
    edited: int = 0
    left: int = 0

    def __add__(self, other: Brought) -> Brought:
        return Brought(*map(add, astuple(self), astuple(other)))


def apply(
    *, draft: Draft, by: User, whole: bool = False, checked_by: str = "", checked_on: date | None = None
) -> Brought:
    """Bring in what is clear or was chosen, once however often one asks; of a large file a part at a time.

    What somebody changed here after the file was put ready, is left as it is until a person chooses.

    When the file is the `whole` register, what it does not have any more is flagged; nothing is removed. Whether it is,
    is said once; so is who checked it all and when, which holds for rows that do not say so themselves.
    """
    refuse_personal_data(checked_by)
    said: dict[str, Any] = {"whole": whole, "checked_by": checked_by, "checked_on": checked_on}
    try:
        return _apply(draft, by, **said)
    except IntegrityError:  # another file brought in the same at this very moment: now it is there
        return _apply(draft, by, **said)


def _apply(draft: Draft, by: User, *, whole: bool, checked_by: str, checked_on: date | None) -> Brought:
    areas, came = exchange.area_numbers(), Brought()
    ours: set[int] = set()  # that we changed ourselves
    turned: list[Provision] = []  # whose state is another than before
    with transaction.atomic():
        # who clicks twice brings it in once
        held = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        register = registers.locked(held)
        if held.whole is None:
            held.whole, held.checked_by, held.checked_on = whole, checked_by.strip(), checked_on
            held.save()
            if checked_on:
                confirming.as_of(
                    checked_on, confirming.as_put_ready(held), how=How.IMPORT, said_by=held.checked_by, by=by
                )
        meanwhile.recognise(held)
        ready = (
            held.rows.filter(done=False)
            .exclude(what__in=ASKED, choice="")
            .exclude(what__in=(What.GONE, What.TWIN))
        )
        numbers = list(ready.values_list("pk", flat=True))
        left = len(numbers[MOST:])
        if numbers:
            _hold(ready.filter(pk__lte=numbers[:MOST][-1]))
        for start in range(0, len(numbers) - left, _SHARE):
            part = list(held.rows.filter(pk__in=numbers[start : min(start + _SHARE, MOST)]))
            came += _bring(part, held, areas, by, ours=ours, turned=turned)
        if not left:
            came += Brought(gone=registers.flag_gone(register, held, by))
        if not held.rows.filter(done=False).exists():
            Draft.objects.filter(pk=held.pk).update(applied=timezone.now())
        if register and not left and not registers.older(register, held):
            Register.objects.filter(pk=register.pk).update(newest=held.at)
        # last: whoever writes in the log, holds it until the end
        _tell(turned, by)
        record(action="socialmap.import", subject=held, by=by, **asdict(came))
    return came + Brought(left=left)


def _bring(
    rows: list[DraftRow],
    draft: Draft,
    areas: dict[str, int],
    by: User,
    *,
    ours: set[int],
    turned: list[Provision],
) -> Brought:
    """Some of the rows; what they change is added to `ours`, and to `turned` where its state is another now."""
    late = meanwhile.edited(rows, draft, ours)
    waits = {r.pk for r in late}
    now = [r for r in rows if r.pk not in waits]
    fresh = [r for r in now if r.is_new]
    there = [r for r in now if not r.is_new and r.choice != "skip"]
    put = _add(fresh, draft, areas, by)
    meanwhile.ask_about_twins(draft, now, {row.pk: one.pk for row, one in zip(fresh, put, strict=True)})
    changed, other = _change([r for r in there if r.what != What.KEPT], draft, areas, by)
    ours |= changed
    turned += other
    back = 0
    if register := draft.register:
        in_file = [*there, *(r for r in late if r.what == What.EDITED)]
        old = [r.match_id for r in in_file if r.match_id]
        registers.link(register, zip([*fresh, *in_file], [*(p.pk for p in put), *old], strict=True))
        unwanted = [(r, r.match_id) for r in now if r.choice == "skip" and r.match_id]
        registers.link(register, unwanted, left=True)
        back = registers.bring_back(register, draft, old, by)
    DraftRow.objects.filter(pk__in=[r.pk for r in now]).update(done=True)
    kept = len({r.match_id for r in there} - changed)
    return Brought(made=len(put), changed=len(changed), back=back, kept=kept, edited=len(late))


def _add(rows: list[DraftRow], draft: Draft, areas: dict[str, int], by: User) -> list[Provision]:
    said = [meanwhile.record_of(row, draft) for row in rows]
    records = [record for record, _who in said]
    provisions = [
        Provision(**exchange.values_of(one, areas), kept_beside=row.kept_beside)
        for one, row in zip(records, rows, strict=True)
    ]
    for provision in provisions:
        provision.follow_due()
    Provision.objects.bulk_create(provisions)
    _finish(provisions, records)
    _confirmed([(p, who) for p, (_record, who) in zip(provisions, said, strict=True) if p.checked], by)
    MapEvent.objects.bulk_create(
        MapEvent(provision=p, what=Change.GAINED, area_id=p.area_id, kind=p.kind, by=by) for p in provisions
    )
    return provisions


def _change(
    rows: list[DraftRow], draft: Draft, areas: dict[str, int], by: User
) -> tuple[set[int], list[Provision]]:
    """What is there keeps what the file does not speak of, its identifier, and its place on the scales (S115, S118).

    Numbers of those of which something changed, and those whose state turned.
    """
    found = meanwhile.about(rows)
    before = {number: to_record(one) for number, one in found.items()}
    beside = {number: one.kept_beside for number, one in found.items()}
    after, who = dict(before), dict.fromkeys(before, "")
    for row in rows:
        number = row.match_id or 0
        found[number].kept_beside = row.kept_beside or found[number].kept_beside
        new, who[number] = meanwhile.record_of(row, draft)
        after[number] = exchange.laid_over(new, after[number], {*row.said, "checked"})
    found = {n: one for n, one in found.items() if (after[n], one.kept_beside) != (before[n], beside[n])}
    fields, now = {"version", "kept_beside", "due", "changed"}, timezone.now()
    for number, one in found.items():
        was = exchange.values_of(before[number], areas)
        for name, value in exchange.values_of(after[number], areas).items():
            if value != was[name]:
                setattr(one, name, value)
                fields.add(name)
        one.version, one.changed = one.version + 1, now
        one.follow_due()
    provisions = list(found.values())
    Provision.objects.bulk_update(provisions, fields)
    Session.objects.filter(provision__in=provisions).delete()
    _finish(provisions, [after[one.pk] for one in provisions])
    _confirmed([(p, who[p.pk]) for p in provisions if p.checked != before[p.pk].checked], by)
    return set(found), [one for one in provisions if one.state != before[one.pk].status]


def _hold(rows: QuerySet[DraftRow]) -> None:
    """Hold all that these rows are about, in one order: who changes some of it too, waits instead of both for ever.

    What is new may have come on the map by another file, under the same identifier.
    """
    rows = rows.order_by()
    own = rows.annotate(own=KT("values__id")).values("own")
    about = Q(pk__in=rows.values("match")) | Q(identifier__in=own)
    held = Provision.objects.filter(about).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))


def _tell(turned: list[Provision], by: User) -> None:
    """A place that a file says is gone, is lost as well (S083)."""
    for provision in turned:
        actions.keep_event(provision=provision, why="", by=by)
    closed = [one.pk for one in turned if one.state == State.CLOSED]
    actions.answer_missing(provisions=closed, how=Settled.REMOVED, by=by)


def _confirmed(provisions: list[tuple[Provision, str]], by: User) -> None:
    Confirmation.objects.bulk_create(
        Confirmation(provision=p, how=How.IMPORT, said_by=who[:120], day=p.checked, by=by)
        for p, who in provisions
    )


def _finish(provisions: list[Provision], records: list[Record]) -> None:
    times = {p.pk: sessions_of(one, p) for p, one in zip(provisions, records, strict=True)}
    Session.objects.bulk_create(session for some in times.values() for session in some)
    indexing.index(provisions, times)
