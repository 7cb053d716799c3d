"""Maps as light SVG paths: the base map once for the whole report, and on it the areas of one pattern.

Polygons are simplified together, so that shared borders stay shared, and written as whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from schakel.records import Areas, Floats

WIDTH = 2000.0  # units across the base map
VIEW = 600.0  # units across a drawn map
_EDGE = 60.0  # units kept free around the areas
_TOLERANCE = 2.0  # units of the base map that a border may move
_MARGIN = 0.35  # of the pattern's extent, on every side
_MARGIN_MANY = 0.08
MANY = 12  # from more areas on, numbers are small and room is for the pattern itself
_LEAST = 0.3  # of the base map's extent that a view shows at least
_WHOLE = 0.7  # from this share on, the whole base map is shown
_FONT = 15.0
_LETTER = 0.56  # width of a letter, in font sizes
_MOST_NAMES = 8

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, eq=False)
class BaseMap:
    """All areas on a plane of `WIDTH` × `height` units, y downwards.

    ``shapes`` (n,) are polygons, or points where there are no polygons. ``points`` (n, 2) lie inside them.
    """

    height: float
    path: str
    shapes: Any
    points: Floats
    drawn: Literal["polygons", "points"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One area of a pattern: its number at (x, y), its outline, and its name where there is room for it."""

    number: int
    path: str
    x: float
    y: float
    radius: float
    name: str
    name_x: float
    name_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class PatternMap:
    """One view of the base map. ``frame`` is that view on the whole base map; None when it is the whole."""

    height: float
    scale: float
    dx: float
    dy: float
    marks: tuple[Mark, ...]
    frame: Box | None


def base_map(areas: Areas) -> BaseMap:
    """All areas on one plane (degrees: equirectangular at the middle latitude), simplified together."""
    polygons = [shape for shape in areas.polygons if isinstance(shape, shapely.geometry.base.BaseGeometry)]
    drawn: Literal["polygons", "points"] = (
        "polygons" if polygons and len(polygons) == len(areas) else "points"
    )
    shapes = np.array(polygons if drawn == "polygons" else shapely.points(areas.coordinates), dtype=object)
    left, low, right, high = shapely.total_bounds(shapes).tolist()
    stretch = np.cos(np.radians((low + high) / 2)) if areas.metric == "sphere" else 1.0
    across, down = (right - left) * stretch, high - low
    unit = (WIDTH - 2 * _EDGE) / max(across, down / 1.2, 1e-9)
    height = max(down * unit + 2 * _EDGE, WIDTH / 4)
    x0, y0 = (WIDTH - across * unit) / 2, (height - down * unit) / 2

    def project(xy: Floats) -> Floats:
        return np.column_stack(((xy[:, 0] - left) * stretch * unit + x0, (high - xy[:, 1]) * unit + y0))

    shapes = shapely.transform(shapes, project)
    if drawn == "polygons":
        shapes = shapely.coverage_simplify(shapes, _TOLERANCE)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return BaseMap(
        height=round(height),
        path="".join(outline(shape) for shape in shapes),
        shapes=shapes,
        points=points,
        drawn=drawn,
    )


def outline(shape: Any, *, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> str:
    """SVG path data in whole, relative numbers; a point becomes a dot (a line without length)."""
    if shapely.get_dimensions(shape) == 0:
        x, y = shapely.get_coordinates(shape)[0] * scale + (dx, dy)
        return f"M{x:.0f} {y:.0f}h0"
    rings = (ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors))
    return "".join(_ring(shapely.get_coordinates(ring) * scale + (dx, dy)) for ring in rings)


def _ring(xy: Floats) -> str:
    corners = np.rint(xy).astype(np.int64)
    steps = np.diff(corners[:-1], axis=0)
    steps = steps[steps.any(axis=1)]
    if len(steps) < 2:
        return ""
    moves = " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{corners[0, 0]} {corners[0, 1]}l{moves}z"


