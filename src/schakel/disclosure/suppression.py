"""The cheapest set of cells to suppress besides the small ones, with proof that no cheaper set is safe (R7).

Method: M. Fischetti and J.J. Salazar-González, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47 (2001), 1008–1027, doi:10.1287/mnsc.47.7.1008.9805. A master program chooses cells;
the attacker's programs (``attack``) say which small cells are still known too well, and by duality why: an inequality
that every safe choice satisfies. It joins the master program, until the attacker finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

import highspy
import numpy as np
from scipy.sparse import csr_array, hstack

from schakel.disclosure.attack import FAR, TOLERANCE, Additive, Attacker, Bools, Narrowed, run, solver
from schakel.records import Floats, Ints

#: The relaxed master program stops when its bound grew less than this share in a round.
PROGRESS = 1e-3


@dataclass(frozen=True, slots=True)
class Suppression:
    """A safe set of cells: ``suppressed`` (cells,) with the primary ones; ``cost`` and its proven lower ``bound``."""

    suppressed: Bools
    cost: float
    bound: float
    rounds: int

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no safe set is cheaper."""
        return self.cost - self.bound <= 1e-6 * max(1.0, self.cost)


def suppress(
    table: Additive, *, primary: Bools, cost: Floats, width: float, time_limit: float = 30.0
) -> Suppression:
    """Suppress the primary cells and the cheapest others that keep every primary interval at least ``width`` wide.

    ``primary`` and ``cost`` are per cell. After ``time_limit`` seconds the cheapest safe set found so far is returned,
    with the bound proven so far: it is never unsafe, it may suppress more than needed.
    """
    ends, cost = monotonic() + time_limit, np.where(primary, 0.0, cost)
    attacker, heuristic = Attacker(table), _Completion(table, cost=cost, width=width)
    cells = np.flatnonzero(primary)
    best = heuristic.complete(primary, attacker, cells)
    master = _Master(table, primary=primary, cost=cost, width=width)
    master.add_sums(table, cells)
    bound, rounds = 0.0, 0
    for whole in (False, True):
        master.whole_numbers(whole)
        while monotonic() < ends and cost @ best > bound + 1e-6:
            rounds += 1
            chosen, proven = master.choose(ends - monotonic())
            grew, bound = proven - bound, max(bound, proven)
            if chosen is None:
                break
            chosen, reach = (chosen.round(), FAR * width) if whole else (chosen, width)
            narrowed = list(attacker.narrowed(chosen, cells, width=width, reach=reach))
            if whole:
                safe = heuristic.complete(chosen > 0.5, attacker, cells) if narrowed else chosen > 0.5
                best = min(best, safe, key=lambda one: float(cost @ one))
            added = [master.add(one, chosen) for one in narrowed]
            if not any(added) or (not whole and grew < PROGRESS * bound):
                break
    total = float(cost @ best)
    return Suppression(best, total, min(bound, total), rounds)


