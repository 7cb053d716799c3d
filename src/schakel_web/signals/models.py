"""Signals and help requests: what, where, when and for about how many; never who (R1, R2, R21)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader
from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Area, Organisation, Team

MOST_TEXT = 1000  # characters: one or two sentences, with room
MOST_PEOPLE = 500


class Source(models.TextChoices):
    """Where it was noticed (S022, S041)."""

    CASE_CONTACT = "case_contact", _("contact met een bewoner")
    STREET = "street", _("gezien of gehoord op straat")
    PARTNER = "partner", _("een samenwerkingspartner")
    RESIDENT = "resident", _("een bewoner zelf")
    GROUP = "group", _("een groep of activiteit")
    EVENT = "event", _("een bijeenkomst")
    DATA = "data", _("cijfers")


class LifePhase(models.TextChoices):
    """About people of about which age (S073)."""

    YOUNG_CHILDREN = "young_children", _("jonge kinderen")
    CHILDREN = "children", _("kinderen")
    YOUTH = "youth", _("jongeren")
    ADULTS = "adults", _("volwassenen")
    FAMILIES = "families", _("gezinnen")
    ELDERLY = "elderly", _("ouderen")
    ALL = "all", _("alle leeftijden")


class Kind(models.TextChoices):
    """A signal about the neighbourhood, or a question of a resident."""

    SIGNAL = "signal", _("wijksignaal")
    REQUEST = "request", _("hulpvraag")


class State(models.TextChoices):
    """Whether it counts."""

    WAITING = "waiting", _("wacht op een blik van het team")
    ACCEPTED = "accepted", _("telt mee")
    REFUSED = "refused", _("niet overgenomen")
    WITHDRAWN = "withdrawn", _("ingetrokken")


class SignalQuerySet(models.QuerySet["Signal"]):
    """Signals."""

    def visible_to(self, access: Access, permission: Permission = Permission.SIGNAL_READ) -> Self:
        """Those in the areas of the teams for which this is allowed: the one scope of lists, search, maps, counts.

        What nobody looked at yet, or was not taken over, is only there for who may look at what comes from outside.
        """
        areas = access.areas(permission)
        there = self.filter(area__in=areas).exclude(state=State.WITHDRAWN)
        looked = access.areas(Permission.SIGNAL_MODERATE)
        if areas <= looked:
            return there
        accepted = Q(state=State.ACCEPTED)
        return there.filter(accepted | Q(area__in=looked) if looked & areas else accepted)

    def given_by(self, access: Access) -> Self:
        """Those that this person gave, or somebody of the same partner."""
        organisations = access.organisations(Permission.OWN_FEEDBACK)
        mine = Q(reporter=access.user) if access.user else Q(pk__in=[])
        return self.filter(mine | Q(organisation__in=organisations))

    def counting(self) -> Self:
        """Those that detection may use: accepted, and not about a sensitive theme (R5)."""
        return self.filter(state=State.ACCEPTED, sensitive=False)


class Signal(models.Model):
    """One thing that somebody noticed or asked, in an area. Its text was redacted before it came here (R4)."""

    kind = models.CharField(_("soort"), max_length=10, choices=Kind.choices, default=Kind.SIGNAL)
    date = models.DateField(_("datum"), default=timezone.localdate)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="signals", verbose_name=_("buurt"), db_index=False
    )  # an index of its own for what begins with it: see below
    text = models.TextField(_("wat speelt er"), max_length=MOST_TEXT, blank=True)
    people = models.PositiveSmallIntegerField(_("voor ongeveer hoeveel mensen"), default=1)
    source = models.CharField(_("bron"), max_length=20, choices=Source.choices)
    life_phase = models.CharField(_("levensfase"), max_length=20, choices=LifePhase.choices, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACCEPTED)
    sensitive = models.BooleanField(_("gevoelig thema"), default=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="signals",
        db_index=False,
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="signals")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="signals", db_index=False
    )
    receipt = models.CharField(max_length=64, unique=True)  # hash of the receipt code
    once = models.UUIDField(unique=True, null=True)  # made on the device, so that a signal is sent once
    batch = models.ForeignKey("Batch", models.SET_NULL, null=True, blank=True, related_name="signals")
    counted = models.DateTimeField(_("voor het eerst meegeteld"), null=True, blank=True)
    case_reference = models.CharField(_("kenmerk"), max_length=40, blank=True)
    created = models.DateTimeField(_("doorgegeven op"), auto_now_add=True)
    since = models.DateTimeField(
        _("telt mee sinds"), default=timezone.now
    )  # later for what a team had to look at first
    text_removed = models.DateTimeField(null=True, blank=True)

    objects = SignalQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"reporter", "case_reference"}
    not_personal: ClassVar[set[str]] = {
        "kind", "date", "area", "text", "people", "source", "life_phase", "state", "sensitive", "team",
        "organisation", "receipt", "once", "batch", "counted", "created", "since", "text_removed",
    }  # fmt: skip
    purpose = _(
        "Zien wat er speelt in de wijk, zodat vragen samen beantwoord kunnen worden (Wmo 2015, hoofdstuk 2)."
    )
    kept = _("tekst 18 maanden; daarna blijven datum, buurt, thema en aantal")
    read_by = frozenset(
        {Permission.SIGNAL_READ, Permission.SIGNAL_MODERATE, Permission.OWN_FEEDBACK, Reader.CODE}
    )

    class Meta:
        verbose_name = _("signaal")
        verbose_name_plural = _("signalen")
        ordering = ("-date", "-pk")
        indexes = [
            models.Index(fields=["-date", "-id"], name="signal_newest"),
            models.Index(fields=["area", "state", "-date", "-id"], name="signal_newest_in_area"),
            models.Index(fields=["area", "source", "state", "-date"], name="signal_by_source_in_area"),
            models.Index(fields=["-created"], name="signal_newest_given"),
            models.Index(fields=["created"], condition=Q(counted=None), name="signal_not_counted"),
            models.Index(fields=["state", "sensitive", "date"], name="signal_counting"),
            models.Index(fields=["reporter", "-date", "-id"], name="signal_of_reporter"),
            models.Index(fields=["organisation", "-date", "-id"], name="signal_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=MOST_PEOPLE), name="signal_people_in_range"
            ),
            models.CheckConstraint(
                condition=Q(text_removed__isnull=True) | Q(text=""), name="removed_text_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def wording(self) -> str:
        """Tells one text from another, so that nobody decides about what they did not read."""
        return sha256(self.text.encode()).hexdigest()[:16]

    @property
    def standing(self) -> str:
        """What whoever gave it reads about it: that a sensitive theme is heard, and not counted (R5)."""
        if self.sensitive and self.state == State.ACCEPTED:
            return gettext(
                "het team leest het; bij een gevoelig thema telt het niet mee in patronen of cijfers"
            )
        return self.get_state_display()


class SignalTheme(models.Model):
    """A theme of a signal, by its code in the taxonomy."""

    signal = models.ForeignKey(Signal, models.CASCADE, related_name="themes", db_index=False)
    theme = models.CharField(_("thema"), max_length=60)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", db_index=False
    )  # of the signal, to find by

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"signal", "theme", "area"}
    purpose = _("Weten waar een signaal over gaat.")
    kept = _("zolang het signaal er is")

    class Meta:
        verbose_name = _("thema van een signaal")
        ordering = ("pk",)  # the theme that was named first stays first
        constraints = [models.UniqueConstraint(fields=["signal", "theme"], name="a_theme_once_per_signal")]
        indexes = [models.Index(fields=["theme", "area", "-signal"], name="signal_by_theme_in_area")]

    def __str__(self) -> str:
        return self.theme

    @classmethod
    def of(cls, signal: Signal, themes: Iterable[str]) -> list[Self]:
        """The themes of a signal, each once, still to be kept."""
        return [cls(signal=signal, theme=theme, area_id=signal.area_id) for theme in dict.fromkeys(themes)]


class Route(models.TextChoices):
    """The four routes of the weighing (S033). None of them is better than another (S006)."""

    COLLECTIVE = "collective", _("collectief")
    COMBINATION = "combination", _("combinatie")
    INDIVIDUAL = "individual", _("individueel")
    SPECIALIST = "specialist", _("specialistisch")


class Layer(models.TextChoices):
    """Where an answer comes from, from below to above (S014, S055)."""

    OWN_CIRCLE = "own_circle", _("eigen kring en buurt")
    BASIS = "basis", _("basisvoorziening")
    TEAM = "team", _("wijkteam")
    SPECIALIST = "specialist", _("specialistische hulp")


class OwnSearch(models.TextChoices):
    """Whether the resident looked first, and what came of it (S053)."""

    FOUND = "found", _("ja, en iets gevonden")
    NOT_FOUND = "not_found", _("ja, maar het lukte niet")
    NOT_YET = "not_yet", _("nee, dat kon nu niet")


class Clarification(models.Model):
    """The question behind the question, in the order of S075. Text is redacted as that of a signal."""

    signal = models.OneToOneField(Signal, models.CASCADE, related_name="clarification")
    wish = models.TextField(_("Wat wil de bewoner bereiken?"), max_length=MOST_TEXT, blank=True)
    strength = models.TextField(
        _("Wat kan de bewoner zelf, en wat brengt die mee?"), max_length=MOST_TEXT, blank=True
    )
    network = models.TextField(_("Wie zijn er om de bewoner heen?"), max_length=MOST_TEXT, blank=True)
    tried = models.TextField(_("Wat is er al geprobeerd?"), max_length=MOST_TEXT, blank=True)
    underlying = models.TextField(_("Wat is de vraag achter de vraag?"), max_length=MOST_TEXT, blank=True)
    changed = models.DateTimeField(auto_now=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {
        "signal", "wish", "strength", "network", "tried", "underlying", "changed",
    }  # fmt: skip
    purpose = _("Samen met de bewoner de vraag achter de vraag vinden (S106).")
    kept = _("18 maanden")
    read_by = frozenset({Permission.SIGNAL_READ, Reader.CODE})

    class Meta:
        verbose_name = _("vraagverheldering")

    def __str__(self) -> str:
        return f"{self.signal_id}"


class Weighing(models.Model):
    """A choice of route, with its reason; the newest one holds and earlier ones stay (S027, S034)."""

    signal = models.ForeignKey(Signal, models.CASCADE, related_name="weighings")
    route = models.CharField(_("route"), max_length=20, choices=Route.choices)
    collective_first = models.BooleanField(_("eerst gekeken naar collectief"), default=False)
    reason = models.CharField(_("reden"), max_length=300, blank=True)
    layer = models.CharField(
        _("waar komt het antwoord vandaan"), max_length=12, choices=Layer.choices, blank=True
    )
    own_search = models.CharField(
        _("zocht de bewoner eerst zelf"), max_length=10, choices=OwnSearch.choices, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {
        "signal",
        "route",
        "collective_first",
        "reason",
        "layer",
        "own_search",
        "at",
    }
    purpose = _("Zien hoe vaak en waarom voor welke route is gekozen; nooit om iemand te beoordelen.")
    kept = _("de reden 18 maanden; de route zolang het signaal er is")

    class Meta:
        verbose_name = _("afweging")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(collective_first=True) | ~Q(reason=""), name="skipping_collective_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.route


class Reply(models.Model):
    """What is said back to whoever signalled: 'this is what we did with it'."""

    signal = models.ForeignKey(Signal, models.CASCADE, related_name="replies")
    text = models.TextField(_("bericht"), max_length=MOST_TEXT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"signal", "text", "at"}
    purpose = _("Terugkoppelen aan wie iets doorgaf (R13).")
    kept = _("18 maanden")
    read_by = frozenset({Permission.SIGNAL_READ, Permission.OWN_FEEDBACK, Reader.CODE})

    class Meta:
        verbose_name = _("terugkoppeling")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["-at"], name="reply_newest")]

    def __str__(self) -> str:
        return f"{self.signal_id}"


class Batch(models.Model):
    """One file of signals that was read in."""

    digest = models.CharField(max_length=64, unique=True)  # so that the same file is not counted twice
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    rows = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"digest", "at", "rows", "left_out"}
    purpose = _("Weten welke signalen uit welk bestand komen.")
    kept = _("zolang de signalen er zijn")
    read_by = frozenset({Permission.SIGNAL_IMPORT})

    class Meta:
        verbose_name = _("ingelezen bestand")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Word(models.Model):
    """A word of the search index, as its lemma."""

    word = models.CharField(max_length=60, unique=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"word"}
    called = _("woord om op te zoeken")
    purpose = _("Zoeken.")
    kept = _("zolang er signalen met dat woord zijn")
    read_by = frozenset({Reader.NOBODY})

    def __str__(self) -> str:
        return self.word


class SignalWord(models.Model):
    """A signal has a word."""

    word = models.ForeignKey(Word, models.CASCADE, related_name="+", db_index=False)
    signal = models.ForeignKey(Signal, models.CASCADE, related_name="words", db_index=False)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", db_index=False
    )  # of the signal, to find by

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"word", "signal", "area"}
    called = _("woord in een signaal")
    purpose = _("Zoeken.")
    kept = _("zolang de tekst van het signaal er is")
    read_by = frozenset({Reader.NOBODY})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "word"], name="a_word_once_per_signal")]
        indexes = [models.Index(fields=["word", "area", "-signal"], name="signals_of_a_word_in_area")]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.word_id}"
