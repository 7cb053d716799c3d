"""A whole made-up country, municipality by municipality, on made-up ground or on real neighbourhoods."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator, SeedSequence

from schakel.areas import subset
from schakel.records import Areas, Floats, Ints, SchakelError

from .files import places, planted_rows, records
from .municipality import Municipality, inhabit, municipality
from .plan import Plan
from .points import METRES_PER_ROOT_AREA, bordering

MOST_AREAS, FEWEST_AREAS = 450, 3  # of one made-up municipality
ROOM = 1.5  # a municipality is given this many times its radius, so that none overlap
SPIRAL = 40_000  # places where a municipality may lie
NEIGHBOURHOOD = re.compile(r"BU\d{4}[0-9A-Z]{4}")
DILIGENCE = 0.25  # how much reporting per inhabitant differs between municipalities (sd of its logarithm)


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_country` wrote."""

    folder: Path
    municipalities: int
    areas: int
    signals: int


def country(
    plan: Plan, *, municipalities: int = 342, neighbourhoods: int = 14_574, on: Areas | None = None
) -> Iterator[Municipality]:
    """Yield the municipalities of a made-up country one by one, so that memory holds only one.

    ``plan.signals`` is the expected number in the whole country; its other settings hold for every
    municipality, with a seed of its own. Without ``on`` the ground is made up; with it, signals arise in those
    real areas: codes like BU03440101 tell their municipality, ``parents`` their district, ``population`` how
    much is heard; where that is unknown nothing is. Raises `SchakelError` when codes do not tell it, or when
    nobody is known to live anywhere.
    """
    if on is not None:
        yield from _on_real_ground(plan, on)
        return
    if not municipalities * FEWEST_AREAS <= neighbourhoods <= municipalities * MOST_AREAS // 4:
        few, most = municipalities * FEWEST_AREAS, municipalities * MOST_AREAS // 4
        raise SchakelError(f"country, neighbourhoods: {neighbourhoods}; expected {few} to {most}")
    rng = np.random.default_rng(SeedSequence(plan.seed))
    sizes = _sizes(rng, municipalities, neighbourhoods)
    signals = _divided(rng, plan.signals, sizes)
    for index, centre in enumerate(_packed(METRES_PER_ROOT_AREA * ROOM * np.sqrt(sizes), plan.centre)):
        own = _own(plan, number=index + 1, areas=int(sizes[index]), signals=float(signals[index]))
        yield municipality(replace(own, districts=0, centre=centre))


def write_country(parts: Iterable[Municipality], folder: Path) -> Written:
    """Write signals as Parquet partitioned by municipality, areas.csv, population.csv and truth.json.

    ``municipality=GM0001/part.parquet`` has one row per signal in order of date. Only one municipality is in
    memory at a time. Raises `SchakelError` when the folder cannot be written.
    """
    areas, population, truth, signals = [], [], [], 0
    try:
        for part in parts:
            said = records(part.signals)
            rows = said if part.plan.text else said.drop("text")
            place = folder / "signals" / f"municipality=GM{part.plan.number:04d}"
            place.mkdir(parents=True, exist_ok=True)
            rows.write_parquet(place / "part.parquet")
            signals += len(rows)
            areas.append(places(part.areas))
            population.append(part.population)
            truth.extend(planted_rows(part.truth))
        folder.mkdir(parents=True, exist_ok=True)
        pl.concat(areas).write_csv(folder / "areas.csv")
        pl.concat(population).cast({"population": pl.Int64}).write_csv(folder / "population.csv")
        (folder / "truth.json").write_text(json.dumps(truth, indent=1, default=str) + "\n", "utf-8")
    except OSError as error:
        raise SchakelError(f"{folder}: cannot write the country there ({error.strerror})") from error
    return Written(folder, len(areas), sum(len(part) for part in areas), signals)


def _own(plan: Plan, *, number: int, areas: int, signals: float) -> Plan:
    """The plan of one municipality, with a seed that follows from the country's and its number."""
    seed = int(SeedSequence(plan.seed, spawn_key=(number,)).generate_state(1, np.uint64)[0])
    return replace(
        plan,
        name=f"Gemeente {number}",
        number=number,
        areas=areas,
        districts=0,
        signals=signals,
        planted_areas=min(plan.planted_areas, areas),
        seed=seed,
    )


