"""Search finds what was meant: word forms, compounds, typing errors and everyday words, the same on every database."""

from __future__ import annotations

import pytest
from django.db.models import F
from studies.search import Query, found, labelled, rows

from schakel_web.signals import search
from schakel_web.signals.models import Signal, SignalQuerySet, SignalTheme, SignalWord
from tests.factories import city as make
from tests.factories.city import City

#: At least, of what is found and of what should be found: measured by `python -m studies.search`, a little lower here.
PRECISION, RECALL = 0.9, 0.92


def matching(city: City, query: str) -> SignalQuerySet:
    return search.matching(Signal.objects.all(), query, areas=[area.pk for area in city.areas])


@pytest.mark.django_db
def test_labelled_queries_find_what_they_should_and_little_else() -> None:
    signals, queries = labelled()
    assert len(queries) >= 100
    *_kinds, (_all, _number, _exact, precision, recall) = rows(queries, found(queries, signals))
    assert isinstance(precision, float)
    assert isinstance(recall, float)
    assert precision >= PRECISION
    assert recall >= RECALL


def test_the_study_counts_right_and_missing_answers() -> None:
    queries = [Query("a", "x", frozenset({1, 2})), Query("a", "y", frozenset())]
    assert rows(queries, [[1, 3], []]) == [["a", 2, 1, 0.5, 0.5], ["all", 2, 1, 0.5, 0.5]]


def test_a_right_word_also_finds_what_somebody_wrote_wrongly(city: City) -> None:
    wrong = make.signal(city.areas[0], text="Er is veel eenzamheid in de flat.")
    right = make.signal(city.areas[0], text="De eenzaamheid neemt toe.")
    for query in ("eenzaamheid", "eenzaamhied"):
        assert right in matching(city, query)
    assert wrong in matching(city, "eenzaamheid")


@pytest.mark.parametrize(
    ("query", "text"), [("huur", "De buur is ziek."), ("kat", "Een kar."), ("werk", "Een kerk.")]
)
def test_another_short_word_is_no_typing_error(city: City, query: str, text: str) -> None:
    make.signal(city.areas[0], text=text)
    assert not matching(city, query).exists()


def test_words_that_come_later_are_found_without_waiting(city: City) -> None:
    make.signal(city.areas[0], text="De bushalte is weg.")
    assert matching(city, "bushatle").exists()
    make.signal(city.areas[0], text="De bibliotheek sluit.")
    assert matching(city, "bibliotheke").exists()


def test_a_query_of_words_that_say_little_still_asks_for_them(city: City) -> None:
    make.signal(city.areas[0], text="Mensen missen elkaar.")
    make.signal(city.areas[0], text="De brug is open.")
    assert matching(city, "mensen").count() == 1


def test_near_words_have_at_most_two_letters_wrong_and_short_ones_none() -> None:
    vocabulary = search.Vocabulary()
    vocabulary._by_length = {4: ["brug"], 8: ["speeltje"], 9: ["speeltuin", "speeltuni"], 3: ["kat"]}
    assert vocabulary.near("speeltuin") == [("speeltuni", 1)]
    assert vocabulary.near("speltuni") == [("speeltuni", 1), ("speeltuin", 2)]
    assert vocabulary.near("kar") == []
    assert vocabulary.near("burg") == [("brug", 1)]


def test_themes_and_words_carry_the_area_of_their_signal(city: City) -> None:
    """So that a search looks in the areas of a team only; what is not in these is not looked at."""
    for area in city.areas[:3]:
        make.signal(area, text="De lift is kapot.")
    for kind in (SignalTheme, SignalWord):
        assert kind.objects.count() >= 3
        assert not kind.objects.exclude(area=F("signal__area")).exists()
    only = search.matching(Signal.objects.all(), "lift", areas=[city.areas[1].pk])
    assert [signal.area for signal in only] == [city.areas[1]]
