"""Names of persons: capitalised or not, with *tussenvoegsels* and initials, of any origin.

The text is read once from left to right. A name needs evidence: a form of address or relation before it
("mevrouw", "oma", "ik heet"), a first name that is no ordinary word, initials with a last name, or — for
words that are also names, such as Roos, Wil and Mees — a capital in the middle of a sentence or a verb that
only a person does.
"""

from __future__ import annotations

from collections.abc import Iterator

from schakel.redaction.lexicon import is_word, lexicon
from schakel.redaction.spans import Span
from schakel.redaction.tokens import Token, is_title, tokenize

MIN_LOWER = 3  # a first name in lower case has at least three letters


def names(text: str) -> list[Span]:
    """Spans of kind ``name``; forms of address and relations are not part of them."""
    tokens = tokenize(text)
    return [
        Span(tokens[first].start, tokens[last - 1].end, "name", text[tokens[first].start : tokens[last - 1].end])
        for first, last in _Reader(tokens).people()
    ]


class _Reader:
    """Reads the persons in a list of tokens; positions are indices into that list."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.words = lexicon()
        self.own = self.words.own

    def people(self) -> Iterator[tuple[int, int]]:
        """First and last (exclusive) token of every person, in order."""
        position, joined = 0, False
        while position < len(self.tokens):
            first, last = self._person(position, joined=joined)
            if last > first:
                yield first, last
                joined = self._lower(last) in ("en", "of", "&", ",", "/", "+")
                position = last + joined
            else:
                joined = False
                position += 1

    def _person(self, at: int, *, joined: bool) -> tuple[int, int]:
        """The person that starts at ``at``, after a form of address if there is one; empty when there is none."""
        token = self.tokens[at]
        if is_title(token) and (after := self._after_title(at)) > at:
            return after, self._full_name(after, titled=True)
        if token.lower in self.own["roles"]:
            after = at + 1 + (self._lower(at + 1) in (":", ",", "(", "is", "heet", "-", "van") and token.lower in _OPEN_ROLES)
            last = self._full_name(after, related=True)
            if last > after:
                return after, last
        return at, self._full_name(at, related=joined)

    def _after_title(self, at: int) -> int:
        at += 1
        while self._lower(at) in (".", ",") and self._lower(at - 1) in _SHORT_TITLES or self._is_title_at(at):
            at += 1
        return at

    def _full_name(self, at: int, *, titled: bool = False, related: bool = False) -> int:
        """Where the name that starts at ``at`` ends; ``at`` itself when there is none."""
        given = self._given(at, titled=titled, related=related)
        initials = self._initials(given, sure=titled or given > at)
        last = self._family(initials, given=given > at, initials=initials > given, titled=titled, related=related)
        if last == initials and initials > given and not (titled or given > at):
            return at  # initials alone prove nothing
        if last > at and self._names_a_thing(at, last):
            return at
        return last

    def _given(self, at: int, *, titled: bool, related: bool) -> int:
        while self._is_given(at, sure=titled or related):
            at, related, titled = at + 1, True, True
        return at

    def _initials(self, at: int, *, sure: bool) -> int:
        while (token := self._at(at)) and (
            token.sort == "initials" or (sure and len(token.text) == 1 and token.text.isupper() and token.sort == "word")
        ):
            at += 1
        return at

    def _is_given(self, at: int, *, sure: bool) -> bool:
        """Whether a first name stands here, given what stands around it."""
        token = self._at(at)
        if token is None or token.sort != "word" or not self._listed_given(token.lower, calendar=sure and token.cap):
            return False
        if token.lower in self.own["weak"]:
            return self._weak_given(at, token, sure=sure)
        if token.cap:
            return token.lower not in self.words.places or sure or not self._after_place_word(at)
        return len(token.text) >= MIN_LOWER and not (token.lower == "jan" and self._after_number(at)) and (
            sure or token.lower not in self.words.places
        )

    def _listed_given(self, lower: str, *, calendar: bool = False) -> bool:
        if not calendar and lower in self.own["calendar"]:
            return False
        if lower in self.words.given:
            return True
        parts = lower.split("-")
        return len(parts) == 2 and all(part in self.words.given for part in parts)

    def _weak_given(self, at: int, token: Token, *, sure: bool) -> bool:
        """A word that is also a name: only with a relation, a capital inside a sentence, or a person's verb."""
        acts = self._lower(at + 1) in self.own["verbs"] or self._is_family_at(at + 1)
        if sure:
            return token.cap or (acts and token.lower not in _VERB_NAMES)
        if not token.cap or self._lower(at - 1) in self.own["determiners"]:
            return False
        return acts or not token.opens

    def _family(self, at: int, *, given: bool, initials: bool, titled: bool, related: bool) -> int:
        """Where the last name that starts at ``at`` ends, with its tussenvoegsels."""
        after = at
        while after - at < 3 and self._lower(after) in self.own["particles"]:
            after += 1
        token = self._at(after)
        if token is None or token.sort != "word":
            return at
        known = given or initials or titled
        if not (self._capital_family(at, after, known=known, related=related, titled=titled)
                if token.cap else self._lower_family(at, after, given=given or initials, titled=titled)):
            return at
        return self._more_family(after + 1, token)

    def _capital_family(self, at: int, after: int, *, known: bool, related: bool, titled: bool) -> bool:
        token = self.tokens[after]
        listed = token.lower in self.words.family or (after > at and token.lower in self.words.family_after_particle)
        if token.lower in self.own["calendar"] or (token.lower in self.own["public"] and not titled):
            return False
        if after > at and self._lower(after - 1) in _PLACE_WORDS and not listed:
            return False
        if after > at and self._prepositional(at, after):
            return known and listed
        if known:
            return not (token.opens and not titled) and (listed or not (token.lower in self.words.places or self._ordinary(token)) or (titled and after == at + (after > at)))
        return self._loose_family(at, after, listed=listed, related=related)

    def _loose_family(self, at: int, after: int, *, listed: bool, related: bool) -> bool:
        """A last name without a first name: "volgens De Boer", "collega Hendriks", "van der Meulen"."""
        token = self.tokens[after]
        ordinary = self._ordinary(token) or token.lower in self.words.places or token.lower in self.own["never"]
        if after > at:
            strong = self._lower(after - 1) in ("der", "den", "ter", "ten", "el", "al", "'t", "’t", "ait", "ben")
            return listed and (strong and not (token.lower in self.words.places) or related or (self.tokens[at].cap and not self.tokens[at].opens))
        if ordinary or token.lower in self.own["weak"]:
            return related and listed and not self._ends_place(token.lower)
        acts = self._lower(after + 1) in self.own["verbs"]
        if related:
            return (listed or acts or not token.opens) and token.lower not in self.own["openers"]
        return (listed and (acts or not token.opens)) or (acts and self._lower(after + 1) in _SPEECH and not self._ends_place(token.lower))

    def _lower_family(self, at: int, after: int, *, given: bool, titled: bool) -> bool:
        token = self.tokens[after]
        if not (given or titled) or token.lower in self.own["calendar"]:
            return False
        if after == at:
            if token.lower in self.own["verbs"]:
                return False
            listed = token.lower in self.words.family and (not is_word(token.lower) or token.lower in self.own["occupations"])
            return (listed and token.lower not in self.own["never"]) or (titled and self._listed_given(token.lower) and not is_word(token.lower))
        joint = self._lower(after - 1)
        if self._prepositional(at, after):
            return False
        listed = token.lower in self.words.family_after_particle
        if joint in ("der", "den", "ter", "ten", "el", "al", "'t", "’t", "de") and (joint != "de" or after == at + 1):
            return listed or (joint in ("el", "al", "der") and not is_word(token.lower))
        return listed and not is_word(token.lower) or (listed and token.lower in _AFTER_VAN)

    def _more_family(self, at: int, before: Token) -> int:
        """Double last names: "Bakker-de Wit", "Jansen - de Boer", "Al Hassan Ibrahim"."""
        while (token := self._at(at)) and token.sort == "word":
            joins = before.lower.rpartition("-")[2] in self.own["particles"] and "-" in before.lower
            if not (token.cap and before.cap) and not joins:
                break
            if not joins and (self._ordinary(token) or token.lower in self.own["public"] or token.lower in self.words.places):
                break
            at, before = at + 1, token
        return at

    def _names_a_thing(self, at: int, last: int) -> bool:
        """Whether the name is part of a street, park or building: "de Jan van Galenstraat", "het Anna Park"."""
        ending = self.tokens[last - 1].lower
        following = self._lower(last)
        if following in self.own["endings"] and self.tokens[last].cap:
            return True
        after = self._at(last)
        if after and after.cap and self._ends_place(after.lower):
            return True
        return self.tokens[last - 1].cap and last - at > 1 and self._ends_place(ending) and ending not in self.words.family

    def _ends_place(self, lower: str) -> bool:
        return any(lower.endswith(ending) and len(lower) > len(ending) for ending in self.own["endings"])

    def _ordinary(self, token: Token) -> bool:
        return is_word(token.lower) or token.lower in self.own["public"]

    def _prepositional(self, at: int, after: int) -> bool:
        return any(self._lower(index) in ("in", "op", "uit", "aan", "bij") for index in range(at, after))

    def _is_family_at(self, at: int) -> bool:
        token = self._at(at)
        if token is None or token.sort != "word":
            return False
        if token.lower in ("van", "de", "el"):
            after = self._at(at + 1)
            return after is not None and (after.cap or after.lower in ("der", "den", "de"))
        return token.cap and token.lower in self.words.family

    def _after_place_word(self, at: int) -> bool:
        return self._lower(at - 1) in _PLACE_WORDS

    def _after_number(self, at: int) -> bool:
        token = self._at(at - 1)
        return token is not None and token.text.isdecimal()

    def _is_title_at(self, at: int) -> bool:
        token = self._at(at)
        return token is not None and is_title(token)

    def _at(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _lower(self, at: int) -> str:
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""


_OPEN_ROLES = frozenset("heet naam namens groetjes groeten groet liefs gr casus noemt mij cliënt client bewoner huurder buurvrouw buurman".split())
_SHORT_TITLES = frozenset("mevr mw mej dhr hr fam dr drs ds prof ir ing mr".split())
_PLACE_WORDS = frozenset("in uit naar te".split())
_VERB_NAMES = frozenset("wil ben ken kan leen mag laat lag".split())
_SPEECH = frozenset("zegt zei vertelt vertelde belt belde vraagt vroeg wil wilde woont woonde zoekt voelt durft vindt denkt mailt appt weet snapt slaapt schaamt drinkt huilt".split())
_AFTER_VAN = frozenset("vliet dijk dam leeuwen beek berg veen loon es".split())
