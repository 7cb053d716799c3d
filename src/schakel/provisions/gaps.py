"""What coverage says in a few lines: gaps ranked, themes that hang on one provision, where the young have little.

Everything here is about themes and areas, never about a person (R9), and a gap is a reason to look, not a verdict
(R10, R12). What leaves the team is worked out anew from numbers that went through `schakel.disclosure` (R7): nobody
can work back to a small count from a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from schakel.areas import subset
from schakel.disclosure import Thresholds
from schakel.disclosure.tables import check_areas, protect
from schakel.provisions.coverage import Coverage, coverage
from schakel.provisions.provision import Provision
from schakel.records import Areas, Floats, Ints, SchakelError

CARRIES = 0.8  # share of what can be reached from which one provision carries a theme
YOUTH_SHARE = 0.5  # of the average: below it is a gap for the young


@dataclass(frozen=True, slots=True)
class Gap:
    """A theme in an area for which less can be reached than elsewhere.

    ``unmet`` and ``expected`` are people; ``reach`` is what can be reached as a share of the average of the theme
    (0–1). ``why`` says it in Dutch.
    """

    theme: str
    area: str
    unmet: float
    expected: float
    need: float
    reach: float
    why: str


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A provision that carries a theme for some areas: when it stops, there is hardly anything left (S083)."""

    provision: str
    theme: str
    areas: tuple[str, ...]
    expected: float  # people whose need hangs on it


@dataclass(frozen=True, slots=True)
class YouthGap:
    """An area where the young can reach little that is meant for them (S073); ``reach`` is a share of the average."""

    area: str
    reach: float


def gaps(found: Coverage, *, at_most: int = 50) -> tuple[Gap, ...]:
    """The largest gaps, by people whose need is not met; at equal size in the order of themes and areas."""
    mean = _mean_access(found)
    order = np.argsort(-found.unmet, axis=None, kind="stable")[:at_most]
    listed = []
    for cell in order.tolist():
        row, column = divmod(cell, len(found.areas))
        if found.unmet[row, column] <= 0:
            break
        reach = float(min(1.0, found.access[row, column] / mean[row])) if mean[row] > 0 else 0.0
        listed.append(
            Gap(
                found.themes[row], found.areas[column], float(found.unmet[row, column]),
                float(found.expected[row, column]), float(found.need[row, column]), reach, _why(reach),
            )
        )  # fmt: skip
    return tuple(listed)


def _mean_access(found: Coverage) -> Floats:
    """Access of a theme, averaged over the need for it: (themes,)."""
    total = found.expected.sum(axis=1)
    weighted = (found.access * found.expected).sum(axis=1)
    return np.asarray(np.divide(weighted, total, out=np.zeros(len(total)), where=total > 0), dtype=float)


def _why(reach: float) -> str:
    if reach == 0:
        return "Er is voor dit thema niets te bereiken vanuit deze buurt."
    share = max(1, round(100 * reach))
    return f"Wat hier te bereiken is, is {share}% van wat er gemiddeld is voor dit thema."


def single_points(
    found: Coverage, provisions: Sequence[Provision], *, carries: float = CARRIES
) -> tuple[SinglePoint, ...]:
    """Provisions that carry a theme, those on which the most need hangs first. `provisions` as given to `coverage`."""
    alone = (found.carrier >= 0) & (found.share >= carries) & (found.expected > 0)
    areas: dict[tuple[int, int], list[int]] = {}
    for row, column in zip(*np.nonzero(alone), strict=True):
        areas.setdefault((int(found.carrier[row, column]), int(row)), []).append(int(column))
    listed = [
        SinglePoint(
            provisions[number].id,
            found.themes[row],
            tuple(found.areas[column] for column in columns),
            float(found.expected[row, columns].sum()),
        )
        for (number, row), columns in areas.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-one.expected, one.provision, one.theme)))


def youth_gaps(found: Coverage, areas: Areas, *, share: float = YOUTH_SHARE) -> tuple[YouthGap, ...]:
    """Inhabited areas where the young reach less than a share of the average, the least first."""
    people = np.nan_to_num(areas.population, nan=0.0)
    total = float(people.sum())
    mean = float((found.youth * people).sum()) / total if total else 0.0
    reach = found.youth / mean if mean else np.zeros(len(people))
    some = np.flatnonzero((people > 0) & (reach < share))
    return tuple(
        YouthGap(found.areas[i], float(reach[i])) for i in some[np.argsort(reach[some], kind="stable")]
    )


