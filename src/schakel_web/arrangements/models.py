"""An arrangement for one help request: its parts, what was chosen and why, and what the resident says (S010, S107)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Team
from schakel_web.signals.models import Signal
from schakel_web.signals.models import State as SignalState
from schakel_web.socialmap.models import Provision
from schakel_web.socialmap.models.choices import Payer

MOST_TEXT = 500
_PURPOSE = _("Samen met de bewoner een passende combinatie maken; de bewoner houdt de regie (S107, S134).")


class State(models.TextChoices):
    """How far it is."""

    DRAFT = "draft", _("wordt samengesteld")
    AGREED = "agreed", _("de bewoner is het ermee eens")
    RUNNING = "running", _("loopt")
    ENDED = "ended", _("afgerond")
    WITHDRAWN = "withdrawn", _("ingetrokken door de bewoner")


class ArrangementQuerySet(models.QuerySet["Arrangement"]):
    """Arrangements."""

    def visible_to(self, access: Access) -> Self:
        """Those for requests in the areas of the own teams; one of which the request was withdrawn is nobody's."""
        return self.filter(request__area__in=access.areas(Permission.ARRANGEMENT_WORK)).exclude(
            Q(state=State.WITHDRAWN) | Q(request__state=SignalState.WITHDRAWN)
        )

    def going(self) -> Self:
        """Those that are being made or run."""
        return self.filter(state__in=[State.DRAFT, State.AGREED, State.RUNNING])


