"""Templates: what a usual provision looks like, to start from (S044–S049, S110–S118); each is adapted locally (S115).

They are data (``data/templates.yaml``) with where they come from. Amounts with basis C are estimates, which a screen
calls *schatting*.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Payer,
    Position,
    Prevention,
    PriceRange,
    Provision,
)
from schakel.provisions.vocabulary import label, legal_properties
from schakel.records import SchakelError


@dataclass(frozen=True, slots=True)
class Template:
    """A provision to start from. ``example`` is its number in the publication (S044–S049), or empty."""

    provision: Provision
    en: str
    note: str = ""
    example: str = ""
    azwa: bool = False  # belongs to the agreements on care and welfare of 2025 (AZWA)

    @property
    def estimate(self) -> bool:
        """Whether its price is an estimate, which a screen must say."""
        return self.provision.price is not None and self.provision.price.basis == "C"

    def made(self, *, id: str, name: str = "") -> Provision:
        """A new provision after this template; what is only known locally is left open."""
        return replace(self.provision, id=id, name=name or self.provision.name, template=self.provision.id)


@cache
def load_templates() -> tuple[Template, ...]:
    """All templates, in the order of the file."""
    text = (resources.files("schakel.provisions") / "data" / "templates.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    level = int(content["meta"]["price_level"])
    return tuple(_template(entry, level) for entry in content["templates"])


def template(identifier: str) -> Template:
    """The template with this identifier. SchakelError when there is none."""
    for each in load_templates():
        if each.provision.id == identifier:
            return each
    raise SchakelError(f"There is no template '{identifier}'.")


def _template(entry: dict[str, Any], level: int) -> Template:
    law, money, people, source = entry["law"], entry["money"], entry["people"], entry["source"]
    kind = LegalType(law["type"])
    codes = entry.get("codes", {})
    position = entry["position"]
    provision = Provision(
        id=entry["id"],
        name=entry["nl"],
        description=entry["description"],
        words=tuple(entry["words"]),
        themes=tuple(entry["themes"]),
        position=Position(
            **position, why=f"Uit het sjabloon: {label('provenance', position['provenance'])}."
        ),
        legal_type=kind,
        law=law["law"],
        decision=law["decision"],
        personal_budget=law["personal_budget"],
        access=Access(law["access"]),
        layer=Layer(entry["layers"]["layer"]),
        line=entry["layers"]["line"],
        payers=tuple(Payer(payer) for payer in money["payers"]),
        price=PriceRange(
            float(money["low"]), float(money["high"]), money["basis"], level, entry.get("note", "")
        ),
        group=(entry["group"][0], entry["group"][1]),
        prevention=Prevention(entry["prevention"]["type"]),
        factors=tuple(entry["prevention"]["factors"]),
        goals=tuple(Goal(goal) for goal in people["goals"]),
        capital=tuple(Capital(each) for each in people["capital"]),
        life_phases=tuple(people["life_phases"]),
        iwmo=str(codes.get("iwmo") or codes.get("ijw") or ""),
        check_days=legal_properties(kind).check_days,
        template=entry["id"],
        in_publication=source["in_publication"],
    )
    return Template(
        provision, entry["en"], entry.get("note", ""), source.get("example", ""), source.get("azwa", False)
    )