def pattern_map(base: BaseMap, members: Sequence[int], names: Sequence[str]) -> PatternMap:
    """The view around the areas of a pattern, numbered in the given order; `names` are theirs."""
    frame = _frame(base, members)
    left, top, right, bottom = frame or (0.0, 0.0, WIDTH, base.height)
    scale = VIEW / (right - left)
    dx, dy, height = -left * scale, -top * scale, (bottom - top) * scale
    radius = 13.0 if len(members) <= MANY else 10.0
    centres = _apart(base.points[list(members)] * scale + (dx, dy), 2 * radius + 1)
    centres = np.clip(centres, radius + 2, (VIEW - radius - 2, height - radius - 2))
    places = _name_places(centres, names, radius) if len(members) <= _MOST_NAMES else [None] * len(members)
    marks = tuple(
        Mark(
            number=k + 1,
            path=outline(base.shapes[member], scale=scale, dx=dx, dy=dy),
            x=round(float(x), 1),
            y=round(float(y), 1),
            radius=radius,
            name=names[k] if place else "",
            name_x=round(place[0], 1) if place else 0.0,
            name_y=round(place[1], 1) if place else 0.0,
            anchor=place[2] if place else "start",
        )
        for k, (member, (x, y), place) in enumerate(zip(members, centres, places, strict=True))
    )
    return PatternMap(round(height), round(scale, 5), round(dx, 1), round(dy, 1), marks, frame)


def _frame(base: BaseMap, members: Sequence[int]) -> Box | None:
    """The part of the base map to show: the pattern with room around it, in the base map's proportions."""
    left, top, right, bottom = shapely.total_bounds(base.shapes[list(members)]).tolist()
    aspect = base.height / WIDTH
    room = 1 + 2 * (_MARGIN if len(members) <= MANY else _MARGIN_MANY)
    width = max((right - left) * room, (bottom - top) * room / aspect, _LEAST * WIDTH)
    if width >= _WHOLE * WIDTH:
        return None
    height = width * aspect
    x = min(max((left + right - width) / 2, 0.0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0.0), base.height - height)
    return round(x, 1), round(y, 1), round(x + width, 1), round(y + height, 1)


def _apart(centres: Floats, distance: float) -> Floats:
    """Push numbers that overlap apart, a little at a time."""
    moved = centres.copy()
    for _ in range(40):
        gap = moved[:, None] - moved[None]
        length = np.hypot(gap[..., 0], gap[..., 1])
        close = (length < distance) & ~np.eye(len(moved), dtype=bool)
        if not close.any():
            break
        fallback = np.sign(np.subtract.outer(np.arange(len(moved)), np.arange(len(moved))))
        unit = np.where(
            length[..., None] > 0.1, gap / np.maximum(length, 0.1)[..., None], fallback[..., None]
        )
        moved += np.where(close[..., None], unit * (distance - length)[..., None] / 2, 0.0).sum(axis=1)
    return moved


def _name_places(
    centres: Floats, names: Sequence[str], radius: float
) -> list[tuple[float, float, str] | None]:
    """Right of the number, else left, else below; None where it would cover another."""
    taken: list[Box] = [(x - radius, y - radius, x + radius, y + radius) for x, y in centres.tolist()]
    places: list[tuple[float, float, str] | None] = []
    for (x, y), name in zip(centres.tolist(), names, strict=True):
        width = _LETTER * _FONT * len(name)
        found: tuple[float, float, str] | None = None
        for place_x, place_y, anchor, left in (
            (x + radius + 4, y + 5, "start", x + radius + 4),
            (x - radius - 4, y + 5, "end", x - radius - 4 - width),
            (x, y + radius + _FONT, "middle", x - width / 2),
        ):
            box = (left, place_y - _FONT, left + width, place_y + 3)
            if left > 2 and left + width < VIEW - 2 and not any(_overlap(box, other) for other in taken):
                found = (place_x, place_y, anchor)
                taken.append(box)
                break
        places.append(found)
    return places


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
