"""Six practices, and what each changes in the steps and boards that a team sees (S050–S055)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.network import presets as module
from schakel_web.network.models import Team
from schakel_web.network.presets import Preset, preset_of, presets
from schakel_web.questions.models import SharedQuestion
from schakel_web.signals import actions
from schakel_web.signals.models import Weighing
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
BOARDS = {
    "one_team": ("De wijk",),
    "area_agenda": ("Wijkagenda", "Meedenken"),
    "separate_teams": ("De wijk", "Meedenken"),
    "broad_worker": ("De wijk", "Op straat"),
    "connecting": ("De wijk", "Verbinden"),
    "pyramid": ("De wijk", "Piramide"),
}
EVERY = {"De wijk", "Wijkagenda", "Op straat", "Verbinden", "Piramide", "Meedenken"}


def menu(client: Client) -> set[str]:
    return {str(item.label) for item in client.get("/signalen/").context["navigation"]["items"]}


@pytest.mark.parametrize("preset", sorted(BOARDS))
def test_each_practice_has_its_own_boards_in_the_menu(city: City, as_: As, preset: str) -> None:
    city.practise(preset)
    assert menu(as_("member")) & EVERY == set(BOARDS[preset])


def test_only_the_entry_that_one_is_at_is_marked(city: City, as_: As) -> None:
    """One address of the menu may begin with another, as that of the map for everybody and of its notices."""
    for role in ("member", "coordinator"):
        client = as_(role)
        for entry in client.get("/signalen/").context["navigation"]["items"]:
            items = client.get(entry.address, follow=True).context["navigation"]["items"]
            assert sum(item.here for item in items) == 1, entry.address


def test_the_team_next_door_keeps_its_own_practice(city: City, as_: As) -> None:
    city.practise("pyramid")
    assert "Piramide" not in menu(as_("outsider"))


@pytest.mark.parametrize(("preset", "field"), [("broad_worker", "own_search"), ("pyramid", "layer")])
def test_a_practice_asks_its_own_question_when_weighing(city: City, as_: As, preset: str, field: str) -> None:
    request = make.signal(city.areas[0], kind="request")
    address, given = f"/signalen/{request.pk}/afwegen/", {"route": "collective", "collective_first": "on"}
    assert f'name="{field}"' not in as_("member").get(address).content.decode()
    city.practise(preset)
    client = as_("member")
    assert f'name="{field}"' in client.get(address).content.decode()
    client.post(address, given)
    assert not Weighing.objects.exists()
    client.post(address, given | {"own_search": "not_found", "layer": "basis"})
    kept = Weighing.objects.get()
    assert {"own_search": kept.own_search, "layer": kept.layer}[field] in {"not_found", "basis"}


def test_partners_and_means_are_asked_where_that_is_the_practice_s051(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    assert "edit-needed" not in as_("member").get(f"/vragen/{question.pk}/").content.decode()
    city.practise("area_agenda")
    client = as_("member")
    client.post(
        f"/vragen/{question.pk}/",
        {
            "do": "edit", "edit-version": 0, "edit-text": question.text, "edit-theme": question.theme,
            "edit-areas": [city.areas[0].pk], "edit-available": "De school heeft een keuken.",
            "edit-needed": "Iemand die kookt.",
        },
    )  # fmt: skip
    question.refresh_from_db()
    assert (question.available, question.needed) == ("De school heeft een keuken.", "Iemand die kookt.")
    agenda = client.get(f"/wijk/{city.areas[0].pk}/").content.decode()
    assert "Wijkagenda" in agenda
    assert "Iemand die kookt." in agenda


@pytest.mark.parametrize(
    ("preset", "kinds"),
    [("one_team", ()), ("area_agenda", ("sparring",)), ("separate_teams", ("sparring", "handover"))],
)
def test_only_some_practices_ask_other_organisations(
    city: City, as_: As, preset: str, kinds: tuple[str, ...]
) -> None:
    city.practise(preset)
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    for kind in ("sparring", "handover"):
        as_("coordinator").post(
            f"/vragen/{question.pk}/",
            {
                "do": "sparring", "sparring-to": city.organisations["School"].pk, "sparring-kind": kind,
                "sparring-asked": "Denkt u mee?",
            },
        )  # fmt: skip
    assert tuple(s.kind for s in question.sparrings.order_by("pk")) == kinds


def test_on_the_street_the_neighbourhood_where_nobody_was_comes_first_s053(city: City, as_: As) -> None:
    make.signal(city.areas[0], source="street")
    make.signal(city.areas[1], source="street", date=timezone.localdate() - timedelta(days=90))
    make.signal(city.areas[2], source="case_contact")
    page = as_("member").get("/op-straat/")
    assert [(a.name, n) for a, _last, n in page.context["rows"]] == [
        ("Buurt 02", 0), ("Buurt 01", 0), ("Buurt 00", 1),
    ]  # fmt: skip
    form = as_("member").get("/signaal/nieuw/?bron=street").context["form"]
    assert form.initial["source"] == "street"


def test_questions_that_are_alike_are_put_together_and_never_people_s054(city: City, as_: As) -> None:
    one = make.signal(city.areas[0], kind="request", text="Ik wil samen koken.")
    make.signal(city.areas[1], kind="request", text="Ik eet alleen.")
    make.signal(city.areas[0], kind="request", theme="schulden")
    make.signal(city.areas[4], kind="request", text="Van een ander team.")
    actions.clarify(signal=one, answers={"strength": "Kookt graag."}, by=city["member"])
    page = as_("member").get("/verbinden/")
    assert [(g["number"], len(g["some"])) for g in page.context["groups"]] == [(2, 2)]
    assert "Kookt graag." in page.content.decode()
    assert "Van een ander team" not in page.content.decode()


def test_the_pyramid_counts_the_last_weighing_of_each_request_s055(city: City, as_: As) -> None:
    request = make.signal(city.areas[0], kind="request")
    for layer in ("specialist", "own_circle"):
        actions.weigh(
            signal=request,
            route="combination",
            collective_first=True,
            reason="",
            layer=layer,
            by=city["member"],
        )
    page = as_("member").get("/piramide/")
    assert dict(page.context["layers"])["eigen kring en buurt"] == 1
    assert sum(number for _label, number in page.context["layers"]) == 1


def versions(monkeypatch: Any) -> None:
    """A second version of one practice, as a municipality could add it."""
    old = presets()["one_team"]
    new = Preset(old.key, 2, "Eén team, nieuw", old.place, old.about_nl, old.source, old.steps, old.boards)
    every = module._every() | {("one_team", 2): new}
    monkeypatch.setattr(module, "_every", lambda: every)
    monkeypatch.setattr(module, "presets", presets.__wrapped__)
    monkeypatch.setattr("schakel_web.network.forms.presets", presets.__wrapped__)


def test_a_team_keeps_the_version_that_it_chose_until_it_chooses_again(
    city: City, as_: As, monkeypatch: Any
) -> None:
    versions(monkeypatch)
    team = city.teams[0]
    assert preset_of(team).name == "Eén team"
    given = {
        "name": team.name, "organisation": team.organisation_id, "active": "on", "areas": [city.areas[0].pk],
    }  # fmt: skip
    client = as_("administrator")
    assert "zoals u nu werkt" in client.get(f"/beheer/teams/{team.pk}/").content.decode()
    client.post(f"/beheer/teams/{team.pk}/", given | {"preset": "one_team:1"})
    assert Team.objects.get(pk=team.pk).preset_version == 1
    client.post(f"/beheer/teams/{team.pk}/", given | {"preset": "one_team:2"})
    assert preset_of(Team.objects.get(pk=team.pk)).name == "Eén team, nieuw"


@pytest.mark.parametrize(
    ("change", "said"), [({"steps": ["weighing"]}, "leaves out"), ({"boards": ["meeting", "x"]}, "names 'x'")]
)
def test_a_practice_that_cannot_be_is_refused(
    change: dict[str, Any], said: str, monkeypatch: Any, tmp_path: Any
) -> None:
    import yaml  # noqa: PLC0415

    entries = yaml.safe_load(module._FILE.read_text(encoding="utf-8"))["presets"][:1]
    file = tmp_path / "presets.yaml"
    file.write_text(yaml.safe_dump({"presets": [entries[0] | change]}), encoding="utf-8")
    monkeypatch.setattr(module, "_FILE", file)
    with pytest.raises(ValueError, match=said):
        module._every.__wrapped__()


def test_a_practice_opens_nothing_that_a_role_does_not(city: City, as_: As) -> None:
    city.practise("pyramid")
    assert as_("policy").get("/piramide/").status_code == 403
    assert not SharedQuestion.objects.exists()
