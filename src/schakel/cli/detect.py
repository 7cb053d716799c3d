"""``schakel detect``: a file of signals to patterns."""

from __future__ import annotations

import os
import shlex
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from schakel.cli.screen import progress, say, show_table, today
from schakel.records import (
    Areas,
    Detection,
    Fault,
    Method,
    Mode,
    NothingExpectedError,
    Null,
    Period,
    SchakelError,
    Settings,
    ZoneShape,
)

_MOST = 1_000_000_000
_ROWS = 30  # of the table of patterns
_FIRST_DAY = date(1800, 1, 1)


#: Themes of a municipality beside the library's own.
TaxonomyFiles = Annotated[
    list[Path] | None,
    typer.Option(help="Themes of your own (YAML), or other names of sensitive ones; may be given again."),
]


def detect(
    signals: Annotated[Path, typer.Argument(help="Signals: CSV, Parquet or Excel with date, area, theme.")],
    areas: Annotated[Path, typer.Option(help="Areas: a table with area, lon, lat (or x, y), or GeoJSON.")],
    population: Annotated[Path | None, typer.Option(help="Population: area, year, population.")] = None,
    expected: Annotated[
        Path | None, typer.Option(help="Expected numbers: date, area, theme, expected.")
    ] = None,
    taxonomy: TaxonomyFiles = None,
    previous: Annotated[Path | None, typer.Option(help="An earlier result, to see what continues.")] = None,
    method: Annotated[Method, typer.Option(help="What signals are compared with.")] = "expectation",
    null: Annotated[
        Null | None, typer.Option(help="Chance: nb1 (default; signals come in clusters) or poisson.")
    ] = None,
    mode: Annotated[
        Mode, typer.Option(help="Now, any time in the study, or the whole study at once.")
    ] = "prospective",
    period: Annotated[Period, typer.Option(help="Length of one step in time.")] = "week",
    start: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the study.")
    ] = None,
    end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the study.")] = None,
    max_share: Annotated[
        float | None,
        typer.Option(
            help="Largest share of a zone (default: 0.25 or ten areas; 0.5 with --raw or --null poisson)."
        ),
    ] = None,
    max_radius_km: Annotated[float | None, typer.Option(help="Largest radius of a zone.")] = None,
    neighbours: Annotated[
        int | None, typer.Option(min=1, max=_MOST, help="Most areas in a zone, the centre included.")
    ] = None,
    windows: Annotated[str, typer.Option(help="Lengths of windows in periods, such as 1,2,3.")] = "",
    min_count: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST, help="Fewest people in a pattern, or occasions (default 3)."),
    ] = None,
    min_areas: Annotated[
        int | None, typer.Option(min=1, max=_MOST, help="Fewest areas with people (default 2).")
    ] = None,
    zones: Annotated[ZoneShape, typer.Option(help="Shape of zones; connected needs borders.")] = "circular",
    replicas: Annotated[int, typer.Option(min=1, max=1_000_000, help="Number of replicas.")] = 999,
    stop_after: Annotated[
        int, typer.Option(min=0, help="Stop when so many replicas are as strong; 0: never.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")] = 1,
    threads: Annotated[
        int, typer.Option(min=0, max=1024, help="0: all cores. Never changes the result.")
    ] = 0,
    min_people: Annotated[int, typer.Option(help="People before a team sees it (R6; at least 3).")] = 5,
    min_sources: Annotated[int, typer.Option(help="Sources before a team sees it (R6; at least 2).")] = 2,
    min_dates: Annotated[int, typer.Option(help="Dates before a team sees it (R6; at least 2).")] = 2,
    adjust_reporting: Annotated[
        bool,
        typer.Option("--adjust-reporting", help="More reporting of everything is not more of one theme."),
    ] = False,
    alpha: Annotated[float, typer.Option(help="Largest q-value of a suggestion.")] = 0.05,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="For validation: rows count cases; no thresholds of people; poisson, 1 person, 1 area.",
        ),
    ] = False,
    skip_faults: Annotated[
        bool, typer.Option("--skip-faults", help="Leave faulty rows out and say how many.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the result to this file.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a readable report (HTML) to this file.")] = None,
) -> None:
    """Find themes that recur more than expected, where and when."""
    settings = Settings(
        method=method,
        null=null or ("poisson" if raw else "nb1"),
        mode=mode,
        period=period,
        start=start and start.date(),
        end=end and end.date(),
        max_share=max_share,
        max_radius_km=max_radius_km,
        neighbours=neighbours,
        windows=lengths_of(windows),
        min_count=min_count or (1 if raw else 3),
        min_areas=min_areas or (1 if raw else 2),
        zones=zones,
        replicas=replicas,
        stop_after=stop_after,
        seed=seed,
        threads=threads,
        min_people=min_people,
        min_sources=min_sources,
        min_dates=min_dates,
        alpha=alpha,
        adjust_reporting=adjust_reporting,
        raw=raw,
    )
    check(settings, today())
    _writable([json, report], inputs=[signals, areas, population, expected, previous, *(taxonomy or ())])
    found, places = _detected(
        signals,
        areas,
        population,
        expected,
        previous,
        settings,
        taxonomy=taxonomy or [],
        skip_faults=skip_faults,
    )
    _written(found, places, json=json, report=report, taxonomy=taxonomy or [])
    _shown(found)


def lengths_of(text: str) -> tuple[int, ...]:
    """The lengths of windows in "1,2,3"; raises SchakelError."""
    try:
        lengths = tuple(sorted({int(part) for part in text.split(",")})) if text.strip() else ()
    except ValueError:
        lengths = (0,)
    if any(not 1 <= length <= _MOST for length in lengths):
        raise SchakelError(
            f"--windows '{text}': expected whole numbers of at least 1 with commas, such as 1,2,3."
        )
    return lengths


