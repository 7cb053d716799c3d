"""How long ten million signals take to read and check, and how much memory that takes.

Usage: ``python -m benchmarks.io [ROWS]``. The files are made in a temporary folder; every case reads in a process of
its own, so that its peak of memory is its own. Budgets: 40 s and 4 GiB a case.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl

from schakel.io import read_areas, read_signals

ROWS = 10_000_000
AREAS = 14_000
THEMES = 60


def make(folder: Path, rows: int) -> None:
    """Areas, and signals as CSV and Parquet: five years, a third of the rows about several people."""
    rng = np.random.default_rng(1)
    codes = pl.Series("area", [f"BU{number:08d}" for number in range(AREAS)])
    places = {"lon": rng.uniform(3.5, 7, AREAS), "lat": rng.uniform(50.8, 53.4, AREAS)}
    pl.DataFrame({"area": codes, **places}).write_csv(folder / "areas.csv")
    days = pl.date_range(date(2019, 1, 1), date(2023, 12, 31), eager=True)
    sources = pl.Series(["case_contact", "street", "partner", None])
    signals = pl.DataFrame(
        {
            "date": days.gather(rng.integers(0, len(days), rows)),
            "area": codes.gather(rng.integers(0, AREAS, rows)),
            "theme": pl.Series([f"theme_{k}" for k in range(THEMES)]).gather(rng.integers(0, THEMES, rows)),
            "people": np.maximum(1, rng.integers(-3, 5, rows)),
            "source": sources.gather(rng.integers(0, 4, rows)),
            "reporter": pl.Series([f"p{k}" for k in range(500)]).gather(rng.integers(0, 500, rows)),
        }
    )
    signals.write_parquet(folder / "signals.parquet")
    signals.write_csv(folder / "signals.csv")


def measure(folder: Path, name: str) -> None:
    places = read_areas(folder / "areas.csv")
    start = perf_counter()
    read = read_signals(folder / name, areas=places, today=date(2024, 1, 1))
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = (folder / name).stat().st_size / 2**20
    print(
        f"{name} ({size:.0f} MiB): {len(read.frame):,} rows in {seconds:.1f} s, peak {peak:.2f} GiB",
        flush=True,
    )


def main(rows: int = ROWS) -> None:
    with TemporaryDirectory() as name:
        make(Path(name), rows)
        for file in ("signals.parquet", "signals.csv"):
            subprocess.run([sys.executable, "-m", "benchmarks.io", name, file], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(Path(sys.argv[1]), sys.argv[2])
    else:
        main(*(int(argument) for argument in sys.argv[1:]))
