"""What goes into an arrangement: needs, wishes, weights and candidates. Nothing says who the resident is (R9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from schakel.provisions import LegalType, Payer

DAY = 24 * 60
WEEK = 7 * DAY
FULL = 100  # hundredths


class Kind(StrEnum):
    """What a component is (S010, S134)."""

    COLLECTIVE = "collectief_aanbod"
    PROVISION = "voorziening"
    INDIVIDUAL = "individuele_ondersteuning"
    NETWORK = "eigen_netwerk"
    OWN = "eigen_inzet"


class Wish(StrEnum):
    """The kinds of demands that can clash; the order is that of ties."""

    COVER = "moet"  # a need that must be covered
    KEEP = "houden"  # a component that must stay
    WITHOUT = "zonder"  # a component that may not be in it
    TIMES = "tijden"
    DISTANCE = "afstand"
    BUDGET = "budget"
    LANGUAGE = "taal"
    WHEELCHAIR = "rolstoel"
    EASY_READ = "eenvoudig"
    GROUPS = "groepen"
    REFERRAL = "verwijzing"
    DECISION = "besluit"
    WAITING = "wachten"
    PARTS = "onderdelen"
    FACES = "gezichten"


class NotFor(StrEnum):
    """Why a candidate is not for this resident, whatever they wish."""

    AREA = "gebied"  # serves other neighbourhoods
    REACH = "bereik"  # further away than it reaches
    PHASE = "levensfase"
    CLOSED = "dicht"  # closed, paused, or over


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """One wish, limit or need that can clash with others; ``of`` is the theme or candidate it is about."""

    wish: Wish
    of: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time in the week: minutes after Monday 0:00, the end not included."""

    start: int
    end: int

    @classmethod
    def at(cls, day: int, start: int, minutes: int) -> Slot:
        """On ``day`` (0 is Monday), from ``start`` minutes after midnight."""
        return cls(day * DAY + start, day * DAY + start + minutes)

    @property
    def day(self) -> int:
        """0 is Monday."""
        return self.start // DAY

    def overlaps(self, other: Slot) -> bool:
        """Whether both go on at some moment; one that starts when the other ends does not."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Need:
    """A theme that the resident wants to work on; ``weight`` is how much it matters beside the others.

    When it ``must`` be covered, the degrees of the components add up to at least ``enough``.
    """

    theme: str
    weight: float = 1.0
    must: bool = False
    enough: float = 1.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """Wishes and limits of the resident; None, False and () are no wish.

    ``available`` are the times at which the resident can; ``max_km`` is as the crow flies from the own
    neighbourhood; ``budget`` is in euros a month; ``languages`` are ISO 639-1 codes of which one is enough;
    ``groups`` False is never in a group, True is only together with others. ``max_faces`` limits the different
    organisations or people around the resident, the own network apart.
    """

    available: tuple[Slot, ...] | None = None
    max_km: float | None = None
    budget: float | None = None
    languages: tuple[str, ...] = ()
    wheelchair: bool = False
    easy_read: bool = False
    groups: bool | None = None
    no_referral: bool = False
    no_decision: bool = False
    no_waiting: bool = False
    max_parts: int | None = None
    max_faces: int | None = None
    keep: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """Points lost, beside the 100 points that a need of weight 1 gives when it is fully covered.

    Every weight is a preference that everybody can see and change, never a rule (S019, S033). Weights count in
    tenths of a point.
    """

    collective: float = 20.0  # a wholly individual component; a wholly collective one loses nothing
    informal: float = 10.0  # a component wholly by professionals; one wholly by residents loses nothing
    parts: float = 6.0  # every component
    faces: float = 6.0  # every different organisation or person, the own network apart
    near: float = 4.0  # every kilometre
    affordable: float = 0.5  # every euro a month that the resident pays
    waiting: float = 25.0  # no free place
    hours: float = 5.0  # every professional hour a week for this resident
    payers: float = 4.0  # every thousand euros a year that others pay
    decision: float = 15.0  # depends on a decision of the municipality (S131)
    unknown: float = 5.0  # every wish of which we do not know whether it is met


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be a component. None is not known, which is never the same as zero or no.

    ``covers`` gives per theme how far it goes, from 0 to 1. ``times`` are in a usual week; with ``pick`` the
    resident chooses one of them (walk-in), otherwise all of them are attended. ``euros`` is what the resident
    pays a month; ``cost`` what all payers together pay a year for this resident, low to high; ``hours`` are
    professional hours a week for this resident, low to high.
    """

    id: str
    name: str
    covers: tuple[tuple[str, float], ...] = ()
    kind: Kind = Kind.PROVISION
    approach: float = 0.5
    formality: float = 0.5
    organisation: str = ""
    times: tuple[Slot, ...] = ()
    pick: bool = False
    km: float | None = None
    euros: float | None = None
    hours: tuple[float, float] | None = None
    payers: tuple[Payer, ...] = ()
    cost: tuple[float, float] | None = None
    estimate: bool = False  # the cost is an estimate: every screen says so
    free: int | None = None
    group: tuple[int, int] | None = None
    languages: tuple[str, ...] = ()
    wheelchair: bool | None = None
    easy_read: bool | None = None
    referral: bool = False
    decision: bool = False
    legal_type: LegalType | None = None
    not_for: tuple[NotFor, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that determines the answer; the same question always has the same answer."""

    needs: tuple[Need, ...]
    wishes: Wishes = field(default_factory=Wishes)
    weights: Weights = field(default_factory=Weights)


def hundredths(value: float) -> int:
    """A number in whole hundredths."""
    return round(value * 100)
