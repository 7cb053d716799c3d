"""How long things are kept (R15). Every room registers its rules here; one job runs them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.audit import chain
from schakel_web.audit.chain import record
from schakel_web.audit.models import Event
from schakel_web.privacy.models import Removal

MONTH = timedelta(days=30.4375)


@dataclass(frozen=True)
class Rule:
    """What is removed after how long: `count` how many there are from before a moment, `remove` takes them away."""

    key: str
    about: str | Promise
    after: timedelta
    count: Callable[[datetime], int]
    remove: Callable[[datetime], int]


RULES: dict[str, Rule] = {}


def rule(found: Rule) -> None:
    """Add a rule; a key twice is a mistake."""
    if found.key in RULES:
        raise ValueError(f"Retention rule '{found.key}' is there twice.")
    RULES[found.key] = found


@dataclass(frozen=True)
class Due:
    """What a rule would remove now."""

    rule: Rule
    before: datetime
    number: int


def due(now: datetime | None = None) -> list[Due]:
    """What every rule would remove now: the dry run."""
    moment = now or timezone.now()
    return [Due(r, moment - r.after, r.count(moment - r.after)) for r in RULES.values()]


def run(*, by: User | None, now: datetime | None = None) -> list[Removal]:
    """Remove what is over time, rule by rule, each in its own transaction and with a line in the register."""
    done = []
    for each in due(now):
        with transaction.atomic():
            number = each.rule.remove(each.before)
            if number:
                removal = Removal(rule=each.rule.key, before=each.before, number=number)
                removal.save()
                done.append(removal)
                record(
                    action="privacy.removed", subject=removal, by=by, role="" if by else "system",
                    rule=each.rule.key, number=number,
                )  # fmt: skip
    return done


rule(
    Rule(
        "audit",
        _("Regels in het logboek van meer dan 24 maanden oud worden verwijderd."),
        24 * MONTH,
        lambda before: Event.objects.filter(at__lt=before).count(),
        chain.prune,
    )
)
