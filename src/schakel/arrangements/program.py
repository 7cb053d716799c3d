"""The integer program, solved by HiGHS.

Chosen or not per candidate, covered how far per need, present or not per face. Times that are fixed clash by cliques:
at the start of each, at most one. Walk-ins clash only in company; such sets are cut off when a solution has one. The
linear relaxation comes first: its reduced costs show which candidates cannot be in an answer as good as one already
known (or must be), which leaves the integer program small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import highspy
import numpy as np

from schakel.arrangements.problem import UNIT, Item, score, tenths, worth
from schakel.arrangements.records import FULL, Question, hundredths
from schakel.arrangements.schedule import overlaps
from schakel.records import Floats, SchakelError
from schakel.solver import Solver

INTEGER, CONTINUOUS = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
INFINITY = highspy.kHighsInf
#: Scores are whole units; a bound within this many points of one is that one.
SLACK = 0.4 / UNIT
OPTIONS: dict[str, bool | int | float | str] = {
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.25 / UNIT,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    # An answer is known before the search (see `search`): what is left is to prove that none is better.
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_shifting": False,
    "mip_heuristic_run_zi_round": False,
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
}
Row = tuple[list[int], list[float], float, float]


class Program:
    """Best sets of some items for one question, under side conditions that can be set and taken back."""

    def __init__(self, items: Sequence[Item], question: Question) -> None:
        self.items, self._question = list(items), question
        self._place = {one.id: i for i, one in enumerate(self.items)}
        counted = Counter(one.face for one in self.items if one.face is not None)
        self._shared = sorted(face for face, times in counted.items() if times > 1)
        self._size = len(self.items)
        self._fixed: dict[int, float] = {}
        self.limits = [*self._limit_rows(), *self._clash_rows()]  # rows over candidates alone
        self._highs = Solver(OPTIONS)
        self._highs.passModel(self._model())
        self._relaxed = False

    def _model(self) -> highspy.HighsLp:
        question, needs = self._question, self._question.needs
        face_cost = tenths(question.weights.faces) * FULL
        single = [0 if one.face is None or one.face in self._shared else face_cost for one in self.items]
        cost = [(one.penalty + extra) / UNIT for one, extra in zip(self.items, single, strict=True)]
        cost += [-worth(need) * FULL / UNIT for need in needs] + [face_cost / UNIT] * len(self._shared)
        cost.append(0.0)  # a column that is always zero: a program without columns would have no status
        lower = [0.0] * len(cost)
        for i, need in enumerate(needs):
            lower[self._size + i] = hundredths(need.enough) / FULL if need.must else 0.0
        upper = [1.0] * (len(cost) - 1) + [0.0]
        rows = [*self._cover_rows(), *self._face_rows(), *self._face_limit(), *self.limits]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(cost), len(rows)
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_, model.row_upper_ = [row[2] for row in rows], [row[3] for row in rows]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0] + [len(row[0]) for row in rows])
        model.a_matrix_.index_ = np.array([i for row in rows for i in row[0]], dtype=np.int32)
        model.a_matrix_.value_ = np.array([value for row in rows for value in row[1]])
        model.integrality_ = [INTEGER] * self._size + [CONTINUOUS] * (len(cost) - self._size)
        return model

    def _cover_rows(self) -> list[Row]:
        """A need is covered at most as far as what is chosen covers it, and at most fully."""
        rows: list[Row] = []
        for i in range(len(self._question.needs)):
            places = [j for j, one in enumerate(self.items) if one.cover[i]]
            degrees = [-self.items[j].cover[i] / FULL for j in places]
            rows.append(([*places, self._size + i], [*degrees, 1.0], -INFINITY, 0.0))
        return rows

    def _face_column(self, face: str | None) -> int | None:
        first = self._size + len(self._question.needs)
        return first + self._shared.index(face) if face in self._shared else None

    def _face_rows(self) -> list[Row]:
        columns = ((i, self._face_column(one.face)) for i, one in enumerate(self.items))
        return [([i, column], [1.0, -1.0], -INFINITY, 0.0) for i, column in columns if column is not None]

    def _limit_rows(self) -> list[Row]:
        wishes, everything = self._question.wishes, list(range(self._size))
        rows: list[Row] = []
        if wishes.max_parts is not None:
            rows.append((everything, [1.0] * self._size, -INFINITY, float(wishes.max_parts)))
        if wishes.budget is not None:
            cents = [one.cents / FULL for one in self.items]
            rows.append((everything, cents, -INFINITY, hundredths(wishes.budget) / FULL))
        return rows

    def _face_limit(self) -> list[Row]:
        most = self._question.wishes.max_faces
        if most is None:
            return []
        first = self._size + len(self._question.needs)
        places = [i for i, one in enumerate(self.items) if one.face and one.face not in self._shared]
        places += range(first, first + len(self._shared))
        return [(places, [1.0] * len(places), -INFINITY, float(most))]

    def _clash_rows(self) -> list[Row]:
        """For everything with one way to attend: at most one at the start of each time. Only the largest cliques."""
        fixed = [
            (slot.start, slot.end, i)
            for i, one in enumerate(self.items)
            if len(one.ways) == 1
            for slot in one.ways[0]
        ]
        cliques = {
            frozenset(i for start, end, i in fixed if start <= moment < end)
            for moment in {start for start, _, _ in fixed}
        }
        largest = [one for one in cliques if len(one) > 1 and not any(one < other for other in cliques)]
        return [(sorted(one), [1.0] * len(one), -INFINITY, 1.0) for one in sorted(largest, key=sorted)]

    @contextmanager
    def other_than(self, found: Sequence[Item]) -> Iterator[None]:
        """As long as this lasts, ``found`` is no answer."""
        names = {one.id for one in found}
        values = [1.0 if one.id in names else -1.0 for one in self.items]
        row = self._highs.getNumRow()
        self._add((list(range(self._size)), values, -INFINITY, len(names) - 1.0))
        yield
        self._highs.changeRowBounds(row, -INFINITY, INFINITY)

    def differ(self, earlier: Iterable[str], *, share: float) -> None:
        """From now on, at most this share of an earlier answer returns (rounded down), beside something new."""
        old = [self._place[one] for one in earlier]
        new = [place for place in range(self._size) if place not in old and place not in self._fixed]
        rows: list[Row] = [
            (old, [1.0] * len(old), -INFINITY, float(int(share * len(old) + 1e-9))),
            (new, [-1.0] * len(new), -INFINITY, -1.0),
        ]
        for row in rows:
            self._add(row)
            self.limits.append(row)

    def _add(self, row: Row) -> None:
        places, values, low, high = row
        self._highs.addRow(
            low, high, len(places), np.array(places, dtype=np.int32), np.array(values, dtype=float)
        )

    def require(self, *, keep: Iterable[str] = (), leave: Iterable[str] = ()) -> None:
        """What must be in the next answers and what may not; replaces what was required before."""
        wanted = {self._place[one]: 1.0 for one in keep} | {self._place[one]: 0.0 for one in leave}
        for place in self._fixed.keys() | wanted.keys():
            value = wanted.get(place)
            if value != self._fixed.get(place):
                self._highs.changeColBounds(place, *((0.0, 1.0) if value is None else (value, value)))
        self._fixed = wanted

    def bound(self) -> tuple[float, Floats] | None:
        """Points that no answer goes above, and the price of each candidate (its reduced cost); None: no answer."""
        self._integrality(relaxed=True)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        duals = np.asarray(self._highs.getSolution().col_dual)[: self._size]
        return -float(self._highs.getInfo().objective_function_value), duals

    def _integrality(self, *, relaxed: bool) -> None:
        if relaxed != self._relaxed:
            kind = CONTINUOUS if relaxed else INTEGER
            for place in range(self._size):
                self._highs.changeColIntegrality(place, kind)
            self._relaxed = relaxed

    def solve(self, *, least: int | None = None) -> tuple[Item, ...] | None:
        """A set that meets the demands with the highest score, or None; with ``least``: only one of so many units."""
        self._integrality(relaxed=False)
        bound = INFINITY if least is None else SLACK - least / UNIT
        self._highs.setOptionValue("objective_bound", bound)
        while True:
            found = self._run()
            if found is None or (least is not None and score(found, self._question) < least):
                return None
            clashes = overlaps({one.id: one.ways for one in found})
            if not clashes:
                return found
            for ids in clashes:  # sets that cannot be attended together are in no answer
                row = ([self._place[one] for one in ids], [1.0] * len(ids), -INFINITY, len(ids) - 1.0)
                self._add(row)
                self.limits.append(row)

    def _run(self) -> tuple[Item, ...] | None:
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SchakelError(
                f"no combination: the solver ended as {self._highs.modelStatusToString(status)}; expected an optimum."
            )
        chosen = np.asarray(self._highs.getSolution().col_value)[: self._size] > 0.5
        return tuple(one for one, taken in zip(self.items, chosen, strict=True) if taken)
