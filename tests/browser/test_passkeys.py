"""A passkey in the computer of a colleague: made, used instead of a password, and worth nothing once it was removed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor, broken_rules
from tests.browser.test_journeys import log_in
from tests.factories.city import PASSWORD, City

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])]
NAME = "Laptop van het team"


def with_a_key(visitor: Visitor) -> Callable[[], int]:
    """Give a browser the part of a computer that keeps passkeys; how many there are in it now."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return lambda: len(devtools.send("WebAuthn.getCredentials", made)["credentials"])


def make_a_passkey(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/account/2fa/")
    page.get_by_role("link", name="Sleutel toevoegen").click()
    page.get_by_label("Wachtwoord").fill(PASSWORD)  # who left a screen open loses no account
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", name="Sleutel toevoegen")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_label("Naam").fill(NAME)
    page.get_by_role("button", name="Sleutel maken").click()
    expect(page.get_by_role("heading", name="Uw reservecodes")).to_be_visible()


def log_out(visitor: Visitor) -> None:
    visitor.go("/account/2fa/")
    visitor.page.get_by_role("button", name="Uitloggen").click()


def with_the_passkey(visitor: Visitor) -> None:
    visitor.go("/account/login/")
    visitor.page.get_by_role("button", name="Inloggen met een toegangssleutel").click()


def test_a_passkey_is_made_and_logs_in_without_a_password(visit: Visit, city: City) -> None:
    page = (visitor := visit(None)).page
    keys = with_a_key(visitor)
    log_in(visitor, city, "member")
    make_a_passkey(visitor)
    assert keys() == 1
    assert Authenticator.objects.filter(user=city["member"], type="webauthn").count() == 1
    log_out(visitor)
    with_the_passkey(visitor)
    expect(page.get_by_role("heading", name="Vandaag")).to_be_visible()
    expect(page.get_by_role("link", name="Member")).to_be_visible()


def test_after_the_password_a_passkey_is_the_second_step(visit: Visit, city: City) -> None:
    page = (visitor := visit(None)).page
    with_a_key(visitor)
    log_in(visitor, city, "member")
    make_a_passkey(visitor)
    log_out(visitor)
    log_in(visitor, city, "member")
    page.get_by_role("button", name="Inloggen met een toegangssleutel").click()
    expect(page.get_by_role("heading", name="Vandaag")).to_be_visible()


def test_a_passkey_that_was_removed_is_refused(visit: Visit, city: City) -> None:
    page = (visitor := visit(None)).page
    keys = with_a_key(visitor)
    log_in(visitor, city, "member")
    make_a_passkey(visitor)
    visitor.go("/account/2fa/")
    page.get_by_role("link", name="Sleutels bekijken").click()
    expect(page.get_by_role("main")).to_contain_text(NAME)
    assert broken_rules(page) == []
    page.get_by_role("link", name="Verwijderen").click()
    assert broken_rules(page) == []
    page.get_by_role("button", name="Verwijderen").click()
    expect(page.get_by_role("main")).not_to_contain_text(NAME)
    assert keys() == 1  # the computer still has it
    log_out(visitor)
    with_the_passkey(visitor)
    expect(page.get_by_role("main")).to_contain_text("Deze toegangssleutel kennen wij niet")
    expect(page.get_by_role("heading", name="Inloggen bij Schakel")).to_be_visible()


def test_who_has_no_key_is_told_and_logs_in_otherwise(visit: Visit, city: City) -> None:
    page = (visitor := visit(None)).page
    with_a_key(visitor)  # a place for keys, with none in it
    with_the_passkey(visitor)
    expect(page.get_by_text("Het is niet gelukt met de toegangssleutel.")).to_be_visible()
    log_in(visitor, city, "member")
    expect(page.get_by_role("heading", name="Vandaag")).to_be_visible()
