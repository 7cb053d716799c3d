"""The map without an account: finding something to do, saying what is wrong, confirming by mail (S129, R4)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from schakel_web.questions.management.commands import worker
from schakel_web.socialmap import actions, mails
from schakel_web.socialmap.models import Doubt, Provision
from tests.factories import city as make
from tests.factories.city import City

LINK = re.compile(r"/klopt-nog/\S+")


def stale(city: City, **fields: object) -> Provision:
    """Something that was last confirmed too long ago."""
    fields.setdefault("keeper_email", "club@stad.nl")
    return make.provision(city.areas[0], checked=timezone.localdate() - timedelta(days=100), **fields)


def test_a_resident_finds_what_one_can_go_to_without_a_decision_of_somebody(city: City) -> None:
    make.provision(city.areas[0], name="Eettafel", resident_cost=0)
    make.provision(city.areas[0], name="Traplift", legal_type="maatwerkvoorziening", decision=True)
    client = Client()
    page = client.get("/ontdek/?theme=samen_eten").content.decode()
    assert "Eettafel" in page
    assert "Traplift" not in page
    hidden = Provision.objects.get(name="Traplift")
    assert client.get(f"/ontdek/{hidden.pk}/").status_code == 404


def test_a_kept_link_to_something_that_is_gone_says_so(city: City) -> None:
    kept = make.provision(city.areas[0])
    actions.change_state(provision=kept, version=0, to="closed", why="gestopt", by=city["member"])
    assert "Dit is er niet meer" in Client().get(f"/ontdek/{kept.pk}/").content.decode()
    assert Client().get(f"/ontdek/{kept.pk}/klopt-niet/").status_code == 404


def test_a_resident_says_what_is_wrong_and_a_machine_is_thanked_for_nothing(city: City) -> None:
    kept = make.provision(city.areas[0])
    client = Client()
    client.post(f"/ontdek/{kept.pk}/klopt-niet/", {"what": "times", "note": "Nu op maandag.", "website": "x"})
    assert not Doubt.objects.exists()
    client.post(f"/ontdek/{kept.pk}/klopt-niet/", {"what": "times", "note": "Nu op maandag."})
    assert Doubt.objects.get().by is None


def test_one_address_says_so_only_so_often(city: City) -> None:
    kept = make.provision(city.areas[0])
    answers = [
        Client().post(f"/ontdek/{kept.pk}/klopt-niet/", {"what": "times"}).status_code for _ in range(22)
    ]
    assert answers[0] == 302
    assert answers[-1] == 429


def test_the_keeper_gets_one_mail_with_a_link_for_each_and_no_second_one(city: City) -> None:
    stale(city, name="Eettafel")
    stale(city, name="Wandelgroep")
    stale(city, name="Koor", keeper_email="", keeper=city["partner"])
    make.provision(city.areas[0], name="Vers", keeper_email="club@stad.nl")
    assert mails.ask_keepers() == 2
    assert mails.ask_keepers() == 0
    first = next(m for m in mail.outbox if m.to == ["club@stad.nl"])
    assert len(LINK.findall(str(first.body))) == 2
    assert "Vers" not in first.body
    assert any(m.to == [city["partner"].email] for m in mail.outbox)


def test_one_click_confirms_and_opening_the_link_alone_does_not(city: City) -> None:
    kept = stale(city)
    mails.ask_keepers()
    link = LINK.findall(str(mail.outbox[0].body))[0]
    client = Client()
    assert client.get(link).status_code == 200
    assert Provision.objects.get(pk=kept.pk).is_stale
    client.post(link, {"klopt": "ja"})
    assert not Provision.objects.get(pk=kept.pk).is_stale
    assert kept.confirmations.get().how == "mail"
    assert client.get(link).status_code == 410  # used


def test_who_says_that_it_changed_comes_to_where_one_can_say_what(city: City) -> None:
    kept = stale(city)
    answer = Client().post(f"/klopt-nog/{mails.token_of(kept)}/", {"klopt": "nee"})
    assert answer.headers["Location"] == f"/ontdek/{kept.pk}/klopt-niet/"


@pytest.mark.parametrize("token", ["verzonnen", "eyJwIjoxfQ:1abc:xyz"])
def test_a_link_that_nobody_signed_opens_nothing(city: City, token: str) -> None:
    assert Client().get(f"/klopt-nog/{token}/").status_code == 410


def test_a_link_expires_after_a_month(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    token = mails.token_of(stale(city))
    monkeypatch.setattr(mails, "DAYS", 0)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 5)
    assert mails.provision_of(token) is None


def test_the_worker_asks_at_night(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    stale(city)
    monkeypatch.setattr(worker, "due", lambda now: True)
    worker.tick()
    assert len(mail.outbox) == 1
