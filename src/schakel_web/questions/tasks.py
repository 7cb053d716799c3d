"""Looking for patterns in the background: signals → frame → library → an action that keeps the result (DESIGN §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from django.core.cache import cache
from django.db.models import Count, Max
from django.utils import timezone
from django_tasks import task
from markupsafe import Markup

import schakel
from schakel.detection import detect
from schakel.detection.explain import why_not
from schakel.detection.wording import Language
from schakel.disclosure import Thresholds, dominance, ratio, reasons_not_to_publish
from schakel.disclosure.tables import protect
from schakel.io import pattern_of
from schakel.records import SIGNAL_COLUMNS, Detection, Pattern, SchakelError, Settings
from schakel.report import fragment
from schakel_web.network.models import Area
from schakel_web.network.tasks import areas_now
from schakel_web.questions import results
from schakel_web.questions.models import Run, RunState, Sighting
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import named, speaks, taxonomy

NO_AREAS, NO_SIGNALS = "NoAreas", "NoSignals"  # why a run failed
VERSION: str = schakel.__version__
THRESHOLDS = Thresholds()  # R6–R8, as the library has them; nothing here goes below them (R22)
_CHUNK = 50_000
_SOLVING = 60.0  # seconds for the best protection of a table
_BEAT = timedelta(seconds=2)
_KEPT = 24 * 3600  # seconds that a drawing is kept


class StoppedError(Exception):
    """Somebody asked to stop, or another worker took over."""


def settings_of(parameters: dict[str, Any]) -> Settings:
    """The settings of the library, as they were kept with a run."""
    known = {field.name for field in fields(Settings)}
    values = {name: value for name, value in parameters.items() if name in known}
    for name in ("start", "end"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["windows"] = tuple(values.get("windows") or ())
    return Settings(**values)


def parameters_of(settings: Settings) -> dict[str, Any]:
    """The same as plain values."""
    plain = asdict(settings)
    for name in ("start", "end"):
        plain[name] = plain[name] and plain[name].isoformat()
    plain["windows"] = list(plain["windows"])
    return plain


def frame(cutoff: datetime, codes: tuple[str, ...]) -> pl.DataFrame:
    """The signals that count since a moment or longer: one row per signal and theme, without text."""
    rows = (
        Signal.objects.counting()
        .filter(since__lte=cutoff, area__code__in=codes, area__current=True, themes__isnull=False)
        .order_by("pk")
        .values_list(
            "pk", "date", "area__code", "themes__theme", "people", "source", "reporter", "organisation"
        )
    )
    parts = []
    batch: list[tuple[Any, ...]] = []
    for pk, day, code, theme, people, source, reporter, organisation in rows.iterator(chunk_size=_CHUNK):
        who = f"u{reporter}" if reporter else (f"o{organisation}" if organisation else None)
        batch.append((pk, day, code, theme, people, source, who, None))
        if len(batch) == _CHUNK:
            parts.append(pl.DataFrame(batch, schema=SIGNAL_COLUMNS, orient="row"))
            batch = []
    parts.append(pl.DataFrame(batch, schema=SIGNAL_COLUMNS, orient="row"))
    return pl.concat(parts)


@task()
def search(run: int, attempt: int) -> None:
    """Do a run that was asked for. Started twice, only the newest attempt keeps anything."""
    held = results.begin(number=run, attempt=attempt)
    if held is None:
        return
    try:
        found, previous = _detected(held)
    except StoppedError:
        results.stopped(number=run, attempt=attempt)
    except SchakelError as error:
        results.failed(number=run, attempt=attempt, message=str(error))
    except Exception as error:
        results.failed(number=run, attempt=attempt, message=type(error).__name__)
        raise
    else:
        results.keep(number=run, attempt=attempt, detection=found, previous=previous)


def _detected(run: Run) -> tuple[Detection, dict[str, int]]:
    places = areas_now()
    if not len(places):
        raise SchakelError(NO_AREAS)
    signals = frame(run.cutoff, places.codes)
    if signals.is_empty():
        raise SchakelError(NO_SIGNALS)
    known = {sighting.evidence["identifier"]: sighting for sighting in _previous(run)}
    last = timezone.now()

    def beat(done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if now - last < _BEAT and done < total:
            return
        last = now
        if not results.beat(number=run.pk, attempt=run.attempt, done=done, total=total):
            raise StoppedError

    found = detect(
        signals,
        places,
        settings=settings_of(run.parameters),
        previous=[pattern_of(sighting.evidence) for sighting in known.values()],
        sensitive=taxonomy().sensitive_names,
        labels=taxonomy().labels,
        progress=beat,
    )
    return found, {identifier: sighting.pattern_id for identifier, sighting in known.items()}


def _previous(run: Run) -> list[Sighting]:
    """What the last finished run before this one saw."""
    earlier = (
        Run.objects.filter(state=RunState.DONE, again=None, pk__lt=run.again_id or run.pk)
        .order_by("-pk")
        .first()
    )
    return list(Sighting.objects.filter(run=earlier)) if earlier else []


def drawn(sighting: Sighting) -> Markup:
    """Map, timeline and evidence of one sighting in the language of the page; the same until the division changes."""
    division = Area.objects.neighbourhoods().aggregate(number=Count("pk"), newest=Max("pk"))
    language = speaks()
    key = f"drawn:{language}:{sighting.pk}:{division['number']}:{division['newest']}"
    known: str | None = cache.get(key)
    if known is None:
        known = str(_drawn(sighting, language))
        cache.set(key, known, _KEPT)
    return Markup(known)  # made by the library's own templates, which escape


def _drawn(sighting: Sighting, language: Language) -> Markup:
    pattern: Pattern = pattern_of(sighting.evidence)
    found = Detection(
        settings_of(sighting.run.parameters), sighting.run.data, (pattern,), sighting.run.version
    )
    names = {theme.id: named(theme) for theme in taxonomy().themes}
    return fragment(found, areas_now(), theme_names=names, language=language)


def reasons(sighting: Sighting) -> list[str]:
    """Why a pattern is not shown, in the language of the page (R6)."""
    settings = settings_of(sighting.run.parameters)
    return [why_not(code, settings)[speaks() == "en"] for code in sighting.withheld]


def protected(
    cells: Mapping[tuple[int, str], Mapping[str, int]],
    *,
    leaves: Sequence[tuple[str, str, str, list[int]]],
    domains: Sequence[str],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Rows that may leave the team (R7): neighbourhoods, their districts, and everything.

    `cells` are people per (area, area of life) and source; `leaves` are code, name, district and areas of each row. A
    neighbourhood in which one source gave most is hidden as well as a small one (R8). None is a hidden number.
    """
    counts, loud = (
        np.zeros((len(leaves), len(domains)), np.int64),
        np.zeros((len(leaves), len(domains)), bool),
    )
    for i, (_code, _name, _district, areas) in enumerate(leaves):
        for j, domain in enumerate(domains):
            given: Counter[str] = Counter()
            for area in areas:
                given.update(cells.get((area, domain), {}))
            counts[i, j], loud[i, j] = given.total(), dominance(list(given.values())) > THRESHOLDS.dominance
    districts = list(dict.fromkeys(district for _code, _name, district, _areas in leaves))
    top = len(leaves) + len(districts)
    parents = [len(leaves) + districts.index(district) for _code, _name, district, _areas in leaves]
    tree = (*parents, *(top for _ in districts), -1)
    safe = protect(
        counts,
        row_parents=tree,
        column_parents=None,
        thresholds=THRESHOLDS,
        withheld=loud,
        time_limit=_SOLVING,
    )
    heads = [(code, name, "BU") for code, name, _district, _areas in leaves]
    heads += [(district, names.get(district, district), "WK") for district in districts]
    rows = [
        {"code": code, "name": name, "level": level, "district": "", "values": list(values)}
        for (code, name, level), values in zip([*heads, ("", "", "GM")], safe.values, strict=True)
    ]
    for i, (_code, _name, district, _areas) in enumerate(leaves):
        rows[i]["district"] = district
    return rows


