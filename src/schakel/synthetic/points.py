"""Where areas lie: points with believable spacing inside a wobbly municipal border, and who borders whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from scipy.spatial import Delaunay, cKDTree

from schakel.records import Floats, Ints

from .plan import Plan, Shape

METRES_PER_ROOT_AREA = 650.0  # radius of a municipality of one area: 1.3 km² an area
SAMPLES_PER_AREA = 20
RELAXATIONS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A border, the points of the areas in it (metres, shape (n, 2)) and the neighbours of each."""

    radius: float
    wobble: Floats  # (harmonics, 2): cosine and sine coefficients of the border's log radius
    points: Floats
    neighbours: tuple[tuple[int, ...], ...]

    def border(self, angle: Floats) -> Floats:
        """The distance in metres from the centre to the border, in each direction (radians)."""
        order = np.arange(2, 2 + len(self.wobble))[:, None]
        waves = self.wobble[:, :1] * np.cos(order * angle) + self.wobble[:, 1:] * np.sin(order * angle)
        return np.asarray(self.radius * np.exp(waves.sum(axis=0)))


def ground(plan: Plan) -> Ground:
    """The ground of a municipality: denser towards its centre and in a few villages."""
    return _ground(plan.map_seed, plan.areas, plan.centre)


@lru_cache(maxsize=4)
def _ground(seed: int, areas: int, centre: tuple[float, float]) -> Ground:
    rng = Plan(seed=seed, areas=areas).stream("geometry")
    wobble = rng.normal(0.0, 0.09, (5, 2)) / np.arange(1, 6)[:, None]
    empty = Ground(METRES_PER_ROOT_AREA * areas**0.5, wobble, np.empty((0, 2)), ())
    points = np.array(centre) + _spread(_homes(rng, empty, SAMPLES_PER_AREA * areas), areas)
    points.setflags(write=False)  # shared by all plans on this map
    return Ground(empty.radius, wobble, points, bordering(points))


def _homes(rng: Generator, inside: Ground, number: int) -> Floats:
    """Places of homes: about half in the centre, a quarter in villages, the rest anywhere."""
    villages = rng.uniform(-0.65, 0.65, (rng.integers(2, 5), 2))
    draw = 2 * number  # more than enough remain inside the border
    kind = rng.random(draw)
    place = rng.uniform(-1.0, 1.0, (draw, 2))
    spread = rng.normal(0.0, 1.0, (draw, 2))
    village = villages[rng.integers(0, len(villages), draw)]
    place = np.where(kind[:, None] < 0.75, village + 0.12 * spread, place)
    place = np.where(kind[:, None] < 0.45, 0.3 * spread, place) * inside.radius
    distance = np.hypot(place[:, 0], place[:, 1])
    kept = distance < 0.97 * inside.border(np.arctan2(place[:, 1], place[:, 0]))
    return np.asarray(place[kept][:number])


def _spread(homes: Floats, areas: int) -> Floats:
    """Lloyd relaxation: every point moves to the middle of the homes nearest to it."""
    points = homes[:areas]
    for _ in range(RELAXATIONS):
        nearest = cKDTree(points).query(homes)[1]
        size = np.bincount(nearest, minlength=areas)
        middle = np.stack([np.bincount(nearest, homes[:, axis], areas) for axis in (0, 1)], axis=1)
        points = np.where(size[:, None] > 0, middle / np.maximum(size, 1)[:, None], points)
    return points


def bordering(points: Floats) -> tuple[tuple[int, ...], ...]:
    """Neighbours in the Delaunay triangulation; of at most three areas each borders every other."""
    if len(points) < 4:
        return tuple(tuple(j for j in range(len(points)) if j != i) for i in range(len(points)))
    start, ends = Delaunay(points).vertex_neighbor_vertices
    return tuple(tuple(sorted(ends[a:b].tolist())) for a, b in pairwise(start))


def grow(
    rng: Generator, *, points: Floats, neighbours: tuple[tuple[int, ...], ...], size: int, shape: Shape
) -> Ints:
    """Indices of ``size`` connected areas around a random one, nearest first or at random along borders."""
    seed = int(rng.integers(len(points)))
    distance = ((points - points[seed]) ** 2).sum(axis=1)
    chosen, frontier = {seed}, set(neighbours[seed])
    while len(chosen) < size and frontier:
        edge = sorted(frontier)
        nearest = min(edge, key=lambda index: float(distance[index]))
        step = nearest if shape == "compact" else edge[int(rng.integers(len(edge)))]
        chosen.add(step)
        frontier = (frontier | set(neighbours[step])) - chosen
    return np.array(sorted(chosen), dtype=np.int64)
