"""Every page, for every role, in a real browser: rules of WCAG 2.2 AA, a phone, 200 % zoom, paper, and no complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from schakel_web.questions.publishing import publish
from schakel_web.socialmap.models import CoverageRun
from schakel_web.socialmap.tasks.coverage import calculate
from tests.browser.conftest import DESKTOP, Visit, Visitor, broken_rules
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.crowd import more
from tests.web.test_access import WHO
from tests.web.test_queries import CODE, PLAN, places
from tests.web.test_queries import PAGES as OURS

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])]

#: Pages of the library that logs people in, as this application shows them.
LOGIN = {
    "account_login", "account_logout", "account_signup", "account_reauthenticate", "account_email",
    "account_change_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn",
    "mfa_add_webauthn", "usersessions_list",
}  # fmt: skip
#: … and those that need a step before, or are no page: the journeys go through the first, nobody sees the others.
ELSEWHERE = {
    "account_inactive", "account_email_verification_sent", "account_set_password", "account_confirm_login_code",
    "account_confirm_email", "account_reset_password_from_key", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn",
    "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup",
    "socialaccount_connections", "openid_connect_login", "openid_connect_callback",
}  # fmt: skip
NO_PAGE = "/deze-pagina-is-er-niet/"


def names_of_the_login_library(resolver: Any = None, inside: bool = False) -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of_the_login_library(entry, inside or "allauth" in str(entry.urlconf_name))
        elif inside and entry.name:
            yield entry.name


def test_no_page_is_forgotten() -> None:
    """Our own pages are counted in `test_queries`; those of the login library are named here."""
    assert set(names_of_the_login_library()) == LOGIN | ELSEWHERE


#: Pages that are the same for another role are looked at once.
_SEEN: set[str] = set()


def same(html: str, who: str) -> str:
    """The page without what differs for each person and each time: the name, the token, every number."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*|\d+', "", html.replace(who, ""))


def of_the_role(city: City, person: str) -> Iterator[tuple[str, str, int]]:
    """Name, address and status of every page that this person can open, and of one that is refused."""
    client, objects, refused = Client(), places(city), False
    if person:
        client.force_login(city[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    ours = {name: reverse(name, kwargs=objects.get(name)) for name in OURS}
    logins = {name: reverse(name) for name in sorted(LOGIN)}
    for name, address in {**ours, **logins, "not there": NO_PAGE}.items():
        answer = client.get(address)
        whole = answer["Content-Type"].startswith("text/html") and b"<!doctype html>" in answer.content
        if not whole or (answer.status_code == 403 and refused):
            continue  # a file, a part of a page, the way to another page, or a refusal that was seen
        refused = refused or answer.status_code == 403
        page = same(answer.content.decode(), city[person].name if person else "")
        if page not in _SEEN:
            _SEEN.add(page)
            yield name, address, answer.status_code


def faults(visitor: Visitor, name: str, address: str, status: int) -> list[str]:
    """What is wrong with a page, on a desk, with zoom, on the smallest phone, and on paper."""
    page = visitor.page
    page.set_viewport_size(DESKTOP)
    got = visitor.go(address)
    found = [] if got == status else [f"status {got} instead of {status}"]
    found += broken_rules(page)
    for width in (640, 320):  # 640: a screen of 1280 at 200 % zoom
        page.set_viewport_size({"width": width, "height": 640})
        wide: int = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} pixels wide at {width}"] if wide > width else []
    page.set_viewport_size({"width": 680, "height": 960})  # A4 without its margins
    page.emulate_media(media="print")
    shown = "sel => [...document.querySelectorAll(sel)].filter(e => e.offsetParent).length"
    found += ["the menu is printed"] if page.evaluate(shown, ".top, .bottom, button") else []
    found += ["the heading is not printed"] if page.evaluate(shown, "h1") != 1 else []
    wide = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{wide} pixels wide on paper"] if wide > 680 else []
    page.emulate_media(media="screen")
    return [f"{name} {address}: {each}" for each in found]


def something_of_everything(city: City) -> None:
    """Whatever a page may show, a few times."""
    make.signal(city.areas[0], code=CODE, reporter=city["member"])
    make.arrangement(make.signal(city.areas[0], code=PLAN, kind="request"), city.teams[0], city["member"])
    publish(by=None)
    more(city, 3)
    calculate.func(CoverageRun.objects.create(parameters={"days": 365, "reach_km": 3.0}).pk)


@pytest.mark.parametrize("person", ["", *sorted(WHO), "nobody"])
def test_every_page_of_a_role_is_sound(visit: Visit, city: City, person: str) -> None:
    something_of_everything(city)
    visitor = visit(person or None)
    assert [fault for page in of_the_role(city, person) for fault in faults(visitor, *page)] == []
