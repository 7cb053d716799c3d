"""Where files come from that come again: what was in an earlier file, and is gone or back in this one (S129)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.socialmap.models import (
    Doubt,
    Draft,
    DraftRow,
    Register,
    RegisterEntry,
    Settled,
    Wrong,
)
from schakel_web.socialmap.models.choices import State
from schakel_web.socialmap.models.exchange import ASKED, What

_SHARE = 500


@dataclass(frozen=True)
class Known:
    """What came from a register before: provision by the identifier it has there, and what a file says of them."""

    numbers: dict[str, int]
    left: dict[str, str]  # of rows that a person did not want here, by the identifier there
    missing: frozenset[int]  # of which a file said so before
    gone: tuple[int, ...]  # that are not in this file, and no file said so before


def known(register: Register | None, there: Collection[str]) -> Known:
    """What we have of a register, beside the identifiers in a file of it. What is closed is no longer asked about."""
    if register is None or register.pk is None:
        return Known({}, {}, frozenset(), ())
    rows = list(
        register.entries.order_by("pk").values_list(
            "key", "provision_id", "missing", "left", "provision__state"
        )
    )
    here = {number for key, number, *_rest in rows if key in there}
    gone = {
        number
        for _key, number, missing, left, state in rows
        if number not in here and missing is None and not left and state != State.CLOSED
    }
    return Known(
        {key: number for key, number, *_rest in rows},
        {key: left for key, _number, _missing, left, _state in rows if left},
        frozenset(number for _key, number, missing, *_rest in rows if missing is not None),
        tuple(sorted(gone)),
    )


def locked(draft: Draft) -> Register | None:
    """The register of a draft; two files of it wait for each other."""
    if draft.register_id is None:
        return None
    return Register.objects.select_for_update(no_key=True).get(pk=draft.register_id)


def older(register: Register, draft: Draft) -> bool:
    """Whether a newer file of it was brought in already: then this one no longer says what is gone or back."""
    return register.newest is not None and draft.at < register.newest


def link(register: Register, pairs: Iterable[tuple[DraftRow, int]], *, left: bool = False) -> None:
    """Remember by which identifier the register has it, or that a person `left` the row as it was."""
    RegisterEntry.objects.bulk_create(
        [
            RegisterEntry(
                register=register,
                key=row.values["id"],
                provision_id=one,
                left=fingerprint(row) if left else "",
            )
            for row, one in pairs
        ],
        update_conflicts=True,
        unique_fields=["register", "key"],
        update_fields=["provision", "left"],
    )


def fingerprint(row: DraftRow) -> str:
    """The same for rows that say the same."""
    return hashlib.sha256(json.dumps(row.values, sort_keys=True).encode()).hexdigest()


def bring_back(register: Register, draft: Draft, provisions: list[int], by: User) -> int:
    """They are in the file: what was said before of a file without them, is over."""
    if older(register, draft):
        return 0
    register.entries.filter(provision__in=provisions).exclude(missing=None).update(missing=None)
    return (
        register.doubts.filter(settled=None, provision__in=provisions)
        .update(settled=timezone.now(), how=Settled.BACK, settled_by=by)
    )  # fmt: skip


def flag_gone(register: Register | None, draft: Draft, by: User) -> int:
    """Flag what is not in the file any more; first a person says whether something in it is the same."""
    rows = draft.rows.filter(done=False, what=What.GONE)
    if register is None or not draft.whole or older(register, draft):
        rows.update(done=True)
        return 0
    alike = draft.rows.filter(what__in=ASKED)
    rows.filter(match__in=alike.filter(choice__in=("same", "skip")).values("match")).update(done=True)
    now = rows.exclude(match__in=alike.filter(choice="").values("match"))
    number = _flag(register, now, timezone.localdate(draft.at), by)
    now.update(done=True)
    return number


def _flag(register: Register, rows: QuerySet[DraftRow], day: date, by: User) -> int:
    entries = register.entries.filter(missing=None, provision__in=rows.values("match"))
    numbers = entries.exclude(provision__state=State.CLOSED).order_by().values_list("provision", flat=True)
    doubts = [
        Doubt(provision_id=number, what=Wrong.MISSING, register=register, file_day=day, by=by)
        for number in numbers.distinct()
    ]
    Doubt.objects.bulk_create(doubts, batch_size=_SHARE)
    entries.update(missing=day)
    return len(doubts)
