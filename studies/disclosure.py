"""Measure protected tables: how long, how many cells hidden, and how often an attacker gets through (R7).

``python -m studies.disclosure``. Counts are negative binomial with rows of very different size, as neighbourhoods are.
The attacker is the one of the tests: his own linear programs over the leaf counts, and on the small tables also with
whole numbers only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from tests.library.disclosure_attacker import Attacker, Tree

from schakel.disclosure import Thresholds
from schakel.disclosure.tables import ProtectedTable, protect
from schakel.records import Ints

FIGURES = Path(__file__).resolve().parents[1] / "docs" / "methods" / "figures" / "disclosure.json"
THRESHOLDS = Thresholds()
TABLES = 3
#: The slow attacker asks at most this many small cells of one table.
ASKED = 15
COLUMNS = [
    "table",
    "mean count",
    "tables",
    "small cells",
    "hidden besides",
    "seconds (median)",
    "seconds (most)",
]
PROOF = ["proven cheapest", "largest gap", "cells attacked", "attacker successes"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Leaf rows and columns, the mean count, and how many nodes a total adds up (0: only grand totals)."""

    rows: int
    columns: int
    mean: float
    branches: int

    @property
    def name(self) -> str:
        """As a reader of the figures sees it."""
        kind = f"trees of {self.branches}" if self.branches else "two-way"
        return f"{self.rows} × {self.columns}, {kind}, mean {self.mean:g}"


SETTINGS = tuple(
    Setting(rows, columns, mean, branches)
    for rows, columns in ((8, 6), (20, 10), (60, 30))
    for branches in (0, 5)
    for mean in (20.0, 100.0)
)


def tree(leaves: int, branches: int) -> Tree | None:
    """Groups of so many leaves, and one total of the groups."""
    if not branches:
        return None
    groups = -(-leaves // branches)
    return (*(leaves + leaf // branches for leaf in range(leaves)), *(leaves + groups,) * groups, -1)


def table(setting: Setting, *, seed: int) -> Ints:
    """Leaf counts (rows, columns)."""
    random = np.random.default_rng(seed)
    size = random.gamma(2.5, 0.4, (setting.rows, 1))
    share = 1.0 / (1.0 + setting.mean / 2.0 * size)
    return random.negative_binomial(2, share, (setting.rows, setting.columns)).astype(np.int64)


def protected(setting: Setting, counts: Ints) -> ProtectedTable:
    rows, columns = (tree(leaves, setting.branches) for leaves in counts.shape)
    return protect(counts, row_parents=rows, column_parents=columns, thresholds=THRESHOLDS)


def widths(setting: Setting, counts: Ints, result: ProtectedTable, *, seed: int) -> Iterable[float]:
    """How wide the attacker's interval is for each small cell that is asked."""
    rows, columns = (tree(leaves, setting.branches) for leaves in counts.shape)
    attacker = Attacker(counts, rows, columns)
    shown = ~(result.primary | result.complementary)
    small = np.random.default_rng(seed).permutation(np.flatnonzero(result.primary))[:ASKED]
    return [
        attacker.width(cell, shown, whole=whole_too) for cell in small.tolist() for whole_too in modes(counts)
    ]


def modes(counts: Ints) -> tuple[bool, ...]:
    """Whole numbers are hard: only on small tables."""
    return (False, True) if counts.size <= 50 else (False,)


def row(setting: Setting) -> list[object]:
    seconds, results, found = [], [], list[float]()
    for seed in range(TABLES):
        counts, start = table(setting, seed=seed), perf_counter()
        results.append(protected(setting, counts))
        seconds.append(perf_counter() - start)
        found += widths(setting, counts, results[-1], seed=seed)
    gap = max((one.cost - one.bound) / max(one.cost, 1.0) for one in results)
    return [
        setting.name.rsplit(",", 1)[0],
        setting.mean,
        TABLES,
        round(float(np.mean([one.primary.sum() for one in results]))),
        round(float(np.mean([one.complementary.sum() for one in results])), 1),
        round(float(np.median(seconds)), 2),
        round(max(seconds), 2),
        sum(one.optimal for one in results),
        f"{gap:.2%}",
        len(found),
        sum(width < THRESHOLDS.rounding - 1e-6 for width in found),
    ]


def main() -> None:
    rows = []
    for setting in SETTINGS:
        rows.append(row(setting))
        print(*rows[-1], sep=" | ", flush=True)
    figures = {
        "title": "Tables that leave the team",
        "command": "python -m studies.disclosure",
        "tables": [
            {
                "caption": "Complementary suppression: counts below ten hidden, each at least five wide to an attacker "
                "who knows everything else exactly",
                "columns": COLUMNS + PROOF,
                "rows": rows,
            }
        ],
        "notes": [
            "Small cells and hidden cells are means per table; totals are cells too.",
            f"The attacker asks at most {ASKED} small cells per table; on tables of at most 50 leaves he asks twice, "
            "the second time knowing that counts are whole numbers.",
            "Seconds on one core of a shared machine.",
        ],
    }
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
