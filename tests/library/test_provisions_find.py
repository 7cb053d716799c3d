"""Finding provisions in residents' words: word forms, typing errors, synonyms, filters, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies.provisions import KINDS, TODAY, build, corpus, measure, queries

from schakel.provisions import Access, Index, LegalType, Place, Provision, Search, Session, Status, template
from schakel.provisions.schedule import weekly
from schakel.records import Areas, SchakelError
from schakel.themes import default_classifier

AREAS = Areas(
    ("BU03440101", "BU03440102"),
    np.array([[136_000.0, 456_000.0], [139_000.0, 456_000.0]]),
    "plane",
    np.array([1000.0, 1000.0]),
)
WALK = replace(template("wandelgroep").made(id="w"), checked=TODAY)
DINER = replace(template("wijkrestaurant").made(id="d"), checked=TODAY)


def found(search: Search, *provisions: Provision) -> list[str]:
    return [hit.id for hit in Index(provisions, today=TODAY, areas=AREAS).search(search).hits]


@pytest.fixture(scope="module")
def town() -> Index:
    return build(default_classifier())


def test_there_are_enough_labelled_queries_of_every_kind_and_all_their_answers_exist() -> None:
    every = queries()
    assert len({query.text for query in every}) == len(every) >= 150
    assert {query.kind for query in every} == set(KINDS)
    assert min(sum(query.kind == kind for query in every) for kind in KINDS) >= 25
    known = {one.id for one in corpus()}
    assert all(query.finds and query.finds <= known for query in every)


@pytest.mark.parametrize(
    ("kind", "hit", "rank"),
    [
        ("exact", 0.99, 0.95),
        ("form", 0.95, 0.9),
        ("typo", 0.85, 0.75),
        ("synonym", 0.9, 0.85),
        ("everyday", 0.9, 0.8),
    ],
)
def test_labelled_queries_find_what_they_should(town: Index, kind: str, hit: float, rank: float) -> None:
    figures = measure(town, [query for query in queries() if query.kind == kind])
    assert figures["hit@5"] >= hit
    assert figures["MRR"] >= rank


def test_a_search_without_words_gives_everything_that_is_open() -> None:
    assert found(Search(), WALK, replace(DINER, status=Status.CLOSED)) == ["w"]
    assert found(Search(with_closed=True), WALK, replace(DINER, status=Status.CLOSED)) == ["w", "d"]


def test_words_that_nobody_wrote_find_nothing() -> None:
    assert found(Search(text="xqzwv"), WALK, DINER) == []
    assert found(Search(text="🙂 !!"), WALK, DINER) == []


def test_a_correction_is_said(town: Index) -> None:
    assert town.search(Search(text="buurtmoestiun")).corrected == (("buurtmoestiun", "buurtmoestuin"),)


@pytest.mark.parametrize(("wrong", "right"), [("rauwgroep", "rouwgroep"), ("jongerewerk", "jongerenwerk")])
def test_a_typing_error_in_a_compound_is_no_other_compound(town: Index, wrong: str, right: str) -> None:
    result = town.search(Search(text=wrong))
    assert result.hits[0].id == right
    assert result.corrected == ((wrong, right),)


def test_a_hit_says_which_words_led_to_it(town: Index) -> None:
    hit = town.search(Search(text="lamp repareren")).hits[0]
    assert hit.id == "repaircafe"
    assert "lamp" in hit.because


def test_a_question_about_something_sensitive_gives_its_route(town: Index) -> None:
    """R5."""
    result = town.search(Search(text="ik wil niet meer leven"))
    assert any("113" in route for route in result.routes)


@pytest.mark.parametrize(
    ("search", "yes", "no"),
    [
        (Search(themes=("samen_eten",)), {}, {"themes": ("vallen",)}),
        (Search(cost=2.0), {"resident_cost": 2.0}, {"resident_cost": 2.5}),
        (Search(languages=("ar", "tr")), {"languages": ("nl", "tr")}, {"languages": ("nl",)}),
        (Search(wheelchair=True), {"wheelchair": True}, {"wheelchair": False}),
        (Search(easy_read=True), {"easy_read": True}, {"easy_read": False}),
        (Search(access=(Access.WALK_IN,)), {"access": Access.WALK_IN}, {"access": Access.REFERRAL}),
        (Search(free=2), {"free": 2}, {"free": 1}),
        (
            Search(legal_types=(LegalType.GENERAL,)),
            {"legal_type": LegalType.GENERAL},
            {"legal_type": LegalType.OUTSIDE},
        ),
        (Search(life_phases=("kind",)), {"life_phases": ()}, {"life_phases": ("oudere",)}),
        (Search(age=70), {"youngest": 55}, {"oldest": 69}),
        (Search(area="BU03440101"), {"serves": ("WK034401",)}, {"serves": ("BU03440102",)}),
        (
            Search(area="BU03440101", within_km=2.0),
            {"place": Place("BU03440101")},
            {"place": Place("BU03440102")},
        ),
        (
            Search(area="BU03440101"),
            {"reach_km": 4.0, "place": Place("BU03440102")},
            {"reach_km": 2.0, "place": Place("BU03440102")},
        ),
    ],
)
def test_a_filter_keeps_what_fits(search: Search, yes: dict[str, Any], no: dict[str, Any]) -> None:
    fits = replace(DINER, id="yes", **yes)
    assert found(search, fits, replace(DINER, id="no", **no)) == ["yes"]


@pytest.mark.parametrize(
    "search", [Search(cost=2.0), Search(free=1), Search(wheelchair=True), Search(days=(1,))]
)
def test_what_is_not_known_is_no_answer_but_is_counted(search: Search) -> None:
    result = Index([WALK, DINER], today=TODAY).search(search)
    assert (result.hits, result.unknown) == ((), 2)


def test_the_nearest_comes_first_and_distance_is_told() -> None:
    near, far = (
        replace(WALK, id="b", place=Place("BU03440101")),
        replace(WALK, id="a", place=Place("BU03440102")),
    )
    hits = (
        Index([far, near], today=TODAY, areas=AREAS).search(Search(text="wandelen", area="BU03440101")).hits
    )
    assert [(hit.id, hit.km) for hit in hits] == [("b", 0.0), ("a", 3.0)]


def test_what_was_checked_long_ago_comes_after_what_is_fresh() -> None:
    old = replace(WALK, id="a", checked=TODAY - timedelta(days=900))
    assert found(Search(text="wandelen"), old, replace(WALK, id="b")) == ["b", "a"]


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(DAYS), st.integers(0, 47), st.integers(1, 20)), min_size=1, max_size=4
    ),
    st.sets(st.integers(0, 6)).map(lambda some: tuple(sorted(some))),
    st.integers(0, 46),
    st.integers(1, 10),
)
def test_day_and_time_equal_looking_at_every_part_of_the_week(
    whens: list[tuple[str, int, int]], days: tuple[int, ...], slot: int, length: int
) -> None:
    """Half hours are the grain of the index."""
    some = [
        replace(
            WALK,
            id=str(n),
            sessions=(Session(date(2026, 1, 5), f"FREQ=WEEKLY;BYDAY={d}", 30 * at, 30 * many),),
        )
        for n, (d, at, many) in enumerate(whens)
    ]
    between = (30 * slot, min(1440, 30 * (slot + length)))
    wanted = [
        one.id
        for one in some
        if any(
            start < day * 1440 + between[1] and day * 1440 + between[0] < end
            for start, end in weekly(one.sessions[0])
            for day in days or range(7)
        )
    ]
    assert sorted(found(Search(days=days, between=between), *some)) == sorted(wanted)


@pytest.mark.parametrize(
    ("search", "said"),
    [
        (Search(within_km=2.0), "without a place"),
        (Search(area="BU99999999"), "not among the areas"),
        (Search(days=(7,)), "0 \\(Monday\\)"),
        (Search(between=(600, 500)), "ends before it starts"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(search: Search, said: str) -> None:
    with pytest.raises(SchakelError, match=said):
        found(search, WALK)


def test_the_same_search_gives_the_same_answer_and_counts_what_is_not_shown(town: Index) -> None:
    search = Search(text="samen eten", at_most=2)
    assert town.search(search) == town.search(search)
    assert town.search(search).total > 2
    assert len(town.search(replace(search, at_most=None)).hits) == town.search(search).total


def test_an_empty_map_has_no_answers() -> None:
    assert found(Search(text="wandelen")) == []
