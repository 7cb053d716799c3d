"""Detection over all municipalities: the same code, side by side on cores or on a cluster, through Dask.

Every municipality is one task and one result file, written whole or not at all. So a worker that dies costs one
municipality (Dask gives it to another), and a run that is stopped goes on where it was. Afterwards the patterns are
compared over the nation: first which municipalities have anything, then what within them.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import numpy as np

from schakel.areas import municipality_of, subset
from schakel.detection import NothingCanBeShownWarning, detect
from schakel.detection.calendar import DAYS
from schakel.detection.significance import hierarchical_q_values
from schakel.io import read_partition, read_result, to_json, write_atomically
from schakel.records import Areas, Detection, Fault, InputFaultsError, SchakelError, Settings

Progress = Callable[[int, int], None]

SUMMARY = "nation.json"


@dataclass(frozen=True, slots=True)
class National:
    """A finished run: where its summary is, how many municipalities it covers and how many were done before."""

    summary: Path
    municipalities: int
    resumed: int
    patterns: int
    seconds: float
    not_computed: tuple[str, ...] = ()  # municipalities whose data cannot be used, with the reason
    faults: tuple[Fault, ...] = ()  # all of them, of the municipalities whose signals are faulty
    nothing_can_be_shown: tuple[str, ...] = ()  # municipalities without enough sources for any pattern (R6)


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One municipality: all that a worker needs. `signals` is a folder of Parquet files."""

    code: str
    signals: Path
    areas: Areas
    result: Path
    key: str


def run(
    folder: Path,
    areas: Areas,
    *,
    out: Path,
    settings: Settings,
    today: date,
    sensitive: Collection[str],
    labels: Mapping[str, tuple[str, str]] | None = None,
    workers: int = 0,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> National:
    """Detect in every ``municipality=…`` folder of signals (Parquet) and write results to `out`.

    A municipality with faulty signals, such as a date after `today`, is not computed and says why; the nation goes on.
    `areas` are those of the whole country, with CBS codes. `workers` 0 means one per core; `scheduler` is the
    address of a Dask cluster that sees the same files. `progress(done, total)` may raise to cancel: what is done
    stays, and the next run goes on from there. Raises SchakelError
    when there is nothing to do, or areas are missing.
    """
    started = time.perf_counter()
    tasks = _tasks(folder, areas, out, settings, sorted(sensitive))
    left = [task for task in tasks if not _done(task)]
    resumed = len(tasks) - len(left)
    if progress:
        progress(resumed, len(tasks))
    if left:
        _compute(
            left,
            {
                "settings": settings,
                "today": today,
                "sensitive": frozenset(sensitive),
                "labels": dict(labels or {}),
            },
            workers=workers,
            scheduler=scheduler,
            progress=lambda done: progress(resumed + done, len(tasks)) if progress else None,
        )
    done = _summarise(tasks, out, resumed=resumed, seconds=0.0)
    return replace(done, seconds=time.perf_counter() - started)


def _tasks(folder: Path, areas: Areas, out: Path, settings: Settings, sensitive: list[str]) -> list[_Task]:
    """Largest first, so that no core waits for a large one at the end."""
    folders = sorted({file.parent for file in folder.glob("municipality=*/*.parquet")})
    if not folders:
        raise SchakelError(f"{folder} holds no municipality=…/*.parquet; expected signals by municipality.")
    members: dict[str, list[int]] = {}
    for index, code in enumerate(areas.codes):
        members.setdefault(municipality_of(code), []).append(index)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchakelError(f"{out} cannot be a folder of results: {error.strerror}.") from error
    tasks = []
    for place in folders:
        code = place.name.removeprefix("municipality=")
        if code not in members:
            raise SchakelError(f"{place.name}: no area of it is in the areas file; expected areas of {code}.")
        own = subset(areas, members[code])
        key = _key(place, own, settings, sensitive)
        tasks.append(_Task(code, place, own, out / f"{code}.json", key))
    return sorted(tasks, key=lambda task: (-len(task.areas), task.code))


def _key(place: Path, areas: Areas, settings: Settings, sensitive: list[str]) -> str:
    """What a result depends on: it is computed again when this changes."""
    files = [(file.name, file.stat()) for file in sorted(place.glob("*.parquet"))]
    signals = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in files]
    ground = [areas.codes, areas.coordinates.tolist(), areas.population.tolist(), areas.neighbours]
    choices = asdict(settings) | {"threads": 0}
    text = json.dumps([choices, sensitive, signals, ground, version("schakel")], default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _done(task: _Task) -> bool:
    try:
        return bool(read_result(task.result).data.get("key") == task.key)
    except SchakelError:
        return False


def _compute(
    tasks: list[_Task],
    choices: dict[str, Any],
    *,
    workers: int,
    scheduler: str | None,
    progress: Callable[[int], Any],
) -> None:
    try:
        import distributed  # noqa: PLC0415  an extra
    except ImportError as error:
        raise SchakelError(
            "The national run needs Dask; install it with: pip install 'schakel[national]'."
        ) from error
    dask: Any = distributed
    cluster: Any = scheduler or dask.LocalCluster(
        n_workers=workers or os.cpu_count() or 1,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",  # any free port, and only for this machine
        silence_logs="CRITICAL",
        env={"POLARS_MAX_THREADS": "1"},  # a worker is one core
    )
    with dask.Client(cluster, set_as_default=False) as client:
        futures = client.map(_detect_one, tasks, **choices, retries=3, pure=False)
        try:
            for done, future in enumerate(dask.as_completed(futures, loop=client.loop), start=1):
                future.result()
                progress(done)
        except BaseException:
            client.cancel(futures)
            raise
        finally:
            if scheduler is None:
                cluster.close()


def _detect_one(
    task: _Task,
    settings: Settings,
    today: date,
    sensitive: frozenset[str],
    labels: dict[str, tuple[str, str]],
) -> str:
    """One municipality, from file to file."""
    signals = None
    try:
        signals = read_partition(task.signals, areas=task.areas, today=today)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NothingCanBeShownWarning)  # the summary counts them
            found = detect(signals, task.areas, settings=settings, sensitive=sensitive, labels=labels)
    except SchakelError as error:
        found = _quiet(task, settings, error, faulty=signals is None)
    found.data["key"] = task.key
    found.data["municipality"] = task.code
    write_atomically(task.result, to_json(found))
    return task.code


