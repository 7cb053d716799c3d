"""A text as words and signs, with what the names need to know about each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schakel.redaction.lexicon import lexicon
from schakel.redaction.spans import PLACEHOLDER

_TOKEN = re.compile(
    rf"(?P<placeholder>{PLACEHOLDER.pattern})"
    r"|(?P<initials>(?<!\w)(?:[A-ZÀ-Þ][a-z]?\.[ -]?)*(?:(?:[A-ZÀ-Þ]|Th|Chr|Ph|Joh|Jac|Fr|Ch|IJ)\.)(?!\w\w+\.\w))"
    r"|(?P<small>(?<!\w)(?!v\.\s?d\.)(?:[a-z]\.[ -]?(?!d\.)){1,4}(?=[ ]?[a-z'’]))"
    r"|(?P<word>['’](?:t|n|s)\b|v/d\b|v\.\s?d\.|[^\W\d_][^\W\d_]*(?:(?!['’]s\b)[-'’][^\W\d_]+)*)"
    r"|(?P<sign>[^\s])"
)


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


class Tokens(list[Token]):
    """The tokens of a text, that may be asked about positions outside it."""

    def at(self, index: int) -> Token | None:
        """The token at a position, or None outside the text."""
        return self[index] if 0 <= index < len(self) else None

    def lower(self, index: int) -> str:
        """The token in lower case, or an empty string outside the text."""
        return self[index].lower if 0 <= index < len(self) else ""

    def within(self, index: int, words: str) -> bool:
        """Whether the token stands in one of our own word lists."""
        return self.lower(index) in lexicon().own[words]


def is_shouting(text: str) -> bool:
    """Whether the text is written in capitals."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


def tokenize(text: str) -> Tokens:
    """The tokens of a text. In a text in capitals no capital means anything."""
    shouting = is_shouting(text)
    tokens = Tokens()
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        cap = _capital(match[0]) and not shouting
        opens = _opens(text, tokens, start)
        sort = match.lastgroup or "sign"
        if sort == "small":  # "j.p. de vries", but not "o.a. de buren"
            sort = "sign" if match[0].strip() in lexicon().own["abbreviations"] else "initials"
        tokens.append(Token(start, end, match[0], match[0].lower(), sort, cap, opens))
    return tokens


def _capital(word: str) -> bool:
    if word[0] in "'’" or (word[1:2] in ("'", "’") and word[0].islower()):  # 't Hart, d'Hondt
        return word[2:3].isupper()
    first = word.rpartition("-")[0][:1] or word[0]
    return first.isupper() and not (len(word) > 1 and word.isupper())


def _opens(text: str, tokens: Tokens, start: int) -> bool:
    """Whether a sentence, a line or a quotation starts here."""
    if not tokens or "\n" in text[tokens[-1].end : start]:
        return True
    sign = tokens[-1].text
    if sign in (".", "!", "?", "…"):
        return not tokens.within(len(tokens) - 2, "abbreviations")
    return sign in (":", ";", '"', "“", "‘", "•") or (sign in ("-", "–") and len(tokens) == 1)
