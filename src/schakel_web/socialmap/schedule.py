"""Fixed times in words, and between the form and the recurrence rule that is kept."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schakel_web.socialmap.models import Session
from schakel_web.socialmap.models.choices import DAYS

ONCE, WEEKLY, FORTNIGHTLY, MONTHLY, OWN = "once", "weekly", "fortnightly", "monthly", "own"
REPEATS = (
    (WEEKLY, gettext_lazy("elke week")),
    (FORTNIGHTLY, gettext_lazy("om de week")),
    (MONTHLY, gettext_lazy("elke maand, op dezelfde weekdag")),
    (ONCE, gettext_lazy("één keer")),
    (OWN, gettext_lazy("anders (herhaalregel)")),
)
CODES = tuple(code for code, _name in DAYS)
_NAMES = dict(DAYS)
_NTH = {"1": gettext_lazy("eerste"), "2": gettext_lazy("tweede"), "3": gettext_lazy("derde"),
        "4": gettext_lazy("vierde"), "-1": gettext_lazy("laatste")}  # fmt: skip


def rule_of(repeat: str, days: list[str], first: date) -> str:
    """The recurrence rule of what was filled in."""
    chosen = ",".join(days or [CODES[first.weekday()]])
    if repeat == WEEKLY:
        return f"FREQ=WEEKLY;BYDAY={chosen}"
    if repeat == FORTNIGHTLY:
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={chosen}"
    if repeat == MONTHLY:
        nth = (first.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1}{CODES[first.weekday()]}"
    return ""


def parts_of(rule: str) -> tuple[str, list[str]]:
    """How often, and on which days, as the form has it; a rule that the form cannot show is an own one."""
    if not rule:
        return ONCE, []
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    if set(parts) <= {"FREQ", "BYDAY", "INTERVAL"} and days:
        every = parts.get("INTERVAL", "1")
        if parts.get("FREQ") == "WEEKLY" and set(days) <= set(CODES) and every in {"1", "2"}:
            return (WEEKLY if every == "1" else FORTNIGHTLY), days
        if parts.get("FREQ") == "MONTHLY" and every == "1" and len(days) == 1 and days[0][:-2] in _NTH:
            return MONTHLY, [days[0][-2:]]
    return OWN, []


def clock(minutes: int) -> str:
    """14.00 for 840."""
    return f"{minutes // 60 % 24}.{minutes % 60:02}"


def _without_count(rule: str) -> tuple[str, str]:
    """A rule without its number of times, and that number."""
    parts = [part for part in rule.split(";") if not part.startswith("COUNT=")]
    return ";".join(parts), next((p[6:] for p in rule.split(";") if p.startswith("COUNT=")), "")


def in_words(session: Session) -> str:
    """Such as 'elke dinsdag en donderdag van 14.00 tot 16.00 uur'."""
    rule, times_left = _without_count(session.rule)
    repeat, days = parts_of(rule)
    names = [str(_NAMES[day]) for day in days]
    listed = _(" en ").join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if repeat == WEEKLY:
        when = _("elke %(days)s") % {"days": listed}
    elif repeat == FORTNIGHTLY:
        when = _("om de week op %(days)s") % {"days": listed}
    elif repeat == MONTHLY:
        nth = rule.partition("BYDAY=")[2][:-2]
        when = _("elke %(nth)s %(day)s van de maand") % {"nth": _NTH[nth], "day": listed}
    elif repeat == ONCE:
        when = date_format(session.first, "l j F Y")
    else:
        when = _("op vaste dagen")
    if times_left:
        when = _("%(times)s keer, %(when)s") % {"times": times_left, "when": when}
    times = _("van %(begin)s tot %(end)s uur") % {
        "begin": clock(session.start), "end": clock(session.start + session.minutes),
    }  # fmt: skip
    until = _(", tot en met %(day)s") % {"day": date_format(session.until, "j F Y")} if session.until else ""
    return f"{when} {times}{until}"
