"""What speaks against a pattern, in plain words: a suggestion never comes without it (R8, R10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from schakel.detection.facts import Both, Facts
from schakel.detection.wording import count, number, percentage
from schakel.disclosure import Thresholds

_SHOWING = Thresholds()
DOMINANT = _SHOWING.dominance  # R8
_FEW_PEOPLE = _SHOWING.leave_minimum  # R7
_LARGE_SHARE = 0.6  # of one area
_LARGE_SIGNAL = 0.4  # of one signal
_SMALL_EFFECT = 1.5
_NOTABLE_Q = 0.005
_CLUSTERED = 1.2  # variance/mean from which a Poisson null is clearly too strict
_LONG = 62  # days; a holiday does not explain what lasts longer


def against(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Everything that speaks against the pattern, gravest first: Dutch and English (R8, R10)."""
    found = [both for rule in _RULES if (both := rule(facts)) is not None]
    return tuple(both.nl for both in found), tuple(both.en for both in found)


def _one_source(facts: Facts) -> Both | None:
    if facts.sources == 0:
        return Both(
            "Bij de signalen staat geen bron. We weten dus niet of verschillende mensen dit zien.",
            "The signals name no source, so we do not know whether different people see this.",
        )
    if facts.sources == 1:
        return Both(
            "Alles komt van één bron. Misschien ziet alleen die bron dit, of let die er nu extra op.",
            "Everything comes from one source. Perhaps only that source sees it, or pays it extra attention.",
        )
    if facts.dominance <= DOMINANT:
        return None
    return Both(
        f"Een groot deel ({percentage(facts.dominance)}) komt van één bron."
        " Misschien let die bron er nu extra op.",
        f"A large part ({percentage(facts.dominance, language='en')}) comes from one source."
        " Perhaps that source pays it extra attention.",
    )


def _one_date(facts: Facts) -> Both | None:
    if facts.dates > 1 or facts.period == "day":
        return None
    return Both(
        "Alle signalen zijn van één dag. Misschien was er één gebeurtenis.",
        "All signals are from one day. Perhaps there was a single event.",
    )


def _one_signal(facts: Facts) -> Both | None:
    if facts.people < 2 or facts.largest_signal < max(2.0, _LARGE_SIGNAL * facts.people):
        return None
    if facts.largest_signal >= facts.people:
        return Both(
            f"Eén signaal gaat over alle {number(facts.people)} mensen. Klopt dat aantal?",
            f"One signal concerns all {facts.people} people. Is that number right?",
        )
    return Both(
        f"Eén signaal gaat over {number(facts.largest_signal)} van de {number(facts.people)} mensen."
        " Klopt dat aantal?",
        f"One signal concerns {facts.largest_signal} of the {facts.people} people. Is that number right?",
    )


def _one_area(facts: Facts) -> Both | None:
    if len(facts.areas) == 1:
        return Both(
            "Het gaat om één gebied. Of de vraag breder leeft, is hieraan niet te zien.",
            "It concerns one area. This does not show whether the question is shared more widely.",
        )
    if facts.largest_area_share <= _LARGE_SHARE:
        return None
    return Both(
        f"Het meeste ({percentage(facts.largest_area_share)}) komt uit één van de gebieden."
        " Misschien speelt het vooral daar.",
        f"Most ({percentage(facts.largest_area_share, language='en')}) comes from one of the areas."
        " Perhaps it matters mainly there.",
    )


def _few_people(facts: Facts) -> Both | None:
    if facts.people >= _FEW_PEOPLE:
        return None
    return Both(
        f"Het gaat om weinig mensen ({facts.people}). Een paar meer of minder maakt dan al veel uit.",
        f"It concerns few people ({facts.people}). A few more or fewer already make a large difference.",
    )


def _whole_city(facts: Facts) -> Both | None:
    if not facts.city_rose:
        return None
    return Both(
        "Ook in de andere gebieden kwam dit thema vaker voor."
        " Misschien is het niet iets van deze gebieden alleen.",
        "The theme rose in the other areas as well. Perhaps it is not particular to these areas.",
    )


def _reporting(facts: Facts) -> Both | None:
    if not facts.reporting_grew:
        return None
    return Both(
        "Er wordt sinds kort meer gemeld. Dan lijkt een thema te groeien, ook als er niets verandert.",
        "Reporting has grown lately. A theme then seems to grow even when nothing changes.",
    )


def _short_history(facts: Facts) -> Both | None:
    if not facts.short_history:
        return None
    return Both(
        "We kennen dit thema hier nog niet lang. Wat normaal is, weten we daarom niet precies.",
        "We have not followed this theme here for long, so what is usual is uncertain.",
    )


def _holiday(facts: Facts) -> Both | None:
    """Weeks in which people report and live differently than the season alone explains."""
    if (facts.end - facts.start).days > _LONG:
        return None
    years = (facts.start.year - 1, facts.start.year)
    if any(facts.start <= date(year + 1, 1, 6) and date(year, 12, 24) <= facts.end for year in years):
        return Both(
            "Kerst en oud en nieuw vielen in deze periode. Dan leven en melden mensen anders dan anders.",
            "Christmas and New Year fell in this period, when people live and report differently.",
        )
    if facts.start <= date(facts.end.year, 8, 31) and date(facts.end.year, 7, 10) <= facts.end:
        return Both(
            "De zomervakantie viel in deze periode. Veel mensen zijn dan weg."
            " Dat verandert wat er gemeld wordt.",
            "The summer holidays fell in this period. Many people are away, which changes what is reported.",
        )
    return None


def _small_effect(facts: Facts) -> Both | None:
    if facts.relative_risk >= _SMALL_EFFECT:
        return None
    more = facts.observed - facts.expected
    return Both(
        f"Het verschil is klein: {number(more)} mensen meer dan verwacht op {number(facts.observed)}.",
        f"The difference is small: {number(more, language='en')} people more than expected"
        f" out of {number(facts.observed, language='en')}.",
    )


def _independent_null(facts: Facts) -> Both | None:
    if facts.null != "poisson" or facts.phi < _CLUSTERED:
        return None
    return Both(
        "Signalen over dit thema komen vaak in groepjes. De berekening houdt daar geen rekening mee,"
        " en vindt iets dus te snel bijzonder.",
        "Signals about this theme tend to come in bunches. The calculation ignores that,"
        " and calls something unusual too soon.",
    )


def _chance(facts: Facts) -> Both | None:
    if facts.q_value < _NOTABLE_Q:
        return None
    if facts.q_value > 0.5:
        return Both(
            "De kans dat dit toeval is, is groot.",
            "The probability that this is chance is large.",
        )
    looked_nl = f"We keken naar {count(facts.themes, 'thema', 'thema’s')}. " if facts.themes > 1 else ""
    looked_en = f"We looked at {facts.themes} themes. " if facts.themes > 1 else ""
    share = max(1, round(100 * facts.q_value))
    return Both(
        f"Het kan toeval zijn. {looked_nl}Van de 100 patronen die zo sterk zijn als dit of sterker,"
        f" {'is' if share == 1 else 'zijn'} er naar verwachting {share} toeval.",
        f"It may be chance. {looked_en}Of 100 patterns as strong as this one or stronger,"
        f" we expect {share} to be chance.",
    )


_RULES: tuple[Callable[[Facts], Both | None], ...] = (
    _one_source,
    _one_date,
    _one_signal,
    _one_area,
    _reporting,
    _whole_city,
    _few_people,
    _chance,
    _small_effect,
    _short_history,
    _holiday,
    _independent_null,
)
