"""What the report shows of one pattern, worked out before any HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schakel.detection.explain import DOMINANT
from schakel.detection.facts import Both, said
from schakel.detection.wording import (
    Language,
    about,
    count,
    day_short,
    days,
    figure,
    month_short,
    names,
    number,
    once_in,
    percentage,
)
from schakel.records import Areas, Pattern, Period, SchakelError, Settings
from schakel.report.labels import FIGURES
from schakel.report.maps import BaseMap, PatternMap, pattern_map
from schakel.report.timeline import Chart, chart


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of a pattern; `inhabitants` is '–' where unknown."""

    number: int
    name: str
    code: str
    inhabitants: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period of a timeline, as text."""

    label: str
    observed: str
    expected: str
    usual: str
    inside: bool


@dataclass(frozen=True, slots=True)
class PatternView:
    """One pattern on the page."""

    number: int
    pattern: Pattern
    theme: str
    where: str
    when: str
    people: str
    usual: str
    rarity: str
    explanation: str
    against: tuple[str, ...]
    areas: tuple[AreaRow, ...]
    map: PatternMap
    chart: Chart | None
    first_label: str
    last_label: str
    periods: tuple[PeriodRow, ...]
    support: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...]
    stays_inside: bool  # R8


def pattern_view(
    order: int,
    pattern: Pattern,
    areas: Areas,
    base: BaseMap,
    *,
    settings: Settings,
    theme_names: Mapping[str, str],
    language: Language,
) -> PatternView:
    """Everything the template shows of one pattern. Raises SchakelError for an unknown area."""
    place = {code: k for k, code in enumerate(areas.codes)}
    unknown = [code for code in pattern.areas if code not in place]
    if unknown:
        raise SchakelError(
            f"A pattern names area '{unknown[0]}', which is not among the {len(areas)} areas given;"
            " expected the areas that the detection was made with."
        )
    members = [place[code] for code in pattern.areas]
    labels = [areas.names[m] or areas.codes[m] if areas.names else areas.codes[m] for m in members]
    people = [float(areas.population[m]) for m in members]
    course = pattern.timeline if pattern.timeline and pattern.timeline.dates else None
    return PatternView(
        number=order,
        pattern=pattern,
        theme=theme_names.get(pattern.theme, pattern.theme),
        where=names(labels, language=language),
        when=days(pattern.start, pattern.end, language=language),
        people=_people(pattern.observed, language),
        usual=about(pattern.expected, pattern.observed, language=language),
        rarity=_rarity(pattern, settings, language),
        explanation=said(Both(pattern.explanation, pattern.explanation_en or pattern.explanation), language),
        against=(language == "en" and pattern.against_en) or pattern.against,
        areas=tuple(
            AreaRow(k + 1, label, code, number(size, language=language))
            for k, (label, code, size) in enumerate(zip(labels, pattern.areas, people, strict=True))
        ),
        map=pattern_map(base, members, labels),
        chart=chart(course, start=pattern.start, end=pattern.end, language=language) if course else None,
        first_label=_period_label(course.dates[0], settings.period, language) if course else "",
        last_label=_period_label(course.dates[-1], settings.period, language) if course else "",
        periods=_periods(pattern, settings.period, language),
        support=_support(pattern, language),
        figures=tuple(
            (said(FIGURES[n], language), _figure(getattr(pattern, n), language), n) for n in FIGURES
        ),
        stays_inside=pattern.dominance > DOMINANT,
    )


def _people(value: int, language: Language) -> str:
    if language == "nl":
        return count(value, "persoon", "mensen")
    return count(value, "person", "people", language=language)


def _rarity(pattern: Pattern, settings: Settings, language: Language) -> str:
    if settings.mode == "prospective":
        interval = once_in(pattern.recurrence_days, language=language)
        return interval.removeprefix("ongeveer ").removeprefix("about ")
    times = number(1 / max(pattern.p_value, 1e-12), language=language)
    return f"bij 1 op de {times} thema’s" if language == "nl" else f"in 1 of {times} themes"


def _support(pattern: Pattern, language: Language) -> tuple[str, ...]:
    """What makes the pattern believable, beside its rarity: size, sources, days, continuation."""
    times = re.sub(r"\D0$", "", number(pattern.observed / max(pattern.expected, 1), 1, language=language))
    share = percentage(pattern.dominance, language=language)
    known = []
    if pattern.expected < 1:
        known += [
            Both("Normaal is dit hier in zo’n tijd zeldzaam.", "Usually this is rare here in such a time.")
        ]
    else:
        known += [
            Both(f"Dat is {times} keer zoveel als normaal.", f"That is {times} times as many as usual.")
        ]
    if pattern.sources > 1:
        known += [
            Both(
                f"{pattern.sources} verschillende bronnen melden dit. De grootste levert {share}.",
                f"{pattern.sources} different sources report this. The largest gives {share}.",
            )
        ]
    if pattern.dates > 1:
        known += [
            Both(
                f"De signalen zijn van {pattern.dates} verschillende dagen.",
                f"The signals are from {pattern.dates} different days.",
            )
        ]
    if pattern.continues:
        known += [
            Both("Het patroon was er de vorige keer ook al.", "The pattern was there the last time as well.")
        ]
    return tuple(said(sentence, language) for sentence in known)


def _figure(value: object, language: Language) -> str:
    if isinstance(value, float):
        return figure(value, language=language)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value else "–"


def _periods(pattern: Pattern, period: Period, language: Language) -> tuple[PeriodRow, ...]:
    course = pattern.timeline
    if course is None:
        return ()
    rows = zip(course.dates, course.observed, course.expected, course.low, course.high, strict=True)
    return tuple(
        PeriodRow(
            label=_period_label(first, period, language),
            observed=number(observed, language=language),
            expected=number(expected, 1, language=language),
            usual=f"{number(low, language=language)}–{number(high, language=language)}",
            inside=pattern.start <= first <= pattern.end,
        )
        for first, observed, expected, low, high in reversed(list(rows))
    )


def _period_label(first: date, period: Period, language: Language) -> str:
    if period == "year":
        return str(first.year)
    if period == "month":
        return f"{month_short(first, language=language)} {first.year}"
    return day_short(first, language=language)