def check(settings: Settings, now: date) -> None:
    """Choices that make no sense; raises SchakelError."""
    share, radius = settings.max_share, settings.max_radius_km
    if share is not None and not 0 < share <= 1:
        raise SchakelError(f"--max-share {share:g}: expected a share above 0 and at most 1.")
    if radius is not None and not 0 < radius < float("inf"):
        raise SchakelError(f"--max-radius-km {radius:g}: expected a distance above 0.")
    if not 0 < settings.alpha < 1:
        raise SchakelError(f"--alpha {settings.alpha:g}: expected a number between 0 and 1.")
    for name, day in (("start", settings.start), ("end", settings.end)):
        if day and not _FIRST_DAY <= day <= now:
            raise SchakelError(f"--{name} {day}: expected a day from {_FIRST_DAY} to today ({now}).")
    if settings.start and settings.end and settings.start > settings.end:
        raise SchakelError(
            f"--start {settings.start} is after --end {settings.end}; expected the start first."
        )


def _writable(outputs: list[Path | None], *, inputs: list[Path | None]) -> None:
    """Say at once that a result cannot be kept, or would overwrite something of this run, not after the work."""
    taken = {path.resolve() for path in inputs if path}
    for path in outputs:
        if path is None:
            continue
        if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
            raise SchakelError(
                f"{path} cannot be written; expected a file in a folder that exists and may be written to."
            )
        if path.resolve() in taken:
            raise SchakelError(f"{path} is used twice in this command; expected another file for the result.")
        taken.add(path.resolve())


def _detected(
    signals: Path,
    areas: Path,
    population: Path | None,
    expected: Path | None,
    previous: Path | None,
    settings: Settings,
    *,
    taxonomy: Sequence[Path],
    skip_faults: bool,
) -> tuple[Detection, Areas]:
    from schakel import detection, io  # noqa: PLC0415  heavy: only when there is something to compute
    from schakel.themes import load_taxonomy  # noqa: PLC0415

    known = load_taxonomy(*taxonomy)
    places = io.read_areas(areas)
    read = io.read_signals(signals, areas=places, today=today(), on_fault="skip" if skip_faults else "refuse")
    for sentence in _worth_knowing([note.en for note in read.notes], read.faults):
        say(sentence)
    people = io.read_population(population, areas=places) if population else None
    given = io.read_expected(expected, areas=places) if expected else None
    earlier = io.read_result(previous).patterns if previous else ()
    with progress("Looking for patterns") as bar, warnings.catch_warnings():
        warnings.simplefilter("ignore", detection.NothingCanBeShownWarning)  # said below, as a note
        try:
            found = detection.detect(
                read.frame,
                places,
                settings=settings,
                population=people,
                expected=given,
                previous=earlier,
                sensitive=known.sensitive_names,
                labels=known.labels,
                progress=bar,
            )
        except NothingExpectedError as error:
            raise read.placed(error) from error
    told = cast("list[dict[str, str]]", found.data["notes"])
    for sentence in _worth_knowing([note["en"] for note in told], ()):
        say(sentence)
    notes = [*(note._asdict() for note in read.notes), *told]
    left_out = len({fault.line for fault in read.faults})
    return replace(found, data={**found.data, "notes": notes, "faulty_rows_left_out": left_out}), places


def _worth_knowing(notes: Sequence[str], faults: Sequence[Fault]) -> list[str]:
    lines = [f"Note: {note}" for note in notes]
    if faults:
        lines.append(
            f"Note: {len({fault.line for fault in faults})} faulty row(s) left out; the first: {faults[0]}"
        )
    return lines


def _written(
    found: Detection, places: Areas, *, json: Path | None, report: Path | None, taxonomy: Sequence[Path]
) -> None:
    from schakel import io  # noqa: PLC0415
    from schakel.report import render  # noqa: PLC0415
    from schakel.themes import load_taxonomy  # noqa: PLC0415

    contents: dict[Path, str] = {}
    if report is not None:
        names = {theme.id: theme.nl for theme in load_taxonomy(*taxonomy).themes}
        command = shlex.join(["schakel", *sys.argv[1:]])
        contents[report] = render(found, places, theme_names=names, command=command)
    if json is not None:
        contents[json] = io.to_json(found)
    io.write_together(contents)


def _shown(found: Detection) -> None:
    """The patterns as a table, those that a team may see first."""
    header = ("theme", "areas", "period", "seen", "expected", "p (rank)", "q", "shown to the team")
    ordered = sorted(found.patterns, key=lambda pattern: bool(pattern.withheld))
    rows = [
        (
            pattern.theme,
            f"{len(pattern.areas)}: {', '.join(pattern.areas[:4])}{' …' if len(pattern.areas) > 4 else ''}",
            f"{pattern.start} – {pattern.end}",
            str(pattern.observed),
            f"{pattern.expected:.1f}",
            f"{pattern.p_value:.3g}",
            f"{pattern.q_value:.3g}",
            "no: " + ", ".join(pattern.withheld) if pattern.withheld else "yes",
        )
        for pattern in ordered[:_ROWS]
    ]
    shown = sum(not pattern.withheld for pattern in found.patterns)
    used = f"{found.data['signals_used']} of {found.data['signals']}"
    title = f"{shown} of {len(found.patterns)} patterns to show, from {used} signals"
    show_table([header, *rows], title=title)
    if len(ordered) > _ROWS:
        say(f"{len(ordered) - _ROWS} more pattern(s) are not in this table; --json writes all of them.")
