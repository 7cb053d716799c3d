"""A question in whole numbers: what each candidate covers, costs and breaks, in a fixed order.

One unit is a thousandth of a point, so that scores are added without rounding, ties are real ties, and the same
question has the same answer for any order of candidates. Degrees, kilometres, euros and hours count in hundredths,
weights in tenths. Every component costs at least one unit, so that nothing useless is ever in a combination.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from math import isfinite

from schakel.arrangements.records import (
    FULL,
    WEEK,
    Candidate,
    Demand,
    Kind,
    Need,
    NotFor,
    Question,
    Weights,
    hundredths,
)
from schakel.arrangements.schedule import Ways
from schakel.arrangements.wishes import against, order
from schakel.records import SchakelError

UNIT = 1000  # units in a point
MOST = 100.0  # points, of a weight
MUCH = 1e9  # more kilometres, euros or hours than there are: what is added stays exact below it
#: Weights that count per component; `faces` counts per different face.
TERMS = (
    "collective",
    "informal",
    "parts",
    "near",
    "affordable",
    "waiting",
    "hours",
    "payers",
    "decision",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate as the solver sees it.

    ``cover`` is in hundredths per need; ``amounts`` what each weight is multiplied with; ``penalty`` the units lost
    when it is chosen, faces apart; ``cents`` what the resident pays a month. ``face`` is the organisation or person
    it brings, None for the own network.
    """

    candidate: Candidate
    cover: tuple[int, ...]
    amounts: tuple[int, ...]
    penalty: int
    cents: int
    face: str | None
    ways: Ways
    broken: tuple[Demand, ...]
    unknown: tuple[Demand, ...]
    not_for: tuple[NotFor, ...]

    @property
    def id(self) -> str:
        """Identifier of the candidate."""
        return self.candidate.id

    @property
    def admissible(self) -> bool:
        """Whether it can be in a combination by itself."""
        return not (self.broken or self.not_for)


def tenths(weight: float) -> int:
    """A weight in whole tenths of a point."""
    return round(weight * 10)


def worth(need: Need) -> int:
    """Units for every hundredth of a need that is covered."""
    return hundredths(need.weight) * 10


def items(candidates: Iterable[Candidate], question: Question) -> list[Item]:
    """Every candidate as an item, in alphabetical order of identifier; SchakelError when one makes no sense."""
    _check_question(question)
    found = sorted(candidates, key=lambda one: one.id)
    for one, following in pairwise(found):
        if one.id == following.id:
            raise SchakelError(f"candidate '{one.id}' occurs twice; expected every identifier once.")
    return [item(one, question) for one in found]


def item(candidate: Candidate, question: Question) -> Item:
    """One candidate as the solver sees it."""
    check_candidate(candidate)
    degrees = dict(candidate.covers)
    broken, unknown, ways = against(candidate, question.wishes)
    amounts = _amounts(candidate, len(unknown))
    return Item(
        candidate=candidate,
        cover=tuple(hundredths(degrees.get(need.theme, 0.0)) for need in question.needs),
        amounts=amounts,
        penalty=_penalty(amounts, question.weights),
        cents=hundredths(candidate.euros or 0.0),
        face=face(candidate),
        ways=ways,
        broken=tuple(sorted(broken, key=order)),
        unknown=tuple(sorted(unknown, key=order)),
        not_for=candidate.not_for,
    )


def face(candidate: Candidate) -> str | None:
    """The organisation it brings, or it alone when that is not known; None for the own network and own effort."""
    if candidate.kind in (Kind.NETWORK, Kind.OWN):
        return None
    return candidate.organisation or f"={candidate.id}"


def _amounts(candidate: Candidate, unknown: int) -> tuple[int, ...]:
    """What each weight of `TERMS` is multiplied with, in hundredths."""
    hours, cost = candidate.hours or (0.0, 0.0), candidate.cost or (0.0, 0.0)
    return (
        FULL - hundredths(candidate.approach),
        hundredths(candidate.formality),
        FULL,
        hundredths(candidate.km or 0.0),
        hundredths(candidate.euros or 0.0),
        FULL if candidate.free is not None and candidate.free <= 0 else 0,
        hundredths((hours[0] + hours[1]) / 2),
        hundredths((cost[0] + cost[1]) / 2000),
        FULL if candidate.decision else 0,
        FULL * unknown,
    )


@lru_cache(100)
def _factors(weights: Weights) -> tuple[int, ...]:
    """The weights of `TERMS` in whole tenths of a point."""
    return tuple(tenths(getattr(weights, name)) for name in TERMS)


def _penalty(amounts: Sequence[int], weights: Weights) -> int:
    return 1 + sum(factor * amount for factor, amount in zip(_factors(weights), amounts, strict=True))


def reweighted(every: Iterable[Item], weights: Weights) -> list[Item]:
    """The same items under other weights."""
    return [replace(one, penalty=_penalty(one.amounts, weights)) for one in every]


def score(chosen: Sequence[Item], question: Question) -> int:
    """Units that a set of items gives: what it covers, less what it costs."""
    covered = sum(
        min(FULL, sum(one.cover[i] for one in chosen)) * worth(need) for i, need in enumerate(question.needs)
    )
    faces = {one.face for one in chosen if one.face is not None}
    lost = tenths(question.weights.faces) * FULL * len(faces)
    return covered - lost - sum(one.penalty for one in chosen)


def check_candidate(one: Candidate) -> None:
    """SchakelError when a value of a candidate makes no sense."""
    for name, value in (("approach", one.approach), ("formality", one.formality), *one.covers):
        if not 0.0 <= value <= 1.0:
            raise SchakelError(f"candidate '{one.id}', {name}: {value}; expected a number from 0 to 1.")
    pairs = [*(one.hours or ()), *(one.cost or ())]
    for value in [v for v in (one.km, one.euros, *pairs) if v is not None]:
        if not 0.0 <= value <= MUCH:
            raise SchakelError(
                f"candidate '{one.id}': {value} km, euros or hours; expected zero or more, below {MUCH:.0e}."
            )
    for slot in one.times:
        if not 0 <= slot.start < slot.end <= WEEK:
            raise SchakelError(
                f"candidate '{one.id}': {slot}; expected a time within one week that ends later."
            )


def _check_question(question: Question) -> None:
    themes = [need.theme for need in question.needs]
    if len(set(themes)) < len(themes):
        raise SchakelError(f"needs {themes}: expected every theme once.")
    for need in question.needs:
        if not (isfinite(need.weight) and 0.0 <= need.weight <= 100.0 and 0.0 < need.enough <= 1.0):
            raise SchakelError(
                f"need '{need.theme}': weight {need.weight}, enough {need.enough}; expected a weight from 0 to 100 "
                "and enough above 0, at most 1."
            )
    for one in fields(question.weights):
        value = getattr(question.weights, one.name)
        if not (isfinite(value) and 0.0 <= value <= MOST):
            raise SchakelError(f"weight '{one.name}': {value}; expected points from 0 to {MOST:.0f}.")
    wishes = question.wishes
    for name in ("max_km", "budget", "max_parts", "max_faces"):
        limit = getattr(wishes, name)
        if limit is not None and not 0 <= limit <= MUCH:
            raise SchakelError(
                f"wish '{name}': {limit}; expected zero or more, below {MUCH:.0e}, or nothing."
            )
