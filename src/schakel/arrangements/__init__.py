"""Arrangements: the best combination for one request, by integer programming, with reasons (S010, S033, S134).

`compose` suggests, `assess` judges what people put together themselves, `candidates` makes candidates of provisions.
A suggestion is never a decision (R10); what needs one is a pointer to the municipal process (S131).
"""

from schakel.arrangements.assess import assess
from schakel.arrangements.compose import compose
from schakel.arrangements.explain import explain
from schakel.arrangements.offers import Home, candidates
from schakel.arrangements.records import (
    Candidate,
    Demand,
    Kind,
    Need,
    NotFor,
    Question,
    Slot,
    Weights,
    Wish,
    Wishes,
)
from schakel.arrangements.results import (
    Assessment,
    Broken,
    Change,
    Combination,
    Component,
    Composition,
    Coverage,
    Overlap,
    PayerCost,
    Rejection,
    Totals,
    Uncovered,
    Visit,
    Why,
)

__all__ = [
    "Assessment",
    "Broken",
    "Candidate",
    "Change",
    "Combination",
    "Component",
    "Composition",
    "Coverage",
    "Demand",
    "Home",
    "Kind",
    "Need",
    "NotFor",
    "Overlap",
    "PayerCost",
    "Question",
    "Rejection",
    "Slot",
    "Totals",
    "Uncovered",
    "Visit",
    "Weights",
    "Why",
    "Wish",
    "Wishes",
    "assess",
    "candidates",
    "compose",
    "explain",
]
