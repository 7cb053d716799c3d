"""Looking for patterns in the background: signals → frame → library → an action that keeps the result (DESIGN §4)."""

from __future__ import annotations

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

from schakel.detection import detect
from schakel.io import pattern_of
from schakel.records import SIGNAL_COLUMNS, Areas, Detection, Pattern, SchakelError, Settings
from schakel.report import fragment
from schakel_web.network.models import Area, Figure
from schakel_web.questions import runs
from schakel_web.questions.models import Run, RunState, Sighting
from schakel_web.signals.models import Signal
from schakel_web.signals.tasks import taxonomy

_CHUNK = 50_000
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


def areas_now() -> Areas:
    """The neighbourhoods in use, with borders and inhabitants."""
    rows = list(Area.objects.neighbourhoods().filter(x__isnull=False).order_by("code"))
    place = {area.pk: i for i, area in enumerate(rows)}
    links: list[set[int]] = [set() for _ in rows]
    for one, other in Area.neighbours.through.objects.filter(from_area__in=place).values_list(
        "from_area", "to_area"
    ):
        if other in place:
            links[place[one]].add(place[other])
    people = dict(
        Figure.objects.filter(area__in=place, indicator="inwoners")
        .order_by("year")
        .values_list("area", "value")
    )
    return Areas(
        codes=tuple(area.code for area in rows),
        coordinates=np.array([(area.x, area.y) for area in rows], float).reshape(-1, 2),
        metric="plane",
        population=np.array([np.nan if people.get(a.pk) is None else people[a.pk] for a in rows], float),
        names=tuple(area.name for area in rows),
        polygons=tuple(_polygon(area.shape or []) for area in rows) if all(a.shape for a in rows) else (),
        neighbours=tuple(tuple(sorted(each)) for each in links),
    )


def _polygon(rings: list[list[list[int]]]) -> Any:
    import shapely  # noqa: PLC0415  only where maps are drawn

    return shapely.make_valid(shapely.union_all([shapely.Polygon(ring) for ring in rings if len(ring) > 3]))


def frame(cutoff: datetime, codes: tuple[str, ...]) -> pl.DataFrame:
    """The signals that count, given up to a moment: one row per signal and theme, without text."""
    rows = (
        Signal.objects.counting()
        .filter(created__lte=cutoff, area__code__in=codes, area__current=True, themes__isnull=False)
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
    held = runs.begin(number=run, attempt=attempt)
    if held is None:
        return
    try:
        found, previous = _detected(held)
    except StoppedError:
        runs.stopped(number=run, attempt=attempt)
    except SchakelError as error:
        runs.failed(number=run, attempt=attempt, message=str(error))
    except Exception as error:
        runs.failed(number=run, attempt=attempt, message=type(error).__name__)
        raise
    else:
        runs.keep(number=run, attempt=attempt, detection=found, previous=previous)


def _detected(run: Run) -> tuple[Detection, dict[str, int]]:
    places = areas_now()
    if not len(places):
        raise SchakelError("There are no neighbourhoods yet; expected a division that was read in.")
    signals = frame(run.cutoff, places.codes)
    if signals.is_empty():
        raise SchakelError("There are no signals yet.")
    known = {sighting.evidence["identifier"]: sighting for sighting in _previous(run)}
    last = timezone.now()

    def beat(done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if now - last < _BEAT and done < total:
            return
        last = now
        if not runs.beat(number=run.pk, attempt=run.attempt, done=done, total=total):
            raise StoppedError

    found = detect(
        signals,
        places,
        settings=settings_of(run.parameters),
        previous=[pattern_of(sighting.evidence) for sighting in known.values()],
        sensitive=taxonomy().sensitive,
        labels={theme.id: theme.nl for theme in taxonomy().themes},
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
    """Map, timeline and evidence of one sighting, in Dutch; the same until there is another division."""
    division = Area.objects.neighbourhoods().aggregate(number=Count("pk"), newest=Max("pk"))
    key = f"drawn:{sighting.pk}:{division['number']}:{division['newest']}"
    known: str | None = cache.get(key)
    if known is None:
        known = str(_drawn(sighting))
        cache.set(key, known, _KEPT)
    return Markup(known)  # made by the library's own templates, which escape


def _drawn(sighting: Sighting) -> Markup:
    pattern: Pattern = pattern_of(sighting.evidence)
    found = Detection(
        settings_of(sighting.run.parameters), sighting.run.data, (pattern,), sighting.run.version
    )
    names = {theme.id: theme.nl for theme in taxonomy().themes}
    return fragment(found, areas_now(), theme_names=names, heading=False)
