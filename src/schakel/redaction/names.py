"""Names of persons: capitalised or not, with *tussenvoegsels* and initials, of any origin.

The text is read once from left to right. A name needs evidence: a form of address or relation before it
("mevrouw", "oma", "ik heet"), a first name that is no ordinary word, initials with a last name, or — for
words that are also names, such as Roos, Wil and Mees — a capital in the middle of a sentence or a verb that
only a person does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.families import (
    Evidence,
    behind_place_word,
    ends_like_a_place,
    family_end,
    looks_like_family,
)
from schakel.redaction.lexicon import is_compound, is_word, lexicon
from schakel.redaction.spans import Span
from schakel.redaction.tokens import Token, Tokens, tokenize

MIN_LOWER = 3  # a first name in lower case has at least three letters
_JOINTS = ("en", "of", "&", ",", "/", "+")
_NO_NAMES = (
    "public",
    "openers",
    "institution_words",
    "verbs",
    "never",
    "titles",
    "roles",
    "particles",
    "words",
    "closings",
)
_NICKNAME = re.compile(  # "ze noemen hem Lange Jan", "bijgenaamd de Kat"
    r"\b(?i:bijgenaamd|bijnaam(?:\s+(?:is|luidt))?|alias|noem(?:t|en|de|den)?\s+(?:hem|haar|hen|zich(?:zelf)?))"
    r"[\s:]+[\"'“‘]?((?:(?i:de|het|'t)\s+)?[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)*)"
)
_SHORT_PARTICLE = re.compile(  # "v.d. Heuvel", "Vd Berg, Jolanda"
    r"(?<![\w.])(?:[Vv]\. ?d\.?|[Vv]d\.?|[Vv]/d) ([A-ZÀ-Þ][\w'’-]*\w)(?![\w-])"
)
_AFTER_ROLE = (":", ",", "(", "is", "heet", "-", "van")  # "mijn naam is ...", "groetjes van ..."


def names(text: str) -> list[Span]:
    """Spans of kind ``name``; forms of address and relations are not part of them."""
    tokens = tokenize(text)
    ends = [(tokens[first].start, tokens[last - 1].end) for first, last in _people(tokens)]
    ends += [match.span(1) for match in _NICKNAME.finditer(text)]
    ends += [m.span() for m in _SHORT_PARTICLE.finditer(text) if not ends_like_a_place(m[1].lower())]
    return [Span(start, end, "name", text[start:end]) for start, end in ends]


def _people(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) token of every person, in order."""
    position, joined = 0, False
    while position < len(tokens):
        if _is_phrase(tokens, position):
            position, joined = position + 2, False
            continue
        if tokens.within(position, "venues") and (skip := _venue_end(tokens, position + 1)) > position + 1:
            position, joined = skip, False
            continue
        first, last = _person(tokens, position, joined=joined)
        if last > first:
            yield first, last
            joined = tokens.lower(last) in _JOINTS
            position = last + joined
        else:
            position, joined = position + 1, False


def _is_phrase(tokens: Tokens, at: int) -> bool:
    """Whether a shop, an expression or a town of two words stands here, such as "Den Haag"."""
    words = lexicon()
    pair = f"{tokens.lower(at)} {tokens.lower(at + 1)}"
    if f"{pair} {tokens.lower(at + 2)}" in words.own["phrases"]:
        return True
    if pair in words.places:
        return not (tokens.within(at - 1, "roles") or tokens.within(at - 1, "titles"))
    return pair in words.own["phrases"]


def _venue_end(tokens: Tokens, at: int) -> int:
    """Where the name of a neighbourhood centre with an article ends: "buurthuis De Brug"."""
    quoted = at + (tokens.lower(at) in ('"', "'", "“", "‘", "’"))
    if tokens.lower(quoted) not in ("de", "het", "den", "'t", "’t"):
        return at
    name = tokens.at(quoted + 1)
    return quoted + 2 if name and name.sort == "word" and name.cap else at


def _person(tokens: Tokens, at: int, *, joined: bool) -> tuple[int, int]:
    """The person that starts at ``at``, after a form of address if there is one; empty when there is none."""
    if tokens.within(at, "titles"):
        first = _after_titles(tokens, at)
        return first, _name_end(tokens, first, titled=True)
    if tokens.within(at, "roles"):
        opens = tokens.within(at, "open_roles") and tokens.lower(at + 1) in _AFTER_ROLE
        first = at + 1 + opens
        last = _name_end(tokens, first, related=True)
        if last > first:
            return first, last
    return at, _name_end(tokens, at, related=joined)


