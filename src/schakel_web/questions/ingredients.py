"""What went into a run, in words: its settings and its data, so that anybody can do it again (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from schakel_web.questions.models import Run

_SETTINGS: dict[str, str | Promise] = {
    "method": _("waarmee vergeleken is"), "null": _("hoe toeval eruitziet"), "mode": _("naar welke weken gekeken is"),
    "period": _("stap in de tijd"), "start": _("eerste dag"), "end": _("laatste dag"),
    "max_share": _("grootste deel van de gemeente"), "max_radius_km": _("grootste straal in kilometers"),
    "neighbours": _("meeste buurten bij elkaar"), "windows": _("aantal weken bij elkaar"),
    "min_count": _("minste mensen of keren"), "min_areas": _("minste buurten"), "zones": _("vorm van een gebied"),
    "replicas": _("hoe vaak het toeval is nagebootst"), "seed": _("begin van het toeval"),
    "threads": _("rekenkernen (0 is alle)"), "raw": _("alleen om te toetsen"),
    "min_people": _("minste mensen voordat een team het ziet"),
    "min_sources": _("minste bronnen voordat een team het ziet"),
    "min_dates": _("minste dagen voordat een team het ziet"), "alpha": _("grootste kans op toeval (q)"),
    "adjust_reporting": _("rekening gehouden met meer doorgeven"),
    "stop_after": _("eerder stoppen met nabootsen (0 is nooit)"),
}  # fmt: skip
_DATA: dict[str, str | Promise] = {
    "signals": _("signalen"), "signals_used": _("signalen die meetelden"), "people": _("mensen"),
    "areas": _("buurten"), "themes": _("thema's"), "themes_left_out": _("gevoelige thema's die niet meedoen"),
    "first_day": _("eerste dag"), "last_day": _("laatste dag"), "periods": _("weken"),
    "history": _("weken om van te leren wat gewoon is"),
    "nothing_can_be_shown": _("er zijn te weinig bronnen om iets te tonen"),
    "nothing_can_be_found": _("er zijn te weinig buurten om iets te vinden"),
}  # fmt: skip


class Ingredient(NamedTuple):
    """One of them: what it is called here and in the library, and what it was."""

    label: str
    key: str
    value: str


def settings_of(run: Run) -> list[Ingredient]:
    """The settings of a run."""
    return _named(run.parameters, _SETTINGS)


def data_of(run: Run) -> list[Ingredient]:
    """How much went in."""
    return _named({key: value for key, value in run.data.items() if key != "notes"}, _DATA)


def notes_of(run: Run) -> list[str]:
    """What is worth knowing about it."""
    language = "en" if get_language() == "en" else "nl"
    return [note[language] for note in run.data.get("notes", [])]


def _named(values: Mapping[str, Any], labels: Mapping[str, str | Promise]) -> list[Ingredient]:
    return [Ingredient(str(labels.get(key, key)), key, _said(value)) for key, value in values.items()]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _g("ja") if value else _g("nee")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
