"""What a file would bring: a draft in which a person chooses what is the same. Safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
ABOUT_ALL = (
    "new",
    "skip",
)  # what a person may choose about many at once; whether two are one is seen of each


def prepare(*, found: exchange.Read, name: str, by: User, register: Register | None = None) -> Draft:
    """Put a file ready: what is new, what changes something by its identifier, what is like something that is there.

    With a register also what came from it before and is not in the file any more; nothing is flagged yet.
    """
    before = registers.known(register, found.there)
    unchanged: list[tuple[int, bool]] = []
    with transaction.atomic():
        draft = Draft(
            name=name[:200], left_out=found.left_out, nameless=found.nameless, register=register, by=by,
            dated=sum(one.checked is not None for one in found.records),
        )  # fmt: skip
        draft.save()
        rows, number = _rows(found, before, draft, unchanged), 0
        while share := list(islice(rows, _SHARE)):
            DraftRow.objects.bulk_create(share)
            number += len(share)
        draft.unchanged = len(unchanged)
        draft.undated = [key for key, dated in unchanged if not dated]
        draft.save()
        record(action="socialmap.prepare", subject=draft, by=by, rows=number, left_out=found.left_out)
    return draft


def _rows(
    found: exchange.Read, before: registers.Known, draft: Draft, unchanged: list[tuple[int, bool]]
) -> Iterator[DraftRow]:
    """What is to become of each in the file, and of what is gone from it.

    What is on the map exactly so is added to `unchanged`, with whether its row has a day. A row is made of it only
    where it has to be linked to its register, or is back in it.
    """
    # versions first: what is saved between the two readings, was changed after this version
    here = {identifier: (number, version) for identifier, number, version in keys()}
    existing = [one for one in exchange.everything() if one.id in here]
    there = {one.id: one for one in existing}
    numbers = {identifier: number for identifier, (number, _version) in here.items()}
    names = {number: identifier for identifier, number in numbers.items()}
    targets = {one.id: names.get(before.numbers.get(one.id, 0), one.id) for one in found.records}
    last = {target: key for key, target in targets.items()}  # of two in a file that are one, the last counts
    known = [one if targets[one.id] == one.id else replace(one, id=targets[one.id]) for one in found.records]
    matches = exchange.matched(known, existing)
    new = set(matches.new)
    twice = exchange.twice([one for one in known if one.id in new])
    for one in found.records:
        said, target = found.said_of(one), targets[one.id]
        because: tuple[str, ...] = ()
        if target in there:
            what = What.SAME
            if last[target] != one.id or exchange.laid_over(one, there[target], said) == there[target]:
                unchanged.append((numbers[target], one.checked is not None))
                if draft.register is None or (
                    one.id in before.numbers and numbers[target] not in before.missing
                ):
                    continue
                what = What.KEPT
        elif twin := twice.get(one.id):
            what, because = What.TWIN, twin.because
        elif likely := matches.likely.get(one.id):
            what, target, because = What.LIKELY, likely[0].second, likely[0].because
        else:
            what = What.NEW
        yield DraftRow(
            draft=draft, values=exchange.row_of(one), said=[] if what == What.NEW else sorted(said), what=what,
            kept_beside=_beside(found.kept.get(one.id)), match_id=numbers.get(target), because=list(because),
            twin=twice[one.id].first if what == What.TWIN else "",
            version=here[target][1] if target in here else None,
        )  # fmt: skip
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
    return {"same", "skip"} if row.what == What.EDITED else {"new", "same", "skip"}


def choose(*, row: DraftRow, choice: str, version: int | None, by: User) -> None:
    """A person says whether two are the same, or whether the file goes over what was changed here.

    `version` is that of what the person saw, None for now: what is changed after it, is asked about again.
    """
    if choice not in choices_of(row):
        raise ValueError(f"Expected a choice about a row that is '{row.what}', not '{choice}'.")
    with transaction.atomic():
        seen = Subquery(Provision.objects.filter(pk=row.match_id or 0).values("version"))
        rows = DraftRow.objects.filter(pk=row.pk, done=False)
        rows.update(choice=choice, version=seen if version is None else version)
        record(action="socialmap.choose", subject=row, by=by, choice=choice)


def choose_rest(*, draft: Draft, choice: str, by: User) -> int:
    """The same choice about all that still waits for one; how many. About what was edited here, `new` is none."""
    if choice not in ABOUT_ALL:
        raise ValueError(f"Expected 'new' or 'skip' about all that waits, not '{choice}'.")
    with transaction.atomic():
        about = (What.LIKELY,) if choice == "new" else ASKED
        number = draft.rows.filter(done=False, what__in=about, choice="").update(choice=choice)
        record(action="socialmap.choose", subject=draft, by=by, choice=choice, rows=number)
    return number
