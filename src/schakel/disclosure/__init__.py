"""What may be shown to whom (R6–R8, R22): pure functions that an auditor reads whole."""

from schakel.disclosure.tables import ProtectedTable, Tree, check_areas, protect
from schakel.disclosure.thresholds import (
    FLOORS,
    Reason,
    Thresholds,
    dominance,
    ratio,
    reasons_not_to_publish,
    reasons_to_withhold,
)

__all__ = [
    "FLOORS",
    "ProtectedTable",
    "Reason",
    "Thresholds",
    "Tree",
    "check_areas",
    "dominance",
    "protect",
    "ratio",
    "reasons_not_to_publish",
    "reasons_to_withhold",
]
