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
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from schakel.areas import municipality_of, subset
from schakel.detection import detect
from schakel.detection.calendar import DAYS
from schakel.detection.significance import hierarchical_q_values
from schakel.io import read_partition, read_result, to_json, write_atomically
from schakel.records import Areas, Detection, SchakelError, Settings

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


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One municipality: all that a worker needs."""

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
    sensitive: Collection[str] = frozenset(),
    labels: Mapping[str, str] | None = None,
    workers: int = 0,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> National:
    """Detect in every ``municipality=…`` folder of signals (Parquet) and write results to `out`.

    `areas` are those of the whole country, with CBS codes. `workers` 0 means one per core; `scheduler` is the
    address of a Dask cluster that sees the same files. `progress(done, total)` may raise to cancel: what is done
    stays, and the next run goes on from there. Raises SchakelError
    when there is nothing to do, or areas are missing.
    """
    started = time.perf_counter()
    tasks = _tasks(folder, areas, out, settings)
    left = [task for task in tasks if not _done(task)]
    resumed = len(tasks) - len(left)
    if progress:
        progress(resumed, len(tasks))
    if left:
        _compute(
            left,
            settings,
            frozenset(sensitive),
            dict(labels or {}),
            workers=workers,
            scheduler=scheduler,
            progress=lambda done: progress(resumed + done, len(tasks)) if progress else None,
        )
    found = _summarise(tasks, out)
    return National(out / SUMMARY, len(tasks), resumed, found, time.perf_counter() - started)


def _tasks(folder: Path, areas: Areas, out: Path, settings: Settings) -> list[_Task]:
    """Largest first, so that no core waits for a large one at the end."""
    files = sorted(folder.glob("municipality=*/*.parquet"))
    if not files:
        raise SchakelError(f"{folder} holds no municipality=…/*.parquet; expected signals by municipality.")
    members: dict[str, list[int]] = {}
    for index, code in enumerate(areas.codes):
        members.setdefault(municipality_of(code), []).append(index)
    out.mkdir(parents=True, exist_ok=True)
    tasks = []
    for file in files:
        code = file.parent.name.removeprefix("municipality=")
        if code not in members:
            raise SchakelError(
                f"{file.parent.name}: no area of it is in the areas file; expected areas of {code}."
            )
        key = _key(file, settings)
        tasks.append(_Task(code, file, subset(areas, members[code]), out / f"{code}.json", key))
    return sorted(tasks, key=lambda task: (-len(task.areas), task.code))


def _key(file: Path, settings: Settings) -> str:
    """What a result depends on: it is computed again when this changes."""
    stat = file.stat()
    text = json.dumps(
        [asdict(settings) | {"threads": 0}, stat.st_size, stat.st_mtime_ns, version("schakel")], default=str
    )
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _done(task: _Task) -> bool:
    try:
        return bool(read_result(task.result).data.get("key") == task.key)
    except SchakelError:
        return False


def _compute(
    tasks: list[_Task],
    settings: Settings,
    sensitive: frozenset[str],
    labels: dict[str, str],
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
        dashboard_address=None,
        silence_logs="CRITICAL",
    )
    with dask.Client(cluster, set_as_default=False) as client:
        futures = client.map(
            _detect_one, tasks, settings=settings, sensitive=sensitive, labels=labels, retries=3, pure=False
        )
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


def _detect_one(task: _Task, settings: Settings, sensitive: frozenset[str], labels: dict[str, str]) -> str:
    """One municipality, from file to file."""
    signals = read_partition(task.signals)
    found = _quiet(task) if signals.is_empty() else None
    if found is None:
        try:
            found = detect(signals, task.areas, settings=settings, sensitive=sensitive, labels=labels)
        except SchakelError as error:
            found = _quiet(task, settings=settings, reason=str(error))
    found.data["key"] = task.key
    found.data["municipality"] = task.code
    write_atomically(task.result, to_json(found))
    return task.code


def _quiet(
    task: _Task, *, settings: Settings | None = None, reason: str = "There are no signals."
) -> Detection:
    """A municipality whose data cannot carry a detection says so in its result; the nation goes on."""
    return Detection(
        settings or Settings(), {"areas": len(task.areas), "reason": reason}, (), version("schakel")
    )


def _summarise(tasks: list[_Task], out: Path) -> int:
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
    summary = {
        "schakel": version("schakel"),
        "municipalities": len(results),
        "looked_at": int(sum(len(family) for family in families)),
        "not_computed": skipped,
        "patterns": rows,
    }
    write_atomically(out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return len(rows)


def _brief(pattern: Any) -> dict[str, Any]:
    names = ("theme", "areas", "observed", "expected", "relative_risk", "statistic", "p_value", "explanation")
    days = {"start": pattern.start.isoformat(), "end": pattern.end.isoformat()}
    return {name: getattr(pattern, name) for name in names} | days
