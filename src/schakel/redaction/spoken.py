"""Numbers as people say them: "nul zes twaalf vierendertig", "drie mei negentientweeënzestig"."""

from __future__ import annotations

import re

_UNITS = "een eén één twee drie vier vijf zes zeven acht negen"
_TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_ONE = f"(?:{'|'.join(_UNITS.split())})"
_TWO = rf"(?:{'|'.join(_TEENS.split())}|(?:{_ONE}[eë]n)?(?:{'|'.join(_TENS.split())}))"
_DIGITS = re.compile(rf"\b(?:{_TWO}|{_ONE}|nul)\b", re.IGNORECASE)
_RUN = re.compile(rf"\b(?:{_TWO}|{_ONE}|nul)(?:[\s,.;–-]+(?:en\s+)?(?:{_TWO}|{_ONE}|nul))+\b", re.IGNORECASE)

#: A day of the month, and a year with or without its century, as regular expressions.
DAY = rf"(?:(?:een|één|twee)[eë]ntwintig|(?:een[eë]n)?dertig|{_TWO}|{_ONE})"
YEAR = rf"(?:(?:negentien(?:honderd)?|twee\s?duizend)\s?(?:en\s?)?(?:{_TWO}|{_ONE})|{_TWO})(?![^\W\d_])"
YEAR_ALONE = rf"(?:negentien(?:honderd)?|twee\s?duizend)\s?(?:en\s?)?(?:{_TWO}|{_ONE})(?![^\W\d_])"


def runs(text: str, *, least: int) -> list[tuple[int, int]]:
    """Where at least so many digits are said one after the other."""
    return [run.span() for run in _RUN.finditer(text) if _length(run[0]) >= least]


def _length(run: str) -> int:
    return sum(2 if re.fullmatch(_TWO, word, re.IGNORECASE) else 1 for word in _DIGITS.findall(run))
