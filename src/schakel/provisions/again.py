"""A file that comes again: what it says goes over what is there, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from schakel.provisions.columns import COLUMNS, ELSEWHERE, PLACE, PRICE
from schakel.provisions.provision import LegalType, Provision

#: What would not fit together from two sides.
_TOGETHER: Final = ({"capacity", "free"}, {"youngest", "oldest"}, {"organisation", "organisation_id"})


def laid_over(new: Provision, old: Provision, said: Collection[str]) -> Provision:
    """The old one with what a file says now, by columns; about anything else it keeps what people here chose.

    It keeps its identifier and its place on the two scales (S115, S118). What has to fit together comes from one side.
    Nobody un-confirms by a file: the last day of the two counts.
    """
    plain = {name for name in said if name in COLUMNS and name not in ELSEWHERE}
    for pair in _TOGETHER:
        plain |= pair if plain & pair else set()
    values: dict[str, Any] = {name: getattr(new, name) for name in plain - {"id", "checked"}}
    decided = values.get("decision", old.decision)
    if values.get("legal_type", old.legal_type) == LegalType.TAILORED:
        decided = True
    if "checked" in said and new.checked and (old.checked is None or new.checked > old.checked):
        values["checked"] = new.checked
    where = {field: getattr(new.place, field) for name, field in PLACE.items() if name in said}
    if not where.keys().isdisjoint("xy") or "latitude" in said:
        where |= {"x": new.place.x, "y": new.place.y}
    if where.get("area", "") is None:  # a file that does not know the neighbourhood
        del where["area"]
    return replace(
        old,
        **(values | {"decision": decided}),
        place=replace(old.place, **where),
        group=new.group if {"group_low", "group_high"} & set(said) else old.group,
        price=new.price if PRICE.keys() & set(said) else old.price,
    )
