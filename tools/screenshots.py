"""``make screenshots``: pictures of the main pages for the README and the documentation, from the demonstration.

Starts the demonstration on a free port with data of its own (or uses the one at ``SCHAKEL_SCREENSHOTS_OF``), looks at
the pages as the people of the demonstration do, and writes PNGs of a few colours to ``docs/images``. The report of
``make report`` is pictured as well, where there is one. Needs Chromium (``SCHAKEL_CHROMIUM``, the path, or
Playwright's own).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/images"
REPORT = ROOT / "demo-output/report.html"
PASSWORD = "schakel-demo-2026"
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=860)
_PATIENCE = 300  # seconds until the demonstration is there


@dataclass(frozen=True)
class Picture:
    """One picture: its name, who looks (nobody: a resident), where, on what, and what is done first."""

    name: str
    who: str
    address: str
    size: ViewportSize
    prepare: Callable[[Page], None] = lambda _page: None


def _type_a_signal(page: Page) -> None:
    page.locator("#id_text").fill("In de flat zitten veel ouderen de hele dag alleen thuis.")
    page.locator("input[name=themes]").first.wait_for()


def _open_first(page: Page) -> None:
    page.locator("main .cards a").first.click()
    page.wait_for_load_state()


def _give_a_signal(page: Page) -> None:
    _type_a_signal(page)
    page.locator("#id_area").select_option(index=1)
    page.locator("main form.panel button[type=submit]").click()
    page.wait_for_load_state()
    page.locator("main a", has_text="Naar mijn signaal").click()
    page.wait_for_load_state()


def _hold_the_meeting(page: Page) -> None:
    begin = page.locator("main button", has_text="Begin het overleg")
    if begin.count():
        begin.click()
        page.wait_for_load_state()
    page.keyboard.press("j")


PICTURES = (
    Picture("signal-phone", "teamlid", "/signaal/nieuw/", PHONE, _type_a_signal),
    Picture("today", "coordinator", "/vandaag/", DESK),
    Picture("patterns", "coordinator", "/patronen/", DESK),
    Picture("pattern-page", "coordinator", "/patronen/", DESK, _open_first),
    Picture("question", "coordinator", "/vragen/", DESK, _open_first),
    Picture("meeting", "coordinator", "/overleg/", DESK, _hold_the_meeting),
    Picture("resident", "", "/meld/", PHONE),
    Picture("receipt", "", "/meld/", PHONE, _give_a_signal),
)


@contextmanager
def demonstration() -> Iterator[str]:
    """Its address, while it runs."""
    given = os.environ.get("SCHAKEL_SCREENSHOTS_OF")
    if given:
        yield given.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="schakel-screenshots-") as data:
        own = {"SCHAKEL_DEMO": "yes", "SCHAKEL_DATA": data, "SCHAKEL_PORT": str(port)}
        running = subprocess.Popen([sys.executable, "-m", "schakel_web", "demo"], env={**os.environ, **own})
        try:
            _wait(f"http://localhost:{port}", running)
            yield f"http://localhost:{port}"
        finally:
            running.terminate()
            running.wait(timeout=30)


def _wait(address: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("The demonstration did not start; see above.")


def _looker(browser: Browser, address: str, picture: Picture) -> Page:
    page = browser.new_context(viewport=picture.size, locale="nl-NL", device_scale_factor=1.5).new_page()
    if picture.who:
        page.goto(f"{address}/account/login/")
        page.locator("#id_login").fill(f"{picture.who}@voorbeeldstad.nl")
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form.panel button[type=submit]").first.click()
        page.wait_for_load_state()
    return page


def _of_the_report(browser: Browser) -> Iterator[Path]:
    """Its summary, and the map and timeline of its first pattern."""
    page = browser.new_page(viewport=ViewportSize(width=1100, height=900))
    page.goto(REPORT.as_uri())
    for name, selector in (("report", "h1"), ("pattern", "h3")):
        top = (page.locator(selector).first.bounding_box() or {"y": 0})["y"]
        page.evaluate(f"window.scrollTo(0, {max(top - 40, 0)})")
        page.screenshot(path=IMAGES / f"{name}.png")
        yield IMAGES / f"{name}.png"


def _of_the_application(browser: Browser, address: str) -> Iterator[Path]:
    """The pages above."""
    for picture in PICTURES:
        page = _looker(browser, address, picture)
        page.goto(address + picture.address)
        picture.prepare(page)
        page.screenshot(path=IMAGES / f"{picture.name}.png")
        page.context.close()
        yield IMAGES / f"{picture.name}.png"


def _fewer_colours(file: Path) -> None:
    """A quarter of the size, where a tool for it is there."""
    if tool := shutil.which("pngquant"):
        subprocess.run([tool, "--force", "--output", str(file), "128", str(file)], check=True)
    elif tool := shutil.which("convert"):
        subprocess.run([tool, str(file), "+dither", "-colors", "96", "-strip", f"png8:{file}"], check=False)


def main() -> None:
    """Take all of them."""
    found = os.environ.get("SCHAKEL_CHROMIUM") or shutil.which("chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for file in chain(
            _of_the_application(browser, address), _of_the_report(browser) if REPORT.exists() else ()
        ):
            _fewer_colours(file)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main()