class Arrangement(models.Model):
    """A package for one person, matched to the situation; an arrangement and not a provision (S134)."""

    request = models.ForeignKey(Signal, models.CASCADE, related_name="arrangements")
    team = models.ForeignKey(Team, models.PROTECT, related_name="arrangements")
    state = models.CharField(_("stand"), max_length=10, choices=State.choices, default=State.DRAFT)
    goal = models.CharField(_("wat de bewoner wil bereiken"), max_length=MOST_TEXT, blank=True)
    needs = models.JSONField(_("waaraan werken"), default=list)  # [{"theme", "weight", "must"}]
    wishes = models.JSONField(_("wensen en grenzen"), default=dict)  # fields of the library's `Wishes`
    weights = models.JSONField(default=dict)  # those that differ from the usual ones
    open_ended = models.BooleanField(_("zonder einddatum"), default=False)  # S032
    ends = models.DateField(_("tot"), null=True, blank=True)
    review = models.DateField(_("samen terugkijken op"), null=True, blank=True)
    suggestion = models.JSONField(default=dict)  # what was suggested, with question and version (R11)
    agreed = models.DateTimeField(null=True, blank=True)  # by the resident, with the receipt code
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)  # goes up with every change: two people cannot both win
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = ArrangementQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "request", "team", "state", "goal", "needs", "wishes", "weights", "open_ended", "ends", "review",
        "suggestion", "agreed", "version", "created", "changed",
    }  # fmt: skip
    purpose = _PURPOSE
    kept = _(
        "18 maanden nadat het voor het laatst is veranderd; daarna blijft alleen wat waar naartoe verwees"
    )

    class Meta:
        verbose_name = _("arrangement")
        verbose_name_plural = _("arrangementen")
        ordering = ("-changed", "-pk")
        indexes = [models.Index(fields=["team", "state", "-changed"], name="arrangements_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["draft", "agreed", "running"]),
                name="one_arrangement_going",
            ),
            models.CheckConstraint(
                condition=Q(open_ended=False) | Q(ends=None), name="open_ended_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def suggestion_is_old(self) -> bool:
        """Whether what was asked changed after the suggestion was made."""
        from schakel_web.arrangements.tasks import own_parts  # noqa: PLC0415  it needs these models

        if not self.suggestion:
            return False
        asked = {"needs": self.needs, "wishes": self.wishes, "weights": self.weights}
        if any(self.suggestion.get(key) != each for key, each in asked.items()):
            return True
        return bool(self.suggestion.get("parts") != own_parts(self.components.filter(removed=None)))


class Kind(models.TextChoices):
    """What a part is (S010, S134); values are those of the library."""

    COLLECTIVE = "collectief_aanbod", _("samen met anderen")
    PROVISION = "voorziening", _("voorziening")
    INDIVIDUAL = "individuele_ondersteuning", _("ondersteuning voor u alleen")
    NETWORK = "eigen_netwerk", _("mensen om u heen")
    OWN = "eigen_inzet", _("wat u zelf doet")


class Outcome(models.TextChoices):
    """What came of a part, for this person (S011)."""

    UNKNOWN = "", _("nog niet besproken")
    REACHED = "reached", _("gelukt")
    PARTLY = "partly", _("voor een deel gelukt")
    NOT = "not", _("niet gelukt")


class Component(models.Model):
    """One part, with a goal of its own in the words of the resident (S011)."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="components")
    kind = models.CharField(_("soort"), max_length=30, choices=Kind.choices)
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="components", verbose_name=_("aanbod")
    )
    title = models.CharField(_("wat"), max_length=200)
    themes = models.JSONField(_("waar het aan werkt"), default=list)
    goal = models.CharField(_("doel, in woorden van de bewoner"), max_length=MOST_TEXT, blank=True)
    day = models.PositiveSmallIntegerField(
        _("dag"), null=True, blank=True
    )  # 0 is Monday; for parts without provision
    begin = models.PositiveSmallIntegerField(_("begin"), null=True, blank=True)  # minutes after midnight
    minutes = models.PositiveSmallIntegerField(_("duur in minuten"), null=True, blank=True)
    hours = models.FloatField(_("uren van professionals per week"), null=True, blank=True)  # for this person
    payer = models.CharField(_("wie betaalt"), max_length=30, choices=Payer.choices, blank=True)
    cost_month = models.DecimalField(
        _("kosten voor de bewoner per maand"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    start = models.DateField(_("begint op"), null=True, blank=True)
    review = models.DateField(_("terugkijken op"), null=True, blank=True)
    handover = models.CharField(
        _("warme overdracht: wie gaat de eerste keer mee?"), max_length=200, blank=True
    )
    handed = models.DateField(_("overgedragen op"), null=True, blank=True)
    outcome = models.CharField(_("wat het opleverde"), max_length=10, choices=Outcome.choices, blank=True)
    outcome_text = models.CharField(_("in woorden van de bewoner"), max_length=MOST_TEXT, blank=True)
    suggested = models.BooleanField(default=False)
    removed = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "arrangement", "kind", "provision", "title", "themes", "goal", "day", "begin", "minutes", "hours", "payer",
        "cost_month", "start", "review", "handover", "handed", "outcome", "outcome_text", "suggested", "removed", "at",
    }  # fmt: skip
    purpose = _PURPOSE
    kept = _("teksten 18 maanden; daarna blijft alleen soort en aanbod")

    class Meta:
        verbose_name = _("onderdeel van een arrangement")
        ordering = ("pk",)
        indexes = [models.Index(fields=["provision", "removed"], name="components_of_provision")]
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "provision"],
                condition=Q(removed=None, provision__isnull=False),
                name="a_provision_once_per_arrangement",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["collectief_aanbod", "voorziening"]) | Q(provision__isnull=False),
                name="an_offer_is_on_the_map",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["eigen_netwerk", "eigen_inzet"]) | Q(provision=None, hours=None),
                name="own_people_are_no_professionals",
            ),
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gte=0), name="no_hours_below_zero"),
            models.CheckConstraint(
                condition=Q(cost_month=None) | Q(cost_month__gte=0), name="no_month_cost_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(day=None, begin=None, minutes=None)
                | Q(day__isnull=False, begin__isnull=False, minutes__isnull=False, day__lt=7, begin__lt=1440),
                name="a_time_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class What(models.TextChoices):
    """What a person did with a suggestion (R10)."""

    ACCEPT = "accept", _("overgenomen")
    ADAPT = "adapt", _("aangepast")
    REJECT = "reject", _("niet overgenomen")
    ADD = "add", _("zelf toegevoegd")
    REMOVE = "remove", _("weggehaald")


class Choice(models.Model):
    """Somebody took over, adapted or left a suggestion, with a reason (R10)."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="choices")
    what = models.CharField(_("wat"), max_length=10, choices=What.choices)
    title = models.CharField(max_length=200)
    provision = models.ForeignKey(Provision, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("waarom"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"arrangement", "what", "title", "provision", "reason", "at"}
    purpose = _("Zien hoe een keuze tot stand kwam, en of suggesties helpen (R10).")
    kept = _("zolang het arrangement er is")

    class Meta:
        verbose_name = _("keuze bij een arrangement")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(what__in=["adapt", "reject", "remove"]) | ~Q(reason=""),
                name="leaving_out_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.title}"


class Direction(models.TextChoices):
    """Both ways (S034)."""

    UP = "up", _("opschalen: meer of zwaardere hulp")
    DOWN = "down", _("afschalen: lichter, meer samen of zelf")


class Scaling(models.Model):
    """From individual to collective or back, from light to heavy or back; each is as normal as the other (S034)."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="scalings")
    direction = models.CharField(_("welke kant op"), max_length=5, choices=Direction.choices)
    reason = models.CharField(_("waarom"), max_length=300)
    date = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"arrangement", "direction", "reason", "date", "at"}
    purpose = _("Zien hoe vaak en waarom er op- of afgeschaald wordt; nooit om iemand te beoordelen.")
    kept = _("zolang het arrangement er is")

    class Meta:
        verbose_name = _("op- of afschaling")
        ordering = ("-date", "-pk")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="scaling_has_a_reason")]

    def __str__(self) -> str:
        return self.direction


class Remark(models.Model):
    """What the resident, or the professional, says about the plan."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="remarks")
    text = models.CharField(_("opmerking"), max_length=MOST_TEXT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resident = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"arrangement", "text", "resident", "at"}
    purpose = _("De bewoner heeft het laatste woord over het eigen plan (S107).")
    kept = _("18 maanden")

    class Meta:
        verbose_name = _("opmerking bij een arrangement")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(resident=False) | Q(by=None), name="a_resident_has_no_account")
        ]

    def __str__(self) -> str:
        return f"{self.arrangement_id}"