def _quiet(task: _Task, settings: Settings, error: SchakelError, *, faulty: bool) -> Detection:
    """A municipality whose data are faulty, or cannot carry a detection, says so; the nation goes on."""
    faults = error.faults if isinstance(error, InputFaultsError) else ()
    faults = faults or ((Fault(task.signals.name, None, None, None, str(error)),) if faulty else ())
    data = {"areas": len(task.areas), "reason": str(error), "faults": [asdict(fault) for fault in faults]}
    return Detection(settings, data, (), version("schakel"))


def _summarise(tasks: list[_Task], out: Path, **run: Any) -> National:
    """Compare over the nation, and write every pattern that stands out, strongest first."""
    results = [(task.code, read_result(task.result)) for task in sorted(tasks, key=lambda task: task.code)]
    families = [
        np.array([DAYS[result.settings.period] / pattern.recurrence_days for pattern in result.patterns])
        for _, result in results
    ]
    rows = []
    for (code, result), q_values in zip(results, hierarchical_q_values(families), strict=True):
        for pattern, q in zip(result.patterns, q_values, strict=True):
            if q <= result.settings.alpha and set(pattern.withheld) <= {"chance"}:
                rows.append({"municipality": code, "national_q_value": float(q), **_brief(pattern)})
    rows.sort(key=lambda row: (row["national_q_value"], -row["statistic"]))
    skipped = {code: result.data["reason"] for code, result in results if "reason" in result.data}
    faults = tuple(
        Fault(**{**fault, "file": f"{code}, {fault['file']}"})
        for code, result in results
        for fault in cast("list[dict[str, Any]]", result.data.get("faults", []))
    )
    unseen = tuple(code for code, result in results if result.data.get("nothing_can_be_shown"))
    summary = {
        "schakel": version("schakel"),
        "municipalities": len(results),
        "looked_at": int(sum(len(family) for family in families)),
        "not_computed": skipped,
        "faults": [str(fault) for fault in faults],
        "nothing_can_be_shown": unseen,
        "patterns": rows,
    }
    write_atomically(out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return National(
        out / SUMMARY, len(tasks), patterns=len(rows), faults=faults, nothing_can_be_shown=unseen, **run,
        not_computed=tuple(f"{code}: {reason}" for code, reason in skipped.items()),
    )  # fmt: skip


def _brief(pattern: Any) -> dict[str, Any]:
    names = ("theme", "areas", "observed", "expected", "relative_risk", "statistic", "p_value", "explanation")
    days = {"start": pattern.start.isoformat(), "end": pattern.end.isoformat()}
    return {name: getattr(pattern, name) for name in names} | days
