"""Up to three themes for a Dutch sentence, with a calibrated probability and the words that led to it.

One linear score per theme over hashed features, made comparable by one calibration for all themes. The model
holds weights of hashes only: no sentence, no word, and nothing about who wrote (R1, R9).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from schakel.records import SchakelError
from schakel.themes.encoder import Encoder, centred, encoder
from schakel.themes.features import GROUPS, STOP, Bag, Featurizer, keyword_hash
from schakel.themes.taxonomy import Taxonomy, load_taxonomy

Floats = npt.NDArray[np.float64]

BUCKETS: Final = 1 << 16
#: How much a feature of each group counts (`GROUPS`), found by cross-validation.
GROUP_WEIGHTS: Final = np.array([1.0, 0.7, 0.5, 0.7, 0.5])
LEAST_EXAMPLES: Final = 5  # R1: what fewer examples share is not learnt
STIFFNESS: Final = 5.0  # how firmly the model holds to what it knew when it learns
MOST_WORDS: Final = 4
KEYWORD_WEIGHT: Final = 3.0  # of a keyword, for a theme that no sentence taught
LOWEST: Final = 0.005  # scores below this say the same: not this theme
SENSITIVE_SHARE: Final = 0.7  # of the threshold, for a sensitive theme: better a route too many (R5)
SHARD: Final = 4096  # sentences at a time: bounds the memory


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme, the probability that the sentence is about it, the words that led there, and its route (R5)."""

    theme: str
    probability: float
    because: tuple[str, ...]
    route: str = ""


@dataclass(frozen=True)
class Model:
    """Weights (buckets × themes), the weight of each bucket, calibration of the scores, and when to be silent."""

    themes: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    rarity: npt.NDArray[np.float32]
    calibration: Floats
    threshold: float
    meaning: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    middle: Floats = field(default_factory=lambda: np.zeros(0))


