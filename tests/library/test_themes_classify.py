"""Themes of sentences: found, explained, unsure when it should be, and learnt without keeping anybody's words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.records import SchakelError
from schakel.themes import Taxonomy, Theme, ThemeClassifier, default_classifier, load_taxonomy
from schakel.themes.classify import BUCKETS, least, probabilities
from schakel.themes.evaluate import calibration_error, held_out, measures, shown
from schakel.themes.features import lemma, normal, parts, sound, tokens
from schakel.themes.train import Labelled, labelled, macro_f1, train


@pytest.fixture
def classifier() -> ThemeClassifier:
    """One of its own, that a test may teach."""
    return ThemeClassifier(default_classifier().model, load_taxonomy())


@pytest.mark.parametrize(
    ("sentence", "theme", "word"),
    [
        ("Er komt een deurwaarder want ik heb schulden.", "schulden", "schulden"),
        ("Mijn energierekening is zo hoog, de verwarming blijft uit.", "energie_kosten", "energierekening"),
        ("Ze wil Nederlands leren en zoekt een taalmaatje.", "taal_leren", "Nederlands"),
        ("Ik voel me zo eenzaam, er komt nooit iemand langs.", "eenzaamheid", "eenzaam"),
    ],
)
def test_a_plain_sentence_gets_its_theme_and_the_word_as_it_stands(
    sentence: str, theme: str, word: str
) -> None:
    best = default_classifier().suggest(sentence)[0]
    assert best.theme == theme
    assert word in best.because


@pytest.mark.parametrize("sentence", ["", "   ", "!?", "de het een", "[naam]", "qwxz vbnmk"])
def test_a_sentence_that_says_nothing_gets_no_theme(sentence: str) -> None:
    assert default_classifier().suggest(sentence) == ()


def test_a_sensitive_theme_brings_its_route() -> None:
    """R5."""
    found = default_classifier().suggest("Hij zegt dat hij niet meer wil leven, gedachten aan zelfmoord.")
    assert found[0].theme == "crisis_suicide"
    assert "113" in found[0].route
    assert default_classifier().suggest("Ik heb schulden bij de deurwaarder.")[0].route == ""


MODEL = default_classifier().model
FLOOR = dict(zip(MODEL.themes, least(MODEL.threshold, MODEL.themes, load_taxonomy()), strict=True))


def test_a_sensitive_theme_is_said_sooner_than_another_so_that_its_route_is_seen() -> None:
    """R5."""
    assert all((FLOOR[theme.id] < MODEL.threshold) == theme.sensitive for theme in load_taxonomy().themes)
    assert held_out(default_classifier(), "plain.jsonl")["sensitive themes found"] > 0.8


@pytest.mark.parametrize(
    ("denied", "theme"),
    [
        ("Ik heb geen last van eenzaamheid.", "eenzaamheid"),
        ("Mevrouw heeft gelukkig geen schulden.", "schulden"),
        ("Geen problemen met de buren.", "samenwonen_buren"),
    ],
)
def test_what_is_denied_is_no_theme_and_what_follows_a_but_is(denied: str, theme: str) -> None:
    classifier = default_classifier()
    assert theme not in {one.theme for one in classifier.suggest(denied)}
    turned = f"{denied[:-1]}, maar ik ben laatst gevallen en nu bang om te vallen."
    found = classifier.suggest(turned)
    assert found[0].theme == "vallen"
    assert theme not in {one.theme for one in found}


@pytest.mark.parametrize(
    ("denied", "theme"),
    [
        ("Hij denkt gelukkig niet meer aan zelfmoord.", "crisis_suicide"),
        ("Zij wordt gelukkig niet meer geslagen door haar man.", "veiligheid_thuis"),
    ],
)
def test_a_sensitive_theme_that_is_denied_shows_its_route_all_the_same_r5(denied: str, theme: str) -> None:
    found = {one.theme: one.route for one in default_classifier().suggest(denied)}
    assert "112" in found[theme]


@given(st.lists(st.text(max_size=60) | st.sampled_from(labelled()).map(lambda one: one.text), max_size=5))
@settings(max_examples=60, deadline=None)
def test_suggestions_are_at_most_three_in_order_and_speak_of_words_in_the_text(texts: list[str]) -> None:
    every = default_classifier().suggest_many(texts)
    assert len(every) == len(texts)
    for text, found in zip(texts, every, strict=True):
        chances = [one.probability for one in found]
        assert len(found) <= 3
        assert chances == sorted(chances, reverse=True)
        assert all(FLOOR[one.theme] <= one.probability <= 1 for one in found)
        assert all(word in text for one in found for word in one.because)


def test_a_sentence_alone_and_among_others_gets_the_same_themes() -> None:
    texts = [sentence.text for sentence in labelled()[::50]]
    together = default_classifier().suggest_many(texts)
    for text, found in zip(texts, together, strict=True):
        alone = default_classifier().suggest(text)
        assert [one.theme for one in alone] == [one.theme for one in found]
        assert np.allclose([one.probability for one in alone], [one.probability for one in found])


def test_training_again_gives_the_model_that_is_shipped() -> None:
    again = ThemeClassifier(train(labelled(), load_taxonomy()), load_taxonomy())
    texts = [sentence.text for sentence in labelled()]
    assert np.abs(again.probabilities(texts) - default_classifier().probabilities(texts)).max() < 0.05
    assert again.model.threshold == pytest.approx(default_classifier().model.threshold, abs=0.03)


def test_sentences_put_aside_are_recognised_far_above_chance() -> None:
    """Chance is 1 in 20 for a theme in the first three; these sentences avoid the words of the others."""
    assert held_out(default_classifier())["a right theme in the first three"] > 0.45


def test_what_was_saved_predicts_the_same(tmp_path: Path) -> None:
    texts = [sentence.text for sentence in labelled()[::20]]
    default_classifier().save(tmp_path / "again.npz")
    again = ThemeClassifier.load(tmp_path / "again.npz")
    assert np.allclose(again.probabilities(texts), default_classifier().probabilities(texts), atol=1e-3)


def test_the_model_holds_no_words_but_the_names_of_themes(tmp_path: Path) -> None:
    """R1, R4."""
    default_classifier().save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as stored:
        text = [name for name in stored.files if stored[name].dtype.kind not in "iuf"]
        assert text == ["themes"]
        assert stored["weights"].shape == (BUCKETS, 60)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 nothing"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.npz").write_bytes(content)
    with pytest.raises(SchakelError, match=r"broken\.npz is no theme model"):
        ThemeClassifier.load(tmp_path / "broken.npz")


def test_a_model_and_an_encoder_belong_together() -> None:
    with pytest.raises(SchakelError, match="belong together"):
        ThemeClassifier(default_classifier().model, load_taxonomy(), lambda texts: np.zeros((len(texts), 3)))


def test_a_theme_of_the_municipality_is_known_by_its_keywords() -> None:
    ours = Theme("gaswinning", "Gaswinning", "Gas", "geld", keywords=("scheuren in de muur", "gaswinning"))
    shipped = load_taxonomy()
    taxonomy = Taxonomy("1", shipped.domains, (*shipped.themes, ours))
    found = ThemeClassifier(default_classifier().model, taxonomy).suggest("Schade door de gaswinning.")
    assert found[0].theme == "gaswinning"
    assert "gaswinning" in found[0].because


CONFIRMED = [
    f"Het gaat {way} over de snorfiets {where}."
    for way in ("weer", "vaak", "altijd", "soms")
    for where in ("buiten", "hier", "daar")
]


def test_confirmed_examples_make_a_theme_more_probable(classifier: ThemeClassifier) -> None:
    theme, text, column = classifier.model.themes[0], "Weer zo'n snorfiets.", 0
    before = classifier.probabilities([text])[0, column]
    classifier.learn([(sentence, [theme]) for sentence in CONFIRMED])
    assert classifier.probabilities([text])[0, column] > before
    assert default_classifier().probabilities([text])[0, column] == before, "the shipped one did not learn"


@given(name=st.from_regex(r"[qxj]{4,12}", fullmatch=True), index=st.integers(0, len(CONFIRMED) - 1))
@settings(max_examples=10, deadline=None)
def test_what_one_example_says_alone_changes_nothing(name: str, index: int) -> None:
    """R1: a rare word (a name, say) leaves no trace; the model is the same to the last bit."""
    models = []
    for some in (CONFIRMED, [*CONFIRMED[:index], f"{CONFIRMED[index]} {name}", *CONFIRMED[index + 1 :]]):
        one = ThemeClassifier(default_classifier().model, load_taxonomy())
        one.learn([(sentence, ["eenzaamheid"]) for sentence in some])
        models.append(one.model.weights)
    assert np.array_equal(models[0], models[1])
    assert not np.array_equal(models[0], default_classifier().model.weights)


def test_four_examples_or_one_repeated_teach_nothing(classifier: ThemeClassifier) -> None:
    """R1."""
    before = classifier.model.weights.copy()
    classifier.learn([(sentence, ["eenzaamheid"]) for sentence in CONFIRMED[:4]])
    classifier.learn([(CONFIRMED[0], ["eenzaamheid"])] * 50)
    assert np.array_equal(classifier.model.weights, before)


def test_an_example_of_an_unknown_theme_is_refused(classifier: ThemeClassifier) -> None:
    with pytest.raises(SchakelError, match="no theme 'tuinkabouters'"):
        classifier.learn([("Een zin.", ["tuinkabouters"])])


@pytest.mark.parametrize(
    ("word", "made_of"),
    [
        ("huurachterstand", ("huur", "achterstand")),
        ("energierekening", ("energie", "rekening")),
        ("fiets", ()),
    ],
)
def test_a_compound_falls_apart_into_known_words(word: str, made_of: tuple[str, ...]) -> None:
    assert parts(word) == tuple(lemma(part) for part in made_of)


def test_spelling_variants_meet() -> None:
    assert sound("contakt") == sound("kontact")
    assert sound("wijk") == sound("weik")
    assert normal("Zóóó") == "zoo"
    assert normal("mn") == "mijn"
    assert lemma("huizen") == "huis"


def test_a_placeholder_is_one_word_and_a_smiley_none() -> None:
    assert [token.word for token in tokens("[naam] belt 🙈 weer")] == ["[naam]", "belt", "weer"]


def test_calibration_error_is_zero_for_an_oracle_and_one_for_its_opposite() -> None:
    truth = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert calibration_error(truth, truth) == 0
    assert calibration_error(1 - truth, truth) == 1


def test_macro_f1_counts_a_rare_theme_as_much_as_a_common_one() -> None:
    truth = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=float)
    found = np.array([[1, 0], [1, 0], [1, 0], [0, 0]], dtype=bool)
    assert macro_f1(found, truth) == 0.5


def test_a_perfect_classifier_has_perfect_measures() -> None:
    truth = np.eye(5)
    figures = measures(truth, shown(truth, 0.5), truth)
    assert figures["macro-F1"] == figures["coverage"] == figures["first theme right"] == 1
    assert figures["Brier score"] == 0


def test_a_higher_score_is_never_less_probable() -> None:
    model = default_classifier().model
    scores = np.zeros((50, 60))
    scores[:, 0] = np.linspace(-0.2, 1.2, 50)
    assert (np.diff(probabilities(scores, model.calibration)[:, 0]) >= -1e-12).all()


def test_the_threshold_is_what_makes_it_silent(classifier: ThemeClassifier) -> None:
    text = "Er komt een deurwaarder want ik heb schulden."
    classifier.model = replace(classifier.model, threshold=1.1)
    assert classifier.suggest(text) == ()


def test_labelled_sentences_are_read_with_their_themes() -> None:
    assert labelled()[0] == Labelled(labelled()[0].text, ("rondkomen",))
