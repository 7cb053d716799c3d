"""What the report shows, worked out before any HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from schakel.detection.calendar import PER_YEAR
from schakel.detection.explain import why_not
from schakel.detection.facts import said
from schakel.detection.wording import Language, count, days
from schakel.records import Areas, Detection, Pattern, Settings
from schakel.report.labels import DATA, LARGEST, METHODS, MODES, NULLS, OCCASIONS, SETTINGS, UNITS, VALUES
from schakel.report.maps import BaseMap, base_map
from schakel.report.pattern import PatternView, pattern_view


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
    detection: Detection,
    areas: Areas,
    *,
    theme_names: Mapping[str, str],
    command: str | None,
    language: Language = "nl",
) -> ReportView:
    """Everything the template shows; in English only what is in a fragment.

    Raises SchakelError for a pattern with an unknown area.
    """
    settings = detection.settings
    base = base_map(areas)
    shown = [pattern for pattern in detection.patterns if not pattern.withheld]
    patterns = tuple(
        pattern_view(
            k + 1, pattern, areas, base, settings=settings, theme_names=theme_names, language=language
        )
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
        summary=_summary(
            patterns,
            not_shown,
            raw=settings.raw,
            used_to=not _is_new(detection),
            possible=not detection.data.get("nothing_can_be_found"),
        ),
        looked=f"{count(_themes(detection), 'thema', 'thema’s')} in {count(len(areas), 'gebied', 'gebieden')}",
        unit=said(UNITS[settings.period], language),
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
        method=(
            METHODS[settings.method],
            NULLS[settings.null],
            *((OCCASIONS,) if settings.by_occasion else ()),
            MODES[settings.mode],
        ),
        settings=tuple((SETTINGS[f.name], f.name, _setting(settings, f.name)) for f in fields(settings)),
        data=tuple((DATA.get(k, k), k, _value(v)) for k, v in detection.data.items() if k != "notes"),
        notes=tuple(str(note["nl"] if isinstance(note, dict) else note) for note in notes)
        if isinstance(notes, list | tuple)
        else (),
        command=command,
        version=detection.version,
        raw=settings.raw,
        min_people=settings.min_people,
    )


def _span(detection: Detection) -> str:
    first, last = detection.data.get("first_day"), detection.data.get("last_day")
    if isinstance(first, str) and isinstance(last, str):
        return days(date.fromisoformat(first), date.fromisoformat(last))
    return ""


def _themes(detection: Detection) -> int:
    themes = detection.data.get("themes")
    return themes if isinstance(themes, int) else len({pattern.theme for pattern in detection.patterns})


def _is_new(detection: Detection) -> bool:
    """Whether what is usual is learnt from less than a year."""
    history = detection.data.get("history")
    settings = detection.settings
    return (
        settings.method == "expectation" and isinstance(history, int) and history < PER_YEAR[settings.period]
    )


def _summary(
    patterns: tuple[PatternView, ...],
    not_shown: tuple[NotShown, ...],
    *,
    raw: bool,
    used_to: bool,
    possible: bool,
) -> tuple[str, ...]:
    """What stands out, in two sentences. `used_to`: it is known what is usual; `possible`: anything could be found."""
    if not patterns and not_shown:
        return (
            "Er is nu geen patroon dat we aan het team laten zien.",
            f"{count(len(not_shown), 'thema leek', 'thema’s leken')} op te vallen; onderaan staat waarom dat niet"
            " genoeg is.",
        )
    if not patterns:
        return (
            "Er valt nu niets bijzonders op." if possible else "Hier is geen patroon te vinden.",
            "De signalen komen uit te weinig buurten. Dat zegt niet dat er niets speelt."
            if not possible
            else "De signalen passen bij wat we gewend zijn, en ook dat is goed om te weten."
            if used_to
            else "We kennen deze signalen nog niet lang. Wat normaal is, weten we daarom niet precies. Met de tijd"
            " wordt dit beeld beter.",
        )
    strongest = patterns[0]
    if raw:
        found = f"Er zijn {count(len(patterns), 'patroon', 'patronen')} berekend, ook die toeval kunnen zijn."
    else:
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


def _setting(settings: Settings, name: str) -> str:
    if name == "max_share" and settings.max_share is None and settings.neighbours is None:
        return LARGEST[settings.by_occasion]
    return _value(getattr(settings, name))


def _value(value: object) -> str:
    if isinstance(value, bool) or value is None or value == ():
        return VALUES[value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or VALUES[()]
    return str(value)
