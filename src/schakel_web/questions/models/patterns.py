"""Detection runs, and the patterns that they found (S036). A pattern is a suggestion (R10)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Area


class RunState(models.TextChoices):
    """How far a run is."""

    WAITING = "waiting", _("wacht")
    RUNNING = "running", _("bezig")
    DONE = "done", _("klaar")
    CANCELLED = "cancelled", _("gestopt")
    FAILED = "failed", _("mislukt")


class Run(models.Model):
    """One detection: everything that is needed to get the same result again (R11)."""

    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    parameters = models.JSONField(default=dict)  # the settings of the library, seed included
    cutoff = models.DateTimeField()  # signals given after this moment are left out
    version = models.CharField(max_length=20, blank=True)  # of the library
    data = models.JSONField(default=dict)  # what went in, as the library says it
    done = models.PositiveIntegerField(default=0)  # themes that were scanned
    total = models.PositiveIntegerField(default=0)
    cancel = models.BooleanField(default=False)  # somebody asked to stop
    attempt = models.PositiveSmallIntegerField(default=0)
    alive = models.DateTimeField(null=True)  # last sign of life of the worker
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    message = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the result, to compare a repeated run with
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    again = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repeats")

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "state", "parameters", "cutoff", "version", "data", "done", "total", "cancel", "attempt", "alive",
        "started", "finished", "message", "digest", "created", "again",
    }  # fmt: skip
    purpose = _("Elk getal kunnen narekenen (R11).")
    kept = _("24 maanden")
    read_by = frozenset({Permission.PATTERN_READ})

    class Meta:
        verbose_name = _("zoektocht naar patronen")
        verbose_name_plural = _("zoektochten naar patronen")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["waiting", "running"], again=None),
                name="one_run_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M}"


class PatternState(models.TextChoices):
    """What people did with a pattern."""

    OPEN = "open", _("nog te bekijken")
    TAKEN = "taken", _("opgenomen in een breder levende vraag")
    DISMISSED = "dismissed", _("terzijde gelegd")
    ENDED = "ended", _("niet meer gezien")


class PatternQuerySet(models.QuerySet["Pattern"]):
    """Patterns."""

    def visible_to(self, access: Access) -> Self:
        """Those that touch an area of the teams for which reading patterns is allowed."""
        return self.filter(areas__in=access.areas(Permission.PATTERN_READ)).distinct()

    def shown(self) -> Self:
        """Those above the thresholds of R6; the others are only explained ('why not')."""
        return self.filter(shown=True)


class Pattern(models.Model):
    """A theme that recurs somewhere, through all runs in which it goes on."""

    theme = models.CharField(_("thema"), max_length=60)
    areas = models.ManyToManyField(Area, related_name="patterns")
    state = models.CharField(max_length=10, choices=PatternState.choices, default=PatternState.OPEN)
    shown = models.BooleanField(default=False)  # above the thresholds when it was last seen (R6)
    first = models.DateField()  # first day of the first sighting
    last = models.DateField()  # last day of the last sighting
    latest = models.ForeignKey("Sighting", models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(
        default=0
    )  # goes up with every decision: two people cannot both win

    objects = PatternQuerySet.as_manager()

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "theme", "areas", "state", "shown", "first", "last", "latest", "created", "version",
    }  # fmt: skip
    purpose = _("Laten zien wat vaker voorkomt dan verwacht, als suggestie (R10).")
    kept = _("24 maanden nadat het voor het laatst is gezien")
    read_by = frozenset({Permission.PATTERN_READ})

    class Meta:
        verbose_name = _("patroon")
        verbose_name_plural = _("patronen")
        ordering = ("-last", "-pk")
        indexes = [models.Index(fields=["state", "shown", "-last"])]

    def __str__(self) -> str:
        return f"{self.theme} {self.pk}"


class Sighting(models.Model):
    """A pattern as one run saw it: its figures, and what the library said about them."""

    pattern = models.ForeignKey(Pattern, models.CASCADE, related_name="sightings")
    run = models.ForeignKey(Run, models.CASCADE, related_name="sightings")
    areas = models.ManyToManyField(Area, related_name="+")
    start = models.DateField()
    end = models.DateField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    statistic = models.FloatField()
    p_value = models.FloatField()
    q_value = models.FloatField()
    people = models.PositiveIntegerField()
    sources = models.PositiveIntegerField()
    dates = models.PositiveIntegerField()
    dominance = models.FloatField()
    withheld = models.JSONField(default=list)  # reasons why a team does not see it (R6)
    evidence = models.JSONField(default=dict)  # the whole result, as the library writes it

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "pattern", "run", "areas", "start", "end", "observed", "expected", "statistic", "p_value", "q_value",
        "people", "sources", "dates", "dominance", "withheld", "evidence",
    }  # fmt: skip
    called = _("waarneming van een patroon")
    purpose = _("Zien of een patroon groeit of kleiner wordt, met bewijs.")
    kept = _("24 maanden")
    read_by = frozenset({Permission.PATTERN_READ})

    class Meta:
        ordering = ("-run",)
        constraints = [models.UniqueConstraint(fields=["pattern", "run"], name="one_sighting_per_run")]

    def __str__(self) -> str:
        return f"{self.pattern_id} {self.run_id}"


class DismissalReason(models.TextChoices):
    """Why a pattern is put aside; counted, so that a team sees how often the statistics were useful."""

    KNOWN = "known", _("wij weten hier al van en doen er al iets mee")
    NOT_SHARED = "not_shared", _("het zijn losse vragen, geen gedeelde vraag")
    REPORTING = "reporting", _("er is alleen meer doorgegeven, niet meer aan de hand")
    ONE_SOURCE = "one_source", _("het komt vooral van één bron")
    PASSED = "passed", _("het was van korte duur en is voorbij")
    NOT_OURS = "not_ours", _("dit ligt bij iemand anders")
    OTHER = "other", _("iets anders")


class Dismissal(models.Model):
    """Somebody put a pattern aside, with a reason."""

    pattern = models.ForeignKey(Pattern, models.CASCADE, related_name="dismissals")
    reason = models.CharField(_("reden"), max_length=20, choices=DismissalReason.choices)
    note = models.CharField(_("toelichting"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"pattern", "reason", "note", "at"}
    purpose = _("Leren of de statistiek helpt.")
    kept = _("24 maanden")
    read_by = frozenset({Permission.PATTERN_READ})

    class Meta:
        verbose_name = _("terzijde gelegd patroon")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.reason
