"""The scan of one theme: its strongest pattern, those that share no area with a stronger one, and how rare they are."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from schakel.detection import kernels
from schakel.detection.models import Model
from schakel.detection.patterns import Candidate
from schakel.detection.significance import Rarity, as_large_as, rarity
from schakel.detection.study import Study, model
from schakel.detection.zones import Windows, Zones
from schakel.records import Floats, Settings

NullCache = MutableMapping[bytes, Floats]

_MOST_PATTERNS = 10  # per theme
_BLOCK = 1024  # replicas that are drawn and scanned together
_FIRST_BLOCK = 64  # the same when stopping early, at first


def scan(
    study: Study, k: int, *, pool: ThreadPoolExecutor | None, parts: int, cache: NullCache | None
) -> list[Candidate]:
    """Patterns of theme k, strongest first.

    After each pattern its areas are removed and the rest is scanned again. Every pattern is compared with the
    replicas' largest statistics, which is on the safe side for all but the first. Secondary patterns are kept while
    they are rare, or all of them with `raw`.
    """
    settings, null = study.settings, model(study, k)
    zones = study.zones_of(null)
    taken = np.zeros(len(study.areas), np.bool_)
    found: list[Candidate] = []
    maxima: Floats | None = None
    common: Rarity | None = None
    while len(found) < _MOST_PATTERNS and not common:
        statistic, window, node = kernels.best_zone(
            null.observed, null.expected, study.windows.spans, zones.node_area, zones.node_depth, zones.centres,
            null.kind, null.total, settings.min_count, settings.min_areas, taken,
        )  # fmt: skip
        if node < 0:
            break
        if maxima is None:
            common = _common(study, null, zones, statistic)
            maxima = (
                np.empty(0) if common else _maxima(study, null, zones, pool=pool, parts=parts, cache=cache)
            )
        rare = common or rarity(statistic, maxima, stop_after=settings.stop_after)
        if found and not settings.raw and rare.p_value > settings.alpha:
            break
        members = kernels.zone_members(node, zones.node_area, zones.node_depth)
        taken[members] = True
        first, after = study.windows.edges[study.windows.spans[window]].tolist()
        found.append(
            Candidate(
                theme=study.cube.themes[k],
                areas=tuple(members),
                first=first,
                after=after,
                statistic=statistic,
                rarity=rare,
                primary=not found,
                conditional=null.kind == kernels.CONDITIONAL,
                total=int(null.total),
                phi=null.phi,
                swing=null.swing,
                history=study.history,
                counts=study.cube.series(k, members),
                usual=null.usual.within(members),
                city_counts=study.cube.series(k),
                city_usual=null.usual.course,
            )
        )
    return found


def _maxima(
    study: Study,
    null: Model,
    zones: Zones,
    *,
    pool: ThreadPoolExecutor | None,
    parts: int,
    cache: NullCache | None,
) -> Floats:
    """(R,) largest statistics of the replicas, in their order."""
    settings = study.settings
    key = null.fingerprint + _key(zones, study.windows, settings)
    if cache is not None and key in cache:
        return cache[key]
    size = max(1, min(_BLOCK, -(-settings.replicas // parts)))
    starts = range(0, settings.replicas, size)

    def block(first: int) -> Floats:
        count = min(size, settings.replicas - first)
        return null.maxima(zones, study.windows, settings, first=first, count=count)

    maxima = np.concatenate(list(pool.map(block, starts) if pool else map(block, starts)))
    if cache is not None:
        cache[key] = maxima
    return maxima


def _common(study: Study, null: Model, zones: Zones, statistic: float) -> Rarity | None:
    """How rare the strongest pattern of a theme is, when so many replicas are as large that it may be chance.

    The replicas are read in growing blocks until `stop_after` are as large. None when the pattern is rare, when
    every pattern counts (`raw`), or without stopping: then all replicas are needed in full.
    """
    settings = study.settings
    if settings.raw or not settings.stop_after:
        return None
    as_large = np.empty(0, np.bool_)
    size = _FIRST_BLOCK
    while len(as_large) < settings.replicas:
        count = min(size, settings.replicas - len(as_large))
        block = null.as_large(
            as_large_as(statistic), zones, study.windows, settings, first=len(as_large), count=count
        )
        as_large = np.concatenate([as_large, block])
        last = np.flatnonzero(as_large)[settings.stop_after - 1 : settings.stop_after]
        if last.size:
            p_value = settings.stop_after / (int(last[0]) + 1)
            return Rarity.stopped(p_value) if p_value > settings.alpha else None
        size *= 2
    return None


def _key(zones: Zones, windows: Windows, settings: Settings) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for array in (zones.node_area, zones.node_depth, windows.edges, windows.spans):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(repr((settings.replicas, settings.min_count, settings.min_areas)).encode())
    return digest.digest()
