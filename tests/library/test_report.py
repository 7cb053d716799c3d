"""The report as a document: complete, safe, reproducible, and silent about what must not be shown."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.detection.wording import Language
from schakel.records import Areas, Detection, Floats, Period, SchakelError, Settings, Timeline
from schakel.report import fragment, maps, render
from schakel.report.labels import FIGURES, SETTINGS
from schakel.report.timeline import HEIGHT, WIDTH, chart
from tests.factories.detections import THEMES, areas, detection, pattern, timeline

PLACE = areas()
HOSTILE = "<script>alert('x')</script>\"&"


class _Page(HTMLParser):
    """Tags, attributes and visible text of a page; fails on an element that is not closed in order."""

    _VOID = frozenset({"meta", "link", "path", "use", "rect", "circle", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def _page(found: Detection | None = None, place: Areas = PLACE, **options: object) -> _Page:
    return _Page(render(found or detection(place), place, **{"theme_names": THEMES, **options}))  # type: ignore[arg-type]


def test_the_summary_comes_first_and_says_in_two_sentences_what_stands_out() -> None:
    text = _page().text
    assert (
        "In het kort Er vallen 3 patronen op. Het sterkst is ‘Rouw en verlies’ in Lindenhof en Berkenhof:"
        " 11 mensen, waar we er ongeveer 3 verwachten." in text
    )


def test_one_pattern_is_singular() -> None:
    text = _page(detection(PLACE, (pattern(PLACE, (0, 1)),))).text
    assert "Er valt één patroon op. Het gaat om ‘Rouw en verlies’" in text


def test_when_nothing_stands_out_it_says_so_warmly() -> None:
    text = _page(detection(PLACE, ())).text
    assert "Er valt nu niets bijzonders op." in text
    assert "Er zijn 55 thema’s in 60 gebieden bekeken." in text
    assert "Dank aan iedereen" in text
    assert "Onze keuze" not in text
    assert "buiten het team" not in text


def test_when_everything_is_withheld_it_does_not_claim_that_nothing_stands_out() -> None:
    held = replace(pattern(PLACE, (0, 1)), withheld=("people",))
    text = _page(detection(PLACE, (held,))).text
    assert "Er is nu geen patroon dat we aan het team laten zien. 1 thema leek op te vallen" in text
    assert "Er valt nu niets bijzonders op" not in text


def test_every_pattern_carries_its_evidence_and_what_speaks_against_it() -> None:  # R10
    found = detection(PLACE)
    text = _page(found).text
    for shown in found.patterns:
        if not shown.withheld:
            assert shown.explanation in text
            assert all(sentence in text for sentence in shown.against)
    assert (
        text.count("Wat ertegen spreekt")
        == text.count("Onze keuze")
        == text.count("Wat gaat hier al goed?")
        == 3
    )


def test_a_pattern_without_objections_leaves_room_for_what_the_team_knows() -> None:
    text = _page(detection(PLACE, (pattern(PLACE, (0, 1), q_value=0.0001),))).text
    assert "In de cijfers vonden we niets dat ertegen spreekt. Jullie weten misschien meer." in text


def test_a_pattern_of_one_source_is_marked_to_stay_inside() -> None:  # R8
    assert "Blijft binnen het team. Eén bron levert 71% van dit patroon." in _page().text
    assert (
        "Blijft binnen het team" not in _page(detection(PLACE, (pattern(PLACE, (0, 1), dominance=0.6),))).text
    )


def test_a_withheld_pattern_shows_its_reason_and_nothing_that_identifies() -> None:  # R6
    held = replace(
        pattern(PLACE, (40, 41), theme="vallen", observed=4, people=4, start=date(2026, 10, 19)),
        withheld=("people",),
    )
    html = render(detection(PLACE, (held,)), PLACE, theme_names=THEMES)
    text = _Page(html).text
    assert "Vallen en evenwicht" in text
    assert "minder dan 5 mensen" in text
    for telling in (PLACE.names[40], PLACE.codes[40], "19 oktober", held.identifier, held.explanation):
        assert telling not in html


def test_equal_withheld_patterns_are_told_once() -> None:
    held = replace(pattern(PLACE, (40, 41), theme="vallen"), withheld=("people",))
    assert "Vallen en evenwicht (2 keer)" in _page(detection(PLACE, (held, held))).text


def test_what_may_be_chance_is_listed_as_usual_without_numbers() -> None:
    text = _page().text
    assert (
        "Bij deze 2 thema’s kan het verschil met normaal toeval zijn: Eenzaamheid, Nederlands leren" in text
    )


def test_sensitive_themes_are_named_as_left_out_with_the_route_to_help() -> None:  # R5
    text = _page().text
    assert "Acute nood en gedachten aan zelfdoding, Onveiligheid thuis" in text
    assert all(number in text for number in ("meldcode", "0800-2000", "113", "112"))


def test_every_figure_is_in_it() -> None:
    shown = replace(pattern(PLACE, (0, 1)), statistic=7.913042, p_value_gumbel=0.00071234, q_value=0.0123456)
    text = _page(detection(PLACE, (shown,))).text
    for figure in (
        "7,91304",
        "0,00071234",
        "0,0123456",
        "0,0095",
        "736,8",
        "0,36",
        "2026-10-12",
        shown.identifier,
    ):
        assert figure in text


def test_it_can_be_repeated_from_what_it_says() -> None:  # R11
    command = "schakel detect signalen.csv --areas gebieden.geojson --seed 7"
    made = detection(PLACE)
    page = _page(
        replace(made, settings=replace(made.settings, seed=7, method="permutation")), command=command
    )
    assert command in page.text
    for name in (field.name for field in fields(Settings)):
        assert f" {name} " in page.text
    assert "permutation" in page.text
    assert "Schakel 0.1.0" in page.text
    assert "Laatste dag last_day 2026-11-08" in page.text


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, "een kwart, of tien gebieden"), ({"raw": True}, "de helft"), ({"method": "poisson"}, "de helft"),
        ({"max_share": 0.3}, "0.3"), ({"neighbours": 9}, "niet ingesteld"),
    ],
)  # fmt: skip
def test_what_was_not_chosen_is_said_as_what_it_was(chosen: dict[str, Any], said: str) -> None:  # R11
    made = detection(PLACE)
    page = _page(
        replace(made, settings=replace(made.settings, **{"max_share": None, "neighbours": None} | chosen))
    )
    assert f"Grootste deel van de gemeente in één patroon max_share {said}" in page.text


def test_every_setting_has_a_dutch_label() -> None:
    assert set(SETTINGS) == {field.name for field in fields(Settings)}


def test_a_run_without_thresholds_is_marked_as_not_for_the_team() -> None:  # R22
    made = detection(PLACE)
    assert "Alleen voor controle." in _page(replace(made, settings=replace(made.settings, raw=True))).text
    assert "Alleen voor controle." not in _page(made).text


def test_without_thresholds_it_does_not_claim_that_everything_stands_out() -> None:
    made = detection(PLACE)
    text = _page(replace(made, settings=replace(made.settings, raw=True))).text
    assert "Er zijn 3 patronen berekend, ook die toeval kunnen zijn." in text
    assert "Er vallen" not in text


@pytest.mark.parametrize(
    ("observed", "expected", "said"),
    [
        (11, 2.9, "Dat is 3,8 keer zoveel als normaal."),
        (6, 2.0, "Dat is 3 keer zoveel als normaal."),
        (5, 1e-9, "Normaal is dit hier in zo’n tijd zeldzaam."),
    ],
)
def test_the_size_is_said_as_a_multiple_of_what_is_usual(observed: int, expected: float, said: str) -> None:
    made = detection(PLACE, (pattern(PLACE, (0, 1), observed=observed, expected=expected),))
    assert said in _page(made).text


def test_figures_and_notes_that_this_report_does_not_know_are_still_listed() -> None:
    made = detection(PLACE)
    text = _page(replace(made, data={**made.data, "skipped": 12, "notes": ["12 signals fell outside"]})).text
    assert "skipped skipped 12" in text
    assert "12 signals fell outside" in text


def test_notes_are_said_in_dutch_where_a_reader_sees_them() -> None:
    made = detection(PLACE)
    note = {"nl": "Elk thema komt van één bron.", "en": "Every theme comes from one source."}
    text = _page(replace(made, data={**made.data, "notes": [note]})).text
    assert "Goed om te weten over deze signalen Elk thema komt van één bron. Zo lees je" in text
    assert "Every theme" not in text


def test_a_quiet_report_on_a_few_weeks_does_not_claim_to_know_what_is_usual() -> None:
    made = detection(PLACE, ())
    assert "passen bij wat we gewend zijn" in _page(made).text
    text = _page(replace(made, data={**made.data, "history": 8})).text
    assert "We kennen deze signalen nog niet lang." in text
    assert "gewend zijn" not in text


def test_hostile_names_stay_text() -> None:
    place = replace(PLACE, names=(HOSTILE, *PLACE.names[1:]), codes=('"><img src=x>', *PLACE.codes[1:]))
    made = detection(place, (pattern(place, (0, 1), theme=HOSTILE),))
    held = replace(pattern(place, (0, 1), theme=HOSTILE), withheld=(HOSTILE,))
    made = replace(
        made,
        patterns=(*made.patterns, held),
        data={**made.data, HOSTILE: HOSTILE, "themes_left_out": [HOSTILE]},
    )
    page = _page(made, place, theme_names={}, command=HOSTILE)
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert page.text.count("<script>alert('x')</script>") >= 8


def test_names_that_are_missing_become_codes() -> None:
    place = areas(named=False)
    text = _page(detection(place), place, theme_names={}).text
    assert "BU09990000" in text
    assert "rouw_verlies" in text


def test_unknown_inhabitants_are_unknown_and_not_zero() -> None:
    place = replace(PLACE, population=np.full(len(PLACE), np.nan))
    text = _page(detection(place, (pattern(place, (0, 1)),)), place).text
    assert "Lindenhof BU09990000 –" in text
    assert "nan" not in text.lower().split()


def test_a_pattern_of_another_map_is_refused_in_a_sentence() -> None:
    with pytest.raises(SchakelError, match="names area 'BU09990101', which is not among the 5 areas given"):
        render(detection(PLACE, (pattern(PLACE, (0, 11)),)), areas(5))


def test_the_same_result_gives_the_same_file() -> None:  # R11
    assert render(detection(PLACE), PLACE) == render(detection(PLACE), PLACE)


def test_nothing_can_be_loaded_from_elsewhere() -> None:
    html = render(detection(PLACE), PLACE)
    page = _Page(html)
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for tag, attributes in page.tags:
        assert "style" not in attributes, "a style attribute is refused by the policy"
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith(("#", "data:,")), tag
    assert "@import" not in html
    assert re.findall(r"url\(([^)]*)\)", html) == ["#arcering"]


def test_headings_descend_one_step_at_a_time_and_identifiers_are_unique() -> None:
    page = _page()
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    identifiers = [a["id"] for _, a in page.tags if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    referred = {name for _, a in page.tags for name in (a.get("aria-labelledby") or "").split()}
    assert referred <= set(identifiers)


def test_every_table_has_a_caption_and_every_heading_cell_a_scope() -> None:
    page = _page()
    names = [tag for tag, _ in page.tags]
    assert names.count("caption") == names.count("table")
    assert all(a.get("scope") in ("row", "col") for tag, a in page.tags if tag == "th")


def test_a_pattern_without_timeline_says_when_in_words() -> None:
    bare = replace(pattern(PLACE, (0, 1)), timeline=None)
    text = _page(detection(PLACE, (bare,))).text
    assert "Het gaat om 12 oktober t/m 8 november 2026. Bij dit patroon hoort geen tijdlijn." in text


def test_twenty_patterns_on_three_hundred_detailed_areas_stay_light() -> None:
    place = areas(300)
    detailed = replace(place, polygons=tuple(shapely.segmentize(shape, 5) for shape in place.polygons))  # type: ignore[call-overload]
    many = tuple(pattern(place, tuple(range(k, k + 6))) for k in range(20))
    html = render(detection(place, many), detailed)
    assert len(html.encode()) < 2_000_000
    assert html.count(maps.base_map(detailed).path) == 1


def _degrees(xy: Floats) -> Floats:
    return xy * 1e-5 + (4.0, 48.0)


@pytest.mark.parametrize("metric", ["plane", "sphere"])
@pytest.mark.parametrize("polygons", [True, False])
def test_every_area_of_a_pattern_lies_on_its_map(metric: str, polygons: bool) -> None:
    place = areas(40, polygons=polygons)
    if metric == "sphere":
        polygons_there = [shape for shape in place.polygons if isinstance(shape, shapely.Polygon)]
        place = replace(
            place,
            metric="sphere",
            coordinates=_degrees(place.coordinates),
            polygons=tuple(shapely.transform(shape, _degrees) for shape in polygons_there),
        )
    base = maps.base_map(place)
    for first in range(0, 40, 3):
        members = (first, (first + 1) % 40)
        view = maps.pattern_map(base, members, ["een", "twee"])
        for mark in view.marks:
            assert 0 < mark.x < maps.VIEW
            assert 0 < mark.y < view.height
            numbers = re.findall(r"-?\d+", mark.path.split("l")[0].split("h")[0])
            assert -1 <= int(numbers[0]) <= maps.VIEW + 1
            assert -1 <= int(numbers[1]) <= view.height + 1


def test_numbers_on_the_map_do_not_cover_each_other() -> None:
    base = maps.base_map(areas(60))
    marks = maps.pattern_map(base, tuple(range(8)), list("abcdefgh")).marks
    for k, one in enumerate(marks):
        for other in marks[:k]:
            assert np.hypot(one.x - other.x, one.y - other.y) >= 2 * one.radius - 1


def test_areas_in_one_place_can_still_be_drawn() -> None:
    place = replace(areas(3, polygons=False), coordinates=np.full((3, 2), 100.0))
    view = maps.pattern_map(maps.base_map(place), (0, 1, 2), ["a", "b", "c"])
    assert np.isfinite([value for mark in view.marks for value in (mark.x, mark.y)]).all()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=120), st.integers(1, 400), st.data())
@settings(max_examples=60)
def test_every_bar_stays_inside_the_chart(observed: list[int], days: int, data: st.DataObject) -> None:
    dates = tuple(date(2020, 1, 1) + timedelta(days=days * t) for t in range(len(observed)))
    first = data.draw(st.integers(0, len(observed) - 1))
    expected = tuple(float(value) / 2 for value in observed)
    course = Timeline(dates, tuple(observed), expected, expected, tuple(2 * e for e in expected))
    drawn = chart(course, start=dates[first], end=dates[-1])
    for path in (drawn.bars, drawn.pattern_bars):
        assert all(0 <= float(y) <= HEIGHT for y in re.findall(r"V(-?[\d.]+)", path))
        assert all(0 <= float(x) <= WIDTH for x in re.findall(r"M(-?[\d.]+)", path))
    assert 1 <= len(drawn.x_ticks) <= 5
    assert 2 <= len(drawn.y_ticks) <= 6
    assert drawn.bars.count("M") == sum(1 for value in observed[:first] if value)
    assert drawn.pattern_bars.count("M") == sum(1 for value in observed[first:] if value)


def test_the_window_marks_exactly_the_periods_of_the_pattern() -> None:
    course = timeline(1.0, 12, weeks=4)
    drawn = chart(course, start=course.dates[-4], end=course.dates[-1] + timedelta(days=6))
    width = (drawn.window_right - drawn.window_left) / 4
    assert width * len(course.dates) == pytest.approx(WIDTH - 54, rel=0.01)
    assert drawn.label_anchor == "end"


@pytest.mark.parametrize("drawn", ["polygons", "points"])
@pytest.mark.parametrize("period", ["week", "year"])
def test_a_fragment_in_english_has_no_dutch_left_in_it(drawn: str, period: Period) -> None:
    place = areas(polygons=drawn == "polygons")
    found = replace(pattern(place, (0, 1), theme="rouw_verlies", dominance=0.7), continues="abc")
    shown = replace(
        detection(place), patterns=(found, replace(found, against=(), against_en=(), timeline=None))
    )
    shown = replace(shown, settings=replace(shown.settings, period=period))

    def words(language: Language, name: str) -> set[str]:
        page = fragment(shown, place, theme_names={"rouw_verlies": name}, language=language)
        return {" ".join(piece.split()) for piece in _Page(str(page)).words}

    both = words("nl", "Rouw en verlies") & words("en", "Grief and loss")
    same = {piece for piece in both if re.search("[a-z]{3}", piece)}
    assert same <= {*place.names, *FIGURES, found.theme, found.identifier, found.continues}


def test_a_result_from_before_there_was_english_is_shown_in_dutch() -> None:
    found = replace(pattern(PLACE, (0, 1)), explanation_en="", against_en=())
    page = str(fragment(replace(detection(PLACE), patterns=(found,)), PLACE, language="en"))
    assert "What speaks against it" in page
    assert found.explanation in page
