"""A table of counts that may leave the team: small counts hidden, and hidden well; the rest rounded (R7).

What is published is safe against somebody who adds and subtracts: no small count can be worked out to within
``width``. The protection is worked out as if the other cells were published exactly and then they are rounded. That
is safe: every table that fits the exact values also fits the rounded ones, so rounding only widens what is possible.

A zero is a small count too ("nobody in this street asked for help" is also something about its residents), unless it is
declared impossible, in which case everybody knew already.

Limits: the attacker here does not know *which* hidden cells are small, nor the cells of one reporter who subtracts his
own; and he is not helped by knowing that people come in whole numbers in trees on both axes at once. Each table is
protected by itself: whoever lays two tables of the same counts with another split side by side (themes, and areas of
life) may know a small count more narrowly than either table promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array, kron, vstack

from schakel.disclosure.attack import Additive, Bools
from schakel.disclosure.suppression import suppress
from schakel.disclosure.thresholds import Thresholds
from schakel.records import Ints, SchakelError

Tree = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What leaves the team. Rows and columns: the leaves in their order, then the totals in the order of the tree.

    ``values[row][column]`` is a multiple of the rounding, or None for a hidden cell. ``primary`` and ``complementary``
    (rows, columns) say why a cell is hidden; they stay inside, because they tell which hidden cells are small.
    ``cost`` is what the complementary cells cost, and ``bound`` what every safe table costs at least.
    """

    values: list[list[int | None]]
    primary: Bools
    complementary: Bools
    cost: float
    bound: float
    optimal: bool


def protect(
    counts: Ints,
    *,
    row_parents: Tree | None,
    column_parents: Tree | None = None,
    thresholds: Thresholds,
    impossible: Bools | None = None,
    withheld: Bools | None = None,
    width: int | None = None,
    time_limit: float = 30.0,
) -> ProtectedTable:
    """Hide and round a table (rows, columns) of leaf counts with all its totals.

    A tree gives per node its parent, and -1 for a top: first the leaves in the order of ``counts``, then the totals,
    each before its own parent. None is one grand total. ``impossible`` (rows, columns) marks leaves that are zero by
    nature; ``withheld`` (rows, columns) marks leaves to hide as well as small ones, whatever their size: one source
    gave most of them (R8). ``width`` is the protection level: the attacker's interval of a small or withheld count is
    at least this wide (default: the rounding). After ``time_limit`` seconds the best safe table so far is given, with
    ``bound`` and ``optimal`` to tell how good it is. SchakelError for counts that are negative or impossible, and for
    a tree that is no tree.
    """
    counts, never = _whole(counts, impossible)
    kept = np.zeros(counts.shape, dtype=bool) if withheld is None else np.asarray(withheld, dtype=bool)
    if kept.shape != counts.shape:
        raise SchakelError(f"withheld has shape {kept.shape}; expected that of the counts, {counts.shape}.")
    width = thresholds.rounding if width is None else width
    if not width >= thresholds.rounding:
        raise SchakelError(f"width is {width}; expected at least the rounding, {thresholds.rounding} (R22).")
    rows, columns = (
        _sums(parents, leaves, name)
        for parents, leaves, name in zip(
            (row_parents, column_parents), counts.shape, ("row_parents", "column_parents"), strict=True
        )
    )
    values = rows @ counts @ columns.T
    structural = (rows @ ~never @ columns.T) == 0
    primary = (values < thresholds.leave_minimum) & ~structural
    primary[: counts.shape[0], : counts.shape[1]] |= kept & ~never
    result = suppress(
        Additive(_equations(rows, columns, row_parents, column_parents), values.ravel(), structural.ravel()),
        primary=primary.ravel(),
        cost=1.0 + np.log(np.maximum(values.ravel(), 1)),
        width=float(width),
        time_limit=time_limit,
    )
    hidden = result.suppressed.reshape(values.shape)
    return ProtectedTable(
        values=_published(values, hidden, structural, thresholds),
        primary=primary,
        complementary=hidden & ~primary,
        cost=result.cost,
        bound=result.bound,
        optimal=result.optimal,
    )


