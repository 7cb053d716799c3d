"""Reading areas: tables with coordinates, and GeoJSON with borders as CBS and municipalities write them (S001)."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from schakel.areas import neighbours_of, to_degrees, to_metres
from schakel.io import read_areas
from schakel.records import Areas, InputFaultsError, SchakelError
from schakel.synthetic import Plan, municipality, write

from .files import AREAS_CSV, CODES, put


def square(lon: float, lat: float, side: float = 0.01) -> list[list[float]]:
    return [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]


def feature(ring: object, **properties: object) -> dict[str, object]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(folder: Path, *features: object, name: str = "areas.geojson") -> Areas:
    return read_areas(
        put(folder / name, json.dumps({"type": "FeatureCollection", "features": list(features)}))
    )


def one_fault(folder: Path, *features: object) -> str:
    with pytest.raises(InputFaultsError) as caught:
        geojson(folder, *features)
    assert len(caught.value.faults) == 1
    return str(caught.value)


def shapes(areas: Areas) -> NDArray[np.object_]:
    return np.array(areas.polygons, dtype=object)


def test_a_table_in_degrees_keeps_its_order_and_figures(tmp_path: Path) -> None:
    areas = read_areas(put(tmp_path / "a.csv", AREAS_CSV))
    assert (areas.codes, areas.names, areas.metric) == (CODES, CODES, "sphere")
    assert areas.coordinates[4].tolist() == [5.11, 52.11]
    assert areas.population.tolist() == list(range(1000, 1009))


def test_a_table_in_metres_of_any_size_is_a_plane(tmp_path: Path) -> None:
    areas = read_areas(put(tmp_path / "a.csv", "area,x,y,name,parent\nB1,0,1,Noord,W\nB2,2,3,,\n"))
    assert areas.metric == "plane"
    assert (areas.names, areas.parents) == (("Noord", "B2"), ("W", ""))
    assert np.isnan(areas.population).all()


def test_a_population_that_is_not_known_is_missing_and_never_zero(tmp_path: Path) -> None:
    lines = ("A,5,52,.", "B,5,52,", "C,5,52,-99997", "D,5,52,-99999999.0", "E,5,52,0")
    areas = read_areas(put(tmp_path / "a.csv", "\n".join(["area,lon,lat,population", *lines])))
    assert np.isnan(areas.population).tolist() == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("B9,,52,1", "lon"),
        ("B9,5,NaN,1", "lat"),
        ("B9,5,inf,1", "lat"),
        ("B9,abc,52,1", "lon"),
        ("B9,500,52,1", "lon"),
        ("B9,5,95,1", "lat"),
        ("B9,52.1,5.1,1", "lon"),
        ("B9,5,52,-1", "population"),
        ("B9,5,52,NaN", "population"),
        (",5,52,1", "area"),
        ("B0,5,52,1", "area"),
    ],
)
def test_a_fault_in_a_table_is_named_by_line_and_field(tmp_path: Path, line: str, field: str) -> None:
    path = put(tmp_path / "a.csv", AREAS_CSV + line + "\n")
    with pytest.raises(InputFaultsError) as caught:
        read_areas(path)
    assert [(fault.line, fault.field) for fault in caught.value.faults] == [(11, field)]


@pytest.mark.parametrize("value", ["abc", ""])
def test_metres_that_are_no_numbers_are_faults(tmp_path: Path, value: str) -> None:
    with pytest.raises(InputFaultsError, match=r"field 'x': .*; expected a coordinate in metres"):
        read_areas(put(tmp_path / "a.csv", f"area,x,y\nB1,{value},{value}\n"))


@pytest.mark.parametrize("header", ["area,x,y", "area,y,x"])
def test_dutch_degrees_are_not_taken_for_metres(tmp_path: Path, header: str) -> None:
    with pytest.raises(SchakelError, match="look like degrees"):
        read_areas(put(tmp_path / "a.csv", f"{header}\nB1,5.1,52.1\nB2,5.2,52.2\n"))


def test_dutch_borders_become_metres_with_neighbours(tmp_path: Path) -> None:
    areas = geojson(
        tmp_path, *(feature(square(5 + i * 0.01, 52), area=f"B{i}", population=9) for i in range(3))
    )
    assert areas.metric == "plane"
    assert areas.neighbours == ((1,), (0, 2), (1,))
    middle = to_metres(np.array([[5.005, 52.005]]))[0]
    assert np.hypot(*(areas.coordinates[0] - middle)) < 1
    assert np.allclose(to_degrees(areas.coordinates)[0], [5.005, 52.005], atol=2e-5)


def test_borders_elsewhere_stay_degrees_and_borders_in_metres_stay_metres(tmp_path: Path) -> None:
    far = geojson(tmp_path, feature(square(-106, 35), area="A"))
    grid = geojson(tmp_path, feature(square(120_000, 480_000, 500), area="A"))
    assert (far.metric, grid.metric) == ("sphere", "plane")
    assert grid.coordinates.tolist() == [[120_250.0, 480_250.0]]


@pytest.mark.parametrize("name", ["area", "buurtcode", "BU_CODE", "statcode", "gebied"])
@pytest.mark.parametrize("people", ["population", "aantalInwoners", "AANTAL_INWONERS", "inwoners"])
def test_the_names_that_cbs_gives_to_codes_and_people_are_known(
    tmp_path: Path, name: str, people: str
) -> None:
    properties = {name: " BU00010000 ", people: 120, "buurtnaam": "Noord", "wijkcode": "WK000100"}
    areas = geojson(tmp_path, feature(square(5, 52), **properties))
    assert (areas.codes, areas.names, areas.parents) == (("BU00010000",), ("Noord",), ("WK000100",))
    assert areas.population.tolist() == [120.0]


@pytest.mark.parametrize("people", [None, "", ".", -99997, "-99995", -99997.0])
def test_a_figure_that_cbs_keeps_secret_is_missing(tmp_path: Path, people: object) -> None:
    assert math.isnan(geojson(tmp_path, feature(square(5, 52), area="A", population=people)).population[0])


@pytest.mark.parametrize("people", [-4, "veel", math.inf, math.nan, [3]])
def test_a_population_that_is_no_number_of_people_is_a_fault(tmp_path: Path, people: object) -> None:
    message = one_fault(tmp_path, feature(square(5, 52), area="A", population=people))
    assert "feature 1, field 'population'" in message


def test_a_border_that_rounding_made_cross_or_collapse_is_mended(tmp_path: Path) -> None:
    spike = [
        [5, 52],
        [5.01, 52],
        [5.01, 52.01],
        [5.005, 52.01],
        [5.005, 52.0101],
        [5.005, 52.01],
        [5, 52.01],
        [5, 52],
    ]
    collapsed = [[[[5, 52.02], [5.01, 52.02], [5, 52.02], [5, 52.02]]]]
    several: dict[str, object] = {"type": "MultiPolygon", "coordinates": [[square(5, 52.01)], *collapsed]}
    areas = geojson(
        tmp_path, feature(spike, area="A"), feature(square(0, 0), area="B") | {"geometry": several}
    )
    assert shapely.is_valid(shapes(areas)).all()
    first, second = shapely.area(shapes(areas))
    assert first == pytest.approx(second, rel=0.001)
    assert areas.neighbours == ((1,), (0,))


@pytest.mark.public_data
def test_the_rounded_borders_of_the_whole_country_are_read(public_data: Path) -> None:
    areas = read_areas(public_data / "geo" / "nl_buurten_2024_approximate.geojson.gz")
    assert len(areas) == 14_566
    assert areas.metric == "plane"
    assert shapely.is_valid(shapes(areas)).all()
    alone = [areas.names[index] for index, others in enumerate(areas.neighbours) if not others]
    assert len(alone) < 10  # islands in water


BOW = [[5, 52], [5.1, 52.1], [5.1, 52], [5, 52.1], [5, 52]]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (feature(BOW, area="A"), "feature 2, field 'geometry': 'A'; expected a valid Polygon"),
        (feature([[5, 52], [5.1, 52]], area="A"), "field 'geometry'"),
        (feature([["x", 52], [5, 52], [5, 53], [5, 52]], area="A"), "field 'geometry'"),
        (feature([[math.nan, 52], [5, 52], [5, 53], [math.nan, 52]], area="A"), "field 'geometry'"),
        (feature([[5, 52], [5.1, 52], [math.nan, 52.1], [5, 52]], area="A"), "field 'geometry'"),
        ({"properties": {"area": "A"}, "geometry": None}, "field 'geometry'"),
        (
            {"properties": {"area": "A"}, "geometry": {"type": "Point", "coordinates": [5, 52]}},
            "field 'geometry'",
        ),
        (feature(square(5, 52)), "field 'area': empty"),
        (feature(square(5, 52), area="  "), "field 'area': empty"),
        (feature(square(5, 52), area="B0"), "field 'area': 'B0'; expected every area once"),
        ({"properties": ["area"], "geometry": 3}, "field 'area': empty"),
        (None, "field 'area': empty"),
    ],
)
def test_a_feature_that_cannot_be_an_area_is_named(tmp_path: Path, broken: object, message: str) -> None:
    assert message in one_fault(tmp_path, feature(square(5.1, 52.1), area="B0"), broken)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "cannot be read as GeoJSON"),
        ("{", "cannot be read as GeoJSON"),
        ("[" * 200_000, "cannot be read as GeoJSON"),
        ("[]", "has no features"),
        ('{"features": []}', "has no features"),
        ('{"type": "FeatureCollection"}', "has no features"),
    ],
)
def test_what_holds_no_features_is_said_so(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(SchakelError, match=message):
        read_areas(put(tmp_path / "a.geojson", content))


def test_swapped_coordinates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SchakelError, match="look swapped"):
        geojson(tmp_path, feature(square(52, 5), area="A"))


def test_a_gzipped_geojson_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    content = gzip.compress(json.dumps({"features": [feature(square(5, 52), area="A")]}).encode())
    assert read_areas(put(tmp_path / "a.geojson.gz", content)).codes == ("A",)
    with pytest.raises(SchakelError, match="cannot be read as GeoJSON"):
        read_areas(put(tmp_path / "b.geojson.gz", content[:-20]))


def test_a_made_up_municipality_reads_back_from_its_table_and_its_borders(tmp_path: Path) -> None:
    town = municipality(Plan(areas=16, signals=50, weeks=8, text=False))
    write(town, tmp_path)
    table, borders = read_areas(tmp_path / "areas.csv"), read_areas(tmp_path / "areas.geojson")
    for again in (table, borders):
        assert (again.codes, again.names, again.parents) == (
            town.areas.codes,
            town.areas.names,
            town.areas.parents,
        )
        assert again.population.tolist() == town.areas.population.tolist()
    assert np.abs(borders.coordinates - town.areas.coordinates).max() < 1
    assert np.abs(to_metres(table.coordinates) - town.areas.coordinates).max() < 1
    assert borders.neighbours == neighbours_of(town.areas.polygons)


def test_a_small_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schakel.io.packed.MOST_BYTES", 2**20)
    (tmp_path / "a.geojson.gz").write_bytes(gzip.compress(b" " * 2**21))
    with pytest.raises(SchakelError, match="too large when it is unpacked; expected at most 1 MiB"):
        read_areas(tmp_path / "a.geojson.gz")
