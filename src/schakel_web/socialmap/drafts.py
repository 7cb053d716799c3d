"""What a file brings: a draft in which a person chooses what is the same, and what comes of it. Safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.socialmap import actions, confirming, registers, search
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
from schakel_web.socialmap.models.exchange import What
from schakel_web.socialmap.tasks import exchange, sessions_of, to_record
from schakel_web.socialmap.tasks.exchange import Record

_SHARE = 500


@dataclass(frozen=True)
class Brought:
    """What came of a draft: how many are new, changed, no longer in the file, and back in it."""

    made: int
    changed: int
    gone: int
    back: int


def prepare(*, found: exchange.Read, name: str, by: User, register: Register | None = None) -> Draft:
    """Put a file ready: what is new, what changes something by its identifier, what is like something that is there.

    With a register also what came from it before and is not in the file any more; nothing is flagged yet.
    """
    before = registers.known(register, found.there)
    rows, unchanged = _rows(found, before, linking=register is not None)
    if not found.nameless:  # else a row that cannot be read may be what seems to be gone
        rows += [DraftRow(values={}, what=What.GONE, match_id=number) for number in before.gone]
    with transaction.atomic():
        draft = Draft(
            name=name[:200], left_out=found.left_out, unchanged=len(unchanged), nameless=found.nameless,
            register=register, by=by, dated=sum(one.checked is not None for one in found.records),
            undated=[number for number, dated in unchanged if not dated],
        )  # fmt: skip
        draft.save()
        for row in rows:
            row.draft = draft
        DraftRow.objects.bulk_create(rows, batch_size=_SHARE)
        record(action="socialmap.prepare", subject=draft, by=by, rows=len(rows), left_out=found.left_out)
    return draft


def _rows(
    found: exchange.Read, before: registers.Known, *, linking: bool
) -> tuple[list[DraftRow], list[tuple[int, bool]]]:
    """What is to become of each in the file, and which are on the map exactly so, and whether their row has a day.

    Of those a row is made only where it has to be linked to its register, or is back in it.
    """
    existing = exchange.everything()
    there = {one.id: one for one in existing}
    numbers = dict(Provision.objects.values_list("identifier", "pk"))
    names = {number: identifier for identifier, number in numbers.items()}
    targets = {one.id: names.get(before.numbers.get(one.id, 0), one.id) for one in found.records}
    last = {target: key for key, target in targets.items()}  # of two in a file that are one, the last counts
    matches = exchange.matched([replace(one, id=targets[one.id]) for one in found.records], existing)
    rows, unchanged = [], list[tuple[int, bool]]()
    for one in found.records:
        said, target = found.said_of(one), targets[one.id]
        because: tuple[str, ...] = ()
        if target in there:
            what = What.SAME
            if last[target] != one.id or exchange.laid_over(one, there[target], said) == there[target]:
                unchanged.append((numbers[target], one.checked is not None))
                if not linking or (one.id in before.numbers and numbers[target] not in before.missing):
                    continue
                what = What.KEPT
        elif likely := matches.likely.get(one.id):
            what, target, because = What.LIKELY, likely[0].second, likely[0].because
        else:
            what = What.NEW
        rows.append(
            DraftRow(
                values=exchange.row_of(one), said=[] if what == What.NEW else sorted(said), what=what,
                kept_beside=_beside(found.kept.get(one.id)), match_id=numbers.get(target), because=list(because),
            )
        )  # fmt: skip
    return rows, unchanged


def _beside(kept: Any) -> dict[str, Any]:
    if not kept:
        return {}
    return {"hsds": kept} if isinstance(kept, list) else {"columns": dict(kept)}


def choose(*, row: DraftRow, choice: str, by: User) -> None:
    """A person says whether two are the same."""
    with transaction.atomic():
        DraftRow.objects.filter(pk=row.pk, done=False).update(choice=choice)
        record(action="socialmap.choose", subject=row, by=by, choice=choice)


def apply(
    *, draft: Draft, by: User, whole: bool = False, checked_by: str = "", checked_on: date | None = None
) -> Brought:
    """Bring in what is clear or was chosen, once however often one asks.

    When the file is the `whole` register, what it does not have any more is flagged; nothing is removed. Whether it is,
    is said once; so is who checked it all and when, which holds for rows that do not say so themselves.
    """
    areas = exchange.area_numbers()
    made = changed = gone = back = 0
    with transaction.atomic():
        held = Draft.objects.select_for_update(no_key=True).get(
            pk=draft.pk
        )  # who clicks twice brings it in once
        register = registers.locked(held)
        if held.whole is None:
            held.whole, held.checked_by, held.checked_on = whole, checked_by.strip(), checked_on
            held.save()
            if checked_on:
                confirming.as_of(checked_on, held.undated, how=How.IMPORT, said_by=held.checked_by, by=by)
        rows = list(
            held.rows.filter(done=False)
            .exclude(what=What.LIKELY, choice="")
            .exclude(what=What.GONE)
            .select_related("match")
        )
        for start in range(0, len(rows), _SHARE):
            part = rows[start : start + _SHARE]
            fresh = [r for r in part if r.choice == "new" or (r.what == What.NEW and r.choice != "skip")]
            there = [r for r in part if r not in fresh and r.choice != "skip" and r.match]
            put = _add(fresh, held, areas, by)
            made += len(put)
            changed += _change([r for r in there if r.what != What.KEPT], held, areas, by)
            if register:
                registers.link(
                    register, [*zip(fresh, put, strict=True), *((r, r.match) for r in there if r.match)]
                )
                back += registers.bring_back(register, held, [r.match.pk for r in there if r.match], by)
            DraftRow.objects.filter(pk__in=[r.pk for r in part]).update(done=True)
        gone = registers.flag_gone(register, held, by)
        if not held.rows.filter(done=False).exists():
            Draft.objects.filter(pk=held.pk).update(applied=timezone.now())
        if register and not registers.older(register, held):
            Register.objects.filter(pk=register.pk).update(newest=held.at)
        record(
            action="socialmap.import", subject=held, by=by, made=made, changed=changed, gone=gone, back=back
        )
    return Brought(made, changed, gone, back)


def _record(row: DraftRow, draft: Draft) -> tuple[Record, str]:
    """What a row says, and who checked it: where it has no day of its own, whoever checked the whole file."""
    found = exchange.record_of(row.values)
    if found.checked is None and draft.checked_on:
        return replace(found, checked=draft.checked_on), draft.checked_by
    return found, draft.register.name if draft.register else ""


def _add(rows: list[DraftRow], draft: Draft, areas: dict[str, int], by: User) -> list[Provision]:
    said = [_record(row, draft) for row in rows]
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


def _change(rows: list[DraftRow], draft: Draft, areas: dict[str, int], by: User) -> int:
    """What is there keeps what the file does not speak of, its identifier, and its place on the scales (S115, S118)."""
    held = Provision.objects.select_related("area").prefetch_related("sessions")
    found = {one.pk: one for one in held.filter(pk__in=[row.match_id for row in rows])}
    before = {number: to_record(one) for number, one in found.items()}
    after, who = dict(before), dict.fromkeys(before, "")
    for row in rows:
        number = row.match_id or 0
        found[number].kept_beside = row.kept_beside or found[number].kept_beside
        new, who[number] = _record(row, draft)
        said = set(row.said or row.values) | {"checked"}
        after[number] = exchange.laid_over(new, after[number], said)
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
    turned = [one for one in provisions if one.state != before[one.pk].status]
    Session.objects.filter(provision__in=provisions).delete()
    _finish(provisions, [after[one.pk] for one in provisions])
    _confirmed([(p, who[p.pk]) for p in provisions if p.checked != before[p.pk].checked], by)
    for provision in turned:  # a place that a file says is gone, is lost as well (S083)
        actions.keep_event(provision=provision, why="", by=by)
    closed = [one.pk for one in turned if one.state == State.CLOSED]
    actions.answer_missing(provisions=closed, how=Settled.REMOVED, by=by)
    return len(provisions)


def _confirmed(provisions: list[tuple[Provision, str]], by: User) -> None:
    Confirmation.objects.bulk_create(
        Confirmation(provision=p, how=How.IMPORT, said_by=who[:120], day=p.checked, by=by)
        for p, who in provisions
    )


def _finish(provisions: list[Provision], records: list[Any]) -> None:
    Session.objects.bulk_create(
        session for p, one in zip(provisions, records, strict=True) for session in sessions_of(one, p)
    )
    numbers = [p.pk for p in provisions]
    search.index(Provision.objects.filter(pk__in=numbers).prefetch_related("sessions"))
