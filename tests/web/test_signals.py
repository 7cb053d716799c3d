"""Giving a signal, and what may never be kept of it (S018, S022, S035, R2, R4, R5, R14, R21, R22)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.audit.models import Event
from schakel_web.signals import actions, tasks
from schakel_web.signals.models import Clarification, Signal, SignalWord, State, Weighing
from schakel_web.signals.receipts import hashed, new_code
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def given(city: City, **changes: Any) -> dict[str, Any]:
    """What somebody fills in."""
    return {
        "text": "Veel ouderen hier eten elke avond alleen.",
        "themes": ["eenzaamheid"],
        "area": city.areas[0].pk,
        "people": 5,
        "source": "street",
        **changes,
    }


def test_a_signal_is_kept_with_what_was_said_and_a_receipt_is_shown_once(city: City, as_: As) -> None:
    client = as_("member")
    page = client.post("/signaal/nieuw/", given(city), follow=True)
    kept = Signal.objects.get()
    assert (kept.area, kept.people, kept.source, kept.state) == (city.areas[0], 5, "street", State.ACCEPTED)
    assert (kept.reporter, kept.team) == (city["member"], city.teams[0])
    code = page.context["code"]
    assert kept.receipt == hashed(code)
    assert code.encode() in page.content
    assert client.get("/signaal/bedankt/").status_code == 302


def test_the_code_itself_is_nowhere_in_the_database(city: City) -> None:
    signal, code = actions.give(
        area=city.areas[0],
        text="Er is weinig te doen.",
        themes=["vrije_tijd"],
        people=1,
        source="street",
        by=city["member"],
    )
    assert code not in str(vars(signal))
    assert not Event.objects.filter(facts__icontains=code).exists()


@pytest.mark.parametrize(
    "text",
    [
        "Mevrouw Jansen is eenzaam sinds haar man overleed.",
        "Bel hem op 06-12345678.",
        "Zijn bsn is 111222333.",
        "Hij woont op Kerkstraat 12.",
        "Mail naar piet@voorbeeld.nl.",
        "Rekening NL91ABNA0417164300 staat rood.",
    ],
)
def test_personal_data_are_refused_and_it_is_said_what_to_write_instead_r4(
    city: City, as_: As, text: str
) -> None:
    page = as_("member").post("/signaal/nieuw/", given(city, text=text))
    assert page.status_code == 422
    assert not Signal.objects.exists()
    said = page.content.decode()
    assert "Kijk dit nog even na" in said
    assert "<mark>" in said
    assert text.split(maxsplit=1)[0] in said  # what was typed is still there


def test_the_last_door_refuses_personal_data_whoever_knocks_r4_r22(city: City) -> None:
    with pytest.raises(actions.PersonalDataError):
        actions.give(
            area=city.areas[0],
            text="Bel 06-12345678",
            themes=[],
            people=1,
            source="street",
            by=city["member"],
        )
    assert not Signal.objects.exists()


def test_while_typing_themes_are_suggested_with_the_words_that_led_to_them(as_: As) -> None:
    page = (
        as_("member")
        .post("/signaal/lezen/", {"text": "Meerdere buren kunnen de huur niet meer betalen"})
        .content.decode()
    )
    assert 'name="themes"' in page
    assert "door:" in page


def test_looking_at_a_text_keeps_nothing_of_it(city: City, as_: As) -> None:
    as_("member").post("/signaal/lezen/", {"text": "Mevrouw Jansen wil niet meer leven"})
    assert not Signal.objects.exists()
    assert not Event.objects.filter(action__startswith="signals").exists()


def test_a_sensitive_theme_shows_its_route_and_never_enters_detection_r5(city: City, as_: As) -> None:
    page = as_("member").post(
        "/signaal/nieuw/",
        given(city, text="Er is geweld achter de voordeur.", themes=["veiligheid_thuis"]),
        follow=True,
    )
    kept = Signal.objects.get()
    assert kept.sensitive
    assert "0800" in page.content.decode()
    assert not Signal.objects.counting().exists()


def test_without_a_theme_nothing_is_kept_and_those_that_fit_are_put_forward(city: City, as_: As) -> None:
    page = as_("member").post("/signaal/nieuw/", given(city, themes=[]))
    assert page.status_code == 422
    assert "Kies een thema" in page.content.decode()
    assert 'name="themes"' in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"area": 999_999}, "Deze buurt kennen wij niet"),
        ({"date": (timezone.localdate() + timedelta(days=2)).isoformat()}, "ligt in de toekomst"),
        ({"date": "gisteren"}, "Dit is geen datum"),
        ({"date": "2020-01-01"}, "meer dan een jaar geleden"),
        ({"text": "a" * 100_000}, "hoogstens 1000"),
        ({"text": "een\x07tekst"}, "Op plek 4 staat een onzichtbaar teken (U+0007)"),
        ({"themes": ["bestaat_niet"]}, "Dit thema kennen wij niet"),
        ({"themes": ["eenzaamheid", "schulden", "rouw_verlies", "werk_zoeken"]}, "hoogstens drie"),
        ({"text": ""}, "Dit is nog leeg"),
    ],
)
def test_bad_input_is_said_in_dutch_and_nothing_is_lost(
    city: City, as_: As, changes: dict[str, Any], said: str
) -> None:
    page = as_("member").post("/signaal/nieuw/", given(city, **changes))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Signal.objects.exists()


def test_the_same_signal_sent_twice_by_a_device_is_kept_once_and_both_get_a_code(city: City, as_: As) -> None:
    client, once = as_("member"), str(uuid.uuid4())
    codes = [
        client.post("/signaal/nieuw/", given(city, once=once), headers={"X-Schakel-Queue": "now"}).json()[
            "code"
        ]
        for _ in range(2)
    ]
    assert Signal.objects.get().receipt == hashed(codes[1])


def test_a_device_hears_what_is_wrong_with_a_signal_that_waited(city: City, as_: As) -> None:
    answer = as_("member").post(
        "/signaal/nieuw/", given(city, text="Bel 06-12345678"), headers={"X-Schakel-Queue": "now"}
    )
    assert answer.status_code == 422
    assert "text" in answer.json()["errors"]


def test_with_the_code_a_resident_reads_changes_and_takes_back_r14(city: City) -> None:
    code = new_code()
    kept = make.signal(city.areas[0], code=code)
    client = Client()
    assert "Veel mensen voelen" in client.get(f"/mijn-signaal/{code}/").content.decode()
    client.post(
        f"/mijn-signaal/{code.lower().replace('-', ' ')}/", {"text": "Veel mensen eten alleen.", "people": 3}
    )
    kept.refresh_from_db()
    assert (kept.text, kept.people) == ("Veel mensen eten alleen.", 3)
    client.post(f"/mijn-signaal/{code}/intrekken/")
    kept.refresh_from_db()
    assert (kept.state, kept.text) == (State.WITHDRAWN, "")
    assert not SignalWord.objects.filter(signal=kept).exists()
    assert client.get(f"/mijn-signaal/{code}/").status_code == 404


def test_whoever_gave_a_sensitive_signal_reads_that_it_does_not_count_r5(city: City, as_: As) -> None:
    code = new_code()
    make.signal(city.areas[0], code=code, theme="onveiligheid_thuis", sensitive=True, reporter=city["member"])
    for page in (Client().get(f"/mijn-signaal/{code}/"), as_("member").get("/mijn-signalen/")):
        assert "telt het niet mee in patronen" in page.content.decode()


def test_after_taking_back_there_is_a_way_on(city: City) -> None:
    code = new_code()
    make.signal(city.areas[0], code=code)
    page = Client().post(f"/mijn-signaal/{code}/intrekken/").content.decode()
    assert f"/buurt/{city.areas[0].code}/" in page


@pytest.mark.parametrize("address", ["/meld/", "/buurt/", "/ontdek/", "/mijn-signaal/"])
def test_a_resident_finds_the_way_between_the_public_pages(city: City, address: str) -> None:
    page = Client().get(address).content.decode()
    assert f'href="{address}" aria-current="page"' in page
    assert all(f'href="{there}"' in page for there in ("/meld/", "/buurt/", "/ontdek/", "/mijn-signaal/"))


def test_a_correction_is_held_to_the_same_rules_r4(city: City) -> None:
    code = new_code()
    kept = make.signal(city.areas[0], code=code)
    page = Client().post(f"/mijn-signaal/{code}/", {"text": "Mevrouw Jansen is alleen.", "people": 1})
    assert page.status_code == 422
    kept.refresh_from_db()
    assert "Jansen" not in kept.text


def test_what_came_from_outside_is_looked_at_again_after_a_correction(city: City) -> None:
    outside, own = new_code(), new_code()
    signal = make.signal(city.areas[0], code=outside, source="resident")
    ours = make.signal(city.areas[0], code=own, reporter=city["member"])
    for code in (outside, own):
        Client().post(f"/mijn-signaal/{code}/", {"text": "Hier is nu iets anders aan de hand.", "people": 3})
    signal.refresh_from_db()
    ours.refresh_from_db()
    assert (signal.state, ours.state) == (State.WAITING, State.ACCEPTED)


def test_a_resident_reads_and_amends_the_clarification_with_the_code_r14(city: City) -> None:
    code = new_code()
    kept = make.signal(city.areas[0], kind="request", code=code, reporter=city["member"])
    actions.clarify(signal=kept, answers={"wish": "Vaker naar buiten."}, by=city["member"])
    client = Client()
    assert "Vaker naar buiten." in client.get(f"/mijn-signaal/{code}/").content.decode()
    seen = client.get(f"/mijn-signaal/{code}/").context["talk"].initial["seen"]
    answers = {"wish": "Vaker samen eten.", "strength": "Ik kook graag.", "seen": seen}
    client.post(f"/mijn-signaal/{code}/", answers)
    talk = Clarification.objects.get(signal=kept)
    assert (talk.wish, talk.strength) == ("Vaker samen eten.", "Ik kook graag.")
    page = client.post(f"/mijn-signaal/{code}/", answers | {"network": "Buurvrouw Fatima Yilmaz"})
    assert page.status_code == 422
    talk.refresh_from_db()
    assert talk.network == ""
    kept.refresh_from_db()
    assert kept.text == "Veel mensen voelen zich hier alleen."


def test_the_team_and_the_resident_do_not_write_over_each_other(city: City, as_: As) -> None:
    code = new_code()
    kept = make.signal(city.areas[0], kind="request", code=code, reporter=city["member"])
    resident, member = Client(), as_("member")
    seen = resident.get(f"/mijn-signaal/{code}/").context["talk"].initial["seen"]
    member.post(f"/signalen/{kept.pk}/verhelderen/", {"wish": "Vaker samen eten.", "seen": seen})
    page = resident.post(f"/mijn-signaal/{code}/", {"wish": "Vaker wandelen.", "seen": seen})
    assert page.status_code == 422
    assert "Iemand anders heeft dit net veranderd" in page.content.decode()
    assert "Vaker wandelen." in page.content.decode()
    assert Clarification.objects.get(signal=kept).wish == "Vaker samen eten."
    seen = resident.get(f"/mijn-signaal/{code}/").context["talk"].initial["seen"]
    resident.post(f"/mijn-signaal/{code}/", {"wish": "Samen eten en wandelen.", "seen": seen})
    assert Clarification.objects.get(signal=kept).wish == "Samen eten en wandelen."


def test_a_signal_that_is_no_request_has_no_clarification_to_change(city: City) -> None:
    code = new_code()
    kept = make.signal(city.areas[0], code=code)
    Client().post(f"/mijn-signaal/{code}/", {"wish": "Iets.", "text": "Iets nieuws.", "people": 1})
    assert not Clarification.objects.filter(signal=kept).exists()


def test_a_case_reference_is_off_until_the_municipality_wants_it_r2(
    city: City, as_: As, settings: Any
) -> None:
    client = as_("member")
    asked = given(city, text="Ik wil graag vaker onder de mensen zijn.", case_reference="Z-2026-00123")
    assert "case_reference" not in client.get("/hulpvraag/nieuw/").content.decode()
    client.post("/hulpvraag/nieuw/", asked)
    assert Signal.objects.get().case_reference == ""
    with pytest.raises(ValueError, match="switched off"):
        actions.give(
            area=city.areas[0], text="x", themes=[], people=1, source="street", by=None, case_reference="Z-1"
        )
    settings.CASE_REFERENCE = True
    assert "case_reference" in client.get("/hulpvraag/nieuw/").content.decode()
    client.post("/hulpvraag/nieuw/", asked)
    assert Signal.objects.latest("pk").case_reference == "Z-2026-00123"


@pytest.mark.parametrize("reference", ["111222333", "mevrouw Jansen", "a b", "x" * 41])
def test_a_case_reference_is_opaque_and_never_a_bsn_r2(
    city: City, as_: As, settings: Any, reference: str
) -> None:
    settings.CASE_REFERENCE = True
    page = as_("member").post("/hulpvraag/nieuw/", given(city, case_reference=reference))
    assert page.status_code == 422
    assert not Signal.objects.exists()


def test_every_sensitive_theme_gives_its_route_whichever_others_there_are_r5() -> None:
    sensitive = [t for t in tasks.taxonomy().themes if t.sensitive]
    for theme in sensitive:
        assert [route for _name, route in tasks.routes(each for each in ["eenzaamheid", theme.id])] == [
            theme.route
        ]


def test_a_text_about_violence_shows_the_route_whatever_theme_was_chosen_r5(city: City, as_: As) -> None:
    text = "Er is al maanden huiselijk geweld achter deze voordeur."
    page = as_("member").post("/signaal/nieuw/", given(city, text=text), follow=True)
    assert "0800" in page.content.decode()


def test_guessing_codes_soon_ends(city: City) -> None:
    client = Client()
    found = [client.get(f"/mijn-signaal/{new_code()}/").status_code for _ in range(32)]
    assert set(found[:30]) == {404}
    assert found[-1] == 429


def test_a_resident_needs_no_account_and_the_team_looks_first(city: City, as_: As) -> None:
    fields = {k: v for k, v in given(city).items() if k != "source"} | {"who": "resident"}
    page = Client().post("/meld/", fields, follow=True)
    kept = Signal.objects.get()
    assert kept.state == State.WAITING
    assert "kijkt er eerst naar" in page.content.decode()
    assert not Signal.objects.counting().exists()
    as_("coordinator").post(f"/signalen/van-buiten/{kept.pk}/", {"choice": "accept", "seen": kept.wording})
    assert Signal.objects.counting().get() == kept


def test_what_a_machine_fills_in_is_not_kept(city: City) -> None:
    Client().post("/meld/", given(city) | {"who": "resident", "website": "http://spam"})
    assert not Signal.objects.exists()


def test_too_many_signals_from_one_address_have_to_wait(city: City) -> None:
    fields = given(city) | {"who": "resident"}
    for _ in range(5):  # what was refused is no signal, and counts for nothing
        Client().post("/meld/", fields | {"text": ""})
    found = [Client().post("/meld/", fields) for _ in range(31)]
    assert [page.status_code for page in found[-2:]] == [302, 429]
    assert fields["text"] in found[-1].content.decode()


def test_two_people_who_look_at_the_same_signal_one_decides_and_the_other_is_told(
    city: City, as_: As
) -> None:
    kept = make.waiting(city.areas[0])
    as_("coordinator").post(f"/signalen/van-buiten/{kept.pk}/", {"choice": "refuse", "seen": kept.wording})
    page = as_("coordinator").post(f"/signalen/van-buiten/{kept.pk}/", {"choice": "accept"}, follow=True)
    assert "Iemand anders heeft hier net al naar gekeken" in page.content.decode()
    kept.refresh_from_db()
    assert kept.state == State.REFUSED


def test_nobody_lets_a_text_count_that_they_did_not_read(city: City, as_: As) -> None:
    kept = make.waiting(city.areas[0])
    client = as_("coordinator")
    assert f'name="seen" value="{kept.wording}"' in client.get("/signalen/van-buiten/").content.decode()
    seen = kept.wording
    Signal.objects.update(text="Heel andere tekst over parkeren.")  # the sender changes it with the code
    page = client.post(f"/signalen/van-buiten/{kept.pk}/", {"choice": "accept", "seen": seen}, follow=True)
    assert "De afzender heeft de tekst net veranderd." in page.content.decode()
    kept.refresh_from_db()
    assert kept.state == State.WAITING


def test_who_looks_too_often_is_asked_to_wait_also_when_taking_back_r14(city: City) -> None:
    """And never told that there is nothing: it stands, and can be taken back later."""
    kept = make.signal(city.areas[0], code="7KQM-2XAB-9RTV")
    for _n in range(40):
        last = Client().get("/mijn-signaal/7KQM-2XAB-9RTV/").status_code
    assert last == 429
    assert Client().post("/mijn-signaal/7KQM-2XAB-9RTV/intrekken/").status_code == 429
    kept.refresh_from_db()
    assert kept.state == State.ACCEPTED


def test_a_help_request_is_clarified_and_weighed_and_can_be_weighed_again_s033_s034(
    city: City, as_: As
) -> None:
    client = as_("member")
    client.post("/hulpvraag/nieuw/", given(city, text="Ik wil graag vaker onder de mensen zijn."))
    kept = Signal.objects.get(kind="request")
    client.post(
        f"/signalen/{kept.pk}/verhelderen/", {"wish": "Vaker samen eten.", "strength": "Kan goed koken."}
    )
    assert Clarification.objects.get(signal=kept).strength == "Kan goed koken."
    client.post(f"/signalen/{kept.pk}/afwegen/", {"route": "individual", "reason": "Het moest vandaag."})
    client.post(
        f"/signalen/{kept.pk}/afwegen/",
        {"route": "combination", "collective_first": "on", "seen": actions.last_weighing(kept)},
    )
    assert [w.route for w in kept.weighings.all()] == ["combination", "individual"]


def test_skipping_collective_asks_for_a_reason_and_takes_any_s027(city: City, as_: As) -> None:
    kept = make.signal(city.areas[0], kind="request")
    page = as_("member").post(f"/signalen/{kept.pk}/afwegen/", {"route": "individual"})
    assert "Elke reden is goed" in page.content.decode()
    assert not Weighing.objects.exists()


def test_a_clarification_holds_no_personal_data_either_r4(city: City, as_: As) -> None:
    kept = make.signal(city.areas[0], kind="request")
    page = as_("member").post(f"/signalen/{kept.pk}/verhelderen/", {"network": "Zus Fatima Yilmaz"})
    assert page.status_code == 200
    assert not Clarification.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("speeltuin", True),
        ("speeltuinen", True),
        ("speeltuni", True),
        ("kapotte", True),
        ("kinderen", False),
        ("zwembad", False),
    ],
)
def test_search_knows_word_forms_and_typing_errors(city: City, as_: As, query: str, found: bool) -> None:
    make.signal(city.areas[0], text="De speeltuin is kapot.")
    page = as_("member").get("/signalen/", {"q": query}).content.decode()
    assert ("De speeltuin is kapot" in page) is found


def test_similar_signals_nearby_are_shown_and_those_far_away_or_of_others_are_not(
    city: City, as_: As
) -> None:
    one = make.signal(city.areas[0], text="De lift in de flat is al weken kapot.")
    near = make.signal(city.areas[1], text="Ook in onze flat is de lift kapot.")
    other_team = make.signal(city.areas[3], text="De lift van de flat is kapot.")
    page = as_("member").get(f"/signalen/{one.pk}/").content.decode()
    assert near.text in page
    assert other_team.text not in page


def test_pages_follow_on_each_other_without_a_gap_or_a_double(city: City, as_: As) -> None:
    for n in range(60):
        make.signal(
            city.areas[0],
            text=f"Zin nummer {n} over de straat.",
            date=timezone.localdate() - timedelta(days=n % 3),
        )
    client, address, seen = as_("member"), "/signalen/", []
    while address:
        page = client.get(address)
        seen += [s.pk for s in page.context["signals"]]
        address = f"/signalen/?na={page.context['after']}" if page.context["after"] else ""
    assert len(seen) == len(set(seen)) == 60


def test_a_list_costs_as_many_queries_however_long_it_is(
    city: City, as_: As, django_assert_max_num_queries: Any
) -> None:
    client = as_("coordinator")
    for n in range(30):
        make.signal(city.areas[n % 3], text=f"Zin {n}.")
    with django_assert_max_num_queries(18):
        client.get("/signalen/")


def test_a_text_with_markup_is_shown_as_text(city: City, as_: As) -> None:
    one = make.signal(city.areas[0], text="<script>alert(1)</script> =1+1")
    assert "<script>alert" not in as_("member").get(f"/signalen/{one.pk}/").content.decode()
    page = as_("member").post("/signaal/lezen/", {"text": "<b>Bel 06-12345678</b>"}).content.decode()
    assert "<b>" not in page


def test_what_a_partner_tells_waits_until_the_team_read_it_and_is_theirs_to_tell(city: City, as_: As) -> None:
    as_("partner").post("/signaal/nieuw/", given(city, source="case_contact"))
    kept = Signal.objects.get()
    assert (kept.state, kept.source, kept.organisation) == (
        State.WAITING,
        "partner",
        city.organisations["School"],
    )
    assert kept.text in as_("coordinator").get("/signalen/van-buiten/").content.decode()


def test_only_who_reads_signals_hears_how_many_others_there_are_r7(city: City, as_: As) -> None:
    for _ in range(3):
        make.signal(city.areas[0])
    texts = {
        name: as_(name).post("/signaal/nieuw/", given(city), follow=True).content.decode()
        for name in ("member", "partner")
    }
    assert "al 3 andere signalen" in texts["member"]
    assert "Bedankt" in texts["partner"]
    assert "andere signalen" not in texts["partner"]


def test_a_code_of_a_signal_that_waited_stays_in_no_session(city: City, as_: As) -> None:
    client = as_("member")
    answer = client.post("/signaal/nieuw/", given(city), headers={"X-Schakel-Queue": "later"})
    assert answer.json()["code"]
    assert "receipt" not in client.session


def test_with_a_signal_all_that_was_written_about_it_is_taken_back_r14(city: City) -> None:
    signal = make.signal(city.areas[0], kind="request", case_reference="A-17")
    actions.weigh(
        signal=signal, route="individual", collective_first=False, reason="Wil het alleen.", by=city["member"]
    )
    actions.withdraw(signal=signal, by=None)
    signal.refresh_from_db()
    assert (signal.text, signal.case_reference, signal.weighings.count()) == ("", "", 0)
