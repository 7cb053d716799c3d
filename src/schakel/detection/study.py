"""Everything of one run that its themes share, and the null model of each theme."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from schakel.detection.baseline import Baselines, estimated_baselines
from schakel.detection.calendar import Calendar
from schakel.detection.clusters import ALONE, Sizes
from schakel.detection.counts import Cube, cube, within_study
from schakel.detection.models import Model, Usual, conditional_model, expectation_model, permutation_model
from schakel.detection.patterns import thresholds_of
from schakel.detection.population import person_time
from schakel.detection.variation import cell_dispersion
from schakel.detection.zones import (
    Windows,
    Zones,
    build_windows,
    build_zones,
    default_lengths,
    refuse_impossible,
)
from schakel.records import Areas, Bools, Floats, Ints, NothingExpectedError, SchakelError, Settings

_REPORTING = 4  # periods over which the amount of reporting is averaged


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One run, prepared.

    `people` (T, n) is person-time; `zones` is None when each theme has its own; `sizes` (K,) is how many people
    the signals of each theme concern.
    """

    settings: Settings
    areas: Areas
    calendar: Calendar
    windows: Windows
    cube: Cube
    expected: pl.DataFrame | None
    people: Floats | None
    baselines: Baselines | None
    zones: Zones | None
    sizes: tuple[Sizes, ...]

    @property
    def history(self) -> int:
        """How many periods come before the first window of a prospective study; else all."""
        return _history(self.settings, self.windows, self.calendar)

    def zones_of(self, model: Model) -> Zones:
        """The zones for one theme: their limit may be a share of what is expected of it."""
        if self.zones is not None:
            return self.zones
        return build_zones(self.areas, weights=model.usual.share, settings=self.settings)


def check_frame(frame: pl.DataFrame, columns: Mapping[str, pl.DataType], *, name: str) -> None:
    """That a frame has these columns, and days where they are expected; raises SchakelError. `text` may be absent."""
    for column, kind in columns.items():
        found = frame.schema.get(column)
        if found is None and column != "text":
            raise SchakelError(
                f"{name} has no column '{column}'; expected {', '.join(columns)}, empty where unknown."
            )
        if kind == pl.Date and found != pl.Date:
            raise SchakelError(f"{name}, column '{column}': {found}; expected days (pl.Date).")


def prepare(
    signals: pl.DataFrame,
    areas: Areas,
    *,
    settings: Settings,
    population: pl.DataFrame | None,
    expected: pl.DataFrame | None,
) -> tuple[Study, pl.DataFrame]:
    """The study, and the signals that fall within it with their period as column `t`.

    Raises SchakelError, in a sentence that says what to do, when the data cannot carry the method.
    """
    kept, days = within_study(signals, settings)
    _check(kept, areas, days, settings=settings, given=expected is not None)
    return study_of(
        cube(kept, areas, days), areas, settings=settings, population=population, expected=expected
    ), kept


def study_of(
    counts: Cube,
    areas: Areas,
    *,
    settings: Settings,
    population: pl.DataFrame | None = None,
    expected: pl.DataFrame | None = None,
) -> Study:
    """The study of counts that were made already."""
    days = counts.calendar
    if expected is not None and settings.method == "permutation":
        raise SchakelError(
            "--method permutation compares with other places and times; expected no --expected with it."
        )
    if settings.adjust_reporting and (settings.method != "expectation" or expected is not None):
        raise SchakelError(
            "--adjust-reporting is about what is estimated as usual; expected --method expectation without --expected."
        )
    lengths = default_lengths(settings.mode, len(days), given=settings.windows)
    windows = build_windows(settings.mode, lengths, len(days))
    settings = replace(settings, windows=() if settings.mode == "spatial" else lengths)
    people = baselines = None
    if expected is None and settings.method == "poisson":
        people = person_time(areas, population, days)
    elif population is not None:  # the newest weeks are those that are looked at
        areas = replace(areas, population=person_time(areas, population, days)[-1])
    if expected is None and settings.method == "expectation":
        baselines = _baselines(counts, areas, settings, history=_history(settings, windows, days))
    zones = _shared_zones(areas, settings)
    tallies = (ALONE,) * len(counts.themes)  # raw: a row counts cases, so it is no signal about them all
    sizes = tallies if settings.raw else counts.sizes()
    return Study(settings, areas, days, windows, counts, expected, people, baselines, zones, sizes)


