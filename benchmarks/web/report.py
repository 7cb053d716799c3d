"""Measurements as tables, in the form that the documentation reads."""

from __future__ import annotations

from collections import Counter
from typing import Any

BUDGET_MS, BUDGET_RATIO = 200.0, 1.5  # DESIGN §7


def _quantile(times: Counter[float], share: float) -> float:
    """The smallest time that at least this share of the requests kept to."""
    most, passed = share * sum(times.values()), 0
    for time in sorted(times):
        passed += times[time]
        if passed >= most:
            return time
    return 0.0


def _together(rounds: list[list[dict[str, Any]]]) -> tuple[dict[str, Counter[float]], Counter[str]]:
    """Per page how often which time, over all rounds; and how many of its requests failed."""
    found: dict[str, Counter[float]] = {}
    failed: Counter[str] = Counter()
    for each in rounds:
        for page in each:
            failed[page["name"]] += page["num_failures"]
            times = Counter({float(time): number for time, number in page["response_times"].items()})
            found.setdefault(page["name"], Counter()).update(times)
    return found, failed


def pages(measured: dict[int, list[list[dict[str, Any]]]], *, users: int, seconds: int) -> dict[str, Any]:
    """p50 and p95 of every page at every size, and the ratio of the largest to the smallest."""
    sizes = sorted(measured)
    together = {size: _together(measured[size]) for size in sizes}
    names = sorted({name for found, _failed in together.values() for name in found})
    every = {size: sum(found.values(), Counter[float]()) for size, (found, _failed) in together.items()}
    rows = [_row(name, [together[size][0].get(name, Counter()) for size in sizes]) for name in names]
    rows.append(_row("all pages", [every[size] for size in sizes]))
    wrong = [f"{n} × {name} at {size:,}" for size in sizes for name, n in (+together[size][1]).items()]
    return {
        "title": f"Pages with {users} people at work",
        "command": "python -m benchmarks.web pages",
        "tables": [
            {
                "caption": f"Milliseconds to a page (budget: p95 ≤ {BUDGET_MS:.0f}, ratio ≤ {BUDGET_RATIO})",
                "columns": [
                    "page",
                    *(f"{what}, {size:,}" for size in sizes for what in ("requests", "p50", "p95")),
                    "ratio of p50", "ratio of p95",
                ],
                "rows": rows,
            }
        ],
        "notes": [
            "PostgreSQL, gunicorn as in production (four processes of two threads) and locust on the same machine; "
            f"{seconds} seconds, twice for each size in turn, with half a second to one and a half between two pages "
            "of one person.",
            "The social map holds 100,000 provisions at both sizes. The file of signals is no page: a million has "
            "a hundred times as many lines in it.",
            f"Requests that failed: {', '.join(wrong) or 'none'}.",
        ],
    }  # fmt: skip


def _row(name: str, times: list[Counter[float]]) -> list[Any]:
    cells: list[Any] = [name]
    for each in times:
        cells += [sum(each.values()), _quantile(each, 0.5), _quantile(each, 0.95)]
    for share in (0.5, 0.95):
        low, high = _quantile(times[0], share), _quantile(times[-1], share)
        cells.append(round(high / low, 2) if low and len(times) > 1 else None)
    return cells


def alone(measured: dict[int, list[list[Any]]]) -> dict[str, Any]:
    """One visitor: milliseconds, processor time and queries, at every size."""
    sizes = sorted(measured)
    rows = []
    for place, (name, *_rest) in enumerate(measured[sizes[0]]):
        each = [measured[size][place][1:] for size in sizes]
        ratio = round(each[-1][0] / each[0][0], 2) if each[0][0] else None
        rows.append([name, *(value for values in each for value in values), ratio])
    return {
        "title": "Pages for one visitor",
        "command": "python -m benchmarks.web alone",
        "tables": [
            {
                "caption": "Median of fifteen times, inside the process of the web server",
                "columns": [
                    "page",
                    *(f"{what}, {size:,}" for size in sizes for what in ("ms", "processor ms", "queries")),
                    "ratio",
                ],
                "rows": rows,
            }
        ],
    }  # fmt: skip


def background(measured: list[list[list[Any]]]) -> dict[str, Any]:
    """Parts of the search for patterns."""
    return {
        "title": "Work in the background",
        "command": "python -m benchmarks.web background",
        "tables": [
            {
                "caption": "300 neighbourhoods, all themes, five years",
                "columns": ["what", "signals", "seconds", "peak MiB"],
                "rows": [row for rows in measured for row in rows],
            }
        ],
    }
