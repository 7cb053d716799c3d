"""Dates of birth. Other dates stay: a signal may say when something happened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.lexicon import lexicon
from schakel.redaction.spans import PLACEHOLDER, Span
from schakel.redaction.spoken import DAY, YEAR, YEAR_ALONE

_MONTH = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|jan|feb|febr|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?"
)
_YEAR = rf"(?:(?:(?:19|20)\d{{2}}|['’`]?\d{{2}})(?!\d)|{YEAR})"
_ORDINAL = (
    r"(?:eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|dertiende|veertiende"
    r"|vijftiende|zestiende|zeventiende|achttiende|negentiende|(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)?(?:ën|en)?twintigste"
    r"|(?:eenen)?dertigste)"
)
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:e|ste|de)?|{_ORDINAL}|\b{DAY})(?:\s+van)?"
_FULL = (
    rf"(?<![\d.,/-])(?:(?:0?[1-9]|[12]\d|3[01])\s?[-/.\s]\s?(?:0?[1-9]|1[0-2])\s?[-/.\s]\s?{_YEAR}"
    r"|(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_DAY}[\s-]+{_MONTH}[\s,-]*{_YEAR})"
)
_PARTIAL = (
    rf"(?:{_DAY}[\s-]+{_MONTH}|{_MONTH}\s+(?:19|20)\d{{2}}(?!\d)|(?<![\d-])(?:0?[1-9]|[12]\d|3[01])[-/](?:0?[1-9]|1[0-2])(?![\d/-])"
    r"|(?<!\d)(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d{2}|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)|(?<![\d-])(?:19|20)\d{2}(?![\d-])"
    rf"|\b{YEAR_ALONE})"
)
_ANY = re.compile(f"{_FULL}|{_PARTIAL}", re.IGNORECASE)
_FULL_DATE = re.compile(_FULL, re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:geb(?:oren|oorte(?:datum|dag|jaar)?|\.?\s?-?dat(?:um)?|\.)?|gb?d|g\.d\.|dob|jarig|verjaardag|verjaart"
    r"|ter wereld(?: gekomen)?)(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:[\s:;,(=-]|\b(?:op|in|is|was|zijn|haar|mijn|de|den|het|te|datum|ze|zij|hij|ben|werd|wordt|uit|van|dag|jaar|vandaag"
    r"|zondag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|altijd|valt|[A-Z][\w'-]+)\b|\[naam\])*",
)
#: One of these is in whatever the pattern below finds; to look for them first is much quicker than to look for dates.
_BORN = re.compile("geboren|jarig|wereld|levenslicht|geboorte|verjaardag", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s,)]*(?:(?:is|was|ben|werd|ze|zij|hij|ik|mijn|haar|zijn|\w+)\s+){0,4}"
    r"(?:geboren|jarig|(?:ter|op de) wereld|het levenslicht|als geboorte(?:dag|datum)|(?:zijn|haar|mijn) verjaardag)\b",
    re.IGNORECASE,
)
_BIRTH_YEAR = re.compile(
    r"\bgeb(?:oorte|\.)?\s?-?jaar[\s:=]*(?:(?:is|was)\s+)?(['’]?\d{2})(?![\d.,:/-]\d|\d)", re.IGNORECASE
)
_ONE = rf"(?:\b(?:ik|hij|zij|ze|die|{'|'.join(sorted(lexicon().own['roles'] | lexicon().own['titles']))})\b|\[naam\])"
_BECOMES = r"(?:wordt|word|worden|werd|werden)"
_BECOMING = re.compile("word|werd", re.IGNORECASE)
_AGE = r"\d{1,3}(?:\s+jaar\b|\s+lentes\b|(?=\s*(?:[.,;!?)]|$)))"
_BIRTHDAY = rf"(?:op\s+)?(?P<date>{_DAY}[\s-]+{_MONTH})"
_TURNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ONE}\s+{_BECOMES}\s+{_BIRTHDAY}\s+(?:\w+\s+)?{_AGE}",  # "hij wordt 12 mei 40 jaar"
        rf"{_ONE}\s+{_BECOMES}\s+(?:\w+\s+)?\d{{1,3}}(?:\s+jaar)?\s+{_BIRTHDAY}",  # "ze wordt 80 op 12 mei"
        rf"{_BIRTHDAY}\s+{_BECOMES}\s+(?:\w+\s+)?{_ONE}\s+(?:\w+\s+)?{_AGE}",  # "12 mei wordt hij 40"
    )
)
_IS_OF = r"\s+(?:is|ben)\s+(?:een kind\s+)?van\s+"
_OF_SOMEBODY = re.compile(_IS_OF, re.IGNORECASE)
_OF_PERSON = re.compile(rf"{_ONE}{_IS_OF}$", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"\s*[,(;–-]?\s*\(?")
_NAMED_MONTH = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_BEHIND_TITLE = re.compile(rf"{_ONE}\s*\(\s*(?=\d)", re.IGNORECASE)
_YEAR_ONLY = re.compile(r"\s?\(((?:19|20)\d{2})\)")


def birth_dates(text: str, people: list[Span]) -> Iterator[Span]:
    """Spans of kind ``birth_date``: dates with a word of birth near them, or right behind a person's name."""
    if not (any(sign.isdecimal() for sign in text) or _CUE.search(text) or _NAMED_MONTH.search(text)):
        return
    near = (*_near_cues(text), *_behind_names(text, people))
    for start, end in (*near, *_of_persons(text), *_birthdays(text)):
        yield Span(start, end, "birth_date", text[start:end])


def _near_cues(text: str) -> Iterator[tuple[int, int]]:
    for cue in _CUE.finditer(text):
        between = _BEFORE.match(text, cue.end())
        reach = between.end() if between else cue.end()
        date = _ANY.search(text, cue.end(), min(len(text), reach + 60))
        if date and date.start() <= reach:
            yield date.span()
    for date in _ANY.finditer(text) if _BORN.search(text) else ():
        if not date[0].isdecimal() and _AFTER.match(text, date.end()):
            yield date.span()


def _behind_names(text: str, people: list[Span]) -> Iterator[tuple[int, int]]:
    """ "Jansen, 12-04-1951" and "Jansen (1951)": a date right behind a name is a date of birth."""
    ends = [span.end for span in people] + [
        match.end() for match in PLACEHOLDER.finditer(text) if match[0] == "[naam]"
    ]
    for end in ends:
        year = _YEAR_ONLY.match(text, end)
        if year:
            yield year.span(1)
        gap = _BEHIND_NAME.match(text, end)
        date = _FULL_DATE.match(text, gap.end()) if gap and gap.end() > end else None
        if date and not re.search(r"\s", date[0]):
            yield date.span()
    for title in _BEHIND_TITLE.finditer(text):  # "mevrouw (12-04-1938)"
        date = _FULL_DATE.match(text, title.end())
        if date:
            yield date.span()


def _of_persons(text: str) -> Iterator[tuple[int, int]]:
    """ "Zij is van 3 mei 1962", "hij is van 1951"."""
    for date in _ANY.finditer(text) if _OF_SOMEBODY.search(text) else ():
        if _OF_PERSON.search(text, max(0, date.start() - 40), date.start()):
            yield date.span()


def _birthdays(text: str) -> Iterator[tuple[int, int]]:
    """ "Geboortejaar: 82", and a day on which somebody reaches an age: "hij wordt 12 mei 40 jaar"."""
    yield from (match.span(1) for match in _BIRTH_YEAR.finditer(text))
    for pattern in _TURNS if _BECOMING.search(text) else ():
        yield from (match.span("date") for match in pattern.finditer(text))
