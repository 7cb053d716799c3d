"""What an attacker can work out about the suppressed cells of an additive table (R7).

The attacker knows every published value exactly, knows that the table adds up, and that no count is negative. What
is left are the tables ``values + z`` with ``equations @ z = 0``, in which published cells do not move. The smallest
and the largest value of a cell over all of them are two linear programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from schakel.records import Floats, Ints, SchakelError
from schakel.solver import Solver

Bools: TypeAlias = NDArray[np.bool_]
IntegerCells: TypeAlias = NDArray[np.int32]

TOLERANCE = 1e-6
#: A cell suppressed for less than this share counts as published: bounds that close only trouble the solver.
SLIGHT = 1e-4
#: Nobody needs to imagine a cell more than this many protection widths above its value.
FAR = 1e4


@dataclass(frozen=True, slots=True)
class Additive:
    """A table as a list of cells and of sums: ``equations`` (sums, cells) times ``values`` (cells,) is zero.

    ``impossible`` (cells,) marks cells of which everybody knows that they are zero.
    """

    equations: csr_array
    values: Ints
    impossible: Bools


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A cell that the attacker knows too well, and the proof.

    Whatever is suppressed, the attacker's interval is at most the sum of ``weights`` (cells,) over the suppressed
    cells: the dual solutions of both programs. A weight is infinite where the attacker knows no upper bound.
    """

    cell: int
    low: float
    high: float
    weights: Floats


def solver(equations: csr_array, lower: Floats, upper: Floats, cost: Floats) -> Solver:
    """A linear program ``min cost @ z`` with ``equations @ z = 0`` and bounds on z, ready to run and to change."""
    rows, columns = equations.shape
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
    program.row_lower_ = program.row_upper_ = np.zeros(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = equations.indptr
    program.a_matrix_.index_ = equations.indices
    program.a_matrix_.value_ = equations.data
    highs = Solver()
    highs.passModel(program)
    return highs


def run(highs: Solver) -> highspy.HighsSolution:
    """The optimal solution; SchakelError when the solver did not reach it, so that no table is called safe in doubt."""
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        highs.clearSolver()  # once more without the last solution, which can be a numerically bad start
        highs.run()
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise SchakelError(
            f"the check of the table ended as {highs.modelStatusToString(status)}; expected an optimum."
        )
    return highs.getSolution()


class Attacker:
    """Solves the attacker's programs for one table, for one set of suppressed cells after another."""

    def __init__(self, table: Additive) -> None:
        self._table = table
        self._cells = np.arange(table.values.size, dtype=np.int32)
        nothing = np.zeros(table.values.size)
        self._highs = solver(table.equations, nothing, nothing, nothing)
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", 4)  # primal: the last solution stays feasible

    def narrowed(self, suppressed: Floats, cells: Ints, *, width: float, reach: float) -> Iterator[Narrowed]:
        """The cells whose interval is narrower than ``width``, each with its proof.

        ``suppressed`` (cells,) lies between 0 and 1; fractions serve the search for a cheapest set. ``reach`` is how
        far above its value a suppressed cell can be imagined. A table found on the way that shows another cell wide
        enough saves the programs of that cell.
        """
        free = np.where(self._table.impossible | (suppressed < SLIGHT), 0.0, suppressed)
        low, high = self._sweep(free, cells, width)
        self._limit(free, reach)
        for cell in cells.tolist():
            if high[cell] - low[cell] >= width - TOLERANCE:
                continue
            weights = np.zeros(free.size)
            for sign in (-1.0, 1.0):
                z, duals = self._cheapest(np.array([cell], dtype=np.int32), np.array([sign]))
                np.minimum(low, z, out=low)
                np.maximum(high, z, out=high)
                weights += self._bound(duals)
            if high[cell] - low[cell] < width - TOLERANCE:
                value = float(self._table.values[cell])
                yield Narrowed(cell, value + float(low[cell]), value + float(high[cell]), weights)

    def _sweep(self, free: Floats, cells: Ints, width: float) -> tuple[Floats, Floats]:
        """The lowest and highest moves in tables that move many cells at once: most need no program of their own."""
        low, high = np.zeros(free.size), np.zeros(free.size)
        signs = np.random.default_rng(cells.size)
        self._limit(free, width)
        left, before = cells, np.inf
        while 0 < left.size < 0.9 * before:
            before = left.size
            for sign in (side := signs.choice((-1.0, 1.0), left.size), -side):
                z, _ = self._cheapest(left.astype(np.int32), sign)
                np.minimum(low, z, out=low)
                np.maximum(high, z, out=high)
            left = left[high[left] - low[left] < width - TOLERANCE]
        return low, high

    def _limit(self, free: Floats, reach: float) -> None:
        self._highs.changeColsBounds(free.size, self._cells, -(self._table.values * free), reach * free)

    def _cheapest(self, cells: IntegerCells, cost: Floats) -> tuple[Floats, Floats]:
        self._highs.changeColsCost(cells.size, cells, cost)
        solution = run(self._highs)
        self._highs.changeColsCost(cells.size, cells, np.zeros(cells.size))
        return np.asarray(solution.col_value), np.asarray(solution.col_dual)

    def _bound(self, duals: Floats) -> Floats:
        """Weak duality: the minimum is at least the sum of each reduced cost times the bound it pushes against."""
        weights = np.where(duals > TOLERANCE, duals * self._table.values, 0.0)
        weights[duals < -TOLERANCE] = np.inf
        weights[self._table.impossible] = 0.0
        return weights
