"""How often comes what is called rare: by the tail of Gumbel, and by the chance that counts (docs/adr/0017).

``python -m studies.tail [replicas]``. The largest statistics of a made-up town of sixty themes where nothing is shared:
the first 999 replicas of a theme say how rare each of many others is, which come from the same null model.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from schakel.detection.significance import Rarity, q_values, rarity
from schakel.detection.study import Study, model, prepare
from schakel.records import Floats, Settings
from schakel.synthetic import Plan, municipality
from schakel.themes import load_taxonomy

FIGURES = Path(__file__).parents[1] / "docs/methods/figures/tail.json"
REPLICAS, OTHERS, LOOKS, ALPHA = 999, 90_000, 4000, 0.05
CALLED = (0.01, 0.0009, 0.0001, 0.00002)
WAYS: dict[str, Callable[[Rarity], float]] = {
    "Gumbel": lambda rare: rare.p_value_gumbel,
    "the chance that counts": lambda rare: rare.used,
}


def town() -> Study:
    """Two years of signals on every theme, nothing planted."""
    made = municipality(Plan(areas=60, signals=20_000.0, weeks=104, text=False, seed=4))
    sensitive = load_taxonomy().sensitive_names
    kept = made.signals.filter(~made.signals["theme"].is_in(list(sensitive)))
    settings = replace(Settings(), replicas=REPLICAS, threads=1)
    return prepare(kept, made.areas, settings=settings, population=None, expected=None)[0]


def maxima(study: Study, k: int, others: int) -> Floats:
    """(REPLICAS + others,) largest statistics of the replicas of one theme."""
    null = model(study, k)
    zones, size = study.zones_of(null), 1024
    return np.concatenate(
        [
            null.maxima(zones, study.windows, study.settings, first=first, count=size)
            for first in range(0, REPLICAS + others, size)
        ]
    )[: REPLICAS + others]


def how_often(drawn: Floats, way: Callable[[Rarity], float]) -> Floats:
    """(len(CALLED),) how many times as often as it is called each rarity comes among the others."""
    reference, others = drawn[:REPLICAS], drawn[REPLICAS:]
    largest = np.sort(others)[-max(100, len(others) // 20) :]
    called = np.array([way(rarity(statistic, reference)) for statistic in largest])
    return np.array([(called <= p).sum() / len(others) / p for p in CALLED])


def false_alarms(drawn: list[Floats], way: Callable[[Rarity], float]) -> float:
    """The share of looks at all themes together in which one has a q-value of at most ALPHA."""
    rng = np.random.default_rng(17)
    alarms = 0
    for _ in range(LOOKS):
        p_values = []
        for every in drawn:
            at = rng.choice(len(every), REPLICAS + 1, replace=False, shuffle=False)
            p_values.append(way(rarity(float(every[at[0]]), every[at[1:]])))
        alarms += bool((q_values(np.array(p_values)) <= ALPHA).any())
    return alarms / LOOKS


def main() -> None:
    """Run the study and keep its figures."""
    others = int(sys.argv[1]) if len(sys.argv) > 1 else OTHERS
    study = town()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = list(pool.map(lambda k: maxima(study, k, others), range(len(study.cube.themes))))
    rows = []
    for name, way in WAYS.items():
        often = np.array([how_often(every, way) for every in drawn])
        rows.append(
            [
                name,
                *(f"{often[:, i].mean():.2f} ({often[:, i].max():.1f})" for i in range(len(CALLED))),
                f"{false_alarms(drawn, way):.3f}",
            ]
        )
        print(*rows[-1], sep="\t", flush=True)
    figures = {
        "title": "What is called rare",
        "command": f"python -m studies.tail {others}",
        "tables": [
            {
                "caption": f"How many times as often as it is called a rarity comes: the mean of {len(drawn)} themes "
                f"(the worst of them), {others:,} replicas each",
                "columns": ["called by", *(f"{p:.5f}".rstrip("0") for p in CALLED), "false alarms per look"],
                "rows": rows,
            }
        ],
        "notes": [
            f"A false alarm is a look at all themes of a town in which one has a q-value of at most {ALPHA}, over "
            f"{LOOKS:,} looks."
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
