"""Districts: connected groups of neighbourhoods, their codes and their made-up Dutch names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from schakel.records import Floats, Ints, SchakelError

from .content import Names, names
from .plan import Plan

MOST_AREAS = 2_000  # of one municipality with polygons; Amsterdam has some 500


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Codes and names in code order; ``order`` gives the index of each area in the ground."""

    order: Ints
    codes: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[str, ...]
    district_names: dict[str, str]


def label(rng: Generator, plan: Plan, *, points: Floats, neighbours: tuple[tuple[int, ...], ...]) -> Labels:
    """Group the areas into districts, number both from the centre outwards and name them.

    Codes look like those of Statistics Netherlands: GM9001, WK900102, BU90010203. Raises `SchakelError` when
    there are too many areas for one municipality.
    """
    if plan.areas > MOST_AREAS:
        raise SchakelError(f"plan, areas: {plan.areas}; expected at most {MOST_AREAS} in one municipality")
    number = plan.districts or min(max(plan.areas // 9, 1), 60)
    distance = np.hypot(*(points - np.median(points, axis=0)).T)
    group = _outwards(_grouped(points, neighbours, number), distance)
    order = np.lexsort((distance, group))
    place = np.arange(plan.areas) - np.searchsorted(group[order], group[order])
    if place.max() > 99:
        raise SchakelError(f"plan, districts: {number}; expected more, at most 100 areas fit in a district")
    districts = _district_names(rng, names(), number)
    spread = distance[order] / max(float(distance.max()), 1.0)
    return Labels(
        order=order,
        codes=tuple(f"BU{plan.number:04d}{g:02d}{p:02d}" for g, p in zip(group[order], place, strict=True)),
        names=_area_names(rng, names(), spread),
        parents=tuple(f"WK{plan.number:04d}{g:02d}" for g in group[order]),
        district_names={f"WK{plan.number:04d}{g:02d}": name for g, name in enumerate(districts)},
    )


def _grouped(points: Floats, neighbours: tuple[tuple[int, ...], ...], number: int) -> Ints:
    """Grow districts from far-apart starts; the smallest that can grow takes its nearest bordering area."""
    starts = _far_apart(points, number)
    group = np.full(len(points), -1)
    group[starts] = np.arange(number)
    size = np.ones(number, dtype=np.int64)
    frontier = [set(neighbours[start]) for start in starts]
    while (group < 0).any():
        for edge in frontier:
            edge.difference_update([area for area in edge if group[area] >= 0])
        able = [index for index in range(number) if frontier[index]]
        smallest = min(able, key=lambda index: (int(size[index]), index))
        start = points[starts[smallest]]
        step = min(sorted(frontier[smallest]), key=lambda area: float(((points[area] - start) ** 2).sum()))
        group[step] = smallest
        size[smallest] += 1
        frontier[smallest].update(neighbours[step])
    return group


def _far_apart(points: Floats, number: int) -> list[int]:
    """Starts far apart: the first in the middle, every next one farthest from the others."""
    chosen = [int(((points - np.median(points, axis=0)) ** 2).sum(axis=1).argmin())]
    gap = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < number:
        chosen.append(int(gap.argmax()))
        gap = np.minimum(gap, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        gap[chosen] = -1.0
    return chosen


def _outwards(group: Ints, distance: Floats) -> Ints:
    """Renumber the districts by their mean distance to the centre: 00 is the centre."""
    mean = np.bincount(group, distance) / np.bincount(group)
    return np.asarray(np.argsort(np.argsort(mean))[group], dtype=np.int64)


def _district_names(rng: Generator, known: Names, number: int) -> list[str]:
    made = [known.districts[index] for index in rng.permutation(len(known.districts))]
    return ["Centrum", *(made * (1 + number // len(made)))][:number]


def _area_names(rng: Generator, known: Names, spread: Floats) -> tuple[str, ...]:
    """One name per area, no two alike; the outermost ones are countryside."""
    made: list[str] = []
    used: set[str] = set()
    for distance in spread:
        rural = bool(distance > 0.93)
        name = _area_name(rng, known, rural=rural)
        while name in used:
            side = known.sides[int(rng.integers(len(known.sides)))]
            name = f"{_area_name(rng, known, rural=rural)}-{side}"
        used.add(name)
        made.append(f"Buitengebied {name}" if rural else name)
    return tuple(made)


def _area_name(rng: Generator, known: Names, *, rural: bool) -> str:
    if not rural and rng.random() < 0.12:
        return known.quarters[int(rng.integers(len(known.quarters)))]
    first = known.first[int(rng.integers(len(known.first)))]
    return first + known.second[int(rng.integers(len(known.second)))]
