"""A real Chromium, once for all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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
