"""What people read about a pattern: sentences that follow from the numbers (R8, R9, R10, R12)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.detection import wording
from schakel.detection.explain import against, explain, why_not
from schakel.disclosure import Reason
from schakel.records import Settings
from tests.factories.detections import facts


def _against(**changes: object) -> str:
    return " ".join(against(facts(**changes))[0])


def test_the_explanation_says_what_was_seen_what_is_usual_and_how_rare_that_is() -> None:
    nl, en = explain(facts())
    assert nl == (
        "In Lindenhof en Oude Haven speelde ‘Rouw en verlies’ in 4 weken (12 oktober t/m 8 november 2026) bij 11"
        " mensen. Normaal verwachten we er ongeveer 3. Zo’n verschil zien we bij één thema door toeval ongeveer"
        " eens in de 2 jaar. Er wonen daar ongeveer 6.400 mensen."
    )
    assert en == (
        "In Lindenhof and Oude Haven, ‘Grief and loss’ concerned 11 people in 4 weeks (12 October to 8 November"
        " 2026). Normally we would expect about 3. For one theme, chance alone shows such a difference about once"
        " every 2 years. About 6,400 people live there."
    )


def test_one_is_singular() -> None:
    nl, en = explain(
        facts(observed=1, periods=1, start=date(2026, 11, 2), areas=("Lindenhof",), expected=0.2)
    )
    assert "in 1 week (2 t/m 8 november 2026) bij 1 persoon." in nl
    assert "Normaal verwachten we er minder dan 1." in nl
    assert "concerned 1 person in 1 week (2 to 8 November 2026)." in en


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("expectation", "Normaal verwachten we er ongeveer 3."),
        ("poisson", "Naar verhouding zouden het er ongeveer 3 zijn."),
        ("permutation", "op dezelfde momenten speelde als elders, zouden het er ongeveer 3 zijn."),
    ],
)
def test_what_is_usual_is_said_as_the_method_means_it(method: str, said: str) -> None:
    assert said in explain(facts(method=method))[0]


@pytest.mark.parametrize("mode", ["retrospective", "spatial"])
def test_a_single_look_has_a_chance_and_no_recurrence(mode: str) -> None:
    nl, en = explain(facts(mode=mode, p_value=0.005))
    assert "bij ongeveer 1 op de 200 thema’s" in nl
    assert "about 1 in 200 themes" in en
    assert "eens in de" not in nl


@pytest.mark.parametrize("population", [None, float("nan"), 99.0])
def test_no_ratio_over_few_or_unknown_inhabitants(population: float | None) -> None:  # R7
    assert "wonen" not in explain(facts(population=population))[0]


def test_many_areas_become_a_few_names_and_a_number() -> None:
    nl, en = explain(facts(areas=("A", "B", "C", "D", "E", "F")))
    assert nl.startswith("In A, B, C en 3 andere gebieden ")
    assert en.startswith("In A, B, C and 3 other areas,")


def test_a_strong_pattern_has_little_against_it() -> None:
    assert against(facts(q_value=0.001)) == ((), ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dominance": 0.72}, "Een groot deel (72%) komt van één bron."),  # R8
        ({"sources": 1, "dominance": 1.0}, "Alles komt van één bron."),  # R8
        ({"sources": 0, "dominance": 0.0}, "Bij de signalen staat geen bron."),
        ({"dates": 1}, "Alle signalen zijn van één dag."),
        ({"largest_signal": 6}, "Eén signaal gaat over 6 van de 11 mensen."),
        ({"largest_signal": 11}, "Eén signaal gaat over alle 11 mensen."),
        ({"areas": ("Lindenhof",)}, "Het gaat om één gebied."),
        ({"largest_area_share": 0.81}, "Het meeste (81%) komt uit één van de gebieden."),
        ({"reporting_grew": True}, "Er wordt sinds kort meer gemeld."),
        ({"city_rose": True}, "Ook in de andere gebieden kwam dit thema vaker voor."),
        ({"people": 6}, "Het gaat om weinig mensen (6)."),
        ({"q_value": 0.03}, "We keken naar 55 thema’s. Van de 100 patronen"),
        ({"q_value": 0.03}, "zijn er naar verwachting 3 toeval."),
        ({"q_value": 0.01}, "is er naar verwachting 1 toeval."),
        ({"q_value": 0.9}, "De kans dat dit toeval is, is groot."),
        ({"relative_risk": 1.3, "observed": 130, "expected": 100.0}, "30 mensen meer dan verwacht op 130."),
        ({"short_history": True}, "We kennen dit thema hier nog niet lang."),
        ({"start": date(2026, 12, 21), "end": date(2027, 1, 3)}, "Kerst en oud en nieuw"),
        ({"start": date(2027, 1, 4), "end": date(2027, 1, 10)}, "Kerst en oud en nieuw"),
        ({"start": date(2026, 7, 27), "end": date(2026, 8, 9)}, "De zomervakantie"),
        ({"null": "poisson", "phi": 1.5}, "Signalen over dit thema komen vaak in groepjes."),
    ],
)
def test_what_speaks_against_is_said(changes: dict[str, object], said: str) -> None:
    assert said in _against(**changes)


@pytest.mark.parametrize(
    ("changes", "unsaid"),
    [
        ({"dominance": 0.6}, "één bron"),
        ({"period": "day", "dates": 1}, "één dag"),
        ({"start": date(2027, 1, 7), "end": date(2027, 1, 13)}, "Kerst"),
        ({"start": date(2026, 9, 1), "end": date(2026, 9, 7)}, "zomervakantie"),
        ({"start": date(2026, 1, 1), "end": date(2026, 12, 31)}, "Kerst"),  # explains nothing over a year
        ({"null": "poisson", "phi": 1.0}, "groepjes"),
    ],
)
def test_what_does_not_hold_is_not_said(changes: dict[str, object], unsaid: str) -> None:
    assert unsaid not in _against(**changes)


def test_the_gravest_objection_comes_first() -> None:
    assert "van één bron" in against(facts(dominance=0.9, short_history=True, city_rose=True))[0][0]


_PERSONAL = re.compile(
    r"\b(moet|verdacht|risico|probleem|schuld|cliënt|dader|must|suspect|risk|problem)", re.I
)


@given(
    observed=st.integers(1, 10_000),
    expected=st.floats(1e-6, 1e5),
    q_value=st.floats(0, 1),
    recurrence_days=st.floats(0.5, float("inf")),
    sources=st.integers(0, 9),
    dominance=st.floats(0, 1),
    population=st.none() | st.floats(0, 1e7),
    method=st.sampled_from(["expectation", "poisson", "permutation"]),
    mode=st.sampled_from(["prospective", "retrospective", "spatial"]),
    length=st.integers(0, 800),
)
def test_every_sentence_is_whole_bilingual_and_about_nobody(  # R9, R10, R12
    length: int, observed: int, **changes: object
) -> None:
    end = date(2026, 11, 8)
    known = facts(observed=observed, people=observed, start=end - timedelta(days=length), end=end, **changes)
    dutch, english = against(known)
    assert len(dutch) == len(english)
    for sentence in (*explain(known), *dutch, *english):
        assert sentence[0].isupper() or sentence[0] == "‘"
        assert sentence[-1] in ".?"
        assert "nan" not in sentence.split()
        assert "  " not in sentence
        assert not _PERSONAL.search(sentence)


def test_why_a_pattern_is_not_shown_names_the_threshold_that_was_set() -> None:  # R6, R11
    settings = Settings(min_people=8, min_sources=3, min_dates=4)
    assert "minder dan 8 mensen" in why_not("people", settings)[0]
    assert "Minder dan 3 bronnen" in why_not("sources", settings)[0]
    assert "minder dan 4 dagen" in why_not("dates", settings)[0]
    assert "toeval" in why_not("chance", settings)[0]
    assert "Meer dan 60%" in why_not("dominance", settings)[0]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_to_withhold_has_a_sentence(reason: Reason) -> None:
    nl, en = why_not(reason, Settings())
    assert nl != en
    assert nl.endswith(".")
    assert en.endswith(".")


def test_a_reason_that_is_not_known_is_still_shown() -> None:
    assert why_not("something new", Settings()) == ("something new", "something new")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 10, 12), date(2026, 10, 18), "12 t/m 18 oktober 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 september t/m 4 oktober 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 december 2026 t/m 3 januari 2027"),
        (date(2026, 3, 1), date(2026, 3, 1), "1 maart 2026"),
    ],
)
def test_dates_are_said_as_in_dutch(start: date, end: date, said: str) -> None:
    assert wording.days(start, end) == said


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (3, "ongeveer eens in de 3 dagen"),
        (7, "ongeveer eens per week"),
        (21, "ongeveer eens in de 3 weken"),
        (30, "ongeveer eens in de 4 weken"),
        (91, "ongeveer eens in de 3 maanden"),
        (365, "ongeveer eens in de 12 maanden"),
        (730, "ongeveer eens in de 2 jaar"),
        (36_600, "minder dan eens in de 100 jaar"),
        (float("inf"), "minder dan eens in de 100 jaar"),
    ],
)
def test_intervals_are_said_in_the_unit_that_people_use(interval: float, said: str) -> None:
    assert wording.once_in(interval) == said


@pytest.mark.parametrize(
    ("expected", "observed", "said"),
    [
        (0.3, 5, "minder dan 1"),
        (0.97, 5, "ongeveer 1"),
        (2.9, 11, "ongeveer 3"),
        (3.6, 4, "ongeveer 3,6"),
        (6.0, 8, "ongeveer 6"),
        (1234.4, 1300, "ongeveer 1.234"),
    ],
)
def test_rounding_never_hides_the_difference(expected: float, observed: float, said: str) -> None:
    assert wording.about(expected, observed) == said


def test_numbers_have_a_dutch_comma_and_point() -> None:
    assert wording.number(1234.56, 1) == "1.234,6"
    assert wording.number(-2) == "−2"
    assert wording.number(float("nan")) == "–"
    assert wording.figure(7.9130412) == "7,91304"
    assert wording.figure(2.1e-7) == "2,1e−07"
    assert wording.percentage(0.999) == "meer dan 99%"
