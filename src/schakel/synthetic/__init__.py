"""Made-up municipalities with known truth: to test, to demonstrate, and to measure what detection can do.

Nothing in here is about real people: every name, number and sentence is invented (R1, R9).
"""

from .counting import CountTruth, counts
from .plan import Plan, Planted

__all__ = ["CountTruth", "Plan", "Planted", "counts"]
