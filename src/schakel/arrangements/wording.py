"""Demands, weights, times and amounts as people say them, in Dutch at level B1 and in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from schakel.arrangements.records import DAY, Demand, NotFor, Question, Slot, Wish
from schakel.detection.facts import Both, said
from schakel.detection.wording import Language, names, number
from schakel.provisions import Payer
from schakel.provisions.vocabulary import label

Labels = Mapping[str, Both]

#: What each weight prefers.
PREFERENCES: Final[dict[str, Both]] = {
    "collective": Both("samen met anderen", "together with others"),
    "informal": Both("van bewoners zelf", "by residents themselves"),
    "parts": Both("weinig onderdelen", "few parts"),
    "faces": Both("weinig verschillende gezichten", "few different faces"),
    "near": Both("dichtbij", "near"),
    "affordable": Both("betaalbaar", "affordable"),
    "waiting": Both("meteen plek", "a place at once"),
    "hours": Both("weinig uren van professionals", "few professional hours"),
    "payers": Both("weinig kosten voor wie betaalt", "low costs for who pays"),
    "decision": Both("zonder besluit van de gemeente", "without a decision of the municipality"),
    "unknown": Both("weinig onzekerheid", "little uncertainty"),
}
NOT_FOR: Final[dict[NotFor, Both]] = {
    NotFor.AREA: Both("Dit is er niet voor deze buurt.", "This is not for this neighbourhood."),
    NotFor.REACH: Both("Dit aanbod komt niet zo ver.", "This does not reach so far."),
    NotFor.PHASE: Both("Dit is voor mensen in een andere levensfase.", "This is for another phase of life."),
    NotFor.CLOSED: Both("Dit is dicht of voorbij.", "This is closed or over."),
}
_WISHES: Final[dict[Wish, Both]] = {
    Wish.COVER: Both("hulp bij ‘{}’ moet erin zitten", "help with ‘{}’ must be in it"),
    Wish.KEEP: Both("‘{}’ blijft erin", "‘{}’ stays in it"),
    Wish.WITHOUT: Both("zonder ‘{}’", "without ‘{}’"),
    Wish.TIMES: Both("alleen op tijden die passen", "only at times that suit"),
    Wish.DISTANCE: Both("niet verder dan {} km", "no further than {} km"),
    Wish.BUDGET: Both("niet meer dan € {} per maand", "no more than € {} a month"),
    Wish.LANGUAGE: Both("in een taal die past ({})", "in a language that suits ({})"),
    Wish.WHEELCHAIR: Both("met de rolstoel te bereiken", "accessible by wheelchair"),
    Wish.EASY_READ: Both("in makkelijke taal", "in easy language"),
    Wish.GROUPS: Both("", ""),
    Wish.REFERRAL: Both("zonder verwijzing", "without a referral"),
    Wish.DECISION: Both("zonder besluit van de gemeente", "without a decision of the municipality"),
    Wish.WAITING: Both("zonder wachten", "without waiting"),
    Wish.PARTS: Both("hoogstens {}", "at most {}"),
    Wish.FACES: Both("hoogstens {}", "at most {}"),
}
_DAYS: Final = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_PAYERS: Final[dict[Payer, str]] = {
    Payer.WMO: "municipality (Wmo)",
    Payer.YOUTH: "municipality (Jeugdwet)",
    Payer.PARTICIPATION: "municipality (Participatiewet)",
    Payer.WELFARE: "municipality (welfare grants)",
    Payer.HEALTH: "health insurer (Zvw)",
    Payer.LONG_TERM: "care office (Wlz)",
    Payer.UWV: "UWV",
    Payer.SPUK: "state, through the municipality (SPUK)",
    Payer.HOUSING: "housing corporation",
    Payer.FUND: "fund",
    Payer.RESIDENTS: "residents",
    Payer.EDUCATION: "school",
}


def demand(one: Demand, question: Question, labels: Labels, language: Language) -> str:
    """A demand in a few words: 'niet verder dan 2 km'. ``labels`` name themes and candidates."""
    wishes = question.wishes
    if one.wish is Wish.GROUPS:
        both = (
            Both("samen met anderen", "together with others")
            if wishes.groups
            else Both("niet in een groep", "not in a group")
        )
        return said(both, language)
    filled = {
        Wish.DISTANCE: decimal(wishes.max_km, language),
        Wish.BUDGET: euros(wishes.budget, language),
        Wish.LANGUAGE: ", ".join(wishes.languages),
        Wish.PARTS: _counted(
            wishes.max_parts, Both("onderdeel", "part"), Both("onderdelen", "parts"), language
        ),
        Wish.FACES: _counted(
            wishes.max_faces,
            Both("gezicht", "face"),
            Both("verschillende gezichten", "different faces"),
            language,
        ),
    }.get(one.wish, called(one.of, labels, language))
    return said(_WISHES[one.wish], language).format(filled)


def _counted(value: int | None, single: Both, several: Both, language: Language) -> str:
    return f"{value} {said(single if value == 1 else several, language)}"


def limit(wish: Wish, value: float, language: Language) -> str:
    """The number of a demand, with its unit: '2,5 km'."""
    if wish is Wish.DISTANCE:
        return f"{decimal(value, language)} km"
    return f"€ {euros(value, language)}" if wish is Wish.BUDGET else number(value, language=language)


def called(name: str, labels: Labels, language: Language) -> str:
    """What a theme or candidate is called; its identifier when it has no label."""
    return said(labels[name], language) if name in labels else name


def quoted(some: Sequence[str], labels: Labels, language: Language, most: int = 4) -> str:
    """'‘Wandelgroep’, ‘Taalcafé’ en ‘Eettafel’'."""
    shown = [f"‘{called(one, labels, language)}’" for one in some]
    if len(shown) > most:
        more = f"{len(shown) - most + 1} {said(Both('andere', 'others'), language)}"
        shown = [*shown[: most - 1], more]
    return names(shown, language=language)


def decimal(value: float | None, language: Language) -> str:
    """With as many decimals as needed, at most two: '2', '2,5', '0,75'."""
    value = round(value or 0.0, 2)
    decimals = 0 if value == round(value) else 1 if value * 10 == round(value * 10) else 2
    return number(value, decimals, language=language)


def euros(value: float | None, language: Language) -> str:
    """'5' or '7,50'."""
    value = round(value or 0.0, 2)
    return number(value, 0 if value == round(value) else 2, language=language)


def times(slots: Sequence[Slot], language: Language) -> str:
    """'dinsdag 10.00–12.00 uur en vrijdag 14.00–15.30 uur'."""
    return names([_time(one, language) for one in slots], language=language, most=7)


def _time(slot: Slot, language: Language) -> str:
    dot, after = (".", " uur") if language == "nl" else (":", "")
    ends = [f"{minute % DAY // 60}{dot}{minute % 60:02}" for minute in (slot.start, slot.end)]
    return f"{_DAYS[language][slot.day]} {'–'.join(ends)}{after}"


def payers(some: Sequence[Payer], language: Language) -> str:
    """'Gemeente (Wmo) en Zorgverzekeraar (Zvw)'."""
    return names(
        [label("payer", one) if language == "nl" else _PAYERS[one] for one in some], language=language
    )
