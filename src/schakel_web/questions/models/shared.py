"""The shared question (breder levende vraag, S021): what people decide, step by step, checked with residents (R13)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.readers import Reader
from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Area, Organisation, Team
from schakel_web.questions.models.patterns import Pattern
from schakel_web.signals.models import Signal, SignalQuerySet
from schakel_web.signals.models import State as SignalState


class QuestionState(models.TextChoices):
    """Where a shared question stands."""

    SUSPECTED = "suspected", _("vermoed")
    EXPLORED = "explored", _("verkend")
    CONFIRMED = "confirmed", _("bevestigd")
    TAKEN_UP = "taken_up", _("opgepakt")
    ANSWERED = "answered", _("beantwoord")
    PARKED = "parked", _("geparkeerd")
    LET_GO = "let_go", _("losgelaten")


#: Which step may follow which. Back is as normal as forth.
NEXT: dict[str, tuple[str, ...]] = {
    QuestionState.SUSPECTED: (QuestionState.EXPLORED, QuestionState.PARKED, QuestionState.LET_GO),
    QuestionState.EXPLORED: (
        QuestionState.CONFIRMED, QuestionState.SUSPECTED, QuestionState.PARKED, QuestionState.LET_GO,
    ),
    QuestionState.CONFIRMED: (
        QuestionState.TAKEN_UP, QuestionState.EXPLORED, QuestionState.PARKED, QuestionState.LET_GO,
    ),
    QuestionState.TAKEN_UP: (
        QuestionState.ANSWERED, QuestionState.CONFIRMED, QuestionState.PARKED, QuestionState.LET_GO,
    ),
    QuestionState.ANSWERED: (QuestionState.TAKEN_UP, QuestionState.LET_GO),
    QuestionState.PARKED: (QuestionState.SUSPECTED, QuestionState.EXPLORED, QuestionState.LET_GO),
    QuestionState.LET_GO: (QuestionState.SUSPECTED, QuestionState.EXPLORED),
}  # fmt: skip
#: States that say that residents recognise the question (R13).
NEEDS_CHECK = frozenset({QuestionState.CONFIRMED, QuestionState.TAKEN_UP, QuestionState.ANSWERED})


class QuestionQuerySet(models.QuerySet["SharedQuestion"]):
    """Shared questions."""

    def visible_to(self, access: Access, permission: Permission = Permission.QUESTION_READ) -> Self:
        """Those of the own teams, and those that were shared with an organisation to think along with (S052)."""
        own = Q(team__in=access.teams(permission))
        if permission != Permission.QUESTION_READ:
            return self.filter(own)
        shared = Sparring.objects.visible_to(access).values("question")
        handed = Sparring.objects.filter(team__in=access.teams(permission)).values("question")
        return self.filter(own | Q(pk__in=shared) | Q(pk__in=handed))

    def public(self) -> Self:
        """Those that residents recognised: the only ones that may be on a public page (R13)."""
        return self.filter(merged_into=None, state__in=NEEDS_CHECK)

    def going(self) -> Self:
        """Those that still ask for something."""
        return self.filter(merged_into=None).exclude(
            state__in=[QuestionState.ANSWERED, QuestionState.PARKED, QuestionState.LET_GO]
        )


class SharedQuestion(models.Model):
    """A question that several residents share, in their words."""

    text = models.CharField(_("de vraag, in woorden van bewoners"), max_length=300)
    underlying = models.TextField(_("wat erachter zit"), max_length=1000, blank=True)
    theme = models.CharField(_("thema"), max_length=60)
    areas = models.ManyToManyField(Area, related_name="questions", verbose_name=_("buurten"))
    state = models.CharField(
        _("stand"), max_length=10, choices=QuestionState.choices, default=QuestionState.SUSPECTED
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="questions")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="questions",
        verbose_name=_("trekker"),
    )  # fmt: skip
    pattern = models.ForeignKey(Pattern, models.SET_NULL, null=True, blank=True, related_name="questions")
    evidence = models.JSONField(default=dict)  # what the pattern looked like when this was opened
    checked = models.DateField(null=True, blank=True)  # when residents last recognised it, all or in part
    available = models.TextField(_("welke partners en middelen er zijn"), max_length=1000, blank=True)
    needed = models.TextField(_("wat er nog nodig is"), max_length=1000, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="parts")
    version = models.PositiveIntegerField(default=0)  # goes up with every change: two people cannot both win
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = QuestionQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"owner"}
    not_personal: ClassVar[set[str]] = {
        "text", "underlying", "theme", "areas", "state", "team", "pattern", "evidence", "checked", "available",
        "needed", "merged_into", "split_from", "version", "created", "changed",
    }  # fmt: skip
    purpose = _("Samen met bewoners een gedeelde vraag beantwoorden (Wmo 2015, hoofdstuk 2).")
    kept = _("zolang er aan de vraag wordt gewerkt, en 24 maanden daarna")
    read_by = frozenset({Permission.QUESTION_READ, Permission.QUESTION_SPAR, Reader.EVERYBODY})

    class Meta:
        verbose_name = _("breder levende vraag")
        verbose_name_plural = _("breder levende vragen")
        ordering = ("-changed", "-pk")
        indexes = [models.Index(fields=["team", "state", "-changed"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(NEEDS_CHECK)) | Q(checked__isnull=False),
                name="nothing_confirmed_without_a_check",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def signals(self) -> SignalQuerySet:
        """Those that belong to it and still hold: what was taken back counts no more (R14)."""
        return Signal.objects.filter(questions__question=self, state=SignalState.ACCEPTED)


_DONE = {
    "opened": _("geopend"), "edited": _("woorden veranderd"), "again": _("opnieuw vragen aan bewoners"),
    "merged": _("samengevoegd"), "split": _("gesplitst"),
    "owner": _("andere trekker"), "handed": _("overgedragen aan een ander team"), "told": _("teruggezegd"),
    "partner": _("een organisatie neemt het over"), "looked": _("bestaand aanbod bekeken"),
}  # fmt: skip


class Step(models.Model):
    """From one state to another (or merged, split, handed over): who, when and why."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=20, default="state")  # a state, or one of `_DONE`
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    why = models.CharField(_("waarom"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"question", "what", "before", "after", "why", "at"}
    called = _("stap van een vraag")
    purpose = _("Zien hoe een besluit tot stand kwam (R10).")
    kept = _("zolang de vraag er is")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.what} {self.after}"

    @property
    def before_label(self) -> str:
        """The state before, in Dutch."""
        return str(dict(QuestionState.choices).get(self.before, self.before))

    @property
    def after_label(self) -> str:
        """The state after, in Dutch."""
        return str(dict(QuestionState.choices).get(self.after, self.after))

    @property
    def what_label(self) -> str:
        """What was done, in Dutch."""
        return str(_DONE.get(self.what, self.what))


