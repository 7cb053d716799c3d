"""Dutch is the language of the screen; English is complete, for who chooses it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def test_a_browser_that_prefers_english_still_gets_dutch(client: Client, db: None) -> None:
    page = client.get("/meld/", headers={"Accept-Language": "en-GB"})
    assert page["Content-Language"] == "nl"
    assert '<html lang="nl"' in page.content.decode()


def test_who_chooses_english_keeps_it_and_comes_back_to_the_same_page(city: City, as_: As) -> None:
    client = as_("member")
    chosen = client.post("/taal/", {"language": "en", "next": "/signaal/nieuw/"})
    assert chosen["Location"] == "/signaal/nieuw/"
    page = client.get("/signaal/nieuw/").content.decode()
    assert '<html lang="en"' in page
    assert "What is going on here?" in page
    assert "loneliness" in page.lower()  # a theme


def test_a_language_that_we_do_not_have_changes_nothing(client: Client, db: None) -> None:
    client.cookies["django_language"] = "xx"
    assert client.get("/meld/")["Content-Language"] == "nl"


def test_the_choice_of_a_language_never_leads_to_another_site(client: Client, db: None) -> None:
    chosen = client.post("/taal/", {"language": "en", "next": "https://elders.example/"})
    assert "elders" not in chosen["Location"]


def test_numbers_speak_english_too(client: Client, db: None) -> None:
    client.post("/taal/", {"language": "en"})
    page = client.get("/ontdek/").content.decode()
    assert "0 found." in page
    assert "gevonden" not in page


def test_evidence_is_in_the_language_of_the_page_also_when_it_was_drawn_before(city: City, as_: As) -> None:
    """R11: whoever reads English sees the same explanation, and what speaks against it."""
    shown = make.pattern(city.areas[:2])
    dutch, english = as_("member"), as_("member")
    english.cookies["django_language"] = "en"
    said = {"nl": ("Er is meer dan normaal.", "Het zijn er weinig.", "Wat ertegen spreekt", "Eenzaamheid"),
            "en": ("There is more than usual.", "They are few.", "What speaks against it", "Loneliness")}  # fmt: skip
    for client, language, other in ((dutch, "nl", "en"), (english, "en", "nl"), (dutch, "nl", "en")):
        page = client.get(f"/patronen/{shown.pk}/").content.decode()
        assert [words for words in said[language] if words not in page] == []
        assert [words for words in said[other] if words in page] == []


def test_lists_the_board_and_questions_explain_a_pattern_in_english(city: City, as_: As) -> None:
    shown = make.pattern(city.areas[:2])
    assert shown.latest
    question = make.question(
        city.teams[0], city.areas[:1], city["member"], pattern=shown, evidence=shown.latest.evidence
    )
    client = as_("member")
    client.cookies["django_language"] = "en"
    pages = [
        client.get("/patronen/"), client.get("/overleg/"), client.get(f"/vragen/{question.pk}/"),
        client.post("/vragen/nieuw/", {"pattern": shown.pk, "begin": "1"}),
    ]  # fmt: skip
    for page in pages:
        assert "There is more than usual." in page.content.decode()
        assert "Er is meer dan normaal." not in page.content.decode()


def test_why_a_pattern_is_not_shown_is_said_in_english_as_well(city: City, as_: As) -> None:
    hidden = make.pattern(city.areas[:2], shown=False)
    client = as_("member")
    client.cookies["django_language"] = "en"
    for address in ("/patronen/", f"/patronen/{hidden.pk}/"):
        assert "who might be recognised" in client.get(address).content.decode()
