"""What a file would bring: a draft in which a person chooses what is the same. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Subquery

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.socialmap import registers
from schakel_web.socialmap.models import Draft, DraftRow, Provision, Register
from schakel_web.socialmap.models.exchange import ASKED, What
from schakel_web.socialmap.tasks import exchange

_SHARE = 500
_NO_VERSION = 2**31  # larger than what the database can hold
LEFT_BEFORE = "u liet dit eerder zoals het is; nu staat er iets anders in het bestand"
ABOUT_ALL = (
    "new",
    "skip",
)  # what a person may choose about many at once; whether two are one is seen of each


@dataclass
class _Aside:
    """What is found beside the rows of a draft.

    ``unchanged`` are provisions that are on the map exactly so, with whether their row has a day; ``twins`` rows that
    wait for a row before them, by its identifier; ``heads`` those rows.
    """

    unchanged: list[tuple[int, bool]] = field(default_factory=list)
    twins: list[tuple[DraftRow, str]] = field(default_factory=list)
    heads: dict[str, DraftRow] = field(default_factory=dict)


def prepare(*, found: exchange.Read, name: str, by: User, register: Register | None = None) -> Draft:
    """Put a file ready: what is new, what changes something by its identifier, what is like something that is there.

    With a register also what came from it before and is not in the file any more; nothing is flagged yet.
    """
    before, aside = registers.known(register, found.there), _Aside()
    with transaction.atomic():
        draft = Draft(
            name=name[:200], left_out=found.left_out, nameless=found.nameless, register=register, by=by,
            dated=sum(one.checked is not None for one in found.records),
        )  # fmt: skip
        draft.save()
        rows, number = _rows(found, before, draft, aside), 0
        while share := list(islice(rows, _SHARE)):
            DraftRow.objects.bulk_create(share)
            number += len(share)
        for row, head in aside.twins:  # by now those before them have a number
            row.twin = aside.heads[head]
        DraftRow.objects.bulk_create((row for row, _head in aside.twins), batch_size=_SHARE)
        draft.unchanged = len(aside.unchanged)
        draft.undated = [key for key, dated in aside.unchanged if not dated]
        draft.save()
        number += len(aside.twins)
        record(action="socialmap.prepare", subject=draft, by=by, rows=number, left_out=found.left_out)
    return draft


def _rows(found: exchange.Read, before: registers.Known, draft: Draft, aside: _Aside) -> Iterator[DraftRow]:
    """What is to become of each in the file, and of what is gone from it.

    A row is made of what is on the map exactly so only where it has to be linked to its register, or is back in it.
    """
    # versions first: what is saved between the two readings, was changed after this version
    here = {identifier: (number, version) for identifier, number, version in keys()}
    there = {one.id: one for one in exchange.everything() if one.id in here}
    names = {number: identifier for identifier, (number, _version) in here.items()}
    targets = {one.id: names.get(before.numbers.get(one.id, 0), one.id) for one in found.records}
    last = {target: key for key, target in targets.items()}  # of two in a file that are one, the last counts
    known = [one if targets[one.id] == one.id else replace(one, id=targets[one.id]) for one in found.records]
    likely = {key: each[0] for key, each in exchange.matched(known, list(there.values())).likely.items()}
    twins = exchange.twice(known)
    heads = {twin.first for twin in twins.values()}
    for one in found.records:
        row = DraftRow(
            draft=draft, values=exchange.row_of(one), said=sorted(found.said_of(one)),
            kept_beside=_beside(found.kept.get(one.id)), what=What.NEW,
        )  # fmt: skip
        target, twin = targets[one.id], twins.get(one.id)
        if target in there:
            row.what = What.SAME
            number, left = here[target][0], before.left.get(one.id)
            if left and left != registers.fingerprint(row):
                row.what = What.EDITED if target == one.id else What.LIKELY
                row.because = [LEFT_BEFORE]
            elif (
                left
                or last[target] != one.id
                or exchange.laid_over(one, there[target], row.said) == there[target]
            ):
                # who checked the file, did not check what a person here keeps otherwise
                aside.unchanged.append((number, bool(left) or one.checked is not None))
                if (
                    left
                    or draft.register is None
                    or (one.id in before.numbers and number not in before.missing)
                ):
                    continue
                row.what = What.KEPT
        elif twin and twin.first in there:
            row.what, target, row.because = What.LIKELY, twin.first, list(twin.because)
        elif one.id in likely:
            row.what, target, row.because = What.LIKELY, likely[one.id].second, list(likely[one.id].because)
        elif twin:
            row.what, row.because = What.TWIN, list(twin.because)
            row.said = [name for name in row.said if row.values.get(name)]  # empties nothing of the other row
            aside.twins.append((row, twin.first))
            continue
        if row.what != What.NEW:
            row.match_id, row.version = here[target]
        if one.id in heads:
            aside.heads[one.id] = row
        yield row
    if not found.nameless:  # else a row that cannot be read may be what seems to be gone
        yield from (
            DraftRow(draft=draft, values={}, what=What.GONE, match_id=number) for number in before.gone
        )


def keys() -> QuerySet[Provision, tuple[str, int, int]]:
    """Identifier, number and version of what is on the map."""
    return Provision.objects.order_by().values_list("identifier", "pk", "version")


def _beside(kept: Any) -> dict[str, Any]:
    if not kept:
        return {}
    return {"hsds": kept} if isinstance(kept, list) else {"columns": dict(kept)}


def choices_of(row: DraftRow) -> set[str]:
    """What a person may choose about a row."""
    if row.what not in ASKED:
        return set()
    return {"same", "skip"} if row.what == What.EDITED else {"new", "same", "skip"}


def choose(*, row: DraftRow, choice: str, version: int | None, by: User) -> None:
    """A person says whether two are the same, or whether the file goes over what was changed here.

    `version` is that of what the person saw, None for now: what is changed after it, is asked about again.
    """
    if choice not in choices_of(row):
        raise ValueError(f"Expected a choice about a row that is '{row.what}', not '{choice}'.")
    with transaction.atomic():
        seen = Subquery(Provision.objects.filter(pk=row.match_id or 0).values("version"))
        rows = DraftRow.objects.filter(pk=row.pk, done=False, what=row.what)
        known = version is not None and version < _NO_VERSION
        if rows.update(choice=choice, version=version if known else seen):
            record(action="socialmap.choose", subject=row, by=by, choice=choice)


def choose_rest(*, draft: Draft, choice: str, seen: int | None, by: User) -> int:
    """The same choice about all that still waits for one; how many. `seen` is how many a person knew of: else none.

    About what was edited here `new` is no choice.
    """
    if choice not in ABOUT_ALL:
        raise ValueError(f"Expected 'new' or 'skip' about all that waits, not '{choice}'.")
    with transaction.atomic():
        waiting = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk).waiting()
        if seen is not None and waiting.count() != seen:
            return 0
        number = (waiting.exclude(what=What.EDITED) if choice == "new" else waiting).update(choice=choice)
        record(action="socialmap.choose", subject=draft, by=by, choice=choice, rows=number)
    return number


def discard(*, draft: Draft, by: User) -> None:
    """Throw a file that was put ready away; what came of it stays on the map."""
    with transaction.atomic():
        draft.rows.exclude(twin=None).delete()
        draft.rows.all().delete()
        record(action="socialmap.discard", subject=draft, by=by)
        draft.delete()
