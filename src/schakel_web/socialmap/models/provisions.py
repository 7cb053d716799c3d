"""A provision of the social map, attribute by attribute as the library's record has it (S037, S128–S136)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader
from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access as Allowed
from schakel_web.network.models import Area, Organisation
from schakel_web.socialmap.models.choices import (
    Access,
    Basis,
    Kind,
    Layer,
    LegalType,
    Line,
    Prevention,
    Provenance,
    State,
)

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]
MOST_DESCRIPTION = 20_000
MOST_COST = 10_000  # euros a time


def new_identifier() -> str:
    """For what comes from nowhere else."""
    return str(uuid4())


class ProvisionQuerySet(models.QuerySet["Provision"]):
    """Provisions. The map is about offers, not people: whoever may read it reads all of it."""

    def readable_by(self, access: Allowed) -> Self:
        """All of them for who may read the map; else none."""
        return self.all() if access.may(Permission.MAP_READ) else self.none()

    def kept_by(self, access: Allowed, permission: Permission = Permission.MAP_EDIT) -> Self:
        """Those this person may change: in the own areas (or of no area), or of the own organisation."""
        within = Q(area__in=access.areas(permission))
        if access.teams(permission):
            within |= Q(area=None)
        return self.filter(within | Q(organisation__in=access.organisations(permission)))

    def there(self) -> Self:
        """Those that people can be pointed to: open, and not over by their own times."""
        return self.filter(Q(ends=None) | Q(ends__gte=timezone.localdate()), state=State.OPEN)

    def stale(self, day: date | None = None) -> Self:
        """Those that nobody confirmed in time."""
        return self.exclude(state=State.CLOSED).filter(due__lte=day or timezone.localdate())

    def for_phase(self, phase: str) -> Self:
        """Those for people in this phase of life, or for everyone (S073)."""
        return self.filter(
            Q(life_phases=[]) | Q(pk__in=self.model.objects.having("phase", phase).values("pk"))
        )

    def having(self, kind: str, *values: str) -> Self:
        """Those with one of these values of an attribute with several, through the index."""
        return self.filter(pk__in=Facet.objects.filter(kind=kind, value__in=values).values("provision"))


class Provision(models.Model):
    """One offer, place, group or service. None is not known, which is never the same as zero or no."""

    identifier = models.CharField(_("kenmerk"), max_length=120, unique=True, default=new_identifier)
    name = models.CharField(_("naam"), max_length=300)
    description = models.TextField(_("wat het is"), max_length=MOST_DESCRIPTION, blank=True)
    kind = models.CharField(_("soort"), max_length=10, choices=Kind.choices, default=Kind.GROUP)
    state = models.CharField(_("stand"), max_length=10, choices=State.choices, default=State.OPEN)
    ends = models.DateField(
        null=True, blank=True, editable=False
    )  # the last day of its times; None: they go on
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="provisions",
        verbose_name=_("organisatie in Schakel"),
    )  # fmt: skip
    run_by = models.CharField(_("van wie"), max_length=300, blank=True)
    run_by_code = models.CharField(
        max_length=200, blank=True
    )  # as the file calls the organisation, that it came from
    # the two sliding scales (S110–S118)
    approach = models.FloatField(_("individueel – collectief"), default=0.5, validators=SHARE)
    formality = models.FloatField(_("informeel – formeel"), default=0.5, validators=SHARE)
    spread = models.FloatField(_("spreiding"), default=0.1, validators=SHARE)
    why_here = models.CharField(_("waarom hier"), max_length=500, blank=True)
    provenance = models.CharField(max_length=20, choices=Provenance.choices, default=Provenance.OWN)
    # in law (S128–S136)
    legal_type = models.CharField(
        _("soort voorziening"), max_length=30, choices=LegalType.choices, default=LegalType.GENERAL
    )
    access = models.CharField(
        _("hoe komt u binnen"), max_length=20, choices=Access.choices, default=Access.SIGN_UP
    )
    decision = models.BooleanField(_("beschikking nodig"), default=False)
    personal_budget = models.BooleanField(_("PGB mogelijk"), default=False)
    law = models.CharField(_("wet"), max_length=200, blank=True)
    policy_link = models.URLField(_("staat in het beleidsplan"), max_length=300, blank=True)
    payers = models.JSONField(_("wie betaalt"), default=list, blank=True)
    iwmo = models.CharField(_("iWmo-code"), max_length=60, blank=True)
    upl = models.CharField(_("UPL"), max_length=300, blank=True)
    # what it works on
    themes = models.JSONField(_("thema's"), default=list, blank=True)
    words = models.JSONField(_("andere woorden ervoor"), default=list, blank=True)  # how people ask for it
    line = models.PositiveSmallIntegerField(_("lijn"), choices=Line.choices, null=True, blank=True)
    layer = models.CharField(_("laag"), max_length=20, choices=Layer.choices, default=Layer.BASIS)
    prevention = models.CharField(
        _("preventie"), max_length=20, choices=Prevention.choices, default=Prevention.NONE
    )
    factors = models.JSONField(_("risico- en beschermende factoren"), default=list, blank=True)
    goals = models.JSONField(_("doelen van het team"), default=list, blank=True)
    capital = models.JSONField(_("sociaal kapitaal"), default=list, blank=True)
    life_phases = models.JSONField(_("levensfase"), default=list, blank=True)
    # where
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="provisions", verbose_name=_("buurt")
    )
    x = models.FloatField(null=True, blank=True)  # metres, Dutch grid
    y = models.FloatField(null=True, blank=True)
    place_name = models.CharField(_("plek"), max_length=300, blank=True)
    address = models.CharField(_("adres van de plek"), max_length=500, blank=True)
    reach_km = models.FloatField(_("tot hoeveel kilometer"), null=True, blank=True)
    serves = models.JSONField(_("voor de buurten"), default=list, blank=True)  # CBS codes; [] is no limit
    # how much, for whom
    group_from = models.PositiveIntegerField(_("groep vanaf"), default=1)
    group_to = models.PositiveIntegerField(_("groep tot"), default=1)
    capacity = models.PositiveIntegerField(_("plaatsen"), null=True, blank=True)
    free = models.PositiveIntegerField(_("vrije plaatsen"), null=True, blank=True)
    hours = models.FloatField(_("uren van professionals per week"), null=True, blank=True)
    price_low = models.FloatField(_("kosten per deelnemer per jaar, vanaf"), null=True, blank=True)
    price_high = models.FloatField(_("kosten per deelnemer per jaar, tot"), null=True, blank=True)
    price_basis = models.CharField(_("hoe zeker"), max_length=1, choices=Basis.choices, default=Basis.C)
    price_level = models.PositiveSmallIntegerField(_("prijspeil"), default=2024)
    price_note = models.CharField(_("toelichting bij de kosten"), max_length=300, blank=True)
    resident_cost = models.DecimalField(
        _("kosten voor de bewoner per keer"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    youngest = models.PositiveSmallIntegerField(_("vanaf welke leeftijd"), null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(_("tot en met welke leeftijd"), null=True, blank=True)
    languages = models.JSONField(_("talen"), default=list, blank=True)
    wheelchair = models.BooleanField(_("rolstoel kan naar binnen"), null=True, blank=True)
    easy_read = models.BooleanField(_("uitleg in eenvoudige taal"), null=True, blank=True)
    barriers = models.JSONField(_("drempels"), default=list, blank=True)  # S098
    agreements = models.JSONField(_("afspraken"), default=list, blank=True)
    website = models.URLField(_("website"), max_length=1000, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefoon"), max_length=200, blank=True)
    # whether it is still true
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="provisions",
        verbose_name=_("wie houdt dit bij"),
    )  # fmt: skip
    keeper_email = models.EmailField(_("of: e-mail van wie dit bijhoudt"), blank=True)
    checked = models.DateField(_("voor het laatst bevestigd"), null=True, blank=True)
    check_days = models.PositiveSmallIntegerField(
        _("na hoeveel dagen weer vragen"),
        default=90,
        validators=[MinValueValidator(7), MaxValueValidator(730)],
    )
    due = models.DateField(
        default=timezone.localdate
    )  # when it is to be confirmed again; follows from the two
    asked = models.DateTimeField(null=True, blank=True)  # when a mail went out
    template = models.CharField(_("sjabloon"), max_length=60, blank=True)
    in_publication = models.BooleanField(default=False)
    kept_beside = models.JSONField(default=dict, blank=True)  # what a file said that we have no field for
    version = models.PositiveIntegerField(default=0)  # goes up with every change: two people cannot both win
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = ProvisionQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"keeper", "keeper_email", "email", "phone"}
    not_personal: ClassVar[set[str]] = {
        "identifier", "name", "description", "kind", "state", "ends", "organisation", "run_by", "run_by_code",
        "approach", "formality",
        "spread", "why_here", "provenance", "legal_type", "access", "decision", "personal_budget", "law",
        "policy_link", "payers", "iwmo", "upl", "themes", "words", "line", "youngest", "oldest",
        "layer", "prevention", "factors", "goals", "capital",
        "life_phases", "area", "x", "y", "place_name", "address", "reach_km", "serves", "group_from", "group_to",
        "capacity", "free", "hours", "price_low", "price_high", "price_basis", "price_level", "price_note",
        "resident_cost", "languages", "wheelchair", "easy_read", "barriers", "agreements", "website", "checked",
        "check_days", "due", "asked", "template", "in_publication", "kept_beside", "version", "created", "changed",
    }  # fmt: skip
    purpose = _(
        "Weten wat er in de wijk is, zodat mensen ergens bij kunnen aansluiten (Wmo 2015, artikel 2.2.3)."
    )
    kept = _("zolang het aanbod er is, en daarna als geschiedenis van de wijk")
    read_by = frozenset({Permission.MAP_READ, Reader.EVERYBODY})

    @property
    def there(self) -> bool:
        """Whether people can be pointed to it today."""
        return self.state == State.OPEN and not self.over

    @property
    def over(self) -> bool:
        """Whether the last of its times is past."""
        return self.ends is not None and self.ends < timezone.localdate()

    class Meta:
        verbose_name = _("aanbod")
        verbose_name_plural = _("aanbod")
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=["state", "name", "id"], name="provision_by_name"),
            models.Index(fields=["state", "area", "name", "id"], name="provision_in_area"),
            models.Index(fields=["state", "due", "id"], name="provision_due"),
            models.Index(fields=["organisation", "name"], name="provision_of_organisation"),
            models.Index(fields=["area", "due", "state"], name="provision_due_in_area"),
            models.Index(
                fields=["id", "state", "ends", "decision", "area", "x", "y"], name="provision_there"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approach__gte=0, approach__lte=1, formality__gte=0, formality__lte=1)
                & Q(spread__gte=0, spread__lte=1),
                name="position_on_the_scales",
            ),
            models.CheckConstraint(
                condition=Q(resident_cost=None) | Q(resident_cost__gte=0), name="no_cost_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(price_low=None, price_high=None)
                | Q(price_low__gte=0, price_high__isnull=False, price_high__gte=F("price_low")),
                name="a_price_from_low_to_high",
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False),
                name="two_coordinates_or_none",
            ),
            models.CheckConstraint(
                condition=Q(group_to__gte=F("group_from")), name="group_from_small_to_large"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(free=None) | Q(free__lte=F("capacity")),
                name="not_more_free_than_places",
            ),
            models.CheckConstraint(
                condition=Q(youngest=None) | Q(oldest=None) | Q(oldest__gte=F("youngest")),
                name="youngest_before_oldest",
            ),
            models.CheckConstraint(
                condition=~Q(legal_type=LegalType.TAILORED) | Q(decision=True),
                name="tailored_needs_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """When it is to be confirmed again follows from when it was confirmed, and how long that holds."""
        self.follow_due()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    def follow_due(self) -> None:
        """Set the day on which it is to be confirmed again; nobody confirms what is still to come."""
        if self.checked:
            self.due = min(self.checked, timezone.localdate()) + timedelta(days=self.check_days)

    @property
    def is_stale(self) -> bool:
        """Whether its confirmation is over."""
        return self.state != State.CLOSED and self.due <= timezone.localdate()

    @property
    def stale_days(self) -> int:
        """For how many days its confirmation is over; 0 when it holds."""
        return max(0, (timezone.localdate() - self.due).days) if self.is_stale else 0

    @property
    def informal(self) -> bool:
        """A group outside care and welfare, or of residents, which may end without anybody saying so (S129)."""
        return self.legal_type in {LegalType.OUTSIDE, LegalType.INITIATIVE, LegalType.INFORMAL}

    @property
    def price_is_estimate(self) -> bool:
        """Whether every screen must call its price an estimate."""
        return self.price_low is not None and self.price_basis == Basis.C


class Session(models.Model):
    """When it meets: a recurrence rule of RFC 5545 from a first day, local time."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="sessions")
    first = models.DateField(_("eerste keer"))
    rule = models.CharField(_("herhaling"), max_length=200, blank=True)  # '' is once
    start = models.PositiveSmallIntegerField(_("begin"), default=0)  # minutes after midnight
    minutes = models.PositiveSmallIntegerField(_("duur in minuten"), default=120)
    until = models.DateField(_("tot en met"), null=True, blank=True)
    except_on = models.JSONField(_("niet op"), default=list, blank=True)  # ISO dates

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "provision", "first", "rule", "start", "minutes", "until", "except_on",
    }  # fmt: skip
    purpose = _("Weten wanneer iets is.")
    kept = _("zolang het aanbod er is")
    read_by = frozenset({Permission.MAP_READ, Reader.EVERYBODY})

    class Meta:
        verbose_name = _("vaste tijd")
        ordering = ("start", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=1440), name="starts_within_a_day"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="lasts_within_a_day"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first")), name="ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.rule}"


class Facet(models.Model):
    """The index of the map: a theme, language, day, payer, or word of a provision, to find it by."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="facets", db_index=False)
    kind = models.CharField(max_length=10)  # theme, language, day, part, payer, phase, word, name, inside
    value = models.CharField(max_length=60)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"provision", "kind", "value"}
    purpose = _("Zoeken op de sociale kaart.")
    kept = _("zolang het aanbod er is")
    read_by = frozenset({Reader.NOBODY})

    class Meta:
        verbose_name = _("zoekwoord van aanbod")
        constraints = [
            models.UniqueConstraint(fields=["provision", "kind", "value"], name="a_facet_once_per_provision")
        ]
        indexes = [models.Index(fields=["kind", "value", "provision"], name="provisions_of_a_facet")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
