"""Shapes of neighbourhoods: Voronoi cells, borders roughened once so that neighbours share them exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from scipy.spatial import Voronoi
from shapely.geometry import Polygon

from schakel.records import Floats, Ints, SchakelError

from .points import Ground

ROUGHNESS = 0.09  # displacement of a border's middle as a share of its length
HALVINGS = 3  # every border becomes 2³ straight pieces
STRAIGHT = 25.0  # metres; shorter borders stay straight
SHORTEST_BORDER = 1.0  # metres; areas that touch for less are no neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Polygons in metres, disjoint and without gaps, and the indices of the neighbours of each."""

    polygons: tuple[Polygon, ...]
    neighbours: tuple[tuple[int, ...], ...]


def shapes(rng: Generator, land: Ground) -> Shapes:
    """Cut the ground into one polygon for each point; the municipal border follows from points outside it."""
    number = len(land.points)
    cells = Voronoi(np.concatenate([land.points, *_outside(rng, land)]))
    sides, corners = np.array(cells.ridge_points), np.array(cells.ridge_vertices)
    ours = (sides < number).any(axis=1)
    sides, ends = sides[ours], cells.vertices[corners[ours]]
    waves = rng.normal(0.0, 1.0, (2**HALVINGS - 1, len(sides)))
    long = np.hypot(*(ends[:, 1] - ends[:, 0]).T) > STRAIGHT
    every = range(number)
    for roughness in (ROUGHNESS, ROUGHNESS / 2, ROUGHNESS / 4, 0.0):
        borders = np.round(_roughened(ends, roughness * long * waves), 2)
        polygons = [
            _ring(index, land.points[index], sides=sides, ends=ends, borders=borders) for index in every
        ]
        if shapely.is_valid(polygons).all() and shapely.coverage_is_valid(polygons):
            return Shapes(tuple(polygons), _sharing(sides, ends, number))
    raise SchakelError(f"the ground of {number} areas could not be cut into clean polygons; try another seed")


def _outside(rng: Generator, land: Ground) -> tuple[Floats, Floats]:
    """Points just outside the border, spaced like the areas along it, and a ring far away that closes all."""
    around = 8 + int(4 * len(land.points) ** 0.5)
    angle = 2 * np.pi * (np.arange(around) + rng.uniform(-0.2, 0.2, around)) / around
    centre = (
        land.points.mean(axis=0) if len(land.points) < 3 else (land.points.min(0) + land.points.max(0)) / 2
    )
    distance = np.maximum(land.border(angle), _reach(land.points - centre, angle)) * 1.12
    near = centre + _polar(angle, distance * rng.uniform(1.0, 1.1, around))
    far = centre + _polar(2 * np.pi * np.arange(12) / 12, np.full(12, 8.0 * distance.max()))
    return near, far


def _reach(points: Floats, angle: Floats) -> Floats:
    """How far the points reach in each direction."""
    ahead = points @ np.stack([np.cos(angle), np.sin(angle)])
    return np.asarray(ahead.max(axis=0))


def _polar(angle: Floats, distance: Floats) -> Floats:
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


def _roughened(ends: Floats, waves: Floats) -> Floats:
    """Midpoint displacement of every border at once: shape (borders, 2, 2) to (borders, 2^k + 1, 2)."""
    line, used = ends, 0
    while line.shape[1] <= 2 ** (HALVINGS - 1):
        step = np.diff(line, axis=1)
        normal = np.stack([-step[..., 1], step[..., 0]], axis=-1)
        wave = waves[used : used + step.shape[1]].T[..., None]
        middle = (line[:, :-1] + line[:, 1:]) / 2 + wave * normal
        used += step.shape[1]
        longer = np.empty((len(line), 2 * line.shape[1] - 1, 2))
        longer[:, ::2], longer[:, 1::2] = line, middle
        line = longer
    return line


def _ring(index: int, point: Floats, *, sides: Ints, ends: Floats, borders: Floats) -> Polygon:
    """The polygon of one area: its borders, each turned to run counter-clockwise, one after the other."""
    own = (sides == index).any(axis=1)
    lines, first, last = borders[own], ends[own, 0] - point, ends[own, 1] - point
    clockwise = first[:, 0] * last[:, 1] - first[:, 1] * last[:, 0] < 0
    lines[clockwise] = lines[clockwise][:, ::-1]
    middle = first + last
    order = np.argsort(np.arctan2(middle[:, 1], middle[:, 0]))
    return Polygon(lines[order, :-1].reshape(-1, 2))


def _sharing(sides: Ints, ends: Floats, number: int) -> tuple[tuple[int, ...], ...]:
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    inner = sides[(sides < number).all(axis=1) & (length >= SHORTEST_BORDER)]
    found: list[list[int]] = [[] for _ in range(number)]
    for one, other in inner.tolist():
        found[one].append(other)
        found[other].append(one)
    return tuple(tuple(sorted(near)) for near in found)
