"""Institutions that identify who is meant: a named school, practice, care home, hospital or house of worship.

The word before the name ("basisschool", "huisartsenpraktijk") stays, so that the sentence still tells what
it is about. Public bodies, neighbourhood centres and help lines are no secret and stay as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.redaction.lexicon import is_word, lexicon
from schakel.redaction.spans import Span

_KIND = (
    r"(?:basis|middelbare ?|brede ?|lagere ?|vrije ?|praktijk|school voor |speciale ?|taal|voorschoolse ?)?school|kinderdagverblijf|kinderopvang|peuterspeelzaal|peutergroep"
    r"|peuteropvang|voorschool|cr[eè]che|gastouderopvang|kinderopvanglocatie|kindcentrum|kleuterschool|scholengemeenschap|vakcollege|mavo|gymnasium|lyceum|college"
    r"|huisartsen?(?:praktijk|post|groep|centrum)|tandarts(?:en)?praktijk|fysio(?:therapie)?(?:praktijk)?|psychologenpraktijk|verloskundigen?praktijk|(?:de )?praktijk"
    r"|gezondheidscentrum|medisch centrum|apotheek|kliniek|ziekenhuis|hospitaal|hospice|tandkliniek"
    r"|verzorgings(?:huis|tehuis)|verpleeg(?:huis|tehuis)|bejaarden(?:huis|tehuis)|woon-?zorg(?:centrum|complex)|zorg(?:centrum|instelling|hotel|boerderij|villa|residentie|huis)|wooncentrum"
    r"|woonzorglocatie|zorglocatie|serviceflat|aanleunwoningen|thuiszorgorganisatie|revalidatiecentrum|opvanghuis|logeerhuis|gezinshuis|jeugdinstelling"
    r"|blijf-van-mijn-lijfhuis|daklozenopvang|vrouwenopvang|maatschappelijke opvang|asielzoekerscentrum"
    r"|kerk|kerkgemeente|kapel|kathedraal|basiliek|parochie|parochiekerk|moskee|synagoge|sjoel|tempel|gurdwara|koninkrijkszaal|klooster|abdij|evangeliegemeente|baptistengemeente|pinkstergemeente"
)
_CODES = r"(?:o\.?b\.?s|c\.?b\.?s|p\.?c\.?b\.?s|r\.?k\.?b\.?s|kbs|pcbo|sbo|vso|so|ods|isk|roc|kdv|bso|psz|ikc|mfa|azc|swz|wzc|dcbs|gbs|ibs|ps)\.?"
_CAP = r"[A-ZÀ-Þ][\w'’.&-]*[\w]|[A-ZÀ-Þ]"
_SMALL = r"(?:van|de|der|den|het|'t|’t|ter|ten|en|aan|op|in|la|le|el|al|bij|d'|'s|voor)"
_ARTICLE = r"(?:De|Het|'t|’t|'T|’T|de|het|d'|In de|In den|Ter|Ten|Op de|Aan de|Op|Den|El|Al|Ar|An|La|Le)"
_NAME = rf"[\"'“‘]?(?:(?:{_ARTICLE})[ -])?(?:{_CAP})(?:(?:[ -]{_SMALL}){{0,2}}[ -](?:{_CAP}|\d\b))*"
_AFTER_KIND = re.compile(rf"\b(?:(?i:{_KIND}))\s+(?:(?:genaamd|met de naam|van|:)\s+)?({_NAME})")
_AFTER_CODE = re.compile(rf"(?<![\w-])((?:(?i:{_CODES}))\s+{_NAME})")
_ENDS = (
    r"(?:School|College|Lyceum|Gymnasium|Atheneum|Mavo|Kerk|Moskee|Ziekenhuis|Kliniek|Hospice|Kapel|Synagoge|Tempel|Praktijk|Zorgcentrum|Verzorgingshuis|Verpleeghuis"
    r"|Gasthuis|Academie|Apotheek|Huisartsen|Kinderziekenhuis|Scholengemeenschap|Medisch Centrum|Basisschool|Zorggroep)"
)
_BEFORE_KIND = re.compile(rf"(?<![\w-])((?:{_CAP})(?:(?: {_SMALL}){{0,2}}[ -](?:{_CAP}))*? (?:{_ENDS}|(?:college|lyceum|gymnasium|ziekenhuis|school|kerk|moskee|kliniek|hospice|gasthuis)))(?![\w-])")
_FUSED = re.compile(
    r"(?<![\w-])((?:(?:[A-ZÀ-Þ][\w'’.-]*|van|de|der|den) ){0,4}[A-ZÀ-Þ][\w'’-]*(?:kerk|school|college|lyceum|moskee|ziekenhuis|kliniek|kapel|gasthuis|praktijk|hospice|klooster|synagoge|tempel|scholen)"
    rf"(?: (?!(?i:in|op|en)\b)(?:{_CAP}))*)(?![\w-])"
)
_HOUSE = re.compile(r"(?<![\w-])((?:Huize|Residentie|Hof van|Villa|Pension|Stichting Huize|Woonzorg|Zorghuis) (?:(?:de|het|van|der|den|ter|ten) )?[A-ZÀ-Þ][\w'’-]+)")


def institutions(text: str) -> Iterator[Span]:
    """Spans of kind ``institution``."""
    for pattern in (_AFTER_KIND, _AFTER_CODE, _BEFORE_KIND, _FUSED, _HOUSE):
        for match in pattern.finditer(text):
            start, end = _trim(text, *match.span(1))
            if start < end and _identifies(text, start, end):
                yield Span(start, end, "institution", text[start:end])


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a capitalised ordinary word that merely opens the sentence ("Bij CBS Het Anker")."""
    while text[start:end] and text[start] in "\"'“‘" and text[start : start + 2].lower() not in ("'t", "’t", "'s"):
        start += 1
    first, _, rest = text[start:end].partition(" ")
    if rest and _opens(text, start) and first.lower() in lexicon().own["openers"]:
        return start + len(first) + 1, end
    return start, end


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?:\n"


def _identifies(text: str, start: int, end: int) -> bool:
    """Whether this is a name: not a public body, a language, a place or a generic word with a capital."""
    words = [word.lower() for word in re.findall(r"[^\W_][\w'’.-]*", text[start:end])]
    own = lexicon().own
    if not words or all(word in own["public"] or word in own["openers"] for word in words):
        return False
    if len(words) == 1:
        return not (_opens(text, start) and is_word(words[0])) and not _generic(words[0])
    return not all(is_word(word) and _opens(text, start) and word not in own["given"] for word in words[:1]) or len(words) > 2


def _generic(word: str) -> bool:
    own = lexicon().own
    return word in own["institution_words"] or word in own["calendar"] or word in lexicon().places and False
