"""The taxonomy: a municipality may add and rename, never make a sensitive theme ordinary (S035, R5, R22)."""

from __future__ import annotations

from pathlib import Path

import pytest

from schakel.records import SchakelError
from schakel.themes import load_taxonomy


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_library_has_twelve_domains_and_sixty_themes_each_in_a_domain() -> None:
    taxonomy = load_taxonomy()
    assert (len(taxonomy.domains), len(taxonomy.themes)) == (12, 60)
    assert {theme.domain for theme in taxonomy.themes} == {domain.id for domain in taxonomy.domains}
    assert taxonomy.version == "1.0"


def test_every_sensitive_theme_says_what_to_do_now() -> None:
    """R5."""
    taxonomy = load_taxonomy()
    assert taxonomy.sensitive == {
        "crisis_suicide",
        "dreigend_woonverlies",
        "terugkeer_detentie",
        "veiligheid_thuis",
    }
    assert all(taxonomy.theme(theme).route for theme in taxonomy.sensitive)


def test_a_municipality_adds_a_theme_renames_one_and_adds_keywords(tmp_path: Path) -> None:
    extra = written(
        tmp_path,
        """
domains:
- id: geld
  nl: Geld
  themes:
  - {id: rondkomen, nl: Het einde van de maand halen, keywords: [portemonnee leeg]}
  - {id: gaswinning, nl: Schade door gaswinning, keywords: [scheuren in de muur]}
""",
    )
    ours = load_taxonomy(extra)
    assert ours.theme("rondkomen").nl == "Het einde van de maand halen"
    assert set(load_taxonomy().theme("rondkomen").keywords) < set(ours.theme("rondkomen").keywords)
    assert ours.theme("gaswinning").domain == "geld"
    assert len(ours.themes) == 61
    assert len(load_taxonomy().themes) == 60, "the library's own taxonomy stays as it was"


def test_an_unknown_theme_is_named() -> None:
    with pytest.raises(SchakelError, match="no theme 'tuinkabouters'"):
        load_taxonomy().theme("tuinkabouters")


THEME = "domains: [{id: geld, themes: [%s]}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (THEME % "{id: rondkomen, kleur: rood}", r"theme 'rondkomen', field 'kleur': unknown"),
        (THEME % "{id: rondkomen}, {id: rondkomen}", r"'rondkomen', field 'id': given twice"),
        (THEME % "{id: eenzaamheid}", r"theme 'eenzaamheid', field 'id': already a theme of"),
        (THEME % "{id: wonen_nieuw}", r"theme 'wonen_nieuw', field 'nl': missing"),
        (THEME % "{id: rondkomen, nl: ''}", r"theme 'rondkomen', field 'nl'"),
        (THEME % "{id: rondkomen, collective: soms}", r"field 'collective': 'soms'"),
        (THEME % "{id: rondkomen, keywords: geld}", r"field 'keywords': 'geld'; expected a list"),
        (THEME % "{id: rondkomen, sensitive: misschien}", r"field 'sensitive': 'misschien'"),
        (THEME % "{id: rondkomen, sensitive: true}", r"theme 'rondkomen', field 'route'"),
        (THEME % "{nl: Zonder naam}", r"field 'id': expected every entry"),
        ("domains: [{id: geld, kleur: rood}]", r"domain 'geld', field 'kleur': unknown"),
        ("themes: []", r"expected a list 'domains'"),
        ("domains: []\nextra: 1", r"unknown field 'extra'"),
        ("domains: [", r"no valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_file_theme_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SchakelError, match=said) as caught:
        load_taxonomy(written(tmp_path, text))
    assert "ours.yaml" in str(caught.value)


@pytest.mark.parametrize("theme", sorted(load_taxonomy().sensitive))
def test_a_sensitive_theme_cannot_become_an_ordinary_one(tmp_path: Path, theme: str) -> None:
    """R5, R22."""
    domain = load_taxonomy().theme(theme).domain
    extra = written(tmp_path, f"domains: [{{id: {domain}, themes: [{{id: {theme}, sensitive: false}}]}}]")
    with pytest.raises(SchakelError, match=rf"ours.yaml, theme '{theme}', field 'sensitive'.*R22"):
        load_taxonomy(extra)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchakelError, match=r"nowhere\.yaml cannot be read"):
        load_taxonomy(tmp_path / "nowhere.yaml")
