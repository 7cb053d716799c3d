"""Need against what can be reached, for every theme × neighbourhood: two-step floating catchment areas with decay.

Step 1 divides the supply of a provision, in places × hours a week, over the need around it; step 2 adds up what every
neighbourhood can reach (W. Luo, Y. Qi 2009, doi:10.1016/j.healthplace.2009.06.002). Nearness counts by a Gaussian
that is 1 at the door and 0 at the edge of the catchment (D. Dai 2010, doi:10.1016/j.healthplace.2010.06.012):

    G(d) = (exp(−½ (d/d₀)²) − exp(−½)) / (1 − exp(−½))   for d ≤ d₀

    R_j = S_j / Σ_k G(d_kj) D_k        A_i = Σ_j G(d_ij) R_j

S_j is shared over the themes of the provision, since a place is used once. D_k is the expected need: requests and
signals a resident, shrunk to what is usual for the theme where there are few. A gap is the part of the need for which
less can be reached than the country (or municipality) has for everybody on average: D_i × max(0, 1 − A_i / (ΣS/ΣD)).

Sensitive themes never enter (R5). Numbers of needs that leave the team go through `schakel.provisions.gaps` (R7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.spatial import cKDTree

from schakel.areas import to_metres
from schakel.provisions.index import points_of
from schakel.provisions.provision import Provision, Status
from schakel.provisions.schedule import hours_a_week
from schakel.provisions.vocabulary import youth_phases
from schakel.records import Areas, Floats, Ints, SchakelError
from schakel.themes import load_taxonomy

EDGE = float(np.exp(-0.5))
PLACES = 10.0  # assumed where a provision does not say its capacity nor its group
HOURS = 2.0  # a week, assumed where no schedule is known
PRIOR = 2000.0  # residents whose need counts beside that of a neighbourhood


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Per theme (rows) and area (columns): need as counted, expected need, what can be reached, and the gap.

    ``need``, ``expected``, ``access``, ``unmet`` have shape (themes, areas): people; people; places × hours a week
    for one who asks; people. ``carrier`` is the number of the provision that carries most of the access there (−1:
    nothing), and ``share`` its share (0–1). ``youth`` (areas,) is what can be reached of what is meant for people
    under 23, in places × hours a week per 1,000 residents (S073). ``assumed`` counts provisions whose capacity or
    hours are not known; ``nowhere`` those without a place. ``left_out`` are sensitive themes that were asked for (R5).
    """

    themes: tuple[str, ...]
    areas: tuple[str, ...]
    need: Floats
    expected: Floats
    access: Floats
    unmet: Floats
    carrier: Ints
    share: Floats
    youth: Floats
    assumed: int
    nowhere: int
    left_out: tuple[str, ...]


def coverage(
    provisions: Sequence[Provision],
    areas: Areas,
    needs: Mapping[tuple[str, str], float],
    *,
    today: date,
    themes: Sequence[str] | None = None,
    reach_km: float = 3.0,
) -> Coverage:
    """Work out coverage. `needs` gives people per (theme, area code); `reach_km` holds where a provision has no own
    reach.

    Without `themes` all themes of the taxonomy that are not sensitive. Areas without known population count as empty.
    SchakelError for a need below zero, in an area that is not there, or a reach that is no distance.
    """
    if not 0 < reach_km < np.inf:
        raise SchakelError(f"reach_km is {reach_km}; expected a distance above 0 km.")
    taxonomy = load_taxonomy()
    asked = [theme.id for theme in taxonomy.themes] if themes is None else list(dict.fromkeys(themes))
    kept = tuple(theme for theme in asked if theme not in taxonomy.sensitive)
    open_ = [
        one for one in provisions if one.status is Status.OPEN
    ]  # what lies still has no place for anybody
    numbers = np.array([i for i, one in enumerate(provisions) if one.status is Status.OPEN], dtype=np.int64)
    weights, nowhere = catchments(open_, areas, reach_km=reach_km)
    supply, assumed = supply_of(open_, today=today)
    need = _needs(needs, kept, areas)
    people = np.nan_to_num(areas.population, nan=0.0)
    expected = expected_need(need, people)
    found = _all_themes(open_, kept, weights, supply, expected)
    carrier = np.where(found.carrier >= 0, numbers[found.carrier] if len(numbers) else -1, -1)
    left_out = tuple(
        sorted(
            {theme for theme, _ in needs if theme in taxonomy.sensitive}
            | ({*(themes or ())} & taxonomy.sensitive)
        )
    )
    return Coverage(
        themes=kept, areas=areas.codes, need=need, expected=expected, access=found.access, unmet=found.unmet,
        carrier=carrier, share=found.share, youth=_youth(open_, weights, supply, people), assumed=assumed,
        nowhere=nowhere, left_out=left_out,
    )  # fmt: skip


