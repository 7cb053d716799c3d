"""Numbers that identify: IBAN, BSN, telephone numbers, licence plates, and those of papers and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

from schakel.redaction.lexicon import one_of
from schakel.redaction.spans import Span
from schakel.redaction.spoken import runs

_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]{2,4}){3,8}\b")
_DUTCH_IBAN = re.compile(r"\bN ?L(?:[ .-]?\d){2}(?:[ .-]?[A-Z]){4}(?:[ .-]?\d){10}\b", re.IGNORECASE)
_BSN_CUE = re.compile(
    r"\b(?:bsn|b\.s\.n\.|burgerservice\s?-?n(?:umme)?r|sofi(?:-?\s?n(?:umme)?r)?)", re.IGNORECASE
)
_NINE_DIGITS = re.compile(r"(?<![\d.,+/-])\d(?:[ .-]?\d){8}(?![\d/]|[.,-]\d)")
_NEAR = 80  # code points
_BSN_AFTER_CUE = re.compile(r"[^\d\n]{0,25}?(\d(?:[ .-]?\d){7,8})(?!\d)")
_BSN = re.compile(
    r"(?<![\d.,+/-])(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3})(?![\d/]|[.,-]\d)"
)
_PHONE = re.compile(r"(?<!\w)(?<!\d[.-])(?:\+|\(?0)[\d() ./–-]{6,20}\d(?!\d|-\d)")
_PHONE_CUE = re.compile(
    r"\b(?:tel(?:efoon)?(?:nummer|nr)?|mobiel|nummer|bel|bellen|app|whatsapp|sms)\b"
    r"[^\d\n+]{0,20}(6[ -]?\d(?:[ -]?\d){7})(?!\d)",
    re.IGNORECASE,
)
_FILE_CUE = re.compile(
    rf"\b(?:{one_of('file_numbers')}[ -]?(?:nummer|nr)|v-?nummer|v-?nr)(?![^\W_])", re.IGNORECASE
)
_PAPER_CUE = re.compile(rf"\b{one_of('papers')}(?![^\W_])", re.IGNORECASE)
_LINK = re.compile(rf"(?:[\s:=#.,()]|{one_of('number_links')}(?![^\W_])|\[naam\])*", re.IGNORECASE)
_FILE_NUMBER = re.compile(
    r"(?<!\w)(?:\d{2}(?: \d{2}){2,3}(?!\w)|(?:[a-z]{1,5}[./-]?|(?-i:[A-Z]{1,3}) )?"
    r"\d(?:[./-]?[a-z]{0,3}\d| \d{2,}(?!\s?-?[^\W\d_]))+[a-z]?(?![^\W_]))",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\s*(?:euro|eur\b|€|,-)|,\d", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}){1,2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}")
_PUBLIC = re.compile(r"^(?:0800|0900|0906|0909|14\d|116)")
_L, _D = "[A-Za-z]", r"\d"
_SIDECODES = (
    (2, 2, 2, "LDD"), (2, 2, 2, "DDL"), (2, 2, 2, "DLD"), (2, 2, 2, "LDL"), (2, 2, 2, "LLD"), (2, 2, 2, "DLL"),
    (2, 3, 1, "DLD"), (1, 3, 2, "DLD"), (2, 3, 1, "LDL"), (1, 3, 2, "LDL"), (3, 2, 1, "LDL"), (1, 2, 3, "LDL"),
    (1, 2, 3, "DLD"), (3, 2, 1, "DLD"), (3, 2, 1, "LDD"), (1, 2, 3, "DDL"),
)  # fmt: skip


def _sidecode(joint: str) -> str:
    """One pattern for all Dutch licence plates since 1951, the three groups joined by ``joint``."""
    groups = (
        joint.join(
            f"{_L if sort == 'L' else _D}{{{size}}}" for size, sort in zip(code[:3], code[3], strict=True)
        )
        for code in _SIDECODES
    )
    return "|".join(groups)


_PLATE = re.compile(rf"(?<![\w-])(?:{_sidecode('-')}|[A-Z]{{2}}-\d{{2}}-[A-Z]{{2}})(?![\w-])")
_PLATE_AFTER_CUE = re.compile(rf"(?<![\w-])(?:{_sidecode('[ .-]?')})(?![\w-])")
_FOREIGN_PLATE = re.compile(
    r"\b(?i:auto|bus|busje|bestelbus|bestelauto|camper|scooter|brommer|motor|wagen|kenteken|nummerbord)\b"
    r"[^\d\n]{0,25}?(?<![\w-])"
    r"(\d-[A-Z]{3}-\d{3}|[A-Z]{1,3}[ -](?!(?:19|20)\d\d\b)(?=[A-Z]{0,3}\d)[A-Z0-9]{4,6}"
    r"|[A-Z]{1,3}[ -][A-Z]{1,2} ?\d{2,4})"
    r"(?![\w-])"
)
_PLATE_CUE = re.compile(r"\b(?:kenteken|nummerbord|kentekenplaat|nummerplaat)\w*", re.IGNORECASE)
_FLATS = re.compile(r"tot|met|en|of|om|tm|jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec", re.IGNORECASE)


def numbers(text: str) -> Iterator[Span]:
    """Spans of kind ``iban``, ``bsn``, ``number``, ``phone`` and ``licence_plate``."""
    yield from _said(text)
    if not any(sign.isdecimal() for sign in text):
        return
    for kind, find in _FINDERS.items():
        yield from (Span(start, end, kind, text[start:end]) for start, end in find(text))


def _said(text: str) -> Iterator[Span]:
    """Numbers in words: a BSN behind its cue, else what begins as a telephone number does ("nul", "zes")."""
    for start, end in runs(text, least=8):
        if _BSN_CUE.search(text, max(0, start - _NEAR), start):
            yield Span(start, end, "bsn", text[start:end])
        elif text[start : start + 3].lower() in ("nul", "zes"):
            yield Span(start, end, "phone", text[start:end])


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Valid IBANs of any country, and whatever has the Dutch form: a slip of the pen identifies as well."""
    yield from (match.span() for match in _DUTCH_IBAN.finditer(text))
    for match in _IBAN.finditer(text):
        pieces = list(re.finditer(r"[A-Za-z0-9]+", match[0]))
        for last in reversed(pieces):  # the pattern may have eaten a word too many
            if iban.is_valid(re.sub(r"[ .-]", "", match[0][: last.end()]), check_country=False):
                yield match.start(), match.start() + last.end()
                break


