"""Areas: CBS codes as they come, distances, neighbours from rounded borders, coordinates."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from schakel.areas import (
    EARTH_RADIUS_KM,
    municipality_of,
    nearest,
    neighbours_of,
    parse_code,
    subset,
    to_degrees,
    to_metres,
)
from schakel.records import Areas, Floats, SchakelError


def areas_at(points: Floats, metric: str = "plane") -> Areas:
    n = len(points)
    return Areas(tuple(f"a{i}" for i in range(n)), points, metric, np.full(n, np.nan))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["BU01060305", "bu01060305", " BU01060305  ", "01060305"])
def test_a_code_is_read_padded_in_lower_case_or_as_digits(text: str) -> None:
    assert str(parse_code(text)) == "BU01060305"


def test_a_neighbourhood_lies_in_a_district_that_lies_in_a_municipality() -> None:
    code = parse_code("BU01060305", year=2024)
    assert str(code.parent) == str(code.district) == "WK010603"
    assert code.parent is not None
    assert str(code.parent.parent) == str(code.municipality) == municipality_of("WK010603") == "GM0106"
    assert code.municipality.parent is None
    assert code.municipality.year == 2024


@pytest.mark.parametrize(
    "text", ["", "GM", "BU0106", "GM010603", "WK0106", "XX0106", "0106031", "BU0106030A", "GMKA12"]
)
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(SchakelError, match="expected GM and 4 digits"):
        parse_code(text)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25), st.integers(1, 30))
def test_the_nearest_areas_are_those_of_a_plain_sort(places: list[tuple[int, int]], k: int) -> None:
    points = np.array(places, float) * 1000
    order, distance = nearest(areas_at(points), at_most=k)
    for i in range(len(points)):
        gaps = np.hypot(*(points - points[i]).T) / 1000
        plain = sorted(range(len(points)), key=lambda j: (j != i, round(gaps[j], 9), j))[:k]
        assert distance[i] == pytest.approx(np.sort(gaps)[:k])
        assert order[i].tolist() == plain


def test_many_areas_on_one_spot_each_come_first_themselves() -> None:
    order, distance = nearest(areas_at(np.zeros((40, 2))), at_most=3)
    assert order[:, 0].tolist() == list(range(40))
    assert order[39].tolist() == [39, 0, 1]
    assert not distance.any()


def test_distances_on_the_sphere_are_great_circles() -> None:
    amsterdam_maastricht = np.array([[4.9041, 52.3676], [5.6910, 50.8514]])
    _, distance = nearest(areas_at(amsterdam_maastricht, "sphere"), at_most=2)
    a, b = np.radians(amsterdam_maastricht)
    cosine = np.sin(a[1]) * np.sin(b[1]) + np.cos(a[1]) * np.cos(b[1]) * np.cos(a[0] - b[0])
    assert distance[0, 1] == pytest.approx(EARTH_RADIUS_KM * np.arccos(cosine), rel=1e-9)


def test_neighbours_share_a_border_and_not_just_a_corner() -> None:
    boxes = [shapely.box(x, y, x + 500, y + 500) for y in (0, 500) for x in (0, 500)]
    assert neighbours_of(boxes) == ((1, 2), (0, 3), (0, 3), (1, 2))


def test_a_border_that_was_rounded_apart_still_joins() -> None:
    left, right = shapely.box(0, 0, 500, 500), shapely.box(525, 0, 1000, 500)
    assert neighbours_of([left, right]) == ((1,), (0,))
    assert neighbours_of([left, shapely.box(560, 0, 1000, 500)]) == ((), ())


def test_the_dutch_grid_is_known_at_its_origin_and_back_again() -> None:
    amersfoort = np.array([[155_000.0, 463_000.0]])
    assert to_degrees(amersfoort)[0] == pytest.approx([5.38720621, 52.15517440])
    grid = np.array([[121_687.0, 487_484.0], [176_000.0, 318_000.0], [233_000.0, 582_000.0]])
    assert to_metres(to_degrees(grid)) == pytest.approx(grid, abs=0.5)


def test_two_church_towers_stand_where_the_cadastre_says() -> None:
    """The Westertoren in Amsterdam and the Martinitoren in Groningen: grid and degrees as published, within 1 cm."""
    grid = np.array([[120_700.723, 487_525.502], [233_883.131, 582_065.167]])
    degrees = np.array([[4.88352559, 52.37453253], [6.56820053, 53.21938317]])
    assert to_degrees(grid) == pytest.approx(degrees, abs=1e-7)
    assert to_metres(degrees) == pytest.approx(grid, abs=0.01)


def test_a_subset_keeps_only_neighbours_that_are_in_it() -> None:
    whole = areas_at(np.zeros((3, 2)))
    whole = Areas(whole.codes, whole.coordinates, "plane", whole.population, neighbours=((1, 2), (0,), (0,)))
    part = subset(whole, [2, 0])
    assert part.codes == ("a2", "a0")
    assert part.neighbours == ((1,), (0,))


@pytest.mark.public_data
def test_the_neighbours_of_assen_form_one_connected_town(public_data: Path) -> None:
    packed = (public_data / "geo/nl_buurten_2024_approximate.geojson.gz").read_bytes()
    features = json.loads(gzip.decompress(packed))["features"]
    assen = [f for f in features if f["properties"]["gm_code"] == "GM0106"]
    shapes = [shapely.transform(shapely.geometry.shape(f["geometry"]), to_metres) for f in assen]
    neighbours = neighbours_of(shapes)
    reached, front = {0}, [0]
    while front:
        front = [b for a in front for b in neighbours[a] if b not in reached]
        reached |= set(front)
    assert len(reached) == len(shapes)
    assert 4 < np.mean([len(each) for each in neighbours]) < 7


@pytest.mark.public_data
def test_the_neighbours_of_groningen_are_those_of_its_unrounded_borders(public_data: Path) -> None:
    features = json.loads((public_data / "geo/groningen_buurten_2017.geojson").read_bytes())["features"]
    shapes = shapely.transform(np.array([shapely.geometry.shape(f["geometry"]) for f in features]), to_metres)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    metres = shapely.length(shapely.intersection(shapes[left], shapes[right]))
    found = {(a, b) for a, others in enumerate(neighbours_of(list(shapes))) for b in others}
    for a, b, length in zip(left.tolist(), right.tolist(), metres.tolist(), strict=True):
        if a != b and length > 60:
            assert (a, b) in found
    assert all(shapely.distance(shapes[a], shapes[b]) < 40 for a, b in found)