def _history(settings: Settings, windows: Windows, days: Calendar) -> int:
    return int(windows.edges[0]) if settings.mode == "prospective" else len(days)


def _check(signals: pl.DataFrame, areas: Areas, days: Calendar, *, settings: Settings, given: bool) -> None:
    thresholds_of(settings)
    if len(areas) < 2:
        raise SchakelError(
            f"There is {len(areas)} area; expected at least 2, because a pattern compares areas with each other."
        )
    if not settings.raw:
        refuse_impossible(areas, settings)
    if signals.is_empty():
        raise SchakelError(
            f"No signal falls between {days.starts[0]} and {days.ends[-1]}; expected signals in the study."
        )
    if settings.mode != "spatial" and len(days) < 2:
        raise SchakelError(
            f"The study has one whole {settings.period}; expected at least 2, or --mode spatial."
        )
    if settings.mode == "spatial" and settings.method != "poisson" and not given:
        raise SchakelError(
            f"--mode spatial with --method {settings.method} has nothing to compare with; expected --method "
            "poisson with population, or --expected."
        )


def _baselines(counts: Cube, areas: Areas, settings: Settings, *, history: int) -> Baselines:
    if history < 2:
        raise SchakelError(
            f"Only {history} {settings.period}(s) come before the first window; expected at least 2 to learn what is "
            "usual: choose shorter --windows, an earlier --start, or give --expected."
        )
    return estimated_baselines(
        counts,
        history=history,
        population=areas.population,
        reporting=_smoothed(counts.total()) if settings.adjust_reporting else None,
        overdispersed=settings.null == "nb1",
    )


def _smoothed(reported: Ints) -> Floats:
    """(T,) mean of each period and the three before it: how much is reported, without its noise."""
    before = np.concatenate([[0.0], np.cumsum(reported, dtype=float)])
    t = np.arange(1, len(before))
    first = np.maximum(t - _REPORTING, 0)
    return np.asarray((before[t] - before[first]) / (t - first))


def _shared_zones(areas: Areas, settings: Settings) -> Zones | None:
    """Zones that do not depend on the theme: no limit of share, or a share of the population."""
    unlimited = settings.max_share == 1.0 or (settings.max_share is None and settings.neighbours is not None)
    known = bool(np.isfinite(areas.population).all()) and areas.population.sum() > 0
    if unlimited:
        return build_zones(areas, weights=np.ones(len(areas)), settings=settings)
    if settings.method == "expectation" and known:
        return build_zones(areas, weights=areas.population, settings=settings)
    return None


