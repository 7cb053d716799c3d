"""Every page for one visitor, in one process: milliseconds, processor time and queries. Fit for a busy machine too."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.web.pages import PAGES, picker

_TIMES = 15


def measured() -> list[list[Any]]:
    """Per page: name, median milliseconds, median milliseconds of this process' processor, queries."""
    settings.ALLOWED_HOSTS.append("testserver")
    given = json.loads(Path(os.environ["SCHAKEL_LOAD"]).read_text("utf-8"))
    rows = []
    for page in PAGES:
        visitor = next((v for v in given["visitors"] if v["role"] in page.roles), {"codes": given["codes"]})
        client = Client()
        if "session" in visitor:
            client.cookies["sessionid"] = visitor["session"]
        pick, took, worked = picker(1), [], []
        for number in range(_TIMES + 1):
            address, before, begin = page.address(visitor, pick), time.process_time(), time.perf_counter()
            headers = {"X-Client": f"10.1.1.{number}"}
            answer = client.get(address, headers=headers)
            assert answer.status_code == 200, (page.name, address, answer.status_code)
            if number:
                took.append(time.perf_counter() - begin)
                worked.append(time.process_time() - before)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.address(visitor, pick), headers={"X-Client": "10.1.1.250"})
        rows.append([page.name, round(median(took) * 1e3, 1), round(median(worked) * 1e3, 1), len(queries)])
    return rows