def _sizes(rng: Generator, municipalities: int, neighbourhoods: int) -> Ints:
    """Numbers of areas, few large and many small, that add up to the whole."""
    weights = np.exp(rng.normal(0.0, 0.75, municipalities))
    for _ in range(50):  # clipping shifts the sum a little; scale until it settles
        weights *= neighbourhoods / weights.sum()
        weights = np.clip(weights, FEWEST_AREAS, MOST_AREAS)
    sizes = np.floor(weights).astype(np.int64)
    sizes[np.argsort(-(weights - sizes), kind="stable")[: neighbourhoods - sizes.sum()]] += 1
    return sizes


def _divided(rng: Generator, signals: float, inhabitants: Floats | Ints) -> Floats:
    weights = inhabitants * np.exp(rng.normal(0.0, DILIGENCE, len(inhabitants)))
    return np.asarray(signals * weights / max(float(weights.sum()), np.finfo(float).tiny))


def _packed(radii: Floats, centre: tuple[float, float]) -> list[tuple[float, float]]:
    """Centres of circles that do not overlap: the largest first, each at the innermost free place of a spiral."""
    order = np.arange(SPIRAL)
    turn, reach = order * np.pi * (3 - np.sqrt(5)), np.sqrt(order / SPIRAL * 4 * (radii**2).sum())
    free = np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1)
    room = np.full(SPIRAL, np.inf)  # from each place to the nearest circle
    found = np.zeros((len(radii), 2))
    for index in np.argsort(-radii, kind="stable"):
        found[index] = free[int(np.argmax(room >= radii[index]))]
        room = np.minimum(room, np.hypot(*(free - found[index]).T) - radii[index])
    return [(float(x), float(y)) for x, y in (found + centre).round()]


def _on_real_ground(plan: Plan, on: Areas) -> Iterator[Municipality]:
    """The municipalities of given areas, in the order of their codes."""
    numbers = _numbers(on)
    rng = np.random.default_rng(SeedSequence(plan.seed))
    known, group = np.unique(numbers, return_inverse=True)
    people = np.nan_to_num(on.population)
    if not people.any():
        raise SchakelError(
            f"None of the {len(on)} areas has a known population, so nobody can be heard there; expected numbers in the"
            " column population, or in the property population or aantal_inwoners of GeoJSON."
        )
    signals = _divided(rng, plan.signals, np.bincount(group, people).astype(np.float64))
    ground = replace(
        on,
        names=on.names or on.codes,
        parents=on.parents or tuple(f"WK{code[2:8]}" for code in on.codes),
        neighbours=on.neighbours or bordering(_flat(on)),
    )
    for index, number in enumerate(known.tolist()):
        part = subset(ground, np.flatnonzero(group == index).tolist())
        own = _own(plan, number=number, areas=len(part), signals=float(signals[index]))
        diligence = np.exp(own.stream("people").normal(0.0, 0.3, len(part)))
        yield inhabit(
            own, part, diligence=diligence, districts={code: code for code in sorted(set(part.parents))}
        )


def _numbers(on: Areas) -> Ints:
    """The number of each area's municipality, from codes such as BU03440101 (or BU0363KA05)."""
    for code, place in zip(on.codes, on.coordinates, strict=True):
        if not NEIGHBOURHOOD.fullmatch(code):
            raise SchakelError(f"area {code!r}: expected a neighbourhood code such as BU03440101")
        if not np.isfinite(place).all():
            raise SchakelError(f"area {code!r}: expected coordinates")
    return np.array([int(code[2:6]) for code in on.codes])


def _flat(on: Areas) -> Floats:
    """Coordinates in which near is near: degrees of longitude are shorter than those of latitude."""
    if on.metric == "plane":
        return on.coordinates
    return np.asarray(on.coordinates * [np.cos(np.radians(on.coordinates[:, 1].mean())), 1.0])
