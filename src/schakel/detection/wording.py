"""Dates, numbers and lists as people write them, in Dutch and in English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from schakel.records import Period

Language = Literal["nl", "en"]

_MONTHS: Final = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_PERIODS: Final[dict[Language, dict[Period, tuple[str, str]]]] = {
    "nl": {
        "day": ("dag", "dagen"),
        "week": ("week", "weken"),
        "month": ("maand", "maanden"),
        "year": ("jaar", "jaar"),
    },
    "en": {
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
        "year": ("year", "years"),
    },
}

#: Unit, its length in days, and the shortest interval that is said in it.
_SCALES: Final[tuple[tuple[Period, float, float], ...]] = (
    ("year", 365.25, 640.0),
    ("month", 365.25 / 12, 60.0),
    ("week", 7.0, 6.5),
    ("day", 1.0, float("-inf")),
)


def number(value: float, decimals: int = 0, *, language: Language = "nl") -> str:
    """1234.5 → '1.234,5' in Dutch, '1,234.5' in English; '–' for not a number, '∞' for infinity."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def percentage(share: float, *, language: Language = "nl") -> str:
    """0.643 → '64%'. Never rounds up to 100% or down to 0% what is not."""
    if 0 < share < 0.01 or 0.99 < share < 1:
        edge = "1%" if share < 0.5 else "99%"
        word = {"nl": ("minder dan", "meer dan"), "en": ("less than", "more than")}[language]
        return f"{word[share > 0.5]} {edge}"
    return f"{number(100 * share, language=language)}%"


def day(value: date, *, language: Language = "nl") -> str:
    """'12 oktober 2026'."""
    return f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"


def day_short(value: date, *, language: Language = "nl") -> str:
    """'12 okt 2026'; March is 'mrt' in Dutch."""
    return f"{value.day} {month_short(value, language=language)} {value.year}"


def month_short(value: date, *, language: Language = "nl") -> str:
    """'okt'; March is 'mrt' in Dutch."""
    return "mrt" if language == "nl" and value.month == 3 else _MONTHS[language][value.month - 1][:3]


def days(start: date, end: date, *, language: Language = "nl") -> str:
    """'12 t/m 18 oktober 2026': month and year are said once when they are the same."""
    last = day(end, language=language)
    if start == end:
        return last
    joint = "t/m" if language == "nl" else "to"
    if start.year != end.year:
        return f"{day(start, language=language)} {joint} {last}"
    if start.month != end.month:
        return f"{start.day} {_MONTHS[language][start.month - 1]} {joint} {last}"
    return f"{start.day} {joint} {last}"


def count(value: int, singular: str, plural: str, *, language: Language = "nl") -> str:
    """'1 dag', '2 dagen'."""
    return f"{number(value, language=language)} {singular if value == 1 else plural}"


def periods(value: int, period: Period, *, language: Language = "nl") -> str:
    """'1 week', '4 weken'."""
    return count(value, *_PERIODS[language][period], language=language)


def names(values: Sequence[str], *, language: Language = "nl", most: int = 4) -> str:
    """'Lindenhof, Oude Haven en 3 andere gebieden': at most `most` names, the rest as a number."""
    joint = "en" if language == "nl" else "and"
    shown = list(values)
    if len(shown) > most:
        rest = len(shown) - (most - 1)
        other = "andere gebieden" if language == "nl" else "other areas"
        shown = [*shown[: most - 1], f"{rest} {other}"]
    if len(shown) <= 1:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


def once_in(interval: float, *, language: Language = "nl") -> str:
    """An interval in days as people say it: 'ongeveer eens in de 2 jaar'."""
    if not interval < 100 * 365.25:
        return {"nl": "minder dan eens in de 100 jaar", "en": "less than once in 100 years"}[language]
    period, length = next((p, length) for p, length, least in _SCALES if interval >= least)
    times = max(1, round(interval / length))
    one, many = _PERIODS[language][period]
    if language == "nl":
        return f"ongeveer eens per {one}" if times == 1 else f"ongeveer eens in de {number(times)} {many}"
    return f"about once a {one}" if times == 1 else f"about once every {times} {many}"


def about(expected: float, observed: float, *, language: Language = "nl") -> str:
    """An expected number in whole people where that is honest, with a decimal where rounding would hide."""
    if expected < 1:
        if expected >= 0.95:
            return {"nl": "ongeveer 1", "en": "about 1"}[language]
        return {"nl": "minder dan 1", "en": "fewer than 1"}[language]
    whole = expected >= 20 or observed >= 1.5 * expected or round(expected, 1) == round(expected)
    shown = number(expected, 0 if whole else 1, language=language)
    return f"{'ongeveer' if language == 'nl' else 'about'} {shown}"


def figure(value: float, *, language: Language = "nl") -> str:
    """Six significant digits, as a data scientist checks them: 7.91304 → '7,91304', 2.1e-7 → '2,1e-07'."""
    if not math.isfinite(value):
        return number(value, language=language)
    text = f"{value:.6g}".replace("-", "−") if abs(value) < 1e6 else f"{value:.0f}"
    return text.replace(".", ",") if language == "nl" else text
