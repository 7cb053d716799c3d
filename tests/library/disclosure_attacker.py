"""An attacker on a published table, written without the library: the slow and obvious oracle of its tests.

He writes every published number as a sum of leaf counts, demands that no leaf is negative, and asks how low and how
high a hidden cell can be: with ``whole`` he also uses that people come in whole numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Tree = tuple[int, ...]


def leaves_below(parents: Tree | None, leaves: int) -> list[set[int]]:
    """For every node the leaves under it."""
    tree = (leaves,) * leaves + (-1,) if parents is None else parents
    below: list[set[int]] = [{node} if node < leaves else set() for node in range(len(tree))]
    for leaf in range(leaves):
        node = tree[leaf]
        while node != -1:
            below[node].add(leaf)
            node = tree[node]
    return below


class Attacker:
    """Knows the trees and, for the cells in ``shown``, the exact values of a table with these leaf ``counts``."""

    def __init__(
        self,
        counts: NDArray[np.int64],
        rows: Tree | None,
        columns: Tree | None,
        *,
        impossible: NDArray[np.bool_] | None = None,
    ) -> None:
        self.counts = counts
        up, across = leaves_below(rows, counts.shape[0]), leaves_below(columns, counts.shape[1])
        self.shape = (len(up), len(across))
        self.sums = np.zeros((len(up) * len(across), counts.size))
        for place, (row, column) in enumerate((r, c) for r in up for c in across):
            for leaf in row:
                self.sums[place, [leaf * counts.shape[1] + other for other in column]] = 1.0
        self.values = self.sums @ counts.ravel()
        never = np.zeros(counts.size, dtype=bool) if impossible is None else impossible.ravel()
        self.bounds = [(0, 0 if zero else None) for zero in never]

    def interval(self, cell: int, shown: NDArray[np.bool_], *, whole: bool = False) -> tuple[float, float]:
        """The lowest and highest value that the cell (row by row) can have; infinite when nothing limits it."""
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * self.sums[cell],
                A_eq=self.sums[shown.ravel()] if shown.any() else None,
                b_eq=self.values[shown.ravel()] if shown.any() else None,
                bounds=self.bounds,
                integrality=np.ones(self.counts.size) if whole else None,
            )
            assert found.status in {0, 3, 4}, found.message
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        return ends[0], ends[1]

    def width(self, cell: int, shown: NDArray[np.bool_], *, whole: bool = False) -> float:
        low, high = self.interval(cell, shown, whole=whole)
        return high - low
