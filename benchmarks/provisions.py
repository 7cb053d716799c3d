"""Speed of the social map: ``python -m benchmarks.provisions``. Figures go to docs/methods.

A made-up country of 14,574 neighbourhoods and 100,000 provisions after the templates: building the index, searching,
coverage, duplicates. Ratios are to a tenth of the provisions in the same run, so that they say how it grows.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from schakel.provisions import Index, Provision, Search, Session, coverage, load_templates
from schakel.provisions.duplicates import duplicates
from schakel.provisions.provision import Place
from schakel.records import Areas
from schakel.themes import load_taxonomy

FIGURES = Path(__file__).parents[1] / "docs/methods/figures/provisions_speed.json"
AREAS, PROVISIONS, COPIES = 14_574, 100_000, 50_000
TODAY = date(2026, 11, 26)
QUERIES = (
    "wandelen",
    "samen eten met anderen",
    "eenzamheid",
    "hulp bij formulieren",
    "moestuin",
    "taalles",
    "koffie",
)


def country(rng: np.random.Generator) -> Areas:
    """Neighbourhoods in towns: a few dense, many thin."""
    towns = rng.uniform((20_000, 310_000), (270_000, 610_000), (342, 2))
    town = rng.choice(len(towns), AREAS, p=rng.dirichlet(np.full(len(towns), 0.7)))
    return Areas(
        codes=tuple(f"BU{number:08}" for number in range(AREAS)),
        coordinates=towns[town] + rng.normal(0, 2_500, (AREAS, 2)),
        metric="plane",
        population=rng.integers(50, 4_000, AREAS).astype(float),
    )


def made(areas: Areas, count: int, rng: np.random.Generator) -> list[Provision]:
    templates = load_templates()
    where = rng.choice(AREAS, count, p=areas.population / areas.population.sum())
    points = areas.coordinates[where] + rng.normal(0, 400, (count, 2))
    names = [
        f"{a}{b}" for a in "bdfghjklmnprstvw" for b in ("aal", "eek", "ierik", "oos", "uin", "inde", "orst")
    ]
    day = Session(date(2026, 1, 5), "FREQ=WEEKLY;BYDAY=TU", 600, 120)
    return [
        replace(
            (one := templates[number % len(templates)].provision),
            id=str(number),
            name=f"{one.name} {names[(number * 7) % len(names)]} {number % 997}",
            place=Place(areas.codes[where[number]], float(points[number, 0]), float(points[number, 1])),
            sessions=(replace(day, rule=f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[number % 5]}"),),
            capacity=5 + number % 30,
            free=number % 7,
            checked=TODAY,
        )
        for number in range(count)
    ]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def searching(index: Index, areas: Areas) -> list[float]:
    """Milliseconds of each search, after one to warm up."""
    near = {"area": areas.codes[7], "within_km": 5.0}
    filters: tuple[dict[str, Any], ...] = ({}, near, {"days": (1, 3), "free": 1})
    every = [Search(text=text, **some) for text in QUERIES for some in filters]
    index.search(every[0])
    return [1000 * seconds(lambda search=search: index.search(search)) for search in every]  # type: ignore[misc]


def main() -> None:
    rng = np.random.default_rng(1)
    areas = country(rng)
    themes = [theme.id for theme in load_taxonomy().themes if not theme.sensitive]
    needs = {
        (themes[int(theme)], areas.codes[int(area)]): float(people)
        for theme, area, people in zip(
            rng.integers(len(themes), size=200_000),
            rng.integers(AREAS, size=200_000),
            rng.integers(1, 9, 200_000),
            strict=True,
        )
    }
    rows: list[list[object]] = []
    for count in (PROVISIONS // 10, PROVISIONS):
        some = made(areas, count, np.random.default_rng(2))
        coverage(some[:10], areas, {}, today=TODAY)  # warm up
        covered = seconds(lambda some=some: coverage(some, areas, needs, today=TODAY))  # type: ignore[misc]
        started = time.perf_counter()
        index = Index(some, today=TODAY, areas=areas)
        built = time.perf_counter() - started
        each = sorted(searching(index, areas))
        rows.append([count, covered, built, each[len(each) // 2], each[-1]])
        print(rows[-1], flush=True)
    copies = [replace(some[0], id=str(number)) for number in range(COPIES)]
    alike = seconds(lambda: duplicates(copies))
    other = seconds(lambda: duplicates(some[:COPIES]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = [f"{large / small:.1f}" for small, large in zip(rows[0], rows[1], strict=True)]  # type: ignore[operator]
    written = [[f"{row[0]:,}", *(f"{value:.1f}" for value in row[1:])] for row in rows]
    figures = {
        "title": "The social map: speed",
        "command": "python -m benchmarks.provisions",
        "tables": [
            {
                "caption": f"{AREAS:,} neighbourhoods, {len(themes)} themes, 200,000 needs; two cores",
                "columns": ["provisions", "coverage (s)", "index (s)", "search, median (ms)", "search, slowest (ms)"],
                "rows": [*written, ["ratio", *ratio[1:]]],
            },
            {
                "caption": f"Likely duplicates among {COPIES:,}",
                "columns": ["what", "seconds"],
                "rows": [["all the same", f"{alike:.1f}"], ["all different", f"{other:.1f}"]],
            },
        ],
        "notes": [f"Peak memory of the whole run: {peak:.0f} MiB."],
    }  # fmt: skip
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"duplicates: {alike:.1f} s alike, {other:.1f} s different; {peak:.0f} MiB")


if __name__ == "__main__":
    main()
