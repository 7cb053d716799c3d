"""Train the theme model that comes with the library.

Usage: ``python -m studies.themes train``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from schakel.themes import ThemeClassifier, encoder, load_taxonomy
from schakel.themes.train import labelled, train

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "src" / "schakel" / "themes" / "data" / "model.npz"


def trained() -> None:
    taxonomy = load_taxonomy()
    for file, encode in ((MODEL, None), (MODEL.with_name("model-encoder.npz"), encoder())):
        ThemeClassifier(train(labelled(), taxonomy, encoder=encode), taxonomy, encode).save(file)
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.2f} MB")


COMMANDS = {"train": trained}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]]()
