"""The record of one provision on the social map: independent attributes, none derived from another (S037)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LegalType(StrEnum):
    """What a provision is in law (S128–S136); never the same thing as how it approaches people (S037)."""

    GENERAL = "algemene_voorziening"
    TAILORED = "maatwerkvoorziening"  # 'individuele voorziening' in the Youth Act (S132)
    COLLECTIVE = "collectieve_voorziening"
    INITIATIVE = "burgerinitiatief"
    PRECEDING = "voorliggende_voorziening"  # another law comes first (S135)
    OUTSIDE = "buiten_zorg_welzijn"  # clubs, churches, choirs (S129)
    INFORMAL = "informele_steun"


class Layer(StrEnum):
    """Layer of the pyramid (S014)."""

    CIVIL_SOCIETY = "civil_society"
    BASIS = "basis"
    TEAM = "wijkteam"
    SPECIALIST = "specialistisch"


class Prevention(StrEnum):
    """Type of prevention (S028)."""

    UNIVERSAL = "universeel"
    SELECTIVE = "selectief"
    INDICATED = "geindiceerd"
    CARE_RELATED = "zorggerelateerd"
    NONE = "geen"


class Payer(StrEnum):
    """Who pays; the pocket matters (S081)."""

    WMO = "gemeente_wmo"
    YOUTH = "gemeente_jeugd"
    PARTICIPATION = "gemeente_pwet"
    WELFARE = "gemeente_welzijn"
    HEALTH = "zvw"
    LONG_TERM = "wlz"
    UWV = "uwv"
    SPUK = "spuk"
    HOUSING = "corporatie"
    FUND = "fonds"
    RESIDENTS = "bewoners"
    EDUCATION = "onderwijs"


class Access(StrEnum):
    """How somebody comes in."""

    WALK_IN = "inloop"
    SIGN_UP = "aanmelden"
    REFERRAL = "verwijzing"
    DECISION = "beschikking"


class Capital(StrEnum):
    """Kind of social capital (S064)."""

    BONDING = "bonding"
    BRIDGING = "bridging"
    LINKING = "linking"


class Status(StrEnum):
    """Whether people can go there now; what is gone stays in the history of places (S083)."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Goal(StrEnum):
    """Goals of a neighbourhood team (S003)."""

    SERVICE = "integrale_dienstverlening"
    PARTICIPATION = "burgerparticipatie"
    SELF_RELIANCE = "zelfredzaamheid"
    MUTUALITY = "verantwoordingsrelaties"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a provision stands on the two sliding scales (S110–S118), both from 0 to 1.

    ``approach`` 0 is wholly individual, 1 wholly collective; ``formality`` 0 is informal, 1 formal (how much
    professionals are involved). ``spread`` is the local variation on either side.
    """

    approach: float
    formality: float
    spread: float = 0.1
    why: str = ""  # why here
    provenance: str = "eigen"  # figuur3, figuur3_afgeleid or eigen (own judgement)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: an area, and metres in the Dutch grid (EPSG:28992) when they are known."""

    area: str | None = None  # CBS code of the neighbourhood
    x: float | None = None
    y: float | None = None
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """When it meets: a recurrence rule of RFC 5545 without DTSTART, from a first day, local time."""

    first: date
    rule: str = ""  # 'FREQ=WEEKLY;BYDAY=TU'; '' is once
    start: int = 0  # minutes after midnight
    minutes: int = 120
    until: date | None = None
    except_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Euros per participant and year for who pays, low to high, with the grade of the evidence.

    ``basis`` A is a sourced price, B a sourced price times an assumed volume, C an estimate, which every screen
    must call *schatting*.
    """

    low: float
    high: float
    basis: str = "C"
    price_level: int = 2024
    note: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """One offer, place, group or service that people can be pointed to.

    Texts are Dutch. None means not known, which is never the same as zero or no. ``themes`` are codes of the
    taxonomy. ``capacity`` and ``free`` count people at the same time. ``resident_cost`` is in euros a time.
    """

    id: str
    name: str
    position: Position
    legal_type: LegalType
    organisation: str = ""
    description: str = ""
    themes: tuple[str, ...] = ()
    layer: Layer = Layer.BASIS
    payers: tuple[Payer, ...] = ()
    access: Access = Access.SIGN_UP
    decision: bool = False  # needs a beschikking (S131); Schakel only points to the municipal process
    personal_budget: bool = False  # PGB is possible
    law: str = ""  # Wmo 2015, Jeugdwet, Participatiewet, Zvw, Wlz, Wgs …
    prevention: Prevention = Prevention.NONE
    factors: tuple[str, ...] = ()  # risk or protective factors it works on (S029)
    goals: tuple[Goal, ...] = ()
    capital: tuple[Capital, ...] = ()
    life_phases: tuple[str, ...] = ()  # () is everyone
    place: Place = Place()
    reach_km: float | None = None  # None: no limit
    serves: tuple[str, ...] = ()  # CBS codes it is for; () is no limit
    sessions: tuple[Session, ...] = ()
    group: tuple[int, int] = (1, 1)  # people at the same time, from–to
    capacity: int | None = None
    free: int | None = None
    hours: float | None = None  # professional hours a week, for the whole provision
    price: PriceRange | None = None
    resident_cost: float | None = None  # euros a time
    languages: tuple[str, ...] = ("nl",)  # ISO 639-1
    wheelchair: bool | None = None
    easy_read: bool | None = None
    barriers: tuple[str, ...] = ()  # inclusion check (S098)
    agreements: tuple[str, ...] = ()
    iwmo: str = ""  # product category of iWmo or iJw, for mapping only
    upl: str = ""  # address in the Uniforme Productnamenlijst
    website: str = ""
    email: str = ""
    phone: str = ""
    checked: date | None = None  # somebody confirmed that this is still true
    check_days: int = 90  # how long a confirmation holds
    template: str = ""  # template it was made from
    in_publication: bool = False
    line: int | None = None  # 0, 1 or 2 (S015)
    words: tuple[str, ...] = ()  # how people ask for it; other names
    organisation_id: str = ""
    owner_email: str = ""  # who keeps this entry true: a role of the organisation, never a resident
    youngest: int | None = None  # ages in years that it is for
    oldest: int | None = None
    status: Status = Status.OPEN


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs provisions (S004); `parent` is the identifier of the organisation it is part of."""

    id: str
    name: str
    description: str = ""
    parent: str = ""
    website: str = ""
    email: str = ""