class ThemeClassifier:
    """Suggests themes; safe to call from several threads, except `learn`."""

    def __init__(self, model: Model, taxonomy: Taxonomy, encoder: Encoder | None = None) -> None:
        """Take a model and the taxonomy it is used with; a theme new to the model is known by its keywords.

        A model that was trained with an encoder needs that encoder.
        """
        if bool(len(model.middle)) != bool(encoder):
            raise SchakelError(
                "A model and an encoder belong together: give both that were trained together."
            )
        self.taxonomy = taxonomy
        self._encoder = encoder
        self.model = _with_new_themes(model, taxonomy)
        self._featurizer = Featurizer(taxonomy)

    @classmethod
    def load(
        cls, path: Path, *, taxonomy: Taxonomy | None = None, encoder: Encoder | None = None
    ) -> ThemeClassifier:
        """Read a model that `save` wrote; `SchakelError` when the file is no such model."""
        try:
            return cls(_read(path.read_bytes()), taxonomy or load_taxonomy(), encoder)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise SchakelError(f"{path} is no theme model: {error}; expected a file made by save.") from error

    def save(self, path: Path) -> None:
        """Write the model: weights in one byte each, no words, no pickle."""
        model = self.model
        scale = np.maximum(np.abs(model.weights).max(axis=0), 1e-12) / 127
        buffer = BytesIO()
        np.savez_compressed(
            buffer,
            themes=np.array(model.themes),
            weights=np.rint(model.weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            rarity=model.rarity.astype(np.float16),
            calibration=model.calibration,
            threshold=np.array([model.threshold]),
            meaning=model.meaning.astype(np.float16),
            middle=model.middle,
        )
        path.write_bytes(buffer.getvalue())

    def suggest(self, text: str, *, at_most: int = 3) -> tuple[Suggestion, ...]:
        """Themes of one sentence, the most probable first; none when the classifier is unsure."""
        return self.suggest_many([text], at_most=at_most)[0]

    def suggest_many(self, texts: Iterable[str], *, at_most: int = 3) -> list[tuple[Suggestion, ...]]:
        """`suggest` for each text, in order."""
        every = list(texts)
        floor = least(self.model.threshold, self.model.themes, self.taxonomy)
        found: list[tuple[Suggestion, ...]] = []
        for start in range(0, len(every), SHARD):
            shard = every[start : start + SHARD]
            bags = [self._featurizer.bag(text) for text in shard]
            chances = probabilities(self._scores(shard, bags), self.model.calibration)
            found += [
                self._chosen(text, bag, row, floor, at_most)
                for text, bag, row in zip(shard, bags, chances, strict=True)
            ]
        return found

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Calibrated probabilities, texts × themes (in the order of ``model.themes``)."""
        return probabilities(self.scores(texts), self.model.calibration)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Scores before calibration, texts × themes: near 1 when a theme fits, near 0 when it does not."""
        return self._scores(texts, [self._featurizer.bag(text) for text in texts])

    def _scores(self, texts: Sequence[str], bags: Sequence[Bag]) -> Floats:
        model = self.model
        meant = self._encoder(texts) if self._encoder else np.zeros((len(texts), 0))
        return scored(design(bags, model.rarity), centred(meant, model.middle), model.weights, model.meaning)

    def _chosen(
        self, text: str, bag: Bag, chances: Floats, floor: Floats, at_most: int
    ) -> tuple[Suggestion, ...]:
        if all(token.word in STOP for token in bag.tokens):
            return ()  # little words alone say nothing
        order = np.argsort(-chances, kind="stable")[:at_most]
        return tuple(
            Suggestion(theme.id, float(chances[k]), self._because(text, bag, int(k)), theme.route)
            for k in order
            if chances[k] >= floor[k]
            for theme in [self.taxonomy.theme(self.model.themes[k])]
        )

    def _because(self, text: str, bag: Bag, theme: int) -> tuple[str, ...]:
        """The words of the text that spoke most for a theme, in the order of the text."""
        buckets = bag.hashes % BUCKETS
        given = GROUP_WEIGHTS[bag.group] * self.model.rarity[buckets] * self.model.weights[buckets, theme]
        share = np.bincount(bag.first, given, len(bag.tokens)) + np.bincount(bag.last, given, len(bag.tokens))
        best = sorted(np.argsort(-share, kind="stable")[:MOST_WORDS].tolist())
        floor = max(share.max(initial=0) / 4, 0)
        words = (text[bag.tokens[i].start : bag.tokens[i].end] for i in best if share[i] > floor)
        return tuple(dict.fromkeys(words))

    def learn(self, examples: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Learn from confirmed examples (a text and its themes); nothing of them is kept but sums of weights.

        The smallest change of the weights that fits the examples better: least squares towards the present
        weights. A feature seen in fewer than five different texts, and so every rare word or name, changes
        nothing (R1).

        Raises:
            SchakelError: for a theme that the taxonomy does not have; for a classifier with an encoder, because
                what a whole sentence means cannot be told apart from its rare words.

        """
        if self._encoder:
            raise SchakelError("A classifier with an encoder does not learn; use the one without.")
        distinct = dict(examples)
        for theme in (theme for given in distinct.values() for theme in given):
            self.taxonomy.theme(theme)
        bags = _common([self._featurizer.bag(text) for text in distinct])
        known = [i for i, bag in enumerate(bags) if len(bag.hashes)]
        if not known:
            return
        matrix = design([bags[i] for i in known], self.model.rarity)
        truth = indicator([list(distinct.values())[i] for i in known], self.model.themes)
        gram = (matrix @ matrix.T).toarray() + STIFFNESS * np.eye(len(known))
        change = matrix.T @ np.linalg.solve(gram, truth - matrix @ self.model.weights)
        self.model = replace(self.model, weights=(self.model.weights + change).astype(np.float32))


def least(threshold: float, themes: Sequence[str], taxonomy: Taxonomy) -> Floats:
    """The probability under which each theme stays unsaid; a sensitive one is said sooner, for its route (R5)."""
    return np.array(
        [threshold * (SENSITIVE_SHARE if theme in taxonomy.sensitive else 1.0) for theme in themes]
    )


def design(bags: Sequence[Bag], rarity: npt.NDArray[np.float32]) -> sparse.csr_array:
    """Features of texts as rows of length 1; a feature counts once in a text, however often it stands there."""
    hashes = np.concatenate([np.zeros(0, np.int64), *(bag.hashes for bag in bags)]) % BUCKETS
    groups = np.concatenate([np.zeros(0, np.int64), *(bag.group for bag in bags)])
    rows = np.repeat(np.arange(len(bags)), [len(bag.hashes) for bag in bags])
    cells, first = np.unique(rows * BUCKETS + hashes, return_index=True)
    rows, columns = np.divmod(cells, BUCKETS)
    values = GROUP_WEIGHTS[groups[first]] * rarity[columns]
    length = np.sqrt(np.bincount(rows, values**2, len(bags)))
    indptr = np.searchsorted(rows, np.arange(len(bags) + 1))
    return sparse.csr_array((values / length[rows], columns, indptr), shape=(len(bags), BUCKETS))


def scored(
    matrix: sparse.csr_array,
    meant: Floats,
    weights: npt.NDArray[np.float32],
    meaning: npt.NDArray[np.float32],
) -> Floats:
    """Scores of texts (texts × themes) from their features, and from what they mean when that is known."""
    words = np.asarray(matrix @ weights, dtype=np.float64)
    return words + meant @ meaning if meant.shape[1] else words


def probabilities(scores: Floats, calibration: Floats) -> Floats:
    """Scores (texts × themes) to probabilities: a logistic function of `evidence`."""
    return np.asarray(1 / (1 + np.exp(-(evidence(scores) @ calibration[:-1] + calibration[-1]))))


def evidence(scores: Floats) -> Floats:
    """What the calibration looks at, texts × themes × 3: score, its logarithm, and that of the best other theme."""
    scores = np.asarray(scores, dtype=np.float64)
    top = np.sort(scores, axis=1)[:, -2:]
    other = np.where(scores == top[:, -1:], top[:, :1], top[:, -1:])
    return np.stack([scores, np.log(np.maximum(scores, LOWEST)), np.log(np.maximum(other, LOWEST))], axis=-1)


def indicator(given: Sequence[Sequence[str]], themes: Sequence[str]) -> Floats:
    """Which themes each text has: texts × themes, 1 or 0."""
    position = {theme: k for k, theme in enumerate(themes)}
    truth = np.zeros((len(given), len(themes)))
    for i, some in enumerate(given):
        truth[i, [position[theme] for theme in some]] = 1
    return truth


def _common(bags: Sequence[Bag]) -> list[Bag]:
    """The bags without the features that fewer than `LEAST_EXAMPLES` of them have, by their whole hash."""
    seen = np.concatenate([np.zeros(0, np.int64), *(np.unique(bag.hashes) for bag in bags)])
    hashes, counts = np.unique(seen, return_counts=True)
    common = hashes[counts >= LEAST_EXAMPLES]
    kept = []
    for bag in bags:
        keep = np.isin(bag.hashes, common)
        kept.append(Bag(bag.tokens, bag.hashes[keep], bag.first[keep], bag.last[keep], bag.group[keep]))
    return kept


def _with_new_themes(model: Model, taxonomy: Taxonomy) -> Model:
    """The model with a column for each theme of the taxonomy that it was not trained on."""
    new = [theme.id for theme in taxonomy.themes if theme.id not in model.themes]
    if not new:
        return model
    columns = np.zeros((BUCKETS, len(new)), np.float32)
    for k, theme in enumerate(new):
        columns[keyword_hash(theme) % BUCKETS, k] = KEYWORD_WEIGHT
    unknown = np.zeros((len(model.middle), len(new)), np.float32)
    return replace(
        model,
        themes=(*model.themes, *new),
        weights=np.concatenate([model.weights, columns], axis=1),
        meaning=np.concatenate([model.meaning, unknown], axis=1) if len(unknown) else model.meaning,
    )


def _read(content: bytes) -> Model:
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"]
        if weights.shape != (BUCKETS, len(stored["themes"])) or len(GROUPS) != len(GROUP_WEIGHTS):
            raise ValueError(f"weights of shape {weights.shape}")
        return Model(
            tuple(str(theme) for theme in stored["themes"]),
            weights,
            stored["rarity"].astype(np.float32),
            stored["calibration"],
            float(stored["threshold"][0]),
            stored["meaning"].astype(np.float32),
            stored["middle"],
        )


@cache
def default_classifier(*, with_encoder: bool = False) -> ThemeClassifier:
    """The classifier that comes with the library; read once, so make your own to `learn`.

    With the encoder it is better and some ten times slower; `SchakelError` when that extra is not installed.
    """
    name = "model-encoder.npz" if with_encoder else "model.npz"
    content = (resources.files("schakel.themes") / "data" / name).read_bytes()
    return ThemeClassifier(_read(content), load_taxonomy(), encoder() if with_encoder else None)
