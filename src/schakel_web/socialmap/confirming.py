"""Confirming many at once: by the keeper of a register, or by somebody who asked. Always it is said who checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.signals.actions import refuse_personal_data
from schakel_web.socialmap import actions
from schakel_web.socialmap.models import Confirmation, Doubt, Draft, How, Provision, Settled
from schakel_web.socialmap.models.choices import State

MOST = 100  # at once on the screen: what one can look through
_SHARE = 500


def together(*, provisions: Sequence[int], said_by: str, by: User) -> int:
    """Somebody says of a few that they are still as described; returns of how many that was news."""
    if len(provisions) > MOST or not said_by.strip():
        raise ValueError(f"Expected at most {MOST} provisions, and who said so.")
    refuse_personal_data(said_by)
    with transaction.atomic():
        numbers = as_of(timezone.localdate(), provisions, how=How.TOGETHER, said_by=said_by.strip(), by=by)
        actions.answer_missing(provisions=numbers, how=Settled.RIGHT, by=by)
        record(
            action="socialmap.confirm_together", subject="socialmap.Provision", by=by, number=len(numbers)
        )  # fmt: skip
    return len(numbers)


def as_of(day: date, provisions: Iterable[int], *, how: How, said_by: str, by: User) -> list[int]:
    """They were as described on a day: those that were last confirmed before it, hold from then; their numbers.

    What is closed stays closed, and a later confirmation stays.
    """
    asked, held = sorted(set(provisions)), list[int]()
    with transaction.atomic():
        for start in range(0, len(asked), _SHARE):
            older = Q(checked=None) | Q(checked__lt=day) | Q(checked__gt=timezone.localdate())
            rows = Provision.objects.filter(older, pk__in=asked[start : start + _SHARE]).exclude(
                state=State.CLOSED
            )
            by_interval: dict[int, list[int]] = {}
            locked = rows.order_by("pk").select_for_update(no_key=True)
            for number, days in locked.values_list("pk", "check_days"):
                by_interval.setdefault(days, []).append(number)
            for days, numbers in by_interval.items():
                due = min(day, timezone.localdate()) + timedelta(days=days)
                Provision.objects.filter(pk__in=numbers).update(checked=day, due=due, asked=None)
                held += numbers
        Confirmation.objects.bulk_create(
            Confirmation(provision_id=pk, how=how, said_by=said_by, day=day, by=by) for pk in held
        )
    return held


def as_put_ready(draft: Draft) -> list[int]:
    """Of what the file says exactly as the map did: what nobody changed since, and nobody doubts."""
    doubted = Doubt.objects.of_people().open().values("provision")
    found = list[int]()
    for start in range(0, len(draft.undated), _SHARE):
        rows = Provision.objects.filter(pk__in=draft.undated[start : start + _SHARE], changed__lte=draft.at)
        found += rows.exclude(pk__in=doubted).values_list("pk", flat=True)
    return found
