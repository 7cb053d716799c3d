"""A text as it is matched: ordinary spaces, hyphens and apostrophes, nothing invisible — and the way back.

Text that was copied from a word processor, a web page or a message holds spaces that do not break, hyphens
of other kinds, soft hyphens and signs without width. A person does not see the difference.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u00b4\u0060\u2032\u02bc\uff07"
_ORDINARY = dict.fromkeys(_SPACES, " ") | dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_APOSTROPHES, "'")
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_COMBINING = "\u0300-\u034e\u0350-\u036f"
_UNUSUAL = re.compile(f"[{_SPACES}{_HYPHENS}{_APOSTROPHES}{_INVISIBLE}{_COMBINING}]")
_HIDDEN = re.compile(f"[{_INVISIBLE}]")


@dataclass(frozen=True, slots=True)
class Plain:
    """The text to match; code point ``i`` of it stands in the original from ``starts[i]`` to ``ends[i]``."""

    text: str
    starts: range | list[int]
    ends: range | list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where code points ``start`` to ``end`` stand in the original, with all that is hidden inside."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text as it is matched."""
    if not _UNUSUAL.search(text):
        return Plain(text, range(len(text)), range(1, len(text) + 1))
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, sign in enumerate(text):
        if _HIDDEN.match(sign):
            continue
        whole = unicodedata.normalize("NFC", signs[-1] + sign) if signs and _accent(sign) else ""
        if len(whole) == 1:  # an accent that is written apart from its letter
            signs[-1], ends[-1] = whole, at + 1
            continue
        signs.append(_ORDINARY.get(sign, sign))
        starts.append(at)
        ends.append(at + 1)
    return Plain("".join(signs), starts, ends)


def _accent(sign: str) -> bool:
    return unicodedata.combining(sign) != 0
