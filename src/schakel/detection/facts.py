"""What is known about one pattern when it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from schakel.detection.wording import Language
from schakel.records import Method, Mode, Null, Period


class Both(NamedTuple):
    """A sentence or a name in two languages."""

    nl: str
    en: str


def said(both: Both, language: Language) -> str:
    """What it is in one language."""
    return both.nl if language == "nl" else both.en


def teller() -> pl.Expr:
    """Who told a signal: the reporter, or where that is not known the source; null when neither is (R6).

    One professional who heard it in two places is one.
    """
    return pl.coalesce(pl.lit("r ") + pl.col("reporter"), pl.lit("s ") + pl.col("source")).alias("teller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one pattern; shares lie between 0 and 1, `expected` is in people.

    `areas` are names. `observed` and `people` are numbers of people, `sources` and `dates` numbers of
    different ones (0 sources: unknown), `largest_signal` the most people that one signal concerns, `themes`
    how many themes were looked at, `population` the inhabitants of the areas or None, `phi` the variance/mean
    of the counts. `recurrence_days` is for one theme. `city_rose`: the theme rose outside these areas too.
    `reporting_grew`: a source started, or reported clearly more about everything.
    """

    theme: Both
    areas: tuple[str, ...]
    start: date
    end: date
    periods: int
    period: Period
    observed: int
    expected: float
    relative_risk: float
    p_value: float
    q_value: float
    recurrence_days: float
    people: int
    sources: int
    dates: int
    dominance: float
    largest_area_share: float
    largest_signal: int
    themes: int
    population: float | None
    short_history: bool
    city_rose: bool
    method: Method
    null: Null
    phi: float
    mode: Mode = "prospective"
    reporting_grew: bool = False
