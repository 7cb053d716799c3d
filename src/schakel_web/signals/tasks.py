"""What the library says about a text: personal data in it, themes, and words to search by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import simplemma
import yaml
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from schakel.redaction import Span, advice, redact
from schakel.themes import Suggestion, Taxonomy, ThemeClassifier, default_classifier, load_taxonomy
from schakel.themes.features import LINKS, SHORTEST_PART, STOP, lemma, normal, parts, tokens
from schakel.themes.taxonomy import Domain, Theme
from schakel_web.network.names import area_names, names_in

_LONGEST = 60
_SHORTEST_FORM = 4


@cache
def taxonomy() -> Taxonomy:
    """The themes in use: those of the library, and of the municipality."""
    extra = settings.TAXONOMY_EXTENSION
    return load_taxonomy(*([Path(extra)] if extra else []))


@cache
def classifier() -> ThemeClassifier:
    """Text to themes; loaded once for each process."""
    return default_classifier()


def speaks() -> Literal["nl", "en"]:
    """The language of the page, as the library knows it."""
    return "en" if get_language() == "en" else "nl"


def named(known: Theme | Domain) -> str:
    """The name of a theme or area of life in the language of the page."""
    return known.en if speaks() == "en" else known.nl


def label(theme: str) -> str:
    """The name of a theme; its code when it is no longer known."""
    return next((named(t) for t in taxonomy().themes if t.id == theme), theme)


def domain_label(domain: str) -> str:
    """The name of an area of life; of all of them for anything else."""
    known = next((d for d in taxonomy().domains if d.id == domain), None)
    return named(known) if known else gettext("Alle leefgebieden")


def theme_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Themes by area of life, for a list to choose from."""
    return [
        (
            named(domain),
            [(theme.id, named(theme)) for theme in taxonomy().themes if theme.domain == domain.id],
        )
        for domain in taxonomy().domains
    ]


@dataclass(frozen=True)
class Reading:
    """What a text holds: personal data with advice, and themes that it may be about."""

    spans: tuple[Span, ...]
    suggestions: tuple[Suggestion, ...]
    marked: SafeString  # the text with what should not be in it marked

    @property
    def advice(self) -> list[tuple[str, str]]:
        """What is in the way and what to write instead, once for each piece."""
        return list(dict.fromkeys((span.text, advice(span.kind)) for span in self.spans))


@lru_cache(512)
def suggest(text: str) -> tuple[Suggestion, ...]:
    """Up to three themes; none when unsure."""
    known = {theme.id for theme in taxonomy().themes}
    return tuple(s for s in classifier().suggest(text) if s.theme in known)


def read(text: str) -> Reading:
    """Look at a text, and keep nothing of it."""
    spans = redact(text, areas=area_names()).spans
    if spans and (names := names_in(text)) != area_names():
        spans = redact(text, areas=names).spans
    pieces, last = [], 0
    for span in spans:
        pieces += [escape(text[last : span.start]), f"<mark>{escape(span.text)}</mark>"]
        last = span.end
    marked = mark_safe("".join([*pieces, escape(text[last:])]))
    return Reading(spans, suggest(text) if text.strip() else (), marked)


def clean(text: str) -> str:
    """The text with placeholders for whatever personal data are in it (imports, R4)."""
    return redact(text, areas=area_names()).text


def words(text: str) -> set[str]:
    """What a text can be found by: lemmas of its words, and of the parts of compounds."""
    found: set[str] = set()
    for token in tokens(text):
        base = _base(token.word)
        if base not in STOP and len(base) > 1:
            found.add(base[:_LONGEST])
            found.update(part[:_LONGEST] for part in _inner(token.word) if part not in STOP)
    return found


#: Dictionary forms where the dictionary takes another word: jongeren are not whoever is younger.
_FORMS = {
    "jongere": "jongere", "jongeren": "jongere", "oudere": "oudere", "ouderen": "oudere", "liften": "lift",
    "gevallen": "vallen", "vallen": "vallen", "laaggeletterden": "laaggeletterd", "bejaarde": "bejaarde",
    "bejaarden": "bejaarde", "buurt": "buurt", "buurten": "buurt", "puber": "puber", "pubers": "puber",
}  # fmt: skip
_ENDINGS = ("en", "s", "e", "n")


