"""What the report shows of one pattern, worked out before any HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schakel.detection.explain import DOMINANT
from schakel.detection.wording import (
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
        where=names(labels),
        when=days(pattern.start, pattern.end),
        people=count(pattern.observed, "persoon", "mensen"),
        usual=about(pattern.expected, pattern.observed),
        rarity=_rarity(pattern, settings),
        areas=tuple(
            AreaRow(k + 1, label, code, number(size))
            for k, (label, code, size) in enumerate(zip(labels, pattern.areas, people, strict=True))
        ),
        map=pattern_map(base, members, labels),
        chart=chart(course, start=pattern.start, end=pattern.end) if course else None,
        first_label=_period_label(course.dates[0], settings.period) if course else "",
        last_label=_period_label(course.dates[-1], settings.period) if course else "",
        periods=_periods(pattern, settings.period),
        support=_support(pattern),
        figures=tuple((FIGURES[n], _figure(getattr(pattern, n)), n) for n in FIGURES),
        stays_inside=pattern.dominance > DOMINANT,
    )


def _rarity(pattern: Pattern, settings: Settings) -> str:
    if settings.mode == "prospective":
        return once_in(pattern.recurrence_days).removeprefix("ongeveer ")
    return f"bij 1 op de {number(1 / max(pattern.p_value, 1e-12))} thema’s"


def _support(pattern: Pattern) -> tuple[str, ...]:
    """What makes the pattern believable, beside its rarity: size, sources, days, continuation."""
    if pattern.expected < 1:
        said = ["Normaal is dit hier in zo’n tijd zeldzaam."]
    else:
        times = number(pattern.observed / pattern.expected, 1).removesuffix(",0")
        said = [f"Dat is {times} keer zoveel als normaal."]
    if pattern.sources > 1:
        share = percentage(pattern.dominance)
        said.append(f"{pattern.sources} verschillende bronnen melden dit. De grootste levert {share}.")
    if pattern.dates > 1:
        said.append(f"De signalen zijn van {pattern.dates} verschillende dagen.")
    if pattern.continues:
        said.append("Het patroon was er de vorige keer ook al.")
    return tuple(said)


def _figure(value: object) -> str:
    if isinstance(value, float):
        return figure(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value else "–"


def _periods(pattern: Pattern, period: Period) -> tuple[PeriodRow, ...]:
    course = pattern.timeline
    if course is None:
        return ()
    rows = zip(course.dates, course.observed, course.expected, course.low, course.high, strict=True)
    return tuple(
        PeriodRow(
            label=_period_label(first, period),
            observed=number(observed),
            expected=number(expected, 1),
            usual=f"{number(low)}–{number(high)}",
            inside=pattern.start <= first <= pattern.end,
        )
        for first, observed, expected, low, high in reversed(list(rows))
    )


def _period_label(first: date, period: Period) -> str:
    if period == "year":
        return str(first.year)
    return f"{month_short(first)} {first.year}" if period == "month" else day_short(first)
