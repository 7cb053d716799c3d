"""Join or build: for a shared question, what there is already, what could grow or open up, and what is missing.

Existing informal ties come first (S012), then what anybody may join; building something new is advised only for what is
missing (S005, S087). It is a suggestion with its reasons, for people who know the neighbourhood (R10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from schakel.areas import to_metres
from schakel.provisions.freshness import INFORMAL, State, freshness
from schakel.provisions.index import points_of
from schakel.provisions.provision import Access, Provision, Status
from schakel.provisions.schedule import over
from schakel.provisions.vocabulary import label
from schakel.records import Areas, Floats, SchakelError
from schakel.themes import load_taxonomy

COLLECTIVE = 0.5  # approach from which a provision can take a shared question
FORMAL = 0.5  # formality above which it is of professionals, whatever law it is under (S037)


class Choice(StrEnum):
    """What is suggested."""

    JOIN = "join"
    GROW = "grow"
    BUILD = "build"


@dataclass(frozen=True, slots=True)
class Option:
    """A provision that has to do with the question; ``reasons`` and ``cautions`` are Dutch sentences.

    ``informal`` is an existing tie outside the professionals (S012). ``km`` is the distance from the nearest area of
    the question, None when it is not known.
    """

    id: str
    name: str
    choice: Choice
    informal: bool
    themes: tuple[str, ...]
    km: float | None
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice for one shared question; ``sentences`` say it whole in Dutch, ``steps`` what to do first."""

    choice: Choice
    join: tuple[Option, ...]
    grow: tuple[Option, ...]
    missing: tuple[str, ...]
    sentences: tuple[str, ...]
    steps: tuple[str, ...]


def advise(
    provisions: Sequence[Provision],
    *,
    areas: Areas,
    codes: Sequence[str],
    themes: Sequence[str],
    today: date,
    people: int | None = None,
    reach_km: float = 3.0,
    at_most: int = 10,
) -> Advice:
    """Advice for a question in the areas `codes` on `themes`, asked by some `people` (None: not known).

    SchakelError for an area or theme that is not there, or when there are none.
    """
    _known(areas, codes, themes)
    distance = _distance(provisions, areas, codes)
    found = []
    for number, one in enumerate(provisions):
        km = None if np.isnan(distance[number]) else float(distance[number])
        reach = min(reach_km, one.reach_km or reach_km)
        if one.status is Status.CLOSED or over(one.sessions, today) or not _reachable(one, km, codes, reach):
            continue
        option = _option(one, km, themes=themes, today=today, people=people)
        if option is not None:
            found.append(option)
    found.sort(key=_order)
    join = [one for one in found if one.choice is Choice.JOIN]
    grow = [one for one in found if one.choice is Choice.GROW]
    covered = {theme for one in join for theme in one.themes}
    growing = {theme for one in grow for theme in one.themes}
    missing = tuple(theme for theme in themes if theme not in covered | growing)
    choice = _choice(themes, covered, growing)
    return Advice(
        choice=choice,
        join=tuple(join[:at_most]),
        grow=tuple(grow[:at_most]),
        missing=missing,
        sentences=_sentences(choice, join, grow, missing),
        steps=_steps(choice, join, grow),
    )


def _known(areas: Areas, codes: Sequence[str], themes: Sequence[str]) -> None:
    known = set(areas.codes)
    for code in codes:
        if code not in known:
            raise SchakelError(f"'{code}' is not among the areas; expected a known neighbourhood.")
    if not codes or not themes:
        raise SchakelError("Advice needs at least one area and one theme.")
    for theme in themes:
        load_taxonomy().theme(theme)


def _distance(provisions: Sequence[Provision], areas: Areas, codes: Sequence[str]) -> Floats:
    """Kilometres (n,) from each provision to the nearest area of the question; NaN when its place is not known."""
    middles = areas.coordinates if areas.metric == "plane" else to_metres(areas.coordinates)
    wanted = set(codes)
    some = middles[[i for i, code in enumerate(areas.codes) if code in wanted]]
    points = points_of(provisions, areas)
    gaps = np.hypot(points[:, None, 0] - some[None, :, 0], points[:, None, 1] - some[None, :, 1])
    return np.asarray(gaps.min(axis=1) / 1000, dtype=float)


def _reachable(one: Provision, km: float | None, codes: Sequence[str], reach: float) -> bool:
    if one.serves and not any(code[2:].startswith(each[2:]) for code in codes for each in one.serves):
        return False
    if one.place.area in codes:
        return True
    return bool(one.serves) if km is None else km <= reach


