"""What the report shows, worked out before any HTML: one record per thing on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from schakel.detection.explain import DOMINANT, why_not
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
from schakel.records import Areas, Detection, Pattern, Period, SchakelError, Settings
from schakel.report.labels import DATA, FIGURES, METHODS, MODES, NULLS, SETTINGS, UNITS, VALUES
from schakel.report.maps import BaseMap, PatternMap, base_map, pattern_map
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


@dataclass(frozen=True, slots=True)
class NotShown:
    """A pattern that the team does not see: its theme and why, nothing else (R6)."""

    theme: str
    reasons: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole page."""

    title: str
    span: str
    summary: tuple[str, ...]
    looked: str
    unit: str
    looks_again: bool
    patterns: tuple[PatternView, ...]
    base: BaseMap
    not_shown: tuple[NotShown, ...]
    usual_themes: tuple[str, ...]
    left_out: tuple[str, ...]
    method: tuple[str, ...]
    settings: tuple[tuple[str, str, str], ...]
    data: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    command: str | None
    version: str
    raw: bool
    min_people: int


def report_view(
    detection: Detection, areas: Areas, *, theme_names: Mapping[str, str], command: str | None
) -> ReportView:
    """Everything the template shows. Raises SchakelError for a pattern with an unknown area."""
    settings = detection.settings
    base = base_map(areas)
    shown = [pattern for pattern in detection.patterns if not pattern.withheld]
    patterns = tuple(
        _pattern(k + 1, pattern, areas, base, settings=settings, theme_names=theme_names)
        for k, pattern in enumerate(shown)
    )
    hidden = [pattern for pattern in detection.patterns if pattern.withheld]
    by_chance = {p.theme for p in hidden if "chance" in p.withheld}
    left_out = detection.data.get("themes_left_out")
    notes = detection.data.get("notes")
    not_shown = _not_shown(hidden, settings, theme_names)
    return ReportView(
        title="Wat valt op in de signalen?",
        span=_span(detection),
        summary=_summary(patterns, not_shown),
        looked=f"{count(_themes(detection), 'thema', 'thema’s')} in {count(len(areas), 'gebied', 'gebieden')}",
        unit=UNITS[settings.period],
        looks_again=settings.mode == "prospective",
        patterns=patterns,
        base=base,
        not_shown=not_shown,
        usual_themes=tuple(
            sorted(theme_names.get(theme, theme) for theme in by_chance - {p.theme for p in shown})
        ),
        left_out=tuple(theme_names.get(str(t), str(t)) for t in left_out)
        if isinstance(left_out, list | tuple)
        else (),
        method=(METHODS[settings.method], NULLS[settings.null], MODES[settings.mode]),
        settings=tuple(
            (SETTINGS[f.name], f.name, _value(getattr(settings, f.name))) for f in fields(settings)
        ),
        data=tuple((DATA.get(k, k), k, _value(v)) for k, v in detection.data.items() if k != "notes"),
        notes=tuple(str(note) for note in notes) if isinstance(notes, list | tuple) else (),
        command=command,
        version=detection.version,
        raw=settings.raw,
        min_people=settings.min_people,
    )


def _pattern(
    order: int,
    pattern: Pattern,
    areas: Areas,
    base: BaseMap,
    *,
    settings: Settings,
    theme_names: Mapping[str, str],
) -> PatternView:
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
        where=names(labels, most=5),
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
    said = [f"Dat is {number(pattern.relative_risk, 1)} keer zoveel als normaal."]
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


def _span(detection: Detection) -> str:
    first, last = detection.data.get("first_day"), detection.data.get("last_day")
    if isinstance(first, str) and isinstance(last, str):
        return days(date.fromisoformat(first), date.fromisoformat(last))
    return ""


def _themes(detection: Detection) -> int:
    themes = detection.data.get("themes")
    return themes if isinstance(themes, int) else len({pattern.theme for pattern in detection.patterns})


def _summary(patterns: tuple[PatternView, ...], not_shown: tuple[NotShown, ...]) -> tuple[str, ...]:
    """What stands out, in two sentences."""
    if not patterns and not_shown:
        return (
            "Er is nu geen patroon dat we aan het team laten zien.",
            f"{count(len(not_shown), 'thema leek', 'thema’s leken')} op te vallen; onderaan staat waarom dat niet"
            " genoeg is.",
        )
    if not patterns:
        return (
            "Er valt nu niets bijzonders op.",
            "De signalen passen bij wat we gewend zijn, en ook dat is goed om te weten.",
        )
    strongest = patterns[0]
    found = "Er valt één patroon op." if len(patterns) == 1 else f"Er vallen {len(patterns)} patronen op."
    verb = "Het gaat om" if len(patterns) == 1 else "Het sterkst is"
    return (
        found,
        f"{verb} ‘{strongest.theme}’ in {strongest.where}: {strongest.people},"
        f" waar we er {strongest.usual} verwachten.",
    )


def _not_shown(
    hidden: list[Pattern], settings: Settings, theme_names: Mapping[str, str]
) -> tuple[NotShown, ...]:
    """Patterns held back for another reason than chance, equal ones together, by theme."""
    groups = Counter(
        (theme_names.get(p.theme, p.theme), p.withheld) for p in hidden if "chance" not in p.withheld
    )
    return tuple(
        NotShown(theme, tuple(why_not(code, settings)[0] for code in codes), times)
        for (theme, codes), times in sorted(groups.items())
    )


def _value(value: object) -> str:
    if isinstance(value, bool) or value is None or value == ():
        return VALUES[value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or VALUES[()]
    return str(value)