@dataclass(frozen=True, slots=True, eq=False)
class PublishedCoverage:
    """Coverage that may leave the team: ``shown`` (themes, areas) are the needs as published, None is hidden (R7)."""

    coverage: Coverage
    shown: tuple[tuple[int | None, ...], ...]
    gaps: tuple[Gap, ...]


def published(
    provisions: Sequence[Provision],
    areas: Areas,
    needs: Mapping[tuple[str, str], int],
    *,
    today: date,
    themes: Sequence[str],
    thresholds: Thresholds | None = None,
    reach_km: float = 3.0,
    at_most: int = 50,
) -> PublishedCoverage:
    """Coverage of one municipality from needs that were protected first: small numbers hidden, the others rounded.

    What is hidden counts as the average of what is hidden of that theme, so that a gap says nothing more than the
    table. Gaps of hidden cells are not listed. SchakelError for areas with hardly any residents, which must be merged
    first.
    """
    thresholds = thresholds or Thresholds()
    exact = coverage(provisions, areas, needs, today=today, themes=themes, reach_km=reach_km)
    if not exact.themes:
        raise SchakelError("No theme is left to publish: sensitive themes are never published (R5).")
    people = np.nan_to_num(areas.population, nan=0.0)
    living = {areas.codes[i]: int(people[i]) for i in np.flatnonzero((people > 0) | exact.need.any(axis=0))}
    check_areas(living, thresholds=thresholds)
    table = protect(_whole(exact.need), row_parents=None, thresholds=thresholds)
    shown = {
        (theme, code): value
        for theme, row in zip(exact.themes, table.values, strict=False)
        for code, value in zip(areas.codes, row, strict=False)
        if value is not None
    }
    found = published_of(
        provisions, areas, shown, today=today, themes=exact.themes, reach_km=reach_km, at_most=at_most
    )
    return replace(found, coverage=replace(found.coverage, left_out=exact.left_out))


def published_of(
    provisions: Sequence[Provision],
    areas: Areas,
    shown: Mapping[tuple[str, str], int],
    *,
    today: date,
    themes: Sequence[str],
    reach_km: float = 3.0,
    at_most: int = 50,
) -> PublishedCoverage:
    """Coverage from needs per (theme, area code) that were published already; what is hidden is not in `shown`.

    It depends on nothing else but the map, so it says nothing about anybody that `shown` does not say. Themes may be
    those of a coarser division, such as areas of life, when those of the provisions are so too.
    """
    rows = tuple(tuple(shown.get((theme, code)) for code in areas.codes) for theme in themes)
    needs = {
        (theme, code): float(value)
        for theme, values in zip(themes, rows, strict=True)
        for code, value in zip(areas.codes, _filled(values, areas.population), strict=True)
    }
    safe = coverage(provisions, areas, needs, today=today, themes=themes, reach_km=reach_km)
    every = gaps(safe, at_most=len(themes) * len(areas.codes))
    listed = tuple(gap for gap in every if (gap.theme, gap.area) in shown)[:at_most]
    return PublishedCoverage(safe, rows, listed)


def _whole(need: Floats) -> Ints:
    if (need != np.floor(need)).any():
        raise SchakelError("A need is no whole number of people; expected one where it leaves the team (R7).")
    return need.astype(np.int64)


def _filled(values: Sequence[int | None], population: Floats) -> list[float]:
    """Hidden cells get the rate of the shown ones, by their residents: nothing that the table does not say."""
    people = np.nan_to_num(population, nan=0.0)
    known = np.array([value is not None for value in values], dtype=bool)
    total = float(sum(value or 0 for value in values))
    rate = total / float(people[known].sum()) if people[known].sum() > 0 else 0.0
    return [
        rate * float(n) if value is None else float(value) for value, n in zip(values, people, strict=True)
    ]


def in_municipality(areas: Areas, municipality: str) -> Areas:
    """The areas of one municipality (GM…). SchakelError when there are none."""
    keep = [i for i, code in enumerate(areas.codes) if code[2:6] == municipality[2:6]]
    if not keep:
        raise SchakelError(f"There are no areas of '{municipality}'; expected one of the areas file.")
    return subset(areas, keep)
