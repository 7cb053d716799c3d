"""Themes: the taxonomy, text to themes, and themes that nobody named yet."""

from __future__ import annotations

from schakel.themes.classify import Suggestion, ThemeClassifier, default_classifier
from schakel.themes.discover import ProposedTheme, discover
from schakel.themes.encoder import encoder
from schakel.themes.evaluate import evaluate
from schakel.themes.taxonomy import Domain, Taxonomy, Theme, load_taxonomy

__all__ = [
    "Domain",
    "ProposedTheme",
    "Suggestion",
    "Taxonomy",
    "Theme",
    "ThemeClassifier",
    "default_classifier",
    "discover",
    "encoder",
    "evaluate",
    "load_taxonomy",
]
