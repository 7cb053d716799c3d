"""The city, and somebody who is logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.forms.models import ModelChoiceIterator
from django.template.base import FilterExpression
from django.template.defaulttags import ForNode
from django.test import Client

from schakel_web.accounts.models import User
from schakel_web.arrangements.models import Arrangement
from schakel_web.network import names
from schakel_web.signals.models import Clarification, Signal
from schakel_web.signals.receipts import new_code
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.city import city as made
from tests.factories.plans import tuesday
from tests.web import strict


@pytest.fixture(autouse=True)
def no_undefined_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that names what is not there fails the test."""
    monkeypatch.setattr(FilterExpression, "resolve", strict.resolve)


@pytest.fixture(autouse=True)
def no_rows_without_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list or a choice that may stand otherwise each time fails the test."""
    monkeypatch.setattr(ForNode, "render", strict.loop)
    monkeypatch.setattr(ModelChoiceIterator, "__iter__", strict.choices)


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


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def plan(city: City, code: str) -> Arrangement:
    """An arrangement for somebody who eats alone and moves too little, with three offers around."""
    request = make.signal(city.areas[0], kind="request", text="Ik eet altijd alleen.", code=code)
    request.themes.create(theme="te_weinig_bewegen", area=request.area)
    Clarification.objects.create(signal=request, wish="Weer met anderen aan tafel zitten.")
    request = Signal.objects.select_related("clarification").get(pk=request.pk)
    make.provision(
        city.areas[0], name="Eettafel", themes=["eenzaamheid"], approach=0.9, formality=0.2, resident_cost=4,
        free=3, sessions=[tuesday()], payers=["bewoners"], wheelchair=True, group_to=12,
    )  # fmt: skip
    make.provision(
        city.areas[0], name="Wandelgroep", themes=["te_weinig_bewegen"], approach=0.85, formality=0.2, resident_cost=0,
        free=9, sessions=[tuesday(10 * 60)], payers=["bewoners"], group_to=12,
    )  # fmt: skip
    make.provision(
        city.areas[1], name="Begeleiding thuis", themes=["eenzaamheid", "te_weinig_bewegen"], approach=0.05,
        formality=0.95, legal_type="maatwerkvoorziening", decision=True, access="beschikking", payers=["gemeente_wmo"],
        price_low=3000, price_high=9000, hours=20,
    )  # fmt: skip
    return make.arrangement(request, city.teams[0], city["member"])
