"""The labelled sentences of redaction, and how redaction is scored on them.

The sentences are our own; the persons are made up. What is personal stands between double brackets with
its kind: ``Mevrouw [[name:Jansen]] belde``. Development sentences were written before the first version was
built, held-out, fresh and last ones after it, in that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from schakel.redaction import KINDS, Span, redact

FOLDER = Path(__file__).parent / "data"
SETS = ("development", "held_out", "fresh", "last")
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True)
class Sentence:
    text: str
    gold: tuple[Span, ...]


@dataclass
class Score:
    """Spans that should be found and were, and spans that were found and should be, per kind."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)
    correct: Counter[str] = field(default_factory=Counter)

    def recall(self, kinds: Iterable[str] = KINDS) -> float:
        return self._share(self.found, self.gold, kinds)

    def precision(self, kinds: Iterable[str] = KINDS) -> float:
        return self._share(self.correct, self.predicted, kinds)

    @staticmethod
    def _share(part: Counter[str], whole: Counter[str], kinds: Iterable[str]) -> float:
        kinds = tuple(kinds)
        total = sum(whole[kind] for kind in kinds)
        return sum(part[kind] for kind in kinds) / total if total else float("nan")


def parse(marked: str) -> Sentence:
    text, gold, position = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        gold.append(Span(len(text), len(text) + len(mark[2]), mark[1], mark[2]))
        text += mark[2]
        position = mark.end()
    return Sentence(text + marked[position:], tuple(gold))


def sentences(name: str) -> list[Sentence]:
    lines = (FOLDER / f"redaction_{name}.txt").read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line]


def score(labelled: Iterable[Sentence]) -> Score:
    """A gold span is found when all its letters and digits are covered; a found span is correct when at
    least half of its characters are gold. The kind may differ: what matters is that it is gone."""
    result = Score()
    for sentence in labelled:
        predicted = redact(sentence.text).spans
        covered, gold = _positions(predicted), _positions(sentence.gold)
        for span in sentence.gold:
            letters = {at for at in range(span.start, span.end) if sentence.text[at].isalnum()}
            result.gold[span.kind] += 1
            result.found[span.kind] += letters <= covered
        for span in predicted:
            result.predicted[span.kind] += 1
            result.correct[span.kind] += (
                2 * len(gold.intersection(range(span.start, span.end))) >= span.end - span.start
            )
    return result


def _positions(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}
