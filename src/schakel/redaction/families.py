"""Last names, with their *tussenvoegsels*: "de Vries", "van den Heuvel", "el Khattabi", "Bakker-de Wit"."""

from __future__ import annotations

from dataclasses import dataclass

from schakel.redaction.lexicon import is_compound, is_word, lexicon
from schakel.redaction.tokens import Token, Tokens

_FAMILY_PARTICLES = (
    "v.d.",
    "v/d",
    "vd",
    "der",
    "den",
    "ter",
    "ten",
    "el",
    "al",
    "'t",
    "’t",
    "aït",
    "ait",
    "ben",
)
_FOREIGN_PARTICLES = ("el", "al")
_PREPOSITIONS = ("in", "op", "uit", "aan", "bij")
_PLACE_WORDS = ("in", "uit", "naar", "te")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands before a last name that makes it one."""

    given: bool = False  # a first name or initials
    titled: bool = False  # "mevrouw"
    related: bool = False  # "oma", "collega", "ik heet", or another name and "en"


def family_end(tokens: Tokens, at: int, evidence: Evidence) -> int:
    """Where the last name that starts at token ``at`` ends (exclusive); ``at`` itself when there is none."""
    last = at
    while last - at < 3 and tokens.within(last, "particles") and not _i_am(tokens, last):
        last += 1
    token = tokens.at(last)
    if last > at and _is_initial(token) and (evidence.given or evidence.titled):
        return at if _prepositional(tokens, at, last) else last + 1
    if token is None or token.sort != "word" or token.lower in lexicon().own["calendar"]:
        return at
    is_family = _capital_family if token.cap else _lower_family
    return _double_end(tokens, last + 1) if is_family(tokens, at, last, evidence) else at


def _i_am(tokens: Tokens, at: int) -> bool:
    """Whether "ben" is a verb here: "ik ben Hans"."""
    return tokens.lower(at) == "ben" and tokens.lower(at - 1) == "ik"


def _is_initial(token: Token | None) -> bool:
    """Whether one capital stands for a last name: "mevrouw S. de W."."""
    if token is None:
        return False
    return len(token.text.rstrip(".")) == 1 and token.text[0].isupper()


def looks_like_family(tokens: Tokens, at: int) -> bool:
    """Whether a capitalised last name, or a tussenvoegsel and what follows it, stands here."""
    token = tokens.at(at)
    if token is None or token.sort != "word":
        return False
    if token.lower in ("van", "de", "el"):
        after = tokens.at(at + 1)
        return after is not None and (after.cap or after.lower in ("der", "den", "de"))
    return token.cap and token.lower in lexicon().family


def ends_like_a_place(lower: str) -> bool:
    """Whether a word ends like a street, neighbourhood or building: "Coenstraat", "Mariahoeve"."""
    return any(lower.endswith(ending) and len(lower) > len(ending) for ending in lexicon().own["endings"])


def _ends_like_a_family(lower: str) -> bool:
    return any(
        lower.endswith(ending) and len(lower) > len(ending) + 1 for ending in lexicon().own["family_endings"]
    )


def behind_place_word(tokens: Tokens, at: int) -> bool:
    """Whether a place is more likely here than a person: "in Hogenkamp", "bewoners van De Meeuwen"."""
    return tokens.lower(at - 1) in _PLACE_WORDS or (
        tokens.lower(at - 1) == "van" and tokens.within(at - 2, "area_words")
    )


def _capital_family(tokens: Tokens, at: int, last: int, evidence: Evidence) -> bool:
    token, words = tokens[last], lexicon()
    listed = _listed(token, after_particle=last > at)
    if token.lower in words.own["public"] and not evidence.titled:
        return False
    if last > at and tokens.lower(last - 1) in _PLACE_WORDS and not listed:
        return False
    if not (evidence.given or evidence.titled):
        return _loose_family(tokens, at, last, related=evidence.related)
    if _prepositional(tokens, at, last):
        return listed
    return listed or evidence.titled or not (token.opens or token.lower in words.places)


def _loose_family(tokens: Tokens, at: int, last: int, *, related: bool) -> bool:
    """A last name without a first name: "volgens De Boer", "collega Hendriks", "van der Meulen"."""
    token, words = tokens[last], lexicon()
    listed = _listed(token, after_particle=last > at)
    if _prepositional(tokens, at, last) or (behind_place_word(tokens, at) and not related):
        return False
    if last > at:
        typical = tokens.lower(last - 1) in _FAMILY_PARTICLES and token.lower not in words.places
        capital = tokens[at].cap and not tokens[at].opens
        return listed and (typical or related or capital)
    if token.lower in words.own["occupations"]:
        return not tokens.within(at - 1, "determiners") and (
            not token.opens or tokens.within(last + 1, "verbs")
        )
    if (
        is_word(token.lower)
        or token.lower in words.places
        or any(token.lower in words.own[name] for name in ("never", "weak"))
    ):
        return related and listed and not ends_like_a_place(token.lower)
    acts = tokens.within(last + 1, "verbs")
    if related:
        return (listed or acts or not token.opens) and token.lower not in words.own["openers"]
    speaks = tokens.within(last + 1, "telling_verbs") and not ends_like_a_place(token.lower)
    return (speaks and not is_compound(token.lower)) or (listed and (acts or not token.opens))


def _lower_family(tokens: Tokens, at: int, last: int, evidence: Evidence) -> bool:
    """A last name in lower case: only behind a first name or form of address, and only one that is known."""
    token, words = tokens[last], lexicon()
    if evidence == Evidence() or _prepositional(tokens, at, last):
        return False
    listed = _listed(token, after_particle=last > at)
    ordinary = is_word(token.lower) or is_word(token.lower.partition("-")[0])
    if last == at + 1 and tokens.lower(at) == "de" and token.lower in words.own["after_de"]:
        return True
    if not (evidence.given or evidence.titled):
        return listed and not ordinary and token.lower not in words.places
    if last > at:
        return _follows_particle(token, tokens.lower(last - 1), listed=listed, ordinary=ordinary)
    if evidence.titled and _word_family(tokens, last):
        return True
    known = listed or _ends_like_a_family(token.lower) or (evidence.titled and token.lower in words.given)
    never = token.lower in words.own["verbs"] or token.lower in words.own["never"]
    return known and not never and (not ordinary or token.lower in words.own["occupations"])


def _word_family(tokens: Tokens, at: int) -> bool:
    """A last name that is also a word, behind a form of address: "mevrouw kok", "meneer zwart belde"."""
    lower, own = tokens.lower(at), lexicon().own
    parts = lower.split("-")  # "visser-kok", "kok-de wit"
    if all(
        any(part in own[name] for name in ("occupations", "word_families", "particles")) for part in parts
    ):
        return parts[0] not in own["particles"]
    return lower in lexicon().family and lower not in own["verbs"] and tokens.within(at + 1, "speaking_verbs")


def _follows_particle(token: Token, particle: str, *, listed: bool, ordinary: bool) -> bool:
    """Whether a word in lower case makes a last name with the particle before it: "van der meer", "el ouali"."""
    if particle in _FOREIGN_PARTICLES:
        return not ordinary
    if particle in _FAMILY_PARTICLES:
        return listed or (particle == "der" and not ordinary)
    return listed and (not ordinary or token.lower in lexicon().own["after_van"])


def _double_end(tokens: Tokens, at: int) -> int:
    """Double last names: "Bakker-de Wit", "Jansen - de Boer", "Oude Nijhuis", "Al Hassan Ibrahim"."""
    before, words = tokens[at - 1], lexicon()
    if before.cap and tokens.lower(at) in ("-", "–"):
        after = family_end(tokens, at + 1, Evidence(given=True))
        return after if after > at + 1 and tokens[after - 1].cap else at
    while (token := tokens.at(at)) and token.sort == "word":
        beyond = tokens.at(at + 1)
        if token.text == "A" and before.cap and beyond and beyond.cap:  # "Tjin A Koeng"
            at, before = at + 2, beyond
            continue
        joins = "-" in before.lower and before.lower.rpartition("-")[2] in words.own["particles"]
        thing = token.lower not in words.family and (
            is_word(token.lower) or token.lower in words.own["public"] or token.lower in words.places
        )
        if not joins and (thing or not (token.cap and before.cap)):
            break
        at, before = at + 1, token
    return at


def _listed(token: Token, *, after_particle: bool) -> bool:
    words = lexicon()
    household = token.lower.removesuffix("jes")  # "de Hendriksjes"
    if token.cap and household != token.lower and not is_word(token.lower):
        return household in words.family or household in words.family_after_particle
    base, dash, tail = token.lower.partition("-")
    if dash and base in words.family and (tail in words.family or tail in words.own["particles"]):
        return True
    return token.lower in words.family or (after_particle and token.lower in words.family_after_particle)


def _prepositional(tokens: Tokens, at: int, last: int) -> bool:
    return any(tokens.lower(index) in _PREPOSITIONS for index in range(at, last))
