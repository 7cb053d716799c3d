"""What is said in a made-up municipality: Dutch for every theme, and personal data to redact in the planned share."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np
import pytest
import yaml
from stdnum import iban
from stdnum.nl import bsn

from schakel.synthetic.content import rates
from schakel.synthetic.grammar import grammar, tell
from schakel.synthetic.identity import MAKERS, identity
from schakel.synthetic.signals import SOURCES

THEMES = [rate.theme for rate in rates()]


def said(themes: list[list[str]], *, seed: int = 1, personal: float = 0.0) -> list[str]:
    number = len(themes)
    told = tell(
        np.random.default_rng(seed),
        themes=themes,
        sources=[SOURCES[index % 7] for index in range(number)],
        places=["Lindenbuurt"] * number,
        personal=personal,
    )
    return [text.text for text in told]


def test_there_are_situations_in_two_voices_for_all_sixty_themes() -> None:
    assert len(THEMES) == 60
    assert list(grammar().situations) == THEMES
    for voices in grammar().situations.values():
        assert set(voices) == {"resident", "professional"}
        assert all(voices.values())
    assert set(SOURCES) < set(grammar().openings)


@pytest.fixture(scope="session")
def taxonomy() -> dict[str, dict[str, object]]:
    """The themes of the library's own taxonomy by id."""
    found = yaml.safe_load((files("schakel") / "themes" / "data" / "taxonomy.yaml").read_text("utf-8"))
    return {theme["id"]: theme for domain in found["domains"] for theme in domain["themes"]}


def test_themes_and_sensitivity_are_those_of_the_taxonomy(taxonomy: dict[str, dict[str, object]]) -> None:
    """R5: what is sensitive there is rare and never planted here."""
    assert list(taxonomy) == THEMES
    assert {rate.theme for rate in rates() if rate.sensitive} == {
        theme for theme, known in taxonomy.items() if known.get("sensitive")
    }


def test_sentences_do_not_always_use_the_words_of_the_taxonomy(
    taxonomy: dict[str, dict[str, object]],
) -> None:
    without = []
    for theme, known in taxonomy.items():
        words = [str(word) for word in known["keywords"]]  # type: ignore[attr-defined]
        without += [not any(word in text.lower() for word in words) for text in said([[theme]] * 100)]
    assert 0.4 < np.mean(without) < 0.9


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_many_well_formed_sentences(theme: str) -> None:
    texts = said([[theme]] * 400)
    assert len(set(texts)) > 150
    for text in texts:
        assert not re.search(r"[\[\]{}|]|  | [.,;:?!]|\.\.", text), text
        assert text[0].isupper()
        assert text[-1] in ".?!\u201d"
        assert text.count("\u201c") == text.count("\u201d")
        assert 20 < len(text) < 500


def test_thousands_of_sentences_differ() -> None:
    assert len(set(said([[theme] for theme in THEMES] * 100))) > 5000


def test_a_signal_with_two_themes_says_both() -> None:
    for text in said([["eenzaamheid", "vallen"]] * 50):
        before, after = re.split("|".join(map(re.escape, grammar().links)), text)
        assert says("eenzaamheid").search(before)
        assert says("vallen").search(after)


def says(theme: str) -> re.Pattern[str]:
    """Any situation of a theme with any choice made, as one pattern; choices are not nested in situations."""
    sentences = [sentence for voice in grammar().situations[theme].values() for sentence in voice]
    return re.compile(
        "|".join("".join(map(_piece, re.split(r"(\[.*?\]|{place})", one))) for one in sentences)
    )


def _piece(piece: str) -> str:
    if piece.startswith("["):
        return f"(?:{'|'.join(map(re.escape, piece[1:-1].split('|')))})"
    return ".+" if piece == "{place}" else re.escape(piece)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_the_planned_share_of_texts_holds_personal_data(share: float) -> None:
    """R4: what the truth says is in the text, and nothing is in the others."""
    told = tell(
        np.random.default_rng(4),
        themes=[["eenzaamheid"]] * 2000,
        sources=["street"] * 2000,
        places=["Lindenbuurt"] * 2000,
        personal=share,
    )
    holding = [text for text in told if text.personal]
    assert len(holding) / 2000 == pytest.approx(share, abs=0.03)
    assert all(value in text.text for text in holding for _, value in text.personal)
    assert not any(re.search(r"\d{4}|@", text.text) for text in told if not text.personal)


def test_personal_data_look_valid_and_every_kind_occurs() -> None:
    rng = np.random.default_rng(3)
    found = [pair for _ in range(3000) for pair in identity(rng)[1]]
    assert {kind for kind, _ in found} == set(MAKERS)
    numbers = [value for kind, value in found if kind == "bsn"]
    accounts = [value for kind, value in found if kind == "iban"]
    assert all(bsn.is_valid(value) and value.startswith("9999") for value in numbers)
    assert all(iban.is_valid(value) for value in accounts)
    assert all(value.split("@")[1].startswith("example.") for kind, value in found if kind == "email")


def test_the_same_generator_state_tells_the_same() -> None:
    themes = [[theme] for theme in THEMES]
    assert said(themes, seed=5, personal=0.3) == said(themes, seed=5, personal=0.3)
    assert said(themes, seed=5) != said(themes, seed=6)
