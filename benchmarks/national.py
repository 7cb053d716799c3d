"""How long a national run takes, how much memory, and what a second worker gains: ``python -m benchmarks.national``.

A made-up country (14,500 areas, 60 themes, ten million signals in five years) is written as Parquet and detected in
with one worker and with two, and every second municipality of it with one, each run a command of its own. Memory is the
peak of all its processes together.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import psutil

from schakel.io import read_areas, read_partition
from schakel.synthetic import Plan, country, write_country

FIGURES = Path(__file__).parents[1] / "docs/methods/figures/national.json"
SIGNALS = 10_000_000.0
TODAY = datetime.now(UTC).date()


def run(signals: Path, areas: Path, workers: int) -> tuple[float, float]:
    """Seconds and MiB of one national run, from the command to its summary."""
    with tempfile.TemporaryDirectory() as out:
        command = ["national", str(signals), "--areas", str(areas)]
        started = time.perf_counter()
        process = psutil.Popen(
            [
                str(Path(sys.executable).with_name("schakel")),
                *command,
                "--out",
                out,
                "--workers",
                str(workers),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak = 0.0
        watched = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not watched.wait(0.5):
                peak = max(peak, _memory(process))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        seconds = time.perf_counter() - started
        watched.set()
        watcher.join()
        if code:
            raise SystemExit(f"The national run ended with {code}.")
        return seconds, peak / 2**20


def _memory(process: psutil.Process) -> float:
    """Bytes of a process and all below it; what they share counts once (proportional set size)."""
    total = 0.0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_full_info().pss
    except psutil.NoSuchProcess:
        pass  # one of them ended meanwhile: the next look is complete
    return total


def reading(folder: Path) -> float:
    """Seconds to read and check all municipalities one after another."""
    areas = read_areas(folder / "areas.csv")
    started = time.perf_counter()
    for place in sorted((folder / "signals").iterdir()):
        read_partition(place, areas=areas, today=TODAY)
    return time.perf_counter() - started


def half(folder: Path) -> tuple[Path, Path]:
    """Signals and areas of every second municipality."""
    kept = sorted((folder / "signals").iterdir())[::2]
    signals, areas = folder / "half", folder / "half.csv"
    signals.mkdir()
    for place in kept:
        (signals / place.name).symlink_to(place)
    every = pl.read_csv(folder / "areas.csv", infer_schema=False)
    codes = [place.name.removeprefix("municipality=").removeprefix("GM") for place in kept]
    every.filter(pl.col("area").str.slice(2, 4).is_in(codes)).write_csv(areas)
    return signals, areas


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = Plan(
            areas=100, signals=SIGNALS, weeks=260, start=date(2021, 11, 1), planted=3, text=False, seed=7
        )
        made = write_country(country(plan), folder)
        people = pl.scan_parquet(folder / "signals/**/*.parquet").select(pl.col("people").sum()).collect()
        read = reading(folder)
        whole = folder / "signals", folder / "areas.csv"
        part = half(folder)
        rows = []
        for signals, areas, workers in ((*part, 1), (*whole, 1), (*whole, 2)):
            number = pl.scan_csv(areas).select(pl.len()).collect().item()
            seconds, memory = run(signals, areas, workers)
            rows.append((number, workers, seconds, memory))
            print(f"{number:,} areas, {workers} worker(s): {seconds:.1f} s, {memory:.0f} MiB", flush=True)
    everything, _, one, _ = rows[1]
    figures = {
        "title": "The whole country: speed",
        "command": "python -m benchmarks.national",
        "tables": [
            {
                "caption": (
                    f"{made.municipalities} municipalities, {made.areas:,} areas, {made.signals:,} signals about "
                    f"{int(people.item()):,} people in five years of weeks, 50 neighbours, at most 999 overdispersed "
                    f"replicas ({TODAY}, two cores)"
                ),
                "columns": ["areas", "workers", "seconds", "ratio", "efficiency", "peak memory (MiB)"],
                "rows": [
                    [
                        f"{n:,}",
                        str(w),
                        f"{s:.1f}",
                        f"{s / one:.3f}",
                        f"{one * n / everything / s / w:.2f}",
                        f"{m:.0f}",
                    ]
                    for n, w, s, m in rows
                ],
            }
        ],
        "notes": [
            "Efficiency is the time one worker needs for as many areas, divided by the time of all workers together.",
            f"Starting the workers and reading are included; reading all files alone, on one core, takes {read:.1f} s.",
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
