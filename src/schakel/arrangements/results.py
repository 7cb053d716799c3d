"""What comes out: combinations with why, rejected candidates with why not, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schakel.arrangements.records import Candidate, Demand, NotFor, Question, Slot
from schakel.provisions import Payer


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a need is covered, from 0 to 1, and by which candidates how far each."""

    theme: str
    share: float
    enough: bool  # at least what the need asks when it must be covered
    must: bool
    by: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """When a component is in the week."""

    id: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Overlap:
    """Candidates that cannot all be attended: each fewer of them could."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A demand that is not met, and by which candidates (none: by all of them together)."""

    demand: Demand
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerCost:
    """Euros a year that one payer pays, low to high; from zero where several share and the split is not known."""

    payer: Payer
    low: float
    high: float
    estimate: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What a combination asks of everybody. ``unknown_*`` are the candidates of which it is not known."""

    euros_month: float
    hours_low: float
    hours_high: float
    cost_low: float
    cost_high: float
    payers: tuple[PayerCost, ...]
    parts: int
    faces: int
    unknown_euros: tuple[str, ...] = ()
    unknown_hours: tuple[str, ...] = ()
    unknown_cost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Any set of components against needs and wishes, also a set that was put together by hand."""

    coverage: tuple[Coverage, ...]
    week: tuple[Visit, ...]
    overlaps: tuple[Overlap, ...]
    broken: tuple[Broken, ...]
    check: tuple[Broken, ...]  # demands of which it is not known whether they are met
    not_for: tuple[tuple[str, NotFor], ...]
    totals: Totals
    score: float  # points; higher is better
    pointers: tuple[str, ...]  # needs a decision: only a pointer to the municipal process (S131)
    preceding: tuple[tuple[str, tuple[Payer, ...]], ...]  # another law comes first, with its payer (S135)

    @property
    def possible(self) -> bool:
        """Whether it breaks nothing."""
        return not (self.overlaps or self.broken or self.not_for)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a combination, and why: what it covers, when it is, and the points it costs per weight."""

    candidate: Candidate
    covers: tuple[tuple[str, float], ...]
    times: tuple[Slot, ...]
    points: tuple[tuple[str, float], ...]
    alone: tuple[str, ...]  # needs that nothing else in this combination covers
    why: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination that meets every demand. ``loss`` is the points it is behind the best."""

    components: tuple[Component, ...]
    assessment: Assessment
    score: float
    loss: float = 0.0

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers in alphabetical order."""
        return tuple(one.candidate.id for one in self.components)


class Why(StrEnum):
    """Why a candidate is not in the best combination."""

    NOT_FOR = "niet_voor"
    NO_NEED = "geen_vraag"  # covers none of the needs
    BREAKS = "wens"
    DOMINATED = "beter_is_er"
    IMPOSSIBLE = "past_niet"  # no combination that meets every demand has it
    LOSS = "verlies"
    WITHOUT_BEST = "geen_antwoord"  # there is no combination at all


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one candidate is not in the best combination.

    ``loss`` is how many points the best combination *with* it is behind; ``exact`` tells whether that was solved, or
    is proven to be at least so much (linear programming bound). ``overlaps`` are components of the best that cannot
    be attended beside it. ``better`` are candidates that do as much for less.
    """

    id: str
    why: Why
    demands: tuple[Demand, ...] = ()
    not_for: tuple[NotFor, ...] = ()
    better: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    loss: float | None = None
    exact: bool = False
    text: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of one weight or demand that gives another best combination.

    For a weight, ``before`` is its value and ``at`` the nearest value in tenths of a point at which the answer differs,
    upwards or downwards. For a demand with a number, ``at`` is the nearest wider limit; it is None when only dropping
    the demand changes the answer. ``gain`` is what a dropped or widened demand gives, in points.
    """

    what: str | Demand
    before: float | None
    at: float | None
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    gain: float = 0.0
    text: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A need that the best combination does not fully cover, and why.

    ``offered`` counts the candidates for this theme, ``blocked`` those that each demand keeps out. ``loss`` is what
    covering it fully would cost in points; None: no combination that meets the demands does.
    """

    theme: str
    share: float
    offered: int
    blocked: tuple[tuple[Demand, int], ...]
    loss: float | None
    text: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """The answer to a question. Without ``best``, ``clash`` is the smallest set of demands that cannot go together.

    `explain` adds the reasons: what is not covered, why not another, what would change the answer, in words.
    """

    question: Question
    best: Combination | None
    alternatives: tuple[Combination, ...] = ()
    clash: tuple[Demand, ...] = ()
    clash_text: str = ""
    clash_text_en: str = ""
    uncovered: tuple[Uncovered, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    changes: tuple[Change, ...] = ()
