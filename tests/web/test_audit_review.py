"""Every month somebody looks at the log as a whole, and signs it off in the log itself (R16)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import schakel_web
from schakel_web.accounts.models import User
from schakel_web.audit import chain, review
from schakel_web.audit.models import Event, Kind, Outcome
from schakel_web.questions.management.commands import worker
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
PAGE = "/beheer/logboek/maand/"
TUESDAY, SATURDAY = datetime(2026, 3, 10, 11, tzinfo=UTC), datetime(2026, 3, 14, 11, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)  # half past eleven in the evening, in Amsterdam
MARCH = TUESDAY.date().replace(day=1)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lines of some moment in the past."""

    def write(
        at: datetime, number: int = 1, *, by: User | None = None, subject: Any = "test", **fields: Any
    ) -> None:
        fields = {"action": "test.done", "role": "coordinator", **fields}
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: at)
            for _ in range(number):
                chain.record(subject=subject, by=by, **fields)

    return write


def third_of_last_month() -> datetime:
    day = review.month_before(review.this_month()).replace(day=3)
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


@pytest.mark.django_db
def test_a_month_is_counted_by_kind_beside_the_three_before_r16(written: Callable[..., None]) -> None:
    written(TUESDAY, 3, action="signals.read", outcome=Outcome.READ)
    written(TUESDAY, 2, action="questions.export_minutes", outcome=Outcome.EXPORTED)
    written(TUESDAY, 4, action="signal-list", outcome=Outcome.REFUSED)
    written(TUESDAY, 5, action="account.login", outcome=Outcome.REFUSED)
    written(TUESDAY, 1, action="network.invite")
    written(TUESDAY, 6, action="signals.give")
    written(datetime(2026, 2, 20, 11, tzinfo=UTC), 7, action="signals.read", outcome=Outcome.READ)
    written(datetime(2025, 11, 20, 11, tzinfo=UTC), 9, action="signals.read", outcome=Outcome.READ)
    counted = review.counts(MARCH)
    assert [f"{month:%Y-%m}" for month in counted.months] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert counted.kinds == {
        Kind.READ: [0, 0, 7, 3], Kind.EXPORTED: [0, 0, 0, 2], Kind.REFUSED: [0, 0, 0, 4], Kind.FAILED: [0, 0, 0, 5],
        Kind.RIGHTS: [0, 0, 0, 1], Kind.OTHER: [0, 0, 0, 6],
    }  # fmt: skip


@pytest.mark.django_db
def test_the_edge_of_a_month_is_midnight_in_amsterdam(written: Callable[..., None]) -> None:
    written(datetime(2026, 2, 28, 22, 59, tzinfo=UTC), action="signals.give")
    written(datetime(2026, 2, 28, 23, 1, tzinfo=UTC), 2, action="signals.give")
    assert review.counts(MARCH).kinds[Kind.OTHER][-2:] == [1, 2]


@pytest.mark.django_db
def test_a_month_is_counted_by_role_r16(written: Callable[..., None]) -> None:
    written(TUESDAY, 3, role="team_member", outcome=Outcome.READ)
    written(TUESDAY, 2, role="coordinator", outcome=Outcome.READ)
    roles = review.counts(MARCH).roles
    assert {role: numbers[Kind.READ] for role, numbers in roles.items()} == {
        "team_member": 3,
        "coordinator": 2,
    }


def test_a_line_says_in_which_role_somebody_did_it_r16(city: City, as_: As) -> None:
    as_("coordinator").get(f"/signalen/{make.signal(city.areas[0]).pk}/")
    as_("policy").get("/signalen/")
    assert Event.objects.get(action="signals.read").role == "coordinator"
    assert Event.objects.get(action="signal-list").role == "policy_officer"


def test_what_deserves_a_look_is_named_and_what_is_usual_is_not(
    city: City, written: Callable[..., None]
) -> None:
    read = {"action": "signals.read", "outcome": Outcome.READ}
    written(NIGHT, 12, by=city["mate"], **read)
    written(SATURDAY, 8, by=city["mate"], **read)
    written(TUESDAY, 60, by=city["coordinator"], **read)
    written(NIGHT, 19, by=city["coordinator"], **read)
    written(TUESDAY, 5, by=city["policy"], action="x", outcome=Outcome.EXPORTED)
    written(TUESDAY, 4, by=city["researcher"], action="x", outcome=Outcome.EXPORTED)
    written(TUESDAY, 10, by=city["partner"], action="signal-list", outcome=Outcome.REFUSED)
    written(TUESDAY, 11, subject=city["owner"], action="account.login", outcome=Outcome.REFUSED)
    found = {(look.account, look.number) for look in review.looks(MARCH)}
    assert found == {
        (city["mate"].pk, 20), (city["policy"].pk, 5), (city["partner"].pk, 10), (city["owner"].pk, 11),
    }  # fmt: skip
    assert review.looks(review.month_before(MARCH)) == []


