"""How well the application finds on the social map, beside the library: ``python -m studies.map_search``.

The queries and provisions are those of `studies.provisions`; SQLite and PostgreSQL have to find the same in the same
order, or this ends with an error. Writes ``docs/methods/figures/map_search.json``.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from studies.provisions import KINDS, Query, corpus, figures_of, queries
from studies.search import in_both

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs/methods/figures/map_search.json"
FIRST = 20  # places that are looked at
DAY = date(2026, 1, 1)


def found(asked: list[Query]) -> list[list[str]]:
    """What the application finds for every query, in its order, in an empty database that is ready."""
    from schakel_web.socialmap import indexing, search  # noqa: PLC0415  Django has to be ready first
    from schakel_web.socialmap.models import Provision, Session  # noqa: PLC0415
    from schakel_web.socialmap.tasks import fields_of, sessions_of  # noqa: PLC0415

    for record in corpus():
        made = Provision.objects.create(**fields_of(record) | {"keeper_email": "", "due": DAY})
        Session.objects.bulk_create(sessions_of(record, made))
    indexing.index(Provision.objects.prefetch_related("sessions"))
    rows = Provision.objects.order_by("name", "pk")
    return [
        [one.identifier for one in search.filtered(rows, {"q": query.text}).page("").provisions[:FIRST]]
        for query in asked
    ]


def rows(asked: list[Query], answers: list[list[str]]) -> list[list[object]]:
    """One row a kind, and one for all."""
    table: list[list[object]] = []
    for kind, name in {**KINDS, "all": "all"}.items():
        some = [
            (query, answer)
            for query, answer in zip(asked, answers, strict=True)
            if kind in (query.kind, "all")
        ]
        table.append([name, len(some), *(round(value, 3) for value in figures_of(some).values())])
    return table


def main() -> None:
    answers = in_both("studies.map_search", lambda: found(queries()))
    if answers is None:
        return
    table = rows(queries(), answers)
    figures = {
        "title": "Finding on the social map of the application",
        "command": "python -m studies.map_search",
        "tables": [
            {
                "caption": f"{len(queries())} Dutch queries over {len(corpus())} provisions, asked of the application; "
                "SQLite and PostgreSQL find the same in the same order",
                "columns": ["kind of query", "queries", "hit@5", "recall@5", "MRR"],
                "rows": table,
            }
        ],
        "notes": [
            "The same queries, provisions and measures as for the library above. The application reads at most 4,000 "
            "rows of its index for a query and tries at most twelve words for each word of it; it does not count how "
            "often a word stands somewhere, nor how long a text is."
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in table:
        print(row)


if __name__ == "__main__":
    main()
