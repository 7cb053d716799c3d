"""What people do with the social map and with arrangements, from beginning to end (S005, S012, S083, S107, S110)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from schakel_web.arrangements.models import Arrangement, Remark
from schakel_web.questions.models import SharedQuestion
from schakel_web.signals.models import Kind
from schakel_web.socialmap import mails
from schakel_web.socialmap.models import Provision, Session
from tests.browser.conftest import PHONE, Visit, Visitor, broken_rules
from tests.factories import city as make
from tests.factories.city import City

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])]
CODE = "7KQM-2XAB-9RTV"


def weekly(day: str, start: int) -> list[Session]:
    return [
        Session(first=timezone.localdate() - timedelta(days=28), rule=f"FREQ=WEEKLY;BYDAY={day}", start=start)
    ]


def table(city: City, **more: Any) -> Provision:
    """An eating table of residents on Tuesdays, near."""
    fields = {
        "legal_type": "burgerinitiatief",
        "resident_cost": 3,
        "capacity": 12,
        "free": 4,
        "payers": ["bewoners"],
    }
    return make.provision(city.areas[0], sessions=weekly("TU", 18 * 60), **fields | more)


def do(page: Page, title: str) -> Locator:
    """Open one of the things that can be done; its form."""
    box = page.locator("details", has=page.locator("> summary", has_text=title))
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    return box


def main(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("main")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something with these words, or this label, has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in page.evaluate(
            "[document.activeElement.textContent, document.activeElement.getAttribute('aria-label'),"
            " ...[...(document.activeElement.labels || [])].map((each) => each.textContent)].join(' ')"
        ):
            return
    raise AssertionError(f"the keyboard does not come to {words!r}")


# --- keep the map true


def test_the_keeper_confirms_by_the_link_of_a_mail_and_hears_what_a_visitor_says(
    visit: Visit, city: City
) -> None:
    """S083, S129: an informal group is asked whether it still is there; anybody may say that it is not right."""
    ago = timezone.localdate() - timedelta(days=200)
    kept = table(city, checked=ago, keeper_email="eettafel@example.org")
    make.provision(city.areas[0], name="Wandelgroep", checked=ago, organisation=None)

    lead = visit("coordinator")
    lead.go("/kaart/bijhouden/")
    expect(main(lead)).to_contain_text("Met 4 minuten bent u bij")
    expect(main(lead)).to_contain_text("nog steeds actief?")
    assert broken_rules(lead.page) == []

    assert mails.ask_keepers() == 1
    (link,) = re.findall(r"https?://\S+/klopt-nog/\S+", str(mail.outbox[0].body))
    keeper = visit(None, viewport=PHONE)
    keeper.go(urlsplit(link).path)
    assert Provision.objects.get(pk=kept.pk).is_stale  # opening a link confirms nothing: programs do that
    keeper.page.get_by_role("button", name="Ja, dit klopt nog").click()
    expect(main(keeper)).to_contain_text("Bedankt")
    assert broken_rules(keeper.page) == []
    assert not Provision.objects.get(pk=kept.pk).is_stale
    assert keeper.go(urlsplit(link).path) == 410  # a link confirms once

    visitor = visit(None, viewport=PHONE)
    visitor.go("/ontdek/?q=eettafel")
    visitor.page.get_by_role("link", name="Eettafel De Brug").click()
    visitor.page.get_by_role("link", name="Klopt niet").click()
    visitor.page.get_by_label("de dag of tijd").check()
    visitor.page.get_by_label("Wilt u er iets bij zeggen?").fill("Het is nu op donderdag.")
    assert broken_rules(visitor.page) == []
    visitor.page.get_by_role("button", name="Doorgeven").click()
    expect(main(visitor)).to_contain_text("Bedankt")

    lead.go("/kaart/bijhouden/")
    expect(main(lead)).to_contain_text("Het is nu op donderdag.")
    expect(main(lead)).not_to_contain_text("Eettafel De Brug er is twijfel")
    lead.page.get_by_role("button", name="Is verbeterd").click()
    expect(main(lead)).not_to_contain_text("Het is nu op donderdag.")


# --- find and print


def test_what_is_found_is_the_same_as_list_as_map_and_as_chart_and_on_paper(visit: Visit, city: City) -> None:
    table(city)
    make.provision(city.areas[1], name="Samen koken", sessions=weekly("TU", 12 * 60))
    make.provision(city.areas[5], name="Samen koken, ver weg", sessions=weekly("TU", 12 * 60))
    make.provision(city.areas[0], name="Lunch op vrijdag", sessions=weekly("FR", 12 * 60))
    make.provision(city.areas[0], name="Taalles", themes=["taal_leren"], sessions=weekly("TU", 10 * 60))
    page = (visitor := visit("member")).page
    visitor.go("/kaart/")
    page.get_by_label("Thema").select_option("samen_eten")
    page.get_by_label("In de buurt van").select_option(label=city.areas[0].name)
    page.get_by_label("Afstand").select_option(label="hoogstens 2 km")
    page.get_by_text("Meer keuzes").click()
    page.locator("#id_day").select_option("TU")
    page.get_by_role("button", name="Zoek").click()
    two = ["Eettafel De Brug", "Samen koken"]
    assert page.locator("ul.rows a strong").all_inner_texts() == two
    assert page.locator("#id_day").input_value() == "TU"
    expect(page.locator("#id_day")).to_be_visible()  # one sees what was chosen
    assert broken_rules(page) == []
    for view, drawn in (("Kaart", ".atlas__place"), ("Kwadrant", "circle.quadrant__dot")):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("2 gevonden")
        assert page.locator("ul.rows a strong").all_inner_texts() == two
        assert page.locator(drawn).count() == 2
        assert broken_rules(page) == []
    page.get_by_role("link", name="Lijst", exact=True).click()
    page.emulate_media(media="print")
    expect(page.locator("ul.rows")).to_contain_text("Samen koken")
    expect(page.locator("ul.rows")).to_contain_text("dinsdag")
    for gone in (page.locator("form.filters"), page.get_by_text("Meenemen"), page.locator("ul.tabs")):
        expect(gone).to_be_hidden()


def test_a_resident_finds_something_to_do_on_a_phone_in_own_words(visit: Visit, city: City) -> None:
    table(city)
    make.provision(city.areas[0], name="Schuldhulp", themes=["schulden"])
    page = (resident := visit(None, viewport=PHONE)).page
    resident.go("/ontdek/")
    page.get_by_label("Zoek op woorden").fill("samen een hapje etn")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name="Eettafel De Brug").click()
    expect(main(resident)).to_contain_text("dinsdag")
    expect(main(resident)).to_contain_text("€ 3")
    assert broken_rules(page) == []


# --- position on the chart


def test_a_place_on_the_chart_is_given_by_dragging_with_keys_and_by_number_and_the_history_shows_all(
    visit: Visit, city: City
) -> None:
    """S110–S118."""
    kept = table(city, approach=0.5, formality=0.5)
    page = (visitor := visit("member")).page
    visitor.go(f"/kaart/{kept.pk}/")
    chart = page.locator("svg[data-place]")
    approach, formality = page.locator("#id_place-approach"), page.locator("#id_place-formality")

    def save(why: str) -> None:
        page.get_by_label("Waarom hier?").fill(why)
        page.get_by_role("button", name="Plaats bewaren").click()
        expect(page.get_by_role("heading", name="Eerdere plaatsen").locator("+ ol")).to_contain_text(why)
        page.wait_for_load_state()  # the page that holds it, and its script

    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.75, steps=5)
    page.mouse.up()
    assert (float(approach.input_value()), float(formality.input_value())) == pytest.approx(
        (0.85, 0.21), abs=0.03
    )
    save("Bewoners koken zelf.")
    assert (kept.positions.latest("pk").approach) == pytest.approx(0.85, abs=0.03)

    before = float(approach.input_value())
    chart.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert float(approach.input_value()) == pytest.approx(before - 0.02, abs=0.001)
    tab_to(page, "Waarom hier?")
    page.keyboard.type("Een opbouwwerker kijkt mee.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Eerdere plaatsen").locator("+ ol")).to_contain_text("kijkt mee")

    approach.fill("0.33")
    formality.fill("0.44")
    expect(chart.locator(".quadrant__dot")).to_have_attribute("cx", "211.6")  # the dot follows the number
    save("Wij praatten erover in het team.")
    placed = Provision.objects.get(pk=kept.pk)
    assert (placed.approach, placed.formality) == (0.33, 0.44)
    assert kept.positions.count() >= 3
    assert broken_rules(page) == []


# --- join or build


def test_existing_ties_are_looked_at_and_recorded_before_something_new_begins_s005_s012(
    visit: Visit, city: City
) -> None:
    table(city)
    question = make.question(city.teams[0], city.areas[:1], city["member"], state="confirmed")
    page = (visitor := visit("member")).page
    visitor.go(f"/vragen/{question.pk}/")
    box = do(page, "Naar een andere stand")
    box.get_by_label("opgepakt", exact=True).check()
    box.get_by_label("Waarom?").fill("Wij beginnen een nieuwe eetgroep.")
    box.get_by_role("button", name="Bewaren").click()
    expect(main(visitor)).to_contain_text("Kijk eerst wat er al is")
    assert SharedQuestion.objects.get().state == "confirmed"

    expect(page.get_by_role("heading", name="Wat is er al?")).to_be_visible()
    expect(main(visitor)).to_contain_text("Eettafel De Brug")
    expect(main(visitor)).to_contain_text("van bewoners zelf")
    assert broken_rules(page) == []
    page.get_by_label("aansluiten bij wat er is").check()
    page.get_by_label("Waarom?").fill("De eettafel heeft nog vier plaatsen.")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#id_provision_error")).to_contain_text("Kies waar u bij wilt aansluiten")
    page.get_by_label("Bij welk aanbod?").select_option(label="Eettafel De Brug")
    page.get_by_role("button", name="Bewaren").click()
    expect(main(visitor)).to_contain_text("dat u eerst keek naar wat er al is")
    box = do(page, "Naar een andere stand")
    box.get_by_label("opgepakt", exact=True).check()
    box.get_by_label("Waarom?").fill("Wij sluiten aan bij de eettafel.")
    box.get_by_role("button", name="Bewaren").click()
    expect(page.locator(".steps [aria-current]")).to_have_text("Opgepakt")
    assert broken_rules(page) == []


# --- compose with a resident


def asked_for(city: City) -> Any:
    """A help request of a resident who holds a code, and things that fit."""
    table(city)
    make.provision(
        city.areas[0], name="Wandelgroep", themes=["te_weinig_bewegen"], sessions=weekly("TH", 10 * 60),
        resident_cost=0, capacity=20, free=10,
    )  # fmt: skip
    return make.signal(
        city.areas[0], text="Ik zit veel alleen en wil graag samen eten.", theme="samen_eten", kind=Kind.REQUEST,
        code=CODE, reporter=city["member"], team=city.teams[0], state="accepted",
    )  # fmt: skip


def test_professional_and_resident_compose_a_plan_and_the_resident_directs_it(
    visit: Visit, city: City
) -> None:
    """S010, S011, S033, S107."""
    asked_for(city)
    page = (visitor := visit("member")).page
    visitor.go("/arrangementen/")
    page.get_by_role("button", name="Arrangement samenstellen").click()
    page.get_by_role("button", name="Doe een suggestie").click()
    best = page.locator("#suggestie ~ ol > li").first
    expect(best).to_contain_text("Eettafel De Brug")
    assert broken_rules(page) == []
    best.get_by_label("Waarom past dit?").fill("Dit is om de hoek.")
    best.get_by_role("button", name="Neem dit als begin").click()
    effects = page.locator("#gevolgen")
    expect(page.locator("#plan .cards")).to_contain_text("Eettafel De Brug")
    expect(effects).to_contain_text("dinsdag")
    do(page, "Wat wil en kan de bewoner?")
    page.get_by_label("donderdag", exact=True).check()  # the consequences move along
    expect(effects).to_contain_text("Past niet bij de wens")
    page.get_by_label("donderdag", exact=True).uncheck()
    expect(effects).not_to_contain_text("Past niet bij de wens")

    search = page.locator("#kiezen ~ form").first
    search.get_by_label("Zoek op woorden").fill("wandelen")
    search.get_by_role("button", name="Zoek").click()
    page.get_by_role("button", name=re.compile("Erbij.*Wandelgroep")).click()
    expect(effects).to_contain_text("donderdag")
    card = page.locator("#plan .card", has_text="Wandelgroep")
    card.get_by_text("Weghalen").click()
    card.get_by_label("Waarom?").fill("De bewoner wil eerst eten.")
    card.get_by_role("button", name="Haal weg").click()
    expect(effects).not_to_contain_text("donderdag")
    do(page, "Wat er is gekozen, en waarom")
    expect(main(visitor)).to_contain_text("De bewoner wil eerst eten.")

    page.get_by_role("link", name="Eettafel De Brug", exact=True).first.click()
    page.get_by_label("Wat wil de bewoner hiermee bereiken?").fill("Elke week een avond niet alleen.")
    page.get_by_role("button", name="Bewaren").first.click()
    expect(page.locator("#plan")).to_contain_text("Elke week een avond niet alleen.")
    assert broken_rules(page) == []
    page.get_by_role("link", name="Afdrukken voor de bewoner").click()
    expect(main(visitor)).to_contain_text("Mijn plan")
    expect(main(visitor)).to_contain_text("Elke week een avond niet alleen.")
    assert broken_rules(page) == []
    page.emulate_media(media="print")
    assert (
        float(page.locator(".paper li").first.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)"))
        >= 16
    )


def test_a_resident_reads_the_plan_says_something_agrees_and_withdraws_with_the_code(
    visit: Visit, city: City
) -> None:
    """S107, R14: everything by the resident, nothing with a name."""
    plan = make.arrangement(asked_for(city), city.teams[0], city["member"])
    professional = visit("member")
    professional.go(f"/arrangementen/{plan.pk}/?q=eettafel")
    professional.page.get_by_role("button", name=re.compile("Erbij.*Eettafel")).click()
    page = (resident := visit(None, viewport=PHONE)).page
    resident.go("/mijn-signaal/")
    page.get_by_label("Uw code").fill(CODE.lower())
    page.get_by_role("button", name="Bekijk").click()
    page.get_by_role("link", name="Lees uw plan").click()
    expect(main(resident)).to_contain_text("Eettafel De Brug")
    assert broken_rules(page) == []
    page.get_by_role("textbox").last.fill("Liever niet elke week.")
    page.get_by_role("button", name="Versturen").click()
    expect(main(resident)).to_contain_text("Liever niet elke week.")
    page.get_by_role("button", name="Ik ben het eens met dit plan").click()
    expect(main(resident)).to_contain_text("U vond dit plan goed")
    professional.go(f"/arrangementen/{plan.pk}/")
    expect(main(professional)).to_contain_text("de bewoner ging akkoord")
    expect(main(professional)).to_contain_text("de bewoner: Liever niet elke week.")
    page.get_by_text("Ik wil dit plan niet meer").click()
    page.get_by_role("button", name="Plan intrekken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ingetrokken")
    assert broken_rules(page) == []
    assert not Arrangement.objects.exclude(state="withdrawn").exists()
    assert not Remark.objects.filter(text__contains="Liever").exists()


def test_a_plan_is_composed_with_the_keyboard_alone(visit: Visit, city: City) -> None:
    plan = make.arrangement(asked_for(city), city.teams[0], city["member"])
    page = (visitor := visit("member")).page
    visitor.go(f"/arrangementen/{plan.pk}/")
    tab_to(page, "Doe een suggestie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Past het best")).to_be_visible()
    tab_to(page, "Waarom past dit?")
    page.keyboard.type("Dit is om de hoek.")
    page.keyboard.press("Enter")
    expect(page.locator("#plan .cards")).to_contain_text("Eettafel De Brug")
    tab_to(page, "Weghalen")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Toch niet.")
    page.keyboard.press("Enter")
    expect(page.locator("#plan .cards")).not_to_contain_text("Eettafel De Brug")
    assert plan.choices.filter(reason="Toch niet.").exists()
    assert broken_rules(page) == []
