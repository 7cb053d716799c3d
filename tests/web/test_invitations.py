"""Invitations by mail: seen while they are open, sent again, withdrawn; and what a link that is over says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import Permission
from schakel_web.audit.models import Event, Kind
from schakel_web.audit.review import counts, this_month
from schakel_web.network import actions
from schakel_web.network.models import Invitation
from schakel_web.network.versions import ConflictError
from schakel_web.privacy.retention import RULES
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
PASSWORD = "drie losse woorden"


def invited(city: City, **other: Any) -> Invitation:
    given: dict[str, Any] = {
        "email": "eva@stad.nl", "name": "Eva de Nieuwe", "role": "coordinator", "team": city.teams[0],
        "organisation": None, "by": city["administrator"],
    }  # fmt: skip
    return actions.invite(**(given | other))


def link(number: int = -1) -> str:
    """The link in a mail; in the newest one."""
    found = re.search(r"/uitnodiging/\S+/", str(mail.outbox[number].body))
    assert found
    return found[0]


def people(as_: As) -> str:
    return as_("administrator").get("/beheer/mensen/").content.decode()


def again(as_: As, invitation: Invitation, sent: str = "") -> Any:
    address = f"/beheer/uitnodigingen/{invitation.pk}/opnieuw/"
    return as_("administrator").post(address, {"sent": sent or invitation.sent.isoformat()}, follow=True)


def withdraw(as_: As, invitation: Invitation) -> Any:
    return as_("administrator").post(f"/beheer/uitnodigingen/{invitation.pk}/intrekken/", follow=True)


def logged(action: str) -> list[tuple[int | None, str, dict[str, Any]]]:
    rows = Event.objects.filter(action=action).order_by("pk")
    return [(e.actor, e.number, e.facts) for e in rows]


def over(address: str) -> str:
    """The text of the page of a link that opens nothing: for whoever looks, and for whoever sends the form."""
    client = Client()
    for page in (client.get(address), client.post(address, {"name": "Eva", "password": PASSWORD})):
        assert page.status_code == 410
    assert not User.objects.filter(email="eva@stad.nl", memberships__role="policy_officer").exists()
    return page.content.decode()


def test_an_open_invitation_shows_whom_as_what_where_by_whom_when_and_until_when(city: City, as_: As) -> None:
    one = invited(city)
    page = people(as_)
    page = page[page.index('id="uitnodigingen"') :]
    sent, until = (timezone.localtime(moment).strftime("%H:%M") for moment in (one.sent, one.expires))
    for said in (
        "Eva de Nieuwe",
        "eva@stad.nl",
        "Coördinator",
        str(city.teams[0]),
        str(city["administrator"]),
    ):
        assert said in page
    assert f"om {sent}" in page
    assert f"geldig tot {timezone.localtime(one.expires).day} " in page
    assert f"om {until}" in page


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({}, "Uw rol: Coördinator\nUw team: Team 0 (Welzijn)"),
        ({"role": "partner", "team": None}, "Uw rol: Samenwerkingspartner\nUw organisatie: School"),
        ({"role": "policy_officer", "team": None}, "Uw rol: Beleidsmedewerker\n\nOpen deze link"),
    ],
)
def test_the_mail_says_who_invites_as_what_and_where(city: City, where: dict[str, Any], said: str) -> None:
    if where.get("role") == "partner":
        where = where | {"organisation": city.organisations["School"]}
    invited(city, **where)
    body = str(mail.outbox[0].body)
    assert body.startswith(
        f"Beste Eva de Nieuwe,\n\nAdministrator nodigt u uit om mee te werken in Schakel.\n{said}"
    )


def test_a_mail_that_is_sent_again_says_who_sent_it_again(city: City) -> None:
    one = invited(city)
    actions.invite_again(invitation=one, sent=one.sent, by=make.user("anna", "administrator"))
    assert "Anna nodigt u uit" in str(mail.outbox[1].body)


def test_what_was_accepted_or_withdrawn_is_not_open_any_more_and_what_is_too_old_says_so(
    city: City, as_: As
) -> None:
    invited(city, email="a@stad.nl")
    Client().post(link(), {"name": "A", "password": PASSWORD})
    withdraw(as_, invited(city, email="b@stad.nl"))
    old = invited(city, email="c@stad.nl")
    Invitation.objects.filter(pk=old.pk).update(expires=timezone.now() - timedelta(days=1))
    page = people(as_)
    page = page[page.index('id="uitnodigingen"') :]
    assert ("a@stad.nl" in page, "b@stad.nl" in page, "c@stad.nl" in page) == (False, False, True)
    assert "verlopen" in page


def test_sending_again_gives_a_new_link_for_two_weeks_and_the_one_before_opens_nothing(
    city: City, as_: As
) -> None:
    one = invited(city, role="policy_officer", team=None)
    Invitation.objects.filter(pk=one.pk).update(expires=timezone.now() - timedelta(days=2))
    assert "nieuwe mail gestuurd naar eva@stad.nl" in again(as_, one).content.decode()
    assert len(mail.outbox) == 2
    assert link(0) != link(1)
    assert "nieuwste mail" in over(link(0))
    held = Invitation.objects.get()
    assert held.expires > timezone.now() + timedelta(days=13)
    assert Client().get(link(1)).status_code == 200
    assert logged("network.invite_again") == [
        (city["administrator"].pk, str(one.pk), {"given": "policy_officer"})
    ]


def test_every_earlier_link_is_known_as_replaced_however_often_it_was_sent(city: City, as_: As) -> None:
    invited(city, role="policy_officer", team=None)
    for _n in range(3):
        again(as_, Invitation.objects.get())
    for number in range(3):
        assert "nieuwste mail" in over(link(number))


def test_a_double_click_on_sending_again_is_one_mail(city: City, as_: As) -> None:
    one = invited(city)
    again(as_, one)
    assert "intussen al opnieuw gestuurd" in again(as_, one).content.decode()
    assert len(mail.outbox) == 2
    assert Client().get(link()).status_code == 200


@pytest.mark.parametrize("sent", ["gisteren", "2026-13-45T99:00", "2026-01-01T10:00:00"])
def test_a_moment_that_is_none_sends_nothing(city: City, as_: As, sent: str) -> None:
    assert again(as_, invited(city), sent).status_code == 200
    assert len(mail.outbox) == 1


def test_a_withdrawn_link_opens_nothing_and_says_whom_to_ask(city: City, as_: As) -> None:
    one = invited(city, role="policy_officer", team=None)
    withdraw(as_, one)
    said = over(link())
    assert "ingetrokken" in said
    assert "de beheerder van Schakel" in said
    assert "eva@stad.nl" not in said
    assert logged("network.withdraw_invitation") == [
        (city["administrator"].pk, str(one.pk), {"taken": "policy_officer"})
    ]


def test_what_is_withdrawn_is_not_sent_again_nor_withdrawn_twice(city: City, as_: As) -> None:
    one = invited(city)
    withdraw(as_, one)
    assert "intussen al ingetrokken" in withdraw(as_, one).content.decode()
    again(as_, one)
    assert len(mail.outbox) == 1
    assert len(logged("network.withdraw_invitation")) == 1
    assert logged("network.invite_again") == []


def test_after_withdrawing_the_same_person_can_be_invited_anew(city: City, as_: As) -> None:
    withdraw(as_, invited(city))
    invited(city)
    assert Client().get(link()).status_code == 200


def test_a_link_works_once_and_then_leads_to_the_login(city: City) -> None:
    invited(city)
    Client().post(link(), {"name": "Eva", "password": PASSWORD})
    stranger = Client()
    page = stranger.post(link(), {"name": "Iemand anders", "password": "heel andere woorden"})
    assert page.status_code == 410
    assert "/account/login/" in page.content.decode()
    user = User.objects.get(email="eva@stad.nl")
    assert user.check_password(PASSWORD)
    assert (user.name, user.memberships.count()) == ("Eva", 1)
    assert len(logged("network.accept")) == 1


@pytest.mark.parametrize("meanwhile", ["used", "withdrawn", "replaced"])
def test_what_happens_while_somebody_types_a_password_holds(city: City, meanwhile: str) -> None:
    """The page was open already; the same object, of before."""
    before = invited(city)
    if meanwhile == "used":
        actions.accept(invitation=before, name="Eva", password=PASSWORD)
    elif meanwhile == "withdrawn":
        actions.withdraw_invitation(invitation=before, by=city["administrator"])
    else:
        actions.invite_again(invitation=before, sent=before.sent, by=city["administrator"])
    users = User.objects.count()
    with pytest.raises(actions.OverError):
        actions.accept(invitation=before, name="X", password="heel andere woorden")
    assert User.objects.count() == users


def test_what_was_used_cannot_be_withdrawn_or_sent_again(city: City) -> None:
    one = invited(city)
    actions.accept(invitation=one, name="Eva", password=PASSWORD)
    with pytest.raises(ConflictError):
        actions.withdraw_invitation(invitation=one, by=city["administrator"])
    with pytest.raises(ConflictError):
        actions.invite_again(invitation=one, sent=one.sent, by=city["administrator"])


def test_a_link_that_never_was_says_how_to_take_it_over(city: City) -> None:
    invited(city)
    for address in (link()[:-3] + "/", "/uitnodiging/%20/", "/uitnodiging/" + "a" * 64 + "/"):
        page = Client().get(address)
        assert page.status_code == 410
        assert "kennen wij niet" in page.content.decode()


def test_the_form_to_invite_that_is_sent_twice_is_one_mail(city: City, as_: As) -> None:
    given = {"name": "Eva", "email": "Eva@Stad.nl", "role": "coordinator", "team": city.teams[0].pk}
    client = as_("administrator")
    client.post("/beheer/mensen/", given)
    said = client.post("/beheer/mensen/", given, follow=True).content.decode()
    assert "staat deze uitnodiging al open" in said
    assert len(mail.outbox) == 1
    client.post("/beheer/mensen/", given | {"team": city.teams[1].pk})
    assert len(mail.outbox) == 2, "the same person for another team is another invitation"


def test_the_database_itself_holds_one_open_invitation_for_the_same(city: City) -> None:
    one = invited(city, role="policy_officer", team=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(email=one.email, name="X", role=one.role, key="b" * 64, expires=one.expires)
    one.refresh_from_db()
    one.accepted = one.withdrawn = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


def test_double_invitations_of_before_become_one_the_newest(city: City) -> None:
    """The migration, on rows that the constraint would refuse now: so with one that differs in what is compared."""
    migration = import_module("schakel_web.network.migrations.0004_invitations_are_withdrawn_and_sent_again")
    invited(city)
    invited(city, team=city.teams[1])
    migration.keep_the_newest(apps, None)
    assert Invitation.objects.open().count() == 2, "what is not the same stays"


def test_a_mail_that_cannot_go_is_said_and_can_be_sent_again(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise ConnectionRefusedError("no mail server")

    given = {"name": "Eva", "email": "eva@stad.nl", "role": "coordinator", "team": city.teams[0].pk}
    with monkeypatch.context() as broken:
        broken.setattr(actions, "send_mail", refuse)
        page = as_("administrator").post("/beheer/mensen/", given, follow=True)
        assert "de mail kon niet weg" in page.content.decode()
        with pytest.raises(CommandError, match="did not take the mail"):
            call_command("invite_administrator", "beheer@stad.nl", "Ben")
    again(as_, Invitation.objects.get(email="eva@stad.nl"))
    assert Client().get(link()).status_code == 200


def test_the_command_for_the_first_administrator_sends_again_when_it_is_given_again(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    for _n in range(2):
        call_command("invite_administrator", "beheer@stad.nl", "Ben")
    assert capsys.readouterr().out.count("the link works once") == 2
    assert all("De systeembeheerder nodigt u uit" in str(each.body) for each in mail.outbox)
    assert [Client().get(link(n)).status_code for n in (0, 1)] == [410, 200]
    assert Event.objects.get(action="network.invite_again").role == "system"


def test_only_who_may_invite_sends_again_or_withdraws_r17(city: City, as_: As) -> None:
    one = invited(city)
    for name in ("member", "coordinator", "partner", "policy"):
        for what in ("opnieuw", "intrekken"):
            assert as_(name).post(f"/beheer/uitnodigingen/{one.pk}/{what}/").status_code == 403
    one.refresh_from_db()
    assert one.withdrawn is None
    assert len(mail.outbox) == 1
    assert Invitation.read_by == {Permission.USERS_MANAGE}


def test_the_month_of_the_log_counts_all_of_it_as_rights_r16(city: City, as_: As) -> None:
    one = invited(city)
    again(as_, one)
    withdraw(as_, one)
    assert counts(this_month()).kinds[Kind.RIGHTS][-1] == 3


def test_what_is_withdrawn_goes_a_month_later_r15(city: City) -> None:
    one = invited(city)
    actions.withdraw_invitation(invitation=one, by=city["administrator"])
    held = Invitation.objects.get()
    assert held.withdrawn is not None
    assert held.expires == held.withdrawn
    kept = RULES["invitation"]
    assert kept.count(timezone.now() - timedelta(days=30)) == 0
    assert kept.count(timezone.now() + timedelta(seconds=1)) == 1
