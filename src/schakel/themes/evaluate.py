"""How good the classifier and the discovery are, on sentences that they did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from schakel.themes.classify import Floats, ThemeClassifier, indicator, least, probabilities
from schakel.themes.discover import cluster, layout
from schakel.themes.encoder import Encoder
from schakel.themes.features import EVERYTHING, Recipe
from schakel.themes.taxonomy import Taxonomy, load_taxonomy
from schakel.themes.train import (
    FOLDS,
    Labelled,
    calibrate,
    cautious,
    folds,
    labelled,
    macro_f1,
    material,
    model_of,
    out_of_fold,
)

HIDDEN: Final = 10  # themes that discovery must find again
BINS: Final = 10
AT_MOST: Final = 3


def evaluate(
    *, recipe: Recipe = EVERYTHING, encoder: Encoder | None = None, seed: int = 1
) -> dict[str, float | int]:
    """Measure the classifier on the labelled sentences, by five-fold cross-validation.

    Calibration and threshold are fitted on the other folds as well, so every figure is of sentences that
    played no part in what it measures.
    """
    sentences = labelled()
    taxonomy = load_taxonomy()
    given = material(sentences, taxonomy, recipe, encoder)
    fold = folds(len(sentences), seed=seed)
    scores = out_of_fold(given, fold)
    chances = np.zeros_like(scores)
    found = np.zeros(scores.shape, dtype=bool)
    for part in range(FOLDS):
        rest, test = fold != part, fold == part
        calibration = calibrate(scores[rest], given.truth[rest])
        threshold = cautious(probabilities(scores[rest], calibration), given.truth[rest])
        chances[test] = probabilities(scores[test], calibration)
        found[test] = shown(chances[test], least(threshold, given.themes, taxonomy))
    figures = measures(chances, found, given.truth)
    return {
        "sentences": len(sentences),
        "themes": len(given.themes),
        **figures,
        "sensitive themes found": routed(found, given.truth, given.themes, taxonomy),
    }


def shown(chances: Floats, threshold: float | Floats) -> npt.NDArray[np.bool_]:
    """What would be suggested: at most three themes a sentence, none under the threshold (of each theme)."""
    rank = np.argsort(np.argsort(-chances, axis=1, kind="stable"), axis=1)
    return np.asarray((chances >= threshold) & (rank < AT_MOST))


def measures(chances: Floats, found: npt.NDArray[np.bool_], truth: Floats) -> dict[str, float]:
    """Macro-F1, micro-F1, precision, recall, coverage, and calibration over all pairs and over suggestions."""
    hits, themed = float((found * truth).sum()), truth.any(axis=1)
    order = np.argsort(-chances, axis=1, kind="stable")
    ranked = np.take_along_axis(truth, order, axis=1)[themed]
    return {
        "macro-F1": macro_f1(found, truth),
        "micro-F1": float(2 * hits / (found.sum() + truth.sum())),
        "precision of suggestions": float(hits / max(found.sum(), 1)),
        "recall": float(hits / truth.sum()),
        "coverage": float(found.any(axis=1).mean()),
        "first theme right": float(ranked[:, 0].mean()),
        "a right theme in the first three": float(ranked[:, :AT_MOST].any(axis=1).mean()),
        "calibration error (ECE)": calibration_error(chances, truth),
        "calibration error of suggestions": calibration_error(chances[found], truth[found]),
        "Brier score": float(((chances - truth) ** 2).mean()),
    }


def calibration_error(chances: Floats, truth: Floats) -> float:
    """The mean distance between probability and frequency over ten bins, weighted by their size (ECE)."""
    chances, truth = chances.ravel(), truth.ravel()
    if not len(chances):
        return 0.0
    cell = np.minimum((chances * BINS).astype(int), BINS - 1)
    gap = np.bincount(cell, chances, BINS) - np.bincount(cell, truth, BINS)
    return float(np.abs(gap).sum() / len(chances))


def held_out(classifier: ThemeClassifier, name: str = "heldout.jsonl") -> dict[str, float | int]:
    """The same measures on sentences that were put aside, for a trained classifier.

    ``heldout.jsonl`` was written to avoid the words of the others; ``plain.jsonl`` as people say things plainly;
    ``fresh.jsonl`` as shopkeepers, neighbours and relatives tell it; ``unseen.jsonl`` as a team receives them on an
    ordinary day, by a writer who saw only the names of the themes.
    """
    sentences = labelled(name)
    truth = indicator([sentence.themes for sentence in sentences], classifier.model.themes)
    chances = classifier.probabilities([sentence.text for sentence in sentences])
    found = shown(chances, least(classifier.model.threshold, classifier.model.themes, classifier.taxonomy))
    return {
        "sentences": len(sentences),
        **measures(chances, found, truth),
        "sensitive themes found": routed(found, truth, classifier.model.themes, classifier.taxonomy),
    }


def routed(found: npt.NDArray[np.bool_], truth: Floats, themes: Sequence[str], taxonomy: Taxonomy) -> float:
    """How often a sentence about a sensitive theme gets that theme, and so its route (R5)."""
    sensitive = [theme in taxonomy.sensitive for theme in themes]
    return float(found[:, sensitive][truth[:, sensitive] == 1].mean())


def discovery(*, split: int, encoder: Encoder | None = None) -> float:
    """NMI between ten themes that were hidden and the clusters in their sentences.

    The classifier is trained on a taxonomy without the hidden themes, and on sentences about none of them;
    the number of clusters is not given.
    """
    from sklearn.metrics import normalized_mutual_info_score  # noqa: PLC0415  heavy

    taxonomy, rng = load_taxonomy(), np.random.default_rng(split)
    hidden = {str(theme) for theme in rng.choice([t.id for t in taxonomy.themes], HIDDEN, replace=False)}
    sentences = labelled()
    classifier = without(taxonomy, sentences, hidden)
    about = [s for s in sentences if len(s.themes) == 1 and s.themes[0] in hidden]
    labels = cluster(layout([s.text for s in about], classifier, encoder), rng)
    return float(normalized_mutual_info_score([s.themes[0] for s in about], labels))


def without(taxonomy: Taxonomy, sentences: Sequence[Labelled], hidden: set[str]) -> ThemeClassifier:
    """A classifier that never heard of some themes (uncalibrated: it is used for its scores)."""
    smaller = replace(taxonomy, themes=tuple(theme for theme in taxonomy.themes if theme.id not in hidden))
    kept = [sentence for sentence in sentences if not hidden & set(sentence.themes)]
    given = material(kept, smaller)
    return ThemeClassifier(model_of(given, np.zeros(4), 0.5), smaller)
