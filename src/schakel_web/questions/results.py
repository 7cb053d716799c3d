"""What a worker does to a run: begun, alive, stopped, kept. A result is kept whole or not at all."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schakel.io import plain_pattern
from schakel.records import Detection
from schakel.records import Pattern as Found
from schakel_web.audit.chain import record
from schakel_web.network.models import Area
from schakel_web.questions import actions
from schakel_web.questions.models import Pattern, PatternState, Run, RunState, Sighting
from schakel_web.signals.models import Signal


def begin(*, number: int, attempt: int) -> Run | None:
    """The run, if this attempt is the one that may do it."""
    done = Run.objects.filter(pk=number, attempt=attempt, state=RunState.WAITING).update(
        state=RunState.RUNNING, started=timezone.now(), alive=timezone.now(), done=0, total=0
    )
    return Run.objects.get(pk=number) if done else None


def beat(*, number: int, attempt: int, done: int, total: int) -> bool:
    """A sign of life with progress; False when somebody asked to stop or another attempt took over."""
    return bool(
        Run.objects.filter(pk=number, attempt=attempt, state=RunState.RUNNING, cancel=False).update(
            alive=timezone.now(), done=done, total=total
        )
    )


def stopped(*, number: int, attempt: int) -> None:
    """It was stopped, and nothing was kept."""
    Run.objects.filter(pk=number, attempt=attempt).update(state=RunState.CANCELLED, finished=timezone.now())


def failed(*, number: int, attempt: int, message: str) -> None:
    """It failed, and nothing was kept."""
    Run.objects.filter(pk=number, attempt=attempt).update(
        state=RunState.FAILED, finished=timezone.now(), message=message[:300]
    )


def digest_of(detection: Detection) -> str:
    """Of everything that was found, so that a repeated run can be compared to the bit."""
    plain = [plain_pattern(pattern) for pattern in detection.patterns]
    for each in plain:
        each.pop("continues")
    text = json.dumps([plain, {k: v for k, v in detection.data.items() if k != "notes"}], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def keep(*, number: int, attempt: int, detection: Detection, previous: dict[str, int]) -> None:
    """Keep a finished run in one transaction. A repeated run keeps only what to compare it by.

    A pattern that continues one of the run before is the same pattern (`previous`: identifier → number), grown or
    shrunk. Patterns that were seen before and not now have ended.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update(no_key=True).get(pk=number)
        if run.attempt != attempt or run.state != RunState.RUNNING:
            return
        run.state, run.finished, run.version = RunState.DONE, timezone.now(), detection.version
        run.data, run.digest = dict(detection.data), digest_of(detection)
        run.save()
        if run.again_id is None:
            _keep_patterns(run, detection, previous)
            Signal.objects.counting().filter(since__lte=run.cutoff, counted=None).update(
                counted=timezone.now()
            )
        record(
            action="questions.keep_run", subject=run, by=None, role="system", patterns=len(detection.patterns)
        )


def _keep_patterns(run: Run, detection: Detection, previous: dict[str, int]) -> None:
    areas = dict(Area.objects.neighbourhoods().values_list("code", "pk"))
    seen: set[int] = set()
    for found in detection.patterns:
        if found.withheld and "chance" in found.withheld:
            continue  # not even a suggestion: only what is rarer than chance is kept
        earlier = previous.get(found.continues or "")
        pattern = Pattern.objects.filter(pk=earlier).first() if earlier and earlier not in seen else None
        seen.add(_sighted(run, found, pattern or Pattern(theme=found.theme, first=found.start), areas).pk)
    gone = Pattern.objects.filter(state=PatternState.OPEN).exclude(pk__in=seen)
    gone.update(state=PatternState.ENDED, version=F("version") + 1)


def _sighted(run: Run, found: Found, pattern: Pattern, areas: dict[str, int]) -> Pattern:
    pattern.first = min(pattern.first, found.start)
    pattern.last, pattern.shown = found.end, not found.withheld
    if pattern.state == PatternState.ENDED:
        pattern.state = PatternState.OPEN
    pattern.save()
    numbers = [areas[code] for code in found.areas if code in areas]
    sighting = Sighting(
        pattern=pattern,
        run=run,
        start=found.start,
        end=found.end,
        observed=found.observed,
        expected=found.expected,
        statistic=found.statistic,
        p_value=found.p_value,
        q_value=found.q_value,
        people=found.people,
        sources=found.sources,
        dates=found.dates,
        dominance=found.dominance,
        withheld=list(found.withheld),
        evidence=plain_pattern(found),
    )
    sighting.save()
    sighting.areas.set(numbers)
    pattern.areas.set(numbers)
    pattern.latest = sighting
    pattern.save(update_fields=["latest"])
    for question in pattern.questions.going():  # who signals later about the same hears of it as well (R13)
        actions.link(question, actions.signals_of(pattern))
    return pattern
