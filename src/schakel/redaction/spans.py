"""What redaction finds, what stands in its place, and what a writer can do instead (R4, R21)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

#: Per kind: the Dutch placeholder and the advice to the writer, in the order in which kinds win an overlap.
_KINDS: dict[str, tuple[str, str]] = {
    "email": ("e-mail", "Laat het e-mailadres weg; een signaal heeft geen afzender nodig."),
    "handle": ("account", "Laat de accountnaam weg en schrijf alleen om welk soort app of website het gaat."),
    "iban": ("iban", "Laat het rekeningnummer weg; schrijf alleen wat er met het geld speelt."),
    "bsn": ("bsn", "Laat het burgerservicenummer weg; Schakel mag en hoeft dat niet te weten."),
    "number": (
        "nummer",
        "Laat het nummer van een pas, dossier of rekening weg; schrijf alleen waar het over gaat.",
    ),
    "phone": ("telefoon", "Laat het telefoonnummer weg; contact leggen gaat buiten het signaal om."),
    "licence_plate": (
        "kenteken",
        "Laat het kenteken weg en schrijf bijvoorbeeld 'een auto' of 'een scooter'.",
    ),
    "birth_date": (
        "geboortedatum",
        "Schrijf geen geboortedatum, maar bijvoorbeeld 'een man van rond de zeventig'.",
    ),
    "postcode": ("postcode", "Laat de postcode weg; de buurt die u al koos is genoeg."),
    "address": ("adres", "Laat straat en huisnummer weg; de buurt die u al koos is genoeg."),
    "institution": ("instelling", "Schrijf 'de school', 'de huisarts' of 'het verpleeghuis' zonder de naam."),
    "name": (
        "naam",
        "Schrijf geen naam, maar bijvoorbeeld 'een oudere buurvrouw' of 'een vader van twee kinderen'.",
    ),
}

KINDS: tuple[str, ...] = tuple(_KINDS)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_JOINED = ("name", "institution")  # two of these with a space between them are one
_GAP = re.compile(r"(?<=\S) (?=\S)")
PLACEHOLDER = re.compile(r"\[(?:" + "|".join(re.escape(label) for label, _ in _KINDS.values()) + r")\]")


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of personal data: code points ``start`` to ``end`` (exclusive) of the original text.

    ``kind`` is one of `KINDS`. ``text`` is left out of the representation, so that it does not end up in
    a log (R16).
    """

    start: int
    end: int
    kind: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redaction:
    """The text with placeholders, and the spans of the original that they stand for, in order, disjoint."""

    text: str
    spans: tuple[Span, ...]


def placeholder(kind: str) -> str:
    """What stands in the text for a span of this kind, such as ``[naam]``."""
    return f"[{_KINDS[kind][0]}]"


def advice(kind: str) -> str:
    """One Dutch sentence (B1) that says what to write instead (R4, R21).

    Raises `KeyError` for a kind that is not one of `KINDS`.
    """
    return _KINDS[kind][1]


def resolve(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Disjoint spans in order: where two overlap the higher kind wins, and what sticks out is kept as well.

    Placeholders that are already in the text are left alone.
    """
    owner: list[str | None] = [None] * len(text)
    for span in sorted(spans, key=lambda one: -_RANK[one.kind]):
        owner[span.start : span.end] = [span.kind] * (span.end - span.start)
    for gap in _GAP.finditer(text):
        if owner[gap.start() - 1] == owner[gap.end()] in _JOINED:
            owner[gap.start()] = owner[gap.end()]
    for match in PLACEHOLDER.finditer(text):
        owner[match.start() : match.end()] = [None] * len(match[0])
    return tuple(_runs(text, owner))


def _runs(text: str, owner: list[str | None]) -> Iterable[Span]:
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and owner[end] == owner[start]:
            continue
        kind = owner[start]
        if kind is not None and any(sign.isalnum() for sign in text[start:end]):
            yield Span(start, end, kind, text[start:end])
        start = end


def render(text: str, spans: Iterable[Span]) -> str:
    """The text with each span replaced by its placeholder; everything else stays as it was."""
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], placeholder(span.kind)]
        position = span.end
    return "".join([*parts, text[position:]])


def to_original(spans: tuple[Span, ...], start: int, end: int) -> tuple[int, int]:
    """Where code points ``start`` to ``end`` of the rendered text stand in the original.

    The piece must not touch the inside of a placeholder.
    """
    shift = 0
    for span in spans:
        if span.start - shift >= end:
            break
        shift += span.end - span.start - len(placeholder(span.kind))
    return start + shift, end + shift
