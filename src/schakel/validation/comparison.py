"""Their answer beside ours: when two numbers, two clusters and two p-values agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import exp, log, sqrt
from typing import Any

from schakel.records import Pattern

#: A difference between two simulated p-values of so many standard errors is more than chance.
STANDARD_ERRORS = 3.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer of a reference program beside ours; ``agrees`` is None for what lies outside our methods."""

    dataset: str
    what: str
    theirs: str
    ours: str
    difference: str
    agrees: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reference program found; None for what it does not say. Numbers as it printed them.

    ``smr`` is observed over expected inside; ``risk`` the risk inside over the risk outside. ``chances`` are
    p-values, each with the number of replicas they come from. ``gumbel`` are p-values from 999 replicas.
    """

    name: str
    rank: int = 0  # which of our patterns, the strongest being 0
    areas: frozenset[str] | None = None
    area_count: int | None = None
    start: date | None = None
    end: date | None = None
    observed: Decimal | None = None
    expected: Decimal | None = None
    statistic: Decimal | None = None
    risk: Decimal | None = None
    smr: Decimal | None = None
    chances: tuple[tuple[Decimal, int], ...] = ()
    gumbel: tuple[Decimal, ...] = ()
    rare: Decimal | None = None  # the p-value should be at most this

    def but(self, **changes: Any) -> Answer:
        """The same answer with some parts changed."""
        return replace(self, **changes)


def compare(dataset: str, answer: Answer, pattern: Pattern | None, *, replicas: int) -> list[Comparison]:
    """Every part of an answer beside our pattern."""
    if pattern is None:
        theirs = " ".join(sorted(answer.areas or ()))
        return [Comparison(dataset, answer.name, theirs, "no such pattern", "", False)]
    rows = _places_and_days(dataset, answer, pattern)
    numbers = {
        "statistic": (answer.statistic, pattern.statistic),
        "observed": (answer.observed, pattern.observed),
        "expected": (answer.expected, pattern.expected),
        "relative risk": (answer.risk, pattern.relative_risk),
        "observed/expected": (answer.smr, pattern.observed / pattern.expected),
    }
    rows += [
        number(dataset, f"{answer.name}: {what}", theirs, ours)
        for what, (theirs, ours) in numbers.items()
        if theirs is not None
    ]
    drawn = [(p, (n, replicas)) for p, n in answer.chances]
    rows += [chance(dataset, f"{answer.name}: p-value", p, pattern.p_value, drawn=n) for p, n in drawn]
    gumbel = f"{answer.name}: Gumbel p-value"
    rows += [tail(dataset, gumbel, p, pattern, drawn=(999, replicas)) for p in answer.gumbel]
    if answer.rare is not None:
        rows.append(rare(dataset, f"{answer.name}: p-value", answer.rare, pattern.p_value, replicas=replicas))
    return rows


def _places_and_days(dataset: str, answer: Answer, pattern: Pattern) -> list[Comparison]:
    rows = []
    if answer.areas is not None:
        rows.append(same(dataset, f"{answer.name}: areas", _listed(answer.areas), _listed(pattern.areas)))
    if answer.area_count is not None:
        count = (str(answer.area_count), str(len(pattern.areas)))
        rows.append(same(dataset, f"{answer.name}: number of areas", *count))
    if answer.start is not None and answer.end is not None:
        days = (f"{answer.start} – {answer.end}", f"{pattern.start} – {pattern.end}")
        rows.append(same(dataset, f"{answer.name}: period", *days))
    return rows


def _listed(areas: frozenset[str] | tuple[str, ...]) -> str:
    return " ".join(sorted(areas))


def same(dataset: str, what: str, theirs: str, ours: str) -> Comparison:
    """Two texts that should be equal."""
    return Comparison(dataset, what, theirs, ours, "" if theirs == ours else "differs", theirs == ours)


def number(dataset: str, what: str, theirs: Decimal, ours: float) -> Comparison:
    """Equal to the last digit that was printed, its rounding included."""
    decimals = _decimals(theirs)
    difference = ours - float(theirs)
    agrees = abs(difference) <= 0.5000001 * 10.0**-decimals
    return Comparison(dataset, what, str(theirs), f"{ours:.{decimals}f}", f"{difference:+.1e}", agrees)


def chance(dataset: str, what: str, theirs: Decimal, ours: float, *, drawn: tuple[int, int]) -> Comparison:
    """Two p-values by rank agree when chance explains their difference: binomial standard errors of both."""
    n, m = drawn
    pooled = (float(theirs) * n + ours * m) / (n + m)
    allowed = STANDARD_ERRORS * sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    difference = ours - float(theirs)
    note = f"chance explains ±{allowed:.4f}"
    agrees = abs(difference) <= allowed
    return Comparison(dataset, what, str(theirs), f"{ours:.4f}", f"{difference:+.4f}", agrees, note)


def tail(dataset: str, what: str, theirs: Decimal, pattern: Pattern, *, drawn: tuple[int, int]) -> Comparison:
    """Two Gumbel tails agree when the uncertainty of their two fitted parameters explains the ratio.

    With z the distance to the location in scales, ln p ≈ −z has variance (1.10 z² + 1.17)/n for a fit by
    moments to n maxima: the asymptotic variances of scale and location, their covariance left out.
    """
    z = -log(float(theirs))
    error = sqrt((1.10 * z**2 + 1.17) * sum(1 / n for n in drawn))
    ratio = pattern.p_value_gumbel / float(theirs)
    agrees = ratio > 0 and abs(log(ratio)) <= STANDARD_ERRORS * error
    note = f"chance explains a factor {exp(STANDARD_ERRORS * error):.1f}"
    return Comparison(
        dataset, what, f"{float(theirs):.2g}", f"{pattern.p_value_gumbel:.2g}", f"× {ratio:.2f}", agrees, note
    )


def rare(dataset: str, what: str, most: Decimal, ours: float, *, replicas: int) -> Comparison:
    """A pattern that should stand out: no published number, but what we ask of ourselves, within chance."""
    chance = STANDARD_ERRORS * sqrt(ours * (1 - ours) / replicas)
    note = f"our own criterion; chance explains {chance:.3f}"
    return Comparison(dataset, what, f"at most {most}", f"{ours:.4f}", "", ours - chance <= most, note)


def outside(dataset: str, what: str, theirs: str, reason: str) -> Comparison:
    """An answer that our methods do not give, and why not."""
    return Comparison(dataset, what, theirs, "–", "", None, f"outside our methods: {reason}")


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