def _option(
    one: Provision, km: float | None, *, themes: Sequence[str], today: date, people: int | None
) -> Option | None:
    """What a provision can mean for the question; None when nothing."""
    taxonomy = load_taxonomy()
    same = tuple(theme for theme in themes if theme in one.themes)
    domains = {each.id: each.domain for each in taxonomy.themes}
    near = tuple(theme for theme in themes if domains[theme] in {domains.get(each) for each in one.themes})
    collective = one.position.approach + one.position.spread >= COLLECTIVE
    informal = one.legal_type in INFORMAL and one.position.formality <= FORMAL
    if not collective or not (same or (near and informal)) or one.access is Access.DECISION:
        return None
    reasons, cautions = _reasons(one, same, informal), _cautions(one, today, people)
    obstacles = _obstacles(one, same, people)
    return Option(
        id=one.id,
        name=one.name,
        choice=Choice.GROW if obstacles else Choice.JOIN,
        informal=informal,
        themes=same or near,
        km=km,
        reasons=(*reasons, *obstacles),
        cautions=cautions,
    )


def _reasons(one: Provision, same: Sequence[str], informal: bool) -> tuple[str, ...]:
    said = []
    if same:
        said.append(f"Werkt al aan: {_names(same)}.")
    if informal:
        said.append("Bestaat al, van bewoners zelf. Kijk hier het eerst.")
    if one.access is Access.WALK_IN:
        said.append("Mensen kunnen zo binnenlopen.")
    if one.free:
        places = "is nog 1 plek" if one.free == 1 else f"zijn nog {one.free} plekken"
        said.append(f"Er {places} vrij.")
    return tuple(said)


def _obstacles(one: Provision, same: Sequence[str], people: int | None) -> tuple[str, ...]:
    """Why it does not fit as it is, and what would make it fit."""
    said = []
    if not same:
        said.append("Doet iets wat erop lijkt. Vraag of er iets bij kan.")
    if one.status is Status.PAUSED:
        said.append("Is nu dicht. Vraag wat er nodig is om weer open te gaan.")
    if one.free == 0:
        said.append("Zit vol. Vraag wat er nodig is voor een tweede groep.")
    elif one.free is not None and people is not None and one.free < people:
        said.append(f"Heeft te weinig plek voor {people} mensen. Vraag of het groter kan.")
    if one.barriers and not one.agreements:
        barriers = ", ".join(label("barrier", each).lower() for each in one.barriers)
        said.append(f"Nog niet voor iedereen: {barriers}. Maak afspraken over meedoen.")
    return tuple(said)


def _cautions(one: Provision, today: date, people: int | None) -> tuple[str, ...]:
    said, state = [], freshness(one, today=today)
    if state.state is State.STALE:
        said.append(f"Vraag eerst of dit nog {'bestaat' if state.still_there else 'klopt'}.")
    if people is not None and one.free is None:
        said.append(f"Vraag of er plek is voor {people} mensen: dat weten wij niet.")
    return tuple(said)


def _names(themes: Sequence[str]) -> str:
    return ", ".join(load_taxonomy().theme(theme).nl.lower() for theme in themes)


def _order(option: Option) -> tuple[bool, int, bool, float, str]:
    """Informal ties first, then those that cover most themes, that are surely still there, and near."""
    km = np.inf if option.km is None else option.km
    return (not option.informal, -len(option.themes), bool(option.cautions), float(km), option.id)


def _choice(themes: Sequence[str], covered: set[str], growing: set[str]) -> Choice:
    if all(theme in covered for theme in themes):
        return Choice.JOIN
    return Choice.GROW if all(theme in covered | growing for theme in themes) else Choice.BUILD


def _sentences(
    choice: Choice, join: Sequence[Option], grow: Sequence[Option], missing: Sequence[str]
) -> tuple[str, ...]:
    said = []
    if choice is Choice.JOIN:
        said.append(f"Sluit aan bij wat er is: {join[0].name}.")
    elif choice is Choice.GROW:
        first = grow[0].name if grow else join[0].name
        said.append(f"Laat groeien wat er is: {first}.")
    else:
        said.append(f"Voor {_names(missing)} is hier nog niets. Begin samen met bewoners iets nieuws.")
    informal = sum(one.informal for one in (*join, *grow))
    if informal:
        groups = "is al 1 groep" if informal == 1 else f"zijn al {informal} groepen"
        said.append(f"Er {groups} van bewoners zelf.")
    if choice is Choice.BUILD and (join or grow):
        said.append("Wat er wel is, kan helpen bij het begin.")
    return tuple(said)


def _steps(choice: Choice, join: Sequence[Option], grow: Sequence[Option]) -> tuple[str, ...]:
    steps = ["Kijk eerst welke groepen en contacten er al zijn, en schrijf op wat u zag."]
    if join:
        steps.append("Ga langs en vraag of nieuwe mensen welkom zijn.")
    if grow:
        steps.append("Vraag wat er nodig is om te groeien of open te gaan.")
    if choice is Choice.BUILD:
        steps.append("Vraag bewoners wat zij zelf willen doen, en wie wil meedenken.")
        steps.append("Spreek af wie het trekt, en wanneer de hulp van buiten stopt.")
    return tuple(steps)