def _whole(counts: Ints, impossible: Bools | None) -> tuple[Ints, Bools]:
    """The counts as whole numbers, and which leaves are zero by nature; SchakelError when they are anything else."""
    given = np.asarray(counts)
    if given.ndim != 2 or not given.size:
        raise SchakelError(
            f"counts have shape {given.shape}; expected rows and columns, at least one of each."
        )
    never = np.zeros(given.shape, dtype=bool) if impossible is None else np.asarray(impossible, dtype=bool)
    if never.shape != given.shape:
        raise SchakelError(f"impossible has shape {never.shape}; expected that of the counts, {given.shape}.")
    if not (np.isfinite(given).all() and (given == np.floor(given)).all() and (given >= 0).all()):
        raise SchakelError(
            "a count is missing, fractional or negative; expected whole numbers of at least 0."
        )
    if given[never].any():
        raise SchakelError("a count is above zero where it was declared impossible; expected 0 there.")
    return given.astype(np.int64), never


def check_areas(population: Mapping[str, int], *, thresholds: Thresholds) -> None:
    """Refuse areas so small that a number about them is about a few people (R7): SchakelError names them."""
    small = sorted(area for area, people in population.items() if not people >= thresholds.leave_minimum)
    if small:
        raise SchakelError(
            f"areas with fewer than {thresholds.leave_minimum} inhabitants: {', '.join(small)}; "
            "expected them merged with a neighbour before anything leaves the team (R7)."
        )


def _tree(parents: Tree | None, leaves: int) -> Tree:
    return (leaves,) * leaves + (-1,) if parents is None else parents


def _sums(parents: Tree | None, leaves: int, name: str) -> Ints:
    """Which leaves a node adds up: (nodes, leaves), zeros and ones."""
    tree = _tree(parents, leaves)
    nodes = np.vstack(
        [np.eye(leaves, dtype=np.int64), np.zeros((max(len(tree) - leaves, 0), leaves), dtype=np.int64)]
    )
    for node, parent in enumerate(tree):
        if parent != -1 and not max(node + 1, leaves) <= parent < len(tree):
            raise SchakelError(f"{name} gives node {node} the parent {parent}; expected -1 or a later total.")
        if parent != -1:
            nodes[parent] += nodes[node]
    if leaves == 0 or len(tree) < leaves or not nodes.any(axis=1).all():
        raise SchakelError(
            f"{name} has {len(tree)} nodes for {leaves} leaves; expected every total to have a part."
        )
    return nodes


def _tree_equations(parents: Tree, leaves: int) -> csr_array:
    """One equation per total: its parts minus itself is zero; (totals, nodes)."""
    equations = np.zeros((len(parents) - leaves, len(parents)))
    for node, parent in enumerate(parents):
        if parent != -1:
            equations[parent - leaves, node] = 1.0
    for total in range(leaves, len(parents)):
        equations[total - leaves, total] = -1.0
    return csr_array(equations)


def _equations(rows: Ints, columns: Ints, row_parents: Tree | None, column_parents: Tree | None) -> csr_array:
    """Every total of the table, on both axes, over the cells row by row."""
    (many, leaves), (wide, narrow) = rows.shape, columns.shape
    down = kron(_tree_equations(_tree(row_parents, leaves), leaves), eye_array(wide))
    across = kron(eye_array(many), _tree_equations(_tree(column_parents, narrow), narrow))
    equations = csr_array(vstack([down, across]))
    equations.eliminate_zeros()  # the product of small matrices stores them, and a stored zero is no part of a sum
    return equations


def _published(
    values: Ints, hidden: Bools, structural: Bools, thresholds: Thresholds
) -> list[list[int | None]]:
    """Rounded to the nearest multiple, upwards where the nearest would be below the smallest number that may leave."""
    step = thresholds.rounding
    lowest = -(-thresholds.leave_minimum // step) * step
    rounded = np.where(structural, 0, np.maximum((2 * values + step) // (2 * step) * step, lowest))
    return [
        [None if dot else value for value, dot in zip(*row, strict=True)]
        for row in zip(rounded.tolist(), hidden.tolist(), strict=True)
    ]
