"""E-mail addresses and social-media accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.lexicon import is_word, one_of
from schakel.redaction.spans import Span

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_SPELLED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?: (?:punt|dot|streepje|underscore) [\w.+-]{1,64}){0,4}"
    r" ?(?:\(at\)|\[at\]| at | apen?staart(?:je)? ) ?[\w-]+"
    r"(?: ?[(\[](?:dot|punt)[)\]] ?| punt |\.| dot )(?:nl|com|be|org|net|eu|de|pl|tr|ua)\b",
    re.IGNORECASE,
)
_SPACED = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64} ?@ ?[\w-]+(?: ?\. ?(?:nl|com|be|org|net|eu|de|pl|tr|ua))+\b", re.IGNORECASE
)
_LINK = re.compile(
    rf"(?:https?://)?(?:[\w-]+\.)?{one_of('media_sites')}/[\w@./?=&%+-]*[\w/]",
    re.IGNORECASE,
)
_AT = re.compile(r"(?<![\w.@])@[\w][\w.]{0,29}(?<!\.)")
_CUE = re.compile(
    rf"\b(?:{one_of('media')}(?:[- ]?(?:naam|account|adres|profiel))?|{one_of('account_words')})\b",
    re.IGNORECASE,
)
_SHAPED = re.compile(r"(?<![\w@./-])(?=[\w.]*[^\W\d_])(?=[\w.]*[\d_.][\w])[\w][\w.]{2,29}(?<!\.)(?![\w@/-])")
_NAMED = re.compile(
    r"(?:[- ]?(?:naam|account))? ?(?:is|=|:|heet(?: (?:hij|zij|ze|ik))?)? ?[\"'‘“]?([\w.]{3,30}(?<!\.))"
)
_REACH = 70  # code points after the cue in which an account name is looked for
_TIME = re.compile(
    r"\d{1,2}[.:]\d{2}(?:u|uur)?|\d+(?:e|de|ste|x|km|m2|cm|kg|pm|am|u|k|jr|min)?", re.IGNORECASE
)


def online(text: str) -> Iterator[Span]:
    """Spans of kind ``email`` and ``handle``."""
    if "@" in text or " at " in text or "(at)" in text or "[at]" in text or "staart" in text:
        for pattern in (_EMAIL, _SPELLED, _SPACED):
            yield from (_span(text, *match.span(), kind="email") for match in pattern.finditer(text))
        yield from (_span(text, *match.span(), kind="handle") for match in _AT.finditer(text))
    if "/" in text:
        yield from (_span(text, *match.span(), kind="handle") for match in _LINK.finditer(text))
    for cue in _CUE.finditer(text):
        yield from _after(text, cue.end())


def _after(text: str, start: int) -> Iterator[Span]:
    """Account names after a word such as "insta": shaped like one, or right behind "is" or a colon."""
    for match in _SHAPED.finditer(text, start, min(len(text), start + _REACH)):
        if not _TIME.fullmatch(match[0]) and not is_word(match[0].lower()):
            yield _span(text, *match.span(), kind="handle")
    named = _NAMED.match(text, start)
    if named and not text[start : named.start(1)].isspace() and _unusual(named[1]):
        yield _span(text, *named.span(1), kind="handle")


def _unusual(word: str) -> bool:
    return word[0].islower() and not word.isdigit() and not is_word(word.lower())


def _span(text: str, start: int, end: int, *, kind: str) -> Span:
    return Span(start, end, kind, text[start:end])
