"""Areas: CBS codes and their hierarchy, distances, neighbours, coordinates (S001)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from scipy.spatial import cKDTree

from schakel.records import Areas, Floats, Ints, SchakelError

EARTH_RADIUS_KM = 6367.0  # as in the reference scan software, so that a radius means the same
BORDER_TOLERANCE_M = 40.0  # published small-scale borders are rounded by as much

Kind = Literal["municipality", "district", "neighbourhood"]

_CODE = re.compile(r"(GM|WK|BU)?(\d{4})([0-9A-Z]{2})?(\d{2})?")  # Amsterdam letters its districts
_KINDS: dict[str, tuple[Kind, int]] = {
    "GM": ("municipality", 4),
    "WK": ("district", 6),
    "BU": ("neighbourhood", 8),
}


@dataclass(frozen=True, slots=True)
class AreaCode:
    """A CBS area code, such as BU01060305: municipality 0106, district 03 (KA in BU0363KA05), neighbourhood 05.

    ``year`` is that of the division of the country, None when it is not known. Codes of different years may name
    different pieces of land: never join them without a table of changes.
    """

    kind: Kind
    digits: str
    year: int | None = None

    def __str__(self) -> str:
        prefix = {kind: letters for letters, (kind, _) in _KINDS.items()}[self.kind]
        return prefix + self.digits

    @property
    def municipality(self) -> AreaCode:
        """The municipality that the area lies in, or is."""
        return AreaCode("municipality", self.digits[:4], self.year)

    @property
    def district(self) -> AreaCode | None:
        """The district that the area lies in, or is; None for a municipality."""
        return None if self.kind == "municipality" else AreaCode("district", self.digits[:6], self.year)

    @property
    def parent(self) -> AreaCode | None:
        """One level up; None for a municipality."""
        return self.district if self.kind == "neighbourhood" else (self.district and self.municipality)


def parse_code(text: str, *, year: int | None = None) -> AreaCode:
    """Read a CBS code as it comes: padded with spaces, in lower case, or as bare digits.

    Raises SchakelError when it is none. Bare digits tell the kind by their number: 4, 6 or 8.
    """
    found = _CODE.fullmatch(text.strip().upper())
    if found:
        digits = "".join(part or "" for part in found.groups()[1:])
        for letters, (kind, length) in _KINDS.items():
            if len(digits) == length and found[1] in (None, letters):
                return AreaCode(kind, digits, year)
    raise SchakelError(
        f"'{text}' is not a CBS area code; expected GM and 4 digits, WK and 6, or BU and 8, such as BU01060305."
    )


def municipality_of(code: str) -> str:
    """The municipality code (GM….) of a CBS area code. Raises SchakelError when it is none."""
    return str(parse_code(code).municipality)


def subset(areas: Areas, indices: Sequence[int]) -> Areas:
    """Some of the areas, in the order of `indices`; neighbours that are left out are gone."""
    keep = [int(i) for i in indices]
    place = {old: new for new, old in enumerate(keep)}
    return replace(
        areas,
        codes=tuple(areas.codes[i] for i in keep),
        coordinates=areas.coordinates[keep],
        population=areas.population[keep],
        names=tuple(areas.names[i] for i in keep) if areas.names else (),
        parents=tuple(areas.parents[i] for i in keep) if areas.parents else (),
        polygons=tuple(areas.polygons[i] for i in keep) if areas.polygons else (),
        neighbours=tuple(tuple(place[j] for j in areas.neighbours[i] if j in place) for i in keep)
        if areas.neighbours
        else (),
    )


def nearest(areas: Areas, *, at_most: int) -> tuple[Ints, Floats]:
    """The areas nearest to each area, itself first: indices (n, k) and distances in km (n, k).

    Great-circle distance for degrees, straight for metres; at equal distance the order of the file. k is the
    smaller of `at_most` and n.
    """
    n, k = len(areas), min(at_most, len(areas))
    points = areas.coordinates / 1000.0 if areas.metric == "plane" else _on_sphere(areas.coordinates)
    tree = cKDTree(points)
    order, distance = np.empty((n, k), np.int64), np.empty((n, k))
    rows, reach = np.arange(n), min(n, k + 8)
    while len(rows):  # further for those whose last neighbours lie as far as the last one looked at
        chord, index = tree.query(points[rows], k=reach)
        chord, index = chord.reshape(-1, reach), index.reshape(-1, reach)
        gap = chord if areas.metric == "plane" else 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1, chord / 2))
        ranked = np.where(index == rows[:, None], -1.0, np.round(gap, 9))
        first = np.lexsort((index, ranked), axis=1)[:, :k]
        certain = (np.take_along_axis(ranked, first, 1)[:, -1] < ranked.max(axis=1)) | (reach == n)
        order[rows[certain]] = np.take_along_axis(index, first, 1)[certain]
        distance[rows[certain]] = np.take_along_axis(gap, first, 1)[certain]
        rows, reach = rows[~certain], min(n, 2 * reach)
    return order, distance


def _on_sphere(degrees: Floats) -> Floats:
    """Points (n, 3) on the unit sphere from (lon, lat) in degrees."""
    lon, lat = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def neighbours_of(
    polygons: Sequence[object], *, metres_per_unit: float = 1.0, tolerance_m: float = BORDER_TOLERANCE_M
) -> tuple[tuple[int, ...], ...]:
    """Per area the areas that share a piece of border with it, in order.

    Borders count as shared when they run within `tolerance_m` of each other for a length of more than twice that:
    a corner alone is no border. `metres_per_unit` is 1 for metres.
    """
    shapes = np.asarray(polygons, dtype=object)
    reach = tolerance_m / metres_per_unit
    grown = shapely.buffer(shapes, reach / 2, quad_segs=2)
    left, right = shapely.STRtree(grown).query(grown, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    overlap = shapely.area(shapely.intersection(grown[left], grown[right]))
    shared = overlap > reach * reach * 2  # a strip as wide as the tolerance and twice as long
    found: list[set[int]] = [set() for _ in shapes]
    for a, b in zip(left[shared].tolist(), right[shared].tolist(), strict=True):
        found[a].add(b)
        found[b].add(a)
    return tuple(tuple(sorted(each)) for each in found)


def to_degrees(rd: Floats) -> Floats:
    """(lon, lat) in WGS84 degrees from the Dutch grid (x, y) in metres (EPSG:28992), shapes (n, 2).

    The published polynomials of Schreutelkamp & Strang van Hees (Geodesia 43, 2001, pp. 64–69): within 1 m in the
    Netherlands.
    """
    x, y = (rd[:, 0] - 155_000.0) * 1e-5, (rd[:, 1] - 463_000.0) * 1e-5
    lat = sum(k * x**p * y**q for p, q, k in _LATITUDE)
    lon = sum(k * x**p * y**q for p, q, k in _LONGITUDE)
    return np.column_stack([5.38720621 + lon / 3600.0, 52.15517440 + lat / 3600.0])


def to_metres(degrees: Floats) -> Floats:
    """Dutch grid (x, y) in metres from (lon, lat) in WGS84 degrees, shapes (n, 2); the inverse of `to_degrees`."""
    lat, lon = 0.36 * (degrees[:, 1] - 52.15517440), 0.36 * (degrees[:, 0] - 5.38720621)
    x = sum(k * lat**p * lon**q for p, q, k in _EAST)
    y = sum(k * lat**p * lon**q for p, q, k in _NORTH)
    return np.column_stack([155_000.0 + x, 463_000.0 + y])


_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550),
    (2, 2, -0.01709), (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip
_EAST = (
    (0, 1, 190094.945), (1, 1, -11832.228), (2, 1, -114.221), (0, 3, -32.391), (1, 0, -0.705), (3, 1, -2.340),
    (1, 3, -0.608), (0, 2, -0.008), (2, 3, 0.148),
)  # fmt: skip
_NORTH = (
    (1, 0, 309056.544), (0, 2, 3638.893), (2, 0, 73.077), (1, 2, -157.984), (3, 0, 59.788), (0, 1, 0.433),
    (2, 2, -6.439), (1, 1, -0.032), (0, 4, 0.092), (1, 4, -0.054),
)  # fmt: skip
