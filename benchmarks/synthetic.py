"""Speed, memory and faithfulness of made-up municipalities: ``python -m benchmarks.synthetic``.

Writes ``docs/methods/figures/synthetic.json``. ``--signals`` makes the country smaller for a quick look.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from schakel.synthetic import Plan, country, counts, municipality, write_country

FIGURES = Path(__file__).resolve().parents[1] / "docs" / "methods" / "figures" / "synthetic.json"
SETTING = Plan(areas=100, weeks=260, signals=2000.0, planted=1, planted_areas=6, planted_weeks=4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=float, default=1e7, help="expected mentions in the whole country")
    parser.add_argument(
        "--municipalities", type=int, default=1000, help="count-only municipalities per setting"
    )
    asked = parser.parse_args()
    faithful = faithfulness(asked.municipalities)
    figures = {
        "title": "Synthetic municipalities",
        "command": "python -m benchmarks.synthetic",
        "tables": [faithful, speed(asked.signals, asked.municipalities)],
        "notes": [
            "Counts of 100 areas × 260 weeks, one theme, 2,000 expected signals, season, growth and holidays; one "
            "question planted in 6 areas × 4 weeks at risk ratio 4.",
            "Variance/mean is that of the usual total over the municipalities: NB1 keeps it under summation.",
        ],
    }
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(FIGURES.read_text("utf-8"))


def faithfulness(number: int) -> dict[str, object]:
    """Planned and found mean, variance/mean and planted excess, over many municipalities on their own maps."""
    rows = []
    for overdispersion in (1.0, 1.3, 2.0):
        totals, expected, observed = np.zeros(number), np.zeros(number), np.zeros(number)
        for seed in range(number):
            made = counts(replace(SETTING, overdispersion=overdispersion, seed=seed))
            expected[seed] = made.planted[0].expected_extra
            observed[seed] = made.planted[0].observed_extra
            totals[seed] = made.counts.sum() - observed[seed]
        rows.append(
            [
                overdispersion,
                round(float(totals.mean()), 1),
                round(float(totals.var(ddof=1) / totals.mean()), 3),
                round(float(expected.mean()), 2),
                round(float(observed.mean()), 2),
            ]
        )
    return {
        "caption": f"Planned and found, {number} municipalities per row (planned mean 2,000)",
        "columns": ["planned variance/mean", "mean", "variance/mean", "planned excess", "planted excess"],
        "rows": rows,
    }


def speed(signals: float, number: int) -> dict[str, object]:
    """Seconds for the three things that are made up, and the peak memory of the process after each."""
    fixed = [replace(SETTING, seed=seed, geometry_seed=1) for seed in range(number)]
    fresh = [replace(SETTING, seed=seed) for seed in range(number)]
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            timed(
                f"{number} municipalities of counts on one map", lambda: deque(map(counts, fixed), maxlen=0)
            ),
            timed(
                f"{number} municipalities of counts, each on its own map",
                lambda: deque(map(counts, fresh), maxlen=0),
            ),
            timed(
                "one municipality: 100 areas, 10,000 signals with text",
                lambda: municipality(Plan(signals=1e4)),
            ),
            timed(
                f"the country: 14,574 areas, {signals:,.0f} mentions of 60 themes, as Parquet",
                lambda: write_country(country(Plan(signals=signals, text=False, planted=1)), Path(folder)),
            ),
        ]
    return {"caption": "Speed and memory", "columns": ["what", "seconds", "peak MiB"], "rows": rows}


def timed(what: str, make: Callable[[], object]) -> list[object]:
    start = time.perf_counter()
    make()
    seconds = time.perf_counter() - start
    return [what, round(seconds, 2), round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)]


if __name__ == "__main__":
    main()
