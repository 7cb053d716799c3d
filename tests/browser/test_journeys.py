"""What people do with Schakel from beginning to end, each with a browser of their own (S018, S021, S033, S075; R13)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from schakel_web.questions.models import Decision, Meeting, SharedQuestion
from schakel_web.signals.models import Signal
from tests.browser.conftest import PHONE, Visit, Visitor, broken_rules
from tests.factories import city as make
from tests.factories.city import PASSWORD, City

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])]
CODE = "7KQM-2XAB-9RTV"
LONELY = "Veel ouderen zitten hier de hele dag alleen thuis en voelen zich eenzaam."


class Hands:
    """Taps and typing on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.used = 0

    def type(self, label: str, text: str) -> None:
        self.used += 1
        self.page.get_by_label(label).fill(text)

    def tap(self, name: str, role: Any = "button") -> None:
        self.used += 1
        self.page.get_by_role("main").get_by_role(role, name=name).click()


def test_a_signal_on_the_doorstep_takes_two_interactions_of_the_five_that_are_allowed(
    visit: Visit, city: City
) -> None:
    make.signal(city.areas[1], reporter=city["member"], source="street")  # the area is known from last time
    page = (visitor := visit("member", viewport=PHONE, has_touch=True)).page
    visitor.go("/signaal/nieuw/")
    hands = Hands(page)
    hands.type("Wat speelt hier?", LONELY)
    expect(page.get_by_role("checkbox", name="Eenzaamheid")).to_be_checked()
    hands.tap("Doorgeven")
    expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
    assert hands.used <= 5
    assert hands.used == 2
    given = Signal.objects.latest("pk")
    assert (given.text, given.area, given.source) == (LONELY, city.areas[1], "street")
    assert "eenzaamheid" in given.themes.values_list("theme", flat=True)
    assert page.locator("[data-code]").inner_text().count("-") == 2


def test_a_name_is_marked_while_somebody_types_and_refused_when_it_stays_r4(visit: Visit, city: City) -> None:
    page = (visitor := visit("member", viewport=PHONE)).page
    visitor.go("/signaal/nieuw/")
    page.get_by_label("Wat speelt hier?").fill("Mevrouw Jansen van nummer 12 is eenzaam, bel 06-12345678.")
    expect(page.locator("#gelezen mark").first).to_be_visible()
    page.get_by_label("In welke buurt?").select_option(label=city.areas[0].name)
    page.get_by_role("button", name="Doorgeven").click()
    wrong = page.locator("#id_text")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_text_error")).to_contain_text("Jansen")
    assert broken_rules(page) == []
    assert not Signal.objects.exists()


def test_a_resident_without_javascript_is_shown_themes_and_sends_the_second_time(
    visit: Visit, city: City
) -> None:
    page = (visitor := visit(None, viewport=PHONE, java_script_enabled=False)).page
    visitor.go("/meld/")
    page.locator("#id_text").fill(LONELY)
    page.locator("#id_area").select_option(label=city.areas[0].name)
    page.locator("main button[type=submit]").click()
    assert page.locator("input[name=themes][value=eenzaamheid]").is_checked()
    assert page.locator("#id_text").input_value() == LONELY
    page.locator("main button[type=submit]").click()
    assert "Bedankt" in page.locator("h1").inner_text()
    assert Signal.objects.get().state == "waiting"


