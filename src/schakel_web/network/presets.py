"""The six practices of the publication (S050–S055) as versioned configuration: which steps and boards a team sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml
from django.utils.translation import gettext

_FILE = Path(__file__).parent / "presets.yaml"


@dataclass(frozen=True)
class Preset:
    """One way of working. `steps` and `boards` are code words that the pages know."""

    key: str
    version: int
    name_nl: str
    place: str
    about_nl: str
    source: str
    steps: frozenset[str]
    boards: frozenset[str]

    @property
    def name(self) -> str:
        """In the language of the page."""
        return gettext(self.name_nl)

    @property
    def about(self) -> str:
        """In the language of the page."""
        return gettext(self.about_nl)

    def shows(self, what: str) -> bool:
        """Whether a team that works in this way sees a step or board."""
        return what in self.steps or what in self.boards


STEPS = frozenset(
    {"weighing", "collective_first", "own_search_first", "sparring", "handover", "partner_check", "layers"}
)
BOARDS = frozenset({"meeting", "agenda", "outreach", "matching", "pyramid"})
_EVERYWHERE = {"weighing", "collective_first", "meeting"}  # in every practice (S027, S033, S036)


@cache
def _every() -> dict[tuple[str, int], Preset]:
    """All versions. ValueError for an unknown step or board, and when one of every practice is left out."""
    found: dict[tuple[str, int], Preset] = {}
    for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8"))["presets"]:
        preset = Preset(
            **{k: entry[k] for k in ("key", "version", "place", "source")},
            name_nl=entry["name"],
            about_nl=entry["about"],
            steps=frozenset(entry["steps"]),
            boards=frozenset(entry["boards"]),
        )
        unknown = (preset.steps - STEPS) | (preset.boards - BOARDS)
        missing = {what for what in _EVERYWHERE if not preset.shows(what)}
        if unknown or missing:
            what = "names" if unknown else "leaves out"
            raise ValueError(
                f"Preset '{preset.key}' {what} '{sorted(unknown or missing)[0]}'; expected known steps and boards, and "
                "those of every practice."
            )
        found[preset.key, preset.version] = preset
    return found


@cache
def presets() -> dict[str, Preset]:
    """By key, the newest version of each."""
    return {key: preset for (key, _version), preset in sorted(_every().items())}


class Worker(Protocol):
    """Whoever works in one of these ways: a team."""

    preset: str
    preset_version: int


def preset_of(team: Worker | None) -> Preset:
    """How a team works: the version that it chose; the newest when that is gone, the plain one without a team."""
    if team is None:
        return presets()["one_team"]
    found = _every().get((team.preset, team.preset_version))
    return found or presets().get(team.preset) or presets()["one_team"]
