"""Records of this room: provisions, and whether they are still true."""

from schakel_web.socialmap.models.coverage import CoverageRun, CoverageState
from schakel_web.socialmap.models.exchange import ColumnMap, Draft, DraftRow, Register, RegisterEntry
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
    "ColumnMap",
    "Confirmation",
    "CoverageRun",
    "CoverageState",
    "Doubt",
    "Draft",
    "DraftRow",
    "Facet",
    "How",
    "MapEvent",
    "PathTask",
    "PositionChange",
    "Provision",
    "ProvisionQuerySet",
    "Register",
    "RegisterEntry",
    "Session",
    "Settled",
    "Wrong",
]