def _after_titles(tokens: Tokens, at: int) -> int:
    at += 1
    while tokens.within(at, "titles") or (tokens.lower(at) == "." and tokens.within(at - 1, "abbreviations")):
        at += 1
    return at


def _name_end(tokens: Tokens, at: int, *, titled: bool = False, related: bool = False) -> int:
    """Where the name that starts at ``at`` ends; ``at`` itself when there is none."""
    given = at
    while _is_given(tokens, given, sure=titled or related or given > at):
        given += 1
    initials = _initials_end(tokens, given, loose=titled or given > at)
    last = family_end(tokens, initials, Evidence(given=initials > at, titled=titled, related=related))
    if last == initials > given == at and not titled and not _as_in_a_file(tokens, at, initials):
        return at  # initials alone prove nothing
    return at if last > at and _names_a_thing(tokens, at, last) else last


def _as_in_a_file(tokens: Tokens, at: int, after: int) -> bool:
    """Whether initials stand for a person: "cliënt M.A. wil", "bewoner J.K. belde"."""
    letters = sum(len(re.findall(r"[^\W\d_]+", tokens[index].text)) for index in range(at, after))
    return letters > 1 and tokens.within(at - 1, "open_roles")


def _initials_end(tokens: Tokens, at: int, *, loose: bool) -> int:
    """Initials; ``loose`` also takes a capital without a full stop, as in "mevrouw K"."""
    while (token := tokens.at(at)) and (
        token.sort == "initials"
        or (loose and token.sort == "word" and len(token.text) == 1 and token.text.isupper())
    ):
        at += 1
    return at


def _is_given(tokens: Tokens, at: int, *, sure: bool) -> bool:
    """Whether a first name stands here; ``sure`` when what stands before it announces one."""
    token, words = tokens.at(at), lexicon()
    if token is None or token.sort != "word" or (token.lower == "ben" and tokens.lower(at - 1) == "ik"):
        return False
    if not _listed_given(token, calendar=sure and token.cap):
        return _is_new_given(tokens, at, token)
    if token.lower in words.own["weak"] or (token.lower in words.own["capital"] and not token.cap):
        return _is_weak_given(tokens, at, token, sure=sure)
    place = token.lower in words.places and not sure
    if token.cap:
        return not (place and behind_place_word(tokens, at))
    january = token.lower == "jan" and tokens.lower(at - 1).isdecimal()
    return len(token.text) >= MIN_LOWER and not place and not january


def _is_new_given(tokens: Tokens, at: int, token: Token) -> bool:
    """A first name in no list: neither a word nor a place, with a capital, right before a listed first name."""
    after, words = tokens.at(at + 1), lexicon()
    if not (token.cap and after and after.cap and _listed_given(after, calendar=False)):
        return False
    if after.lower in words.own["weak"] or len(token.text) < MIN_LOWER - 1:
        return False
    if token.lower in words.own["short_families"] and not token.opens:
        return True
    known = is_word(token.lower) or is_compound(token.lower) or token.lower in words.places
    return not (
        known or ends_like_a_place(token.lower) or any(token.lower in words.own[name] for name in _NO_NAMES)
    )


def _listed_given(token: Token, *, calendar: bool) -> bool:
    words = lexicon()
    if not calendar and token.lower in words.own["calendar"]:
        return False
    first, dash, second = token.lower.partition("-")
    return token.lower in words.given or (bool(dash) and first in words.given and second in words.given)


def _is_weak_given(tokens: Tokens, at: int, token: Token, *, sure: bool) -> bool:
    """A word that is also a name: only with a relation, a capital inside a sentence, or a person's verb."""
    owns = tokens.lower(at + 1) in ("'s", "’s") and token.lower[-1] not in "aeiouy"  # no plural
    acts = owns or tokens.within(at + 1, "verbs") or looks_like_family(tokens, at + 1)
    if sure:
        return (
            token.cap
            or tokens.lower(at - 1) in ("heet", "genaamd")
            or (acts and not tokens.within(at, "verb_names"))
        )
    if tokens.within(at - 1, "determiners") or (
        token.lower in lexicon().places and behind_place_word(tokens, at)
    ):
        return False
    return token.cap and (acts or not token.opens)


def _names_a_thing(tokens: Tokens, at: int, last: int) -> bool:
    """Whether the name is part of a street, park or building: "de Jan van Galenstraat", "het Anna Park"."""
    after = tokens.at(last)
    if after and after.cap and (tokens.within(last, "endings") or ends_like_a_place(after.lower)):
        return True
    ending = tokens[last - 1]
    return (
        ending.cap
        and last - at > 1
        and ends_like_a_place(ending.lower)
        and ending.lower not in lexicon().family
    )
