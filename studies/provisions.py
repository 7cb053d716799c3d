"""How well provisions are found, on labelled queries: ``python -m studies.provisions``.

The queries and the made-up town they are asked in are those of the tests; a query counts as answered by any of the
provisions that it should find.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import yaml

from schakel.provisions import Index, Provision, Search, load_templates, template
from schakel.themes import ThemeClassifier, default_classifier

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "library" / "data"
FIGURES = ROOT / "docs" / "methods" / "figures" / "provisions.json"
TODAY = date(2026, 11, 26)
KINDS = {
    "exact": "the word itself",
    "form": "another form of the word",
    "typo": "a typing error",
    "synonym": "another word for it",
    "everyday": "a question in residents' words",
}


@dataclass(frozen=True)
class Query:
    """A query and the provisions that it should find."""

    kind: str
    text: str
    finds: frozenset[str]


def corpus() -> list[Provision]:
    """All templates, and the provisions of a made-up town."""
    town = yaml.safe_load((DATA / "provisions_town.yaml").read_text(encoding="utf-8"))
    made = [
        replace(
            template(each["template"]).made(id=each["id"], name=each["name"]),
            description=each["description"],
            words=tuple(each["words"]),
        )
        for each in town
    ]
    return [each.provision for each in load_templates()] + made


def queries() -> list[Query]:
    """The labelled queries."""
    lines = (DATA / "provision_queries.tsv").read_text(encoding="utf-8").splitlines()
    split = (line.split("\t") for line in lines)
    return [Query(kind, text, frozenset(finds.split())) for kind, text, finds in split]


def measure(index: Index, asked: list[Query]) -> dict[str, float]:
    """What the library finds for each query, measured."""
    return figures_of(
        [
            (query, [one.id for one in index.search(Search(text=query.text, at_most=20)).hits])
            for query in asked
        ]
    )


def figures_of(answers: list[tuple[Query, list[str]]]) -> dict[str, float]:
    """Share with a right one among the first five, recall of the right ones at five, and mean reciprocal rank."""
    hit, recall, rank = [], [], []
    for query, found in answers:
        right = [place for place, one in enumerate(found, start=1) if one in query.finds]
        first_five = sum(place <= 5 for place in right)
        hit.append(float(first_five > 0))
        recall.append(first_five / min(5, len(query.finds)))
        rank.append(1 / right[0] if right else 0.0)
    return {"hit@5": float(np.mean(hit)), "recall@5": float(np.mean(recall)), "MRR": float(np.mean(rank))}


def rows(index: Index) -> list[list[object]]:
    """One row a kind, and one for all."""
    every = queries()
    some = {name: [query for query in every if query.kind == kind] for kind, name in KINDS.items()}
    table: list[list[object]] = []
    for name, asked in {**some, "all": every}.items():
        table.append([name, len(asked), *(round(value, 3) for value in measure(index, asked).values())])
    return table


def build(classifier: ThemeClassifier | None) -> Index:
    return Index(corpus(), today=TODAY, classifier=classifier)


def main() -> None:
    whole, alone = rows(build(default_classifier())), rows(build(None))
    columns = ["kind of query", "queries", "hit@5", "recall@5", "MRR"]
    figures = {
        "title": "Finding provisions",
        "command": "python -m studies.provisions",
        "tables": [
            {
                "caption": f"{len(queries())} Dutch queries over {len(corpus())} provisions: words and themes",
                "columns": columns,
                "rows": whole,
            },
            {"caption": "The same without the themes of a question", "columns": columns, "rows": alone},
        ],
        "notes": [
            "hit@5: the share of queries with a right provision among the first five. recall@5: the share of the right "
            "provisions (five at most) among them. MRR: the mean of one over the place of the first right one.",
            "Queries, synonyms and provisions are by one writer, and the queries were looked at while choosing between "
            "variants: expect less for the words of others.",
        ],
    }
    FIGURES.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in (*whole, *alone):
        print(row)


if __name__ == "__main__":
    main()