class CheckResult(models.TextChoices):
    """What residents said."""

    RECOGNISED = "recognised", _("zij herkennen de vraag")
    PARTLY = "partly", _("zij herkennen een deel")
    NOT = "not", _("zij herkennen de vraag niet")


class Check(models.Model):
    """Checked with residents: when, how, with how many, and what they said (R13)."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="checks")
    date = models.DateField(_("wanneer"))
    how = models.CharField(_("hoe"), max_length=200)
    people = models.PositiveSmallIntegerField(_("met hoeveel bewoners"))
    said = models.TextField(_("wat zij zeiden"), max_length=1000)
    result = models.CharField(_("uitkomst"), max_length=20, choices=CheckResult.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"question", "date", "how", "people", "said", "result", "at"}
    purpose = _("Bij bewoners nagaan of het klopt (R13).")
    kept = _("zolang de vraag er is")

    class Meta:
        verbose_name = _("gesprek met bewoners")
        ordering = ("-date", "-pk")
        constraints = [models.CheckConstraint(condition=Q(people__gte=1), name="checked_with_somebody")]

    def __str__(self) -> str:
        return f"{self.date}"


class QuestionSignal(models.Model):
    """A signal belongs to a shared question, so that who gave it hears back."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="links")
    signal = models.ForeignKey(Signal, models.CASCADE, related_name="questions")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = set()
    not_personal: ClassVar[set[str]] = {"question", "signal", "at"}
    called = _("signaal bij een vraag")
    purpose = _("Terugkoppelen aan iedereen die hierover iets doorgaf.")
    kept = _("zolang het signaal en de vraag er zijn")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "signal"], name="a_signal_once_per_question")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.signal_id}"


class SparKind(models.TextChoices):
    """What is asked of another organisation (S052)."""

    SPARRING = "sparring", _("meedenken")
    HANDOVER = "handover", _("overnemen")


class SparringQuerySet(models.QuerySet["Sparring"]):
    """Requests to other organisations."""

    def visible_to(self, access: Access) -> Self:
        """Those to an organisation of this person, as a partner or as a member of one of its teams."""
        theirs = access.organisations(Permission.QUESTION_SPAR) | {
            m.team.organisation_id
            for m in access.memberships
            if m.team and m.team_id in access.teams(Permission.QUESTION_SPAR)
        }
        return self.filter(to__in=theirs)


class Sparring(models.Model):
    """A question is shared with another organisation: the question, never anybody's data (S052)."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="sparrings")
    to = models.ForeignKey(Organisation, models.CASCADE, related_name="sparrings", verbose_name=_("met"))
    kind = models.CharField(_("wat vraagt u"), max_length=10, choices=SparKind.choices)
    asked = models.TextField(_("uw vraag"), max_length=1000)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, related_name="sparrings"
    )  # that asked, and may follow it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("antwoord"), max_length=1000, blank=True)
    accepted = models.BooleanField(_("neemt over"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered = models.DateTimeField(null=True)

    objects = SparringQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by", "answered_by"}
    not_personal: ClassVar[set[str]] = {
        "question", "to", "kind", "asked", "team", "at", "answer", "accepted", "answered",
    }  # fmt: skip
    purpose = _("Met anderen meedenken zonder gegevens van personen te delen.")
    kept = _("zolang de vraag er is")
    read_by = frozenset({Permission.QUESTION_READ, Permission.QUESTION_SPAR})

    class Meta:
        verbose_name = _("verzoek aan een andere organisatie")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.question_id}"