def gaussian(km: Floats, edge_km: Floats) -> Floats:
    """Weight of a distance in a catchment: 1 at the door, 0 at the edge and beyond."""
    inside = (np.exp(-0.5 * (km / edge_km) ** 2) - EDGE) / (1 - EDGE)
    return np.asarray(np.where(km <= edge_km, np.maximum(inside, 0.0), 0.0), dtype=float)


def catchments(provisions: Sequence[Provision], areas: Areas, *, reach_km: float) -> tuple[csc_array, int]:
    """Weights (areas, provisions) of every pair within reach, and how many provisions have no known place."""
    points = points_of(provisions, areas)
    placed = np.flatnonzero(~np.isnan(points).any(axis=1))
    middles = areas.coordinates if areas.metric == "plane" else to_metres(areas.coordinates)
    edge = np.array([one.reach_km or reach_km for one in provisions], dtype=float)
    rows, columns, values = [], [], []
    for radius in np.unique(np.ceil(edge[placed])) if len(placed) else ():
        some = placed[np.ceil(edge[placed]) == radius]
        pairs = cKDTree(middles).sparse_distance_matrix(
            cKDTree(points[some]), radius * 1000.0, output_type="ndarray"
        )
        rows.append(pairs["i"])
        columns.append(some[pairs["j"]])
        values.append(gaussian(pairs["v"] / 1000.0, edge[columns[-1]]))
    row, column = _joined(rows, np.int64), _joined(columns, np.int64)
    value = _joined(values, np.float64) * _served(provisions, areas, row, column)
    keep = value > 0
    shape = (len(areas), len(provisions))
    return csc_array((value[keep], (row[keep], column[keep])), shape=shape), len(provisions) - len(placed)


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, kind), *parts])


def _served(provisions: Sequence[Provision], areas: Areas, row: Ints, column: Ints) -> Floats:
    """1 where a provision is for an area, 0 where it is for other areas only."""
    fits = np.ones(len(row))
    by_codes: dict[tuple[str, ...], list[int]] = {}
    for number, one in enumerate(provisions):
        if one.serves:
            by_codes.setdefault(one.serves, []).append(number)
    if not by_codes:
        return fits
    group = np.full(len(provisions), -1)
    allowed = np.zeros((len(by_codes), len(areas)), dtype=bool)
    for number, (codes, some) in enumerate(by_codes.items()):
        group[some] = number
        digits = tuple(code[2:] for code in codes)
        allowed[number] = [code[2:].startswith(digits) for code in areas.codes]
    limited = group[column] >= 0
    fits[limited] = allowed[group[column[limited]], row[limited]]
    return fits


def supply_of(provisions: Sequence[Provision], *, today: date) -> tuple[Floats, int]:
    """Places × hours a week of each provision (n,), and for how many of them a part was assumed."""
    supply, assumed = np.zeros(len(provisions)), 0
    for number, one in enumerate(provisions):
        hours = hours_a_week(one, since=today)
        places = one.capacity if one.capacity is not None else sum(one.group) / 2
        assumed += hours is None or one.capacity is None
        if one.capacity is None and one.group == (1, 1) and one.position.approach >= 0.5:
            places = PLACES
        supply[number] = places * (HOURS if hours is None else hours)
    return supply, assumed


