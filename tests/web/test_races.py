"""Two people deciding the same thing at the same moment: one wins, the others are told, nothing is lost (R10, R13).

With real threads and real transactions on PostgreSQL; on SQLite only one transaction writes at a time, and the version
on the screen decides (see `test_questions`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from schakel_web.audit import chain
from schakel_web.network import actions as network
from schakel_web.network.models import Area
from schakel_web.network.versions import ConflictError
from schakel_web.questions import actions
from schakel_web.questions.models import (
    Decision,
    Dismissal,
    Meeting,
    Pattern,
    PatternState,
    QuestionState,
    SharedQuestion,
    Step,
)
from schakel_web.signals import actions as signals
from schakel_web.signals.models import Reply, Signal, State
from tests.factories import city as make
from tests.factories.city import City

THREADS = 6
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'",
        reason="SQLite has one writer at a time; set SCHAKEL_TEST_DATABASE to a PostgreSQL",
    ),
]


@pytest.fixture
def town(transactional_db: None) -> Iterator[City]:
    """A city that other threads see; what reads texts is there before they begin."""
    signals.refuse_personal_data("Wij gaan langs in de Kerkstraat.")
    yield make.city()
    Area.objects.update(parent=None)


def at_once(*works: Callable[[], Any]) -> list[Exception | None]:
    """Do these at the same moment, each in a thread and a connection of its own; what each of them met."""
    start, met = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            work()
        except Exception as error:
            met[number] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [thread for thread in threads if thread.is_alive()] == []
    return list(met)


def won(met: list[Exception | None], told: type[Exception] = ConflictError) -> int:
    """How many came through; all others were told, and nothing else went wrong."""
    assert [error for error in met if error is not None and not isinstance(error, told)] == []
    assert list(chain.verify()) == []
    return met.count(None)


def test_of_many_who_move_a_question_at_once_one_wins(town: City) -> None:
    question = make.question(town.teams[0], town.areas[:1], town["member"])
    states = [QuestionState.EXPLORED, QuestionState.PARKED, QuestionState.LET_GO]

    def move(n: int) -> Callable[[], None]:
        return lambda: actions.move(
            question=question, version=0, to=states[n % 3], why=f"nummer {n}", by=town["member"]
        )

    assert won(at_once(*(move(n) for n in range(THREADS)))) == 1
    question.refresh_from_db()
    step = Step.objects.get(question=question)
    assert (question.state, question.version) == (step.after, 1)


def test_a_pattern_is_taken_up_or_put_aside_and_never_both(town: City) -> None:
    pattern = make.pattern(town.areas[:1])

    def take() -> None:
        actions.open_question(
            text="Wij eten alleen.", underlying="", theme="eenzaamheid", areas=[town.areas[0].pk],
            team=town.teams[0], by=town["member"], pattern=pattern, pattern_version=0,
        )  # fmt: skip

    def put_aside() -> None:
        actions.dismiss(pattern=pattern, version=0, reason="known", note="", by=town["mate"])

    assert won(at_once(take, put_aside, take, put_aside)) == 1
    state = Pattern.objects.get(pk=pattern.pk).state
    made = (SharedQuestion.objects.count(), Dismissal.objects.count())
    assert made == ((1, 0) if state == PatternState.TAKEN else (0, 1))


def test_two_questions_that_are_merged_into_each_other_end_as_one(town: City) -> None:
    one, other = (make.question(town.teams[0], town.areas[:1], town["owner"]) for _ in range(2))

    def merge(question: SharedQuestion, into: SharedQuestion) -> Callable[[], None]:
        return lambda: actions.merge(
            question=question, version=0, into=into, why="hetzelfde", by=town["owner"]
        )

    assert won(at_once(merge(one, other), merge(other, one))) == 1
    assert SharedQuestion.objects.filter(merged_into=None).count() == 1


def test_everyone_who_starts_the_meeting_is_in_the_same_one(town: City) -> None:
    met = at_once(
        *(lambda: actions.start_meeting(team=town.teams[0], by=town["member"]) for _ in range(THREADS))
    )
    assert won(met) == THREADS
    assert Meeting.objects.count() == 1


def test_a_decision_is_in_the_minutes_or_whoever_wrote_it_is_told(town: City) -> None:
    meeting = actions.start_meeting(team=town.teams[0], by=town["member"])

    def decide() -> None:
        actions.decide(meeting=meeting, text="Wij gaan langs.", by=town["mate"])

    def close() -> None:
        actions.close_meeting(meeting=meeting, present=4, notes="", by=town["member"])

    met = at_once(close, decide, decide)
    won(met)
    assert met[0] is None
    assert Decision.objects.count() == met[1:].count(None)


def test_one_look_at_what_came_from_outside_counts(town: City) -> None:
    waiting = make.waiting(town.areas[0])

    def look(accept: bool) -> Callable[[], Any]:
        seen, by = waiting.wording, town["coordinator"]
        return lambda: signals.moderate(signal=waiting, accept=accept, themes=[], seen=seen, by=by)

    assert won(at_once(look(True), look(False), look(True)), told=ValueError) == 1


def test_saying_back_and_withdrawing_do_not_wait_for_each_other_for_ever(town: City) -> None:
    question = make.question(town.teams[0], town.areas[:1], town["member"])
    given = [make.signal(town.areas[0]) for _ in range(THREADS)]
    for signal in given:
        question.links.create(signal=signal)

    def tell() -> None:
        actions.move(
            question=question, version=0, to="explored", why="ja", tell="Wij gaan langs.", by=town["member"]
        )

    met = at_once(tell, *(lambda s=s: signals.withdraw(signal=s, by=None) for s in given))
    assert won(met) == THREADS + 1
    assert Reply.objects.count() == THREADS
    assert set(Signal.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_an_answer_to_another_organisation_is_given_once(town: City) -> None:
    question = make.question(town.teams[0], town.areas[:1], town["member"])
    asked = actions.ask_along(
        question=question,
        to=town.organisations["School"],
        kind="handover",
        asked="Neemt u over?",
        by=town["member"],
    )

    def answer() -> None:
        actions.answer(sparring=asked, text="Ja.", accepted=True, by=town["partner"])

    assert won(at_once(*(answer for _ in range(THREADS)))) == 1
    assert Step.objects.filter(what="partner").count() == 1


def test_a_plan_that_two_people_begin_at_once_is_one_plan(town: City) -> None:
    asked = make.signal(town.areas[0], kind="request")
    by = [town["member"], town["mate"], town["owner"]]
    met = at_once(*(lambda w=who: make.arrangement(asked, town.teams[0], w) for who in by))
    assert won(met) == len(by)
    assert asked.arrangements.count() == 1


def test_the_same_form_from_many_at_the_same_moment_is_kept_once_and_all_go_on_to_the_same(
    town: City,
) -> None:
    """A double click on a server with several workers: whoever comes second waits, and is told where it went."""
    question = make.question(town.teams[0], town.areas[:1], town["member"])
    actions.start_meeting(team=town.teams[0], by=town["member"])
    given = {"kind": "question", "number": question.pk, "text": "Wij gaan samen koken.", "once": str(uuid4())}
    went: list[str] = []

    def send() -> None:
        client = Client()
        client.force_login(town["member"], backend="allauth.account.auth_backends.AuthenticationBackend")
        went.append(client.post("/overleg/besluit/", given).headers["Location"])

    assert at_once(*[send] * THREADS) == [None] * THREADS
    assert went == [f"/overleg/#question-{question.pk}"] * THREADS
    assert Decision.objects.count() == 1


def test_of_an_invitation_that_is_accepted_twice_and_withdrawn_at_once_one_holds(town: City) -> None:
    made = network.invite(
        email="eva@stad.nl", name="Eva", role="policy_officer", team=None, organisation=None, by=town["administrator"]
    )  # fmt: skip
    by = town["administrator"]
    met = at_once(
        lambda: network.accept(invitation=made, name="Eva", password="drie losse woorden"),
        lambda: network.accept(invitation=made, name="X", password="heel andere woorden"),
        lambda: network.withdraw_invitation(invitation=made, by=by),
    )
    assert met.count(None) == 1
    assert all(isinstance(each, network.OverError | ConflictError) for each in met if each is not None)
