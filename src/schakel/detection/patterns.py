"""From the strongest zones to patterns that a team can weigh: evidence, thresholds, continuation, plain words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from schakel.detection.calendar import DAYS, PER_YEAR, Calendar
from schakel.detection.caveats import against
from schakel.detection.explain import explain
from schakel.detection.facts import Both, Facts, teller
from schakel.detection.significance import Rarity, q_values, recurrence_days
from schakel.detection.timeline import timeline
from schakel.disclosure import Thresholds, dominance, reasons_to_withhold
from schakel.records import Areas, Floats, Ints, Pattern, Settings, Timeline

_OVERLAP = 0.5  # share of the smaller of two sets of areas from which they are the same pattern, a look later
_ROSE = 1.5  # a theme, or reporting as a whole, that rises this much elsewhere too is worth saying


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A zone and window that the scan found, before anybody looks at people, sources and dates.

    ``first`` and ``after`` bound the periods of the window. The series (T,) are those of the zone, and of the
    whole municipality.
    """

    theme: str
    areas: tuple[int, ...]
    first: int
    after: int
    statistic: float
    rarity: Rarity
    primary: bool  # the strongest of its theme
    conditional: bool
    total: int  # people over the whole study, of a conditional model
    phi: float
    swing: float
    history: int
    counts: Ints
    usual: Floats
    city_counts: Ints
    city_usual: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What patterns are explained with: signals with their period as column `t`; `reported` (T,) all themes."""

    signals: pl.DataFrame
    areas: Areas
    calendar: Calendar
    settings: Settings
    labels: Mapping[str, tuple[str, str]]
    reported: Ints


@dataclass(frozen=True, slots=True)
class _Summary:
    """What the signals of one pattern tell together.

    ``informants`` are people per teller and people per source, each largest first; empty when not known.
    """

    dates: int
    informants: tuple[Sequence[int], ...]
    largest_area: int
    largest_signal: int


def assemble(
    candidates: Sequence[Candidate], evidence: Evidence, *, themes: int, previous: Sequence[Pattern]
) -> tuple[Pattern, ...]:
    """All patterns, strongest first, each with its evidence and with why a team would not see it."""
    adjusted = _adjusted(candidates, themes)
    found = [
        _pattern(candidate, evidence, summary, q_value=q, themes=themes, previous=previous)
        for candidate, summary, q in zip(candidates, _summaries(candidates, evidence), adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda p: (-round(p.statistic, 9), p.theme)))


def _summaries(candidates: Sequence[Candidate], evidence: Evidence) -> list[_Summary]:
    """All candidates in one pass over the signals: an area belongs to one candidate of a theme at most."""
    places = pl.DataFrame(
        [
            (number, c.theme, evidence.areas.codes[area], c.first, c.after)
            for number, c in enumerate(candidates)
            for area in c.areas
        ],
        schema={
            "pattern": pl.Int64,
            "theme": pl.String,
            "area": pl.String,
            "first": pl.Int64,
            "after": pl.Int64,
        },
        orient="row",
    )
    since = min((c.first for c in candidates), default=0)
    rows = (
        evidence.signals.filter(pl.col("t") >= since)
        .join(places, on=["theme", "area"])
        .filter(pl.col("t") >= pl.col("first"), pl.col("t") < pl.col("after"))
        .with_columns(teller())
    )
    whole = rows.group_by("pattern").agg(pl.col("date").n_unique(), pl.col("people").max())
    dates, largest_signal = (dict(whole.select("pattern", name).iter_rows()) for name in ("date", "people"))
    per_area = _people_per(rows, "area")
    per_informant = [_people_per(rows, name) for name in ("teller", "source")]
    return [
        _Summary(
            dates=dates.get(number, 0),
            informants=tuple(per.get(number, ()) for per in per_informant),
            largest_area=max(per_area.get(number, []), default=0),
            largest_signal=largest_signal.get(number, 0),
        )
        for number in range(len(candidates))
    ]


def _people_per(rows: pl.DataFrame, column: str) -> dict[int, list[int]]:
    """People per value of a column, largest first, for every pattern; signals without a value do not count."""
    counted = (
        rows.filter(pl.col(column).is_not_null()).group_by("pattern", column).agg(pl.col("people").sum())
    )
    lists = counted.group_by("pattern").agg(pl.col("people").sort(descending=True))
    return dict(lists.iter_rows())


def _adjusted(candidates: Sequence[Candidate], themes: int) -> list[float]:
    """q-values over the themes. A theme's further patterns are read off the same curve: they gain nothing by it."""
    first = np.array([c.rarity.used for c in candidates if c.primary])
    padded = np.sort(np.concatenate([first, np.ones(themes - len(first))]))
    curve = np.append(q_values(padded), 1.0)
    levels = [c.rarity.used for c in candidates]
    below = [int(np.searchsorted(padded, p, side="right")) for p in levels]
    return [float(min(curve[k], p * themes / max(k, 1))) for p, k in zip(levels, below, strict=True)]


