"""Fifteen minutes of the weekly meeting: a clock that everybody in the room sees, and that disturbs nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from schakel_web.questions import actions
from schakel_web.questions.models import Decision, Meeting
from tests.browser.conftest import Visit, broken_rules
from tests.factories import city as make
from tests.factories.city import City

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])]


def test_the_clock_of_the_meeting_counts_down_and_speaks_three_times(visit: Visit, city: City) -> None:
    meeting = actions.start_meeting(team=city.teams[0], by=city["member"])
    Meeting.objects.filter(pk=meeting.pk).update(started=timezone.now() - timedelta(minutes=9))
    page = (visitor := visit("member")).page
    page.clock.install()
    visitor.go("/overleg/")
    shown, aloud = page.get_by_role("timer"), page.locator("[data-clock] [role=status]")
    expect(shown).to_have_text(re.compile(r"^[56]:\d\d$"))
    expect(aloud).to_be_empty()
    assert broken_rules(page) == []
    page.clock.fast_forward("01:00")
    expect(aloud).to_have_text("Nog vijf minuten.")
    expect(shown).to_have_text(re.compile(r"^4:\d\d$"))
    page.clock.fast_forward("04:00")
    expect(aloud).to_have_text("Nog één minuut.")
    page.clock.fast_forward("01:00")
    expect(aloud).to_have_text("De vijftien minuten zijn om.")
    expect(shown).to_have_text("De vijftien minuten zijn om.")
    Meeting.objects.filter(pk=meeting.pk).update(started=timezone.now() - timedelta(minutes=12))
    page.reload()
    expect(shown).to_have_text(
        re.compile(r"^[23]:\d\d$")
    )  # by the time of the server, whatever the browser thinks
    page.locator("[data-clock] summary").click()
    page.wait_for_function("sessionStorage.getItem('clock') === 'closed'")
    page.reload()
    expect(page.locator("[data-clock] summary")).to_be_visible()
    expect(shown).to_be_hidden()


def test_without_javascript_the_meeting_says_when_it_began_and_when_it_ends(visit: Visit, city: City) -> None:
    meeting = actions.start_meeting(team=city.teams[0], by=city["member"])
    visitor = visit("member", java_script_enabled=False)
    visitor.go("/overleg/")
    begin, end = (timezone.localtime(moment).strftime("%H:%M") for moment in (meeting.started, meeting.ends))
    expect(visitor.page.get_by_role("main")).to_contain_text(f"om {begin}, klaar om {end}")
    expect(visitor.page.get_by_text("Klok")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 375])
def test_the_button_of_a_decision_lines_up_with_its_field_and_a_double_click_is_one_decision(
    visit: Visit, city: City, width: int
) -> None:
    """Beside the field where there is room, below it where there is none; never higher."""
    make.pattern(city.areas[:1])
    make.question(city.teams[0], city.areas[:1], city["member"], text="Samen eten")
    actions.start_meeting(team=city.teams[0], by=city["member"])
    visitor = visit("member", viewport={"width": width, "height": 900}, java_script_enabled=False)
    visitor.go("/overleg/")
    for form in visitor.page.locator("form.filters").all():
        field, button = (form.locator(what).bounding_box() for what in ("input[name=text]", "button"))
        assert field is not None
        assert button is not None
        beside = abs(button["y"] + button["height"] - field["y"] - field["height"]) <= 2
        assert beside or button["y"] >= field["y"] + field["height"]
    card = visitor.page.locator("article[id^=question]")
    card.get_by_label("Besluit").fill("Wij gaan samen koken.")
    card.get_by_role("button", name="Leg vast").dblclick()
    expect(visitor.page.locator("main")).to_contain_text("Wij gaan samen koken.")
    visitor.page.wait_for_load_state()
    assert Decision.objects.count() == 1
