"""Coverage of themes by neighbourhood: equal to a slow double loop, honest about what is assumed, never about a few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp, hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.provisions import (
    Place,
    Provision,
    Session,
    Status,
    coverage,
    gaps,
    published,
    published_of,
    single_points,
    template,
    youth_gaps,
)
from schakel.provisions.coverage import PRIOR, gaussian
from schakel.provisions.gaps import in_municipality
from schakel.records import Areas, SchakelError

TODAY = date(2026, 11, 26)
THEMES = ("eenzaamheid", "samen_eten", "vallen")
WEEKLY = Session(date(2026, 1, 5), "FREQ=WEEKLY;BYDAY=TU", 600, 120)
BASE = template("wandelgroep").made(id="")


def town(points: list[tuple[float, float]], people: list[float]) -> Areas:
    codes = tuple(f"BU0344{number:04}" for number in range(len(points)))
    return Areas(codes, np.array(points, dtype=float).reshape(-1, 2), "plane", np.array(people, dtype=float))


def offer(id_: str, x: float, y: float, **changes: object) -> Provision:
    """Ten places, two hours a week: a supply of twenty."""
    plain = replace(
        BASE, id=id_, themes=("eenzaamheid",), place=Place(None, x, y), sessions=(WEEKLY,), capacity=10
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def oracle(
    provisions: list[Provision], areas: Areas, needs: dict[tuple[str, str], float], reach: float
) -> tuple[list[list[float]], list[list[float]]]:
    """Access and unmet need in plain loops, straight from the formulas."""
    n, people = len(areas), [float(p) for p in areas.population]

    def weight(i: int, one: Provision) -> float:
        if one.serves and not any(areas.codes[i][2:].startswith(code[2:]) for code in one.serves):
            return 0.0
        edge = one.reach_km or reach
        x, y = areas.coordinates[i]
        d = hypot(x - (one.place.x or 0), y - (one.place.y or 0)) / 1000
        return (exp(-0.5 * (d / edge) ** 2) - exp(-0.5)) / (1 - exp(-0.5)) if d <= edge else 0.0

    every_access, every_unmet = [], []
    for theme in THEMES:
        count = [needs.get((theme, code), 0.0) for code in areas.codes]
        rate = sum(count) / max(sum(people), 1e-9)
        demand = [p * (c + PRIOR * rate) / (p + PRIOR) for p, c in zip(people, count, strict=True)]
        access, supply = [0.0] * n, 0.0
        for one in provisions:
            if theme not in one.themes or one.status is Status.CLOSED:
                continue
            places = 2.0 * (one.capacity or 0) / len(set(one.themes))
            supply += places
            around = sum(weight(k, one) * demand[k] for k in range(n))
            for i in range(n):
                access[i] += weight(i, one) * places / around if around > 0 else 0.0
        mean = supply / max(sum(demand), 1e-9)
        unmet = [d * max(0.0, 1 - a / mean) if mean > 0 else d for d, a in zip(demand, access, strict=True)]
        every_access.append(access)
        every_unmet.append(unmet)
    return every_access, every_unmet


METRES = st.integers(0, 9000).map(float)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Provision], Areas, dict[tuple[str, str], float]]:
    points = draw(st.lists(st.tuples(METRES, METRES), min_size=1, max_size=6))
    people = draw(st.lists(st.integers(0, 4000).map(float), min_size=len(points), max_size=len(points)))
    areas = town([(100_000 + x, 450_000 + y) for x, y in points], people)
    some = [
        offer(
            str(number),
            100_000 + draw(METRES),
            450_000 + draw(METRES),
            themes=tuple(draw(st.lists(st.sampled_from(THEMES), min_size=1, max_size=3, unique=True))),
            capacity=draw(st.integers(0, 30)),
            reach_km=draw(st.sampled_from((None, 0.8, 2.0, 5.5))),
            serves=draw(st.sampled_from(((), ("GM0344",), ("BU03440001",), ("GM9999",)))),
            status=draw(st.sampled_from((Status.OPEN, Status.CLOSED))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    cells = st.tuples(st.sampled_from(THEMES), st.sampled_from(areas.codes))
    return some, areas, draw(st.dictionaries(cells, st.integers(0, 40).map(float), max_size=8))


@settings(max_examples=80)
@given(cases(), st.sampled_from((1.0, 3.0)))
def test_coverage_equals_a_slow_double_loop(
    case: tuple[list[Provision], Areas, dict[tuple[str, str], float]], reach: float
) -> None:
    provisions, areas, needs = case
    found = coverage(provisions, areas, needs, today=TODAY, themes=THEMES, reach_km=reach)
    access, unmet = oracle(provisions, areas, needs, reach)
    np.testing.assert_allclose(found.access, access, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.unmet, unmet, rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(cases())
def test_no_supply_is_lost_and_none_is_made(
    case: tuple[list[Provision], Areas, dict[tuple[str, str], float]],
) -> None:
    """What everybody reaches together is the supply of the provisions that have somebody within reach."""
    provisions, areas, needs = case
    found = coverage(provisions, areas, needs, today=TODAY, themes=THEMES)
    supply = [
        sum(
            2.0 * (p.capacity or 0) / len(p.themes)
            for p in provisions
            if theme in p.themes and p.status is Status.OPEN
        )
        for theme in THEMES
    ]
    reached = (found.access * found.expected).sum(axis=1)
    assert (reached <= np.array(supply) + 1e-6).all()
    assert (found.unmet >= 0).all()
    assert (found.unmet <= found.expected + 1e-9).all()


def test_the_weight_is_one_at_the_door_and_nothing_at_the_edge() -> None:
    weights = gaussian(np.array([0.0, 1.5, 3.0, 3.01]), np.full(4, 3.0))
    assert weights[0] == 1.0
    assert 0 < weights[1] < 1
    assert weights[2] == pytest.approx(0.0, abs=1e-12)
    assert weights[3] == 0.0


TWO = town([(100_000, 450_000), (120_000, 450_000)], [2000, 2000])
NEEDS = {("eenzaamheid", "BU03440000"): 20.0, ("eenzaamheid", "BU03440001"): 20.0}


def test_a_gap_is_where_nothing_can_be_reached_and_says_so_in_dutch() -> None:
    found = coverage([offer("a", 100_000, 450_000)], TWO, NEEDS, today=TODAY, themes=["eenzaamheid"])
    (gap,) = gaps(found)
    assert (gap.area, gap.theme, gap.need) == ("BU03440001", "eenzaamheid", 20.0)
    assert gap.unmet == pytest.approx(20.0)
    assert gap.why == "Er is voor dit thema niets te bereiken vanuit deze buurt."


def test_gaps_come_with_the_largest_first() -> None:
    needs = {**NEEDS, ("vallen", "BU03440000"): 50.0}
    found = gaps(coverage([], TWO, needs, today=TODAY, themes=THEMES))
    assert found[0].theme == "vallen"
    assert [gap.unmet for gap in found] == sorted((gap.unmet for gap in found), reverse=True)


def test_what_lies_still_has_no_place_for_anybody() -> None:
    offers = [offer("a", 100_000, 450_000, status=Status.PAUSED)]
    assert not coverage(offers, TWO, NEEDS, today=TODAY, themes=["eenzaamheid"]).access.any()


def test_a_provision_that_carries_a_theme_alone_is_a_single_point_of_failure() -> None:
    """S083: places disappear."""
    closed = offer("weg", 100_000, 450_000, status=Status.CLOSED)
    two = [closed, offer("a", 100_000, 450_000), offer("b", 120_000, 450_000), offer("c", 120_100, 450_000)]
    found = coverage(two, TWO, NEEDS, today=TODAY, themes=["eenzaamheid"])
    (point,) = single_points(found, two)
    assert (point.provision, point.areas) == ("a", ("BU03440000",))
    assert point.expected == pytest.approx(20.0)


def test_sensitive_themes_never_enter_coverage_and_are_named_as_left_out() -> None:
    """R5."""
    needs = {**NEEDS, ("crisis_suicide", "BU03440000"): 9.0}
    found = coverage([], TWO, needs, today=TODAY)
    assert "crisis_suicide" not in found.themes
    assert found.left_out == ("crisis_suicide",)
    asked = coverage([], TWO, {}, today=TODAY, themes=["veiligheid_thuis", "vallen"])
    assert (asked.themes, asked.left_out) == (("vallen",), ("veiligheid_thuis",))


def test_areas_where_the_young_have_little_come_first() -> None:
    """S073."""
    young = offer("jong", 100_000, 450_000, life_phases=("jongere",))
    everybody = offer("allen", 120_000, 450_000)
    found = coverage([young, everybody], TWO, NEEDS, today=TODAY)
    assert [(gap.area, gap.reach) for gap in youth_gaps(found, TWO)] == [("BU03440001", 0.0)]


def test_what_is_not_known_is_counted_and_not_hidden() -> None:
    nowhere = replace(offer("c", 0, 0), place=Place())
    some = [offer("a", 100_000, 450_000, capacity=None), offer("b", 100_000, 450_000, sessions=()), nowhere]
    found = coverage(some, TWO, NEEDS, today=TODAY)
    assert (found.assumed, found.nowhere) == (2, 1)


def test_an_area_without_known_population_counts_as_empty() -> None:
    areas = replace(TWO, population=np.array([2000.0, np.nan]))
    found = coverage([offer("a", 100_000, 450_000)], areas, {}, today=TODAY)
    assert np.isfinite(found.access).all()


@pytest.mark.parametrize(
    ("needs", "reach", "said"),
    [
        ({("vallen", "BU99999999"): 1.0}, 3.0, "BU99999999"),
        ({("vallen", "BU03440000"): -1.0}, 3.0, "at least 0 people"),
        ({("vallen", "BU03440000"): float("nan")}, 3.0, "at least 0 people"),
        ({}, 0.0, "above 0 km"),
    ],
)
def test_a_need_or_reach_that_cannot_be_is_refused(
    needs: dict[tuple[str, str], float], reach: float, said: str
) -> None:
    with pytest.raises(SchakelError, match=said):
        coverage([], TWO, needs, today=TODAY, reach_km=reach)


def test_needs_without_provisions_are_gaps_and_no_error() -> None:
    found = coverage([], TWO, NEEDS, today=TODAY, themes=["eenzaamheid"])
    assert found.unmet.sum() == pytest.approx(40.0)
    assert (found.carrier == -1).all()


FOUR = town([(100_000 + 900 * n, 450_000) for n in range(4)], [1500, 1800, 2000, 900])
COUNTS = {
    ("eenzaamheid", "BU03440000"): 23, ("eenzaamheid", "BU03440001"): 3, ("eenzaamheid", "BU03440002"): 41,
    ("eenzaamheid", "BU03440003"): 17, ("vallen", "BU03440000"): 30, ("vallen", "BU03440001"): 14,
    ("vallen", "BU03440002"): 2, ("vallen", "BU03440003"): 55,
}  # fmt: skip


def test_what_leaves_the_team_hides_small_numbers_and_rounds_the_others() -> None:
    """R7."""
    out = published([], FOUR, COUNTS, today=TODAY, themes=["eenzaamheid", "vallen"])
    assert out.shown[0][1] is None
    assert out.shown[1][2] is None
    values = [value for row in out.shown for value in row if value is not None]
    assert values
    assert all(value >= 10 and value % 5 == 0 for value in values)
    hidden = {(t, c) for t, row in enumerate(out.shown) for c, v in enumerate(row) if v is None}
    at = {gap.theme + gap.area for gap in out.gaps}
    for theme, column in hidden:
        assert ("eenzaamheid", "vallen")[theme] + FOUR.codes[column] not in at


def test_coverage_of_what_was_published_lists_nothing_that_is_hidden_in_whatever_division() -> None:
    shown = {("welzijn", "BU03440000"): 40, ("welzijn", "BU03440001"): 10}
    found = published_of([], FOUR, shown, today=TODAY, themes=["welzijn", "wonen"])
    assert {(gap.theme, gap.area) for gap in found.gaps} == set(shown)
    assert found.shown == ((40, 10, None, None), (None,) * 4)
    nothing = published_of([], FOUR, {}, today=TODAY, themes=[])
    assert (nothing.gaps, nothing.shown) == ((), ())


def test_gaps_that_leave_the_team_are_worked_out_from_the_published_numbers_alone() -> None:
    """R7: two towns with the same published table have the same gaps, whatever lies beneath."""
    other = {**COUNTS, ("eenzaamheid", "BU03440000"): 24, ("eenzaamheid", "BU03440001"): 2}
    one = published([], FOUR, COUNTS, today=TODAY, themes=["eenzaamheid", "vallen"])
    two = published([], FOUR, other, today=TODAY, themes=["eenzaamheid", "vallen"])
    assert one.shown == two.shown
    np.testing.assert_array_equal(one.coverage.unmet, two.coverage.unmet)
    assert one.gaps == two.gaps


def test_areas_with_hardly_any_residents_do_not_leave_the_team() -> None:
    """R7."""
    with pytest.raises(SchakelError, match="fewer than 10 inhabitants"):
        published([], replace(FOUR, population=np.array([5.0, 9, 9, 9])), {}, today=TODAY, themes=["vallen"])
    with pytest.raises(SchakelError, match="never published"):
        published([], FOUR, {}, today=TODAY, themes=["crisis_suicide"])
    with pytest.raises(SchakelError, match="no whole number"):
        published([], FOUR, {("vallen", "BU03440000"): 1.5}, today=TODAY, themes=["vallen"])  # type: ignore[dict-item]


def test_the_areas_of_one_municipality_are_taken_out() -> None:
    assert in_municipality(FOUR, "GM0344").codes == FOUR.codes
    with pytest.raises(SchakelError, match="GM0001"):
        in_municipality(FOUR, "GM0001")