class _Master:
    """Chooses the cheapest set of cells that satisfies every inequality found so far."""

    def __init__(self, table: Additive, *, primary: Bools, cost: Floats, width: float) -> None:
        self._primary, self._width = primary, width
        self._known: set[bytes] = set()
        nothing = csr_array((0, cost.size))
        self._highs = solver(nothing, primary.astype(float), (~table.impossible).astype(float), cost)
        self._highs.setOptionValue("mip_rel_gap", 0.0)

    def add_sums(self, table: Additive, cells: Ints) -> None:
        """The inequalities that single sums give, before any attack.

        Nothing is hidden by a sum in which it is the only unknown; and a cell is at most what is unknown beside it.
        """
        columns = table.equations.tocsc()
        for cell in cells.tolist():
            for row in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]].tolist():
                part = slice(table.equations.indptr[row], table.equations.indptr[row + 1])
                members, signs = table.equations.indices[part], table.equations.data[part]
                alike = signs == signs[members == cell]
                alone, beside = np.zeros(self._primary.size), np.zeros(self._primary.size)
                alone[members] = np.where(members == cell, 0.0, np.inf)
                beside[members] = np.where(alike, table.values[members], np.inf)
                for weights in (alone, beside):
                    self.add(Narrowed(cell, 0.0, 0.0, weights), self._primary.astype(float))

    def add(self, proof: Narrowed, chosen: Floats) -> bool:
        """Demand what the proof shows to be needed; whether ``chosen`` violates it."""
        needed = self._width - float(proof.weights[self._primary].sum())
        if needed <= TOLERANCE:
            return False
        share = np.where(self._primary, 0.0, np.minimum(proof.weights / needed, 1.0))
        cells = np.flatnonzero(share > TOLERANCE).astype(np.int32)
        key = cells.tobytes() + share[cells].round(6).tobytes()
        if key in self._known or float(share @ chosen) >= 1.0 - 1e-6:
            return False
        self._known.add(key)
        self._highs.addRow(1.0, highspy.kHighsInf, cells.size, cells, share[cells])
        return True

    def whole_numbers(self, whole: bool) -> None:
        """Choose cells wholly, or (faster, a lower bound) in fractions."""
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for cell in range(self._primary.size):
            self._highs.changeColIntegrality(cell, kind)

    def choose(self, seconds: float) -> tuple[Floats | None, float]:
        """The cheapest choice, or None when time was up; and a bound that no choice goes below."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.0))
        self._highs.run()
        info = self._highs.getInfo()
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            chosen = np.clip(np.asarray(self._highs.getSolution().col_value), 0.0, 1.0)
            return chosen, float(info.objective_function_value)
        return None, max(float(info.mip_dual_bound), 0.0)


class _Completion:
    """Makes any set of cells safe, cell by cell along the cheapest way to hide it; not always the cheapest in all."""

    def __init__(self, table: Additive, *, cost: Floats, width: float) -> None:
        self._cost, self._width, self._size = cost, width, cost.size
        self._values = table.values
        self._columns = np.arange(2 * cost.size, dtype=np.int32)
        up = np.where(table.impossible, 0.0, highspy.kHighsInf)
        self._highs = solver(
            hstack([table.equations, -table.equations], format="csr"),
            np.zeros(2 * cost.size),
            np.concatenate([up, table.values.astype(float)]),
            np.zeros(2 * cost.size),
        )

    def complete(self, suppressed: Bools, attacker: Attacker, cells: Ints) -> Bools:
        """Suppress more until the attacker finds no interval narrower than the width."""
        suppressed = suppressed.copy()
        while weak := [one.cell for one in self._weak(suppressed, attacker, cells)]:
            low, high = np.zeros(self._size), np.zeros(self._size)
            for cell in weak:
                if high[cell] - low[cell] >= self._width - TOLERANCE:
                    continue
                z = self._hide(cell, suppressed)
                suppressed |= np.abs(z) > TOLERANCE
                np.minimum(low, z, out=low)
                np.maximum(high, z, out=high)
        return suppressed

    def _weak(self, suppressed: Bools, attacker: Attacker, cells: Ints) -> list[Narrowed]:
        reach = FAR * self._width
        return list(attacker.narrowed(suppressed.astype(float), cells, width=self._width, reach=reach))

    def _hide(self, cell: int, suppressed: Bools) -> Floats:
        """The cheapest other table in which the cell is a width (and a hair) higher."""
        cost = np.where(suppressed, 1e-4, self._cost)
        self._highs.changeColsCost(self._columns.size, self._columns, np.concatenate([cost, cost]))
        self._highs.changeColBounds(cell, 1.01 * self._width, 1.01 * self._width)
        self._highs.changeColBounds(self._size + cell, 0.0, 0.0)
        z = np.asarray(run(self._highs).col_value)
        self._highs.changeColBounds(cell, 0.0, highspy.kHighsInf)
        self._highs.changeColBounds(self._size + cell, 0.0, float(self._values[cell]))
        return np.asarray(z[: self._size] - z[self._size :])
