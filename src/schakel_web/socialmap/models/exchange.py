"""What comes in from files: saved column mappings, and drafts in which a person chooses what is the same."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.socialmap.models.provisions import Provision

_FROM = _("Zien wat een bron niet meer noemt, zonder het van de kaart te halen.")
_PURPOSE = _("Aanbod uit andere bestanden overnemen zonder iets dubbel te maken of kwijt te raken.")


class ColumnMap(models.Model):
    """Which columns of somebody else's file are which of ours; saved once, used at every import."""

    name = models.CharField(_("naam"), max_length=120, unique=True)
    text = models.TextField(_("koppeling"))  # as the library reads it (YAML)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed = models.DateTimeField(auto_now=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"name", "text", "changed"}
    purpose = _PURPOSE
    kept = _("zolang er uit dat bestand wordt ingelezen")
    read_by = frozenset({Permission.MAP_IMPORT})

    class Meta:
        verbose_name = _("koppeling van kolommen")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Register(models.Model):
    """Where files with provisions come from that come again: what is in none of them any more can be seen."""

    name = models.CharField(_("bron"), max_length=120, unique=True)
    newest = models.DateTimeField(
        null=True, blank=True
    )  # when the newest file that was brought in was put ready
    made = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"name", "newest", "made"}
    purpose = _FROM
    kept = _("zolang er uit die bron wordt ingelezen")

    class Meta:
        verbose_name = _("bron van aanbod")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RegisterEntry(models.Model):
    """A provision came from a register, where it has an identifier of its own; one may have had several."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="entries")
    key = models.CharField(_("kenmerk"), max_length=120)
    provision = models.ForeignKey(Provision, models.CASCADE, related_name="entries")
    missing = models.DateField(null=True, blank=True)  # since the file of which day it is not in there
    # fingerprint of the row that a person did not want here: as long as it is the same, nobody is asked again
    left = models.CharField(max_length=64, blank=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"register", "key", "provision", "missing", "left"}
    purpose = _FROM
    kept = _("zolang het aanbod op de kaart staat")

    class Meta:
        verbose_name = _("aanbod van een bron")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["register", "key"], name="once_in_a_register")]

    def __str__(self) -> str:
        return self.key


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def visible_to(self, access: Access) -> Self:
        """One's own, for who may read files in."""
        return self.filter(by=access.user) if access.may(Permission.MAP_IMPORT) else self.none()


class Draft(models.Model):
    """One file that was read, and what is to become of its rows; nothing is on the map yet."""

    name = models.CharField(_("bestand"), max_length=200)
    left_out = models.PositiveIntegerField(default=0)  # faulty rows
    unchanged = models.PositiveIntegerField(default=0)  # rows that are on the map exactly so
    register = models.ForeignKey(Register, models.SET_NULL, null=True, blank=True, related_name="drafts")
    nameless = models.PositiveIntegerField(default=0)  # faulty rows of which nobody knows what they are about
    whole = models.BooleanField(
        null=True, blank=True
    )  # whether it is all of the register; None is not said yet
    dated = models.PositiveIntegerField(default=0)  # rows that say themselves when they were checked
    undated = models.JSONField(default=list)  # provisions that are on the map exactly so, of rows that do not
    checked_by = models.CharField(_("wie heeft dit nagekeken?"), max_length=120, blank=True)
    checked_on = models.DateField(_("op welke dag?"), null=True, blank=True)  # what rows without a day get
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    applied = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "name", "left_out", "unchanged", "register", "nameless", "whole", "dated", "undated", "checked_by",
        "checked_on", "at", "applied",
    }  # fmt: skip
    purpose = _PURPOSE
    kept = _("een maand")
    read_by = frozenset({Permission.MAP_IMPORT})

    class Meta:
        verbose_name = _("ingelezen bestand met aanbod")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by="", checked_on=None)
                | (~Q(checked_by="") & Q(checked_on__isnull=False)),
                name="checked_by_somebody_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def waiting(self) -> models.QuerySet[DraftRow]:
        """Rows that a person has to choose about."""
        return DraftRow.objects.filter(draft=self, done=False, what__in=ASKED, choice="")


class What(models.TextChoices):
    """What a row is."""

    NEW = "new", _("nieuw")
    SAME = "same", _("verandert wat er staat")
    LIKELY = "likely", _("lijkt op iets dat er staat")
    TWIN = "twin", _("lijkt op een andere regel in het bestand")  # waits until that one is on the map
    EDITED = "edited", _("is op de kaart veranderd nadat het bestand was klaargezet")
    KEPT = "kept", _("staat precies zo op de kaart")  # only where it has to be linked, or is back
    GONE = "gone", _("staat niet meer in het bestand")


#: What a person has to choose about.
ASKED = (What.LIKELY, What.EDITED)


class DraftRow(models.Model):
    """One provision of a file; where it is like something that is there, a person chooses."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="rows")
    values = models.JSONField()  # the row as texts, as the library writes it
    kept_beside = models.JSONField(default=dict)  # what we have no column for, so that it is not lost
    what = models.CharField(max_length=10, choices=What.choices)
    match = models.ForeignKey(Provision, models.CASCADE, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(
        null=True, blank=True
    )  # of the match, when it was compared or chosen
    # of two rows that are probably the same: the one that goes first
    twin = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="twins")
    because = models.JSONField(default=list)
    said = models.JSONField(default=list)  # columns that the file has; about others we keep what is there
    choice = models.CharField(max_length=10, blank=True)  # new, same, skip; empty is not chosen
    done = models.BooleanField(default=False)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "draft", "values", "kept_beside", "what", "match", "version", "twin", "because", "said", "choice", "done",
    }  # fmt: skip
    purpose = _PURPOSE
    kept = _("een maand")
    read_by = frozenset({Permission.MAP_IMPORT})

    class Meta:
        verbose_name = _("regel van een ingelezen bestand")
        ordering = ("pk",)
        indexes = [models.Index(fields=["draft", "what", "done"], name="draft_rows")]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="new") | Q(match__isnull=False) | Q(what="twin", twin__isnull=False),
                name="same_as_something",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_new(self) -> bool:
        """Whether it is to be added to the map."""
        return self.choice == "new" or (self.what == What.NEW and self.choice != "skip")
