"""A map of neighbourhoods as SVG shapes, shaded by a number; the page puts the same numbers in a table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schakel_web.network.models import Area

_WIDTH = 1000.0  # units across
_EDGE = 10.0
_STEPS = 5
_NUMBERED = 40  # areas: with more, numbers in the map would lie over each other


@dataclass(frozen=True)
class Shape:
    """One area: outline, a point inside it, its number, and how dark it is (0: nothing, up to 5: the most)."""

    area: Area
    path: str
    x: float
    y: float
    number: int
    step: int


@dataclass(frozen=True)
class Map:
    """Shapes on a plane of `width` × `height` units, y downwards; and from which number each step begins."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    steps: tuple[int, ...]
    numbered: bool


def shaded(areas: Iterable[Area], counts: Mapping[int, int]) -> Map | None:
    """The map of these areas; None when none of them has borders. Equal steps from one to the largest number."""
    drawn = [area for area in areas if area.rings]
    if not drawn:
        return None
    corners = [point for area in drawn for ring in area.rings for point in ring]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    low, high = min(y for _x, y in corners), max(y for _x, y in corners)
    unit = (_WIDTH - 2 * _EDGE) / max(right - left, high - low, 1.0)
    most = max((counts.get(area.pk, 0) for area in drawn), default=0)

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x - left) * unit + _EDGE), round((high - y) * unit + _EDGE)

    shapes = []
    for area in drawn:
        outline = "".join(
            "M" + "L".join(f"{x} {y}" for x, y in (place(*point) for point in ring)) + "Z"
            for ring in area.rings
        )
        x, y = place(area.x or 0.0, area.y or 0.0)
        number = counts.get(area.pk, 0)
        shapes.append(Shape(area, outline, x, y, number, -(-number * _STEPS // most) if most else 0))
    steps = tuple(sorted({max(1, k * most // _STEPS + 1) for k in range(_STEPS)})) if most else ()
    height = (high - low) * unit + 2 * _EDGE
    return Map((right - left) * unit + 2 * _EDGE, height, tuple(shapes), steps, len(drawn) <= _NUMBERED)
