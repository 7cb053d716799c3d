"""A question says that residents recognise it only while they do, and in the words that they heard (R13, S021)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from schakel_web.network.versions import ConflictError
from schakel_web.questions import actions
from schakel_web.questions.models import SharedQuestion, SparKind, Sparring
from schakel_web.questions.models.shared import CheckResult, QuestionState
from tests.factories import city as make
from tests.factories.city import City


def said(question: SharedQuestion, city: City, result: str, day: date | None = None) -> SharedQuestion:
    actions.check(
        question=question, day=day or timezone.localdate(), how="Aan de koffietafel.", people=6, said="Nou en of.",
        result=result, by=city["member"],
    )  # fmt: skip
    question.refresh_from_db()
    return question


@pytest.fixture
def confirmed(city: City) -> SharedQuestion:
    return make.question(
        city.teams[0], city.areas[:1], city["member"], state=QuestionState.CONFIRMED,
        checked=timezone.localdate() - timedelta(days=7),
    )  # fmt: skip


def edited(question: SharedQuestion, city: City, **changes: Any) -> SharedQuestion:
    words = {
        "text": question.text, "underlying": question.underlying, "theme": question.theme,
        "areas": [city.areas[0].pk],
    }  # fmt: skip
    actions.edit(question=question, version=question.version, **words | changes, by=city["member"])
    question.refresh_from_db()
    return question


@pytest.mark.parametrize("what", ["text", "theme", "areas"])
def test_other_words_another_theme_or_other_areas_are_asked_of_residents_again_r13(
    city: City, confirmed: SharedQuestion, what: str
) -> None:
    other = {"text": "Wij willen minder auto's.", "theme": "vervoer", "areas": [a.pk for a in city.areas[:3]]}
    edited(confirmed, city, **{what: other[what]})
    assert (confirmed.state, confirmed.checked) == (QuestionState.EXPLORED, None)
    assert confirmed not in SharedQuestion.objects.public()


def test_the_words_before_stay_in_the_history(city: City, confirmed: SharedQuestion) -> None:
    before = confirmed.text
    edited(confirmed, city, text="Wij willen minder auto's.")
    assert before in [step.why for step in confirmed.steps.filter(what="edited")]


def test_what_lies_behind_it_is_the_teams_own_and_changes_nothing(
    city: City, confirmed: SharedQuestion
) -> None:
    edited(confirmed, city, underlying="Er is geen plek.")
    assert confirmed.state == QuestionState.CONFIRMED
    assert confirmed.checked is not None


def test_a_later_no_takes_back_an_earlier_yes_and_nothing_is_confirmed_on_it_r13(city: City) -> None:
    question = make.question(
        city.teams[0], city.areas[:1], city["member"], state=QuestionState.EXPLORED, checked=None
    )
    said(question, city, CheckResult.RECOGNISED)
    assert said(question, city, CheckResult.NOT).checked is None
    with pytest.raises(actions.NotAllowedYetError):
        actions.move(
            question=question, version=question.version, to="confirmed", why="Toch.", by=city["member"]
        )


def test_an_earlier_no_or_yes_that_is_written_down_later_changes_nothing(
    city: City, confirmed: SharedQuestion
) -> None:
    long_ago = timezone.localdate() - timedelta(days=30)
    assert said(confirmed, city, CheckResult.NOT, long_ago).state == QuestionState.CONFIRMED
    said(confirmed, city, CheckResult.NOT)
    assert said(confirmed, city, CheckResult.RECOGNISED, long_ago).checked is None


def test_what_residents_said_of_other_words_does_not_count_for_these(
    city: City, confirmed: SharedQuestion
) -> None:
    edited(confirmed, city, text="Wij willen minder auto's.")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert said(confirmed, city, CheckResult.RECOGNISED, yesterday).checked is None
    assert said(confirmed, city, CheckResult.RECOGNISED).checked == timezone.localdate()


def test_what_nobody_checked_makes_no_confirmed_question_larger(
    city: City, confirmed: SharedQuestion
) -> None:
    hunch = make.question(city.teams[0], city.areas[2:3], city["member"])
    actions.merge(question=hunch, version=0, into=confirmed, why="Hetzelfde.", by=city["coordinator"])
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.checked) == (QuestionState.EXPLORED, None)


def asked(question: SharedQuestion, city: City, name: str) -> Sparring:
    return actions.ask_along(
        question=question, to=city.organisations[name], kind=SparKind.HANDOVER, asked="Neemt u dit over?",
        by=city["coordinator"],
    )  # fmt: skip


def test_who_takes_a_question_over_first_has_it_and_the_others_are_told_s052(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    first, second = asked(question, city, "Zorg"), asked(question, city, "School")
    actions.answer(sparring=first, text="Ja, graag.", accepted=True, by=city["outsider"], team=city.teams[1])
    second.refresh_from_db()
    assert second.accepted is False
    with pytest.raises(ConflictError):
        actions.answer(sparring=second, text="Ja.", accepted=True, by=city["partner"])
    question.refresh_from_db()
    assert question.team == city.teams[1]


def test_what_was_asked_by_the_team_before_gives_nobody_the_question_of_the_team_now(city: City) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    stale = asked(question, city, "School")
    SharedQuestion.objects.filter(pk=question.pk).update(team=city.teams[1])
    with pytest.raises(actions.TakenError):
        actions.answer(sparring=stale, text="Ja.", accepted=True, by=city["partner"])
    stale.refresh_from_db()
    assert stale.answered is None