def reasons_not_to_leave(given: Sequence[tuple[str, date, int]]) -> list[str]:
    """Codes of the reasons why what was given (by whom, when, people) may not leave the team; none when it may."""
    by_source: Counter[str] = Counter()
    for who, _day, people in given:
        by_source[who] += people
    reasons = reasons_not_to_publish(
        people=by_source.total(), sources=len(by_source), dates=len({day for _who, day, _people in given}),
        dominance=dominance(list(by_source.values())), thresholds=THRESHOLDS,
    )  # fmt: skip
    return [str(reason) for reason in reasons]


def concentration(
    counts: Mapping[str, Sequence[int]], inhabitants: Sequence[float], *, public: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Where attention goes beside where people live (R12): per measure a number, a share and a ratio for each group.

    Numbers of people are protected (R7), and shares are made of what is left of them; `public` are measures that count
    no people. A share of fewer than a hundred, or beside fewer than a hundred inhabitants, is None.
    """
    whole = sum(inhabitants)
    live = [ratio(people, whole, thresholds=THRESHOLDS) for people in inhabitants]
    found: dict[str, Any] = {}
    for name, numbers in counts.items():
        *shown, total = [*numbers, sum(numbers)] if name in public else _protected_column(numbers)
        shares = [
            None if number is None or total is None else ratio(number, total, thresholds=THRESHOLDS)
            for number in shown
        ]
        times = [
            round(share / lives, 2)
            if share is not None and lives and people >= THRESHOLDS.ratio_denominator
            else None
            for share, lives, people in zip(shares, live, inhabitants, strict=True)
        ]
        found[name] = {"numbers": shown, "total": total, "shares": shares, "times": times}
    return {"live": live, "measures": found}


def _protected_column(numbers: Sequence[int]) -> list[int | None]:
    """The numbers and their total, as they may leave the team."""
    counts = np.array(numbers)[:, None]
    safe = protect(counts, row_parents=None, column_parents=(-1,), thresholds=THRESHOLDS, time_limit=_SOLVING)
    return [row[0] for row in safe.values]
