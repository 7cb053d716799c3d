"""The six practices of the publication (S050–S055) as versioned configuration: which steps and boards a team sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


@cache
def presets() -> dict[str, Preset]:
    """By key, the newest version of each. ValueError when the file names an unknown step or board."""
    found: dict[str, Preset] = {}
    for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8"))["presets"]:
        preset = Preset(
            **{k: entry[k] for k in ("key", "version", "place", "source")},
            name_nl=entry["name"],
            about_nl=entry["about"],
            steps=frozenset(entry["steps"]),
            boards=frozenset(entry["boards"]),
        )
        unknown = (preset.steps - STEPS) | (preset.boards - BOARDS)
        if unknown:
            raise ValueError(
                f"Preset '{preset.key}' names '{sorted(unknown)[0]}'; expected a known step or board."
            )
        if preset.key not in found or found[preset.key].version < preset.version:
            found[preset.key] = preset
    return found


def preset_of(key: str) -> Preset:
    """The preset with this key, or the plain one."""
    return presets().get(key) or presets()["one_team"]
