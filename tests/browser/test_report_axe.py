"""The report as a reader meets it: in a browser, on a telephone, on paper, with a screen reader's rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from schakel.records import Areas, Detection
from schakel.report import render
from tests.factories import detections

pytestmark = pytest.mark.browser

_WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
_LONG = "Hoogstwaarschijnlijkheidsverhoudingsoverwegingenbijeenkomst"


def _long() -> tuple[Detection, Areas]:
    """The widest content: a theme without spaces, all 60 areas, something that happens once in a century."""
    place = detections.areas()
    wide = detections.pattern(place, tuple(range(60)), theme=_LONG, recurrence_days=1e9, observed=123_456)
    return detections.detection(place, (wide,)), place


def _usual(*, polygons: bool = True) -> tuple[Detection, Areas]:
    place = detections.areas(polygons=polygons)
    return detections.detection(place), place


def _nothing() -> tuple[Detection, Areas]:
    place = detections.areas()
    return detections.detection(place, ()), place


_CASES = {
    "three patterns": _usual(),
    "points instead of polygons": _usual(polygons=False),
    "nothing stands out": _nothing(),
    "very long names": _long(),
}


class Visit:
    """An opened report, with everything that the browser asked for or complained about."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@pytest.fixture(params=_CASES)
def visit(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Visit]:
    detection, place = _CASES[request.param]
    file = tmp_path / "rapport.html"
    html = render(detection, place, theme_names=detections.THEMES, command="schakel detect " + "x" * 200)
    file.write_text(html, encoding="utf-8")
    page = chromium.new_page()
    yield Visit(page, file)
    page.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_no_accessibility_rule_of_wcag_2_2_aa_is_broken(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    results = Axe().run(visit.page, options=_WCAG)
    assert results.violations_count == 0, results.generate_report()


def test_nothing_is_loaded_and_nothing_is_complained_about(visit: Visit) -> None:
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert len(visit.requests) == len(set(visit.requests)) <= 2  # the page, and its empty icon
    assert visit.complaints == []


@pytest.mark.parametrize("width", [320, 640, 1280])  # 640: a screen of 1280 at 200 % zoom
def test_the_page_never_scrolls_sideways(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    wider = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
    assert (
        visit.page.evaluate(
            f"{wider}.filter(e => !e.closest('svg, thead')).map(e => e.outerHTML.slice(0, 80))"
        )
        == []
    )


def test_the_policy_lets_its_own_style_through_and_no_other(visit: Visit) -> None:
    assert visit.page.evaluate("getComputedStyle(document.querySelector('.summary')).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    visit.page.evaluate(
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'h1{color:lime}'}))"
    )
    assert visit.page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(0, 255, 0)"


def test_the_first_stop_of_the_keyboard_leads_to_the_content(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    assert visit.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "inhoud"
