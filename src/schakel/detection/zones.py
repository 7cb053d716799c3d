"""Which areas are looked at together, and over which periods.

Zones are stored as paths and trees in preorder, so that a kernel adds one area at a time: node ``z`` is the zone of
its ancestor one level up plus ``node_area[z]``; ``centres[i]:centres[i + 1]`` are the nodes around area i.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from schakel.areas import nearest
from schakel.records import Areas, Floats, Ints, Mode, SchakelError, Settings

_LOCAL, _FEW = 0.25, 10  # largest share of what is called shared, or so many areas (ADR 16)
_IRREGULAR_REACH = 10  # nearest areas of an irregular zone: some 350 shapes on a usual map
_IRREGULAR_MOST = 500  # irregular zones around one centre: beyond this, more shapes only add chance finds


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """All candidate zones of one analysis."""

    node_area: Ints
    node_depth: Ints
    centres: Ints

    def __len__(self) -> int:
        return len(self.node_area)


def build_zones(areas: Areas, *, weights: Floats, settings: Settings) -> Zones:
    """Nearest-neighbour prefixes around every area, within the limits of the settings; and irregular ones.

    `weights` (n,) is what `max_share` is a share of: people, or expected signals. Connected zones are the
    connected sets around a centre within its nearest areas (Tango & Takahashi 2005,
    doi:10.1186/1476-072X-4-11), beside the circular ones. Where nothing is said, what is shared is sought in a quarter
    of the municipality at most, in ten areas, or in two; by the older conventions, in half of it (ADR 16).
    """
    n = len(areas)
    limit = min(settings.neighbours or n, n)
    order, distance = nearest(areas, at_most=limit)
    allowed, few = settings.max_share, 0
    if allowed is None:
        allowed = 1.0 if settings.neighbours else 0.5
        if settings.by_occasion and not settings.neighbours:
            allowed, few = _LOCAL, _FEW
    share = np.cumsum(weights[order], axis=1) / max(float(weights.sum()), 1e-300)
    inside = share <= allowed * (1 + 1e-12)
    inside[:, :few] |= share[:, :few] <= 0.5
    if few:  # nobody lives where no pattern can be, however large an area is
        inside[:, : settings.min_areas] = True
    if settings.max_radius_km is not None:
        inside &= distance <= settings.max_radius_km
    lengths = np.where(inside.all(axis=1), inside.shape[1], inside.argmin(axis=1))
    if not lengths.any():
        raise SchakelError(
            f"No zone stays within the largest share of {allowed:g}; expected more areas or a larger --max-share."
        )
    if settings.zones == "connected":
        return _connected(areas, order, lengths)
    keep = np.arange(order.shape[1]) < lengths[:, None]
    depth = np.broadcast_to(np.arange(order.shape[1]), order.shape)
    return Zones(
        order[keep].astype(np.int64), depth[keep].astype(np.int64), np.concatenate([[0], np.cumsum(lengths)])
    )


def _connected(areas: Areas, order: Ints, lengths: Ints) -> Zones:
    if not areas.neighbours:
        raise SchakelError(
            "Connected zones need the borders of the areas; expected a GeoJSON file as --areas."
        )
    node_area: list[int] = []
    node_depth: list[int] = []
    centres = [0]
    for i in range(len(areas)):
        path = [int(a) for a in order[i, : lengths[i]]]
        node_area += path
        node_depth += range(len(path))
        for members in _grown(path[:_IRREGULAR_REACH], areas.neighbours):
            node_area.append(members[-1])
            node_depth.append(len(members) - 1)
        centres.append(len(node_area))
    return Zones(np.array(node_area, np.int64), np.array(node_depth, np.int64), np.array(centres, np.int64))


def _grown(candidates: list[int], neighbours: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    """Every connected set of candidates that holds the first one, once, in preorder; the smallest where too many.

    Each set is grown by one bordering candidate at a time; a candidate that was passed over in favour of a later
    one stays out of what grows from there, which is what makes every set appear exactly once (Wernicke 2006,
    doi:10.1109/TCBB.2006.51).
    """
    borders = {a: [b for b in candidates if b in neighbours[a]] for a in candidates}
    sets = [(candidates[:1], frozenset[int]())] if candidates else []
    for members, banned in sets:  # it grows while it is walked through: small sets first
        options = {b for a in members for b in borders[a]} - banned - set(members)
        for option in sorted(options, key=candidates.index):
            if len(sets) < _IRREGULAR_MOST:
                sets.append(([*members, option], banned))
            banned |= {option}
    rank = {area: k for k, area in enumerate(candidates)}
    return sorted((members for members, _ in sets), key=lambda members: [rank[a] for a in members])


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Time bins and the windows over them.

    ``edges`` (B+1,): bin b holds the periods ``edges[b]:edges[b + 1]``. ``spans`` (M, 2): first bin, and the bin
    after the last, shortest windows first.
    """

    edges: Ints
    spans: Ints


def build_windows(mode: Mode, lengths: tuple[int, ...], periods: int) -> Windows:
    """Trailing windows (prospective), all windows (retrospective) or the whole study (spatial)."""
    if mode == "spatial":
        return Windows(np.array([0, periods]), np.array([[0, 1]]))
    fitting = sorted(set(lengths))
    if not fitting or fitting[-1] > periods:
        raise SchakelError(
            f"A window of {max(fitting, default=0)} does not fit: the study has {periods} whole period(s); expected "
            "--windows of at most that many."
        )
    if mode == "prospective":
        edges = np.array([periods - w for w in reversed(fitting)] + [periods])
        last = len(edges) - 1
        return Windows(edges, np.array([[last - 1 - k, last] for k in range(len(fitting))]))
    spans = [[s, s + w] for w in fitting for s in range(periods - w + 1)]
    return Windows(np.arange(periods + 1), np.array(spans))


def default_lengths(mode: Mode, periods: int, *, given: tuple[int, ...]) -> tuple[int, ...]:
    """The window lengths in periods: as given, else 1–7 looking back, or all up to half of the study.

    Looking back over at most a third of the study leaves enough history to compare with.
    """
    if given:
        return given
    longest = min(7, periods // 3) if mode == "prospective" else periods // 2
    return tuple(range(1, max(1, longest) + 1))


def refuse_impossible(areas: Areas, settings: Settings) -> None:
    """Raises SchakelError where no zone can hold `min_areas` areas: a scan of nothing finds nothing, and reassures."""
    least = settings.min_areas
    if len(areas) < least:
        raise SchakelError(
            f"A pattern needs {least} areas and there are {len(areas)}; expected a smaller --min-areas."
        )
    if settings.neighbours is not None and settings.neighbours < least:
        raise SchakelError(
            f"Zones are of at most {settings.neighbours} area(s) and a pattern needs {least}; expected more "
            "--neighbours or a smaller --min-areas."
        )
    if settings.max_radius_km is not None:
        widest = replace(settings, max_share=1.0)
        zones = build_zones(areas, weights=np.ones(len(areas)), settings=widest)
        most = int(zones.node_depth.max(initial=0)) + 1
        if most < least:
            raise SchakelError(
                f"Within {settings.max_radius_km:g} km of any area lie at most {most} area(s), itself included, and a "
                f"pattern needs {least}; expected a larger --max-radius-km or a smaller --min-areas."
            )
