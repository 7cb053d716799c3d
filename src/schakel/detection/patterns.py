"""From the strongest zones to patterns that a team can weigh: evidence, thresholds, continuation, plain words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import nbinom, poisson

from schakel.detection.calendar import DAYS, Calendar
from schakel.detection.explain import Facts, against, explain
from schakel.detection.significance import Rarity, q_values, recurrence_days
from schakel.disclosure import Thresholds, dominance, reasons_to_withhold
from schakel.records import Areas, Floats, Ints, Pattern, Settings, Timeline

_OVERLAP = 0.5  # share of the smaller of two sets of areas that makes them the same pattern a week later
_CHART_PERIODS = 104


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A zone and window that the scan found, before anybody looks at people, sources and dates."""

    theme: str
    areas: tuple[int, ...]
    first: int  # first period
    after: int  # the period after the last
    statistic: float
    rarity: Rarity
    primary: bool  # the strongest of its theme
    conditional: bool
    phi: float
    counts: Ints  # (T, n)
    usual: Floats  # (T, n)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the patterns are explained with. `signals` carries the period of each signal as column `t`."""

    signals: pl.DataFrame
    areas: Areas
    calendar: Calendar
    settings: Settings
    labels: Mapping[str, str]
    history: int


def assemble(
    candidates: Sequence[Candidate], evidence: Evidence, *, previous: Sequence[Pattern]
) -> tuple[Pattern, ...]:
    """All patterns, strongest first, each with its evidence and with why a team would not see it."""
    adjusted = _adjusted([c.rarity.used for c in candidates], [c.primary for c in candidates])
    themes = sum(c.primary for c in candidates)
    found = [
        _pattern(candidate, q, themes, evidence, previous)
        for candidate, q in zip(candidates, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda p: (-p.statistic, p.theme, p.areas)))


def _adjusted(p_values: Sequence[float], primary: Sequence[bool]) -> list[float]:
    """q-values over themes; a secondary pattern is read off the same curve, so that it never gains by company."""
    first = np.sort([p for p, main in zip(p_values, primary, strict=True) if main])
    curve = q_values(first)
    places = np.searchsorted(first, p_values, side="left")
    return [
        float(min(1.0, curve[k] if k < len(first) else 1.0, p * len(first) / max(1, k)) if k else
              min(1.0, curve[0], p * len(first)))
        for p, k in zip(p_values, places.tolist(), strict=True)
    ]  # fmt: skip


def _pattern(
    candidate: Candidate, q_value: float, themes: int, evidence: Evidence, previous: Sequence[Pattern]
) -> Pattern:
    areas, days = evidence.areas, evidence.calendar
    codes = tuple(areas.codes[a] for a in candidate.areas)
    rows = evidence.signals.filter(
        (pl.col("theme") == candidate.theme)
        & pl.col("area").is_in(codes)
        & pl.col("t").is_between(candidate.first, candidate.after - 1)
    )
    zone = list(candidate.areas)
    window = slice(candidate.first, candidate.after)
    observed = int(candidate.counts[window, zone].sum())
    expected = float(candidate.usual[window, zone].sum())
    start, end = days.starts[candidate.first], days.ends[candidate.after - 1]
    per_source = _per_source(rows)
    facts = Facts(
        theme=evidence.labels.get(candidate.theme, candidate.theme),
        areas=tuple(areas.names[a] if areas.names else areas.codes[a] for a in candidate.areas),
    )
    earlier = _continued(candidate.theme, codes, start, previous)
    return Pattern(
        theme=candidate.theme, areas=codes, start=start, end=end, observed=observed, expected=expected,
        relative_risk=_relative_risk(candidate, observed, expected),
        statistic=candidate.statistic, p_value=candidate.rarity.p_value,
        p_value_gumbel=candidate.rarity.p_value_gumbel, q_value=q_value,
        recurrence_days=recurrence_days(candidate.rarity.used, DAYS[days.period]),
        people=observed, sources=len(per_source), dates=rows["date"].n_unique(),
        dominance=0.0, explanation="", against=(),
    )  # fmt: skip
