"""A real Chromium, once for all browser tests; the application behind it, and people who are logged in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from schakel_web.accounts.models import User
from tests.factories.city import City
from tests.factories.city import city as made

#: Playwright keeps a loop in this thread, in which Django would refuse its database; nothing else runs in that loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
expect.set_options(timeout=20_000)  # a machine that has more to do is slow, not wrong
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium of SCHAKEL_CHROMIUM, of the path, or Playwright's own; the test skips where there is none."""
    found = os.environ.get("SCHAKEL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        except Error as error:
            if found:
                raise
            reason = str(error).splitlines()[0]
            pytest.skip(
                f"no Chromium ({reason}): apt-get install chromium, or playwright install chromium,"
                " or set SCHAKEL_CHROMIUM"
            )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[LiveServer]:
    """The application on a free port of this machine, for as long as the tests last."""
    running = LiveServer("localhost")
    yield running
    running.stop()


def broken_rules(page: Page) -> list[str]:
    """What axe finds on a page that is wholly there, one line each: the rule, and where."""
    page.wait_for_load_state()
    found: list[dict[str, Any]] = Axe().run(page, options=WCAG).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


@dataclass
class Visitor:
    """Somebody with a browser: goes somewhere, and remembers everything that the browser complained about."""

    context: BrowserContext
    page: Page
    server: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        meant = any(each in message.text for each in ("status of 4", "INTERNET_DISCONNECTED", "htmx:"))
        if message.type in {"error", "warning"} and not meant:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, address: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(self.server + address)
        return answer.status if answer else 0


def arrives(chromium: Browser, server: LiveServer, user: User | None, **context: Any) -> Visitor:
    """Somebody at a browser of their own, logged in already; nothing moves, so that every colour is the one meant."""
    still = {"viewport": DESKTOP, "locale": "nl-NL", "reduced_motion": "reduce"}
    opened = chromium.new_context(**{**still, **context})
    if user is not None:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        name, value = "sessionid", client.cookies["sessionid"].value
        opened.add_cookies([{"name": name, "value": value, "url": server.url}])
    opened.set_default_timeout(60_000)
    return Visitor(opened, opened.new_page(), server.url)


Visit = Callable[..., Visitor]


@pytest.fixture
def city(transactional_db: None) -> City:
    """The made-up city, so that the server sees it too."""
    cache.clear()
    return made()


@pytest.fixture
def visit(chromium: Browser, server: LiveServer, city: City) -> Iterator[Visit]:
    """``visit("member", viewport=PHONE)``: somebody of the cast, or nobody in particular, at a browser."""
    opened: list[Visitor] = []

    def come(name: str | None = None, **context: Any) -> Visitor:
        opened.append(arrives(chromium, server, city[name] if name else None, **context))
        return opened[-1]

    yield come
    for visitor in opened:
        visitor.context.close()
    assert [said for visitor in opened for said in visitor.complaints] == []
