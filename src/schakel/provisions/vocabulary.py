"""The words of the social map as screens show them: legal types and what they mean in law (S128–S136), payers, layers.

Everything is data in ``data/vocabulary.yaml``, so that an application shows it without knowing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from schakel.provisions.provision import LegalType
from schakel.records import SchakelError

Answer = Literal["yes", "no", "depends"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One word: its Dutch label, a hint in a few Dutch words, and the other properties of the file."""

    id: str
    nl: str
    hint: str
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LegalProperties:
    """What a legal type means in law, in general; every provision has its own attributes beside it (S037).

    ``also`` are other words for the same thing (S132). ``check_days`` is how long a confirmation holds for the kind.
    """

    type: LegalType
    nl: str
    law: str
    decision: Answer
    personal_budget: Answer
    free_access: Answer
    hint: str
    also: tuple[str, ...]
    check_days: int
    source: str


@cache
def _shipped() -> dict[str, tuple[Entry, ...]]:
    text = (resources.files("schakel.provisions") / "data" / "vocabulary.yaml").read_text(encoding="utf-8")
    lists: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)
    return {
        kind: tuple(
            Entry(
                str(given["id"]),
                str(given["nl"]),
                str(given.get("hint", "")),
                {key: value for key, value in given.items() if key not in ("id", "nl", "hint")},
            )
            for given in entries
        )
        for kind, entries in lists.items()
        if kind != "meta"
    }


def entries(kind: str) -> tuple[Entry, ...]:
    """All words of a kind, in the order in which a screen shows them. SchakelError when there is no such kind."""
    if kind not in _shipped():
        raise SchakelError(f"The vocabulary has no '{kind}'; expected one of {', '.join(_shipped())}.")
    return _shipped()[kind]


def label(kind: str, value: StrEnum | str | int) -> str:
    """The Dutch label of a value; the value itself when the vocabulary does not have it."""
    return next((entry.nl for entry in entries(kind) if entry.id == str(value)), str(value))


@cache
def legal_properties(kind: LegalType) -> LegalProperties:
    """What a legal type means in law."""
    entry = next(each for each in entries("legal_type") if each.id == kind)
    more = entry.more
    return LegalProperties(
        type=kind,
        nl=entry.nl,
        law=str(more["law"]),
        decision=more["decision"],
        personal_budget=more["personal_budget"],
        free_access=more["free_access"],
        hint=entry.hint,
        also=tuple(more.get("also", ())),
        check_days=int(more["check_days"]),
        source=str(more["source"]),
    )


def youth_phases() -> frozenset[str]:
    """The life phases of people under 23 (S073)."""
    return frozenset(entry.id for entry in entries("life_phase") if entry.more["youth"])
