"""How large a pattern can be when nobody says so (ADR 16)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.detection.kernels import zone_members
from schakel.detection.zones import build_zones
from schakel.records import Areas, Settings


def town(people: list[float]) -> Areas:
    """Areas in rows of ten, a kilometre apart."""
    places = np.array([[k % 10, k // 10] for k in range(len(people))]) * 1000.0
    return Areas(tuple(f"a{k}" for k in range(len(people))), places, "plane", np.array(people))


def zones_of(areas: Areas, settings: Settings) -> list[set[int]]:
    zones = build_zones(areas, weights=areas.population, settings=settings)
    return [set(zone_members(node, zones.node_area, zones.node_depth)) for node in range(len(zones))]


@given(st.lists(st.floats(1, 10_000), min_size=2, max_size=14))
def test_nobody_lives_where_no_pattern_can_be(people: list[float]) -> None:
    shared = [zone for zone in zones_of(town(people), Settings()) if len(zone) >= 2]
    assert set().union(*shared) == set(range(len(people)))


@pytest.mark.parametrize(
    ("settings", "largest"),
    [
        (Settings(), 25), (Settings(raw=True), 50), (Settings(null="poisson"), 50),
        (Settings(method="permutation"), 50), (Settings(max_share=0.1), 10), (Settings(neighbours=40), 40),
    ],
)  # fmt: skip
def test_a_pattern_is_at_most_a_quarter_and_by_the_older_conventions_half(
    settings: Settings, largest: int
) -> None:
    assert max(map(len, zones_of(town([100.0] * 100), settings))) == largest


@pytest.mark.parametrize(("areas", "largest"), [(8, 4), (20, 10), (36, 10), (60, 15)])
def test_in_a_small_town_it_is_ten_areas_or_half(areas: int, largest: int) -> None:
    assert max(map(len, zones_of(town([100.0] * areas), Settings()))) == largest


def test_a_radius_still_counts() -> None:
    assert max(map(len, zones_of(town([900.0, 1.0, 1.0]), Settings(max_radius_km=0.5)))) == 1
