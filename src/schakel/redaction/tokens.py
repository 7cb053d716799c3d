"""A text as words and signs, with what the names need to know about each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schakel.redaction.lexicon import lexicon
from schakel.redaction.spans import PLACEHOLDER

_TOKEN = re.compile(
    rf"(?P<placeholder>{PLACEHOLDER.pattern})"
    r"|(?P<initials>(?<!\w)(?:[A-ZÀ-Þ][a-z]?\.[ -]?)*(?:(?:[A-ZÀ-Þ]|Th|Chr|Ph|Joh|Jac|Fr|Ch|IJ)\.)(?!\w\w+\.\w))"
    r"|(?P<word>['’](?:t|n|s)\b|v/d\b|[^\W\d_][^\W\d_]*(?:[-'’][^\W\d_]+)*)"
    r"|(?P<sign>[^\s])"
)
_ABBREVIATIONS = frozenset("mevr mw dhr hr mej fam drs dr ir ing prof ds mr st gr tel geb nr".split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign; ``cap`` says that a capital means something here, ``opens`` that a sentence starts."""

    start: int
    end: int
    text: str
    lower: str
    sort: str  # placeholder, initials, word or sign
    cap: bool
    opens: bool


def tokenize(text: str) -> list[Token]:
    """The tokens of a text. In a text in capitals no capital means anything."""
    letters = [sign for sign in text if sign.isalpha()]
    shouting = len(letters) > 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        tokens.append(
            Token(
                start=match.start(),
                end=match.end(),
                text=word,
                lower=word.lower(),
                sort=match.lastgroup or "sign",
                cap=_capital(word) and not shouting,
                opens=_opens(text, tokens, match.start()),
            )
        )
    return tokens


def _capital(word: str) -> bool:
    if word[0] in "'’" or (word[1:2] in ("'", "’") and word[0].islower()):  # 't Hart, d'Hondt
        return word[2:3].isupper()
    first = word.rpartition("-")[0][:1] or word[0]
    return first.isupper() and not (len(word) > 1 and word.isupper() and len(word) <= 5 and "-" not in word)


def _opens(text: str, tokens: list[Token], start: int) -> bool:
    if not tokens:
        return True
    before = tokens[-1]
    if "\n" in text[before.end : start]:
        return True
    if before.text in (".", "!", "?", "…"):
        return not (len(tokens) > 1 and tokens[-2].lower in _ABBREVIATIONS)
    return before.text in (":", '"', "“", "‘", "•", ";") or (before.text in ("-", "–") and len(tokens) == 1)


def is_title(token: Token) -> bool:
    """Whether this is a form of address, such as "mevrouw"."""
    return token.lower in lexicon().own["titles"]
