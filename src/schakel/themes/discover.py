"""Themes that nobody named yet, in signals that the taxonomy fits poorly.

Sentences that the classifier is unsure about are laid out by how they score on the known themes (two sentences on
the same new subject resemble the same known subjects, also when they share no word) and by the words that they
share among themselves. With an encoder, by what they mean as well. They are clustered by k-means; a cluster is
proposed when it returns in random parts of the sentences (Hennig 2007, doi:10.1016/j.csda.2006.11.025) and is about
at least five people (R6). A professional names and decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from schakel.records import SchakelError
from schakel.themes.classify import ThemeClassifier
from schakel.themes.encoder import Encoder, centred
from schakel.themes.features import STOP, lemma, tokens

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_PEOPLE: Final = 5  # R6
UNSURE: Final = 0.6  # a sentence whose best theme is less probable may well be about something else
LEAST_STABILITY: Final = 0.5
ROUNDS: Final = 20  # subsamples
PART: Final = 0.8  # of the sentences in a subsample
MOST_CLUSTERS: Final = 24
SILHOUETTE_SENTENCES: Final = 2000
WORDS: Final = 8
DIRECTIONS: Final = 20  # of the words that texts share among themselves


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A cluster of signals: a name, its words, indices of the signals, how many people, and how stable (0–1)."""

    name: str
    words: tuple[str, ...]
    signals: tuple[int, ...]
    people: int
    stability: float

    def as_dict(self) -> dict[str, Any]:
        """The proposal for the taxonomy: ``id``, ``nl`` and ``keywords`` as a theme has them, and its evidence."""
        return {
            "id": re.sub(r"[^a-z0-9]+", "_", "_".join(self.words[:3])).strip("_"),
            "nl": self.name,
            "keywords": list(self.words),
            "people": self.people,
            "signals": list(self.signals),
            "stability": round(self.stability, 3),
        }


def discover(
    sentences: Sequence[str],
    *,
    people: Sequence[int],
    classifier: ThemeClassifier,
    seed: int,
    least_people: int = LEAST_PEOPLE,
    encoder: Encoder | None = None,
) -> tuple[ProposedTheme, ...]:
    """Themes in the sentences that no known theme fits, most people first; the same seed gives the same.

    ``people`` (one for each sentence) is how many a signal is about. Words that fewer than ``least_people``
    people share are never part of a name. Sentences must have been redacted (R4).

    Raises:
        SchakelError: when there are not as many counts as sentences, or ``least_people`` is below 3 (R6).

    """
    if len(people) != len(sentences):
        raise SchakelError(
            f"{len(people)} counts of people for {len(sentences)} sentences; expected as many."
        )
    if least_people < 3:
        raise SchakelError(
            f"At least {least_people} people is too few for a proposal; expected 3 or more (R6)."
        )
    if not sentences:
        return ()
    counts = np.asarray(people, dtype=np.int64)
    surest = classifier.probabilities(sentences).max(axis=1, initial=0)
    unsure = np.flatnonzero(surest < max(UNSURE, classifier.model.threshold))
    texts = [sentences[i] for i in unsure.tolist()]
    if counts[unsure].sum() < least_people or len(set(texts)) < 3:
        return ()
    places = layout(texts, classifier, encoder)
    rng = np.random.default_rng(seed)
    labels = cluster(places, rng)
    stable = stability(places, labels, rng)
    found = []
    for k in np.flatnonzero(stable >= LEAST_STABILITY).tolist():
        inside = labels == k
        total = int(counts[unsure][inside].sum())
        words = _characteristic(texts, counts[unsure], inside, least_people)
        if total >= least_people and words:
            signals = tuple(unsure[inside].tolist())
            found.append(ProposedTheme(", ".join(words[:3]), words, signals, total, float(stable[k])))
    return tuple(sorted(found, key=lambda one: (-one.people, one.signals)))


def layout(texts: Sequence[str], classifier: ThemeClassifier, encoder: Encoder | None = None) -> Floats:
    """Where each text lies (n × d): its scores on the known themes, its words, and its meaning with an encoder."""
    scores = classifier.scores(texts)
    places = [centred(scores, scores.mean(axis=0)), _own_words(texts)]
    if encoder:
        meaning = encoder(texts)
        places.append(centred(meaning, meaning.mean(axis=0)))
    return np.hstack(places)


