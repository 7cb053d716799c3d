"""An invented municipality and an invented detection in it, for tests of what people read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import shapely

from schakel.detection.explain import Facts, against, explain
from schakel.detection.facts import Both
from schakel.records import Areas, Detection, Pattern, Settings, Timeline

LAST_DAY = date(2026, 11, 8)
THEMES = {
    "rouw_verlies": "Rouw en verlies",
    "energie_kosten": "Energiekosten en een koud huis",
    "mantelzorg_belast": "Mantelzorg en overbelasting",
    "vallen": "Vallen en evenwicht",
    "eenzaamheid": "Eenzaamheid",
    "samen_eten": "Samen eten",
    "taal_leren": "Nederlands leren en oefenen",
    "veiligheid_thuis": "Onveiligheid thuis",
    "crisis_suicide": "Acute nood en gedachten aan zelfdoding",
}
_FIRST = ("Linden", "Oude ", "Nieuwe ", "Molen", "Beek", "Wilgen", "Duin", "Kloosters", "Berken", "Vaart")
_LAST = ("hof", "haven", "veld", "kamp", "akker", "wijk", "singel", "horst", "broek", "erf")
NAMES = tuple(
    f"{_FIRST[k]}{_LAST[j].title() if _FIRST[k].endswith(' ') else _LAST[j]}"
    for shift in range(10)
    for k in range(10)
    for j in ((k + shift) % 10,)
)


def areas(count: int = 60, *, polygons: bool = True, named: bool = True, seed: int = 3) -> Areas:
    """A municipality of about eight by six kilometres in RD metres, cut into believable neighbourhoods."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    wobble = 1 + 0.12 * np.sin(3 * angle + 1) + 0.07 * np.sin(7 * angle)
    border = shapely.Polygon(
        np.column_stack((190_000 + 4_000 * wobble * np.cos(angle), 452_000 + 3_000 * wobble * np.sin(angle)))
    )
    points: list[tuple[float, float]] = []
    while len(points) < count:
        x, y = 190_000 + 2_600 * rng.standard_normal(), 452_000 + 1_900 * rng.standard_normal()
        if border.contains(shapely.Point(x, y)):
            points.append((x, y))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=border, ordered=True)
    )
    shapes = [shapely.segmentize(cell.intersection(border), 150) for cell in cells]
    return Areas(
        codes=tuple(f"BU0999{k // 10:02d}{k % 10:02d}" for k in range(count)),
        coordinates=np.array(points),
        metric="plane",
        population=rng.integers(300, 3_500, count).astype(float),
        names=tuple((NAMES * (count // len(NAMES) + 1))[:count]) if named else (),
        polygons=tuple(shapes) if polygons else (),
    )


def facts(**changes: object) -> Facts:
    """Eleven people where about three are usual."""
    usual = Facts(
        theme=Both("Rouw en verlies", "Grief and loss"),
        areas=("Lindenhof", "Oude Haven"),
        start=LAST_DAY - timedelta(days=27),
        end=LAST_DAY,
        periods=4,
        period="week",
        observed=11,
        expected=2.9,
        relative_risk=3.8,
        p_value=0.0095,
        q_value=0.03,
        recurrence_days=736.8,
        people=11,
        sources=4,
        dates=8,
        dominance=0.36,
        largest_area_share=0.55,
        largest_signal=2,
        themes=55,
        population=6431.0,
        short_history=False,
        city_rose=False,
        method="expectation",
        null="nb1",
        phi=1.3,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def pattern(
    place: Areas, members: tuple[int, ...], *, theme: str = "rouw_verlies", **changes: object
) -> Pattern:
    """One pattern in the areas with these numbers, its sentences made from its figures."""
    known = facts(
        theme=Both(THEMES.get(theme, theme), theme),
        areas=tuple((place.names or place.codes)[m] for m in members),
        population=float(place.population[list(members)].sum()),
        **changes,
    )
    nl, en = explain(known)
    against_nl, against_en = against(known)
    return Pattern(
        theme=theme,
        areas=tuple(place.codes[m] for m in members),
        start=known.start,
        end=known.end,
        observed=known.observed,
        expected=known.expected,
        relative_risk=known.relative_risk,
        statistic=7.913,
        p_value=known.p_value,
        p_value_gumbel=0.0071,
        q_value=known.q_value,
        recurrence_days=known.recurrence_days,
        people=known.people,
        sources=known.sources,
        dates=known.dates,
        dominance=known.dominance,
        explanation=nl,
        against=against_nl,
        explanation_en=en,
        against_en=against_en,
        identifier=f"{theme}-{place.codes[members[0]]}",
        timeline=timeline(known.expected / known.periods, known.observed, weeks=known.periods),
    )


def timeline(level: float, observed: int, *, weeks: int, length: int = 104, seed: int = 5) -> Timeline:
    """Two years of weeks around a seasonal level; the last `weeks` hold `observed` people."""
    rng = np.random.default_rng(seed)
    expected = level * (1 + 0.3 * np.cos(2 * np.pi * np.arange(length) / 52.2))
    counts = rng.poisson(expected)
    counts[-weeks:] = np.bincount(rng.integers(0, weeks, observed), minlength=weeks)
    spread = 1.96 * np.sqrt(1.3 * expected)
    return Timeline(
        dates=tuple(LAST_DAY - timedelta(days=7 * (length - t) - 1) for t in range(length)),
        observed=tuple(counts.tolist()),
        expected=tuple(expected.tolist()),
        low=tuple(np.floor(np.maximum(0.0, expected - spread)).tolist()),
        high=tuple(np.ceil(expected + spread).tolist()),
    )


def detection(place: Areas, patterns: tuple[Pattern, ...] | None = None, **changes: object) -> Detection:
    """A run with three patterns to show, four that the team does not see, two sensitive themes left out."""
    if patterns is None:
        centre = place.coordinates - place.coordinates[0]
        near = tuple(np.argsort((centre**2).sum(axis=1))[:6].tolist())
        patterns = (
            pattern(place, near[:2]),
            pattern(
                place,
                near[1:6],
                theme="energie_kosten",
                observed=38,
                people=38,
                expected=21.4,
                relative_risk=1.78,
                dominance=0.71,
                largest_signal=16,
                p_value=0.001,
                q_value=0.006,
                recurrence_days=7000.0,
                short_history=True,
            ),
            pattern(
                place,
                near[3:5],
                theme="mantelzorg_belast",
                observed=7,
                people=7,
                expected=0.9,
                city_rose=True,
            ),
            replace(pattern(place, near[:2], theme="vallen", observed=4, people=4), withheld=("people",)),
            replace(
                pattern(place, near[:2], theme="samen_eten", sources=1), withheld=("sources", "dominance")
            ),
            replace(pattern(place, near[:3], theme="eenzaamheid", q_value=0.8), withheld=("chance",)),
            replace(pattern(place, near[2:4], theme="taal_leren", q_value=0.9), withheld=("chance",)),
        )
    data: dict[str, object] = {
        "signals": 2104,
        "signals_used": 2031,
        "people": 2655,
        "areas": len(place),
        "themes": 55,
        "themes_left_out": ["crisis_suicide", "veiligheid_thuis"],
        "first_day": "2021-11-15",
        "last_day": LAST_DAY.isoformat(),
        "periods": 260,
        "history": 247,
    }
    settings = Settings(windows=(1, 2, 3, 4, 6, 8, 13), end=LAST_DAY)
    made = Detection(settings, data, patterns, "0.1.0", {"prepare": 0.2, "scan": 1.1, "assemble": 0.1})
    return replace(made, **changes)  # type: ignore[arg-type]
