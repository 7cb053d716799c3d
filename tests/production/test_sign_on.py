"""Login at the organisation: a real OpenID provider, and a real Schakel that knows it from settings only.

The part of the browser is played by `requests` (code flow with PKCE, RFC 7636).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.production.processes import ROOT, WEB, environment, free_port, run, running
from tests.provider.__main__ import CLIENT, PASSWORD, SECRET

FILL = """
import django; django.setup()
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from tests.factories.city import city
made = city()
from schakel_web.accounts.models import User
from schakel_web.network.models import Membership
eva = User.objects.create_user("eva@wijkteam.nl", None, name="Eva")
Membership.objects.create(user=eva, role="coordinator", team=made.teams[0])
User.objects.filter(email="outsider@stad.nl").update(is_active=False)
"""


@dataclass
class Place:
    """Where both are, and how Schakel was set."""

    schakel: str
    provider: str
    folder: Path
    settings: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Both running. Their names differ (localhost, 127.0.0.1), so that a browser keeps their cookies apart."""
    folder = tmp_path_factory.mktemp("sign-on")
    here, there = free_port(), free_port()
    schakel, provider = f"http://localhost:{here}", f"http://127.0.0.1:{there}"
    settings = {
        "DEMO": "yes", "PORT": str(here), "SECOND_FACTOR": "everyone", "OIDC_ISSUER": provider,
        "OIDC_NAME": "de gemeente",
        "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_DOMAINS": "wijkteam.nl",
    }  # fmt: skip
    given = environment(folder, settings)
    for command in (
        (*WEB, "migrate", "--verbosity", "0"),
        (*WEB, "collectstatic", "--noinput", "--verbosity", "0"),
    ):
        assert run(*command, folder=folder, settings=settings).returncode == 0
    filled = program(folder, settings, FILL)
    assert filled == ""
    callback = f"{schakel}/account/oidc/organisatie/login/callback/"
    known = f"{provider}/.well-known/openid-configuration"
    theirs = given | {"PROVIDER_DATABASE": str(folder / "provider.sqlite3")}
    ours = running(*WEB, "serve", answers=f"{schakel}/health/live", log=folder / "log", given=given)
    start = (sys.executable, "-m", "tests.provider", str(there), callback)
    provided = running(*start, answers=known, log=folder / "provider.log", given=theirs)
    with provided, ours:
        yield Place(schakel, provider, folder, settings)


def program(folder: Path, settings: dict[str, str], text: str) -> str:
    """What a few lines print that look at Schakel's database."""
    names = {"DJANGO_SETTINGS_MODULE": "schakel_web.config.settings", "PYTHONPATH": str(ROOT)}
    done = run(sys.executable, "-c", text, folder=folder, more=names, settings=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def begin(browser: requests.Session, place: Place) -> str:
    """Press the button on the login page; returns where the browser is sent."""
    page = browser.get(f"{place.schakel}/account/login/", timeout=60)
    assert "Inloggen via de gemeente" in page.text
    given = {"csrfmiddlewaretoken": browser.cookies.get("csrftoken", domain="localhost.local")}
    sent = browser.post(
        f"{place.schakel}/account/oidc/organisatie/login/?process=login",
        given,
        allow_redirects=False,
        timeout=60,
    )
    assert sent.status_code == 302, sent.text
    return sent.headers["Location"]


def come_in(browser: requests.Session, place: Place, email: str) -> requests.Response:
    """The whole way, by the provider's own page; returns the last page."""
    at_provider = browser.get(begin(browser, place), timeout=60)
    assert at_provider.url.startswith(f"{place.provider}/login/")
    return browser.post(at_provider.url, {"username": email, "password": PASSWORD}, timeout=60)


def test_the_browser_is_sent_with_a_challenge_a_state_and_no_secret(place: Place) -> None:
    asked = urlsplit(begin(requests.Session(), place))
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == f"{place.provider}/authorize/"
    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert {"openid", "email"} <= set(query["scope"].split())
    assert query["state"]
    assert SECRET not in asked.query


def test_who_was_invited_comes_in_with_the_memberships_that_were_there_and_is_not_asked_for_a_second_step(
    place: Place,
) -> None:
    """The provider asked for what it asks for; the second time it is the same account."""
    for _ in range(2):
        browser = requests.Session()
        come_in(browser, place, "member@stad.nl")
        page = browser.get(f"{place.schakel}/ik/", timeout=60)
        assert page.url == f"{place.schakel}/ik/"
        assert "Teamlid" in page.text
        assert "Team 0" in page.text
    text = (
        "import django; django.setup()\n"
        "from allauth.socialaccount.models import SocialAccount, SocialToken\n"
        "from schakel_web.audit.models import Event\n"
        "from schakel_web.accounts.models import User\n"
        "user = User.objects.get(email='member@stad.nl')\n"
        "print(SocialAccount.objects.filter(user=user).count(), SocialToken.objects.count(),\n"
        "      Event.objects.filter(actor=user.pk, action='account.login', facts__way='provider').count(),\n"
        "      user.memberships.count(), user.has_usable_password())"
    )
    assert program(place.folder, place.settings, text) == "1 0 2 1 True"


def test_who_was_never_invited_reads_what_to_do(place: Place) -> None:
    browser = requests.Session()
    page = come_in(browser, place, "nieuw@stad.nl")
    assert page.status_code == 403
    assert "U heeft nog geen toegang tot Schakel" in page.text
    assert "nog niet uitgenodigd" in page.text
    assert "/account/login/" in browser.get(f"{place.schakel}/ik/", timeout=60).url


def test_an_address_that_the_provider_does_not_vouch_for_opens_no_account_of_somebody_else(
    place: Place,
) -> None:
    browser = requests.Session()
    page = come_in(browser, place, "mate@stad.nl")
    assert page.status_code == 403
    assert "bevestigt niet dat het e-mailadres van u is" in page.text
    assert "/account/login/" in browser.get(f"{place.schakel}/ik/", timeout=60).url


def test_addresses_of_the_own_domain_count_as_confirmed_where_that_was_set(place: Place) -> None:
    """Some providers never say that an address is confirmed: SCHAKEL_OIDC_DOMAINS."""
    browser = requests.Session()
    come_in(browser, place, "eva@wijkteam.nl")
    assert "Coördinator" in browser.get(f"{place.schakel}/ik/", timeout=60).text


def test_who_may_no_longer_log_in_does_not_come_in_by_the_provider_either(place: Place) -> None:
    browser = requests.Session()
    come_in(browser, place, "outsider@stad.nl")
    assert "/account/login/" in browser.get(f"{place.schakel}/ik/", timeout=60).url


def test_a_code_that_was_caught_is_of_no_use_in_another_browser(place: Place) -> None:
    """The state and the verifier are in the session of the browser that began."""
    victim, thief = requests.Session(), requests.Session()
    at_provider = victim.get(begin(victim, place), timeout=60)
    form = {"username": "member@stad.nl", "password": PASSWORD}
    back = victim.post(at_provider.url, form, allow_redirects=False, timeout=60)
    caught = victim.get(
        f"{place.provider}{back.headers['Location']}", allow_redirects=False, timeout=60
    ).headers["Location"]
    assert "code=" in caught
    begin(thief, place)
    thief.get(caught, timeout=60)
    assert "/account/login/" in thief.get(f"{place.schakel}/ik/", timeout=60).url
