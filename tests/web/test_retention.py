"""What is removed, and when (R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from schakel_web.audit import chain
from schakel_web.audit.models import Event, Head
from schakel_web.network.actions import invite
from schakel_web.network.models import Invitation
from schakel_web.privacy import retention
from schakel_web.privacy.models import Removal
from schakel_web.questions.models import Pattern
from schakel_web.signals.models import Signal, SignalWord
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


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
