"""A good answer before the proof: greedy, then adding, dropping and exchanging as long as that helps.

Nothing here decides what is best: a good answer makes the integer program small, the program proves or improves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from schakel.arrangements.problem import Item, tenths, worth
from schakel.arrangements.program import Program
from schakel.arrangements.records import FULL, Question, hundredths
from schakel.arrangements.schedule import attend
from schakel.records import Floats

#: Units that a violation costs, per unit of its row: more than any score.
VIOLATION = 1e12


def good(
    program: Program, question: Question, *, keep: Iterable[str], start: Iterable[str] = ()
) -> tuple[Item, ...] | None:
    """A set that meets the demands and that no single exchange improves; None when none was found."""
    return _Search(program, question).run(set(keep), set(start))


class _Search:
    """Values of sets as arrays; a set is a list of places among the items of the program."""

    def __init__(self, program: Program, question: Question) -> None:
        self._items, needs, wishes = program.items, question.needs, question.wishes
        size = len(self._items)
        self._cover = np.array([one.cover for one in self._items], dtype=float).reshape(size, len(needs))
        self._penalty = np.array([one.penalty for one in self._items], dtype=float)
        self._worth = np.array([worth(need) for need in needs], dtype=float)
        self._enough = np.array([hundredths(need.enough) if need.must else 0 for need in needs], dtype=float)
        self._rows = np.zeros((len(program.limits), size))
        for i, (places, values, _, _) in enumerate(program.limits):
            self._rows[i, places] = values
        self._most = np.array([high for *_, high in program.limits])
        names = sorted({one.face for one in self._items if one.face is not None})
        self._faces = np.array(
            [-1 if one.face is None else names.index(one.face) for one in self._items], dtype=int
        )
        self._face_cost = tenths(question.weights.faces) * FULL
        self._most_faces = np.inf if wishes.max_faces is None else wishes.max_faces

    def run(self, keep: set[str], start: set[str]) -> tuple[Item, ...] | None:
        """Exchange until nothing improves."""
        kept = {i for i, one in enumerate(self._items) if one.id in keep}
        chosen = sorted(kept | {i for i, one in enumerate(self._items) if one.id in start})
        value = self._value(chosen)
        while True:
            following, best = max(
                self._moves(chosen, kept), key=lambda move: move[1], default=(chosen, value)
            )
            if best <= value:
                break
            chosen, value = following, best
        found = tuple(self._items[i] for i in sorted(chosen))
        attendable = attend({one.id: one.ways for one in found}) is not None
        return found if attendable and value > -VIOLATION / 2 else None

    def _moves(self, chosen: list[int], kept: set[int]) -> Iterator[tuple[list[int], float]]:
        """The sets after adding one, dropping one, or the best exchange of each one."""
        for dropped in (None, *(i for i in chosen if i not in kept)):
            base = [i for i in chosen if i != dropped]
            if dropped is not None:
                yield base, self._value(base)
            more = self._one_more(base)
            if more.size:
                yield [*base, int(more.argmax())], float(more.max())

    def _value(self, chosen: list[int]) -> float:
        nothing = np.zeros(1)
        faces = np.unique(self._faces[chosen])
        count = np.count_nonzero(faces >= 0) + nothing
        covered, used = self._cover[chosen].sum(axis=0)[None], self._rows[:, chosen].sum(axis=1)[None]
        return float(self._judge(covered, used, self._penalty[chosen].sum() + nothing, count)[0])

    def _one_more(self, base: list[int]) -> Floats:
        """The value of the set with each item in addition; minus infinity for those already in it."""
        faces = self._faces[base]
        here = np.unique(faces[faces >= 0])
        new = (self._faces >= 0) & ~np.isin(self._faces, here)
        count = here.size + new.astype(np.float64)
        covered, used = (
            self._cover[base].sum(axis=0) + self._cover,
            self._rows[:, base].sum(axis=1) + self._rows.T,
        )
        value = self._judge(covered, used, self._penalty[base].sum() + self._penalty, count)
        value[base] = -np.inf
        return value

    def _judge(self, covered: Floats, used: Floats, penalty: Floats, faces: Floats) -> Floats:
        """Scores in units, less what violations cost."""
        score = np.minimum(covered, FULL) @ self._worth - penalty - self._face_cost * faces
        short = np.maximum(self._enough - covered, 0.0).sum(axis=1)
        over = np.maximum(used - self._most - 1e-9, 0.0).sum(axis=1) + np.maximum(
            faces - self._most_faces, 0.0
        )
        return np.asarray(score - VIOLATION * (short + over))
