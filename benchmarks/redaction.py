"""How many texts a second redaction handles in one process (budget: at least 300).

Usage: ``python -m benchmarks.redaction``. A text is two or three labelled sentences, 15 to 40 words.
"""

from __future__ import annotations

from time import perf_counter

from tests.library.redaction_sentences import SETS, sentences

from schakel.redaction import redact, redact_many

SECONDS = 3.0


def texts() -> list[str]:
    """Labelled sentences, joined until they have at least 15 words."""
    joined, current = [], ""
    for sentence in (one for name in SETS for one in sentences(name)):
        current = f"{current} {sentence.text}".strip()
        if len(current.split()) >= 15:
            joined.append(current)
            current = ""
    return joined


def main() -> None:
    start = perf_counter()
    redact("Jan Jansen, Kerkstraat 12")
    first = perf_counter() - start
    sample, done, start = texts(), 0, perf_counter()
    while perf_counter() - start < SECONDS:
        done += sum(1 for _ in redact_many(sample))
    speed = done / (perf_counter() - start)
    words = sum(len(text.split()) for text in sample) / len(sample)
    print(f"first use {first:.2f} s; {speed:.0f} texts/s of {words:.0f} words on average")


if __name__ == "__main__":
    main()
