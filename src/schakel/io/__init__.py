"""Files in and out: all faults at once, nothing dropped in silence, no half-written file (DESIGN §8)."""

from schakel.io.places import read_areas
from schakel.io.results import (
    pattern_of,
    plain_pattern,
    read_result,
    to_json,
    write_atomically,
    write_together,
)
from schakel.io.signals import SignalsFile, read_expected, read_partition, read_population, read_signals

__all__ = [
    "SignalsFile",
    "pattern_of",
    "plain_pattern",
    "read_areas",
    "read_expected",
    "read_partition",
    "read_population",
    "read_result",
    "read_signals",
    "to_json",
    "write_atomically",
    "write_together",
]
