"""The numbers of a pattern in plain words: what we see, what speaks against it, why it is not shown.

Dutch at level B1 first, English beside it. Every sentence follows from the numbers by a fixed rule (R11).
None says anything about a person or what to do with one (R9, R10); areas are named without judgement (R12).
"""

from __future__ import annotations

from schakel.detection.caveats import DOMINANT, against
from schakel.detection.facts import Both, Facts, said
from schakel.detection.wording import (
    Language,
    about,
    count,
    days,
    names,
    number,
    once_in,
    percentage,
    periods,
)
from schakel.disclosure import Reason, Thresholds
from schakel.records import Settings

__all__ = ["DOMINANT", "Facts", "against", "explain", "why_not"]

_FEW_INHABITANTS = Thresholds().ratio_denominator  # R7: no ratio over fewer


def explain(facts: Facts) -> tuple[str, str]:
    """What we see, what is usual, and how rare that is: Dutch and English (S036, R10, R11)."""
    return _explain(facts, "nl"), _explain(facts, "en")


def _explain(facts: Facts, language: Language) -> str:
    where = names(facts.areas, language=language)
    when = f"{periods(facts.periods, facts.period, language=language)}"
    span = days(facts.start, facts.end, language=language)
    if language == "nl":
        people = count(facts.observed, "persoon", "mensen")
        seen = f"In {where} speelde ‘{facts.theme.nl}’ in {when} ({span}) bij {people}."
    else:
        people = count(facts.observed, "person", "people", language="en")
        seen = f"In {where}, ‘{facts.theme.en}’ concerned {people} in {when} ({span})."
    return " ".join((seen, _usual(facts, language), _rare(facts, language), _scale(facts, language))).strip()


def _usual(facts: Facts, language: Language) -> str:
    expected = about(facts.expected, facts.observed, language=language)
    nl, en = {
        "expectation": ("Normaal verwachten we er {}.", "Normally we would expect {}."),
        "poisson": ("Naar verhouding zouden het er {} zijn.", "In proportion, we would expect {}."),
        "permutation": (
            "Als het thema hier op dezelfde momenten speelde als elders, zouden het er {} zijn.",
            "If the theme followed the same course here as elsewhere, we would expect {}.",
        ),
    }[facts.method]
    return (nl if language == "nl" else en).format(expected)


def _rare(facts: Facts, language: Language) -> str:
    """Looking again every period has a recurrence interval; a single look has a chance."""
    if facts.mode == "prospective":
        interval = once_in(facts.recurrence_days, language=language)
        if language == "nl":
            return f"Zo’n verschil zien we bij één thema door toeval {interval}."
        return f"For one theme, chance alone shows such a difference {interval}."
    if facts.p_value > 0.5:
        return said(
            Both(
                "Zo’n verschil is door toeval heel gewoon.",
                "By chance alone such a difference is quite usual.",
            ),
            language,
        )
    times = number(max(1.0, 1 / max(facts.p_value, 1e-12)), language=language)
    if language == "nl":
        return f"Door toeval zien we zo’n verschil bij ongeveer 1 op de {times} thema’s."
    return f"Chance alone shows such a difference in about 1 in {times} themes."


def _scale(facts: Facts, language: Language) -> str:
    """The number beside everybody who lives there, so that an area is not taken for its problem (R12)."""
    if facts.population is None or not facts.population >= _FEW_INHABITANTS:
        return ""
    digits = -2 if facts.population >= 1000 else -1
    inhabitants = number(round(facts.population, digits), language=language)
    if language == "nl":
        return f"Er wonen daar ongeveer {inhabitants} mensen."
    return f"About {inhabitants} people live there."


def why_not(code: str, settings: Settings) -> tuple[str, str]:
    """Why a team does not see a pattern (R6, R8, R11): Dutch and English.

    `code` is a reason of `schakel.disclosure.reasons_to_withhold`, or `chance`. A reason that is not known
    here is returned as it is, so that none is silently dropped.
    """
    sentences: dict[str, Both] = {
        Reason.PEOPLE: Both(
            f"Het gaat om minder dan {settings.min_people} mensen. Dan is iemand te makkelijk te herkennen.",
            f"It concerns fewer than {settings.min_people} people, who might be recognised.",
        ),
        Reason.LEAVE: Both(
            "Het gaat om minder dan tien mensen. Daarom gaat dit niet naar buiten.",
            "It concerns fewer than ten people, so it is not published.",
        ),
        Reason.SOURCES: Both(
            f"Minder dan {settings.min_sources} bronnen meldden dit. We wachten tot ook een ander het ziet.",
            f"Fewer than {settings.min_sources} sources reported this. We wait until another sees it too.",
        ),
        Reason.DATES: Both(
            f"De signalen zijn van minder dan {settings.min_dates} dagen. Misschien was er één gebeurtenis.",
            f"The signals are from fewer than {settings.min_dates} days. It may have been a single event.",
        ),
        Reason.DOMINANCE: Both(
            f"Meer dan {percentage(DOMINANT)} komt van één bron. Daarom gaat dit niet naar buiten.",
            f"More than {percentage(DOMINANT, language='en')} comes from one source, so it is not published.",
        ),
        "chance": Both(
            "Het verschil met normaal is zo klein dat het toeval kan zijn.",
            "The difference from what is usual is so small that it may be chance.",
        ),
    }
    return sentences.get(code, Both(code, code))
