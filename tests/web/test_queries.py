"""Every page asks the database a fixed number of questions, however much there is in it (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schakel_web.arrangements.models import Arrangement, Component
from schakel_web.questions.models import Meeting, Pattern, Run, SharedQuestion, Sparring
from schakel_web.questions.publishing import publish
from schakel_web.signals.models import Signal
from schakel_web.socialmap.mails import token_of
from schakel_web.socialmap.models import CoverageRun, Draft, Provision
from schakel_web.socialmap.tasks.coverage import calculate
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.crowd import more
from tests.web.test_access import NAMED

As = Callable[[str], Client]
CODE, PLAN = "7KQM-2XAB-9RTV", "9RTV-7KQM-2XAB"
FEW, MANY = 3, 24  # of everything; a dozen signals, and more than a hundred

#: Page → who looks, and how many queries it may need, the session and the rights of that person included.
PAGES: dict[str, tuple[str, int]] = {
    "about": ("", 0),
    "matrix": ("coordinator", 3),
    "profile": ("coordinator", 3),
    "home": ("coordinator", 3),
    "invitation": ("", 1),
    "manage": ("administrator", 7),
    "people": ("administrator", 7),
    "team-new": ("administrator", 5),
    "team": ("administrator", 9),
    "organisation-new": ("administrator", 4),
    "organisation": ("administrator", 8),
    "import-areas": ("administrator", 3),
    "import-figures": ("administrator", 3),
    "signal-new": ("coordinator", 6),
    "signal-thanks": ("coordinator", 3),
    "request-new": ("coordinator", 6),
    "signal-list": ("coordinator", 18),
    "signal-map": ("coordinator", 8),
    "signal-export": ("coordinator", 13),
    "signal": ("coordinator", 23),
    "signal-clarify": ("coordinator", 6),
    "signal-weigh": ("coordinator", 6),
    "signal-waiting": ("coordinator", 11),
    "signal-import": ("coordinator", 3),
    "signal-import-example": ("coordinator", 6),
    "signal-mine": ("coordinator", 7),
    "today": ("coordinator", 14),
    "pattern-list": ("coordinator", 14),
    "pattern-progress": ("coordinator", 4),
    "pattern": ("coordinator", 17),
    "run": ("coordinator", 5),
    "question-list": ("coordinator", 7),
    "question-new": ("coordinator", 5),
    "question": ("coordinator", 26),
    "sparring-list": ("partner", 4),
    "sparring": ("partner", 4),
    "meeting-board": ("coordinator", 18),
    "meeting": ("coordinator", 6),
    "meeting-pdf": ("coordinator", 11),
    "area-list": ("coordinator", 5),
    "agenda": ("coordinator", 10),
    "figures": ("policy", 9),
    "figures-file": ("policy", 9),
    "attention": ("policy", 9),
    "released": ("researcher", 9),
    "released-file": ("researcher", 9),
    "outreach": ("coordinator", 6),
    "matching": ("coordinator", 13),
    "pyramid": ("coordinator", 6),
    "map": ("coordinator", 16),
    "provision": ("coordinator", 20),
    "provision-new": ("coordinator", 8),
    "provision-edit": ("coordinator", 10),
    "provision-doubt": ("coordinator", 5),
    "map-upkeep": ("coordinator", 16),
    "map-history": ("coordinator", 6),
    "question-offers": ("coordinator", 22),
    "coverage": ("coordinator", 16),
    "map-import": ("coordinator", 6),
    "map-columns": ("coordinator", 4),
    "map-draft": ("coordinator", 11),
    "map-export": ("coordinator", 10),
    "public-feed": ("", 4),
    "arrangement-list": ("coordinator", 6),
    "arrangement": ("coordinator", 26),
    "arrangement-print": ("coordinator", 13),
    "arrangement-part": ("coordinator", 5),
    "referrals": ("coordinator", 9),
    "receipt-plan": ("", 17),
    "public-map": ("", 6),
    "public-provision": ("", 4),
    "public-doubt": ("", 2),
    "provision-mail": ("", 5),
    "public-signal": ("", 2),
    "public-areas": ("", 1),
    "public-area": ("", 10),
    "public-thanks": ("", 0),
    "receipt-enter": ("", 0),
    "receipt": ("", 20),
    "inventory": ("administrator", 3),
    "retention": ("administrator", 22),
    "audit-list": ("administrator", 11), "audit-export": ("administrator", 10),
    "audit-review": ("administrator", 18),
    "service-worker": ("", 0),
    "manifest": ("", 0),
}  # fmt: skip
#: The same page with something filled in.
ASKED = {
    "map": "?q=groep&theme=samen_eten&day=TU&als=kaart",
    "public-map": "?theme=samen_eten&cost=5",
    "signal-list": "?q=lift&theme=eenzaamheid&source=case_contact",
}


def places(city: City) -> dict[str, dict[str, Any]]:
    """The record that a page with a number or a code is about: the one with the most around it."""
    question, pattern = (
        SharedQuestion.objects.earliest("pk"),
        Pattern.objects.filter(shown=True).earliest("pk"),
    )
    request = Signal.objects.filter(kind="request").earliest("pk")
    seen = {"pk": Run.objects.filter(again=None).earliest("pk").pk}
    first = Provision.objects.earliest("pk")
    one = {"pk": first.pk}
    plan = {"pk": Arrangement.objects.earliest("pk").pk}
    meeting = {"pk": Meeting.objects.earliest("pk").pk}
    return {
        "signal": {"pk": Signal.objects.earliest("pk").pk}, "signal-clarify": {"pk": request.pk},
        "signal-weigh": {"pk": request.pk}, "pattern": {"pk": pattern.pk}, "run": seen,
        "question": {"pk": question.pk}, "sparring": {"pk": Sparring.objects.earliest("pk").pk},
        "meeting": meeting, "meeting-pdf": meeting, "agenda": {"pk": city.areas[0].pk},
        "team": {"pk": city.teams[0].pk}, "organisation": {"pk": city.organisations["School"].pk},
        "provision": one, "provision-edit": one, "provision-doubt": one, "public-provision": one,
        "public-doubt": one, "provision-mail": {"token": token_of(first)},
        "question-offers": {"pk": question.pk}, "map-export": {"kind": "csv"},
        "map-draft": {"pk": Draft.objects.earliest("pk").pk},
        "arrangement": plan, "arrangement-print": plan, "receipt-plan": {"code": PLAN},
        "arrangement-part": {"pk": Component.objects.earliest("pk").pk},
        "receipt": {"code": CODE}, "public-area": {"code": city.areas[0].code}, "invitation": {"key": "geen"},
    }  # fmt: skip


def asked(as_: As, name: str, objects: dict[str, dict[str, Any]]) -> int:
    """How many queries a page needs, the second time that it is asked for."""
    who = PAGES[name][0]
    client = as_(who) if who else Client()
    address = reverse(name, kwargs=objects.get(name)) + ASKED.get(name, "")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in {200, 302, 410}, (name, answer.status_code)
    return len(queries)


@pytest.fixture
def counted(city: City, as_: As) -> Callable[[int], dict[str, int]]:
    """The queries of every page, after so many more of everything came in."""
    make.signal(city.areas[0], code=CODE, reporter=city["member"])
    request = make.signal(city.areas[0], code=PLAN, kind="request")
    make.arrangement(request, city.teams[0], city["member"])
    publish(by=None)

    def after(number: int) -> dict[str, int]:
        more(city, number)
        calculate.func(CoverageRun.objects.create(parameters={"days": 365, "reach_km": 3.0}).pk)
        cache.clear()
        objects = places(city)
        return {name: asked(as_, name, objects) for name in PAGES}

    return after


def test_a_page_asks_as_many_queries_of_a_lot_as_of_a_little(
    counted: Callable[[int], dict[str, int]],
) -> None:
    few, many = counted(FEW), counted(MANY)
    assert {n: (few[n], many[n]) for n in PAGES if few[n] != many[n]} == {}
    assert {n: (many[n], most) for n, (_who, most) in PAGES.items() if many[n] > most} == {}


def test_every_page_is_counted(city: City, as_: As) -> None:
    """Addresses that only take what is sent (405) are no pages; a new page is added to the table above."""
    more(city, 1)
    Draft.objects.create(name="gids.csv", by=city["coordinator"])
    objects = places(city)
    client = as_("member")
    pages = {
        name for name, entry in NAMED.items()
        if client.get(reverse(name, kwargs=_kwargs(entry, objects.get(name)))).status_code != 405
    }  # fmt: skip
    assert pages == set(PAGES)


def _kwargs(entry: Any, known: dict[str, Any] | None) -> dict[str, Any]:
    return known or {name: 1 if name == "pk" else "x" for name in entry.pattern.converters}
