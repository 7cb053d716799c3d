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


def test_themes_and_sensitivity_are_those_of_the_taxonomy(taxonomy: dict[str, bool]) -> None:
    assert {rate.theme: rate.sensitive for rate in rates()} == taxonomy


@pytest.fixture(scope="session")
def taxonomy() -> dict[str, bool]:
    """Sensitive or not, per theme of the library's own taxonomy (R5)."""
    found = yaml.safe_load((files("schakel") / "themes" / "data" / "taxonomy.yaml").read_text("utf-8"))
    themes = [theme for domain in found["leefgebieden"] for theme in domain["themas"]]
    return {theme["id"]: bool(theme.get("gevoelig")) for theme in themes}


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
    one = {sentence for voice in grammar().situations["vallen"].values() for sentence in voice}
    starts = {re.split(r"[\[{]", sentence)[0] for sentence in one} - {""}
    for text in said([["eenzaamheid", "vallen"]] * 50):
        after = re.split("|".join(map(re.escape, grammar().links)), text)
        assert len(after) == 2
        assert any(after[1].strip().startswith(start) for start in starts) or any(
            sentence.startswith("[") for sentence in one
        )


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
