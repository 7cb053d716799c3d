"""A month of the log, counted (R16): by kind and role, beside the months before, and what deserves a look.

The database groups; how many rows a month has makes no difference to how many queries there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, CharField, Count, Max, Q, Sum, TextChoices, Value, When
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import ROLES
from schakel_web.audit.chain import CHAIN, REVIEW, record
from schakel_web.audit.models import Event, EventQuerySet, Kind, Outcome

BEFORE = 3  # months beside the one that is looked at
OPENS, CLOSES = 7, 19  # office hours, Monday to Friday
MOST = 5  # accounts that are named for one reason

#: Lines about logging in, and about who may do what.
LOGINS = {"account.login", "account.second_step_refused", "account.not_invited"}
RIGHTS = {
    "network.invite", "network.invite_again", "network.withdraw_invitation", "network.accept",
    "network.end_membership", "network.switch_user", "network.save_team",
    "account.second_step_removed", "account.provider_linked",
}  # fmt: skip

_READ, _REFUSED = Q(outcome=Outcome.READ), Q(outcome=Outcome.REFUSED)
_LATE = Q(hour__lt=OPENS) | Q(hour__gte=CLOSES) | Q(weekday__gte=6)
_KIND = Case(
    When(_REFUSED & Q(action__in=LOGINS), then=Value(Kind.FAILED)),
    When(_REFUSED, then=Value(Kind.REFUSED)),
    When(_READ, then=Value(Kind.READ)),
    When(outcome=Outcome.EXPORTED, then=Value(Kind.EXPORTED)),
    When(action__in=RIGHTS, then=Value(Kind.RIGHTS)),
    default=Value(Kind.OTHER),
    output_field=CharField(),
)


def month_before(month: date, number: int = 1) -> date:
    """The first day of the month so many before; with a negative number, after."""
    years, months = divmod(month.year * 12 + month.month - 1 - number, 12)
    return date(years, months + 1, 1)


def of(month: date, *, before: int = 0) -> EventQuerySet:
    """The lines of a month, and of some months before it."""
    begin, end = month_before(month, before), month_before(month, -1)
    return Event.objects.filter(at__gte=_moment(begin), at__lt=_moment(end)).order_by()


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Counts:
    """Numbers of lines: per kind for every month (oldest first), and per role for the month itself."""

    months: list[date]
    kinds: dict[str, list[int]]
    roles: dict[str, dict[str, int]]


def counts(month: date) -> Counts:
    """In one query."""
    rows = (
        of(month, before=BEFORE)
        .annotate(month=TruncMonth("at"), kind=_KIND)
        .values_list("month", "kind", "role")
        .annotate(number=Count("pk"))
    )
    months = [month_before(month, back) for back in range(BEFORE, -1, -1)]
    kinds = {kind.value: [0] * len(months) for kind in Kind}
    roles: dict[str, dict[str, int]] = {}
    for moment, kind, role, number in rows:
        kinds[kind][months.index(timezone.localtime(moment).date())] += number
        if timezone.localtime(moment).date() == month:
            of_role = roles.setdefault(role, {k.value: 0 for k in Kind})
            of_role[kind] += number
    return Counts(months, kinds, dict(sorted(roles.items())))


@dataclass(frozen=True)
class Look:
    """Something that deserves a look: what, of which account, how often. No verdict: there can be a good reason."""

    about: str | Promise
    account: int | None
    number: int


#: What deserves a look: which lines, from how many of one account in a month, and in words.
_LOOKS: tuple[tuple[Q, str, int, str | Promise], ...] = (
    (_READ & _LATE, "actor", 20, _("Veel gelezen in de avond, de nacht of het weekend")),
    (Q(outcome=Outcome.EXPORTED), "actor", 5, _("Vaak iets meegenomen als bestand")),
    (_REFUSED & ~Q(action__in=LOGINS), "actor", 10, _("Vaak gevraagd om wat niet mocht")),
    (_REFUSED & Q(action__in=LOGINS), "number", 10, _("Vaak mislukt ingelogd op dit account")),
)
_MUCH_READ = _("Vier keer zo veel gelezen als anderen gemiddeld")
_MUCH, _TIMES = 100, 4  # reads of one account, and how many times the average of who read


def reasons() -> list[tuple[str | Promise, int]]:
    """What is looked at, and from how many times in a month."""
    return [*((about, least) for _which, _whose, least, about in _LOOKS), (_MUCH_READ, _MUCH)]


def looks(month: date) -> list[Look]:
    """What deserves a look, a query each; the most first."""
    rows = of(month).annotate(hour=ExtractHour("at"), weekday=ExtractIsoWeekDay("at"))
    found = []
    for which, whose, least, about in _LOOKS:
        many = rows.filter(which).values(whose).annotate(times=Count("pk")).filter(times__gte=least)
        for row in many.order_by("-times")[:MOST]:
            number = str(row[whose] or "")
            found.append(Look(about, int(number) if number.isdecimal() else None, row["times"]))
    return found + _much_read(month)


def _much_read(month: date) -> list[Look]:
    """Accounts that read many times what others did."""
    per = of(month).filter(_READ, actor__isnull=False).values("actor").annotate(times=Count("pk"))
    whole = per.aggregate(reads=Sum("times"), most=Max("times"), accounts=Count("actor"))
    if not whole["accounts"] or whole["most"] < _MUCH:
        return []
    least = max(_MUCH, _TIMES * whole["reads"] / whole["accounts"])
    many = per.filter(times__gte=least).order_by("-times")[:MOST]
    return [Look(_MUCH_READ, row["actor"], row["times"]) for row in many]


def reviews(month: date) -> EventQuerySet:
    """Who looked at a month before; newest first."""
    return Event.objects.filter(record=REVIEW, facts__month=f"{month:%Y-%m}").order_by("-pk")


def last_check() -> Event | None:
    """When the chain was verified for the last time, with how many faults."""
    return Event.objects.filter(record=CHAIN).order_by("-pk").first()


class Decision(TextChoices):
    """What whoever looked found; without words, because the log has none."""

    SOUND = "sound", _("Ik heb gekeken. Er is niets om na te gaan.")
    FOLLOW = "follow", _("Ik heb gekeken. Er is iets dat ik met iemand naga.")


def sign_off(*, month: date, decision: Decision, by: User) -> None:
    """Somebody looked at a month that is over: one line in the log itself. ValueError for a month that is not."""
    if month >= this_month():
        raise ValueError("A month can be signed off when it is over.")
    record(
        action="audit.reviewed", subject=REVIEW, by=by, month=f"{month:%Y-%m}", decision=decision.value,
        rows=of(month).count(),
    )  # fmt: skip


def acting(codes: str) -> str:
    """Roles as they are in the log, in words."""
    others = {
        "user": _("een medewerker, rol niet vastgelegd"), "resident": _("bewoner"), "system": _("de software zelf"),
        "keeper": _("contactpersoon van aanbod"), "unknown": _("onbekend"), "provider": _("aanbieder van het inloggen"),
    }  # fmt: skip
    return " + ".join(
        str(ROLES[code].label) if code in ROLES else str(others.get(code, code)) for code in codes.split("+")
    )


def this_month() -> date:
    """Its first day."""
    return timezone.localdate().replace(day=1)
