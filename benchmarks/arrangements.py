"""How long a combination takes: ``python -m benchmarks.arrangements``. The budget: 200 ms for 500 provisions, 8 needs.

Two made-up social maps of 500 provisions, each asked several times: one with the themes of the templates, and a hard
one in which every provision serves some of the eight needs. Milliseconds are of the processor, so that a busy machine
shows the work and not the waiting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np

from schakel.arrangements import (
    Candidate,
    Composition,
    Home,
    Need,
    Slot,
    Wishes,
    candidates,
    compose,
    explain,
)
from schakel.provisions import Access, Place, Session
from schakel.provisions.templates import load_templates

FIGURES = Path(__file__).parents[1] / "docs/methods/figures/arrangements.json"
PROVISIONS, NEEDS, QUESTIONS = 500, 8, 8
TODAY = date(2026, 11, 26)
WISHES = Wishes(
    available=tuple(Slot.at(day, 9 * 60, 12 * 60) for day in range(5)), max_km=4.0, budget=40.0, max_parts=6
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA")


@dataclass(frozen=True, slots=True)
class Case:
    """Candidates, needs and wishes of one question."""

    offered: list[Candidate]
    needs: list[Need]
    wishes: Wishes


def usual(seed: int, wishes: Wishes) -> Case:
    """The templates, each at several places, by several organisations, at several times."""
    draw = np.random.default_rng(seed)
    templates = [one.provision for one in load_templates()]
    provisions = []
    for number in range(PROVISIONS):
        one = templates[number % len(templates)]
        rule = f"FREQ=WEEKLY;BYDAY={draw.choice(DAYS)}"
        session = Session(
            date(2026, 1, 5), rule, int(draw.integers(9, 20)) * 60, int(draw.choice([60, 90, 120]))
        )
        provisions.append(
            replace(
                one,
                id=f"{one.id}-{number:03}",
                organisation=f"organisatie {draw.integers(0, 80)}",
                place=Place(x=float(draw.uniform(0, 8_000)), y=float(draw.uniform(0, 8_000))),
                sessions=(session,),
                resident_cost=float(draw.choice([0, 0, 0, 1.5, 3, 5])),
                hours=float(draw.choice([0, 1, 2, 4])),
                access=one.access if one.decision else Access(draw.choice([Access.WALK_IN, Access.SIGN_UP])),
            )
        )
    offered = candidates(provisions, home=Home(x=4_000.0, y=4_000.0), on=TODAY)
    themes = sorted({theme for one in provisions for theme in one.themes})
    return Case(offered, _needs(draw, draw.choice(themes, NEEDS, replace=False)), wishes)


def hard(seed: int, wishes: Wishes) -> Case:
    """Every candidate serves one to four of the eight needs, partly or fully, by one of 120 organisations."""
    draw = np.random.default_rng(seed)
    themes = [f"thema {number}" for number in range(NEEDS)]
    offered = [
        Candidate(
            id=f"aanbod-{number:03}",
            name=f"Aanbod {number}",
            covers=tuple(
                (theme, float(draw.choice([1, 1, 0.7, 0.5])))
                for theme in draw.choice(themes, draw.integers(1, 5), replace=False)
            ),
            approach=round(float(draw.uniform()), 2),
            formality=round(float(draw.uniform()), 2),
            organisation=f"organisatie {draw.integers(0, 120)}",
            times=(
                Slot.at(
                    int(draw.integers(0, 6)), int(draw.integers(9, 20)) * 60, int(draw.choice([60, 120]))
                ),
            ),
            km=round(float(draw.uniform(0, 6)), 2),
            euros=float(draw.choice([0, 0, 0, 5, 10, 20])),
            hours=(0.1, 0.5),
            cost=(100.0, float(draw.integers(100, 3000))),
        )
        for number in range(PROVISIONS)
    ]
    return Case(offered, _needs(draw, themes), wishes)


def _needs(draw: np.random.Generator, themes: Iterable[str]) -> list[Need]:
    weights = draw.choice([0.5, 1.0, 1.0, 2.0], NEEDS)
    return [Need(str(theme), float(weight)) for theme, weight in zip(themes, weights, strict=True)]


def timed(asked: Callable[[], Composition]) -> tuple[float, Composition]:
    """Milliseconds of the processor, and the answer."""
    start = process_time()
    found = asked()
    return 1000 * (process_time() - start), found


def measure(name: str, make: Callable[[int, Wishes], Case], wishes: Wishes) -> list[object]:
    """One row of figures."""
    best, three, all_ = [], [], []
    for seed in range(QUESTIONS):
        case = make(seed, wishes)
        ask = (case.needs, case.offered)
        best.append(timed(lambda ask=ask: compose(*ask, wishes=wishes, alternatives=0))[0])  # type: ignore[misc]
        milliseconds, found = timed(lambda ask=ask: compose(*ask, wishes=wishes))  # type: ignore[misc]
        three.append(milliseconds)
        if seed < QUESTIONS // 4:
            explained = timed(lambda found=found, case=case: explain(found, case.offered))  # type: ignore[misc]
            all_.append(milliseconds + explained[0])
    middle = [round(float(np.median(each))) for each in (best, three, all_)]
    return [name, middle[0], round(float(np.quantile(best, 0.95))), middle[1], middle[2]]


def main() -> None:
    rows = [
        measure(f"{name}, {kind}", make, wishes)
        for name, make in (("usual", usual), ("hard", hard))
        for kind, wishes in (("no wishes", Wishes()), ("four wishes", WISHES))
    ]
    figures = {
        "title": "Speed of the composer",
        "command": "python -m benchmarks.arrangements",
        "tables": [
            {
                "caption": f"{PROVISIONS} provisions, {NEEDS} needs: milliseconds of the processor, one core",
                "columns": [
                    "social map",
                    "optimum (median)",
                    "optimum (95 %)",
                    "and two alternatives (median)",
                    "and every reason (median)",
                ],
                "rows": rows,
            }
        ],
        "notes": [
            f"{QUESTIONS} questions a row, two of them for the reasons; the optimum is proven, ties included.",
            "Measured on a machine on which others worked: processor time grows when caches and cores are shared.",
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
