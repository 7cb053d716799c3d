"""Input that cannot be right: one clear Dutch sentence at the field, and what was typed stays (DESIGN §8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from schakel_web.network.models import Area, Organisation
from schakel_web.questions import actions
from schakel_web.questions.models import Check, Decision, SharedQuestion
from schakel_web.signals.models import Signal
from schakel_web.signals.receipts import hashed
from tests.factories import city as make
from tests.factories.city import City
from tests.web.test_imports import HEADER, sent
from tests.web.test_network import geojson, upload
from tests.web.test_signals import given

As = Callable[[str], Client]
LATER = timezone.localdate() + timedelta(days=400)
LONG = "Veel ouderen eten alleen. " * 4000
TURNED = "Veel ouderen \u202eneella nete"
FORMS = [("member", "/signaal/nieuw/"), ("member", "/hulpvraag/nieuw/"), ("", "/meld/")]


def shown(page: Any) -> str:
    return unescape(page.content.decode())


@pytest.mark.parametrize(("who", "address"), FORMS)
@pytest.mark.parametrize(
    "wrong",
    [
        ("text", LONG, f"hoogstens 1000 tekens, het zijn er nu {len(LONG.strip())}"),
        ("text", "Veel\x00 ouderen eten alleen.", "Op plek 5 staat een onzichtbaar teken (U+0000)"),
        ("text", "Veel ouderen\x1b[31m eten alleen.", "Op plek 13 staat een onzichtbaar teken (U+001B)"),
        ("text", "Veel ouderen\x85eten alleen.", "Op plek 13 staat een onzichtbaar teken (U+0085)"),
        ("text", TURNED, "Op plek 14 staat een onzichtbaar teken (U+202E)"),
        ("text", "  \n ", "Dit is nog leeg"),
        ("area", "999999", "Deze buurt kennen wij niet"),
        ("area", "BU90010000", "Deze buurt kennen wij niet"),
        ("date", LATER.isoformat(), f"{date_format(LATER, 'j F Y')} ligt in de toekomst"),
        ("date", "31-02-2026", "Dit is geen datum. Schrijf bijvoorbeeld 31-5-2026."),
        ("people", "-1", "-1 is geen beschikbare keuze"),
        ("people", "veel", "veel is geen beschikbare keuze"),
        ("once", "geen-uuid", "geldige UUID"),
    ],
)  # fmt: skip
def test_a_signal_that_cannot_be_right_is_not_kept_and_what_was_typed_is_still_there(
    city: City, as_: As, who: str, address: str, wrong: tuple[str, str, str]
) -> None:
    field, value, said = wrong
    typed = given(city, who="resident") | {field: value}
    page = (as_(who) if who else Client()).post(address, typed)
    assert page.status_code == 422
    assert said in shown(page)
    assert not Signal.objects.exists()
    form = page.context["form"]
    assert list(form.errors) == [field]
    kept = {name: form[name].value() for name in form.fields if name in typed}
    assert kept == {
        name: [str(v) for v in typed[name]] if name == "themes" else str(typed[name]) for name in kept
    }
    assert typed["text"].strip() in shown(page)


def test_emoji_accents_and_other_scripts_are_not_bad_input(city: City, as_: As) -> None:
    text = "Café ’t Hoekje is dicht 👩‍👩‍👧. كثير من الناس وحيدون.\nVeel mensen zijn alleen."
    as_("member").post("/signaal/nieuw/", given(city, text=text))
    assert Signal.objects.get().text.replace("\r\n", "\n") == text


def test_a_form_that_is_sent_twice_is_kept_once_also_without_javascript(city: City, as_: As) -> None:
    for client, address in ((as_("member"), "/signaal/nieuw/"), (Client(), "/meld/")):
        once = client.get(address).context["form"]["once"].value()
        codes = []
        for _ in range(2):
            client.post(address, given(city, who="resident", once=once))
            codes.append(client.session["receipt"]["code"])
        assert Signal.objects.get().receipt == hashed(codes[1])
        Signal.objects.all().delete()


def test_who_goes_back_and_writes_something_else_loses_nothing(city: City, as_: As) -> None:
    client = as_("member")
    once = client.get("/signaal/nieuw/").context["form"]["once"].value()
    client.post("/signaal/nieuw/", given(city, once=once))
    client.post("/signaal/nieuw/", given(city, once=once, text="Er is geen plek om te sporten."))
    as_("mate").post("/signaal/nieuw/", given(city, once=once))
    assert Signal.objects.count() == 3


def test_a_pattern_that_is_taken_up_twice_is_one_question(city: City, as_: As) -> None:
    pattern, client = make.pattern(city.areas[:1]), as_("member")
    page = client.post("/vragen/nieuw/", {"pattern": pattern.pk, "begin": "1"})
    form = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    typed = form | {"pattern": pattern.pk, "pattern_version": 0, "text": "Wij willen niet alleen eten."}
    typed |= {"areas": [city.areas[0].pk], "theme": "eenzaamheid"}
    client.post("/vragen/nieuw/", typed)
    again = client.post("/vragen/nieuw/", typed, follow=True)
    assert SharedQuestion.objects.count() == 1
    assert "Iemand anders heeft dit net veranderd" in shown(again) or again.status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LONG, "hoogstens 500 tekens"),
        (TURNED, "onzichtbaar teken (U+202E)"),
        ("Wij\x00 gaan langs.", "onzichtbaar teken (U+0000)"),
    ],
)
def test_a_decision_that_cannot_be_kept_stays_in_its_place(city: City, as_: As, text: str, said: str) -> None:
    actions.start_meeting(team=city.teams[0], by=city["member"])
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    page = as_("member").post("/overleg/besluit/", {"kind": "question", "number": question.pk, "text": text})
    assert page.status_code == 422
    assert said in shown(page)
    assert text.strip() in shown(page)
    assert not Decision.objects.exists()


def test_residents_cannot_have_said_something_tomorrow(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    typed = {
        "how": "Aan de koffietafel.",
        "people": 7,
        "said": "Dat klopt.",
        "day": LATER.isoformat(),
        "result": "yes",
    }
    page = as_("member").post(
        f"/vragen/{question.pk}/", {"do": "check"} | {f"check-{name}": value for name, value in typed.items()}
    )
    assert f"{date_format(LATER, 'j F Y')} ligt in de toekomst" in shown(page)
    assert "Aan de koffietafel." in shown(page)
    assert not Check.objects.exists()


@pytest.mark.parametrize("name", ["N" * 100_000, "Wonen\x00Samen"])
def test_the_name_of_an_organisation_that_cannot_be_kept_stays_in_its_field(
    city: City, as_: As, name: str
) -> None:
    before = Organisation.objects.count()
    typed = {"name": name, "kind": "housing", "brings": "Een huiskamer.", "active": "on"}
    page = as_("administrator").post("/beheer/organisaties/nieuw/", typed)
    assert page.context["form"].errors["name"]
    assert name in shown(page)
    assert "Een huiskamer." in shown(page)
    assert Organisation.objects.count() == before


RING = [[4.9, 52.37], [4.91, 52.37], [4.91, 52.38], [4.9, 52.38], [4.9, 52.37]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]},
        {"type": "Polygon", "coordinates": [RING[:4]]},
        {"type": "Polygon", "coordinates": [RING[:2]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["vier", "negen"], *RING[1:]]]},
        {"type": "LineString", "coordinates": RING},
        {"type": "Polygon"},
        {},
    ],
    ids=[
        "crosses itself",
        "not closed",
        "two points",
        "nothing",
        "words",
        "a line",
        "no points",
        "no geometry",
    ],
)
def test_a_broken_border_is_said_with_the_neighbourhood_and_what_was_expected(
    city: City, as_: As, geometry: dict[str, Any]
) -> None:
    good = {"buurtcode": "BU03630000", "buurtnaam": "Goed"}
    bad = {"buurtcode": "BU03630001", "buurtnaam": "Stuk"}
    file = geojson(
        {"type": "Feature", "properties": good, "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {"type": "Feature", "properties": bad, "geometry": geometry},
    )
    page = upload(as_("administrator"), "/beheer/gebieden/", file, year=2026)
    assert page.status_code == 422
    assert re.search(r"BU03630001[^<]*verwacht: een gesloten grens \(Polygon of MultiPolygon\)", shown(page))
    assert not Area.objects.filter(code__startswith="BU0363").exists()


@pytest.mark.parametrize("text", ["Veel\x07 zorgen.", TURNED])
def test_a_row_with_signs_that_nobody_sees_is_a_fault_with_its_line_and_field(
    city: City, as_: As, text: str
) -> None:
    page = sent(as_("coordinator"), HEADER + f"2026-05-01,BU90010000,schulden,1,street,{text}\n")
    assert "regel 2, text:" in shown(page)
    assert "verwacht: hoogstens 1000 leesbare tekens" in shown(page)
    assert not Signal.objects.exists()


def test_a_guessed_code_is_named_and_can_be_mended_at_once(city: City) -> None:
    page = Client().post("/mijn-signaal/", {"code": "7kqm-2xab-9rtx"}, follow=True)
    assert page.status_code == 404
    assert "Bij de code ‘7kqm-2xab-9rtx’ hoort geen signaal" in shown(page)
    assert 'value="7kqm-2xab-9rtx"' in shown(page)


@pytest.mark.parametrize("code", ["", "../../", "\x00", "a" * 100_000, "<script>", TURNED])
def test_whatever_is_typed_as_a_code_is_no_error_of_ours(city: City, code: str) -> None:
    page = Client().post("/mijn-signaal/", {"code": code}, follow=True)
    assert page.status_code == 404
    assert "hoort geen signaal" in shown(page)
    assert b"<script>&" not in page.content
    assert b"\xe2\x80\x98<script>" not in page.content


def test_a_link_to_a_new_password_that_is_over_says_what_to_do(city: City) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": city["member"].email})
    found = re.search(r"/account/password/reset/key/\S+/", str(mail.outbox[-1].body))
    assert found
    city["member"].set_password("iets heel anders 4")
    city["member"].save()
    page = client.get(found.group(), follow=True)
    assert "Deze link werkt niet meer" in shown(page)
    assert "nieuwe" in shown(page)


def test_a_form_that_lay_open_too_long_says_how_to_keep_what_was_typed(city: City) -> None:
    page = Client(enforce_csrf_checks=True).post("/meld/", given(city, who="resident"))
    assert page.status_code == 403
    assert "Het formulier is verlopen" in shown(page)
    assert given(city)["text"] in shown(page)


def test_what_was_typed_in_a_form_that_expired_is_shown_and_never_what_another_site_sent(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    given = {"text": "Veel <b>ouderen</b> eten alleen.", "password": "vier losse woorden samen"}
    own = client.post("/meld/", given, headers={"Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 403
    assert "Veel &lt;b&gt;ouderen&lt;/b&gt; eten alleen." in own.content.decode()
    assert "losse woorden" not in own.content.decode()
    other = client.post("/meld/", given, headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
    assert "ouderen" not in other.content.decode()


@pytest.mark.parametrize("number", ["²", "9" * 5000, "a\0_1", "\0_²"])
@pytest.mark.parametrize(
    ("person", "address"),
    [
        (None, "/ontdek/?na="), ("member", "/kaart/?na="), ("administrator", "/beheer/logboek/?actor="),
        ("administrator", "/beheer/logboek/?before="), ("administrator", "/beheer/logboek/?action="),
    ],
)  # fmt: skip
def test_a_number_that_is_none_in_an_address_is_no_error_of_ours(
    city: City, as_: As, person: str | None, address: str, number: str
) -> None:
    make.provision(city.areas[0])
    client = as_(person) if person else Client()
    assert client.get(address + quote(number)).status_code == 200


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1"])
def test_a_version_that_is_none_changes_nothing_in_a_plan(city: City, as_: As, version: str) -> None:
    plan = make.arrangement(
        make.signal(city.areas[0], kind="request", code="7KQM-2XAB-9RTV"), city.teams[0], city["member"]
    )
    offer, client = make.provision(city.areas[0]), as_("member")
    client.post(f"/arrangementen/{plan.pk}/aanbod/", {"provision": offer.pk, "version": version})
    client.post(f"/arrangementen/{plan.pk}/aanbod/", {"provision": version, "version": plan.version})
    client.post(f"/arrangementen/{plan.pk}/overnemen/", {"number": version, "version": version})
    Client().post("/mijn-signaal/7KQM-2XAB-9RTV/plan/", {"do": "agree", "version": version})
    plan.refresh_from_db()
    assert (plan.agreed, plan.components.count()) == (None, 0)
