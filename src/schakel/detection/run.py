"""One detection: counts → baseline → zones → scan → significance → patterns (DESIGN §6)."""

from __future__ import annotations

import os
import time
import unicodedata
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version

import numpy as np
import polars as pl

from schakel.detection.notes import (
    NothingCanBeShownWarning,
    population_unknown,
    short_history,
    stayed_out,
    too_few_areas,
    too_few_people,
    too_few_sources,
)
from schakel.detection.patterns import Candidate, Evidence, assemble
from schakel.detection.scan import NullCache, scan
from schakel.detection.study import Study, check_frame, prepare
from schakel.records import (
    EXPECTED_COLUMNS,
    POPULATION_COLUMNS,
    SIGNAL_COLUMNS,
    Areas,
    Detection,
    Pattern,
    SchakelError,
    Settings,
)

Progress = Callable[[int, int], None]


def detect(
    signals: pl.DataFrame,
    areas: Areas,
    *,
    settings: Settings,
    population: pl.DataFrame | None = None,
    expected: pl.DataFrame | None = None,
    previous: Sequence[Pattern] = (),
    sensitive: Collection[str],
    labels: Mapping[str, tuple[str, str]] | None = None,
    progress: Progress | None = None,
    cache: NullCache | None = None,
) -> Detection:
    """Find the themes that recur more than expected, where and when.

    `signals`, `population` and `expected` have the columns of `records`, as `schakel.io` reads them. Themes named in
    `sensitive` never enter, however they are spelled (R5), nor those that hold what stands in it with a *: give
    `schakel.themes.load_taxonomy().sensitive_names`, and those of your own. `previous` are patterns of an earlier run
    that these may continue. `labels` names themes on screen, in Dutch and in English. `progress(done, total)` may raise
    to cancel. `cache` keeps the maxima of equal baselines. What is worth knowing stands in `data["notes"]`. Raises
    SchakelError when the data cannot carry the method; warns (NothingCanBeShownWarning) before the work when no pattern
    can have enough sources for a team (R6).
    """
    started = time.perf_counter()
    check_frame(signals, SIGNAL_COLUMNS, name="signals")
    if population is not None:
        check_frame(population, POPULATION_COLUMNS, name="population")
    if expected is not None:
        check_frame(expected, EXPECTED_COLUMNS, name="expected")
    left_out = held_back(signals["theme"].unique(), sensitive)
    kept = signals.filter(~pl.col("theme").is_in(left_out)) if left_out else signals
    if kept.is_empty() and left_out:
        raise SchakelError(
            f"All signals have a sensitive theme ({', '.join(left_out)}), which never enters detection (R5)."
        )
    notes = []
    unseen = too_few_sources(kept, settings)
    if unseen:
        warnings.warn(f"{unseen.en[0].upper()}{unseen.en[1:]}", NothingCanBeShownWarning, stacklevel=2)
        notes.append(unseen)
    narrow = too_few_areas(kept, settings) or too_few_people(kept, settings)
    if narrow:
        notes.append(narrow)
    every, allowed = (len(np.unique(each["signal"].to_numpy())) for each in (signals, kept))
    study, kept = prepare(kept, areas, settings=settings, population=population, expected=expected)
    prepared = time.perf_counter()
    candidates = _scan_all(study, progress=progress, cache=cache)
    scanned = time.perf_counter()
    evidence = Evidence(kept, areas, study.calendar, study.settings, labels or {}, study.cube.total())
    patterns = assemble(candidates, evidence, themes=len(study.cube.themes), previous=previous)
    used, first_rows = np.unique(kept["signal"].to_numpy(), return_index=True)
    notes += stayed_out(
        sensitive=every - allowed,
        outside=allowed - len(used),
        themes=left_out,
        calendar=study.calendar,
        settings=study.settings,
    )
    if population is None and expected is None and (uneven := population_unknown(areas, settings)):
        notes.append(uneven)
    if expected is None and (short := short_history(study.history, study.settings)):
        notes.append(short)
    data: dict[str, object] = {
        "signals": every,
        "signals_used": len(used),
        "people": int(kept["people"].to_numpy()[first_rows].sum()),
        "areas": len(areas),
        "themes": len(study.cube.themes),
        "themes_left_out": left_out,
        "first_day": study.calendar.starts[0].isoformat(),
        "last_day": study.calendar.ends[-1].isoformat(),
        "periods": len(study.calendar),
        "history": study.history,
        "nothing_can_be_shown": unseen is not None,
        "nothing_can_be_found": narrow is not None,
        "notes": [note._asdict() for note in notes],
    }
    seconds = {
        "prepare": prepared - started,
        "scan": scanned - prepared,
        "assemble": time.perf_counter() - scanned,
    }
    return Detection(study.settings, data, patterns, version("schakel"), seconds)


def held_back(themes: Iterable[str], sensitive: Collection[str]) -> list[str]:
    """The themes that never enter (R5)."""
    never = {_bare(name) for name in sensitive if "*" not in name}
    within = {_bare(name) for name in sensitive if "*" in name} - {""}
    bare = {theme: _bare(theme) for theme in themes}
    return sorted(t for t, name in bare.items() if name in never or any(part in name for part in within))


def _bare(name: str) -> str:
    """A name without what people vary: capitals, accents, spaces, dashes, signs that nobody sees."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name).casefold()))


def _scan_all(study: Study, *, progress: Progress | None, cache: NullCache | None) -> list[Candidate]:
    """Every theme, over the threads: themes side by side, or the replicas of a few themes side by side."""
    threads = study.settings.threads or os.cpu_count() or 1
    themes = len(study.cube.themes)
    parts = max(1, -(-threads // max(themes, 1)))
    found: list[Candidate] = []
    with ThreadPoolExecutor(threads) as pool:
        work = partial(scan, study, pool=pool if parts > 1 else None, parts=parts, cache=cache)
        results = pool.map(work, range(themes)) if parts == 1 else map(work, range(themes))
        try:
            for done, candidates in enumerate(results, start=1):
                found += candidates
                if progress:
                    progress(done, themes)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found
