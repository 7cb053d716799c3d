"""The course of a pattern as a chart: what was observed, what is expected, what is usual in one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from schakel.detection.wording import Language, month_short, number
from schakel.records import Timeline

WIDTH = 760.0
HEIGHT = 290.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 10.0, 40.0, 46.0
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, at `at` units."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """Path data and places on a plane of `WIDTH` × `HEIGHT` units. The window is where the pattern lies."""

    bars: str
    pattern_bars: str
    band: str
    expected: str
    window_left: float
    window_right: float
    label_x: float
    label_anchor: str
    baseline: float
    top: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def chart(timeline: Timeline, *, start: date, end: date, language: Language = "nl") -> Chart:
    """Draw a timeline (T ≥ 1 periods); `start` and `end` are the first and last day of the pattern."""
    count = len(timeline.dates)
    steps = _steps(max(1.0, *timeline.observed, *timeline.high, *timeline.expected))
    width = (WIDTH - _LEFT - _RIGHT) / count
    high = HEIGHT - _TOP - _BOTTOM

    def x(t: float) -> float:
        return round(_LEFT + t * width, 1)

    def y(value: float) -> float:
        return round(_TOP + high * (1 - value / steps[-1]), 1)

    inside = [start <= day <= end for day in timeline.dates]
    first = inside.index(True) if any(inside) else 0
    after = count - inside[::-1].index(True) if any(inside) else 0
    gap = min(2.0, 0.2 * width)

    def bars(wanted: bool) -> str:
        return "".join(
            f"M{x(t) + gap / 2:.1f} {y(0)}V{y(value)}h{width - gap:.1f}V{y(0)}z"
            for t, value in enumerate(timeline.observed)
            if value and inside[t] is wanted
        )

    def line(values: tuple[float, ...]) -> str:
        return "".join(f"{'L' if t else 'M'}{x(t)} {y(value)}H{x(t + 1)}" for t, value in enumerate(values))

    back = "".join(f"L{x(t + 1)} {y(timeline.low[t])}H{x(t)}" for t in reversed(range(count)))
    middle = (x(first) + x(after)) / 2
    anchor = _anchor(middle, room=110.0)
    return Chart(
        bars=bars(False),
        pattern_bars=bars(True),
        band=f"{line(timeline.high)}{back}z",
        expected=line(timeline.expected),
        window_left=x(first),
        window_right=x(after),
        label_x={"start": x(first), "end": x(after), "middle": middle}[anchor],
        label_anchor=anchor,
        baseline=y(0),
        top=_TOP,
        x_ticks=tuple(
            Tick(x(t), label, _anchor(x(t), room=64.0)) for t, label in _dates(timeline.dates, language)
        ),
        y_ticks=tuple(Tick(y(value), number(value, language=language)) for value in steps),
    )


def _anchor(x: float, *, room: float) -> str:
    """Text that stands within `room` units of an edge grows away from it."""
    return "start" if x < room else "end" if x > WIDTH - room else "middle"


def _steps(most: float) -> tuple[int, ...]:
    """Whole numbers from 0 to at least `most`, three to six of them, 1, 2 or 5 times a power of ten apart."""
    size = next(base * 10**power for power in range(12) for base in (1, 2, 5) if 4 * base * 10**power >= most)
    return tuple(range(0, int(-(-most // size)) * size + 1, size))


def _dates(dates: tuple[date, ...], language: Language) -> list[tuple[int, str]]:
    """Periods in which a month begins, so many months apart that few remain; else the first period."""
    if len(dates) > 1 and (dates[1] - dates[0]).days > 300:
        every = -(-len(dates) // _MOST_TICKS)
        return [(t, str(day.year)) for t, day in enumerate(dates) if t % every == 0]
    begins = [0] if dates[0].day == 1 else []
    begins += [
        t + 1
        for t, (one, two) in enumerate(pairwise(dates))
        if (one.year, one.month) != (two.year, two.month)
    ]
    for months in (1, 2, 3, 6, 12, 24, 60, 120):
        ticks = [t for t in begins if (12 * dates[t].year + dates[t].month - 1) % months == 0]
        if len(ticks) <= _MOST_TICKS:
            break
    return [(t, f"{month_short(dates[t], language=language)} {dates[t].year}") for t in ticks or [0]]
