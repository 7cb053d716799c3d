"""Addresses and postcodes. A street, neighbourhood or town without a number is not personal and stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.lexicon import is_word, lexicon, one_of, streets
from schakel.redaction.spans import Span

_UNIT = rf"{one_of('units')}(?![^\W\d_])"
_ADDITION = (
    r"(?:\s?(?:t/m|tot en met)\s?\d{1,4}[a-z]?(?![^\W_])|\s?[-/]\s?(?:\d{1,4}[a-z]?|[a-z]{1,2})(?![^\W_])"
    r"|[a-z]{1,2}(?![^\W_])|[ ](?:bis|hs|huis|rood|zwart|wit|[a-h]|I{1,3}|IV|V)(?![^\W_])"
    r"|-?\s?hoog(?![^\W_])|,?\s\d{1,2}(?:e|de|ste)\s(?:etage|verdieping)(?![^\W_]))*"
)
_NUMBER = re.compile(
    rf"(?:,?\s*\b(?:op\s+)?(?:nr|no|nummer|huisnummer|huisnr)\b\.?)?\s*(\d{{1,4}})(?!\d|[.:,]\d|e\b|ste\b|de\b|\s*{_UNIT})"
    rf"{_ADDITION}",
    re.IGNORECASE,
)
_STREET = re.compile(rf"['’]?[^\W\d_][\w'’.-]*{one_of('street_endings')}", re.IGNORECASE)
_WORD = re.compile(r"['’]?[^\W_][\w'’.-]*")
_POSTBOX = re.compile(r"\b(?:postbus|antwoordnummer)\s?\d{1,6}\b", re.IGNORECASE)
_HOUSE_NUMBER = re.compile(
    r"\b(?:huisnummer|huisnr)\b\.?:?\s*(?:is\s+)?(\d{1,4}\s?-?[a-z]?)(?![^\W_])", re.IGNORECASE
)
_SPACED_POSTCODE = re.compile(r"(?<!\d )(?<![\w.,-])[1-9](?: \d){3} [A-Z] ?[A-Z](?![\w-])")
_POSTCODE = re.compile(
    r"(?<![\w-])[1-9]\d{3}(?:[ -]?(?!SA|SD|SS|[KCM]M\d)[A-Z]{2}|(?!sa|sd|ss|[kcm]m\d)[a-z]{2})"
    r"(?=-?[1-9]\d{0,3}(?:-?[A-Za-z])?(?![\w-])|(?![\w-]))"
)
_SMALL_POSTCODE = re.compile(r"(?<![\w.,-])[1-9]\d{3} (?!sa|sd|ss)([a-z]{2})(?=-\d{1,4}(?![\w-])|(?![\w-]))")
_LOOSE_POSTCODE = re.compile(r"\bpostcode[\s:]*(?:is\s+)?([1-9]\d{3} ?[a-z]{2})(?![\w-])", re.IGNORECASE)
_AFTER_POSTCODE = re.compile(
    rf"[,-]?\s*(?:(?:nr|nummer|huisnummer|no)\b\.?\s*)?(\d{{1,4}}(?!\d|\s*{_UNIT}|[.:]\d)(?:\s?-?[a-z])?)(?![^\W_])",
    re.IGNORECASE,
)
_AVENUE = re.compile(  # "Laan van NOI 133"
    r"\b(?:Laan|Plein|Weg|Hof|Pad|Park|Kade|Singel|Straat) (?:van|der|tot|op)(?: (?:de|den|der|het))?"
    r"(?: [A-ZÀ-Þ][\w'’-]*)+ \d{1,4}(?![\w.,:]*\d)(?:-?[a-zA-Z])?(?![^\W_])"
)
_NUMBER_BEFORE = re.compile(  # "portiek 33-41 aan de Meeuwenlaan"
    rf"\b(?:portiek|flat|huisnummers?|nummers?|nr)\s+(?P<at>\d{{1,4}}(?:\s?(?:-|/|t/m|tot|en)\s?\d{{1,4}})?\s+(?:aan|op|in|van)"
    rf"\s+(?:de|het|['’]t)\s+[^\W\d_][\w'’-]*{one_of('street_endings')})(?![^\W_])",
    re.IGNORECASE,
)
_AT = (
    r"(?P<at>(?:huis)?(?:nummer|nr\.?|no\.)\s?\d{1,4}\s?-?[a-z]?(?![^\W_]))(?!\s+(?:en\s+\d+\s+)?van\b|\.\d)"
)
_WHO_AT_NUMBER = re.compile(
    rf"\b{one_of('neighbours')}\s+(?:(?:die|dat)\s+)?(?:(?:woont|wonen)\s+)?(?:van|op|uit|bij)\s+{_AT}",
    re.IGNORECASE,
)
_AT_NUMBER_LIVES = re.compile(
    rf"\b(?:op|in)\s+{_AT}\s+(?:daar\s+)?(?:woon(?:t|de|den)|wonen)\b", re.IGNORECASE
)
_LIVES = re.compile(
    r"\b(?:(?:ge)?wo(?:on|nen)\w*|verhui\w+)(?:\s+\w+){0,3}?\s+(?P<to>op|aan|naar)\s+(?:(?:de|het|['’]t)\s+)?$"
    r"|\badres(?:\s+is|:)?\s+$",
    re.IGNORECASE,
)
_TOWN = re.compile(
    r"[\s,]+((?:(?:Den|De|Het|'s|Sint|Nieuw|Oud|Ter|Bergen|aan|op|den|de|Zee|Zoom)[ -])*[A-Z][\w'’-]+)"
)


def places(text: str) -> Iterator[Span]:
    """Spans of kind ``address`` and ``postcode``."""
    if not any(sign.isdecimal() for sign in text):
        return
    for start, end in (
        *_addresses(text),
        *(m.span() for form in (_POSTBOX, _AVENUE) for m in form.finditer(text)),
    ):
        yield Span(start, end, "address", text[start:end])
    for match in _HOUSE_NUMBER.finditer(text):
        yield Span(*match.span(1), "address", match[1])
    for form in (_WHO_AT_NUMBER, _AT_NUMBER_LIVES, _NUMBER_BEFORE):
        for match in form.finditer(text):
            yield Span(*match.span("at"), "address", match["at"])
    yield from _postcodes(text)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    words = list(_WORD.finditer(text))
    for index, word in enumerate(words):
        number = _NUMBER.match(text, word.end()) or _NUMBER.match(text, word.end() - 1)
        if not number or not number.start(1) > word.start():
            continue
        first = _street(words, index, text)
        if first is None and _lives_on(words, index, text):
            first = index
        if first is not None:
            yield words[first].start(), number.end()


def _street(words: list[re.Match[str]], last: int, text: str) -> int | None:
    """The index of the first word of the street name that ends at word ``last``, or None."""
    word = words[last][0].rstrip(".,")
    lower, capital, sure = word.lower(), word[0].isupper(), _STREET.fullmatch(word) is not None
    if lower in lexicon().own["not_streets"]:
        return None
    for first in range(max(0, last - 5), last):
        name = text[words[first].start() : words[last].end()].rstrip(".,").lower()
        name = re.sub("^['’]t ", "het ", name)
        opening = words[first][0].lstrip("'’")[:1].isupper() or (words[first][0] in ("'t", "’t") and capital)
        if name in streets() and (sure or opening):
            return first
    if sure and (capital or lower in streets() or not is_word(lower)):
        return _leftmost(words, last, text) if capital else last
    other_name = lower in lexicon().places or lower in lexicon().given or is_word(lower)
    return last if capital and lower in streets() and not other_name else None


def _lives_on(words: list[re.Match[str]], at: int, text: str) -> bool:
    """Whether a street without a street's ending stands here: "woont op Dam 1", "adres: Singel 12"."""
    lower = words[at][0].rstrip(".,").lower()
    known = lower in streets() and lower not in lexicon().own["not_streets"]
    lives = _LIVES.search(text, max(0, words[at].start() - 40), words[at].start()) if known else None
    return lives is not None and not (lives["to"] == "naar" and lower in lexicon().places)


