"""The map finds what was meant, as the library does: labelled queries, bounded work, the same on every database."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from studies.map_search import found, rows
from studies.provisions import queries

from schakel_web.signals.models import SignalWord
from schakel_web.signals.tasks import read
from schakel_web.socialmap import search
from schakel_web.socialmap.models import Facet, Provision
from schakel_web.socialmap.tasks.words import words
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
#: At least, per kind of query: measured by `python -m studies.map_search`, a little lower here.
HIT, RANK = 0.9, 0.84


def names(client: Client, **asked: str | int) -> list[str]:
    page = client.get("/kaart/", asked)
    assert page.status_code == 200
    return [p.name for p in page.context["provisions"]]


@pytest.mark.django_db
def test_labelled_queries_find_what_they_should_through_the_application() -> None:
    asked = queries()
    assert len(asked) >= 150
    for name, _number, hit, _recall, rank in rows(asked, found(asked)):
        assert isinstance(hit, float)
        assert isinstance(rank, float)
        assert (hit >= HIT, rank >= RANK) == (True, True), name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("wandelen", "Wandelgroep"),
        ("lopen met anderen", "Wandelgroep"),
        ("wandelgroepn", "Wandelgroep"),
        ("ik wil graag iemand om mee te wandelen", "Wandelgroep"),
        ("samen een hapje eten", "Eettafel De Brug"),
        ("schuld", "Schuldhulp"),
    ],
)
def test_a_question_in_own_words_finds_the_right_one_first(
    city: City, as_: As, query: str, name: str
) -> None:
    for each in ("Wandelgroep", "Eettafel De Brug", "Schuldhulp", "Timmerclub"):
        make.provision(city.areas[0], name=each, themes=[])
    assert names(as_("member"), q=query)[:1] == [name]


def test_what_is_called_so_comes_before_what_mentions_it(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="A. Ontmoeting", description="Soms is er een koor.")
    make.provision(city.areas[0], name="Koor")
    assert names(as_("member"), q="koor") == ["Koor", "A. Ontmoeting"]


def test_of_two_that_fit_the_nearest_comes_first_and_it_says_how_far_that_is(city: City, as_: As) -> None:
    make.provision(city.areas[5], name="Koor Ver")
    make.provision(city.areas[0], name="Koor Nabij")
    page = as_("member").get(f"/kaart/?q=koor&area={city.areas[0].pk}")
    assert [p.name for p in page.context["provisions"]] == ["Koor Nabij", "Koor Ver"]
    assert [p.square for p in page.context["provisions"]] == [0.0, pytest.approx(distance(city) ** 2)]
    assert f"{distance(city) / 1000:.1f}".replace(".", ",") + " km" in page.content.decode()


def distance(city: City) -> float:
    """Metres between the middles of the first and the last neighbourhood."""
    here, there = city.areas[0], city.areas[5]
    return math.hypot((there.x or 0) - (here.x or 0), (there.y or 0) - (here.y or 0))


def test_a_word_that_came_just_now_is_found(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="Koor")
    assert names(as_("member"), q="koor") == ["Koor"]
    make.provision(city.areas[0], name="Djembé-avond")
    assert names(as_("member"), q="djembé-avond") == ["Djembé-avond"]


def test_it_says_what_was_taken_for_a_word_that_nobody_wrote(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="Wandelgroep")
    page = as_("member").get("/kaart/", {"q": "wandelgreop"}).content.decode()
    assert "wij zochten op ‘wandelgroep’" in page


@pytest.mark.parametrize("address", ["/kaart/", "/ontdek/"])
def test_somebody_who_asks_about_danger_sees_where_to_turn_now_r5(city: City, as_: As, address: str) -> None:
    page = as_("member").get(address, {"q": "ik wil niet meer leven"}).content.decode()
    assert "113" in page


def test_pages_of_a_search_follow_each_other_without_a_gap(city: City, as_: As) -> None:
    for k in range(60):
        make.provision(city.areas[k % 6], name=f"Koor {k}")
    client, seen, after = as_("member"), list[int](), ""
    while True:
        page = client.get("/kaart/", {"q": "koor", "na": after})
        seen += [p.pk for p in page.context["provisions"]]
        after = page.context["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 60


def test_no_more_of_the_index_is_read_than_it_says(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nearly everything has says nothing beside a rare word; alone it gives all, in their order."""
    monkeypatch.setattr(search, "_READ", 5)
    for k in range(12):
        make.provision(city.areas[0], name=f"Groep {k:02}", description="Voor ouderen.")
    rare = make.provision(city.areas[0], name="Groep Timmeren")
    cache.clear()
    every = Provision.objects.order_by("name", "pk")
    assert list(search.matching(every, words.meant("groep timmeren")).in_order()) == [rare]
    assert [p.name for p in search.matching(every, words.meant("groep")).in_order()][:2] == [
        "Groep 00",
        "Groep 01",
    ]
    assert search.matching(every, words.meant("groep")).page("").number == 13


