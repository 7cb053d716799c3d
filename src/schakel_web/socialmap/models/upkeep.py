"""Whether the map is still true: confirmations, doubts, what came and went, and the road into associations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Area
from schakel_web.socialmap.models.choices import Kind, Provenance
from schakel_web.socialmap.models.exchange import Register
from schakel_web.socialmap.models.provisions import Provision

_MAP = _("Weten of de sociale kaart nog klopt.")
_AS_LONG = _("zolang het aanbod op de kaart staat")


class PositionChange(models.Model):
    """A provision was given a place on the two scales: where, and why there (S115–S118)."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="positions")
    approach = models.FloatField()
    formality = models.FloatField()
    spread = models.FloatField()
    why = models.CharField(_("waarom hier"), max_length=500, blank=True)
    begin = models.BooleanField(default=False)  # the place it came with; every later one has a reason
    provenance = models.CharField(max_length=20, choices=Provenance.choices, default=Provenance.OWN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "provision", "approach", "formality", "spread", "why", "begin", "provenance", "at",
    }  # fmt: skip
    purpose = _("Zien hoe aanbod verschuift tussen individueel en collectief, informeel en formeel.")
    kept = _AS_LONG

    class Meta:
        verbose_name = _("plaats in het kwadrant")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(begin=True) | ~Q(why=""), name="another_position_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.approach:.2f} {self.formality:.2f}"


class How(models.TextChoices):
    """How somebody said that it is still true."""

    SCREEN = "screen", _("op het scherm")
    MAIL = "mail", _("met de link uit de mail")
    IMPORT = "import", _("bij het inlezen van een bestand")
    TOGETHER = "together", _("op het scherm, samen met ander aanbod")


