"""Institutions that identify who is meant: a named school, practice, care home, hospital or house of worship.

The word before the name ("basisschool", "huisartsenpraktijk") stays, so that the sentence still tells what
it is about. Public bodies, neighbourhood centres and help lines are no secret and stay as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.lexicon import hospitals, is_word, lexicon, one_of
from schakel.redaction.spans import Span
from schakel.redaction.tokens import is_shouting

_CAP = r"(?:[A-ZÀ-Þ][\w'’.&-]*\w|[A-ZÀ-Þ])"
_SMALL = r"(?:van|de|der|den|het|'t|’t|ter|ten|en|aan|op|in|la|le|el|al|bij|d'|'s|voor)"
_ARTICLE = r"(?:[Dd]e|[Hh]et|['’][tT]|d'|In den?|Ter|Ten|Op|Op de|Aan de|Den|El|Al|Ar|An|La|Le)"
_NAME = rf"[\"'“‘]?(?:{_ARTICLE}[ -])?{_CAP}(?:(?:[ -]{_SMALL}){{0,2}}[ -](?:{_CAP}|\d\b))*"
_END = f"(?:{one_of('institution_endings')}|{one_of('institution_endings').title()})"
_KIND = re.compile(one_of("institution_kinds"), re.IGNORECASE)
_AFTER_KIND = re.compile(
    rf"\b(?i:{one_of('institution_kinds')})\s+(?:(?:genaamd|met de naam|van|:)\s+)?({_NAME})"
)
_AFTER_CODE = re.compile(rf"(?<![\w-])((?i:{one_of('institution_codes')})\.?\s+{_NAME})")
_BEFORE_KIND = re.compile(
    rf"(?<![\w-])({_CAP}(?:(?: {_SMALL}){{0,2}} {_CAP}){{0,5}}? {_END}(?: {_CAP}){{0,2}})(?![\w-])"
)
_FUSED = re.compile(
    rf"(?<![\w-])((?:(?:[A-ZÀ-Þ][\w'’.-]*|van|de|der|den) ){{0,4}}[A-ZÀ-Þ][\w'’-]*{_END}"
    rf"(?: (?!(?i:in|op|en)\b){_CAP})*)(?![\w-])"
)
_CAPITAL = re.compile(r"(?<![\w-])[A-ZÀ-Þ][\w'’]+")
_TELLS_NOTHING = ("public", "openers", "institution_words", "calendar", "particles")
_HOUSE = re.compile(
    r"(?<![\w-])((?:Huize|Residentie|Hof van|Villa|Pension|Woonzorg|Zorghuis)"
    r" (?:(?:de|het|van|der|den|ter|ten) )?[A-ZÀ-Þ][\w'’-]+)"
)


def institutions(text: str) -> Iterator[Span]:
    """Spans of kind ``institution``. In a text in capitals only names behind a code such as "OBS"."""
    patterns = (
        (_AFTER_CODE,) if is_shouting(text) else (_AFTER_KIND, _AFTER_CODE, _BEFORE_KIND, _FUSED, _HOUSE)
    )
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = _trim(text, *match.span(1))
            if start < end and _identifies(text, start, end):
                yield Span(start, end, "institution", text[start:end])
    for start, end in _hospitals(text):
        yield Span(start, end, "institution", text[start:end])


def _hospitals(text: str) -> Iterator[tuple[int, int]]:
    """Hospitals by their own name, without a word that tells that it is one: "Diakonessenhuis"."""
    for word in _CAPITAL.finditer(text):
        if word[0].lower() in lexicon().own["clinics"]:
            yield word.span()
        for name in hospitals().get(word[0].lower(), ()):
            end = word.start() + len(name)
            if text[word.start() : end].lower() == name and not text[end : end + 1].isalnum():
                yield word.start(), end
                break


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without an opening quote, the kind of institution, or a word that merely opens the sentence ("Bij")."""
    if text[start] in "\"'“‘" and text[start : start + 2].lower() not in ("'t", "’t", "'s"):
        start += 1
    first, _, rest = text[start:end].partition(" ")
    if rest and (
        _KIND.fullmatch(first) or (_opens(text, start) and first.lower() in lexicon().own["openers"])
    ):
        return start + len(first) + 1, end
    return start, end


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?:"


def _identifies(text: str, start: int, end: int) -> bool:
    """Whether this is a name: not a public body, a language, or generic words with a capital."""
    own = lexicon().own
    words = [word.lower() for word in re.findall(r"[^\W_][\w'’.-]*", text[start:end])]
    telling = [word for word in words if not any(word in own[name] for name in _TELLS_NOTHING)]
    if len(words) == 1 and (words[0] in lexicon().places or (_opens(text, start) and is_word(words[0]))):
        return False
    return bool(telling)
