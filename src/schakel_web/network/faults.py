"""Faults of a file in Dutch: where it is, what stands there, and what was expected (DESIGN §8)."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext as _

from schakel.records import Fault, SchakelError

#: What the library expected, as it says it, and in Dutch.
_EXPECTED: tuple[tuple[str, str], ...] = (
    (r"a date such as 2024-05-31", "een datum zoals 2024-05-31"),
    (r"a day not after today.*", "een dag die niet in de toekomst ligt"),
    (r".*today.*", "een dag die niet in de toekomst ligt"),
    (r".*date.*", "een datum zoals 2024-05-31"),
    (r".*known area.*|.*code of the areas.*|.*an area .*", "een buurt die in Schakel bekend is"),
    (r".*theme.*", "een thema uit de lijst"),
    (r".*whole number.*", "een heel getal van 1 of meer"),
    (r".*every area once.*", "elk gebied één keer"),
    (
        r"a valid Polygon or MultiPolygon.*",
        "een gesloten grens (Polygon of MultiPolygon) die zichzelf niet kruist",
    ),
    (r"a property area.*", "een kenmerk 'buurtcode' bij elk gebied"),
    (r"a code of a neighbourhood such as (\w+)", r"een buurtcode zoals \1"),
    (r"a code such as (\w+)", r"een gebiedscode zoals \1"),
    (r"a number, or '.' when unknown", "een getal, of een punt als het onbekend is"),
    (r"(\d+) fields as in the header, but found (\d+)", r"\1 velden zoals in de kop; er zijn er \2"),
)
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r".*has no rows.*|.*no features.*|.*only a header.*", "Er staan geen regels in het bestand."),
    (r".*swapped.*", "De coördinaten lijken omgewisseld: eerst de lengte (oost), dan de breedte (noord)."),
    (r".*cannot be read as GeoJSON.*|.*no GeoJSON.*", "Dit is geen leesbaar GeoJSON-bestand."),
    (r".*is empty.*", "Het bestand is leeg."),
    (r".*not lie in the Netherlands.*", "Deze gebieden liggen niet in Nederland."),
    (r".*lacks.*column.*'(\w+)'.*|.*column '(\w+)'.*missing.*", "Een kolom ontbreekt."),
    (r".*No column with codes of areas.*", "Wij vinden geen kolom met gebiedscodes of met kerncijfers van het CBS."),
)  # fmt: skip


def in_dutch(problem: Fault | SchakelError) -> str:
    """One sentence about a fault; what the library says in English stays when there is no Dutch for it."""
    if isinstance(problem, Fault):
        place = (
            _("regel %(line)s") % {"line": problem.line} if problem.line else problem.file.rpartition(", ")[2]
        )
        expected = next(
            (
                re.sub(pattern, dutch, problem.expected)
                for pattern, dutch in _EXPECTED
                if re.fullmatch(pattern, problem.expected)
            ),
            problem.expected,
        )
        shown = _("leeg") if problem.value in (None, "") else f"'{problem.value}'"
        if problem.field is None:
            return f"{place}: {expected}"
        return _("%(place)s, %(field)s: %(shown)s; verwacht: %(expected)s") % {
            "place": place, "field": problem.field, "shown": shown, "expected": expected,
        }  # fmt: skip
    text = str(problem)
    return next((dutch for pattern, dutch in _SENTENCES if re.fullmatch(pattern, text, re.DOTALL)), text)


def too_large() -> str:
    """The file is larger than may be sent in."""
    return _("Het bestand is te groot; het mag hoogstens %(most)s MB zijn.") % {
        "most": settings.UPLOAD_MOST // 1024**2
    }
