"""What comes of a draft: what is new, changed, gone or back; what somebody changed meanwhile is left alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date
from operator import add

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.socialmap import actions, confirming, registers, search
from schakel_web.socialmap.drafts import keys
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

    ``edited`` were changed here after the file was put ready, and are left as they are; ``left`` are for a next time.
    """

    made: int = 0
    changed: int = 0
    gone: int = 0
    back: int = 0
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
    late = _edited(rows, draft, ours)
    waits = {r.pk for r in late}
    now = [r for r in rows if r.pk not in waits]
    fresh = [r for r in now if _is_new(r)]
    there = [r for r in now if not _is_new(r) and r.choice != "skip"]
    put = _add(fresh, draft, areas, by)
    changed, other = _change([r for r in there if r.what != What.KEPT], draft, areas, by)
    ours |= changed
    turned += other
    back = 0
    if register := draft.register:
        in_file = [*there, *(r for r in late if r.what == What.EDITED)]
        old = [r.match_id for r in in_file if r.match_id]
        registers.link(register, zip([*fresh, *in_file], [*(p.pk for p in put), *old], strict=True))
        back = registers.bring_back(register, draft, old, by)
    DraftRow.objects.filter(pk__in=[r.pk for r in now]).update(done=True)
    there_now = {r.values["id"]: r.match_id for r in now if r.match_id}
    _ask_about_twins(draft, there_now | {r.values["id"]: p.pk for r, p in zip(fresh, put, strict=True)})
    return Brought(made=len(put), changed=len(changed), back=back, edited=len(late))


def _edited(rows: list[DraftRow], draft: Draft, ours: Collection[int]) -> list[DraftRow]:
    """Rows about what somebody changed or added here in between: they wait for a person.

    Unless it says by now what the row says, as after the same file was brought in twice: then the row is kept.
    """
    changing = [r for r in rows if not _is_new(r) and r.what != What.KEPT and r.choice != "skip"]
    adding = {r.values["id"]: r for r in rows if _is_new(r)}
    now = {number: version for _key, number, version in keys().filter(pk__in=[r.match_id for r in changing])}
    late = [
        r
        for r in changing
        if r.match_id and r.match_id not in ours and r.version not in (None, now[r.match_id])
    ]
    for row in late:
        row.what = What.EDITED if row.what == What.SAME else row.what
    for identifier, number, _version in keys().filter(identifier__in=adding):
        row = adding[identifier]
        row.what, row.match_id = What.EDITED, number
        row.said = [name for name, text in row.values.items() if text]
        late.append(row)
    there = _there(late)
    for row in late:
        new, _who = _record(row, draft)
        before = to_record(there[row.match_id or 0])
        row.choice = ""
        if exchange.laid_over(new, before, _said(row)) == before:
            row.what = What.KEPT
    DraftRow.objects.bulk_update(late, ["what", "match", "said", "choice"], batch_size=_SHARE)
    return [row for row in late if row.what != What.KEPT]


def _ask_about_twins(draft: Draft, there: dict[str, int]) -> None:
    """Rows that are like one of these in the same file, which is on the map by now: a person may choose."""
    twins = list(draft.rows.filter(what=What.TWIN, twin__in=there))
    versions = dict(
        Provision.objects.filter(pk__in={there[r.twin] for r in twins}).values_list("pk", "version")
    )
    for row in twins:
        row.what, row.match_id = What.LIKELY, there[row.twin]
        row.version = versions[there[row.twin]]
    DraftRow.objects.bulk_update(twins, ["what", "match", "version"], batch_size=_SHARE)


def _is_new(row: DraftRow) -> bool:
    return row.choice == "new" or (row.what == What.NEW and row.choice != "skip")


def _there(rows: list[DraftRow]) -> dict[int, Provision]:
    """What the rows are about, by number, with all that a record of it has."""
    found = Provision.objects.select_related("area").prefetch_related("sessions")
    return {one.pk: one for one in found.filter(pk__in=[row.match_id for row in rows])}


def _said(row: DraftRow) -> set[str]:
    return set(row.said or row.values) | {"checked"}


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


def _change(
    rows: list[DraftRow], draft: Draft, areas: dict[str, int], by: User
) -> tuple[set[int], list[Provision]]:
    """What is there keeps what the file does not speak of, its identifier, and its place on the scales (S115, S118).

    Their numbers, and those whose state turned.
    """
    found = _there(rows)
    before = {number: to_record(one) for number, one in found.items()}
    after, who = dict(before), dict.fromkeys(before, "")
    for row in rows:
        number = row.match_id or 0
        found[number].kept_beside = row.kept_beside or found[number].kept_beside
        new, who[number] = _record(row, draft)
        after[number] = exchange.laid_over(new, after[number], _said(row))
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
    """Hold all that these rows are about, in one order: who changes some of it too, waits instead of both for ever."""
    about = Provision.objects.filter(pk__in=rows.order_by().values("match"))
    list(about.order_by("pk").select_for_update(no_key=True).values_list("pk"))


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
    search.index(provisions, times)
