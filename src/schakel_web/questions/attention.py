"""Whether attention goes to some neighbourhoods more than to others: the page with the last published numbers (R12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.roles import Permission
from schakel_web.audit.chain import record
from schakel_web.audit.models import Outcome
from schakel_web.network.access import AllowedRequest, allowed
from schakel_web.questions import publishing
from schakel_web.questions.concentration import MEASURES

MORE, LESS = 1.25, 0.8  # times one's share of the inhabitants, from which we say that it is more or less
WIDE, HIGH, STEP = 600, 34, 74  # of the chart, in its own units
REST = 9  # shade of what cannot be shown apart
GROUP_LABELS: dict[str, str | Promise] = {
    "lower": _("Buurten met een lager gemiddeld inkomen"),
    "middle": _("Buurten daartussenin"),
    "higher": _("Buurten met een hoger gemiddeld inkomen"),
    "unknown": _("Buurten waarvan het inkomen niet bekend is"),
}
MEASURE_LABELS: dict[str, str | Promise] = {
    "signals": _("Signalen"), "patterns": _("Patronen die een team zag"), "questions": _("Breder levende vragen"),
    "offers": _("Aanbod op de sociale kaart"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One group of one measure; None is hidden, or too little to compare."""

    group: str | Promise
    number: int | None
    percent: int | None
    times: float | None

    @property
    def word(self) -> str | Promise:
        """How it relates to the share of the inhabitants."""
        if self.times is None:
            return ""
        return (
            _("meer") if self.times >= MORE else _("minder") if self.times <= LESS else _("naar verhouding")
        )


@dataclass(frozen=True)
class Part:
    """A piece of a bar."""

    x: float
    width: float
    shade: int
    percent: int

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 1)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def bar(shares: list[float | None]) -> list[Part]:
    """The pieces of one bar, side by side; at the end, as one piece, what is hidden. Nothing when nothing is shown."""
    seen = [(shade, share) for shade, share in enumerate(shares) if share is not None]
    rest = 1.0 - sum(share for _shade, share in seen)
    if len(seen) < len(shares) and seen and rest > 0:
        seen.append((REST, rest))
    parts: list[Part] = []
    for shade, share in seen:
        begin = parts[-1].x + parts[-1].width if parts else 0.0
        parts.append(Part(round(begin, 1), round(share * WIDE, 1), shade, round(100 * share)))
    return parts


def _drawn(kept: dict[str, Any]) -> list[tuple[str | Promise, list[Part], int]]:
    """Label, pieces and height of every bar: first where people live."""
    rows = [(_("Inwoners"), kept["live"])] + [
        (MEASURE_LABELS[name], kept["measures"][name]["shares"]) for name in MEASURES
    ]
    return [(label, bar(shares), 28 + STEP * i) for i, (label, shares) in enumerate(rows)]


def _cells(kept: dict[str, Any], name: str) -> list[Cell]:
    each = kept["measures"][name]
    return [
        Cell(GROUP_LABELS[group], number, _percent(share), times)
        for group, number, share, times in zip(
            kept["groups"], each["numbers"], each["shares"], each["times"], strict=True
        )
    ]


def _shown(kept: dict[str, Any]) -> dict[str, Any]:
    """What was kept, for the template."""
    measures = [(MEASURE_LABELS[name], _cells(kept, name)) for name in MEASURES]
    return {
        "groups": [
            (GROUP_LABELS[group], _percent(live), areas)
            for group, live, areas in zip(kept["groups"], kept["live"], kept["areas"], strict=True)
        ],
        "measures": measures,
        "lower": [(label, cells[0]) for label, cells in measures] if kept["groups"][0] == "lower" else [],
        "bars": (bars := _drawn(kept)),
        "rest": any(part.shade == REST for _label, parts, _y in bars for part in parts),
        "size": (WIDE, 28 + STEP * len(MEASURES) + HIGH + 4, HIGH),
    }


@allowed(Permission.FIGURES_READ)
def attention(request: AllowedRequest) -> HttpResponse:
    """Table and chart of the last night, with what they do and do not mean."""
    found = publishing.newest()
    record(
        action="questions.read_attention", subject=found or "questions.Publication", by=request.user,
        outcome=Outcome.READ,
    )  # fmt: skip
    kept = found.attention if found else {}
    context: dict[str, Any] = {"publication": found, "kept": kept, "more": MORE, "less": LESS}
    return render(request, "questions/attention.html", context | (_shown(kept) if kept else {}))
