"""The invented content that comes with the package: names, rates of themes, and the grammar of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Names:
    """Parts of made-up names of places and people."""

    districts: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    quarters: tuple[str, ...]
    sides: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a theme is heard: its weight, its weight per group of people, and its season.

    ``tilt`` maps an age group or a kind of household to a factor (1: like everybody); ``shift`` moves the
    season by days; themes of one ``kin`` may share a signal; ``sensitive`` themes are rare, stand alone and
    are never planted (R5).
    """

    theme: str
    weight: float
    tilt: dict[str, float]
    shift: float
    kin: str | None
    sensitive: bool


@cache
def names() -> Names:
    """The made-up names."""
    return Names(**{key: tuple(value) for key, value in load("names.yaml").items()})


@cache
def rates() -> tuple[Rate, ...]:
    """The rate of every theme of the taxonomy, in its order."""
    return tuple(
        Rate(
            theme,
            row["weight"],
            row.get("tilt", {}),
            row.get("shift", 0.0),
            row.get("kin"),
            row.get("sensitive", False),
        )
        for theme, row in load("rates.yaml").items()
    )


def load(name: str) -> dict[str, Any]:
    """One data file of this package as a mapping."""
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("data", name).read_text("utf-8"))
    return found