def _bsns(text: str) -> Iterator[tuple[int, int]]:
    """Nine digits that pass the 11-test, and eight or nine digits right after the word BSN."""
    for match in _BSN.finditer(text):
        if bsn.is_valid(re.sub(r"\D", "", match[0])):
            yield match.span()
    for cue in _BSN_CUE.finditer(text):
        number = _BSN_AFTER_CUE.match(text, cue.end())
        if number:
            yield number.span(1)
        for match in _NINE_DIGITS.finditer(text, cue.end(), min(len(text), cue.end() + _NEAR)):
            if bsn.is_valid(re.sub(r"\D", "", match[0])):
                yield match.span()


def _files(text: str) -> Iterator[tuple[int, int]]:
    """Numbers right behind a word such as "dossiernummer", "paspoort" or "bankrekening"."""
    for pattern, least in ((_FILE_CUE, 3), (_PAPER_CUE, 6)):
        for cue in pattern.finditer(text):
            link = _LINK.match(text, cue.end())
            number = _FILE_NUMBER.match(text, link.end()) if link else None
            if number and _is_file_number(text, number, least):
                yield number.span()


def _is_file_number(text: str, number: re.Match[str], least: int) -> bool:
    """Whether it is long enough, and neither a date nor an amount of money."""
    long = sum(map(str.isalnum, number[0])) >= least and sum(map(str.isdecimal, number[0])) >= 3
    return long and not _DATE.fullmatch(number[0]) and not _AMOUNT.match(text, number.end())


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Possible telephone numbers, apart from emergency and public service numbers."""
    for match in _PHONE.finditer(text):
        span = _longest_phone(text, *match.span())
        if span:
            yield span
    yield from (match.span(1) for match in _PHONE_CUE.finditer(text))


def _longest_phone(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The longest valid number that starts here: the pattern may have run into a next number."""
    while end - start >= 8:
        written = text[start:end]
        digits = re.sub(r"\D", "", written)
        if _PUBLIC.match(digits):
            return None
        if _valid(written):
            return start, end
        end = start + max((gap.start() for gap in re.finditer(r"[ /(.–-]+", written)), default=0)
    return None


def _valid(written: str) -> bool:
    if re.search(r"\d[/.]\d+[/.]\d{4}$", written):  # a date
        return False
    international = re.sub(r"[()]", "", re.sub(r"^\(?00", "+", re.sub(r"\(0\)", "", written)))
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(international, "NL"))
    except phonenumbers.NumberParseException:
        return False


def _plates(text: str) -> Iterator[tuple[int, int]]:
    """Dutch licence plates with dashes, and any way of writing one after the word "kenteken"."""
    for match in _PLATE.finditer(text):
        letters = "".join(filter(str.isalpha, match[0]))
        if not _FLATS.fullmatch(letters) and (letters.isupper() or not set(letters) & set("aeiou")):
            yield match.span()
    yield from (match.span(1) for match in _FOREIGN_PLATE.finditer(text))
    for cue in _PLATE_CUE.finditer(text):
        number = _PLATE_AFTER_CUE.search(text, cue.end(), min(len(text), cue.end() + 40))
        if number:
            yield number.span()


_FINDERS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "iban": _ibans,
    "bsn": _bsns,
    "number": _files,
    "phone": _phones,
    "licence_plate": _plates,
}