def test_a_long_query_asks_the_database_as_often_as_a_short_one(city: City) -> None:
    make.provision(city.areas[0], name="Koor")
    numbers = []
    for query in (
        "koor",
        "zingen, wandelen, koken, praten, lezen, timmeren, naaien, fietsen, schaken, dansen " * 9,
    ):
        words.meant(query)  # the words of the map are in memory for some minutes
        with CaptureQueriesContext(connection) as asked:
            list(search.matching(Provision.objects.order_by("pk"), words.meant(query)).in_order())
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 5


def test_a_file_holds_all_that_was_found_also_beyond_what_a_page_counts_to(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in range(5):
        make.provision(city.areas[0], name=f"Koor {k}")
    monkeypatch.setattr(search, "_COUNTED", 3)
    client = as_("member")
    page = client.get("/kaart/", {"q": "koor"})
    assert (page.context["number"], page.context["more"]) == (3, True)
    file = client.get("/kaart/uitvoer.json", {"q": "koor"})
    assert len(json.loads(file.content)) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["x_²", f"x_{'9' * 5000}", "nan_1", "inf_1", "1e400_1", "x_99999999999999999999"]
)
@pytest.mark.parametrize("asked", [{}, {"q": "wandelen"}, {"km": 5}])
def test_a_next_page_that_cannot_be_is_a_page_and_no_error_of_ours(
    city: City, asked: dict[str, str | int], place: str
) -> None:
    make.provision(city.areas[0], name="Wandelen", themes=["eenzaamheid"])
    area = {"area": city.areas[0].pk} if "km" in asked else {}
    assert Client().get("/ontdek/", {**asked, **area, "na": place}).status_code == 200


def test_the_name_of_something_on_the_map_is_nobodys_name_r4(city: City) -> None:
    """Named in full it stays; the same person without it does not, nor what is called as a person is called."""
    make.provision(city.areas[0], name="Eettafel Jan de Wit")
    make.provision(city.areas[0], name="Anna van Buuren")
    assert read("Op dinsdag naar Eettafel Jan de Wit.").advice == []
    assert [piece for piece, _what in read("Op dinsdag naar Jan de Wit.").advice] == ["Jan de Wit"]
    assert [piece for piece, _what in read("Op dinsdag naar Anna van Buuren.").advice] == ["Anna van Buuren"]


def test_the_index_is_made_anew_after_an_upgrade_and_finds_the_same(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="Eettafel De Brug")
    signal = make.signal(city.areas[0], text="Veel ouderen eten alleen.")
    before = set(Facet.objects.values_list("kind", "value")), set(signal.words.values_list("word__word"))
    Facet.objects.all().delete()
    Facet(provision=Provision.objects.get(), kind="word", value="oud").save()
    SignalWord.objects.all().delete()
    assert names(as_("member"), q="eettafel") == []
    call_command("reindex", stdout=(said := StringIO()))
    assert said.getvalue() == "signals: 1 indexed\nprovisions: 1 indexed\n"
    after = set(Facet.objects.values_list("kind", "value")), set(signal.words.values_list("word__word"))
    assert after == before
    cache.clear()
    assert names(as_("member"), q="eettafel") == ["Eettafel De Brug"]