def _words(text: str) -> set[str]:
    """The lemmas of a text that say something."""
    return {lemma(token.word) for token in tokens(text)} - STOP


def _own_words(texts: Sequence[str]) -> Floats:
    """(n, d) unit rows: the words that these texts share among themselves, the rarer the heavier, in few directions.

    Latent semantic analysis (Deerwester e.a. 1990, doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9).
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  heavy
    from scipy.sparse.linalg import svds  # noqa: PLC0415  heavy

    said = [_words(text) for text in texts]
    often = Counter(word for words in said for word in words)
    place = {word: i for i, word in enumerate(sorted(word for word, n in often.items() if n > 1))}
    cells = [(row, place[word]) for row, words in enumerate(said) for word in sorted(words) if word in place]
    rank = min(DIRECTIONS, len(texts) - 1, len(place) - 1)
    if rank < 1:
        return np.zeros((len(texts), 0))
    row, column = np.array(cells).T
    weight = np.log(len(texts) / np.array([often[word] for word in place]))
    table = csr_array((weight[column], (row, column)), (len(texts), len(place)))
    left, size, _right = svds(table, rank, v0=np.ones(min(table.shape)))
    directions = left * size
    length = np.linalg.norm(directions, axis=1, keepdims=True)
    return np.asarray(directions / np.where(length > 1e-12, length, 1.0))


def cluster(places: Floats, rng: np.random.Generator, count: int | None = None) -> Ints:
    """The cluster of each row, by k-means; as many as give the best silhouette when no count is given."""
    most = min(MOST_CLUSTERS, len(np.unique(places, axis=0)) - 1, len(places) // 4)
    if count is not None or most < 2:
        return _kmeans(places, min(count or 1, max(most, 1)), rng)
    from sklearn.metrics import silhouette_score  # noqa: PLC0415  heavy

    sample = rng.permutation(len(places))[:SILHOUETTE_SENTENCES]
    best, chosen = -1.0, np.zeros(len(places), dtype=np.int64)
    for k in range(2, most + 1):
        labels = _kmeans(places, k, rng)
        if 1 < len(np.unique(labels[sample])) < len(sample):
            score = float(silhouette_score(places[sample], labels[sample]))
            if score > best:
                best, chosen = score, labels
    return chosen


def _kmeans(places: Floats, count: int, rng: np.random.Generator, starts: int = 3) -> Ints:
    from sklearn.cluster import KMeans  # noqa: PLC0415  heavy

    found = KMeans(count, n_init=starts, random_state=int(rng.integers(2**31))).fit_predict(places)
    return np.asarray(found, dtype=np.int64)


def stability(places: Floats, labels: Ints, rng: np.random.Generator) -> Floats:
    """For each cluster, the mean over subsamples of its best overlap (Jaccard) with a cluster found there."""
    count = int(labels.max()) + 1
    overlap = np.zeros((ROUNDS, count))
    for turn in range(ROUNDS):
        rows = np.sort(rng.permutation(len(places))[: max(int(PART * len(places)), count)])
        again = _kmeans(places[rows], count, rng, starts=1)
        table = np.zeros((count, count))
        np.add.at(table, (labels[rows], again), 1)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
        overlap[turn] = (table / np.maximum(union, 1)).max(axis=1)
    return np.asarray(overlap.mean(axis=0))


def _characteristic(
    texts: Sequence[str], people: Ints, inside: npt.NDArray[np.bool_], least_people: int
) -> tuple[str, ...]:
    """The words that set the cluster apart: most people inside, few outside; shared by enough people (R1, R6)."""
    within: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for text, number, member in zip(texts, people.tolist(), inside.tolist(), strict=True):
        for word in _words(text):
            everywhere[word] += number
            within[word] += number * member
    share = people[inside].sum() / people.sum()
    gain = {
        word: count * np.log(count / (everywhere[word] * share))
        for word, count in within.items()
        if count >= least_people and len(word) > 2 and not word.startswith("[")
    }
    ordered = sorted(gain, key=lambda word: (-gain[word], word))
    return tuple(word for word in ordered if gain[word] > 0)[:WORDS] or tuple(ordered[:WORDS])
