"""The search for patterns over all signals, as the worker does it: seconds and memory of each part."""

from __future__ import annotations

import resource
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from schakel.records import Settings
from schakel_web.config import settings as configured
from schakel_web.network.tasks import areas_now
from schakel_web.privacy import retention
from schakel_web.questions import runs, tasks
from schakel_web.questions.models import Run


def search(*, days_ago: int) -> Run:
    """One search up to a day, from asking to keeping."""
    settings = Settings(end=timezone.localdate() - timedelta(days=days_ago), seed=configured.DETECTION_SEED)
    run = runs.ask(parameters=tasks.parameters_of(settings), by=None)
    tasks.search.func(run.pk, run.attempt)
    run.refresh_from_db()
    if run.state != "done":
        raise SystemExit(f"The search ended as '{run.state}': {run.message}")
    return run


def measured(size: int) -> list[list[Any]]:
    """Per part: what, signals, seconds, MiB that the process had at most until then."""
    rows = []

    def timed(what: str, begin: float) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append([what, f"{size:,}", round(time.perf_counter() - begin, 2), round(peak)])

    begin = time.perf_counter()
    places = areas_now()
    timed("areas with borders", begin)
    begin = time.perf_counter()
    frame = tasks.frame(timezone.now(), places.codes)
    timed(f"signals out of the database ({frame.height:,} rows)", begin)
    del frame
    begin = time.perf_counter()
    run = search(days_ago=0)
    timed(f"a whole search, from asking to keeping ({run.sightings.count()} patterns)", begin)
    begin = time.perf_counter()
    due = retention.due()
    timed(f"what is over time ({sum(each.number for each in due):,} rows)", begin)
    return rows
