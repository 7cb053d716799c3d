"""The best set under the demands, with ties broken in a fixed way.

Of two sets with the same score, the one that has the alphabetically first candidate that only one of them has is
the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schakel.arrangements.problem import UNIT, Item, score
from schakel.arrangements.program import SLACK, Program
from schakel.arrangements.records import Question
from schakel.arrangements.search import good
from schakel.records import Floats

Chosen = tuple[Item, ...]
#: Candidates that are looked at first.
KERNEL = 40


def optimum(
    program: Program,
    question: Question,
    *,
    keep: Iterable[str] = (),
    start: Iterable[str] = (),
    ties: bool = True,
) -> Chosen | None:
    """The answer with everything in ``keep`` in it; None when no set meets the demands.

    ``start`` is where to begin looking. Without ``ties`` any best set is given, not the first in the fixed order.
    """
    keep = set(keep)
    program.require(keep=keep)
    relaxed = program.bound()
    if relaxed is None:
        return None
    found = good(program, question, keep=keep, start=start) or program.solve()
    found = found and _kernel(relaxed, found, program, question, keep)
    while found is not None:
        fixed = _Fixed.by(relaxed, found, program, question, keep)
        other = _other(program, found, fixed, least=score(found, question) + (0 if ties else 1))
        if other is None:
            return found
        if score(other, question) == score(found, question):
            better = _other(program, found, fixed, least=score(found, question) + 1)
            if better is None:
                return _first(program, question, found, fixed)
            other = better
        found = other
    return None


def _kernel(
    relaxed: tuple[float, Floats], found: Chosen, program: Program, question: Question, keep: set[str]
) -> Chosen:
    """A better set among the few candidates whose price is lowest, where there is one: the proof starts higher.

    Method: E. Angelelli, R. Mansini and M.G. Speranza, "Kernel search", Computers & Operations Research 37 (2010),
    2017–2026, doi:10.1016/j.cor.2010.02.002.
    """
    fixed = _Fixed.by(relaxed, found, program, question, keep)
    prices = sorted((price, one.id) for price, one in zip(relaxed[1].tolist(), program.items, strict=True))
    outside = {name for _, name in prices[KERNEL:]} - {one.id for one in found}
    if not outside - fixed.out:
        return found
    program.require(keep=fixed.sure, leave=(fixed.out | outside) - fixed.sure)
    return program.solve(least=score(found, question) + 1) or found


@dataclass(frozen=True, slots=True)
class _Fixed:
    """Candidates that no set at least as good as a known one has, and those that every such set has."""

    out: frozenset[str]
    sure: frozenset[str]

    @classmethod
    def by(
        cls,
        relaxed: tuple[float, Floats],
        found: Chosen,
        program: Program,
        question: Question,
        keep: set[str],
    ) -> _Fixed:
        """From the linear bound and its reduced costs."""
        limit, duals = relaxed
        spare = limit - score(found, question) / UNIT + SLACK
        names = [one.id for one in program.items]
        out = {name for name, dual in zip(names, duals, strict=True) if dual > spare} - keep
        sure = {name for name, dual in zip(names, duals, strict=True) if -dual > spare} - keep
        return cls(frozenset(out), frozenset(sure | keep))


def _other(program: Program, found: Chosen, fixed: _Fixed, *, least: int) -> Chosen | None:
    """Another set of at least so many units."""
    program.require(keep=fixed.sure, leave=fixed.out)
    with program.other_than(found):
        return program.solve(least=least)


def _first(program: Program, question: Question, found: Chosen, fixed: _Fixed) -> Chosen:
    """The first in the fixed order of all sets as good as ``found``, which is a best one."""
    value = score(found, question)
    sure, out = set(fixed.sure), set(fixed.out)
    for name in [one.id for one in program.items if one.id not in sure | out]:
        if name not in {one.id for one in found}:
            program.require(keep=sure | {name}, leave=out)
            other = program.solve(least=value)
            if other is None:
                out.add(name)
                continue
            found = other
        sure.add(name)
    return found
