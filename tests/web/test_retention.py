"""What is removed, and when (R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from schakel_web.accounts.models import User
from schakel_web.audit import chain
from schakel_web.audit.models import Event, Head
from schakel_web.network.actions import invite
from schakel_web.network.models import Invitation
from schakel_web.privacy import retention
from schakel_web.privacy.models import Removal
from schakel_web.questions.models import Pattern, Promise, SharedQuestion
from schakel_web.signals.actions import weigh
from schakel_web.signals.models import Signal, SignalWord, Word
from schakel_web.signals.retention import REASON_GONE
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
DPIA = Path(__file__).parents[2] / "docs/privacy/dpia.md"


def logged(number: int) -> None:
    for k in range(number):
        chain.record(action="test.done", subject="test", by=None, role="system", k=k)


def old(city: City, months: int) -> Signal:
    signal = make.signal(city.areas[0])
    Signal.objects.filter(pk=signal.pk).update(created=timezone.now() - months * retention.MONTH)
    return signal


def test_the_text_goes_after_eighteen_months_and_the_coded_row_stays_r15(city: City) -> None:
    gone, kept = old(city, 19), old(city, 17)
    retention.run(by=None)
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.text, gone.people, gone.themes.count()) == ("", 1, 1)
    assert not SignalWord.objects.filter(signal=gone).exists()
    assert kept.text
    assert Removal.objects.get().number == 1


def test_a_dry_run_says_the_same_and_removes_nothing_r15(city: City) -> None:
    old(city, 19)
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "signal_text: 1 of before" in out.getvalue()
    assert Signal.objects.get().text
    assert not Removal.objects.exists()


def test_running_it_twice_removes_nothing_more(city: City) -> None:
    old(city, 19)
    retention.run(by=city["administrator"])
    assert retention.run(by=city["administrator"]) == []


def test_invitations_go_a_month_after_they_expired_and_sessions_when_they_are_over_r15(
    city: City, as_: As
) -> None:
    for address, days in (("oud@stad.nl", 31), ("net@stad.nl", 29)):
        invited = invite(
            email=address, name="X", role="researcher", team=None, organisation=None, by=city["administrator"]
        )
        Invitation.objects.filter(pk=invited.pk).update(expires=timezone.now() - timedelta(days=days))
    as_("member").get("/")
    as_("coordinator").get("/")
    over = Session.objects.first()
    assert over
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(minutes=1))
    retention.run(by=None)
    assert [i.email for i in Invitation.objects.all()] == ["net@stad.nl"]
    assert Session.objects.count() == 1
    assert not UserSession.objects.filter(session_key=over.pk).exists()


def test_suggestions_go_after_two_years_but_not_those_that_became_a_question_r15(city: City) -> None:
    gone, kept = make.pattern(city.areas[:1]), make.pattern(city.areas[:1])
    make.question(city.teams[0], city.areas[:1], city["member"], pattern=kept)
    Pattern.objects.update(last=timezone.localdate() - timedelta(days=800))
    retention.run(by=None)
    assert not Pattern.objects.filter(pk=gone.pk).exists()
    assert Pattern.objects.filter(pk=kept.pk).exists()


def test_the_log_itself_is_cut_at_its_old_end_and_stays_intact_r15(city: City, monkeypatch: Any) -> None:
    long_ago = timezone.now() - 25 * retention.MONTH
    monkeypatch.setattr("schakel_web.audit.chain.timezone.now", lambda: long_ago)
    logged(4)
    monkeypatch.undo()
    logged(3)
    retention.run(by=None)
    assert Event.objects.count() == 4  # three, and the line about the removal
    assert list(chain.verify()) == []
    assert Head.objects.get().length == 4


def test_the_pages_about_privacy_show_what_the_models_say(city: City, as_: As) -> None:
    client = as_("administrator")
    assert "tekst 18 maanden" in client.get("/beheer/gegevens/").content.decode()
    old(city, 19)
    assert client.get("/beheer/bewaren/").context["due"][0].number in {0, 1}
    client.post("/beheer/bewaren/")
    assert Removal.objects.exists()


def test_who_stopped_two_years_ago_is_forgotten_and_colleagues_are_not_r15(city: City, as_: As) -> None:
    gone, recent, still = city["mate"], city["owner"], city["member"]
    for user, months, active in ((gone, 25, False), (recent, 23, False), (still, 25, True)):
        User.objects.filter(pk=user.pk).update(
            is_active=active, last_login=timezone.now() - months * retention.MONTH
        )
    retention.run(by=None)
    for user in (gone, recent, still):
        user.refresh_from_db()
    assert (gone.name, gone.email) == ("voormalig collega", f"{gone.pk}@schakel.invalid")
    assert not gone.has_usable_password()
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert (recent.name, still.name) == ("Owner", "Member")
    assert not any(removal.rule == "account" for removal in retention.run(by=None))


def test_an_ip_address_in_the_cache_goes_the_night_after_its_time_is_over_r15(db: None) -> None:
    cache.set("ip:192.0.2.1", 1, timeout=3600)
    cache.set("ip:192.0.2.2", 1, timeout=10 * 24 * 3600)
    retention.run(by=None, now=timezone.now() + timedelta(hours=2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        left = " ".join(row[0] for row in cursor.fetchall())
    assert "192.0.2.2" in left
    assert "192.0.2.1" not in left


def test_work_that_was_done_leaves_the_list_after_a_month_r15(db: None) -> None:
    for days in (29, 31):
        DBTaskResult.objects.create(
            task_path="x.y", args_kwargs={}, status="SUCCESSFUL", backend_name="default",
            finished_at=timezone.now() - timedelta(days=days), exception_class_path="", traceback="",
        )  # fmt: skip
    retention.run(by=None)
    assert DBTaskResult.objects.count() == 1


def test_the_dpia_that_comes_along_names_every_rule_r18() -> None:
    named = {line.removeprefix("- ") for line in DPIA.read_text("utf-8").splitlines()}
    assert {str(rule.about) for rule in retention.RULES.values()} - named == set()


def test_a_word_of_a_text_that_is_gone_cannot_be_found_in_the_index_either_r15(city: City) -> None:
    old(city, 19)
    make.signal(city.areas[0], text="De zwaluw is terug.")
    assert Word.objects.filter(word="voelen").exists()
    retention.run(by=None)
    assert not Word.objects.filter(word="voelen").exists()
    assert Word.objects.filter(word="zwaluw").exists()


@pytest.mark.parametrize(
    ("state", "months", "gone"),
    [("let_go", 25, True), ("parked", 25, True), ("let_go", 23, False), ("taken_up", 25, False)],
)
def test_a_question_goes_two_years_after_the_last_work_on_it_r15(
    city: City, state: str, months: int, gone: bool
) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"], state=state)
    Promise.objects.create(question=question, what="bellen", who=city["member"], due="2026-12-01")
    SharedQuestion.objects.update(changed=timezone.now() - months * retention.MONTH)
    retention.run(by=None)
    assert SharedQuestion.objects.exists() is Promise.objects.exists() is not gone
    assert any(removal.rule == "questions" for removal in Removal.objects.all()) is gone


def test_the_reason_of_a_weighing_goes_with_the_text_and_the_route_stays_r15(city: City) -> None:
    signal = old(city, 19)
    weigh(signal=signal, route="individual", collective_first=False, reason="Wil alleen.", by=city["member"])
    retention.run(by=None)
    weighing = signal.weighings.get()
    assert (weighing.route, weighing.reason) == ("individual", REASON_GONE)
