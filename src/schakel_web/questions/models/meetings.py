"""The weekly meeting (signalenoverleg): what was decided and promised, and by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.network.access import Access
from schakel_web.network.models import Team
from schakel_web.questions.models.patterns import Pattern
from schakel_web.questions.models.shared import SharedQuestion

_LENGTH = timedelta(minutes=15)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings."""

    def visible_to(self, access: Access) -> Self:
        """Those of the teams whose meeting this person may hold."""
        return self.filter(team__in=access.teams(Permission.MEETING_HOLD))


class Meeting(models.Model):
    """Fifteen minutes of one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="meetings")
    date = models.DateField()
    present = models.PositiveSmallIntegerField(_("aanwezig"), null=True, blank=True)
    notes = models.TextField(_("opmerkingen"), max_length=2000, blank=True)
    started = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = MeetingQuerySet.as_manager()

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"team", "date", "present", "notes", "started", "closed"}
    purpose = _("Afspraken van het team bewaren.")
    kept = _("24 maanden")
    read_by = frozenset({Permission.MEETING_HOLD})

    class Meta:
        verbose_name = _("signalenoverleg")
        verbose_name_plural = _("signalenoverleggen")
        ordering = ("-date", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(closed=None), name="one_open_meeting_per_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date}"

    @property
    def ends(self) -> datetime:
        """When the fifteen minutes are over."""
        return self.started + _LENGTH

    @property
    def left(self) -> int:
        """Seconds that are left of them by the clock of the server; 0 when they are over."""
        return max(0, round((self.ends - timezone.now()).total_seconds()))


class Decision(models.Model):
    """What the meeting decided about a pattern or a question."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    pattern = models.ForeignKey(Pattern, models.SET_NULL, null=True, blank=True, related_name="decisions")
    question = models.ForeignKey(
        SharedQuestion, models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    text = models.CharField(_("besluit"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"by"}
    not_personal: ClassVar[set[str]] = {"meeting", "pattern", "question", "text", "at"}
    purpose = _("Afspraken van het team bewaren.")
    kept = _("24 maanden")
    read_by = frozenset({Permission.MEETING_HOLD})

    class Meta:
        verbose_name = _("besluit")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class Promise(models.Model):
    """Who does what before when, about a shared question."""

    question = models.ForeignKey(SharedQuestion, models.CASCADE, related_name="promises")
    what = models.CharField(_("wat"), max_length=500)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="promises", verbose_name=_("wie")
    )
    due = models.DateField(_("voor wanneer"))
    done = models.DateTimeField(null=True, blank=True)
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="promises")
    at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[set[str]] = {"who"}
    not_personal: ClassVar[set[str]] = {"question", "what", "due", "done", "meeting", "at"}
    purpose = _("Afspraken van het team nakomen.")
    kept = _("zolang de vraag er is")
    read_by = frozenset({Permission.MEETING_HOLD})

    class Meta:
        verbose_name = _("afspraak")
        verbose_name_plural = _("afspraken")
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return self.what
