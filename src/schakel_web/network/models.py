"""Areas with their figures, organisations, teams, and who belongs where."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.accounts.readers import Reader, Zone
from schakel_web.accounts.roles import ROLES, Permission, Reach

LONGEST_ADDRESS = 200  # that is kept of where a form went


class AreaKind(models.TextChoices):
    """Level of the division of Statistics Netherlands."""

    MUNICIPALITY = "GM", _("gemeente")
    DISTRICT = "WK", _("wijk")
    NEIGHBOURHOOD = "BU", _("buurt")


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas."""

    def neighbourhoods(self) -> Self:
        """The smallest areas of the division in use: what signals are about."""
        return self.filter(kind=AreaKind.NEIGHBOURHOOD, current=True)

    def with_borders(self) -> Self:
        """Read together with their borders, to draw them."""
        return self.select_related("border")


class Area(models.Model):
    """A municipality, district or neighbourhood of one year's division (S001)."""

    code = models.CharField(_("code"), max_length=10)
    year = models.PositiveSmallIntegerField(_("indeling van"))
    kind = models.CharField(_("soort"), max_length=2, choices=AreaKind.choices)
    name = models.CharField(_("naam"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    current = models.BooleanField(_("in gebruik"), default=True)
    x = models.FloatField(null=True, blank=True)  # metres, Dutch grid
    y = models.FloatField(null=True, blank=True)
    neighbours = models.ManyToManyField("self", blank=True)

    objects = AreaQuerySet.as_manager()

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "code", "year", "kind", "name", "parent", "current", "x", "y", "neighbours",
    }  # fmt: skip
    purpose = _("Weten over welk gebied iets gaat (CBS, wijk- en buurtindeling).")
    kept = _("zolang de indeling in gebruik is of er iets naar verwijst")

    class Meta:
        verbose_name = _("gebied")
        verbose_name_plural = _("gebieden")
        ordering = ("name", "code")
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_area_per_code_and_year")]
        indexes = [models.Index(fields=["kind", "current", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def rings(self) -> list[list[list[int]]]:
        """Its border as rings of (x, y) in whole metres; none when it is not known."""
        return self.border.rings if hasattr(self, "border") else []


class Border(models.Model):
    """The border of an area. It weighs more than all else about the area, and only a map needs it."""

    area = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="border")
    rings = models.JSONField()  # of (x, y) in whole metres, Dutch grid, largest polygon first

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"rings"}
    purpose = _("Het gebied op een kaart tekenen (CBS, wijk- en buurtindeling).")
    kept = _("zolang het gebied er is")

    class Meta:
        verbose_name = _("grens van een gebied")

    def __str__(self) -> str:
        return str(self.area)


class Figure(models.Model):
    """One published figure about an area. A missing value is missing, never zero (DESIGN §8)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(_("jaar"))
    indicator = models.CharField(_("kenmerk"), max_length=40)
    value = models.FloatField(_("waarde"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20)  # published, provisional, missing
    source = models.CharField(_("bron"), max_length=120)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"area", "year", "indicator", "value", "status", "source"}
    purpose = _("Het gebied kennen (CBS, kerncijfers wijken en buurten).")
    kept = _("zolang het gebied in gebruik is")

    class Meta:
        verbose_name = _("kerncijfer")
        ordering = ("area", "indicator", "-year")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "indicator"], name="one_figure_per_area_and_year"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(status="missing"), name="no_value_means_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class OrganisationKind(models.TextChoices):
    """What an organisation is (S067, S122)."""

    MUNICIPALITY = "municipality", _("gemeente")
    WELFARE = "welfare", _("welzijn en opbouwwerk")
    CARE = "care", _("zorg en ondersteuning")
    EDUCATION = "education", _("onderwijs en kinderopvang")
    HEALTH = "health", _("huisarts en gezondheid")
    SAFETY = "safety", _("politie en veiligheid")
    HOUSING = "housing", _("wonen")
    WORK = "work", _("werk en inkomen")
    CLUB = "club", _("vereniging, kerk of moskee")
    RESIDENTS = "residents", _("bewonersinitiatief")
    OTHER = "other", _("anders")


class Organisation(models.Model):
    """An organisation or group in the network, with what it can bring (S004)."""

    name = models.CharField(_("naam"), max_length=120, unique=True)
    kind = models.CharField(_("soort"), max_length=20, choices=OrganisationKind.choices)
    brings = models.TextField(_("wat zij kunnen inbrengen"), max_length=1000, blank=True)
    areas = models.ManyToManyField(Area, blank=True, verbose_name=_("werkt in"), related_name="organisations")
    active = models.BooleanField(_("doet mee"), default=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"name", "kind", "brings", "areas", "active"}
    purpose = _("Weten wie er in de wijk zijn en wat zij kunnen inbrengen.")
    kept = _("zolang de organisatie meedoet")

    class Meta:
        verbose_name = _("organisatie")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A neighbourhood team, and the areas it works in (S002)."""

    name = models.CharField(_("naam"), max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    areas = models.ManyToManyField(Area, blank=True, verbose_name=_("gebieden"), related_name="teams")
    preset = models.CharField(_("werkwijze"), max_length=40, default="one_team")
    preset_version = models.PositiveSmallIntegerField(default=1)
    contact = models.TextField(
        _("hoe bewoners het team bereiken"), max_length=300, blank=True,
        help_text=_("Staat op de openbare pagina van de buurt. Bijvoorbeeld een inloop, of een algemeen nummer."),
    )  # fmt: skip
    active = models.BooleanField(_("doet mee"), default=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "name",
        "organisation",
        "areas",
        "preset",
        "preset_version",
        "contact",
        "active",
    }
    purpose = _("Weten welk team in welk gebied werkt, en hoe.")
    kept = _("zolang het team bestaat")

    class Meta:
        verbose_name = _("team")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def _place_fits_role() -> Q:
    """A team role has a team, an organisation role an organisation, and others have neither."""
    by_reach = {reach: [key for key, role in ROLES.items() if role.reach == reach] for reach in Reach}
    return (
        Q(role__in=by_reach[Reach.TEAM], team__isnull=False, organisation__isnull=True)
        | Q(role__in=by_reach[Reach.ORGANISATION], team__isnull=True, organisation__isnull=False)
        | Q(role__in=by_reach[Reach.MUNICIPALITY], team__isnull=True, organisation__isnull=True)
    )


ROLE_CHOICES = [(key, role.label) for key, role in ROLES.items()]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def today(self) -> Self:
        """Those that hold today."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.localdate()))

    def people(self) -> models.QuerySet[User]:
        """Who has one of these and can log in, by name."""
        return User.objects.filter(is_active=True, pk__in=self.values("user")).order_by("name", "pk")


class Membership(models.Model):
    """Somebody has a role, somewhere, for a while."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("rol"), max_length=20, choices=ROLE_CHOICES)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    since = models.DateField(_("sinds"), default=timezone.localdate)
    until = models.DateField(_("tot"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"user"}
    not_personal: ClassVar[set[str]] = {"role", "team", "organisation", "since", "until"}
    purpose = _("Weten wie wat mag.")
    kept = _("zolang de gebruiker bestaat")
    zone = Zone.STAFF
    read_by = frozenset({Permission.USERS_MANAGE, Reader.THEMSELVES})

    class Meta:
        verbose_name = _("rol van een gebruiker")
        constraints = [
            models.CheckConstraint(condition=_place_fits_role(), name="place_fits_role"),
            models.UniqueConstraint(fields=["user", "role", "team"], name="a_role_once_per_team"),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"], name="a_role_once_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(team=None, organisation=None),
                name="a_role_once_in_the_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> Self:
        """Not used and not withdrawn; also when the link is too old, so that it can be sent again."""
        return self.filter(accepted=None, withdrawn=None)

    def of_link(self, hashed: str) -> Self:
        """That of which this is the link, or was the link before a newer mail."""
        return self.filter(Q(key=hashed) | Q(former__contains=hashed))


class Invitation(models.Model):
    """A mail to somebody who may join. The link is kept as a hash and works once."""

    email = models.EmailField(_("e-mailadres"))
    name = models.CharField(_("naam"), max_length=120)
    role = models.CharField(_("rol"), max_length=20, choices=ROLE_CHOICES)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True)
    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent = models.DateTimeField(auto_now_add=True)  # the newest mail, and by whom
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    former = models.TextField(blank=True)  # hashes of links that a newer mail replaced, a space between them

    objects = InvitationQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"email", "name", "by"}
    not_personal: ClassVar[set[str]] = {
        "role", "team", "organisation", "key", "sent", "expires", "accepted", "withdrawn", "former",
    }  # fmt: skip
    purpose = _("Iemand uitnodigen om mee te werken.")
    kept = _("tot 30 dagen na het verlopen van de uitnodiging")
    zone = Zone.STAFF
    read_by = frozenset({Permission.USERS_MANAGE})

    class Meta:
        verbose_name = _("uitnodiging")
        ordering = ("-sent",)
        constraints = [
            models.CheckConstraint(condition=_place_fits_role(), name="invitation_place_fits_role"),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(withdrawn=None), name="accepted_or_withdrawn_not_both"
            ),
            models.UniqueConstraint(
                "email", "role", Coalesce("team", 0), Coalesce("organisation", 0),
                condition=Q(accepted=None, withdrawn=None), name="one_open_invitation_for_the_same",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.role} {self.sent:%Y-%m-%d}"

    @property
    def expired(self) -> bool:
        """Whether the link is too old to work."""
        return self.expires <= timezone.now()


class Sent(models.Model):
    """A form that was kept, for a day: so that the same form with the same in it is kept once (see `once`)."""

    key = models.UUIDField(
        primary_key=True
    )  # of the form and what was in it; neither can be worked out from it
    to = models.CharField(max_length=LONGEST_ADDRESS, blank=True)  # where whoever sent it went on to
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"to", "at"}
    purpose = _("Een formulier dat twee keer verstuurd wordt, één keer bewaren.")
    kept = _("één dag")
    zone = Zone.SOFTWARE
    read_by = frozenset({Reader.NOBODY})

    class Meta:
        verbose_name = _("formulier dat bewaard is")

    def __str__(self) -> str:
        return str(self.key)
