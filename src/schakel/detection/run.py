"""One detection: counts → baseline → zones → scan → significance → patterns (DESIGN §6)."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from schakel.detection import kernels
from schakel.detection.baseline import cell_dispersion, estimated_baseline, given_baseline
from schakel.detection.calendar import Calendar
from schakel.detection.counts import Cube, cube, within_study
from schakel.detection.models import Model, conditional_model, expectation_model, permutation_model
from schakel.detection.patterns import Candidate, Evidence, assemble
from schakel.detection.population import person_time
from schakel.detection.significance import rarity
from schakel.detection.zones import Windows, Zones, build_windows, build_zones, default_lengths
from schakel.records import Areas, Detection, Floats, Pattern, SchakelError, Settings

Progress = Callable[[int, int], None]
NullCache = MutableMapping[bytes, Floats]

_MOST_PATTERNS = 10  # per theme
_BLOCK = 1024  # replicas that are drawn and scanned together


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Everything of one run that does not depend on the theme."""

    settings: Settings
    areas: Areas
    calendar: Calendar
    windows: Windows
    cube: Cube
    expected: pl.DataFrame | None
    people: Floats | None  # (T, n) person-time
    reporting: Floats | None

    @property
    def history(self) -> int:
        """How many periods come before the first window of a prospective study; else all."""
        return int(self.windows.edges[0]) if self.settings.mode == "prospective" else len(self.calendar)


def detect(
    signals: pl.DataFrame,
    areas: Areas,
    *,
    settings: Settings,
    population: pl.DataFrame | None = None,
    expected: pl.DataFrame | None = None,
    previous: Sequence[Pattern] = (),
    sensitive: Collection[str] = frozenset(),
    labels: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cache: NullCache | None = None,
) -> Detection:
    """Find the themes that recur more than expected, where and when.

    `signals`, `population` and `expected` have the columns of `records`. Themes in `sensitive` never enter
    (R5). `previous` are patterns of an earlier run that these may continue. `labels` names themes on screen.
    `progress(done, total)` may raise to cancel. `cache` keeps the replicas' maxima of equal baselines.
    Raises SchakelError when the data cannot carry the method.
    """
    started = time.perf_counter()
    from schakel import __version__  # noqa: PLC0415  the version is the distribution's, not this room's

    kept = signals.filter(~pl.col("theme").is_in(list(sensitive)))
    left_out = sorted(set(signals["theme"].unique()) & set(sensitive))
    study, kept = _study(kept, areas, settings=settings, population=population, expected=expected)
    prepared = time.perf_counter()
    candidates = _scan_all(study, progress=progress, cache=cache)
    scanned = time.perf_counter()
    patterns = assemble(
        candidates, Evidence(kept, areas, study.calendar, study.settings, labels or {}), previous=previous
    )
    data: dict[str, object] = {
        "signals": signals["signal"].n_unique(),
        "signals_used": kept["signal"].n_unique(),
        "people": int(kept["people"].sum()),
        "areas": len(areas),
        "themes": len(study.cube.themes),
        "themes_left_out": left_out,
        "first_day": study.calendar.starts[0].isoformat(),
        "last_day": study.calendar.ends[-1].isoformat(),
        "periods": len(study.calendar),
        "history": study.history,
    }
    seconds = {
        "prepare": prepared - started,
        "scan": scanned - prepared,
        "assemble": time.perf_counter() - scanned,
    }
    return Detection(study.settings, data, patterns, __version__, seconds)