def test_without_a_network_a_signal_waits_on_the_phone_and_is_sent_once(visit: Visit, city: City) -> None:
    make.signal(city.areas[1], reporter=city["member"])
    page = (visitor := visit("member", viewport=PHONE)).page
    visitor.go("/signaal/nieuw/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.go("/signaal/nieuw/")  # now it is kept
    visitor.context.set_offline(True)
    page.reload()
    page.get_by_label("Wat speelt hier?").fill(LONELY)
    page.get_by_role("button", name="Doorgeven").click()
    expect(page.locator("#wachtend")).to_contain_text("Kies zelf een thema")
    page.get_by_label("Kies zelf een thema").select_option("eenzaamheid")
    page.get_by_role("button", name="Doorgeven").click()
    expect(page.locator("#wachtend")).to_contain_text("Nog niet verstuurd: 1")
    assert Signal.objects.count() == 1
    visitor.context.set_offline(False)
    expect(page.locator("#wachtend")).to_contain_text("alsnog verstuurd")
    page.reload()
    expect(page.locator("#wachtend")).to_be_hidden()
    assert Signal.objects.filter(text=LONELY).count() == 1


def test_a_help_request_is_clarified_weighed_and_amended_by_the_resident(visit: Visit, city: City) -> None:
    page = (visitor := visit("member")).page
    visitor.go("/hulpvraag/nieuw/")
    page.get_by_label("Wat vraagt de bewoner?").fill(
        "Ik wil graag vaker samen eten, want ik zit veel alleen."
    )
    page.get_by_label("In welke buurt?").select_option(label=city.areas[0].name)
    expect(page.locator("input[name=themes]").first).to_be_visible()
    page.get_by_role("button", name="Doorgeven").click()
    code = page.locator("[data-code]").inner_text()
    page.get_by_role("link", name="Vraag samen verhelderen").click()
    page.locator("#id_wish").fill("Twee keer per week met anderen eten.")
    page.locator("#id_strength").fill("Kan goed koken.")
    page.get_by_role("button", name="Bewaren en afwegen").click()
    page.get_by_label("combinatie").check()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#id_reason_error")).to_contain_text("Schrijf kort waarom")
    assert broken_rules(page) == []
    page.locator("#id_reason").fill("Het moest vandaag geregeld zijn.")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("main")).to_contain_text("Uw afweging is bewaard")

    theirs = (resident := visit(None, viewport=PHONE)).page
    resident.go("/mijn-signaal/")
    theirs.get_by_label("Uw code").fill(code.lower())
    theirs.get_by_role("button", name="Bekijk").click()
    theirs.locator("#id_wish").fill("Elke dag samen eten.")
    theirs.get_by_role("button", name="Dit bewaren").click()
    expect(theirs.get_by_role("main")).to_contain_text("Uw verbetering is bewaard")
    assert Signal.objects.get().clarification.wish == "Elke dag samen eten."


def do(page: Page, title: str) -> Any:
    """Open one of the things that can be done with a question; its form."""
    box = page.locator("details", has=page.locator("summary", has_text=title))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    return box


def move(page: Page, to: str) -> None:
    box = do(page, "Naar een andere stand")
    box.get_by_label(to, exact=True).check()
    box.get_by_label("Waarom?").fill("Het team ziet het ook.")
    box.get_by_role("button", name="Bewaren").click()


def test_from_a_pattern_to_a_confirmed_question_and_back_to_who_signalled_r13(
    visit: Visit, city: City
) -> None:
    make.pattern(city.areas[:2])
    make.signal(city.areas[0], text=LONELY, code=CODE)
    page = (visitor := visit("member")).page
    visitor.go("/patronen/")
    page.get_by_role("main").get_by_role("link", name="Eenzaamheid").first.click()
    expect(page.get_by_role("main")).to_contain_text(LONELY)
    page.get_by_role("button", name="Open een breder levende vraag").click()
    page.get_by_label("De vraag, in woorden van bewoners").fill(
        "Wij willen ’s avonds niet steeds alleen eten."
    )
    page.get_by_role("button", name="Vraag openen").click()
    move(page, "verkend")
    expect(page.locator(".steps [aria-current]")).to_have_text("Verkend")
    move(page, "bevestigd")
    expect(page.get_by_role("main")).to_contain_text("Leg eerst vast wat bewoners ervan vinden")
    talk = do(page, "Vastleggen wat bewoners vinden")
    talk.get_by_label("Hoe?").fill("Aan de koffietafel in het buurthuis.")
    talk.get_by_label("Met hoeveel bewoners?").fill("7")
    talk.get_by_label("Wat zeiden zij?").fill("Samen eten zou fijn zijn.")
    talk.get_by_label("zij herkennen de vraag", exact=True).check()
    talk.get_by_role("button", name="Bewaren").click()
    move(page, "bevestigd")
    expect(page.locator(".steps [aria-current]")).to_have_text("Bevestigd")
    assert broken_rules(page) == []
    back = do(page, "Terugzeggen aan wie iets doorgaf")
    back.get_by_label("Bericht aan iedereen").fill("Er komt elke dinsdag een eettafel in het buurthuis.")
    back.get_by_role("button", name="Bewaren").click()
    assert SharedQuestion.objects.get().state == "confirmed"

    resident = visit(None, viewport=PHONE)
    resident.go(f"/mijn-signaal/{CODE}/")
    told = resident.page.get_by_role("main")
    expect(told).to_contain_text("elke dinsdag een eettafel")
    expect(told).to_contain_text("Bewoners herkennen deze vraag")
    assert broken_rules(resident.page) == []


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something with these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"the keyboard does not come to {words!r}")


