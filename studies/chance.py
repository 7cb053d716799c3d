"""False alarms of detection where counts vary for another reason than the model has.

``python -m studies.chance [municipalities]``. Municipalities as in `studies.detection`, without a planted question, and
with their counts drawn anew: clusters of another size, weeks that lift everything, areas that differ.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from schakel.records import Floats, Ints, Settings
from schakel.synthetic import counts
from studies.detection import ALPHA, DISPERSIONS, Look, look, plan

SIGNALS = (100.0, 400.0, 2000.0)
FIGURES = Path(__file__).parents[1] / "docs/methods/figures/chance.json"
Draw = Callable[[np.random.Generator, Floats], Ints]


def clusters(rng: np.random.Generator, rate: Floats) -> Ints:
    """Clusters of the logarithmic series, variance/mean 2, as the model has them."""
    return rng.negative_binomial(rate, 0.5)


def clear_outs(rng: np.random.Generator, rate: Floats) -> Ints:
    """One by one, and 15 people at once in 2 % of clusters."""
    return rng.poisson(rate / 1.28 * 0.98) + 15 * rng.poisson(rate / 1.28 * 0.02)


def meetings(rng: np.random.Generator, rate: Floats) -> Ints:
    """One by one, and 2 to 12 people at once in 11 % of clusters."""
    seen = rng.poisson(rate / 1.66 * 0.89)
    for size in range(2, 13):
        seen += size * rng.poisson(rate / 1.66 * 0.01)
    return seen


def pairs(rng: np.random.Generator, rate: Floats) -> Ints:
    """Always two people at once."""
    return np.asarray(2 * rng.poisson(rate / 2))


def weather(rng: np.random.Generator, rate: Floats) -> Ints:
    """One by one; weeks lift or lower all areas, with a standard deviation of 0.3."""
    return np.asarray(rng.poisson(rate * np.exp(rng.normal(-0.045, 0.3, rate.shape[1]))))


def storms(rng: np.random.Generator, rate: Floats) -> Ints:
    """Variance/mean 1.3; weeks lift or lower all areas, with a standard deviation of 0.6."""
    lifted = rate * np.exp(rng.normal(-0.18, 0.6, rate.shape[1]))
    return np.asarray(rng.negative_binomial(lifted / 0.3, 1 / 1.3))


def lasting_weather(rng: np.random.Generator, rate: Floats) -> Ints:
    """One by one; weather that lasts (weeks correlate 0.9) lifts or lowers all areas, standard deviation 0.4."""
    lifts = rng.normal(0, 0.4, (rate.shape[1],))
    for week in range(1, len(lifts)):
        lifts[week] = 0.9 * lifts[week - 1] + np.sqrt(1 - 0.9**2) * lifts[week]
    return np.asarray(rng.poisson(rate * np.exp(lifts - 0.08)))


def in_a_large_town(rng: np.random.Generator, rate: Floats) -> Ints:
    """The same, with five times as many signals."""
    return lasting_weather(rng, 5 * rate)


def half_of_the_areas(rng: np.random.Generator, rate: Floats) -> Ints:
    """Variance/mean 1 in half of the areas, 3 in the others."""
    one = rng.permutation(len(rate)) < len(rate) // 2
    return np.where(one[:, None], rng.poisson(rate), rng.negative_binomial(rate / 2, 1 / 3))


def busy_areas(rng: np.random.Generator, rate: Floats) -> Ints:
    """A variance that grows with the square of what is usual (NB2)."""
    return rng.poisson(rate * rng.gamma(1 / 20, 20, rate.shape))


KINDS: tuple[Draw, ...] = (
    clusters, clear_outs, meetings, pairs, weather, storms, lasting_weather, in_a_large_town, half_of_the_areas,
    busy_areas,
)  # fmt: skip


def quiet(number: int, *, draw: Draw, settings: Settings) -> Look:
    """One look at a municipality in which nothing is shared."""
    made = plan(number, "differ", phi=1.0, risk=1.0)
    truth = counts(made)
    seen = draw(np.random.default_rng([number, 9]), truth.intensities)
    return look(replace(truth, counts=seen.astype(np.int64)), made, settings)


def shuffled(number: int, *, phi: float, signals: float) -> Look:
    """One look by permutation at a municipality in which nothing is shared, every row about one person."""
    made = replace(plan(number, "differ", phi=phi, risk=1.0), signals=signals)
    return look(counts(made), made, Settings(method="permutation", threads=1))


def share_of(some: int, of: int) -> str:
    """A share with its 95 % interval, Wilson's, which holds for none as well."""
    low, high = binomtest(some, of).proportion_ci(method="wilson")
    return f"{some / of:.3f} ({low:.3f}–{high:.3f})"


def main() -> None:
    """Run the study and keep its figures."""
    municipalities = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rows = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for draw in KINDS:
            work = partial(quiet, draw=draw, settings=Settings(threads=1))
            every = list(pool.map(work, range(municipalities), chunksize=8))
            alarms = sum(each.p_value <= ALPHA for each in every)
            phi = np.mean([each.phi for each in every])
            rows.append([str(draw.__doc__), f"{phi:.2f}", share_of(alarms, municipalities)])
            print(*rows[-1], sep="\t", flush=True)
        others = []
        for ratio in DISPERSIONS:
            cells = []
            for signals in SIGNALS:
                work = partial(shuffled, phi=ratio, signals=signals)
                every = list(pool.map(work, range(municipalities), chunksize=8))
                cells.append(share_of(sum(each.p_value <= ALPHA for each in every), municipalities))
            others.append([f"{ratio:g}", *cells])
            print(*others[-1], sep="\t", flush=True)
    figures = {
        "title": "Detection where chance is of another kind",
        "command": f"python -m studies.chance {municipalities}",
        "tables": [
            {
                "caption": f"{municipalities:,} synthetic municipalities per row without a shared question, nominal "
                f"level {ALPHA}, baselines estimated",
                "columns": ["how people come", "estimated variance/mean of a cell", "false alarms per look"],
                "rows": rows,
            },
            {
                "caption": "The same by permutation (`--method permutation`), every row about one person: false alarms "
                "per look, by variance/mean and by signals in five years",
                "columns": ["variance/mean", *(f"{signals:g}" for signals in SIGNALS)],
                "rows": others,
            },
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