def _leftmost(words: list[re.Match[str]], last: int, text: str) -> int:
    """Take the capitalised words before a street name with it: "Burgemeester van Tuyllkade"."""
    first = index = last
    while index > max(0, last - 5) and text[words[index - 1].end() : words[index].start()].isspace():
        index -= 1
        word = words[index][0]
        if word in lexicon().own["particles"]:
            continue
        opens = _starts_sentence(words, index, text) and word.lower() not in lexicon().own["street_openers"]
        if not word[0].isupper() or (opens and is_word(word.lower())):
            break
        first = index
    return first


def _starts_sentence(words: list[re.Match[str]], index: int, text: str) -> bool:
    before = text[: words[index].start()].rstrip()
    return not before or (before[-1] in ".!?:" and len(words[index - 1][0]) > 2)


def _postcodes(text: str) -> Iterator[Span]:
    """Postcodes; the town behind one belongs to it, and a house number behind one is an address."""
    found = [match.span() for form in (_POSTCODE, _SPACED_POSTCODE) for match in form.finditer(text)]
    found += [match.span(1) for match in _LOOSE_POSTCODE.finditer(text)]
    found += [match.span() for match in _SMALL_POSTCODE.finditer(text) if not is_word(match[1])]
    for start, end in found:
        number = _AFTER_POSTCODE.match(text, end)
        town = _TOWN.match(text, number.end() if number else end)
        last = town.end() if town and town[1].lower() in lexicon().places else None
        if number:
            yield Span(start, end, "postcode", text[start:end])
            last = last or number.end()
            yield Span(number.start(1), last, "address", text[number.start(1) : last])
        else:
            yield Span(start, last or end, "postcode", text[start : last or end])