def expected_need(need: Floats, people: Floats) -> Floats:
    """Need (themes, areas) shrunk to the rate of the theme: people × (need + PRIOR × rate) / (people + PRIOR)."""
    total = max(float(people.sum()), 1e-9)
    rate = need.sum(axis=1, keepdims=True) / total
    return np.asarray(people * (need + PRIOR * rate) / (people + PRIOR), dtype=float)


def _needs(needs: Mapping[tuple[str, str], float], themes: Sequence[str], areas: Areas) -> Floats:
    row = {theme: i for i, theme in enumerate(themes)}
    column = {code: i for i, code in enumerate(areas.codes)}
    found = np.zeros((len(row), len(column)))
    for (theme, code), people in needs.items():
        if code not in column:
            raise SchakelError(f"There is a need in '{code}'; expected an area of the areas file.")
        if not 0 <= people < np.inf:
            raise SchakelError(f"The need for '{theme}' in '{code}' is {people}; expected at least 0 people.")
        if theme in row:
            found[row[theme], column[code]] += people
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    access: Floats
    unmet: Floats
    carrier: Ints
    share: Floats


def _all_themes(
    provisions: Sequence[Provision],
    themes: Sequence[str],
    weights: csc_array,
    supply: Floats,
    expected: Floats,
) -> _Reached:
    with_theme: dict[str, list[int]] = {theme: [] for theme in themes}
    for number, one in enumerate(provisions):
        for theme in set(one.themes):
            if theme in with_theme:
                with_theme[theme].append(number)
    shared = supply / np.maximum([len(set(one.themes)) for one in provisions], 1) if provisions else supply
    access, unmet = np.zeros(expected.shape), expected.copy()
    carrier, share = np.full(expected.shape, -1, dtype=np.int64), np.zeros(expected.shape)
    for row, theme in enumerate(themes):
        some = np.array(with_theme[theme], dtype=np.int64)
        if not len(some):
            continue
        part = weights[:, some]
        ratios = _ratios(part, shared[some], expected[row])
        given = csr_array(part.multiply(ratios[None, :]))
        given.sort_indices()
        access[row] = given.sum(axis=1)
        mean = shared[some].sum() / max(float(expected[row].sum()), 1e-9)
        if mean > 0:
            unmet[row] = expected[row] * np.maximum(0.0, 1 - access[row] / mean)
        largest, which = _largest(given)
        reached = access[row] > 0
        share[row, reached] = largest[reached] / access[row, reached]
        carrier[row, reached] = some[which[reached]]
    return _Reached(access, unmet, carrier, share)


def _ratios(weights: csc_array, supply: Floats, demand: Floats) -> Floats:
    """Step 1: supply a person that needs it, per provision; 0 where nobody is within reach."""
    around = weights.T @ demand
    return np.asarray(np.divide(supply, around, out=np.zeros(len(supply)), where=around > 0), dtype=float)


def _largest(given: csr_array) -> tuple[Floats, Ints]:
    """The largest value of each row, and its column; 0 and 0 where a row is empty."""
    rows = given.shape[0]
    largest, which = np.zeros(rows), np.zeros(rows, np.int64)
    filled = np.flatnonzero(np.diff(given.indptr))
    if len(filled):
        starts = given.indptr[filled]
        largest[filled] = np.maximum.reduceat(given.data, starts)
        row_of = np.repeat(np.arange(rows), np.diff(given.indptr))
        best = np.flatnonzero(given.data == largest[row_of])[::-1]  # the first column wins
        which[row_of[best]] = given.indices[best]
    return largest, which


def _youth(provisions: Sequence[Provision], weights: csc_array, supply: Floats, people: Floats) -> Floats:
    young = youth_phases()
    some = [i for i, one in enumerate(provisions) if one.life_phases and young.issuperset(one.life_phases)]
    if not some:
        return np.zeros(weights.shape[0])
    part = weights[:, np.array(some)]
    return np.asarray(part @ _ratios(part, supply[some], people / 1000.0), dtype=float)
