"""Records of this room: provisions, and whether they are still true."""

from schakel_web.socialmap.models.provisions import Facet, Provision, ProvisionQuerySet, Session
from schakel_web.socialmap.models.upkeep import (
    Change,
    Confirmation,
    Doubt,
    How,
    MapEvent,
    PathTask,
    PositionChange,
    Settled,
    Wrong,
)

__all__ = [
    "Change",
    "Confirmation",
    "Doubt",
    "Facet",
    "How",
    "MapEvent",
    "PathTask",
    "PositionChange",
    "Provision",
    "ProvisionQuerySet",
    "Session",
    "Settled",
    "Wrong",
]
