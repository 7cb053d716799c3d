"""How long detection takes and how much memory it needs: ``python -m benchmarks.detection``.

Each case runs in a process of its own, compiled code loaded from the cache, and prints its median of five runs. The
figures of one run are meant to be compared with each other: machines differ.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from schakel.detection import detect
from schakel.detection.scan import NullCache
from schakel.records import SIGNAL_COLUMNS, Areas, Settings

FIGURES = Path(__file__).parents[1] / "docs/methods/figures/detection_speed.json"
SETTINGS = Settings(neighbours=40, windows=(1, 2, 3, 4, 5, 6, 7), replicas=999)
RUNS = 5


def write(folder: Path, *, areas: int = 300, themes: int = 60, per_theme: int = 2000) -> None:
    """A municipality of five years of weeks, as Parquet: written by a process that is not measured."""
    rng = np.random.default_rng(3)
    people = rng.integers(200, 3000, areas)
    size = per_theme * themes
    where = rng.choice(areas, size, p=people / people.sum())
    places = {
        "area": [f"a{i:05d}" for i in range(areas)],
        "x": rng.random(areas) * 8000,
        "y": rng.random(areas) * 8000,
        "population": people,
    }
    pl.DataFrame(places).write_parquet(folder / "areas.parquet")
    days = pl.Series(rng.integers(0, 260 * 7, size)).cast(pl.Int32).cast(pl.Date) + timedelta(days=18_631)
    rows = {
        "signal": np.arange(size),
        "date": days,
        "area": np.array(places["area"])[where],
        "theme": np.array([f"t{k:02d}" for k in range(themes)])[rng.integers(0, themes, size)],
        "people": np.where(rng.random(size) < 0.1, 3, 1),
        "source": np.array(["case_contact", "street", "partner"])[rng.integers(0, 3, size)],
        "reporter": np.array([f"p{k}" for k in range(8)])[rng.integers(0, 8, size)],
        "text": pl.Series([None] * size, dtype=pl.String),
    }
    frame = pl.DataFrame(rows).select(pl.col(name).cast(kind) for name, kind in SIGNAL_COLUMNS.items())
    frame.write_parquet(folder / "signals.parquet")


def read(folder: Path) -> tuple[pl.DataFrame, Areas]:
    """The municipality that `write` wrote."""
    places = pl.read_parquet(folder / "areas.parquet")
    points = places.select("x", "y").to_numpy()
    areas = Areas(tuple(places["area"]), points, "plane", places["population"].to_numpy().astype(float))
    return pl.read_parquet(folder / "signals.parquet"), areas


def municipality(folder: Path) -> Callable[[], object]:
    """All themes of a municipality."""
    signals, areas = read(folder)
    return lambda: detect(signals, areas, settings=SETTINGS, sensitive=())


def one_theme(folder: Path) -> Callable[[], object]:
    """One theme of it, replicas drawn anew."""
    signals, areas = read(folder)
    chosen = signals.filter(pl.col("theme") == "t00")
    return lambda: detect(chosen, areas, settings=SETTINGS, sensitive=())


def one_theme_cached(folder: Path) -> Callable[[], object]:
    """One theme of it, with the replicas' maxima of an earlier run."""
    signals, areas = read(folder)
    chosen = signals.filter(pl.col("theme") == "t00")
    cache: NullCache = {}
    return lambda: detect(chosen, areas, settings=SETTINGS, sensitive=(), cache=cache)


def one_thread(folder: Path) -> Callable[[], object]:
    """All themes on one thread, for the ratio."""
    signals, areas = read(folder)
    return lambda: detect(signals, areas, settings=replace(SETTINGS, threads=1), sensitive=())


CASES = {case.__name__: case for case in (municipality, one_thread, one_theme, one_theme_cached)}


def measure(name: str, folder: Path) -> dict[str, float]:
    """Median seconds of one case, and the peak memory of a process that does it once."""
    work = CASES[name](folder)
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return {"seconds": statistics.median(seconds), "mebibytes": peak}


def measured_in(folder: str, case: str) -> dict[str, float]:
    """One case in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.detection", case, folder]
    found: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    return found


def main() -> None:
    """Measure every case in a process of its own and keep the figures."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
        return
    with tempfile.TemporaryDirectory() as name:
        writer = f"from pathlib import Path; from benchmarks.detection import write; write(Path({name!r}))"
        subprocess.run([sys.executable, "-c", writer], check=True)
        measured_in(
            name, "municipality"
        )  # compiles what was not in the cache yet, which takes time and memory
        found = {case: measured_in(name, case) for case in CASES}
    whole = found["municipality"]["seconds"]
    rows = [
        [
            str(CASES[case].__doc__),
            f"{f['seconds']:.3f}",
            f"{f['seconds'] / whole:.3f}",
            f"{f['mebibytes']:.0f}",
        ]
        for case, f in found.items()
    ]
    figures = {
        "title": "Detection: speed",
        "command": "python -m benchmarks.detection",
        "tables": [
            {
                "caption": f"300 areas, 60 themes, five years of weeks, 40 neighbours, 7 windows, 999 overdispersed "
                f"replicas ({date.today()}, two cores)",  # noqa: DTZ011
                "columns": ["what", "seconds (median)", "ratio", "peak memory of one run (MiB)"],
                "rows": rows,
            }
        ],
        "notes": [],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