def model(study: Study, k: int) -> Model:
    """The null model of theme k."""
    settings, windows = study.settings, study.windows
    nb1 = settings.null == "nb1"
    seed = _theme_seed(settings.seed, study.cube.themes[k])
    if settings.method == "permutation":
        counts = study.cube.dense(k)
        several = study.cube.several_of(k) if nb1 and not settings.raw else np.empty((0, 3), np.int64)
        rest = counts.copy()
        np.subtract.at(rest, (several[:, 0], several[:, 1]), several[:, 2])
        usual = np.outer(rest.sum(axis=1), rest.sum(axis=0)) / max(int(rest.sum()), 1)
        phi = cell_dispersion(rest, usual) if nb1 and rest.any() else 1.0
        return permutation_model(counts, windows, seed=seed, phi=phi, several=several)
    observed = study.cube.binned(k, windows.edges)
    sizes = study.sizes[k] if nb1 else ALONE
    if study.baselines is not None:
        b = study.baselines
        return expectation_model(
            observed, Usual(b.course[k], b.share[k]), windows, seed=seed, phi=float(b.phi[k]), shape=b.shape[k],
            bend=b.bend[k], sizes=sizes, together=float(b.together[k]), swing=float(b.swing[k]),
            memory=float(b.memory[k]), by_occasion=settings.by_occasion,
        )  # fmt: skip
    counts = study.cube.dense(k)
    expected = study.people if study.people is not None else _given(study, k)
    _possible(study, k, counts, expected)
    if settings.method == "poisson":
        total = int(counts.sum())
        expected = expected * (total / float(expected.sum()))
        phi = cell_dispersion(counts, expected) if nb1 else 1.0
        return conditional_model(
            observed, Usual.of_table(expected), windows, seed=seed, phi=phi, total=total, sizes=sizes
        )
    n, past = len(study.areas), slice(0, study.history)
    phi = cell_dispersion(counts[past], expected[past]) if nb1 else 1.0
    known, still = np.full(n, np.inf), np.zeros((len(study.calendar), 0))
    return expectation_model(
        observed, Usual.of_table(expected), windows, seed=seed, phi=phi, shape=known, bend=still, sizes=sizes,
        by_occasion=settings.by_occasion,
    )  # fmt: skip


def _given(study: Study, k: int) -> Floats:
    """(T, n) expected numbers of theme k from the file; 0 where it has none."""
    assert study.expected is not None
    theme = study.cube.themes[k]
    rows = study.expected.filter(pl.col("theme") == theme)
    if rows.is_empty():
        raise SchakelError(f"Theme '{theme}' has signals but no row in --expected; expected one row a cell.")
    order = {code: i for i, code in enumerate(study.areas.codes)}
    period = study.calendar.index(rows["date"].to_numpy())
    area = np.array([order.get(code, -1) for code in rows["area"]], np.int64)
    inside = (period >= 0) & (area >= 0)
    _one_each(study, rows, period, inside)
    out = np.zeros((len(study.calendar), len(study.areas)))
    np.add.at(out, (period[inside], area[inside]), rows["expected"].to_numpy()[inside])
    return out


def _one_each(study: Study, rows: pl.DataFrame, period: Ints, inside: Bools) -> None:
    """Raises SchakelError where a file has two expected numbers for one cell: adding them up would be a guess."""
    cells = rows.with_columns(pl.Series("t", period)).filter(pl.Series(inside))
    twice = cells.filter(pl.struct("t", "area").is_duplicated())
    if len(twice):
        first, other = twice.filter(pl.col("t") == twice["t"][0], pl.col("area") == twice["area"][0])[
            "date"
        ].head(2)
        raise SchakelError(
            f"Theme '{twice['theme'][0]}', area '{twice['area'][0]}': --expected has a number for {first} and one for "
            f"{other}, which are in one {study.settings.period}; expected one row a cell."
        )


def _possible(study: Study, k: int, counts: Ints, expected: Floats) -> None:
    """Raises NothingExpectedError where people were counted although none are expected (T, n)."""
    bad = np.argwhere((counts > 0) & (expected <= 0))
    if len(bad):
        t, a = bad[0]
        theme, area, first = study.cube.themes[k], study.areas.codes[a], study.calendar.starts[t]
        why = "its population is 0" if study.people is not None else "expected is 0, or has no row,"
        raise NothingExpectedError(
            f"theme '{theme}', area '{area}', {first}: {why} while {counts[t, a]} people were counted "
            f"({len(bad)} such cell(s)); expected a positive number there.",
            theme=theme, area=area, first=first, last=study.calendar.ends[t],
        )  # fmt: skip


def _theme_seed(seed: int, theme: str) -> int:
    """A stream of its own for every theme, whatever the other themes are."""
    digest = hashlib.blake2b(f"{seed}|{theme}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
