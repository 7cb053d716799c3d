"""Made-up municipalities with known truth: to test, to demonstrate, and to measure what detection can do.

Nothing in here is about real people: every name, number and sentence is invented (R1, R9).
"""

from .counting import CountTruth, counts
from .files import write
from .municipality import Municipality, municipality
from .nation import Written, country, write_country
from .plan import Plan, Planted

__all__ = [
    "CountTruth",
    "Municipality",
    "Plan",
    "Planted",
    "Written",
    "country",
    "counts",
    "municipality",
    "write",
    "write_country",
]
