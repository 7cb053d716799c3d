"""Signals as they reach a team: who notices, when in the week, for how many people, and what was planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.random import Generator

from schakel.records import SIGNAL_COLUMNS, Floats, Ints

from .content import Rate
from .plan import Plan, Planted
from .points import grow
from .process import Clusters, draw, excess, only, period, planted_weeks, week_shares

#: Kinds of source (S022), the usual share of each, and how many people of a team report from it.
SOURCES = ("case_contact", "street", "partner", "resident", "group", "event", "data")
SOURCE_SHARES = np.array([0.34, 0.12, 0.19, 0.13, 0.12, 0.06, 0.04])
REPORTERS = np.array([5, 2, 4, 0, 2, 2, 0])  # of residents and data it is not noted who reports
WEEKDAYS = np.array([0.22, 0.21, 0.20, 0.20, 0.13, 0.02, 0.02])  # Monday first
SECOND_THEME = 0.5  # share of kindred themes in one area and week that are noted as one signal
PLANTED_SOURCES = (0, 2, 1, 4)  # case contact, partner, street, group: in turn, so that several confirm


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What signals arise from: areas (codes, coordinates, neighbours, district of each) and rates per theme.

    ``shares`` has shape (themes, areas): the usual share of all mentions, summing to one.
    """

    codes: tuple[str, ...]
    coordinates: Floats
    neighbours: tuple[tuple[int, ...], ...]
    districts: Ints
    themes: tuple[Rate, ...]
    shares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Theme mentions, one per element of every array: indices, and days since the start of the plan."""

    theme: Ints
    area: Ints
    week: Ints
    day: Ints
    source: Ints
    reporter: Ints  # -1 where unknown
    people: Ints
    planted: Ints  # index of the planted question it belongs to, -1 for the usual

    def __len__(self) -> int:
        return len(self.theme)


def mention(plan: Plan, setting: Setting) -> tuple[Mentions, tuple[Planted, ...]]:
    """Draw everything that is mentioned, and the truth of what was planted."""
    rng, usual = plan.stream("details"), plan.stream("usual")
    drawn = [
        draw(
            usual,
            expected=plan.signals * float(shares.sum()),
            areas=shares / max(float(shares.sum()), np.finfo(float).tiny),
            weeks=week_shares(plan, shift=rate.shift),
            overdispersion=plan.overdispersion,
        )
        for rate, shares in zip(setting.themes, setting.shares, strict=True)
    ]
    extra, chosen, truth = _planted(plan, setting)
    teams = _source_shares(rng, int(setting.districts.max()) + 1)
    parts = [_noted(rng, setting, drawn, teams, plan)]
    if truth:
        parts.append(_confirmed(rng, setting, extra, chosen, plan))
    columns = Mentions.__slots__
    return Mentions(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns)), truth


def _planted(plan: Plan, setting: Setting) -> tuple[list[Clusters], Ints, tuple[Planted, ...]]:
    """Extra signals of each planted question, the index of its theme, its truth; never a sensitive theme."""
    where, drawing = plan.stream("planted"), plan.stream("extra")
    allowed = [index for index, rate in enumerate(setting.themes) if not rate.sensitive]
    order = where.permutation(allowed) if allowed else np.empty(0, dtype=np.int64)
    chosen = np.resize(order, plan.planted if allowed else 0).astype(np.int64)
    extra, truth = [], []
    for theme in chosen:
        rate, shares = setting.themes[theme], setting.shares[theme]
        part = grow(
            where,
            points=setting.coordinates,
            neighbours=setting.neighbours,
            size=plan.planted_areas,
            shape=plan.planted_shape,
        )
        when = planted_weeks(where, plan)
        weeks = only(week_shares(plan, shift=rate.shift), when)
        ratio, expected, drawn = excess(
            drawing, plan, usual=plan.signals, areas=only(shares, part), weeks=weeks
        )
        first, last = (plan.start + days for days in period(when))
        codes = tuple(setting.codes[index] for index in part)
        seen = int(drawn.size.sum())
        truth.append(Planted(rate.theme, codes, first, last, ratio, expected, seen))
        extra.append(drawn)
    return extra, chosen, tuple(truth)


def _source_shares(rng: Generator, teams: int) -> Floats:
    """Every team hears in its own way: cumulative shares of the sources, shape (teams, sources)."""
    return np.cumsum(rng.dirichlet(15.0 * SOURCE_SHARES, teams), axis=1)


def _noted(rng: Generator, setting: Setting, drawn: list[Clusters], teams: Floats, plan: Plan) -> Mentions:
    """Details of the usual mentions: those of one cluster come from one source and one reporter."""
    area, week, size = (
        np.concatenate([getattr(clusters, name) for clusters in drawn]) for name in ("area", "week", "size")
    )
    theme = np.repeat(np.arange(len(drawn)), [len(clusters.size) for clusters in drawn])
    team = setting.districts[area]
    source = (rng.random(len(area))[:, None] > teams[team, :-1]).sum(axis=1)
    reporter = _reporter(rng.random(len(area)) ** 2, team, source)
    theme, area, week, source, reporter = (
        np.repeat(values, size) for values in (theme, area, week, source, reporter)
    )
    weekday = rng.choice(7, len(area), p=np.roll(WEEKDAYS, -plan.start.weekday()))
    people = _people(rng, len(area), plan.several_people)
    return Mentions(theme, area, week, 7 * week + weekday, source, reporter, people, np.full(len(area), -1))


def _confirmed(rng: Generator, setting: Setting, extra: list[Clusters], chosen: Ints, plan: Plan) -> Mentions:
    """Details of planted mentions: sources and weekdays take turns, so that several confirm one another."""
    area, week = (
        np.concatenate([np.repeat(getattr(clusters, name), clusters.size) for clusters in extra])
        for name in ("area", "week")
    )
    planted = np.repeat(np.arange(len(extra)), [int(clusters.size.sum()) for clusters in extra])
    turn = np.arange(len(area))
    source = np.array(PLANTED_SOURCES)[turn % len(PLANTED_SOURCES)]
    reporter = _reporter(rng.random(len(area)), setting.districts[area], source)
    first_monday = -plan.start.weekday() % 7
    day = 7 * week + (first_monday + turn % 5) % 7
    people = _people(rng, len(area), plan.several_people)
    return Mentions(chosen[planted], area, week, day, source, reporter, people, planted)


def _reporter(draw: Floats, team: Ints, source: Ints) -> Ints:
    """Number of the reporter within the municipality; a low ``draw`` is a diligent one."""
    first = np.cumsum(REPORTERS) - REPORTERS
    number = team * REPORTERS.sum() + first[source] + (draw * REPORTERS[source]).astype(np.int64)
    return np.asarray(np.where(REPORTERS[source] > 0, number, -1))


def _people(rng: Generator, number: int, several: float) -> Ints:
    """One person mostly; for the share ``several`` two to eight, the fewer the likelier."""
    odds = 1.0 / np.arange(2, 9)
    more = rng.choice(np.arange(2, 9), number, p=odds / odds.sum())
    return np.asarray(np.where(rng.random(number) < several, more, 1), dtype=np.int64)


def frame(plan: Plan, setting: Setting, said: Mentions) -> pl.DataFrame:
    """The mentions as `SIGNAL_COLUMNS` without text, in order of date.

    Some usual mentions about the same area and week are noted as one signal with two themes: they share the
    signal's number, date, people and source. Weekly counts per theme and area stay as drawn.
    """
    rng = plan.stream("records")
    leader = _joined(rng, said, setting.themes)
    order = np.lexsort((rng.random(len(said)), leader, rng.random(len(said))[leader], said.day[leader]))
    leading = leader[order]
    number = np.cumsum(np.concatenate([[True], leading[1:] != leading[:-1]])[: len(said)]) - 1
    reporters = pl.Series([f"p{index + 1:02d}" for index in range(int(said.reporter.max(initial=0)) + 1)])
    reporter = said.reporter[leading]
    return pl.DataFrame(
        {
            "signal": number,
            "date": _dates(plan.start, said.day[leading]),
            "area": pl.Series(setting.codes).gather(said.area[order]),
            "theme": pl.Series([rate.theme for rate in setting.themes]).gather(said.theme[order]),
            "people": said.people[leading],
            "source": pl.Series(SOURCES).gather(said.source[leading]),
            "reporter": reporters.gather(pl.Series(reporter).replace(-1, None)),
            "text": pl.Series([None], dtype=pl.String).new_from_index(0, len(said)),
        },
        schema=SIGNAL_COLUMNS,
    )


def _dates(start: date, days: Ints) -> pl.Series:
    epoch = (start - date(1970, 1, 1)).days
    return pl.Series((days + epoch).astype(np.int32)).cast(pl.Date)


def _joined(rng: Generator, said: Mentions, themes: tuple[Rate, ...]) -> Ints:
    """Per mention the mention whose signal it belongs to: itself, or a kindred one of its area and week."""
    kinds = sorted({rate.kin for rate in themes if rate.kin})
    kin = np.array([kinds.index(rate.kin) if rate.kin else -1 for rate in themes])[said.theme]
    order = np.lexsort((rng.random(len(said)), said.week, said.area))
    one, other = order[:-1], order[1:]
    same = (said.area[one] == said.area[other]) & (said.week[one] == said.week[other])
    usual = (said.planted[one] < 0) & (said.planted[other] < 0)
    kindred = (kin[one] == kin[other]) & (kin[one] >= 0) & (said.theme[one] != said.theme[other])
    able = same & usual & kindred & (rng.random(len(one)) < SECOND_THEME)
    able[1:] &= ~able[:-1]  # never the third in a row; a pair after a refused pair waits for its turn
    leader = np.arange(len(said))
    leader[other[able]] = one[able]
    return leader
