"""Adding to the log, and proof that nobody changed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import models, transaction
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.models import Event, EventQuerySet, Head, Outcome

_CODE = re.compile(r"[\w.:/+-]{0,80}", re.ASCII)
CHAIN, REVIEW = "audit.chain", "audit.review"  # what lines about the log itself are about
Fact = int | bool | str | None


def record(
    *,
    action: str,
    subject: models.Model | str,
    by: User | None,
    role: str = "",
    outcome: Outcome = Outcome.DONE,
    **facts: Fact,
) -> None:
    """Add one line, within the transaction of what it is about: if the line cannot be written, neither can that.

    `facts` are numbers and code words. ValueError for anything that could be content: a log has none (R16).
    """
    wrong = [name for name, fact in facts.items() if isinstance(fact, str) and not _CODE.fullmatch(fact)]
    if wrong:
        raise ValueError(
            f"Fact '{wrong[0]}' is no number or code word; expected no content in the log (R16)."
        )
    with transaction.atomic():
        head = Head.objects.select_for_update().get_or_create(pk=1)[0]
        event = Event(
            at=timezone.now(),
            actor=by.pk if by else None,
            role=role or (by.acting[:60] or "user" if by else "resident"),
            action=action,
            record=subject if isinstance(subject, str) else subject._meta.label,
            number="" if isinstance(subject, str) else str(subject.pk),
            outcome=outcome,
            facts=facts,
        )
        event.seal = event.sealed(head.last)
        event.save()
        head.last, head.length = event.seal, head.length + 1
        head.save()


def verify() -> Iterator[str]:
    """What is wrong with the chain, a sentence each; nothing when every row is as it was written.

    Rows that are added meanwhile are looked at, but not counted: the end that was kept is read before the rows are.
    """
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if Event.objects.exists():
            yield "The ends of the log are gone."
        return
    if not head.fits():
        yield "The ends that were kept of the log were changed."
    previous, length, whole = head.first, 0, head.length == 0 and head.first == head.last
    for event in Event.objects.order_by("pk").iterator(chunk_size=2000):
        length += 1
        if not event.fits(previous):
            yield f"Row {event.pk} of {event.at:%Y-%m-%d %H:%M} was changed, or a row before it was removed or added."
        previous = event.seal
        whole = whole or (length == head.length and previous == head.last)
    if not whole:
        yield f"The log has {length} rows; expected {head.length}, ending in the seal that was kept."


def check(*, by: User | None) -> int:
    """Verify the whole log and say so in it; returns how many faults there are, at most a hundred."""
    faults = sum(1 for _ in islice(verify(), 100))
    record(
        action="audit.verified", subject=CHAIN, by=by, role="" if by else "system", faults=faults, rows=anchor()[0]
    )  # fmt: skip
    return faults


def anchor() -> tuple[int, str]:
    """How many rows there are, and the seal of the last: kept elsewhere, it shows later that nothing was cut off."""
    head = Head.objects.filter(pk=1).first()
    return (head.length, head.last) if head else (0, "")


def prune(before: datetime) -> int:
    """Remove the rows of before a moment (R15) and keep the seal that the rest hangs on; returns how many."""
    with transaction.atomic():
        head = Head.objects.select_for_update().get_or_create(pk=1)[0]
        kept = Event.objects.filter(at__gte=before).order_by("pk").first()
        old = Event.objects.all() if kept is None else Event.objects.filter(pk__lt=kept.pk)
        last = old.order_by("-pk").first()
        if last is None:
            return 0
        number = old.count()
        models.QuerySet.delete(_plain(old))
        head.first, head.length = last.seal, head.length - number
        head.save()
        return number


def _plain(rows: EventQuerySet) -> models.QuerySet[Event]:
    """The same rows as a queryset that can delete; only `prune` may."""
    plain: models.QuerySet[Event] = models.QuerySet(Event)
    plain.query = rows.query.clone()
    return plain