def _pattern(
    candidate: Candidate,
    evidence: Evidence,
    summary: _Summary,
    *,
    q_value: float,
    themes: int,
    previous: Sequence[Pattern],
) -> Pattern:
    areas, days, settings = evidence.areas, evidence.calendar, evidence.settings
    codes = tuple(areas.codes[a] for a in candidate.areas)
    facts = _facts(candidate, evidence, summary, q_value=q_value, themes=themes)
    explanation, explanation_en = explain(facts)
    caveats, caveats_en = against(facts)
    earlier = _continued(candidate.theme, codes, facts, previous)
    withheld = () if settings.raw else _withheld(facts, settings)
    return Pattern(
        theme=candidate.theme,
        areas=codes,
        start=facts.start,
        end=facts.end,
        observed=facts.observed,
        expected=facts.expected,
        relative_risk=facts.relative_risk,
        statistic=candidate.statistic,
        p_value=candidate.rarity.p_value,
        p_value_gumbel=candidate.rarity.p_value_gumbel,
        q_value=q_value,
        recurrence_days=facts.recurrence_days,
        people=facts.people,
        sources=facts.sources,
        dates=facts.dates,
        dominance=facts.dominance,
        explanation=explanation,
        against=caveats,
        explanation_en=explanation_en,
        against_en=caveats_en,
        withheld=withheld,
        continues=earlier.identifier if earlier else None,
        identifier=_identifier(candidate.theme, codes, facts),
        timeline=None if "chance" in withheld else _timeline(candidate, days),
    )


def _timeline(candidate: Candidate, days: Calendar) -> Timeline:
    phi = candidate.phi + np.expm1(candidate.swing**2) * candidate.usual
    return timeline(
        candidate.counts, candidate.usual, phi, days, first=candidate.first, after=candidate.after
    )


def _facts(
    candidate: Candidate, evidence: Evidence, summary: _Summary, *, q_value: float, themes: int
) -> Facts:
    areas, days, settings = evidence.areas, evidence.calendar, evidence.settings
    window = slice(candidate.first, candidate.after)
    observed = int(candidate.counts[window].sum())
    expected = float(candidate.usual[window].sum())
    residents = float(areas.population[list(candidate.areas)].sum())
    names = areas.names or areas.codes
    return Facts(
        theme=Both(*evidence.labels.get(candidate.theme, (candidate.theme, candidate.theme))),
        areas=tuple(names[a] for a in candidate.areas),
        start=days.starts[candidate.first],
        end=days.ends[candidate.after - 1],
        periods=candidate.after - candidate.first,
        period=settings.period,
        observed=observed,
        expected=expected,
        relative_risk=_relative_risk(candidate, observed, expected),
        p_value=candidate.rarity.p_value,
        q_value=q_value,
        recurrence_days=recurrence_days(candidate.rarity.used, DAYS[settings.period]),
        people=observed,
        sources=len(summary.informants[0]),
        dates=summary.dates,
        dominance=max(map(dominance, summary.informants)),
        largest_area_share=summary.largest_area / max(observed, 1),
        largest_signal=summary.largest_signal,
        themes=themes,
        population=residents if np.isfinite(residents) else None,
        short_history=candidate.history < PER_YEAR[settings.period],
        city_rose=_rose(
            candidate.city_counts[window].sum() - observed, candidate.city_usual[window].sum() - expected
        ),
        reporting_grew=_reporting_grew(evidence.reported, window),
        method=settings.method,
        null=settings.null,
        phi=candidate.phi,
        mode=settings.mode,
    )


def _relative_risk(candidate: Candidate, observed: int, expected: float) -> float:
    """Observed over expected; for a conditional model relative to the same ratio elsewhere."""
    inside = observed / expected
    if not candidate.conditional or observed >= candidate.total:
        return inside
    return inside / ((candidate.total - observed) / (candidate.total - expected))


def _rose(observed: float, expected: float) -> bool:
    """More than half above the usual, and too much for chance alone."""
    return bool(observed > _ROSE * expected and observed - expected > 3 * np.sqrt(expected + 1))


def _reporting_grew(reported: Ints, window: slice) -> bool:
    """Whether everything together was reported clearly more than in the year before the window."""
    before = reported[max(0, window.start - 52) : window.start]
    if len(before) < 4:
        return False
    length = window.stop - window.start
    return _rose(float(reported[window].sum()), float(before.mean()) * length)


def thresholds_of(settings: Settings) -> Thresholds:
    """R6 as these settings have it; raises SchakelError below R22's floors."""
    return Thresholds(
        min_people=settings.min_people, min_sources=settings.min_sources, min_dates=settings.min_dates
    )


def _withheld(facts: Facts, settings: Settings) -> tuple[str, ...]:
    """Why a team does not see the pattern: it may well be chance, or R6 does not allow it."""
    thresholds = thresholds_of(settings)
    reasons = reasons_to_withhold(
        people=facts.people, sources=facts.sources, dates=facts.dates, thresholds=thresholds
    )
    chance = ("chance",) if facts.q_value > settings.alpha else ()
    return (*chance, *(str(reason) for reason in reasons))


def _continued(
    theme: str, codes: tuple[str, ...], facts: Facts, previous: Sequence[Pattern]
) -> Pattern | None:
    """The earlier pattern that this one continues: same theme, half of the smaller area shared, no gap in time."""

    def shared(earlier: Pattern) -> float:
        return len(set(codes) & set(earlier.areas)) / min(len(codes), len(earlier.areas))

    near = DAYS[facts.period]
    fitting = [
        p
        for p in previous
        if p.theme == theme
        and shared(p) >= _OVERLAP
        and (facts.start - p.end).days <= near
        and p.start <= facts.end
    ]
    return max(fitting, key=lambda p: (shared(p), p.end), default=None)


def _identifier(theme: str, codes: tuple[str, ...], facts: Facts) -> str:
    text = "|".join([theme, *sorted(codes), facts.start.isoformat(), facts.end.isoformat()])
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
