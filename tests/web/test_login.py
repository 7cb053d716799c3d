"""Who gets in, and who does not: passwords, second steps, lockout, sessions and invitations, through the real pages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from schakel_web.accounts.roles import ROLES
from schakel_web.audit.models import Event, Outcome
from schakel_web.network import actions
from tests.factories.city import PASSWORD, City

As = Callable[[str], Client]
LOGIN = "/account/login/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238): written down here once more, so that both have to be right."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def log_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": f"{name}@stad.nl", "password": password}, follow=True)


def set_up_totp(client: Client, password: str = PASSWORD) -> str:
    """Through the pages, as somebody with an app does: the password once more, then the code; returns the secret."""
    address = "/account/2fa/totp/activate/"
    client.post(f"/account/reauthenticate/?next={address}", {"password": password})
    secret: str = client.get(address).context["form"].secret
    done = client.post(address, {"code": code_of(secret)})
    assert done.status_code == 302
    return secret


def inside(client: Client) -> bool:
    return client.get("/ik/").status_code == 200


def actions_logged(**wanted: Any) -> list[str]:
    return list(Event.objects.filter(**wanted).order_by("pk").values_list("action", flat=True))


def test_with_the_right_password_one_comes_in_and_the_log_says_so_r16(city: City) -> None:
    client = Client()
    page = log_in(client, "member")
    assert page.redirect_chain
    assert inside(client)
    row = Event.objects.get(action="account.login")
    assert (row.actor, row.outcome, row.facts) == (city["member"].pk, Outcome.DONE, {"way": "here"})


@pytest.mark.parametrize("name", ["member", "somebody-who-is-not-there"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(city: City, name: str) -> None:
    client = Client()
    page = log_in(client, name, "een heel ander wachtwoord")
    assert not inside(client)
    text = page.content.decode()
    assert "is niet correct" in text
    row = Event.objects.get(action="account.login", outcome=Outcome.REFUSED)
    assert (row.actor, row.role) == (None, "unknown")
    assert "somebody" not in str(vars(row))


def test_after_five_mistakes_even_the_right_password_is_refused_for_a_while(city: City) -> None:
    for _ in range(5):
        log_in(Client(), "member", "mis")
    client = Client()
    assert "Te veel" in log_in(client, "member").content.decode()
    assert not inside(client)
    assert log_in(Client(), "mate").redirect_chain, "somebody else is not hindered"


def test_one_address_that_tries_many_accounts_is_stopped_as_well(city: City) -> None:
    """Ten mistakes a minute from one address; whoever has another address comes in."""
    for name in ("mate", "owner", "outsider", "policy", "partner"):
        for _ in range(2):
            log_in(Client(), name, "mis")
    assert not log_in(Client(), "member").redirect_chain
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, "member").redirect_chain


def test_the_second_step_is_asked_and_a_wrong_or_used_code_opens_nothing(city: City) -> None:
    client = Client()
    log_in(client, "member")
    secret = set_up_totp(client)
    client.post("/account/logout/")
    log_in(client, "member")
    assert not inside(client)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not inside(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert inside(client)
    thief = Client()
    log_in(thief, "member")
    thief.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not inside(thief), "the same code, seen over somebody's shoulder"
    assert actions_logged(outcome=Outcome.REFUSED).count("account.second_step_refused") == 2


def test_a_code_of_the_half_minute_before_is_good_and_stays_used_for_as_long_as_it_is(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    log_in(client, "member")
    secret = set_up_totp(client)
    now = time.time() // 30 * 30 + 61  # a second into the half minute after the next
    monkeypatch.setattr(time, "time", lambda: now)
    typed, older = code_of(secret, steps=-1), code_of(secret, steps=-2)
    slow = Client()
    log_in(slow, "member")
    slow.post("/account/2fa/authenticate/", {"code": older})
    assert not inside(slow)
    slow.post("/account/2fa/authenticate/", {"code": typed})
    assert inside(slow)
    monkeypatch.setattr(time, "time", lambda: now + 28)  # as long as allauth itself remembers it
    cache.delete(f"allauth.mfa.totp.used?user={city['member'].pk}&code={typed}")
    thief = Client()
    log_in(thief, "member")
    thief.post("/account/2fa/authenticate/", {"code": typed})
    assert not inside(thief)


def test_setting_up_and_taking_away_a_second_step_is_logged_r16(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    log_in(client, "member")
    with django_capture_on_commit_callbacks(execute=True):
        set_up_totp(client)
    client.post("/account/2fa/totp/deactivate/")
    logged = set(actions_logged(actor=city["member"].pk, action__startswith="account.second"))
    assert logged == {"account.second_step_added", "account.second_step_removed"}


def test_codes_cannot_be_guessed_one_after_another(city: City) -> None:
    client = Client()
    log_in(client, "member")
    secret = set_up_totp(client)
    client.post("/account/logout/")
    log_in(client, "member")
    for k in range(5):
        client.post("/account/2fa/authenticate/", {"code": f"{k:06}"})
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not inside(client)


def test_a_recovery_code_works_once(city: City) -> None:
    client = Client()
    log_in(client, "member")
    set_up_totp(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"\b\d{8}\b", page)
    assert len(codes) == 10
    for expected in (True, False):
        lost = Client()
        log_in(lost, "member")
        lost.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert inside(lost) is expected


def test_secrets_are_kept_encrypted_and_stay_readable_when_the_key_is_renewed(
    city: City, settings: Any
) -> None:
    client = Client()
    log_in(client, "member")
    secret = set_up_totp(client)
    kept = Authenticator.objects.get(user=city["member"], type="totp").data["secret"]
    assert secret not in kept
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another long random text that is more than forty characters"
    later = Client()
    log_in(later, "member")
    later.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert inside(later)


@pytest.fixture
def strict(settings: Any) -> None:
    """As in production: everyone needs a second step."""
    settings.SECOND_FACTOR = frozenset(ROLES)


def test_nothing_opens_before_the_second_step_is_set_up(city: City, strict: None) -> None:
    client = Client()
    log_in(client, "member")
    for address in ("/", "/signalen/", "/ik/", "/overleg/", "/vragen/"):
        assert client.get(address).headers["Location"] == "/account/2fa/"
    assert client.get("/signalen/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/2fa/"
    assert "twee stappen" in client.get("/account/2fa/").content.decode()
    assert client.get("/meld/").status_code == 200, "pages for everybody stay open"
    set_up_totp(client)
    assert client.get("/signalen/").status_code == 200


def test_taking_the_second_step_away_closes_the_doors_again(city: City, strict: None) -> None:
    client = Client()
    log_in(client, "member")
    set_up_totp(client)
    client.post("/account/2fa/totp/deactivate/")
    assert client.get("/signalen/").headers["Location"] == "/account/2fa/"


def test_a_municipality_chooses_which_roles_need_it(city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = frozenset({"administrator"})
    for name, status in (("administrator", 302), ("member", 200)):
        client = Client()
        log_in(client, name)
        assert client.get("/ik/").status_code == status


def test_a_session_ends_after_a_working_day(city: City, settings: Any) -> None:
    client = Client()
    log_in(client, "member")
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    client.session.set_expiry(1)
    session = client.session
    assert session.get_expiry_age() <= settings.SESSION_COOKIE_AGE == 12 * 3600
    session.set_expiry(-1)
    session.save()
    assert not inside(client)


def test_who_may_no_longer_log_in_is_out_at_once(city: City) -> None:
    client = Client()
    log_in(client, "member")
    actions.switch_user(user=city["member"], active=False, by=city["administrator"])
    assert not inside(client)
    assert not log_in(Client(), "member").context.get("user").is_authenticated


def test_what_is_sensitive_asks_for_the_password_once_more_and_again_after_a_while(
    city: City, settings: Any
) -> None:
    client = Client()
    log_in(client, "member")
    address = "/account/2fa/totp/activate/"
    asked = client.get(address)
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    client.post(asked.headers["Location"], {"password": "mis"})
    assert client.get(address).status_code == 302
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert client.get(address).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    session.save()
    assert client.get(address).status_code == 302


def test_a_forgotten_password_is_renewed_by_mail_and_nobody_learns_who_has_an_account(city: City) -> None:
    one, other = (
        re.sub(
            r'value="[^"]+"',
            "",
            Client().post("/account/password/reset/", {"email": address}, follow=True).content.decode(),
        )
        for address in ("member@stad.nl", "niemand@stad.nl")
    )
    assert one == other
    letter = next(m for m in mail.outbox if m.to == ["member@stad.nl"])
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", str(letter.body))
    assert link
    client = Client()
    form = client.get(link[1], follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": "weer een lang woord", "password2": "weer een lang woord"}
    )
    assert log_in(Client(), "member", "weer een lang woord").redirect_chain
    assert "account.password_reset" in actions_logged(actor=city["member"].pk)


def invited(city: City, email: str) -> str:
    actions.invite(
        email=email,
        name="Eva",
        role="coordinator",
        team=city.teams[1],
        organisation=None,
        by=city["administrator"],
    )
    found = re.search(r"/uitnodiging/\S+/", str(mail.outbox[-1].body))
    assert found
    return found[0]


def test_an_invitation_leads_through_choosing_a_password_to_the_second_step(city: City, strict: None) -> None:
    client = Client()
    page = client.post(
        invited(city, "eva@stad.nl"), {"name": "Eva", "password": "drie losse woorden"}, follow=True
    )
    assert page.redirect_chain[-1][0] == "/account/2fa/"
    set_up_totp(client, "drie losse woorden")
    assert inside(client)


def test_a_link_to_somebody_with_an_account_is_no_way_around_the_login(city: City) -> None:
    """Who has the mailbox only, does not get into an account that is there; and no password is overwritten."""
    link = invited(city, "member@stad.nl")
    stranger = Client()
    assert stranger.get(link).headers["Location"].startswith(LOGIN)
    stranger.post(link, {"name": "X", "password": "drie losse woorden"})
    assert not inside(stranger)
    client = Client()
    log_in(client, "member")
    assert "wachtwoord" not in client.get(link).content.decode().lower()
    client.post(link, follow=True)
    assert {m.role for m in city["member"].memberships.all()} == {"team_member", "coordinator"}
    assert log_in(Client(), "member").redirect_chain, "the password is still the same"


def test_the_login_page_offers_no_way_to_sign_up(city: City) -> None:
    page = Client().get(LOGIN).content.decode()
    assert "/signup/" not in page
    assert "uitnodiging" in page
    assert (
        Client().post("/account/signup/", {"email": "x@x.nl", "password1": "drie losse woorden"}).status_code
        == 200
    )
    assert not Event.objects.filter(action="account.login").exists()


def test_nobody_adds_the_address_of_somebody_else_to_an_account(city: City, as_: As) -> None:
    client = as_("member")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"action_add": "", "email": "wethouder@stad.nl"})
    client.post("/account/email/", {"action_remove": "", "email": city["member"].email})
    assert set(EmailAddress.objects.filter(user=city["member"]).values_list("email", flat=True)) == {
        city["member"].email
    }
