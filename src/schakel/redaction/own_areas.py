"""Names of a municipality's own areas: many are called after a person, and are nobody's name there.

"In de Jan van Galenbuurt" tells where; "mevrouw Galen" tells who. So the name of an area stays where it is written
as a place, and never behind a form of address or a relation (R4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from schakel.redaction.lexicon import lexicon
from schakel.redaction.spans import Span

_KINDS = ("name", "institution")  # what the name of a place may be taken for; a house number stays an address
_WHERE = frozenset(  # not "bij", "naar" and "door": those stand before persons as well
    [
        "in",
        "uit",
        "rond",
        "rondom",
        "vanuit",
        "heel",
        "wijk",
        "buurt",
        "buurten",
        "wijken",
        "omgeving",
        "gebied",
    ]
)
_ARTICLES = frozenset(["de", "het", "den", "'t", "’t", "en", "of"])


def outside(text: str, spans: Iterable[Span], names: Collection[str]) -> list[Span]:
    """The spans that are not part of the name of an own area."""
    kept = list(_places(text, frozenset(names)))
    return [
        span
        for span in spans
        if span.kind not in _KINDS or not any(start <= span.start and span.end <= end for start, end in kept)
    ]


def _places(text: str, names: frozenset[str]) -> Iterable[tuple[int, int]]:
    """Where an own area is named as a place; the name of one word needs a word such as "in" or "buurt" before it."""
    persons = lexicon().own["titles"] | lexicon().own["roles"]
    for match in _pattern(names).finditer(text):
        before = re.findall(r"[\w'’]+", text[max(0, match.start() - 60) : match.start()].lower())
        nearest = before[-1] if before else ""
        behind_article = before[-2] if len(before) > 1 and nearest in _ARTICLES else ""
        if nearest in persons or behind_article in persons:
            continue
        if re.search(r"[\s-]", match[0]) or {nearest, behind_article} & _WHERE:
            yield match.span()


@lru_cache(maxsize=8)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Every name as whole words, the longest first; in capitals or not."""
    words = sorted({name.strip() for name in names if len(name.strip()) > 2}, key=lambda n: (-len(n), n))
    alternatives = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if words else r"(?!)", re.IGNORECASE)
