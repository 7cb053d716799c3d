"""Fresh as of when somebody checked: the keeper of a register, or whoever was asked, and never blindly (S083)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from schakel_web.audit.models import Event
from schakel_web.signals.actions import PersonalDataError
from schakel_web.socialmap import actions, confirming
from schakel_web.socialmap.models import Confirmation, Draft, How, Provision
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.guide import ALL, KEY, brought, sent

As = Callable[[str], Client]
TODAY = timezone.localdate
DESK = "de balie van Welzijn Oost"
PAGE = "/kaart/bijhouden/"
LAST_WEEK = timezone.localdate() - timedelta(days=7)


def stale(city: City, number: int, *, days: int = 100, **fields: Any) -> list[Provision]:
    """So many that nobody confirmed for so long."""
    fields.setdefault("run_by", "Welzijn Oost")
    past = TODAY() - timedelta(days=days)
    return [make.provision(city.areas[0], name=f"Groep {n}", checked=past, **fields) for n in range(number)]


def say(client: Client, rows: list[Provision], *, who: str = DESK, address: str = PAGE, **more: Any) -> Any:
    """Confirm those, as the form of the work list does."""
    given = {"gekozen": [one.pk for one in rows], "said_by": who, "welke": "gekozen", **more}
    return client.post(address, given, follow=True)


def waiting() -> set[str]:
    return set(Provision.objects.stale().values_list("name", flat=True))


# --- several at once


def test_what_was_chosen_is_confirmed_in_one_go_and_the_rest_waits(city: City, as_: As) -> None:
    rows = stale(city, 4)
    answer = say(as_("member"), rows[:3])
    assert "3 keer aanbod staat weer als bevestigd op de kaart" in answer.content.decode()
    assert waiting() == {"Groep 3"}
    assert Provision.objects.filter(checked=TODAY()).count() == 3
    event = Event.objects.get(action="socialmap.confirm_together")
    assert (event.actor, event.facts) == (city["member"].pk, {"number": 3})


def test_who_said_so_stands_in_the_history_of_each(city: City, as_: As) -> None:
    rows = stale(city, 2)
    say(as_("member"), rows)
    for one in rows:
        page = as_("member").get(f"/kaart/{one.pk}/").content.decode()
        assert f"samen met ander aanbod, volgens {DESK}" in page


def test_all_of_a_page_are_those_that_were_seen(city: City, as_: As) -> None:
    rows = stale(city, 3)
    given = {"staat-er": [rows[0].pk, rows[1].pk], "said_by": DESK, "welke": "alles"}
    as_("member").post(PAGE, given)
    assert waiting() == {"Groep 2"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"who": ""}, "Wie zei dat dit klopt?"),
        ({"who": "Joke de Boer, 06-12345678"}, "Wie zei dat dit klopt?"),
        ({"gekozen": []}, "Kies eerst welk aanbod nog klopt."),
        ({"gekozen": ["x", "²", "9" * 30]}, "Kies eerst welk aanbod nog klopt."),
        ({"welke": "alles"}, "Kies eerst welk aanbod nog klopt."),
    ],
)
def test_nobody_confirms_without_saying_who_checked_and_what_r4(
    city: City, as_: As, given: dict[str, Any], said: str
) -> None:
    answer = say(as_("member"), stale(city, 2), **given)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert len(waiting()) == 2


def test_a_form_that_is_refused_keeps_what_was_chosen(city: City, as_: As) -> None:
    rows = stale(city, 2)
    page = say(as_("member"), rows[:1], who="").content.decode()
    assert f'id="kies-{rows[0].pk}" checked' in page
    assert f'id="kies-{rows[1].pk}" checked' not in page


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("member", True), ("mate", True), ("owner", True), ("coordinator", True), ("partner", True),
        ("outsider", False), ("other_partner", False), ("policy", False), ("researcher", False),
        ("administrator", False), ("nobody", False),
    ],
)  # fmt: skip
def test_only_who_keeps_something_confirms_it_r17(city: City, as_: As, who: str, allowed: bool) -> None:
    rows = stale(city, 2, organisation=city.organisations["School"])
    say(as_(who), rows)
    assert waiting() == (set() if allowed else {"Groep 0", "Groep 1"})
    assert Confirmation.objects.exists() is allowed


def test_what_somebody_doubts_is_looked_at_on_its_own(city: City, as_: As) -> None:
    one, two = stale(city, 2)
    actions.doubt(provision=one, what="times", note="", by=None)
    page = as_("member").get(PAGE).content.decode()
    assert (f'id="kies-{one.pk}"' in page, f'id="kies-{two.pk}"' in page) == (False, True)
    say(as_("member"), [one, two])
    assert waiting() == {one.name}


def test_what_was_confirmed_or_closed_in_between_is_left_as_it_is(city: City, as_: As) -> None:
    one, two, three = stale(city, 3)
    actions.confirm(provision=one, how=How.SCREEN, by=city["mate"])
    actions.change_state(provision=two, version=0, to="closed", why="Het is gestopt.", by=city["mate"])
    say(as_("member"), [one, two, three])
    assert set(Confirmation.objects.filter(how=How.TOGETHER).values_list("provision", flat=True)) == {
        three.pk
    }


def test_one_organisation_at_a_time_and_many_of_it_on_one_page(city: City, as_: As) -> None:
    stale(city, 30)
    other = make.provision(city.areas[0], name="Koor", run_by="Zang & Vreugd", checked=date(2020, 1, 1))
    page = as_("member").get(PAGE)
    assert len(page.context["rows"]) == 25
    assert "?van=Zang%20%26%20Vreugd#werk" in page.content.decode()
    mine = as_("member").get(PAGE, {"van": "Welzijn Oost"})
    assert len(mine.context["rows"]) == 30
    assert "Van ‘Welzijn Oost’ wachten er 30." in mine.content.decode()
    rows = list(mine.context["rows"])
    answer = say(as_("member"), [*rows, other], address=f"{PAGE}?van=Welzijn+Oost")
    assert answer.redirect_chain[-1][0] == f"{PAGE}?van=Welzijn+Oost#inhoud"
    assert waiting() == {"Koor"}  # not of this organisation, and not on that page


def test_more_than_a_page_is_not_confirmed_at_once(city: City) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        confirming.together(provisions=range(101), said_by=DESK, by=city["member"])
    with pytest.raises(ValueError, match="who said so"):
        confirming.together(provisions=[1], said_by=" ", by=city["member"])
    with pytest.raises(PersonalDataError):
        confirming.together(provisions=[1], said_by="mevrouw Jansen", by=city["member"])


def test_a_hundred_take_as_many_questions_as_two(city: City, as_: As) -> None:
    def questions(number: int) -> int:
        rows = stale(city, number)
        with CaptureQueriesContext(connection) as seen:
            confirming.together(provisions=[one.pk for one in rows], said_by=DESK, by=city["member"])
        return len(seen)

    assert questions(2) + 3 >= questions(100)  # SQLite takes so many rows at a time


def test_the_database_holds_no_confirmation_of_many_without_who_said_so(city: City) -> None:
    one = make.provision(city.areas[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(provision=one, how=How.TOGETHER)


# --- a register that was checked by its keeper


def checked(client: Client, content: str, who: str, day: date | str, **more: Any) -> Any:
    """A file that was put ready and brought in, with who checked it and when."""
    sent(client, content, **more)
    draft = Draft.objects.latest("pk")
    given = {"do": "apply", "checked_by": who, "checked_on": str(day)}
    return client.post(f"/kaart/inlezen/{draft.pk}/", given, follow=True)


def test_a_register_that_its_keeper_checked_is_fresh_from_that_day(city: City, as_: As) -> None:
    checked(as_("coordinator"), ALL, "de redactie van de gids", LAST_WEEK)
    assert waiting() == set()
    one = Provision.objects.get(name="Taalcafé")
    assert (one.checked, one.due) == (LAST_WEEK, LAST_WEEK + timedelta(days=90))
    page = as_("coordinator").get(f"/kaart/{one.pk}/").content.decode()
    said = date_format(LAST_WEEK, "j F Y")
    assert f"volgens de redactie van de gids (nagekeken op {said})" in page


def test_without_that_nothing_is_claimed(city: City, as_: As) -> None:
    brought(as_("coordinator"), ALL)
    assert len(waiting()) == 4
    assert not Confirmation.objects.exists()


def test_a_row_with_a_day_of_its_own_keeps_it(city: City, as_: As) -> None:
    client = as_("coordinator")
    content = f"id,name,checked\ngids-0,Eettafel,2020-05-01\ngids-1,Koor,\ngids-2,Schaken,{TODAY()}\n"
    assert "Bij 2 keer aanbod in het bestand staat op welke dag" in sent(client, content).content.decode()
    checked(client, content, "de redactie", LAST_WEEK)
    days = dict(Provision.objects.values_list("name", "checked"))
    assert days == {"Eettafel": date(2020, 5, 1), "Koor": LAST_WEEK, "Schaken": TODAY()}
    assert waiting() == {"Eettafel"}


def test_what_did_not_change_in_the_next_file_is_fresh_again_as_well(city: City, as_: As) -> None:
    client = as_("coordinator")
    checked(client, ALL, "de redactie", date(2020, 1, 1))
    assert len(waiting()) == 4
    checked(client, ALL.replace("Eettafel", "Eettafel De Brug"), "de redactie", LAST_WEEK)
    assert waiting() == set()
    assert Confirmation.objects.filter(day=LAST_WEEK, said_by="de redactie").count() == 4
    page = sent(client, ALL).content.decode()
    assert "Vorige keer: de redactie." in page


def test_what_was_changed_or_doubted_after_the_file_was_put_ready_does_not_become_fresh(
    city: City, as_: As
) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    Provision.objects.update(due=TODAY())
    sent(client, ALL)
    one, other = Provision.objects.filter(name__in=["Eettafel", "Taalcafé"]).order_by("name")
    actions.edit(provision=one, version=one.version, sessions=None, by=city["member"])
    actions.doubt(provision=other, what="gone", note="", by=None)
    given = {"do": "apply", "checked_by": "de redactie", "checked_on": LAST_WEEK}
    client.post(f"/kaart/inlezen/{Draft.objects.latest('pk').pk}/", given)
    said = Confirmation.objects.filter(how=How.IMPORT).values_list("provision__name", flat=True)
    assert len(said) == 2
    assert {"Eettafel", "Taalcafé"}.isdisjoint(said)


def test_what_has_a_day_that_is_still_to_come_can_be_confirmed(city: City, as_: As) -> None:
    rows = stale(city, 1)
    Provision.objects.update(checked=TODAY() + timedelta(days=400))
    say(as_("member"), rows)
    assert (waiting(), Provision.objects.get().checked) == (set(), TODAY())


def test_all_of_an_organisation_with_a_long_name_is_confirmed(city: City, as_: As) -> None:
    rows = stale(city, 2, run_by="Stichting voor ontmoeting, activiteiten en dagbesteding " * 5)
    answer = say(as_("member"), rows, address=f"{PAGE}?van={rows[0].run_by}")
    assert (waiting(), answer.status_code) == (set(), 200)


def test_an_earlier_day_takes_nothing_away_and_the_same_day_says_nothing_twice(city: City, as_: As) -> None:
    client = as_("coordinator")
    brought(client, ALL)
    one = Provision.objects.get(name="Eettafel")
    actions.confirm(provision=one, how=How.SCREEN, by=city["member"])
    for _time in range(2):
        checked(client, ALL, "de redactie", LAST_WEEK)
    one.refresh_from_db()
    assert one.checked == TODAY()
    assert Confirmation.objects.filter(how=How.IMPORT).count() == 3


@pytest.mark.parametrize(
    ("who", "day", "said"),
    [
        ("de redactie", "", "Schrijf ook op welke dag dat was."),
        ("", "2026-01-05", "Schrijf ook wie het heeft nagekeken."),
        ("de redactie", "2999-01-01", "Deze dag moet nog komen."),
        ("de redactie", "gisteren", "Dit is geen datum."),
        ("mevrouw Jansen", "2026-01-05", "Wie heeft het nagekeken?"),
    ],
)
def test_who_and_when_belong_together_and_are_not_to_come_r4(
    city: City, as_: As, who: str, day: str, said: str
) -> None:
    answer = checked(as_("coordinator"), ALL, who, day)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Provision.objects.exists()


def test_of_what_waits_for_a_choice_the_same_holds_afterwards(city: City, as_: As) -> None:
    client = as_("coordinator")
    make.provision(city.areas[0], name="Eettafel De Brug", run_by="Oost", checked=date(2020, 1, 1))
    content = "id,name,organisation\na-1,Eettafel De Brug,Oost\n"
    checked(client, content, "de redactie", LAST_WEEK)
    draft = Draft.objects.get()
    client.post(f"/kaart/inlezen/{draft.pk}/", {"row": draft.rows.get().pk, "choice": "same"})
    client.post(
        f"/kaart/inlezen/{draft.pk}/", {"do": "apply", "checked_by": "een ander", "checked_on": TODAY()}
    )
    assert Provision.objects.get().checked == LAST_WEEK


@pytest.mark.parametrize(
    ("says", "day"),
    [
        ({"assured_date": "2026-01-05", "last_modified": "2026-02-01T10:00:00Z"}, date(2026, 1, 5)),
        ({"last_modified": "2026-02-01T10:00:00Z"}, date(2026, 2, 1)),
        ({}, None),
    ],
)
def test_open_referral_says_when_its_keeper_assured_or_changed_it(
    city: City, as_: As, says: dict[str, str], day: date | None
) -> None:
    service = {"id": KEY(1), "name": "Eettafel", "status": "active", **says}
    brought(as_("coordinator"), json.dumps([service]), name="gids.json")
    assert Provision.objects.get().checked == day
    assert [c.said_by for c in Confirmation.objects.all()] == (["Gids"] if day else [])