class Confirmation(models.Model):
    """Somebody confirmed that a provision is still as it is described, or was so on an earlier day."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="confirmations")
    how = models.CharField(_("hoe"), max_length=10, choices=How.choices)
    said_by = models.CharField(_("volgens wie"), max_length=120, blank=True)  # an organisation or a desk
    day = models.DateField(
        _("van welke dag"), null=True, blank=True
    )  # that it was so; empty is when it was said
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"provision", "how", "said_by", "day", "at"}
    purpose = _MAP
    kept = _AS_LONG

    class Meta:
        verbose_name = _("bevestiging")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(how="together") | ~Q(said_by=""), name="together_says_who_said_so"
            )
        ]

    def __str__(self) -> str:
        return f"{self.how}"


class Wrong(models.TextChoices):
    """What is not right."""

    GONE = "gone", _("het is er niet meer")
    TIMES = "times", _("de dag of tijd")
    PLACE = "place", _("de plek")
    COST = "cost", _("de kosten")
    CONTACT = "contact", _("de website, e-mail of telefoon")
    FULL = "full", _("het is vol")
    OTHER = "other", _("iets anders")
    MISSING = "missing", _("staat niet meer in het bestand")  # said by a file, not by somebody


class Settled(models.TextChoices):
    """What came of it."""

    CORRECTED = "corrected", _("verbeterd")
    RIGHT = "right", _("het klopte toch")
    REMOVED = "removed", _("van de kaart gehaald")
    BACK = "back", _("staat weer in het bestand")


class DoubtQuerySet(models.QuerySet["Doubt"]):
    """Doubts."""

    def visible_to(self, access: Access) -> Self:
        """Those about provisions that this person may change."""
        return self.filter(provision__in=Provision.objects.kept_by(access).values("pk"))

    def open(self) -> Self:
        """Those that nobody looked at."""
        return self.filter(settled=None)

    def of_people(self) -> Self:
        """Those that somebody has."""
        return self.exclude(what=Wrong.MISSING)

    def of_files(self) -> Self:
        """Those about what is no longer in the file that it came from."""
        return self.filter(what=Wrong.MISSING)


class Doubt(models.Model):
    """Somebody, perhaps a resident, says that something is not right ('klopt niet')."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="doubts")
    what = models.CharField(_("wat klopt er niet?"), max_length=10, choices=Wrong.choices)
    note = models.CharField(_("toelichting"), max_length=500, blank=True)
    register = models.ForeignKey(Register, models.CASCADE, null=True, blank=True, related_name="doubts")
    file_day = models.DateField(null=True, blank=True)  # of the file that it is not in
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    settled = models.DateTimeField(null=True, blank=True)
    how = models.CharField(_("wat is ermee gedaan?"), max_length=10, choices=Settled.choices, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DoubtQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by", "settled_by"}
    not_personal: ClassVar[set[str]] = {
        "provision", "what", "note", "register", "file_day", "at", "settled", "how",
    }  # fmt: skip
    purpose = _MAP
    kept = _("24 maanden nadat ernaar is gekeken")

    class Meta:
        verbose_name = _("melding dat iets niet klopt")
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["settled", "provision"], name="doubts_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled=None, how="") | (Q(settled__isnull=False) & ~Q(how="")),
                name="settled_says_how",
            ),
            models.CheckConstraint(
                condition=Q(what="missing", register__isnull=False, file_day__isnull=False)
                | (~Q(what="missing") & Q(register=None, file_day=None)),
                name="missing_says_from_which_file",
            ),
            models.UniqueConstraint(
                fields=["provision", "register"],
                condition=Q(settled=None, what="missing"),
                name="missing_is_said_once",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def by_a_file(self) -> bool:
        """Whether a file says so, and not somebody."""
        return self.what == Wrong.MISSING


class Change(models.TextChoices):
    """What happened to a place or a group."""

    GAINED = "gained", _("erbij gekomen")
    LOST = "lost", _("verdwenen")
    PAUSED = "paused", _("ligt stil")
    BACK = "back", _("weer terug")


class EventQuerySet(models.QuerySet["MapEvent"]):
    """What came and went."""

    def visible_to(self, access: Access) -> Self:
        """The history of the map is as open as the map."""
        return self.all() if access.may(Permission.MAP_READ) else self.none()


class MapEvent(models.Model):
    """A place, group or service came or went: the history of what a neighbourhood has (S023, S083)."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="events")
    what = models.CharField(_("wat"), max_length=10, choices=Change.choices)
    date = models.DateField(_("wanneer"), default=timezone.localdate)
    why = models.CharField(_("waardoor"), max_length=500, blank=True)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="map_events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    last_of = models.JSONField(default=list)  # themes for which it was the last one in its neighbourhood
    answer = models.CharField(_("wat wij eraan doen"), max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by", "answered_by"}
    not_personal: ClassVar[set[str]] = {
        "provision", "what", "date", "why", "area", "kind", "last_of", "answer", "at",
    }  # fmt: skip
    purpose = _("Zien wat een wijk erbij krijgt en kwijtraakt (S083).")
    kept = _("blijvend, als geschiedenis van de wijk")

    class Meta:
        verbose_name = _("verandering op de kaart")
        ordering = ("-date", "-pk")
        indexes = [models.Index(fields=["what", "-date"], name="map_events_newest")]

    def __str__(self) -> str:
        return f"{self.what} {self.date}"


class TaskQuerySet(models.QuerySet["PathTask"]):
    """Tasks of pathfinders."""

    def visible_to(self, access: Access) -> Self:
        """Those about provisions that this person may change."""
        return self.filter(provision__in=Provision.objects.kept_by(access).values("pk"))


class PathTask(models.Model):
    """What a pathfinder (kwartiermaker) does to open a provision up to vulnerable residents (S098, S099)."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="tasks")
    what = models.CharField(_("wat gaan wij doen?"), max_length=300)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="path_tasks", verbose_name=_("wie")
    )
    due = models.DateField(_("voor wanneer"))
    done = models.DateTimeField(null=True, blank=True)
    result = models.CharField(_("wat het opleverde"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"who", "by"}
    not_personal: ClassVar[set[str]] = {"provision", "what", "due", "done", "result", "at"}
    purpose = _("Aanbod openen voor bewoners die er nu niet komen.")
    kept = _AS_LONG

    class Meta:
        verbose_name = _("taak van een kwartiermaker")
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return self.what
