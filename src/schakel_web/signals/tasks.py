"""What the library says about a text: personal data in it, themes, and words to search by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from schakel.redaction import Span, advice, redact
from schakel.themes import Suggestion, Taxonomy, ThemeClassifier, default_classifier, load_taxonomy
from schakel.themes.features import STOP, lemma, parts, tokens
from schakel.themes.taxonomy import Domain, Theme

_LONGEST = 60


@cache
def taxonomy() -> Taxonomy:
    """The themes in use: those of the library, and of the municipality."""
    extra = settings.TAXONOMY_EXTENSION
    return load_taxonomy(*([Path(extra)] if extra else []))


@cache
def classifier() -> ThemeClassifier:
    """Text to themes; loaded once for each process."""
    return default_classifier()


def named(known: Theme | Domain) -> str:
    """The name of a theme or area of life in the language of the page."""
    return known.en if get_language() == "en" else known.nl


def label(theme: str) -> str:
    """The name of a theme; its code when it is no longer known."""
    return next((named(t) for t in taxonomy().themes if t.id == theme), theme)


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
    spans = redact(text).spans
    pieces, last = [], 0
    for span in spans:
        pieces += [escape(text[last : span.start]), f"<mark>{escape(span.text)}</mark>"]
        last = span.end
    marked = mark_safe("".join([*pieces, escape(text[last:])]))
    return Reading(spans, suggest(text) if text.strip() else (), marked)


def clean(text: str) -> str:
    """The text with placeholders for whatever personal data are in it (imports, R4)."""
    return redact(text).text


def words(text: str) -> set[str]:
    """What a text can be found by: lemmas of its words, and of the parts of compounds."""
    found: set[str] = set()
    for token in tokens(text):
        base = lemma(token.word)
        if base not in STOP and len(base) > 1:
            found.add(base[:_LONGEST])
            found.update(part[:_LONGEST] for part in parts(token.word) if part not in STOP)
    return found


def asked(query: str) -> list[str]:
    """The lemmas of the words in a query, without those that say nothing."""
    bases = [lemma(token.word)[:_LONGEST] for token in tokens(query)]
    return list(dict.fromkeys(base for base in bases if base not in STOP and len(base) > 1))


def routes(themes: Iterable[str]) -> list[tuple[str, str]]:
    """For every sensitive theme its name and the route to take now (R5)."""
    return [(named(t), t.route) for t in taxonomy().themes if t.sensitive and t.id in set(themes)]


def any_sensitive(themes: Iterable[str]) -> bool:
    """Whether one of these never enters detection (R5)."""
    return bool(taxonomy().sensitive & set(themes))
