"""Their answers and ours: the detection on public data sets whose results are published (DESIGN §6).

``expected_answers.json`` in the folder holds what the reference programs say, or what was printed about them.
A scan with the same settings must give the same clusters, the same statistic to the last printed digit, and
p-values that differ no more than chance explains.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from schakel import __version__
from schakel.detection import detect
from schakel.records import SchakelError
from schakel.validation.answers import READERS, Case
from schakel.validation.comparison import Answer, Comparison, compare, outside

__all__ = ["ANSWERS", "Answer", "Comparison", "Validation", "compare", "run"]

ANSWERS = "expected_answers.json"
_WORDS = {True: "yes", False: "NO", None: "outside"}


@dataclass(frozen=True, slots=True)
class Validation:
    """All comparisons of one run."""

    rows: tuple[Comparison, ...]
    replicas: int
    seed: int
    version: str

    @property
    def agrees(self) -> bool:
        """Whether every answer within our methods is reproduced."""
        return all(row.agrees is not False for row in self.rows)

    def table(self) -> tuple[tuple[str, ...], ...]:
        """A header and one line of texts per comparison."""
        header = ("data set", "what", "theirs", "ours", "difference", "agrees", "note")
        lines = (
            (row.dataset, row.what, row.theirs, row.ours, row.difference, _WORDS[row.agrees], row.note)
            for row in self.rows
        )
        return (header, *lines)


def run(folder: Path, *, replicas: int = 999, seed: int = 1, threads: int = 0) -> Validation:
    """Run every public data set of the folder (or of its subfolder ``detection``) and compare.

    Raises SchakelError when the answers or a data set of theirs are not there, or cannot be read.
    """
    folder = folder if (folder / ANSWERS).is_file() else folder / "detection"
    path = folder / ANSWERS
    rows: list[Comparison] = []
    for name, known in _answers(path).items():
        if name not in READERS:
            rows.append(outside(name, "all of it", "–", "this data set is not known here"))
            continue
        try:
            cases, others = READERS[name](known)
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            raise SchakelError(
                f"The answers to '{name}' in '{path}' are incomplete ({fault!r}); expected them as published."
            ) from fault
        for case in cases:
            rows += _compared(name, case, folder, replicas=replicas, seed=seed, threads=threads)
        rows += [outside(name, *other) for other in others]
    return Validation(tuple(rows), replicas, seed, __version__)


def _compared(
    dataset: str, case: Case, folder: Path, *, replicas: int, seed: int, threads: int
) -> list[Comparison]:
    problem = case.problem(folder)
    settings = replace(problem.settings, replicas=replicas, seed=seed, threads=threads)
    found = detect(
        problem.signals, problem.areas, settings=settings, expected=problem.expected, sensitive=()
    ).patterns
    return [
        row
        for answer in case.answers
        for row in compare(
            dataset, answer, found[answer.rank] if answer.rank < len(found) else None, replicas=replicas
        )
    ]


def _answers(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise SchakelError(
            f"There is no '{ANSWERS}' in '{path.parent}'; expected the folder of public data sets."
        )
    try:
        answers = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except ValueError as fault:
        raise SchakelError(f"'{path}' cannot be read ({fault}); expected JSON.") from fault
    if not isinstance(answers, dict):
        raise SchakelError(f"'{path}' does not hold the answers by data set; expected a JSON object.")
    return {name: known for name, known in answers.items() if not name.startswith("_")}
