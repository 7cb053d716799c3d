"""Dutch is the language of the screen; English is complete, for who chooses it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

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
