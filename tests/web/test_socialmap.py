"""The social map: finding, changing, placing, including (S037, S098–S119, S128–S136)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schakel.provisions import provision as library
from schakel_web.audit.models import Event
from schakel_web.network.versions import ConflictError
from schakel_web.socialmap import actions, indexing, schedule, tasks
from schakel_web.socialmap.models import Change, MapEvent, Provision, Session, choices
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
TODAY = timezone.localdate


def filled(provision: Provision, **changes: Any) -> dict[str, Any]:
    """What the form of a provision sends."""
    return {
        "name": provision.name, "kind": "group", "themes": provision.themes, "access": "aanmelden",
        "languages": ["nl"], "legal_type": "algemene_voorziening", "layer": "basis", "prevention": "geen",
        "price_basis": "C", "price_level": 2024, "group_from": 1, "group_to": 12, "check_days": 90,
        "version": provision.version, "tijd-TOTAL_FORMS": 0, "tijd-INITIAL_FORMS": 0, **changes,
    }  # fmt: skip


def time(**changes: Any) -> dict[str, Any]:
    """One fixed time in that form."""
    given = {
        "first": "2026-01-06", "repeat": "weekly", "days": ["TU"], "begin": "14:00", "minutes": 120,
        "until": "", "rule": "",
    } | changes  # fmt: skip
    return {"tijd-TOTAL_FORMS": 1} | {f"tijd-0-{name}": value for name, value in given.items()}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (choices.LegalType, library.LegalType), (choices.Layer, library.Layer), (choices.Payer, library.Payer),
        (choices.Access, library.Access), (choices.Goal, library.Goal), (choices.Capital, library.Capital),
        (choices.Prevention, library.Prevention), (choices.State, library.Status),
    ],
)  # fmt: skip
def test_the_application_and_the_library_mean_the_same_by_every_attribute_s037(
    ours: Any, theirs: Any
) -> None:
    assert set(ours.values) == {value.value for value in theirs}


def test_a_provision_goes_to_the_library_and_back_without_loss(city: City) -> None:
    kept = make.provision(
        city.areas[0],
        resident_cost="2.50", free=3, capacity=12, payers=["gemeente_welzijn"], goals=["zelfredzaamheid"],
        capital=["bridging"], price_low=10, price_high=90, wheelchair=True, barriers=["kosten"], words=["mee-eten"],
        sessions=[Session(first=date(2026, 1, 6), rule="FREQ=WEEKLY;BYDAY=TU", start=1020, except_on=["2026-12-29"])],
    )  # fmt: skip
    record = tasks.to_record(Provision.objects.get(pk=kept.pk))
    again = Provision(area=kept.area, **tasks.fields_of(record) | {"identifier": "copy"})
    again.save()
    Session.objects.bulk_create(tasks.sessions_of(record, again))
    copy = tasks.to_record(Provision.objects.get(pk=again.pk))
    assert {**vars_of(copy), "id": ""} == {**vars_of(record), "id": ""}


def vars_of(record: Any) -> dict[str, Any]:
    """The fields of a record with slots."""
    return {name: getattr(record, name) for name in type(record).__dataclass_fields__}


@pytest.mark.parametrize(
    "wrong",
    [
        {"approach": 1.2}, {"formality": -0.1}, {"resident_cost": -1}, {"price_low": 9, "price_high": 3},
        {"price_low": 9}, {"x": 1000.0}, {"group_from": 9, "group_to": 3}, {"capacity": 2, "free": 3},
        {"legal_type": "maatwerkvoorziening", "decision": False}, {"youngest": 65, "oldest": 12},
    ],
)  # fmt: skip
def test_the_database_keeps_no_provision_that_contradicts_itself(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.provision(city.areas[0], **wrong)


@pytest.mark.parametrize("wrong", [{"start": 1440}, {"minutes": 0}, {"until": date(2025, 1, 1)}])
def test_the_database_keeps_no_time_that_cannot_be(city: City, wrong: dict[str, Any]) -> None:
    kept = make.provision(city.areas[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(**{"provision": kept, "first": date(2026, 1, 6), **wrong})


# --- finding


def test_everybody_who_works_here_finds_the_whole_map(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="Eettafel")
    make.provision(city.areas[4], name="Wandelgroep", themes=["te_weinig_bewegen"])
    for person in ("member", "outsider", "partner"):
        page = as_(person).get("/kaart/").content.decode()
        assert "Eettafel" in page
        assert "Wandelgroep" in page


def found(client: Client, **asked: Any) -> list[str]:
    """Names that the page of the map shows."""
    return [p.name for p in client.get("/kaart/", asked).context["provisions"]]


def test_the_map_is_filtered_by_theme_day_cost_language_access_and_free_places(city: City, as_: As) -> None:
    tuesday = Session(first=date(2026, 1, 6), rule="FREQ=WEEKLY;BYDAY=TU", start=18 * 60)
    make.provision(
        city.areas[0],
        name="Eettafel",
        resident_cost=4,
        free=0,
        languages=["nl", "ar"],
        access="inloop",
        sessions=[tuesday],
    )
    make.provision(
        city.areas[1],
        name="Wandelgroep",
        themes=["te_weinig_bewegen"],
        resident_cost=0,
        free=5,
        wheelchair=True,
    )
    client = as_("member")
    only_eating, only_walking = ["Eettafel"], ["Wandelgroep"]
    assert found(client, theme="samen_eten") == only_eating
    assert found(client, day="TU") == only_eating
    assert found(client, day="TU", part="avond") == only_eating
    assert found(client, day="TU", part="ochtend") == []
    assert found(client, part="avond") == only_eating
    assert found(client, cost="2.5") == only_walking
    assert found(client, language="ar") == only_eating
    assert found(client, access="inloop") == only_eating
    assert found(client, free="on") == only_walking
    assert found(client, wheelchair="on") == only_walking
    assert found(client, theme="bestaat_niet") == [
        "Eettafel",
        "Wandelgroep",
    ]  # what cannot be asked is said, not guessed


def test_the_nearest_come_first_and_what_is_too_far_does_not_come(city: City, as_: As) -> None:
    for name, number in (("Ver", 2), ("Hier", 0), ("Naast", 1)):
        make.provision(city.areas[number], name=name)
    client = as_("member")
    assert found(client, area=city.areas[0].pk) == ["Hier", "Naast", "Ver"]
    assert found(client, area=city.areas[0].pk, km=1) == ["Hier", "Naast"]


@pytest.mark.parametrize("asked", ["eettafel", "eettafels", "eetafel", "samen eten"])
def test_words_are_found_in_other_forms_and_with_a_typing_error(city: City, as_: As, asked: str) -> None:
    make.provision(
        city.areas[0], name="Eettafel De Brug", description="Elke week koken wij samen en eten wij samen."
    )
    make.provision(city.areas[0], name="Taalles", themes=["taal_leren"])
    assert found(as_("member"), q=asked) == ["Eettafel De Brug"]


def test_pages_follow_each_other_without_a_gap_by_name_and_by_distance(city: City, as_: As) -> None:
    Provision.objects.bulk_create(
        Provision(name=f"Groep {k % 7}", area=city.areas[k % 6], identifier=str(k)) for k in range(60)
    )
    client = as_("member")
    for asked in ({}, {"area": city.areas[0].pk}):
        seen: list[int] = []
        after = ""
        while True:
            page = client.get("/kaart/", asked | {"na": after})
            seen += [p.pk for p in page.context["provisions"]]
            after = page.context["after"]
            if not after:
                break
        assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("view", ["lijst", "kaart", "kwadrant"])
def test_the_three_views_ask_the_database_as_often_for_many_as_for_few(
    city: City, as_: As, view: str
) -> None:
    client = as_("member")
    numbers = []
    for _ in range(2):
        for k in range(15):
            make.provision(city.areas[k % 6], name=f"Groep {k}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/kaart/?als={view}").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 14


def test_map_and_chart_say_in_a_table_what_they_draw(city: City, as_: As) -> None:
    make.provision(city.areas[0], name="Eettafel", approach=0.85, formality=0.2, why_here="bewoners koken")
    chart = as_("member").get("/kaart/?als=kwadrant").content.decode()
    assert chart.count("quadrant__dot") == 1
    assert "0,85" in chart
    drawn = as_("member").get("/kaart/?als=kaart").content.decode()
    assert drawn.count('class="atlas__area') == 6
    assert f'<th scope="row">{city.areas[0].name}</th><td class="numbers">1</td>' in drawn


def test_a_chart_of_very_many_is_put_together_and_counts_all(city: City, as_: As) -> None:
    Provision.objects.bulk_create(
        Provision(name=f"Groep {k}", area=city.areas[0], identifier=str(k), approach=(k % 10) / 10)
        for k in range(400)
    )
    chart = as_("member").get("/kaart/?als=kwadrant").context["chart"]
    assert chart["together"]
    assert sum(dot.number for dot in chart["dots"]) == 400


def test_what_nobody_gave_a_place_stands_beside_the_chart_and_not_in_the_middle_of_it_s037(
    city: City, as_: As
) -> None:
    make.provision(city.areas[0], name="Kookclub")
    make.provision(city.areas[0], name="Uit een bestand", provenance="onbekend")
    answer = as_("member").get("/kaart/?als=kwadrant")
    assert [dot.label for dot in answer.context["chart"]["dots"]] == ["Kookclub"]
    assert "1 aanbod heeft nog geen plaats" in answer.content.decode()


# --- changing


def test_something_is_added_from_a_template_and_counts_as_gained_s083(city: City, as_: As) -> None:
    client = as_("member")
    page = client.get("/kaart/nieuw/?sjabloon=eettafel_bewoners")
    begun = page.context["form"].instance
    given = filled(begun, area=city.areas[0].pk, name="Eettafel Buurt 00", legal_type="burgerinitiatief")
    assert client.post("/kaart/nieuw/", given | time()).status_code == 302
    kept = Provision.objects.get()
    assert (kept.name, kept.checked, kept.sessions.get().rule) == (
        "Eettafel Buurt 00",
        TODAY(),
        "FREQ=WEEKLY;BYDAY=TU",
    )
    assert MapEvent.objects.get().what == Change.GAINED
    assert Event.objects.filter(action="socialmap.add", actor=city["member"].pk).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Dit veld is verplicht"),
        ({"description": "Bel Sonja Jansen op 06-28543278."}, "‘Sonja Jansen’ zegt wie iemand is."),  # R4
        ({"resident_cost": "-2"}, "kan niet lager zijn dan 0"),
        ({"price_low": "90", "price_high": "10"}, "lager dan het laagste bedrag"),
        ({"free": "9", "capacity": "3"}, "niet meer plaatsen vrij"),
        ({"legal_type": "maatwerkvoorziening"}, "beslist de gemeente"),
        ({"x": "100000"}, "allebei"),
        ({"x": "480000", "y": "120000"}, "omgewisseld"),
        ({"x": "20000", "y": "560000"}, "ligt in zee"),
        ({"x": "4.9", "y": "52.3"}, "lijken graden"),
        (time(days=[], repeat="own", rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "geen enkele keer"),
        (time(repeat="own", rule="elke dinsdag"), "herhaalregel kunnen wij niet lezen"),
        (time(until="2025-01-01"), "ligt voor de eerste keer"),
        (time(first="gisteren"), "Dit is geen datum"),
    ],
)
def test_bad_input_is_said_in_dutch_and_what_was_typed_is_still_there(
    city: City, as_: As, changes: dict[str, Any], said: str
) -> None:
    kept = make.provision(city.areas[0])
    answer = as_("member").post(
        f"/kaart/{kept.pk}/bewerken/", filled(kept, area=city.areas[0].pk, run_by="De buren") | changes
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "De buren" in page
    kept.refresh_from_db()
    assert kept.version == 0


def test_whoever_saves_second_is_told_and_nothing_is_overwritten(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0])
    given = filled(kept, area=city.areas[0].pk)
    as_("member").post(f"/kaart/{kept.pk}/bewerken/", given | {"name": "Eerste"})
    page = as_("mate").post(f"/kaart/{kept.pk}/bewerken/", given | {"name": "Tweede"}, follow=True)
    assert "net veranderd" in page.content.decode()
    kept.refresh_from_db()
    assert kept.name == "Eerste"


def test_a_partner_keeps_the_own_offers_and_no_others(city: City, as_: As) -> None:
    ours = make.provision(city.areas[4], organisation=city.organisations["School"])
    other = make.provision(city.areas[4], organisation=city.organisations["Zorg"])
    client = as_("partner")
    assert client.get(f"/kaart/{ours.pk}/bewerken/").status_code == 200
    assert client.get(f"/kaart/{other.pk}/bewerken/").status_code == 404
    given = filled(ours, area=city.areas[4].pk, organisation=city.organisations["Zorg"].pk)
    assert client.post(f"/kaart/{ours.pk}/bewerken/", given).status_code == 422


# --- the two scales


def test_a_position_is_changed_with_a_reason_and_earlier_ones_stay_s115_s118(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0], approach=0.92, formality=0.15, provenance="figuur3")
    given = {
        "do": "place",
        "place-version": 0,
        "place-approach": "0.9",
        "place-formality": "0.6",
        "place-spread": "0.2",
    }
    client = as_("member")
    assert client.post(f"/kaart/{kept.pk}/", given | {"place-why": ""}).status_code == 422
    given["place-why"] = "Professionals coachen hier de vrijwilligers."
    assert client.post(f"/kaart/{kept.pk}/", given).status_code == 302
    kept.refresh_from_db()
    assert (kept.formality, kept.provenance) == (0.6, "eigen")
    assert [(p.formality, p.provenance) for p in kept.positions.all()] == [(0.6, "eigen"), (0.15, "figuur3")]
    assert "coachen hier" in client.get(f"/kaart/{kept.pk}/").content.decode()


@pytest.mark.parametrize("value", ["1.5", "-0.1", "veel"])
def test_a_position_outside_the_scales_is_refused(city: City, as_: As, value: str) -> None:
    kept = make.provision(city.areas[0])
    given = {
        "do": "place", "place-version": 0, "place-approach": value, "place-formality": "0.6", "place-spread": "0.2",
        "place-why": "zo",
    }  # fmt: skip
    answer = as_("member").post(f"/kaart/{kept.pk}/", given)
    assert answer.status_code == 422
    assert ("getal van 0 tot 1" in answer.content.decode()) == (value != "veel")
    assert kept.positions.count() == 1


def test_two_who_place_at_once_do_not_both_win(city: City) -> None:
    kept = make.provision(city.areas[0])
    given: dict[str, Any] = {"approach": 0.1, "formality": 0.1, "spread": 0.1, "why": "zo"}
    actions.place(provision=kept, version=0, **given, by=city["member"])
    with pytest.raises(ConflictError):
        actions.place(provision=kept, version=0, **given, by=city["mate"])


# --- inclusion


def test_barriers_agreements_and_the_tasks_of_a_pathfinder_s098_s099(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0], name="Voetbalclub", legal_type="buiten_zorg_welzijn")
    client = as_("member")
    client.post(
        f"/kaart/{kept.pk}/",
        {
            "do": "inclusion", "inclusion-version": 0, "inclusion-barriers": ["kosten", "groep"],
            "inclusion-agreements": "De eerste maand is gratis.\nEr is een maatje.",
        },
    )  # fmt: skip
    kept.refresh_from_db()
    assert kept.barriers == ["kosten", "groep"]
    assert kept.agreements == ["De eerste maand is gratis.", "Er is een maatje."]
    given = {
        "do": "task",
        "task-what": "Met de trainers praten.",
        "task-who": city["mate"].pk,
        "task-due": TODAY().isoformat(),
    }
    over = given | {"task-due": (TODAY() - timedelta(days=1)).isoformat()}
    assert "een dag die nog komt" in client.post(f"/kaart/{kept.pk}/", over).content.decode()
    client.post(f"/kaart/{kept.pk}/", given)
    task = kept.tasks.get()
    client.post(f"/kaart/taken/{task.pk}/", {"result": "Twee nieuwe leden."})
    task.refresh_from_db()
    assert (task.result, bool(task.done)) == ("Twee nieuwe leden.", True)


def test_a_tailored_provision_points_to_the_municipality_and_decides_nothing_s131(
    city: City, as_: As
) -> None:
    kept = make.provision(
        city.areas[0], legal_type="maatwerkvoorziening", decision=True, personal_budget=True
    )
    page = as_("member").get(f"/kaart/{kept.pk}/").content.decode()
    assert "Schakel beslist niet" in page
    assert "beschikking nodig" in page


def test_an_estimated_price_is_called_one(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0], price_low=10, price_high=90, price_basis="C")
    assert 'badge--warn">schatting' in as_("member").get(f"/kaart/{kept.pk}/").content.decode()
    Provision.objects.update(price_basis="A")
    assert 'badge--warn">schatting' not in as_("member").get(f"/kaart/{kept.pk}/").content.decode()


# --- times in words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "elke dinsdag van 14.00 tot 16.00 uur"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "elke maandag, woensdag en vrijdag van 14.00 tot 16.00 uur"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "om de week op donderdag van 14.00 tot 16.00 uur"),
        ("FREQ=MONTHLY;BYDAY=1TU", "elke eerste dinsdag van de maand van 14.00 tot 16.00 uur"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "elke laatste vrijdag van de maand van 14.00 tot 16.00 uur"),
        ("", "dinsdag 6 januari 2026 van 14.00 tot 16.00 uur"),
    ],
)
def test_a_recurrence_rule_is_said_in_words_and_the_form_gives_it_back(rule: str, words: str) -> None:
    session = Session(first=date(2026, 1, 6), rule=rule, start=14 * 60, minutes=120)
    assert schedule.in_words(session) == words
    repeat, days = schedule.parts_of(rule)
    if not rule.startswith("FREQ=MONTHLY;BYDAY=-1"):
        assert schedule.rule_of(repeat, days, session.first) == rule


def test_the_index_is_made_anew_and_not_doubled(city: City) -> None:
    kept = make.provision(city.areas[0])
    number = kept.facets.count()
    indexing.index([kept])
    assert kept.facets.count() == number > 3


def test_a_rule_with_a_number_of_times_or_of_another_kind_is_said_without_its_signs() -> None:
    six = Session(first=date(2026, 1, 6), rule="FREQ=WEEKLY;COUNT=6;BYDAY=TU", start=600, minutes=60)
    assert schedule.in_words(six) == "6 keer, elke dinsdag van 10.00 tot 11.00 uur"
    yearly = Session(first=date(2026, 1, 6), rule="FREQ=YEARLY;BYMONTH=5;BYDAY=1TU", start=600, minutes=60)
    assert schedule.in_words(yearly) == "op vaste dagen van 10.00 tot 11.00 uur"
