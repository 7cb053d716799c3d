"""How long it takes to protect a table: ``python -m benchmarks.disclosure``.

Sixty neighbourhoods times thirty themes with all totals, flat and in trees on both axes. The budget is seconds.
"""

from __future__ import annotations

from time import perf_counter

from studies.disclosure import SETTINGS, protected, table


def main() -> None:
    for setting in SETTINGS:
        start = perf_counter()
        result = protected(setting, table(setting, seed=0))
        seconds = perf_counter() - start
        print(
            f"{setting.name}: {seconds:.2f} s, {result.complementary.sum()} hidden besides {result.primary.sum()} small"
        )


if __name__ == "__main__":
    main()
