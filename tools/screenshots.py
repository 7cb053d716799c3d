"""Pictures of the demonstration's report for the README: ``python tools/screenshots.py`` after ``make report``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

REPORT = Path("demo-output/report.html")
IMAGES = Path("docs/images")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> int:
    """Take the pictures; return the exit code."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not REPORT.exists():
        print("This needs a Chromium, and the report of 'make report'.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.goto(REPORT.resolve().as_uri())
        page.screenshot(path=IMAGES / "report.png", clip={"x": 0, "y": 0, "width": 1100, "height": 900})
        top = (page.locator("h3").first.bounding_box() or {"y": 0})["y"]
        page.evaluate(f"window.scrollTo(0, {max(top - 40, 0)})")
        page.screenshot(path=IMAGES / "pattern.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
