"""Sixteen people at work, for locust: each with a role, a second's thought between two pages, and real forms."""

from __future__ import annotations

import json
import os
import re
from itertools import count
from pathlib import Path
from typing import Any

import gevent
import numpy as np
from locust import HttpUser, between, events, task

from benchmarks.web.pages import PAGES, SENTENCES, picker

_GIVEN = json.loads(Path(os.environ["SCHAKEL_LOAD"]).read_text("utf-8"))
_PEOPLE = _GIVEN["visitors"]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SUBMITS = 0.08  # share of what somebody of a team does that is giving a signal
_number = count()


def limit(environment: Any, **_more: Any) -> None:
    """End so many seconds after everybody is there: locust's own limit also counts the time that it takes to begin."""
    seconds = float(os.environ["SCHAKEL_LOAD_SECONDS"])

    def begin(**_more: Any) -> None:
        gevent.spawn_later(seconds, environment.runner.quit)

    environment.events.spawning_complete.add_listener(begin)


events.init.add_listener(limit)  # type: ignore[no-untyped-call]  # locust has no types here


class Somebody(HttpUser):
    """One of them."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        """Who this is."""
        number = next(_number)
        self.pick, self.rng = picker(number), np.random.default_rng(number)
        resident = number % 8 == 7  # two of sixteen
        self.visitor: dict[str, Any] = (
            {"role": "resident", "codes": _GIVEN["codes"]} if resident else _PEOPLE[number % len(_PEOPLE)]
        )
        if not resident:
            self.client.cookies.set("sessionid", self.visitor["session"])
        self.pages = [page for page in PAGES if self.visitor["role"] in page.roles]
        weights = np.array([page.weight for page in self.pages], float)
        self.odds = weights / weights.sum()

    @task
    def work(self) -> None:
        """Open a page, or give a signal."""
        if "areas" in self.visitor and self.rng.random() < _SUBMITS:
            self.give()
            return
        page = self.pages[int(self.rng.choice(len(self.pages), p=self.odds))]
        self.open(page.address(self.visitor, self.pick), page.name)

    def open(self, address: str, name: str) -> str:
        """A page; anything but the page itself is a failure."""
        with self.client.get(
            address, name=name, headers=self._from(), allow_redirects=False, catch_response=True
        ) as got:
            if got.status_code != 200:
                got.failure(f"{got.status_code}")
            return str(got.text)

    def give(self) -> None:
        """The form, what is read while typing, and sending it."""
        token = _TOKEN.search(self.open("/signaal/nieuw/", "signal form"))
        if token is None:
            return
        fields = {
            "csrfmiddlewaretoken": token[1], "text": self.pick(list(SENTENCES)), "themes": ["eenzaamheid"],
            "area": self.pick(self.visitor["areas"]), "people": 2, "source": "street",
        }  # fmt: skip
        self._send("/signaal/lezen/", "reading while typing", fields, 200)
        self._send("/signaal/nieuw/", "giving a signal", fields, 302)
        self.open("/signaal/bedankt/", "thanks, with the receipt")

    def _send(self, address: str, name: str, fields: dict[str, Any], expected: int) -> None:
        with self.client.post(
            address, data=fields, name=name, headers=self._from(), allow_redirects=False, catch_response=True
        ) as got:
            if got.status_code != expected:
                got.failure(f"{got.status_code}")

    def _from(self) -> dict[str, str]:
        """As if every request came from another address, as a proxy says it: limits per address are not measured."""
        return {"X-Client": ".".join(str(n) for n in self.rng.integers(1, 255, 4))}
