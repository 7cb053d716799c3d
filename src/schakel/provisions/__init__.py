"""The social map: what there is, where, for whom, and whether it is still true."""

from schakel.provisions.provision import (
    Access,
    Capital,
    Goal,
    Layer,
    LegalType,
    Payer,
    Place,
    Position,
    Prevention,
    PriceRange,
    Provision,
    Session,
)

__all__ = [
    "Access",
    "Capital",
    "Goal",
    "Layer",
    "LegalType",
    "Payer",
    "Place",
    "Position",
    "Prevention",
    "PriceRange",
    "Provision",
    "Session",
]
