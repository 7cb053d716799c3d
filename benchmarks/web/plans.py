"""The plan of every query of every page, as the database carried it out, the slowest first."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.web.pages import PAGES, picker

_PLANNED = re.compile(r"^(SELECT|WITH|UPDATE)\b")


class _Watch:
    """Explains every query before it is carried out."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str, str]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _PLANNED.match(sql) and not many and "EXPLAIN" not in sql:
            with connection.cursor() as cursor:
                cursor.db.execute_wrappers.remove(self)
                try:
                    self.seen.append((*_explained(cursor, sql, params), _short(sql)))
                finally:
                    cursor.db.execute_wrappers.append(self)
        return execute(sql, params, many, context)


def _explained(cursor: Any, sql: str, params: Any) -> tuple[float, str]:
    """Milliseconds (0 on SQLite, which does not say) and the plan."""
    if connection.vendor != "postgresql":
        cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
        return 0.0, "\n".join(row[3] for row in cursor.fetchall())
    how = "EXPLAIN (ANALYZE, BUFFERS) " if sql.startswith("SELECT") else "EXPLAIN "
    cursor.execute(how + sql, params)
    lines = [row[0] for row in cursor.fetchall()]
    took = re.search(r"Execution Time: ([\d.]+) ms", lines[-1])
    return float(took[1]) if took else 0.0, "\n".join(lines)


def _short(sql: str) -> str:
    """The query without the names of all columns."""
    return re.sub(r"SELECT (DISTINCT )?(.{60}).*? FROM ", r"SELECT \1\2 … FROM ", sql)[:1500]


def show() -> None:
    """Print them, page by page."""
    settings.ALLOWED_HOSTS.append("testserver")
    given = json.loads(Path(os.environ["SCHAKEL_LOAD"]).read_text("utf-8"))
    only = os.environ.get("SCHAKEL_PLANS_OF")
    for page in PAGES:
        if only and only != page.name:
            continue
        visitor = next((v for v in given["visitors"] if v["role"] in page.roles), {"codes": given["codes"]})
        client, pick = Client(), picker(1)
        if "session" in visitor:
            client.cookies["sessionid"] = visitor["session"]
        client.get(page.address(visitor, pick), headers={"X-Client": "10.1.2.1"})
        watch = _Watch()
        with connection.execute_wrapper(watch):
            answer = client.get(page.address(visitor, pick), headers={"X-Client": "10.1.2.2"})
        total = sum(took for took, _plan, _sql in watch.seen)
        print(f"\n{'=' * 100}\n{page.name}: {answer.status_code}, {len(watch.seen)} queries, {total:.1f} ms")
        for took, plan, sql in sorted(watch.seen, key=lambda each: -each[0]):
            print(f"\n-- {took:.1f} ms\n{sql}\n{plan}")
