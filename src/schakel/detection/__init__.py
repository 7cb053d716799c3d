"""Which themes recur more than expected, where and when: counts → baseline → zones → scan → patterns (S036)."""

from schakel.detection.notes import NothingCanBeShownWarning
from schakel.detection.run import detect

__all__ = ["NothingCanBeShownWarning", "detect"]