def _study(
    signals: pl.DataFrame,
    areas: Areas,
    *,
    settings: Settings,
    population: pl.DataFrame | None,
    expected: pl.DataFrame | None,
) -> tuple[Study, pl.DataFrame]:
    if len(areas) < 2:
        raise SchakelError(
            f"There is {len(areas)} area; expected at least 2, because a pattern compares areas with each other."
        )
    kept, days = within_study(signals, settings)
    if kept.is_empty():
        raise SchakelError(
            f"No signal falls between {days.starts[0]} and {days.ends[-1]}; expected signals in the study."
        )
    if settings.mode != "spatial" and len(days) < 2:
        raise SchakelError(
            f"The study has one whole {settings.period}; expected at least 2, or --mode spatial."
        )
    lengths = default_lengths(settings.mode, len(days), given=settings.windows)
    windows = build_windows(settings.mode, lengths, len(days))
    settings = replace(settings, windows=() if settings.mode == "spatial" else lengths)
    people = None
    if settings.method == "poisson" and expected is None:
        people = person_time(areas, population, days)
    study = Study(settings, areas, days, windows, cube(kept, areas, days), expected, people, None)
    if settings.method == "expectation" and expected is None and study.history < 2:
        raise SchakelError(
            f"Only {study.history} {settings.period}(s) come before the first window; expected at least 2 to learn "
            "what is usual: choose shorter --windows, an earlier --start, or give --expected."
        )
    if settings.mode == "spatial" and settings.method != "poisson" and expected is None:
        raise SchakelError(
            f"--mode spatial with --method {settings.method} has nothing to compare with; expected --method poisson "
            "with population, or --expected."
        )
    return study, kept


def _model(study: Study, k: int) -> Model:
    """The null model of theme k."""
    settings, counts = study.settings, study.cube.dense(k)
    nb1 = settings.null == "nb1"
    seed = _theme_seed(settings.seed, study.cube.themes[k])
    if settings.method == "permutation":
        usual = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(int(counts.sum()), 1)
        phi = cell_dispersion(counts, usual) if nb1 else 1.0
        return permutation_model(counts, study.windows, seed=seed, phi=phi)
    if settings.method == "poisson":
        expected = study.people if study.expected is None else _given(study, k)
        assert expected is not None
        scaled = expected * (counts.sum() / max(float(expected.sum()), 1e-300))
        phi = cell_dispersion(counts, scaled) if nb1 else 1.0
        return conditional_model(counts, expected, study.windows, seed=seed, phi=phi)
    if study.expected is not None:
        baseline = given_baseline(_given(study, k), counts, history=study.history)
    else:
        baseline = estimated_baseline(
            counts,
            study.calendar,
            history=study.history,
            population=study.areas.population,
            reporting=study.reporting,
            overdispersed=nb1,
        )
    return expectation_model(counts, baseline, study.windows, seed=seed, nb1=nb1)


def _given(study: Study, k: int) -> Floats:
    """(T, n) expected numbers of theme k from the file; a cell with signals must have a positive one."""
    assert study.expected is not None
    theme = study.cube.themes[k]
    rows = study.expected.filter(pl.col("theme") == theme)
    order = {code: i for i, code in enumerate(study.areas.codes)}
    period = study.calendar.index(rows["date"].to_numpy())
    area = np.array([order.get(code, -1) for code in rows["area"]], np.int64)
    inside = (period >= 0) & (area >= 0)
    out = np.zeros((len(study.calendar), len(study.areas)))
    np.add.at(out, (period[inside], area[inside]), rows["expected"].to_numpy()[inside])
    counts = study.cube.dense(k)
    bad = np.argwhere((counts > 0) & (out <= 0))
    if len(bad):
        t, a = bad[0]
        raise SchakelError(
            f"Theme '{theme}', area '{study.areas.codes[a]}', {study.calendar.starts[t]}: expected is 0 while "
            f"{counts[t, a]} people were counted ({len(bad)} such cell(s)); expected a positive number there."
        )
    return out


