"""How well search finds what was meant: labelled queries on SQLite and PostgreSQL: ``python -m studies.search``.

Writes ``docs/methods/figures/search.json``. The signals and queries are in ``studies/data/search.yaml``; both databases
have to find the same, or this ends with an error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from tools.postgres import server

ROOT = Path(__file__).resolve().parents[1]
LABELLED = ROOT / "studies/data/search.yaml"
FIGURES = ROOT / "docs/methods/figures/search.json"


T = TypeVar("T")


@dataclass(frozen=True)
class Query:
    """What somebody types, of which kind it is, and the numbers of the signals that should be found."""

    kind: str
    text: str
    expected: frozenset[int]


def labelled() -> tuple[dict[int, str], list[Query]]:
    """The signals by number, and the queries."""
    read = yaml.safe_load(LABELLED.read_text("utf-8"))
    queries = [
        Query(kind, str(text), frozenset(numbers))
        for kind, some in read["queries"].items()
        for text, numbers in some
    ]
    return read["signals"], queries


def found(queries: list[Query], signals: dict[int, str]) -> list[list[int]]:
    """What the application finds for every query, in an empty database that is ready."""
    from schakel_web.network.models import Area  # noqa: PLC0415  Django has to be ready first
    from schakel_web.signals import search  # noqa: PLC0415
    from schakel_web.signals.models import Signal  # noqa: PLC0415

    area = Area.objects.create(code="BU00010000", year=2026, kind="BU", name="Buurt")
    made = Signal.objects.bulk_create(
        Signal(area=area, text=text, source="street", receipt=str(number)) for number, text in signals.items()
    )
    search.index(made)
    number_of = {signal.pk: int(signal.receipt) for signal in made}
    return [
        sorted(
            number_of[pk]
            for pk in search.matching(Signal.objects.all(), query.text, areas=[area.pk]).values_list(
                "pk", flat=True
            )
        )
        for query in queries
    ]


def rows(queries: list[Query], answers: list[list[int]]) -> list[list[object]]:
    """Per kind: queries, answered exactly, and the share that is right of what is found and of what should be."""
    table: list[list[object]] = []
    for kind in [*dict.fromkeys(query.kind for query in queries), "all"]:
        some = [
            (query.expected, set(answer))
            for query, answer in zip(queries, answers, strict=True)
            if kind in (query.kind, "all")
        ]
        right = sum(len(expected & answer) for expected, answer in some)
        given, wanted = sum(len(answer) for _e, answer in some), sum(len(expected) for expected, _a in some)
        exact = sum(expected == answer for expected, answer in some)
        table.append(
            [
                kind,
                len(some),
                exact,
                round(right / given, 3) if given else None,
                round(right / wanted, 3) if wanted else None,
            ]
        )
    return table


def main() -> None:
    signals, queries = labelled()
    answers = in_both("studies.search", lambda: found(queries, signals))
    if answers is None:
        return
    wrong = [
        f"{query.text}: {answer}, expected {sorted(query.expected)}"
        for query, answer in zip(queries, answers, strict=True)
        if query.expected != set(answer)
    ]
    figures = {
        "title": "Finding signals by word",
        "command": "python -m studies.search",
        "tables": [
            {
                "caption": f"{len(queries)} queries over {len(signals)} signals; SQLite and PostgreSQL find the same",
                "columns": ["kind", "queries", "exactly right", "precision", "recall"],
                "rows": rows(queries, answers),
            }
        ],
        "notes": ["Queries that are not exactly right: " + ("; ".join(wrong) or "none") + "."],
    }
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(FIGURES.read_text("utf-8"))


def in_both(module: str, ask: Callable[[], T]) -> T | None:
    """What `ask` answers on SQLite and on PostgreSQL, each in a process of its own that runs `module` again.

    In such a process it writes its answer and gives None. Ends with an error when the two do not answer the same.
    """
    if os.environ.get("SCHAKEL_SEARCH_ANSWERS"):
        import django  # noqa: PLC0415

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        Path(os.environ["SCHAKEL_SEARCH_ANSWERS"]).write_text(json.dumps(ask()), "utf-8")
        return None
    with server() as address:
        one, other = _asked(module, ""), _asked(module, address)
    if one != other:
        raise SystemExit("SQLite and PostgreSQL do not find the same.")
    answers: T = one
    return answers


def _asked(module: str, address: str) -> Any:
    """The answers of one database, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        environment = os.environ | {
            "SCHAKEL_SEARCH_ANSWERS": str(answers), "SCHAKEL_DEMO": "yes", "SCHAKEL_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "schakel_web.config.settings",
        } | ({"SCHAKEL_DATABASE_URL": address} if address else {})  # fmt: skip
        subprocess.run([sys.executable, "-m", module], env=environment, cwd=ROOT, check=True)
        return json.loads(answers.read_text("utf-8"))


if __name__ == "__main__":
    main()