def test_who_reads_many_times_what_others_read_is_named(city: City, written: Callable[..., None]) -> None:
    for name in ("member", "mate", "coordinator", "owner", "outsider"):
        written(TUESDAY, 5, by=city[name], outcome=Outcome.READ)
    written(TUESDAY, 95, by=city["member"], outcome=Outcome.READ)
    assert [(look.account, look.number) for look in review.looks(MARCH)] == [(city["member"].pk, 100)]


def test_the_page_shows_the_month_before_and_no_name_of_who_did_nothing_special(
    city: City, as_: As, written: Callable[..., None]
) -> None:
    moment = third_of_last_month()
    written(moment, 6, by=city["policy"], action="x", outcome=Outcome.EXPORTED)
    written(moment, 2, by=city["mate"], outcome=Outcome.READ)
    page = as_("administrator").get(PAGE).content.decode()
    assert "Vaak iets meegenomen als bestand: <strong>Policy</strong>, 6 keer" in page
    assert "Mate" not in page


def test_a_month_is_signed_off_in_the_log_itself_and_only_with_a_choice_r16(city: City, as_: As) -> None:
    client = as_("administrator")
    last = f"{review.month_before(review.this_month()):%Y-%m}"
    client.post(f"{PAGE}?maand={last}", {"decision": ""})
    client.post(f"{PAGE}?maand={last}", {"decision": "een oordeel over Jan"})
    assert not Event.objects.filter(action="audit.reviewed").exists()
    client.post(f"{PAGE}?maand={last}", {"decision": "sound"})
    row = Event.objects.get(action="audit.reviewed")
    assert (row.actor, row.facts["month"], row.facts["decision"]) == (city["administrator"].pk, last, "sound")
    assert list(chain.verify()) == []
    page = client.get(f"{PAGE}?maand={last}").content.decode()
    assert "Administrator. Ik heb gekeken. Er is niets om na te gaan." in page


def test_a_month_that_is_not_over_cannot_be_signed_off(city: City, as_: As) -> None:
    client, now = as_("administrator"), f"{review.this_month():%Y-%m}"
    assert 'name="decision"' not in client.get(f"{PAGE}?maand={now}").content.decode()
    client.post(f"{PAGE}?maand={now}", {"decision": "sound"})
    assert not Event.objects.filter(action="audit.reviewed").exists()


@pytest.mark.parametrize("month", ["2026-13", "x", "", "1900-01", "9999-12", "2026-1"])
def test_a_month_that_cannot_be_is_the_last_one(month: str, as_: As) -> None:
    page = as_("administrator").get(f"{PAGE}?maand={month}")
    assert page.context["month"] == review.month_before(review.this_month())


def test_the_page_says_whether_the_log_is_whole_and_when_that_was_looked_at_r16(city: City, as_: As) -> None:
    client = as_("administrator")
    assert "nog niet nagegaan" in client.get(PAGE).content.decode()
    assert (
        "niets veranderd en niets verdwenen"
        in client.post(PAGE, {"do": "verify"}, follow=True).content.decode()
    )
    Event.objects.model._base_manager.filter(action="audit.read_month")._raw_delete("default")
    assert (
        "Er is iets veranderd of verdwenen"
        in client.post(PAGE, {"do": "verify"}, follow=True).content.decode()
    )


def test_the_worker_verifies_the_log_every_night_r16(city: City, settings: Any) -> None:
    settings.NIGHTLY = "00:00"
    worker.tick()
    row = Event.objects.get(action="audit.verified")
    assert (row.role, row.facts["faults"]) == ("system", 0)


def test_who_is_named_is_asked_to_let_somebody_else_sign_off(
    city: City, as_: As, written: Callable[..., None]
) -> None:
    moment = third_of_last_month()
    written(moment, 6, by=city["administrator"], action="x", outcome=Outcome.EXPORTED)
    assert "Laat een collega deze maand aftekenen" in as_("administrator").get(PAGE).content.decode()


def test_every_line_about_logins_and_rights_is_one_that_is_written() -> None:
    """A name that changes where it is written would otherwise vanish from the counts."""
    written = "".join(path.read_text() for path in Path(str(schakel_web.__file__)).parent.rglob("*.py"))
    lost = [name for name in review.LOGINS | review.RIGHTS if len(re.findall(f'"{name}"', written)) < 2]
    assert lost == []