def _theme_seed(seed: int, theme: str) -> int:
    """A stream of its own for every theme, whatever the other themes are."""
    digest = hashlib.blake2b(f"{seed}|{theme}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def _scan_all(study: Study, *, progress: Progress | None, cache: NullCache | None) -> list[Candidate]:
    threads = study.settings.threads or os.cpu_count() or 1
    themes = len(study.cube.themes)
    found: list[Candidate] = []
    zones = _Zones(study)
    with ThreadPoolExecutor(threads) as pool:
        split = max(1, -(-threads // themes)) if themes else 1
        try:
            work = partial(_scan, study, zones, pool=pool if split > 1 else None, parts=split, cache=cache)
            results = pool.map(work, range(themes)) if split == 1 else map(work, range(themes))
            for done, candidates in enumerate(results, start=1):
                found += candidates
                if progress:
                    progress(done, themes)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found


class _Zones:
    """The zones of the study. Their limit is a share of what is expected, so they may differ per theme."""

    def __init__(self, study: Study) -> None:
        self._study = study
        share = study.settings.max_share
        self._fixed: Zones | None = None
        unlimited = share is None and study.settings.neighbours is not None
        if unlimited or share == 1.0:
            self._fixed = build_zones(study.areas, weights=np.ones(len(study.areas)), settings=study.settings)
        elif study.settings.method == "expectation" and np.isfinite(study.areas.population).all():
            weights = study.areas.population
            self._fixed = build_zones(study.areas, weights=weights, settings=study.settings)

    def of(self, model: Model) -> Zones:
        if self._fixed is not None:
            return self._fixed
        weights = model.usual.sum(axis=0)
        return build_zones(self._study.areas, weights=weights, settings=self._study.settings)


def _scan(
    study: Study,
    zones: _Zones,
    k: int,
    *,
    pool: ThreadPoolExecutor | None,
    parts: int,
    cache: NullCache | None,
) -> list[Candidate]:
    """The strongest pattern of theme k, and those that share no area with a stronger one."""
    settings = study.settings
    model = _model(study, k)
    candidate_zones = zones.of(model)
    taken = np.zeros(len(study.areas), np.bool_)
    found: list[Candidate] = []
    maxima: Floats | None = None
    while len(found) < _MOST_PATTERNS:
        statistic, window, node = kernels.best_zone(
            model.observed, model.expected, study.windows.spans, candidate_zones.node_area,
            candidate_zones.node_depth, candidate_zones.centres, model.kind, model.total,
            settings.min_count, settings.min_areas, taken,
        )  # fmt: skip
        if node < 0:
            break
        if maxima is None:
            maxima = _maxima(study, model, candidate_zones, pool=pool, parts=parts, cache=cache)
        rare = rarity(statistic, maxima, stop_after=settings.stop_after)
        if found and not settings.raw and rare.p_value > settings.alpha:
            break
        members = kernels.zone_members(node, candidate_zones.node_area, candidate_zones.node_depth)
        taken[members] = True
        first, after = study.windows.edges[study.windows.spans[window]]
        found.append(
            Candidate(
                theme=study.cube.themes[k],
                areas=tuple(members),
                first=int(first),
                after=int(after),
                statistic=statistic,
                rarity=rare,
                primary=not found,
                conditional=model.kind == kernels.CONDITIONAL,
                phi=model.phi,
                counts=study.cube.dense(k),
                usual=model.usual,
            )
        )
    return found


def _maxima(
    study: Study,
    model: Model,
    zones: Zones,
    *,
    pool: ThreadPoolExecutor | None,
    parts: int,
    cache: NullCache | None,
) -> Floats:
    """(R,) largest statistics of the replicas, in their order."""
    settings = study.settings
    key = model.fingerprint + _zones_key(zones, study.windows, settings)
    if cache is not None and key in cache:
        return cache[key]
    size = min(_BLOCK, -(-settings.replicas // parts))
    starts = range(0, settings.replicas, size)

    def block(first: int) -> Floats:
        count = min(size, settings.replicas - first)
        return model.maxima(zones, study.windows, settings, first=first, count=count)

    maxima = np.concatenate(list(pool.map(block, starts) if pool else map(block, starts)))
    if cache is not None:
        cache[key] = maxima
    return maxima


def _zones_key(zones: Zones, windows: Windows, settings: Settings) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for array in (zones.node_area, zones.node_depth, windows.edges, windows.spans):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr((settings.replicas, settings.min_count, settings.min_areas)).encode())
    return digest.digest()

