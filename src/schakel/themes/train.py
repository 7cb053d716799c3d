"""Train the theme classifier on labelled sentences, and calibrate it by cross-validation.

Regularised least squares, one score per theme, in the space of the sentences (there are far fewer sentences than
features), by conjugate gradients. The keywords of the taxonomy are weak examples beside the sentences.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from schakel.themes.classify import (
    BUCKETS,
    Floats,
    Model,
    design,
    evidence,
    indicator,
    probabilities,
    scored,
)
from schakel.themes.encoder import ENCODER_WEIGHT, Encoder, centred
from schakel.themes.features import EVERYTHING, Bag, Featurizer, Recipe
from schakel.themes.taxonomy import Taxonomy

RIDGE: Final = 0.5  # penalty on the weights, found by cross-validation
TOLERANCE: Final = 1e-5  # of the solution: far under what is left when the weights are stored
KEYWORD_SHARE: Final = 0.4  # how much a keyword counts as an example, found by cross-validation
FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and the themes that a reader gives it."""

    text: str
    themes: tuple[str, ...]


def labelled(name: str = "sentences.jsonl") -> tuple[Labelled, ...]:
    """The labelled sentences of the library."""
    text = (resources.files("schakel.themes") / "data" / name).read_text(encoding="utf-8")
    rows = (json.loads(line) for line in text.splitlines())
    return tuple(Labelled(row["text"], tuple(row["themes"])) for row in rows)


@dataclass(frozen=True)
class Material:
    """Sentences ready to train on: bags of features, truth (sentences × themes), and those of the keywords."""

    themes: tuple[str, ...]
    bags: list[Bag]
    truth: Floats
    keyword_bags: list[Bag]
    keyword_truth: Floats
    meaning: Floats  # sentences × dimensions of the encoder; no dimensions without one
    keyword_meaning: Floats


def material(
    sentences: Sequence[Labelled],
    taxonomy: Taxonomy,
    recipe: Recipe = EVERYTHING,
    encoder: Encoder | None = None,
) -> Material:
    """Bags of the sentences and of the keywords; a keyword does not get the feature that says it is one."""
    themes = tuple(theme.id for theme in taxonomy.themes)
    featurizer = Featurizer(taxonomy, recipe)
    plain = Featurizer(Taxonomy("", (), ()), recipe)
    pairs = [(word, theme.id) for theme in taxonomy.themes for word in theme.vocabulary if recipe.keywords]
    encode = encoder or (lambda texts: np.zeros((len(texts), 0)))
    texts, words = [sentence.text for sentence in sentences], [word for word, _ in pairs]
    return Material(
        themes,
        [featurizer.bag(text) for text in texts],
        indicator([sentence.themes for sentence in sentences], themes),
        [plain.bag(word) for word in words],
        indicator([(theme,) for _, theme in pairs], themes),
        encode(texts),
        encode(words) if words else encode(texts)[:0],
    )


def rarity(bags: Sequence[Bag]) -> npt.NDArray[np.float32]:
    """ln((1+n)/(1+d)) + 1 for each bucket, d of n texts having a feature in it."""
    seen = np.concatenate([np.unique(bag.hashes % BUCKETS) for bag in bags])
    count = np.bincount(seen, minlength=BUCKETS)
    return (np.log((1 + len(bags)) / (1 + count)) + 1).astype(np.float32)


@dataclass(frozen=True)
class Fitted:
    """Weights of the buckets and of the encoder (× themes), rarity, and the middle of the encoder's space."""

    weights: npt.NDArray[np.float32]
    rarity: npt.NDArray[np.float32]
    meaning: npt.NDArray[np.float32]
    middle: Floats

    def scores(self, bags: Sequence[Bag], meaning: Floats) -> Floats:
        """Scores of texts: texts × themes."""
        return scored(design(bags, self.rarity), centred(meaning, self.middle), self.weights, self.meaning)