def test_the_weekly_meeting_is_held_with_the_keyboard_alone(visit: Visit, city: City) -> None:
    pattern = make.pattern(city.areas[:2])
    make.question(city.teams[0], city.areas[:1], city["member"])
    page = (visitor := visit("coordinator")).page
    visitor.go("/overleg/")
    tab_to(page, "Begin het overleg")
    page.keyboard.press("Enter")
    expect(page.locator("[data-keys]")).to_be_visible()
    page.wait_for_load_state()  # the page that has keys, and its script
    page.keyboard.press("?")
    expect(page.locator("[data-keys] dl")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("[data-keys] dl")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(f"#pattern-{pattern.pk}")).to_be_focused()
    page.keyboard.press("b")
    page.keyboard.type("Wij vragen het bewoners.")
    page.keyboard.press("Enter")
    expect(page.locator("#besluiten + ul")).to_contain_text("Wij vragen het bewoners.")
    expect(page.locator(f"#pattern-{pattern.pk}")).to_be_focused()  # back where one was
    page.keyboard.press("j")
    page.keyboard.press("b")
    page.keyboard.type("Het buurthuis wordt gebeld.")
    page.keyboard.press("Escape")
    expect(page.locator("[data-item]:focus input[name=text]")).to_have_value("Het buurthuis wordt gebeld.")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator("#besluiten + ul")).to_contain_text("Het buurthuis wordt gebeld.")
    page.keyboard.press("b")
    page.keyboard.type("Jan Jansen belt 06-12345678.")
    page.keyboard.press("Enter")
    refused = page.locator("[aria-invalid=true]")  # nothing is lost, and the focus is where it goes on
    expect(refused).to_have_value("Jan Jansen belt 06-12345678.")
    expect(refused).to_be_focused()
    assert broken_rules(page) == []
    refused.fill("")
    tab_to(page, "Overleg afsluiten")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("6")
    tab_to(page, "Sluit af en maak het verslag")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Besluiten")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("6 aanwezigen")
    tab_to(page, "Verslag als PDF")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert Meeting.objects.get().closed
    assert Decision.objects.count() == 2


FAULTY = """date,area,theme,people,source,text
{day},{area},eenzaamheid,2,street,Veel mensen zijn hier alleen.
{day},BU99999999,eenzaamheid,2,street,Deze buurt bestaat niet.
31-31-2026,{area},schulden,2,street,Deze datum bestaat niet.
"""


def test_a_file_with_faults_is_looked_at_first_and_only_its_good_rows_are_read_in(
    visit: Visit, city: City, tmp_path: Path
) -> None:
    file = tmp_path / "signalen.csv"
    file.write_text(FAULTY.format(day="2026-01-05", area=city.areas[0].code), encoding="utf-8")
    page = (visitor := visit("coordinator")).page
    visitor.go("/signalen/inlezen/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Verder").click()
    faults = page.get_by_role("alert")
    expect(faults).to_contain_text("BU99999999")
    expect(faults).to_contain_text("31-31-2026")
    assert broken_rules(page) == []
    assert not Signal.objects.exists()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("De goede regels inlezen").check()
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("main")).to_contain_text("Veel mensen zijn hier alleen.")
    assert Signal.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/signalen/inlezen/", "/kaart/inlezen/", "/beheer/gebieden/", "/beheer/kerncijfers/"]
)
def test_while_a_file_is_read_the_page_says_so(visit: Visit, city: City, address: str) -> None:
    page = (visitor := visit("administrator" if "beheer" in address else "coordinator")).page
    assert visitor.go(address) == 200
    said = page.get_by_text("Wij lezen het bestand.")
    expect(said).to_be_hidden()
    page.evaluate(
        "document.addEventListener('submit', event => event.preventDefault())"
    )  # as long as it lasts
    page.get_by_role("main").locator("button[type=submit]").click()
    expect(said).to_be_visible()


