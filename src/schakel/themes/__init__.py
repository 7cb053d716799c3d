"""Themes: the taxonomy, text to themes, and themes that nobody named yet."""

from __future__ import annotations

from schakel.themes.taxonomy import Domain, Taxonomy, Theme, load_taxonomy

__all__ = ["Domain", "Taxonomy", "Theme", "load_taxonomy"]
