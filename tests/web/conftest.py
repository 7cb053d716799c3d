"""The city, and somebody who is logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.template.base import FilterExpression
from django.test import Client

from schakel_web.accounts.models import User
from schakel_web.network import names
from tests.factories.city import City
from tests.factories.city import city as made
from tests.web import strict


@pytest.fixture(autouse=True)
def no_undefined_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that names what is not there fails the test."""
    monkeypatch.setattr(FilterExpression, "resolve", strict.resolve)


@pytest.fixture(autouse=True)
def no_areas_of_another_test() -> None:
    """A process knows the names of areas for a minute; every test has areas of its own."""
    names._in_use.cache_clear()


@pytest.fixture
def city(db: None) -> City:
    """Two teams, six neighbourhoods, eleven people."""
    cache.clear()
    return made()


@pytest.fixture
def as_(city: City) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is logged in."""

    def logged_in(name: str) -> Client:
        client = Client()
        user: User = city[name]
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return logged_in