def code_of(secret: str) -> str:
    """What the app on the phone would show."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def log_in(visitor: Visitor, city: City, name: str) -> None:
    visitor.go("/account/login/")
    visitor.page.get_by_label("E-mailadres").fill(city[name].email)
    visitor.page.get_by_label("Wachtwoord").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Inloggen", exact=True).click()


def test_a_second_step_is_switched_on_and_asked_for_at_the_next_login(visit: Visit, city: City) -> None:
    page = (visitor := visit(None)).page
    log_in(visitor, city, "member")
    visitor.go("/account/2fa/")
    page.get_by_role("link", name="Aanzetten").click()
    page.get_by_label("Wachtwoord").fill(PASSWORD)  # who left a screen open loses no account
    page.get_by_role("button", name="Verder").click()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Aanzetten").click()
    expect(page.get_by_role("heading", name="Uw reservecodes")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("button", name="Uitloggen").click()
    log_in(visitor, city, "member")
    expect(page.get_by_role("heading", name="Vul de code uit uw app in")).to_be_visible()
    assert broken_rules(page) == []
    cache.clear()  # as if half a minute went by: a code is good once
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_role("heading", name="Vandaag")).to_be_visible()


_FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const label = e.closest('.chips label') ? getComputedStyle(e.closest('label')) : s;
  const lit = [s, label].some((x) => x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) >= 2);
  const there = r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
  return {body: e === document.body, lit, there, what: e.outerHTML.slice(0, 90)};
}"""


def stop(page: Page) -> dict[str, Any]:
    """Where the keyboard is, once the browser scrolled to it."""
    for _ in range(40):
        found: dict[str, Any] = page.evaluate(_FOCUS)
        if found["body"] or (found["lit"] and found["there"]):
            break
        page.wait_for_timeout(50)
    return found


@pytest.mark.parametrize("address", ["/vandaag/", "/signaal/nieuw/", "/signalen/", "/overleg/", "/ik/"])
def test_the_keyboard_reaches_everything_and_one_always_sees_where(
    visit: Visit, city: City, address: str
) -> None:
    make.pattern(city.areas[:1])
    make.question(city.teams[0], city.areas[:1], city["member"])
    page = (visitor := visit("member")).page
    visitor.go(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    assert stop(page)["there"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    visitor.go(address)
    stops = []
    for _ in range(120):
        page.keyboard.press("Tab")
        here = stop(page)
        if here["body"]:
            break
        stops.append(here)
    else:
        raise AssertionError("the keyboard is caught")
    assert [each for each in stops if not (each["lit"] and each["there"])] == []
    assert len(stops) >= page.locator("main :is(a[href], button):visible").count()


def test_the_menu_of_a_phone_opens_and_closes_with_the_keyboard(visit: Visit, city: City) -> None:
    page = (visitor := visit("member", viewport=PHONE)).page
    visitor.go("/vandaag/")
    menu, button = page.get_by_role("navigation"), page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    button.press("Enter")
    expect(menu.get_by_role("link", name="Patronen")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert broken_rules(page) == []
    menu.get_by_role("link", name="Patronen").focus()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_without_javascript_the_menu_of_a_phone_is_simply_there(visit: Visit, city: City) -> None:
    visitor = visit("member", viewport=PHONE, java_script_enabled=False)
    visitor.go("/vandaag/")
    expect(visitor.page.get_by_role("navigation").get_by_role("link", name="Patronen")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Menu")).to_be_hidden()


def test_on_a_device_that_is_shared_nobody_reads_or_sends_what_somebody_else_wrote(
    visit: Visit, city: City
) -> None:
    make.signal(city.areas[1], reporter=city["member"])
    page = (visitor := visit("member", viewport=PHONE)).page
    visitor.go("/signaal/nieuw/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.go("/signaal/nieuw/")
    visitor.context.set_offline(True)
    page.reload()
    page.get_by_label("Wat speelt hier?").fill(LONELY)
    page.get_by_label("Kies zelf een thema").select_option("eenzaamheid")
    page.get_by_role("button", name="Doorgeven").click()
    expect(page.locator("#wachtend")).to_contain_text("Nog niet verstuurd: 1.")
    kept: Any = visitor.context.cookies()
    other: Any = visit("mate").context.cookies()
    mine = page.evaluate("document.body.dataset.user")
    visitor.context.clear_cookies()
    visitor.context.set_offline(False)
    visitor.go("/signaal/nieuw/")  # the session is over: to the login
    assert "inloggen" in page.url or "login" in page.url
    assert page.evaluate("caches.has('pages')") is False
    visitor.context.add_cookies(other)
    visitor.go("/signaal/nieuw/")
    assert page.evaluate("document.body.dataset.user") != mine
    expect(page.locator("#wachtend")).to_be_hidden()
    assert not Signal.objects.filter(text=LONELY).exists()
    visitor.context.clear_cookies()
    visitor.context.add_cookies(kept)  # whoever wrote it is back
    visitor.go("/signaal/nieuw/")
    expect(page.locator("#wachtend")).to_contain_text("alsnog verstuurd")
    assert Signal.objects.get(text=LONELY).reporter == city["member"]
