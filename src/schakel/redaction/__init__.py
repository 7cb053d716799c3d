"""Personal data out of Dutch free text, before anything is stored (R4, R21; AVG art. 5 and 25).

`redact` finds names, dates of birth, telephone numbers, e-mail addresses, addresses, postcodes, BSN, IBAN,
licence plates, other numbers of a person, accounts and institutions that identify, in the language of social
workers and residents:
also in lower case, with *tussenvoegsels*, initials, and names from all over the world. Words of the themes,
neighbourhoods, months and days stay.

It stands on `deduce` (Menger e.a. 2018, doi:10.1016/j.tele.2017.08.002): its lists of Dutch names, places,
streets and hospitals are read from the installed package. Its pipeline is not used. That was made for
clinical records: it wants capitals, redacts every date, age and place (which a neighbourhood signal needs),
takes more than a minute to build its look-up structures on first use, stores those in its own installation
folder, and switches on debug logging for the whole process when it is imported. Numbers are checked by
`python-stdnum` and `phonenumbers`; `simplemma` tells ordinary words from names.

Pure functions, safe to call from several threads; the lists are read once, on first use.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from schakel.redaction.dates import birth_dates
from schakel.redaction.institutions import institutions
from schakel.redaction.names import names
from schakel.redaction.numbers import numbers
from schakel.redaction.online import online
from schakel.redaction.own_areas import outside
from schakel.redaction.places import places
from schakel.redaction.plain import plain
from schakel.redaction.spans import (
    KINDS,
    Redaction,
    Span,
    advice,
    placeholder,
    render,
    resolve,
    to_original,
)

__all__ = ["KINDS", "Redaction", "Span", "advice", "placeholder", "redact", "redact_many"]


def redact(text: str, *, areas: Collection[str] = ()) -> Redaction:
    """Replace the personal data in a text by placeholders such as ``[naam]`` (R4).

    Spans are offsets in ``text``, in code points. Text outside the spans stays identical. Repeats until
    nothing more is found, so redacting the result again changes nothing. `areas` are the names of the municipality's
    own neighbourhoods: written as a place they stay, also those that are called after a person.
    """
    spans: tuple[Span, ...] = ()
    redacted = text
    while more := find(redacted, areas=areas):
        found = [to_original(spans, span.start, span.end) for span in more]
        added = (
            Span(start, end, span.kind, text[start:end])
            for span, (start, end) in zip(more, found, strict=True)
        )
        spans = tuple(sorted((*spans, *added), key=lambda span: span.start))
        redacted = render(text, spans)
    return Redaction(redacted, spans)


def redact_many(texts: Iterable[str], *, areas: Collection[str] = ()) -> Iterator[Redaction]:
    """`redact` for each text, lazily and in order."""
    own = frozenset(areas)
    return (redact(text, areas=own) for text in texts)


def find(text: str, *, areas: Collection[str] = ()) -> tuple[Span, ...]:
    """One pass over the text: the spans of all kinds, disjoint and in order; never part of a placeholder."""
    matched = plain(text)
    spans = []
    for span in outside(matched.text, _find(matched.text), areas) if areas else _find(matched.text):
        start, end = matched.original(span.start, span.end)
        spans.append(Span(start, end, span.kind, text[start:end]))
    return tuple(spans)


def _find(text: str) -> tuple[Span, ...]:
    found = [*online(text), *numbers(text), *places(text), *institutions(text)]
    people = names(text)
    return resolve(text, [*found, *birth_dates(text, people), *people])
