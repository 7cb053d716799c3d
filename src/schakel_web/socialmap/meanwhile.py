"""What became otherwise on the map while a file waited: it is left alone, and a person chooses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db.models import OuterRef, Subquery

from schakel_web.socialmap.drafts import keys
from schakel_web.socialmap.models import Draft, DraftRow, Provision
from schakel_web.socialmap.models.exchange import What
from schakel_web.socialmap.tasks import exchange, to_record
from schakel_web.socialmap.tasks.exchange import Record

_SHARE = 500


def edited(rows: list[DraftRow], draft: Draft, ours: Collection[int]) -> list[DraftRow]:
    """Rows about what somebody changed or added here in between: they wait for a person. `ours` we changed ourselves.

    What says by now what the row says, as when the same file was brought in twice, has nothing to ask.
    """
    changing = [r for r in rows if not r.is_new and r.what != What.KEPT and r.choice != "skip"]
    adding = {r.values["id"]: r for r in rows if r.is_new}
    now = {number: version for _key, number, version in keys().filter(pk__in=[r.match_id for r in changing])}
    late = [
        r
        for r in changing
        if r.match_id and r.match_id not in ours and r.version not in (None, now[r.match_id])
    ]
    for identifier, number, _version in keys().filter(identifier__in=adding):
        row = adding[identifier]
        row.what, row.match_id, row.choice = What.SAME, number, ""
        late.append(row)
    return _asked(late, draft)


def _asked(rows: list[DraftRow], draft: Draft) -> list[DraftRow]:
    """Those that would still change something here; the others are what they say they are."""
    there, waits = about(rows), []
    for row in rows:
        one = there[row.match_id or 0]
        before, row.version = to_record(one), one.version  # what is changed after this, is asked about again
        new, _who = record_of(row, draft)
        if exchange.laid_over(new, before, set(row.said) - {"checked"}) != before:
            row.what = What.EDITED if row.what == What.SAME else row.what
            row.choice = ""
            waits.append(row)
    DraftRow.objects.bulk_update(rows, ["what", "match", "choice", "version"], batch_size=_SHARE)
    return waits


def recognise(draft: Draft) -> None:
    """Rows about which a person was to choose, and that are on the map by now under their own identifier."""
    likely = draft.rows.filter(done=False, what__in=(What.LIKELY, What.TWIN))
    own = dict(likely.values_list("values__id", "pk"))
    identifiers = list(own)
    for start in range(0, len(own), _SHARE):
        part = identifiers[start : start + _SHARE]
        there = {identifier: number for identifier, number, _version in keys().filter(identifier__in=part)}
        if draft.register:
            entries = draft.register.entries.filter(key__in=part, left="")
            there |= dict(entries.values_list("key", "provision"))
        rows = list(draft.rows.filter(pk__in=[own[identifier] for identifier in there]))
        for row in rows:
            row.what, row.match_id, row.choice = What.SAME, there[row.values["id"]], ""
        _asked(rows, draft)


def ask_about_twins(draft: Draft, rows: list[DraftRow], added: Mapping[int, int]) -> None:
    """Rows that are like one of these in the same file, which is on the map by now: a person may choose.

    `added` gives the provision of each row that became one.
    """
    twins = draft.rows.filter(what=What.TWIN, twin__in=[row.pk for row in rows])
    firsts = set(twins.values_list("twin", flat=True))
    new = [row for row in rows if row.pk in firsts and row.pk in added]
    for row in new:
        row.match_id = added[row.pk]
    DraftRow.objects.bulk_update(new, ["match"])
    first = DraftRow.objects.filter(pk=OuterRef("twin"))
    twins.filter(twin__in=firsts).update(
        what=What.LIKELY,
        match=Subquery(first.values("match")[:1]),
        version=Subquery(first.values("match__version")[:1]),
    )


def about(rows: list[DraftRow]) -> dict[int, Provision]:
    """What the rows are about, by number, with all that a record of it has."""
    found = Provision.objects.select_related("area").prefetch_related("sessions")
    return {one.pk: one for one in found.filter(pk__in=[row.match_id for row in rows])}


def record_of(row: DraftRow, draft: Draft) -> tuple[Record, str]:
    """What a row says, and who checked it: where it has no day of its own, whoever checked the whole file."""
    found = exchange.record_of(row.values)
    if found.checked is None and draft.checked_on:
        return replace(found, checked=draft.checked_on), draft.checked_by
    return found, draft.register.name if draft.register else ""