@lru_cache(50_000)
def _base(word: str) -> str:
    """The dictionary form of a word."""
    return _FORMS.get(word) or lemma(word)


@cache
def _field() -> frozenset[str]:
    """Words of the field that a dictionary may lack: those of the taxonomy, and everyday ones."""
    keywords = (keyword for theme in taxonomy().themes for keyword in theme.keywords)
    return frozenset(token.word for keyword in keywords for token in tokens(keyword)) | frozenset(everyday())


def _exists(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="nl")) or word in _field()


@lru_cache(50_000)
def _inner(word: str) -> tuple[str, ...]:
    """The words that a compound is made of, also when only the field knows them; the longest last part."""
    known = parts(word)
    for cut in range(SHORTEST_PART, 0 if known else len(word) - SHORTEST_PART + 1):
        head, tail = word[:cut], word[cut:]
        if not _exists(tail):
            continue
        for link in LINKS:
            stem = head.removesuffix(link)
            if len(stem) >= SHORTEST_PART and head.endswith(link) and _exists(stem):
                return (_base(stem), _base(tail))
    return known


def asked(query: str) -> list[str]:
    """The lemmas of the words in a query, without those that say nothing."""
    bases = [lemma(token.word)[:_LONGEST] for token in tokens(query)]
    return list(dict.fromkeys(base for base in bases if base not in STOP and len(base) > 1))


@dataclass(frozen=True)
class Sought:
    """A word of a query: as typed, its dictionary form, words for the same, its parts, and whether it is Dutch."""

    typed: str
    word: str
    same: frozenset[str]
    parts: tuple[str, ...]
    dutch: bool


#: Words that say nothing of what a query is about; they count when there are no others.
SAYS_LITTLE = frozenset({
    "mens", "mensen", "veel", "meer", "vaak", "steeds", "weinig", "iets", "iemand", "buurt", "wijk", "geen", "niet",
    "probleem", "vraag", "zoeken", "gaan", "komen", "doen", "maken", "moeten", "weten", "goed", "over", "samen",
    "signaal",
})  # fmt: skip


def sought(query: str) -> list[Sought]:
    """The words of a query that carry meaning, each once."""
    found: dict[str, Sought] = {}
    for token in tokens(query):
        base = _base(token.word)[:_LONGEST]
        if base in STOP or token.word in STOP or len(base) < 2:
            continue
        inner = tuple(part[:_LONGEST] for part in _inner(token.word) if part != base and part not in STOP)
        same = _forms(base) | everyday().get(base, frozenset())
        found.setdefault(base, Sought(token.word, base, same, inner, dutch(token.word)))
    telling = [each for each in found.values() if each.word not in SAYS_LITTLE]
    return telling or list(found.values())


@lru_cache(20_000)
def dutch(word: str) -> bool:
    """Whether a dictionary has this word, or the words that it is made of; if not, it may be a typing error."""
    return _exists(word) or bool(_inner(word))


def _forms(base: str) -> frozenset[str]:
    """A word, and the same with a plural or verbal ending more or less, as the dictionary may have left it."""
    if base in _FORMS.values():
        return frozenset({base})
    fewer = {base.removesuffix(end) for end in _ENDINGS if len(base) - len(end) >= _SHORTEST_FORM}
    more = {base + end for end in _ENDINGS} if len(base) >= _SHORTEST_FORM else set()
    return frozenset({base} | fewer | more)


@cache
def everyday() -> dict[str, frozenset[str]]:
    """Word → all words for the same, itself included, as dictionary forms."""
    groups = yaml.safe_load((Path(__file__).parent / "everyday.yaml").read_text("utf-8"))
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        bases = frozenset(_base(normal(str(word))) for word in group)
        found |= {base: found.get(base, frozenset()) | bases for base in bases}
    return found


def routes(themes: Iterable[str]) -> list[tuple[str, str]]:
    """For every sensitive theme its name and the route to take now (R5)."""
    chosen = set(themes)
    return [(named(t), t.route) for t in taxonomy().themes if t.sensitive and t.id in chosen]


def any_sensitive(themes: Iterable[str]) -> bool:
    """Whether one of these never enters detection (R5)."""
    return bool(taxonomy().sensitive & set(themes))