def fit(given: Material, rows: npt.NDArray[np.int64]) -> Fitted:
    """Least squares from some of the sentences and all keywords."""
    bags = [given.bags[i] for i in rows]
    rare, middle = rarity(bags), given.meaning[rows].mean(axis=0)
    share = np.concatenate([np.ones(len(rows)), np.full(len(given.keyword_bags), KEYWORD_SHARE)])
    root = np.sqrt(share)[:, None]
    said = sparse.vstack([design(bags, rare), design(given.keyword_bags, rare)]).multiply(root).tocsr()
    meant = np.vstack([given.meaning[rows], given.keyword_meaning])
    meant = np.sqrt(ENCODER_WEIGHT) * centred(meant, middle) * root
    truth = np.vstack([given.truth[rows], given.keyword_truth]) * root
    back = said.T.tocsr()

    def gram(flat: Floats) -> Floats:
        towards = flat.reshape(truth.shape)
        found: Floats = said @ (back @ towards) + meant @ (meant.T @ towards) + RIDGE * towards
        return found.ravel()

    everything = LinearOperator((truth.size, truth.size), matvec=gram)  # all themes at once
    dual = cg(everything, truth.ravel(), rtol=TOLERANCE)[0].reshape(truth.shape)
    return Fitted(
        (back @ dual).astype(np.float32),
        rare,
        (np.sqrt(ENCODER_WEIGHT) * meant.T @ dual).astype(np.float32),
        middle,
    )


def folds(count: int, *, seed: int, parts: int = FOLDS) -> npt.NDArray[np.int64]:
    """The fold of each sentence: equal parts, at random."""
    return np.random.default_rng(seed).permutation(np.arange(count) % parts)


def out_of_fold(given: Material, fold: npt.NDArray[np.int64]) -> Floats:
    """Scores (sentences × themes), each from a model that did not see the sentence."""
    scores = np.zeros(given.truth.shape)
    for part in range(int(fold.max()) + 1):
        test = np.flatnonzero(fold == part)
        fitted = fit(given, np.flatnonzero(fold != part))
        scores[test] = fitted.scores([given.bags[i] for i in test], given.meaning[test])
    return scores


def calibrate(scores: Floats, truth: Floats) -> Floats:
    """The logistic regression of truth on `evidence`, one for all themes together (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  heavy, and only for training

    looks = evidence(scores)
    found = LogisticRegression(C=1e4).fit(looks.reshape(-1, looks.shape[-1]), truth.ravel())
    return np.append(found.coef_[0], found.intercept_[0])


def cautious(chances: Floats, truth: Floats) -> float:
    """The probability under which to be silent: the one with the highest macro-F1."""
    steps = np.arange(0.05, 0.7, 0.01)
    return float(steps[np.argmax([macro_f1(chances >= step, truth) for step in steps])])


def macro_f1(found: npt.NDArray[np.bool_], truth: Floats) -> float:
    """The mean over the themes of 2·hits / (found + true); 0 for a theme never found."""
    hits = (found * truth).sum(axis=0)
    return float(np.mean(2 * hits / np.maximum(found.sum(axis=0) + truth.sum(axis=0), 1)))


def train(
    sentences: Sequence[Labelled], taxonomy: Taxonomy, *, seed: int = 1, encoder: Encoder | None = None
) -> Model:
    """The model of these sentences; the same seed gives the same model."""
    given = material(sentences, taxonomy, encoder=encoder)
    scores = out_of_fold(given, folds(len(sentences), seed=seed))
    calibration = calibrate(scores, given.truth)
    threshold = cautious(probabilities(scores, calibration), given.truth)
    return model_of(given, calibration, threshold)


def model_of(given: Material, calibration: Floats, threshold: float) -> Model:
    """The model of all sentences, with a calibration and a threshold found before."""
    fitted = fit(given, np.arange(len(given.bags)))
    return Model(
        given.themes,
        fitted.weights,
        fitted.rarity,
        calibration,
        threshold,
        meaning=fitted.meaning,
        middle=fitted.middle,
    )
