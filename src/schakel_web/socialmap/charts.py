"""The quadrant chart and the map as plain values for a template: server-rendered SVG with a table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, FloatField
from django.db.models.functions import Cast, Round

from schakel_web.network.models import Area
from schakel_web.socialmap.models import Provision, ProvisionQuerySet
from schakel_web.socialmap.models.choices import Provenance

MOST_DOTS = 250  # beyond this, dots are put together
SIDE = 600  # width and height of the chart, in its own units
EDGE = 40
FRAME: dict[str, Any] = {"side": SIDE, "edge": EDGE, "far": SIDE - EDGE, "half": SIDE // 2}


def across(value: float) -> float:
    """From 0–1 to a place in the chart, left to right."""
    return round(EDGE + value * (SIDE - 2 * EDGE), 1)


def upward(value: float) -> float:
    """From 0–1 to a place in the chart, from below."""
    return round(SIDE - EDGE - value * (SIDE - 2 * EDGE), 1)


@dataclass(frozen=True)
class Dot:
    """One provision in the chart, or several at the same place."""

    x: float
    y: float
    spread: float
    size: float
    number: int
    label: str
    approach: float
    formality: float
    provision: Provision | None = None


def quadrant(rows: ProvisionQuerySet) -> dict[str, Any]:
    """Dots of a selection: each provision, or how many there are around each tenth of the scales.

    What nobody gave a place has none: it is counted beside the chart (S037).
    """
    frame = FRAME | {"unplaced": rows.filter(provenance=Provenance.UNKNOWN).order_by().count()}
    rows = rows.exclude(provenance=Provenance.UNKNOWN)
    found = list(rows.only("pk", "name", "approach", "formality", "spread", "state", "due")[: MOST_DOTS + 1])
    if len(found) <= MOST_DOTS:
        scale = SIDE - 2 * EDGE
        dots = [
            Dot(
                across(p.approach),
                upward(p.formality),
                round(p.spread * scale, 1),
                7,
                1,
                p.name,
                p.approach,
                p.formality,
                p,
            )
            for p in found
        ]
        behind = len(dots) - len({(dot.approach, dot.formality) for dot in dots})
        return frame | {"dots": dots, "together": False, "behind": behind}
    cells = (
        rows.order_by()
        .annotate(a=Cast(Round("approach", 1), FloatField()), f=Cast(Round("formality", 1), FloatField()))
        .values_list("a", "f")
        .annotate(n=Count("pk"))
        .order_by("a", "f")
    )
    return frame | {"dots": grouped(cells), "together": True}


def grouped(cells: Iterable[tuple[float, float, int]]) -> list[Dot]:
    """A circle for each place, as large as the number that is there."""
    rows = list(cells)
    most = max((n for _a, _f, n in rows), default=1)
    return [
        Dot(across(a), upward(f), 0, round(5 + 20 * (n / most) ** 0.5, 1), n, str(n), a, f)
        for a, f, n in rows
    ]


def quadrants(rows: Iterable[tuple[float, float, int]]) -> dict[str, int]:
    """How many lie in each of the four quadrants; the scales are sliding, so this is only a summary (S116)."""
    found: Counter[str] = Counter()
    for approach, formality, number in rows:
        found[
            f"{'formal' if formality >= 0.5 else 'informal'}_{'collective' if approach >= 0.5 else 'individual'}"
        ] += number
    return dict(found)


def ground(areas: Iterable[Area]) -> tuple[list[tuple[Area, str]], str]:
    """Outlines of areas as paths, and the viewBox around them; metres, north above."""
    rows = [(area, area.rings) for area in areas]
    points = [point for _area, rings in rows for ring in rings for point in ring]
    if not points:
        return [], "0 0 1 1"
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    low, high = min(p[1] for p in points), max(p[1] for p in points)
    paths = [
        (area, " ".join("M" + " L".join(f"{x:.0f},{-y:.0f}" for x, y in ring) + " Z" for ring in rings))
        for area, rings in rows
    ]
    return paths, f"{left:.0f} {-high:.0f} {right - left:.0f} {high - low:.0f}"


def atlas(rows: ProvisionQuerySet) -> dict[str, Any]:
    """Areas with how many provisions of a selection lie in them, and dots where there are not too many."""
    counts = dict(rows.order_by().values_list("area").annotate(n=Count("pk")))
    paths, view = ground(Area.objects.neighbourhoods().with_borders())
    dots = list(
        rows.only("pk", "name", "x", "y", "area__x", "area__y").select_related("area")[: MOST_DOTS + 1]
    )
    width = float(view.split()[2])
    places = []
    for p in dots:
        x, y = (p.x, p.y) if p.x is not None or p.area is None else (p.area.x, p.area.y)
        if x is not None and y is not None:
            places.append({"x": round(x), "y": -round(y), "provision": p})
    most = max(counts.values(), default=1)
    return {
        "shapes": [
            {"area": area, "path": path, "number": n, "shade": _shade(n, most)}
            for area, path in paths
            for n in (counts.get(area.pk, 0),)
        ],
        "view": view, "places": places if len(dots) <= MOST_DOTS else [], "radius": round(width / 90),
        "elsewhere": counts.get(None, 0),
    }  # fmt: skip


def _shade(number: int, most: int) -> int:
    """Class of a shade, 0 to 4."""
    return 0 if not number else 1 + min(3, int(4 * number / (most + 1)))
