"""What may be shown to whom (R6–R8, R22): pure functions that an auditor reads whole.

Thresholds are here; tables with suppressed cells, which need a solver, are in `schakel.disclosure.tables`.
"""

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
    "Reason",
    "Thresholds",
    "dominance",
    "ratio",
    "reasons_not_to_publish",
    "reasons_to_withhold",
]
