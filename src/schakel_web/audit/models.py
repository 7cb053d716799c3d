"""The log. A row is never changed; each carries a seal over itself and the seal before it."""

from __future__ import annotations

import json
from typing import Any, Never

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader, Zone

START = "0" * 64


class Outcome(models.TextChoices):
    """What came of it."""

    DONE = "done", _("gedaan")
    READ = "read", _("gelezen")
    EXPORTED = "exported", _("uitgevoerd naar een bestand")
    REFUSED = "refused", _("geweigerd")


class Kind(models.TextChoices):
    """What kind of line it is, for who looks at a whole month."""

    READ = "read", _("gevoelige gegevens gelezen")
    EXPORTED = "exported", _("meegenomen als bestand")
    REFUSED = "refused", _("geweigerd")
    FAILED = "failed", _("mislukt ingelogd")
    RIGHTS = "rights", _("rechten veranderd")
    OTHER = "other", _("ander werk")


class EventQuerySet(models.QuerySet["Event"]):
    """Rows of the log; they can be read and nothing else."""

    def update(self, **kwargs: Any) -> Never:
        """Refused."""
        raise TypeError("The log is append-only.")

    def delete(self) -> Never:
        """Refused; only the retention job removes the oldest rows (see `chain.prune`)."""
        raise TypeError("The log is append-only.")


class Event(models.Model):
    """One line: who did what to which record. No foreign keys, so that it outlives what it is about, and no content."""

    at = models.DateTimeField(_("wanneer"), db_index=True)
    actor = models.PositiveBigIntegerField(
        _("wie"), null=True
    )  # number of a user; empty: nobody who is known
    role = models.CharField(_("als"), max_length=60)  # roles at that moment, or resident, or system
    action = models.CharField(_("wat"), max_length=60)
    record = models.CharField(_("soort"), max_length=60)
    number = models.CharField(_("nummer"), max_length=40)
    outcome = models.CharField(_("uitkomst"), max_length=10, choices=Outcome.choices)
    facts = models.JSONField(_("kenmerken"), default=dict)
    seal = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    personal = {"actor"}
    not_personal = {"at", "role", "action", "record", "number", "outcome", "facts", "seal"}
    purpose = _(
        "Achteraf kunnen zien wie wat heeft gedaan, gelezen of meegenomen (AVG artikel 5 lid 2 en 32)."
    )
    kept = _("24 maanden")

    class Meta:
        verbose_name = _("regel in het logboek")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["record", "number"]), models.Index(fields=["actor", "-id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.record} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once."""
        if self.pk:
            raise TypeError("The log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused."""
        raise TypeError("The log is append-only.")

    def sealed(self, previous: str, *, key: str | None = None) -> str:
        """The seal that belongs to this row after the seal of the row before it; with the secret key, or another."""
        said = [
            previous, self.at.isoformat(), self.actor, self.role, self.action, self.record, self.number,
            self.outcome, self.facts,
        ]  # fmt: skip
        return _hmac(said, key)

    def fits(self, previous: str) -> bool:
        """Whether the seal is right, by the secret key or one of those before it."""
        return any(constant_time_compare(self.seal, self.sealed(previous, key=key)) for key in keys())


def keys() -> list[str]:
    """The secret key and those before it."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _hmac(said: list[Any], key: str | None) -> str:
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return salted_hmac("schakel.audit", text, secret=key, algorithm="sha256").hexdigest()


class Head(models.Model):
    """The ends of the chain: one row, locked by whoever adds to it."""

    first = models.CharField(max_length=64, default=START)  # seal before the oldest row that is kept
    last = models.CharField(max_length=64, default=START)
    length = models.PositiveBigIntegerField(default=0)  # rows that are kept
    seal = models.CharField(
        max_length=64, default=""
    )  # over the three: who cuts off the end cannot make a new one

    not_personal = {"first", "last", "length", "seal"}
    personal: set[str] = set()
    called = _("uiteinden van het logboek")
    purpose = _("Kunnen laten zien dat er niets uit het logboek is verdwenen.")
    kept = _("zolang er een logboek is; er staan alleen zegels en een aantal in")
    zone = Zone.SOFTWARE
    read_by = frozenset({Reader.NOBODY})

    def __str__(self) -> str:
        return f"{self.length}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a new seal."""
        self.seal = _hmac([self.first, self.last, self.length], None)
        super().save(*args, **kwargs)

    def fits(self) -> bool:
        """Whether the seal is right, by the secret key or one of those before it."""
        said = [self.first, self.last, self.length]
        return any(constant_time_compare(self.seal, _hmac(said, key)) for key in keys())
