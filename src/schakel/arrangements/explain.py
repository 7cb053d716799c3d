"""A composition with its reasons, in words: why, why not, what would change the answer, what is not covered.

Every sentence follows from the results by a fixed rule (R11). None says anything about the resident (R9), and none
promises what the municipality or another law has to decide (S131, S135).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import replace

from schakel.arrangements.changes import changes
from schakel.arrangements.problem import items
from schakel.arrangements.reasons import rejections, uncovered
from schakel.arrangements.records import Candidate, Demand, Question, Wish
from schakel.arrangements.results import (
    Change,
    Combination,
    Component,
    Composition,
    Rejection,
    Uncovered,
    Why,
)
from schakel.arrangements.schedule import openings
from schakel.arrangements.wording import (
    NOT_FOR,
    PREFERENCES,
    Labels,
    called,
    decimal,
    demand,
    euros,
    limit,
    payers,
    quoted,
    times,
)
from schakel.detection.facts import Both, said
from schakel.detection.wording import Language, names, percentage
from schakel.provisions import LegalType
from schakel.themes import load_taxonomy

#: How many of the nearest rejected candidates get their exact loss.
EXACT = 10


def explain(
    composition: Composition,
    candidates: Iterable[Candidate],
    *,
    themes: Mapping[str, tuple[str, str]] | None = None,
    exact: int = EXACT,
) -> Composition:
    """The composition with every reason and its words; ``candidates`` are those that it was made from.

    ``themes`` gives Dutch and English labels beside those of the taxonomy. ``exact`` is how many of the nearest
    rejected candidates get their exact loss; the others get what it is proven to be at least.
    """
    question, offered = composition.question, list(candidates)
    every = items(offered, question)
    labels = {one.id: Both(one.nl, one.en) for one in load_taxonomy().themes}
    labels |= {theme: Both(*both) for theme, both in (themes or {}).items()}
    labels |= {one.id: Both(one.name, one.name) for one in offered}
    words = _Words(question, labels, {one.id: one for one in offered})
    inside = set(composition.best.ids) if composition.best else set()
    best = tuple(one for one in every if one.id in inside) if composition.best else None
    return replace(
        composition,
        best=composition.best and words.combination(composition.best),
        alternatives=tuple(words.combination(one) for one in composition.alternatives),
        clash_text=words.clash(composition.clash, "nl"),
        clash_text_en=words.clash(composition.clash, "en"),
        rejected=tuple(words.rejection(one) for one in rejections(every, question, best, exact=exact)),
        changes=tuple(words.change(one) for one in changes(every, question, best))
        if best is not None
        else (),
        uncovered=tuple(words.uncovered(one) for one in uncovered(every, question, best))
        if best is not None
        else (),
    )


class _Words:
    def __init__(self, question: Question, labels: Labels, offered: Mapping[str, Candidate]) -> None:
        self._question, self._labels, self._offered = question, labels, offered

    def combination(self, one: Combination) -> Combination:
        checks = {part.candidate.id: [] for part in one.components}  # type: dict[str, list[Demand]]
        for broken in one.assessment.check:
            for name in broken.ids:
                checks[name].append(broken.demand)
        parts = tuple(
            replace(part, why=self._why(part, checks, "nl"), why_en=self._why(part, checks, "en"))
            for part in one.components
        )
        return replace(one, components=parts)

    def _why(self, part: Component, checks: Mapping[str, list[Demand]], language: Language) -> str:
        one = part.candidate
        sentences = [self._helps(part, language)]
        if part.times and one.pick:
            both = Both("Binnenlopen kan op {}.", "One can walk in on {}.")
            sentences.append(said(both, language).format(times(openings(one.times), language)))
        elif part.times:
            both = Both("Het is op {}.", "It is on {}.")
            sentences.append(said(both, language).format(times(part.times, language)))
        sentences += self._costs(one, language)
        if one.decision:
            both = Both(
                "Hierover beslist de gemeente: dit wijst alleen de weg daarheen.",
                "The municipality decides on this: it is only a pointer to its process.",
            )
            sentences.append(said(both, language))
        if one.legal_type is LegalType.PRECEDING:
            both = Both(
                "Hier gaat een andere wet voor. Wie betaalt: {}.", "Another law comes first. Who pays: {}."
            )
            sentences.append(said(both, language).format(payers(one.payers, language)))
        if checks[one.id]:
            both = Both("Vraag dit nog na: {}.", "Still to be asked: {}.")
            sentences.append(said(both, language).format(self._demands(checks[one.id], language)))
        return " ".join(sentences)

    def _helps(self, part: Component, language: Language) -> str:
        if not part.covers:
            both = Both("Dit blijft erin, omdat dat gevraagd is.", "This stays in it because that was asked.")
            return said(both, language)
        each = [
            f"‘{called(theme, self._labels, language)}’ ({_far(share, language)})"
            for theme, share in part.covers
        ]
        sentence = said(Both("Dit helpt bij {}.", "This helps with {}."), language).format(
            names(each, language=language)
        )
        if part.alone:
            both = Both("Als enige helpt het bij {}.", "Nothing else in this combination helps with {}.")
            sentence += " " + said(both, language).format(quoted(part.alone, self._labels, language))
        return sentence

    def _costs(self, one: Candidate, language: Language) -> list[str]:
        sentences = []
        if one.euros:
            both = Both("Zelf betalen: € {} per maand.", "To pay oneself: € {} a month.")
            sentences.append(said(both, language).format(euros(one.euros, language)))
        if one.cost and one.payers and one.legal_type is not LegalType.PRECEDING:
            both = Both("Wie betaalt: {}, € {} tot € {} per jaar{}.", "Who pays: {}, € {} to € {} a year{}.")
            guess = said(Both(" (schatting)", " (estimate)"), language) if one.estimate else ""
            low, high = (euros(round(value), language) for value in one.cost)
            sentences.append(said(both, language).format(payers(one.payers, language), low, high, guess))
        return sentences

    def _demands(self, some: Iterable[Demand], language: Language) -> str:
        return names(
            [demand(one, self._question, self._labels, language) for one in some], language=language, most=20
        )

    def clash(self, some: tuple[Demand, ...], language: Language) -> str:
        """What cannot go together, and what to do about it."""
        if not some:
            return ""
        if len(some) == 1:
            both = Both("Dit kan niet met wat er is: {}.", "With what there is, this is not possible: {}.")
        else:
            both = Both(
                "Dit gaat niet samen: {}. Kies wat los mag, of wat ruimer mag.",
                "These do not go together: {}. Choose which to drop, or which to widen.",
            )
        return said(both, language).format(self._demands(some, language))

    def rejection(self, one: Rejection) -> Rejection:
        return replace(one, text=self._rejected(one, "nl"), text_en=self._rejected(one, "en"))

    def _rejected(self, one: Rejection, language: Language) -> str:
        sentences = [said(NOT_FOR[reason], language) for reason in one.not_for]
        if one.demands:
            both = Both("Dit past niet bij: {}.", "This does not fit: {}.")
            sentences.append(said(both, language).format(self._demands(one.demands, language)))
        sentences.append(said(_REASONS.get(one.why, Both("", "")), language))
        if one.better:
            both = Both(
                "{} helpt minstens even goed, voor niet meer punten, tijd of geld.",
                "{} helps at least as well, for no more points, time or money.",
            )
            sentences.append(said(both, language).format(quoted(one.better[:1], self._labels, language)))
        if one.loss is not None:
            sentences.append(self._loss(one, one.loss, language))
        if one.overlaps:
            both = Both("Het is op dezelfde tijd als {}.", "It is at the same time as {}.")
            sentences.append(said(both, language).format(quoted(one.overlaps, self._labels, language)))
        return " ".join(sentence for sentence in sentences if sentence)

    def _loss(self, one: Rejection, loss: float, language: Language) -> str:
        if loss == 0:
            both = (
                Both(
                    "Dit is even goed: het alfabet gaf de doorslag.", "This is as good: the alphabet decided."
                )
                if one.exact
                else Both("Hiermee wordt het niet beter.", "This makes it no better.")
            )
            return said(both, language)
        both = Both(
            "Met dit erbij is de beste combinatie {}{} punten minder goed.",
            "With this in it, the best combination is {}{} points less good.",
        )
        least = "" if one.exact else said(Both("minstens ", "at least "), language)
        return said(both, language).format(least, points(loss, language))

    def change(self, one: Change) -> Change:
        return replace(one, text=self._changed(one, "nl"), text_en=self._changed(one, "en"))

    def _changed(self, one: Change, language: Language) -> str:
        sentence = self._if(one, language)
        effects = []
        if one.added:
            both = _number(
                one.added, Both("komt {} erbij", "{} comes in"), Both("komen {} erbij", "{} come in")
            )
            effects.append(said(both, language).format(quoted(one.added, self._labels, language)))
        if one.dropped:
            both = _number(
                one.dropped, Both("gaat {} eruit", "{} goes out"), Both("gaan {} eruit", "{} go out")
            )
            effects.append(said(both, language).format(quoted(one.dropped, self._labels, language)))
        return f"{sentence} {names(effects, language=language)}."

    def _if(self, one: Change, language: Language) -> str:
        if isinstance(one.what, str):
            assert one.at is not None
            assert one.before is not None
            heavier = Both("zwaarder", "more") if one.at > one.before else Both("lichter", "less")
            both = Both(
                "Telt ‘{}’ {} ({} punten in plaats van {}), dan",
                "If ‘{}’ counts {} ({} points instead of {}),",
            )
            preference = said(PREFERENCES[one.what], language)
            values = (decimal(one.at, language), decimal(one.before, language))
            return said(both, language).format(preference, said(heavier, language), *values)
        if one.at is None or one.before is None:
            both = Both("Zonder de wens ‘{}’", "Without the wish ‘{}’,")
            return said(both, language).format(demand(one.what, self._question, self._labels, language))
        both = Both("Bij {} in plaats van {}", "With {} instead of {},")
        wish = one.what.wish
        shown = [_unit(wish, limit(wish, value, language), language) for value in (one.at, one.before)]
        return said(both, language).format(*shown)

    def uncovered(self, one: Uncovered) -> Uncovered:
        return replace(one, text=self._uncovered(one, "nl"), text_en=self._uncovered(one, "en"))

    def _uncovered(self, one: Uncovered, language: Language) -> str:
        theme = called(one.theme, self._labels, language)
        if one.share:
            both = Both("‘{}’ is voor {} gedekt.", "‘{}’ is covered for {}.")
            sentences = [said(both, language).format(theme, percentage(one.share, language=language))]
        else:
            sentences = [
                said(Both("Bij ‘{}’ helpt nog niets.", "Nothing helps with ‘{}’ yet."), language).format(
                    theme
                )
            ]
        if not one.offered:
            both = Both("Er is geen aanbod voor.", "There is no offer for it.")
        elif one.loss is None:
            both = Both(
                "Geen combinatie die aan alle wensen voldoet, dekt dit helemaal.",
                "No combination that meets every wish covers it fully.",
            )
        else:
            both = Both(
                "Het helemaal dekken maakt de combinatie {} punten minder goed.",
                "Covering it fully makes the combination {} points less good.",
            )
        sentences.append(said(both, language).format(points(one.loss or 0.0, language)))
        for blocked, count in one.blocked:
            both = Both(
                "{} van de {} mogelijkheden passen niet bij: {}.", "{} of the {} options do not fit: {}."
            )
            wish = demand(blocked, self._question, self._labels, language)
            sentences.append(said(both, language).format(count, one.offered, wish))
        return " ".join(sentences)


def points(value: float, language: Language) -> str:
    """Points with one decimal, and never none where there are some."""
    if value < 0.1:
        return said(Both("minder dan 0,1", "less than 0.1"), language)
    return decimal(round(value, 1), language)


def _far(share: float, language: Language) -> str:
    if share >= 1:
        return said(Both("helemaal", "fully"), language)
    return said(Both("voor {}", "for {}"), language).format(percentage(share, language=language))


def _number(some: Sized, single: Both, several: Both) -> Both:
    return single if len(some) == 1 else several


def _unit(wish: Wish, shown: str, language: Language) -> str:
    both = {
        Wish.PARTS: Both("{} onderdelen", "{} parts"),
        Wish.FACES: Both("{} gezichten", "{} faces"),
        Wish.BUDGET: Both("{} per maand", "{} a month"),
    }
    return said(both.get(wish, Both("{}", "{}")), language).format(shown)


_REASONS = {
    Why.NO_NEED: Both("Dit helpt niet bij deze thema’s.", "This does not help with these themes."),
    Why.IMPOSSIBLE: Both(
        "Er is geen combinatie hiermee die aan alle wensen voldoet.",
        "No combination with it meets every wish.",
    ),
    Why.WITHOUT_BEST: Both(
        "Er is geen combinatie die aan alle wensen voldoet.", "There is no combination that meets every wish."
    ),
}
