"""How fast themes are suggested, on one core (budgets: 50 ms a sentence, 500 sentences/s, loading 1.5 s).

Usage: ``python -m benchmarks.themes``. The sentences are the labelled ones, each once, so that no sentence is known.
"""

from __future__ import annotations

from time import perf_counter

from schakel.themes import default_classifier
from schakel.themes.train import labelled


def main() -> None:
    texts = [sentence.text for sentence in labelled()]
    start = perf_counter()
    classifier = default_classifier()
    loaded = perf_counter()
    classifier.suggest("Ik ben zo alleen sinds mijn man dood is.")
    first = perf_counter()
    classifier.suggest_many(texts)
    bulk = perf_counter()
    each = []
    for text in texts[:500]:
        before = perf_counter()
        classifier.suggest(text)
        each.append(perf_counter() - before)
    each.sort()
    print(f"load {loaded - start:.2f} s; first sentence {first - loaded:.2f} s")
    print(f"bulk {len(texts) / (bulk - first):.0f} sentences/s")
    print(f"one by one: median {each[250] * 1000:.1f} ms, slowest {each[-1] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
