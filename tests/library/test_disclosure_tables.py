"""Tables that leave the team: small counts hidden, hidden well, and no more hidden than needed (R7)."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from schakel.disclosure import Thresholds
from schakel.disclosure.tables import ProtectedTable, check_areas, protect
from schakel.records import SchakelError
from tests.library.disclosure_attacker import Attacker, Tree

USUAL = Thresholds()
WIDTH = 5
Counts = NDArray[np.int64]
Case = tuple[Counts, Tree | None, Tree | None]
NEIGHBOURHOODS: Tree = (4, 4, 5, 5, 6, 6, -1)  # four neighbourhoods, two districts, one municipality


@st.composite
def trees(draw: st.DrawFn, leaves: int) -> Tree | None:
    """No tree (one total), or two groups with or without a total above them."""
    if leaves < 2 or draw(st.booleans()):
        return None
    first = draw(st.integers(1, leaves - 1))
    groups = (leaves,) * first + (leaves + 1,) * (leaves - first)
    return groups + ((leaves + 2,) * 2 + (-1,) if draw(st.booleans()) else (-1, -1))


@st.composite
def cases(draw: st.DrawFn, most: int = 5) -> Case:
    """Leaf counts, many of them small, with a tree on each axis."""
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    count = st.one_of(st.integers(0, 12), st.integers(10, 90))
    counts = draw(st.lists(count, min_size=rows * columns, max_size=rows * columns))
    return np.array(counts).reshape(rows, columns), draw(trees(rows)), draw(trees(columns))


def shown(table: ProtectedTable) -> NDArray[np.bool_]:
    return np.array([[value is not None for value in row] for row in table.values])


def cost(values: NDArray[np.float64], cells: NDArray[np.bool_] | list[int]) -> float:
    return float(np.sum(1.0 + np.log(np.maximum(values[cells], 1.0))))


def cheapest(attacker: Attacker, primary: NDArray[np.bool_]) -> float:
    """The oracle: every set of further cells, cheapest first, until the attacker fails."""
    small, rest = np.flatnonzero(primary), np.flatnonzero(~primary).tolist()
    subsets = chain.from_iterable(combinations(rest, size) for size in range(len(rest) + 1))
    for extra in sorted(map(list, subsets), key=lambda cells: cost(attacker.values, cells)):
        open_cells = ~primary
        open_cells[extra] = False
        if all(attacker.width(cell, open_cells) >= WIDTH - 1e-6 for cell in small.tolist()):
            return cost(attacker.values, extra)
    raise AssertionError("hiding everything is always safe")


@settings(max_examples=50, deadline=None)
@given(cases())
def test_no_small_count_can_be_worked_out(case: Case) -> None:
    """R7: the attacker knows everything shown exactly and still leaves every small count at least five wide."""
    counts, rows, columns = case
    table = protect(counts, row_parents=rows, column_parents=columns, thresholds=USUAL)
    attacker = Attacker(counts, rows, columns)
    assert table.optimal
    for cell in np.flatnonzero(table.primary):
        assert attacker.width(int(cell), shown(table)) >= WIDTH - 1e-6


@settings(max_examples=50, deadline=None)
@given(cases(), st.data())
def test_what_is_withheld_cannot_be_worked_out_either(case: Case, drawn: st.DataObject) -> None:
    """R8: a count that one source gave most of is hidden as well as a small one, however large it is."""
    counts, rows, columns = case
    leaf = drawn.draw(st.integers(0, counts.size - 1))
    withheld = np.arange(counts.size).reshape(counts.shape) == leaf
    table = protect(counts, row_parents=rows, column_parents=columns, thresholds=USUAL, withheld=withheld)
    attacker = Attacker(counts, rows, columns)
    cell = leaf // counts.shape[1] * attacker.shape[1] + leaf % counts.shape[1]
    assert table.values[leaf // counts.shape[1]][leaf % counts.shape[1]] is None
    assert attacker.width(cell, shown(table)) >= WIDTH - 1e-6


@settings(max_examples=20, deadline=None)
@given(cases(most=2))
def test_no_cheaper_set_of_hidden_cells_is_safe(case: Case) -> None:
    """R7: complementary suppression costs exactly what trying every set costs."""
    counts, rows, columns = case
    table = protect(counts, row_parents=rows, column_parents=columns, thresholds=USUAL)
    attacker = Attacker(counts, rows, columns)
    assume((~table.primary).sum() <= 11)  # the oracle tries every set of the others
    found = cost(attacker.values, table.complementary.ravel())
    assert table.optimal
    assert table.cost == pytest.approx(found)
    assert found == pytest.approx(cheapest(attacker, table.primary.ravel()))


@pytest.mark.parametrize("seed", range(4))
def test_a_table_with_few_small_counts_hides_as_few_as_possible(seed: int) -> None:
    """R7: the same oracle on tables where the choice is wide."""
    random = np.random.default_rng(seed)
    counts = random.integers(10, 60, (3, 3))
    counts.ravel()[random.choice(9, 1 + seed % 2, replace=False)] = random.integers(0, 10)
    table = protect(counts, row_parents=None, thresholds=USUAL)
    assert table.cost == pytest.approx(cheapest(Attacker(counts, None, None), table.primary.ravel()))


@settings(max_examples=50, deadline=None)
@given(cases(), st.integers(10, 25), st.data())
def test_every_shown_number_is_a_rounded_number_that_may_leave_the_team(
    case: Case, least: int, drawn: st.DataObject
) -> None:
    """R7: nothing below the minimum, only multiples of the rounding, and no further from the truth than one step."""
    counts, rows, columns = case
    step = drawn.draw(st.integers(5, least))  # a rounding above the minimum is refused, see the thresholds
    thresholds = Thresholds(leave_minimum=least, rounding=step)
    table = protect(counts, row_parents=rows, column_parents=columns, thresholds=thresholds)
    exact = Attacker(counts, rows, columns).values.reshape(table.primary.shape)
    assert (table.primary == (exact < least)).all()
    assert (shown(table) == ~(table.primary | table.complementary)).all()
    for value, truth in zip(chain.from_iterable(table.values), exact.ravel(), strict=True):
        assert value is None or (value >= least and value % step == 0)
        assert value is None or abs(value - truth) < max(step, least)


@pytest.mark.parametrize(("count", "published"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_counts_are_rounded_to_the_nearest_five(count: int, published: int) -> None:
    """R7: lowest visible is ten."""
    table = protect(np.array([[count]]), row_parents=None, thresholds=USUAL)
    assert table.values == [[published] * 2] * 2


def test_a_lone_small_count_takes_others_with_it() -> None:
    """R7: beside exact totals, one dot is no secret; the cheapest rectangle is hidden with it."""
    counts = np.array([[3, 40, 50], [30, 20, 60], [70, 80, 90]])
    table = protect(counts, row_parents=None, thresholds=USUAL)
    assert np.argwhere(table.complementary).tolist() == [[0, 1], [1, 0], [1, 1]]
    assert table.values[3] == [105, 140, 200, 445]


def test_a_small_neighbourhood_is_not_the_difference_of_its_district() -> None:
    """R7: a total over a tree is a number to subtract from."""
    table = protect(np.array([[4], [30], [50], [60]]), row_parents=NEIGHBOURHOODS, thresholds=USUAL)
    assert [row[0] for row in table.values] == [None, None, 50, 60, 35, 110, 145]


def test_two_small_counts_that_add_up_to_little_are_not_enough_for_each_other() -> None:
    """R7: 1 and 2 with a total that tells they are 3 together leave an interval of three; so more is hidden."""
    counts = np.array([[1, 2, 40, 50]])
    table = protect(counts, row_parents=(-1,), thresholds=USUAL)
    assert table.primary.tolist() == [[True, True, False, False, False]]
    assert table.complementary.tolist() == [[False, False, True, False, False]]


def test_nobody_is_also_a_small_count_unless_it_is_impossible() -> None:
    """R7: a zero is hidden, a zero by nature is shown and gives no cover."""
    counts, never = np.array([[0, 40, 30]]), np.array([[True, False, False]])
    hidden = protect(counts, row_parents=(-1,), thresholds=USUAL)
    natural = protect(counts, row_parents=(-1,), thresholds=USUAL, impossible=never)
    assert hidden.values == [[None, 40, None, 70]]
    assert natural.values == [[0, 40, 30, 70]]


@settings(max_examples=20, deadline=None)
@given(cases(), st.data())
def test_what_everybody_knows_to_be_zero_gives_no_cover(case: Case, data: st.DataObject) -> None:
    """R7: the attacker knows the impossible cells too."""
    counts, rows, columns = case
    flags = data.draw(st.lists(st.booleans(), min_size=counts.size, max_size=counts.size))
    never = np.array(flags).reshape(counts.shape)
    counts = np.where(never, 0, counts)
    table = protect(counts, row_parents=rows, column_parents=columns, thresholds=USUAL, impossible=never)
    attacker = Attacker(counts, rows, columns, impossible=never)
    assert table.optimal
    for cell in np.flatnonzero(table.primary):
        assert attacker.width(int(cell), shown(table)) >= WIDTH - 1e-6


def test_when_time_is_up_the_table_is_safe_and_says_that_it_may_hide_too_much() -> None:
    """R7: never an unsafe table; the bound tells how much too much at most."""
    random = np.random.default_rng(5)
    counts, tree = random.negative_binomial(2, 0.05, (6, 6)), (6, 6, 6, 7, 7, 7, 8, 8, -1)
    hurried = protect(counts, row_parents=tree, column_parents=tree, thresholds=USUAL, time_limit=0.0)
    patient = protect(counts, row_parents=tree, column_parents=tree, thresholds=USUAL)
    attacker = Attacker(counts, tree, tree)
    assert all(
        attacker.width(int(cell), shown(hurried)) >= WIDTH - 1e-6 for cell in np.flatnonzero(hurried.primary)
    )
    assert patient.optimal
    assert not hurried.optimal
    assert hurried.bound <= patient.cost <= hurried.cost


def test_a_wider_protection_hides_at_least_as_much() -> None:
    """R7: the protection level is declared, and counts."""
    random = np.random.default_rng(8)
    counts = random.negative_binomial(2, 0.08, (6, 5))
    costs = [
        protect(counts, row_parents=None, thresholds=USUAL, width=width).cost for width in (5, 8, 10, 30)
    ]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_the_same_table_is_protected_in_the_same_way() -> None:
    """R11."""
    counts = np.random.default_rng(3).negative_binomial(2, 0.05, (8, 7))
    first, second = (protect(counts, row_parents=None, thresholds=USUAL) for _ in range(2))
    assert first.values == second.values


@pytest.mark.parametrize(
    ("counts", "parents", "problem"),
    [
        ([[-1, 3]], None, "missing, fractional or negative"),
        ([[1], [2]], (2, 2), "expected -1 or a later total"),
        ([[1], [2]], (1, -1, -1), "expected -1 or a later total"),
        ([[1], [2]], (3, 3, 3, -1), "expected every total to have a part"),
        ([[1], [2]], (-1,), "1 nodes for 2 leaves"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(
    counts: list[list[int]], parents: Tree | None, problem: str
) -> None:
    with pytest.raises(SchakelError, match=problem):
        protect(np.array(counts), row_parents=parents, thresholds=USUAL)


def test_a_count_where_none_is_possible_is_refused() -> None:
    with pytest.raises(SchakelError, match="declared impossible"):
        protect(np.array([[4]]), row_parents=None, thresholds=USUAL, impossible=np.array([[True]]))


def test_an_area_of_a_few_inhabitants_is_refused_by_name() -> None:
    """R7: no drill-down that isolates a street."""
    check_areas({"BU1": 10, "BU2": 4000}, thresholds=USUAL)
    with pytest.raises(SchakelError, match="fewer than 10 inhabitants: BU2, BU3; expected them merged"):
        check_areas({"BU3": 9, "BU1": 10, "BU2": 0}, thresholds=USUAL)


@pytest.mark.parametrize(
    ("counts", "options", "sentence"),
    [
        ([[3, 40, 50]], {"width": 0}, "at least the rounding"),
        ([[3, 40, 50]], {"width": -1}, "at least the rounding"),
        ([[np.nan, 40.0]], {}, "missing, fractional or negative"),
        ([[3.5, 40.0]], {}, "missing, fractional or negative"),
        ([[-1, 40]], {}, "missing, fractional or negative"),
        ([3, 40], {}, "expected rows and columns"),
        ([[3, 40]], {"impossible": np.zeros((2, 2), bool)}, "expected that of the counts"),
    ],
)
def test_protection_cannot_be_switched_off_nor_fed_what_is_no_count_r22(
    counts: list[object], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SchakelError, match=sentence):
        protect(np.array(counts), row_parents=None, thresholds=Thresholds(), **options)


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    protect(np.array([[3, 40], [50, 60]]), row_parents=None, column_parents=None, thresholds=Thresholds())
    assert capfd.readouterr() == ("", "")
