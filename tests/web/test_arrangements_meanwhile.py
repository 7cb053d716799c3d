"""A suggestion and a plan that the world went past: what closed, who else suggested, other wishes (R10, R11, S073)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.arrangements import actions
from schakel_web.arrangements.models import Arrangement, Choice
from schakel_web.network.versions import ConflictError
from schakel_web.socialmap.models import Provision
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.plans import accepted, frame, refreshed, suggested, tuesday

As = Callable[[str], Client]


def test_nobody_is_pointed_to_what_is_for_another_phase_of_life_s073(
    city: City, as_: As, plan: Arrangement
) -> None:
    plan.request.life_phase = "elderly"
    plan.request.save()
    group = make.provision(
        city.areas[0], name="Kindergroep", themes=["eenzaamheid", "te_weinig_bewegen"], approach=0.9, free=9,
        life_phases=["kind"], sessions=[tuesday()], group_to=12, resident_cost=0,
    )  # fmt: skip
    kept = suggested(plan, city["member"])
    assert "Kindergroep" not in {part["name"] for each in kept["combinations"] for part in each["parts"]}
    assert {each["name"]: each["text"] for each in kept["rejected"]}["Kindergroep"].startswith(
        "Dit is voor mensen"
    )
    page = as_("member").get(f"/arrangementen/{plan.pk}/")
    assert "Kindergroep" not in {offer.name for offer in page.context["offered"]}
    actions.add_offer(
        arrangement=plan, version=0, provision=group, by=city["member"]
    )  # looked up by its name
    assert (
        "Dit is voor mensen in een andere levensfase."
        in as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    )
    plan.request.life_phase = "families"
    plan.request.save()
    assert as_("member").get(f"/arrangementen/{plan.pk}/").context["effects"]["not_for"] == []


def test_what_was_closed_after_the_suggestion_is_marked_and_not_taken_over(
    city: City, as_: As, plan: Arrangement
) -> None:
    made = suggested(plan, city["member"])["made"]
    Provision.objects.filter(name="Eettafel").update(state="closed")
    client = as_("member")
    assert "is er niet meer" in client.get(f"/arrangementen/{plan.pk}/").content.decode()
    given = {"number": 0, "version": 0, "made": made, "reason": "Dit is om de hoek."}
    page = client.post(f"/arrangementen/{plan.pk}/overnemen/", given, follow=True).content.decode()
    assert "1 onderdeel is overgenomen." in page
    assert "een deel is er niet meer" in page
    assert [part.title for part in plan.components.all()] == ["Wandelgroep"]


def test_what_is_gone_counts_for_nothing_and_the_resident_reads_that_it_is_gone(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    suggested(plan, city["member"])
    accepted(plan, city["member"])
    Provision.objects.filter(name="Eettafel").update(state="closed")
    client = as_("member")
    page = client.get(f"/arrangementen/{plan.pk}/")
    assert page.context["effects"]["gone_names"] == ["Eettafel"]
    assert {c["theme"]: c["share"] for c in page.context["effects"]["coverage"]}["Eenzaamheid"] == 0
    for where in (f"/arrangementen/{plan.pk}/afdrukken/", f"/mijn-signaal/{code}/plan/"):
        text = client.get(where).content.decode()
        assert "Let op: dit is er nu niet." in text
        assert text.count("Eettafel") == 1, "it stands in no week"


def test_what_is_taken_over_is_the_suggestion_that_was_on_the_screen_r10(
    city: City, as_: As, plan: Arrangement
) -> None:
    seen = suggested(plan, city["member"])["made"]
    suggested(plan, city["mate"])
    given = {"number": 0, "version": 0, "made": seen, "reason": "Dit is om de hoek."}
    page = as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", given, follow=True).content.decode()
    assert "Iemand anders" in page
    assert not plan.components.exists()
    assert refreshed(plan).version == 0


def test_a_suggestion_for_other_wishes_says_so_and_is_not_taken_over_r11(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    client = as_("member")
    assert "zijn veranderd nadat" not in client.get(f"/arrangementen/{plan.pk}/").content.decode()
    client.post(f"/arrangementen/{plan.pk}/", frame(plan, budget=3))
    page = client.get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "zijn veranderd nadat deze suggestie is gedaan." in page
    assert "Neem dit als begin" not in page
    with pytest.raises(ConflictError):
        accepted(plan, city["member"])
    suggested(plan, city["member"])
    assert "zijn veranderd nadat" not in client.get(f"/arrangementen/{plan.pk}/").content.decode()


def test_when_or_what_it_costs_differs_from_the_suggestion_only_with_a_reason_r10(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    accepted(plan, city["member"])
    part = plan.components.get(title="Eettafel")
    given = {"do": "change", "deel-version": 1, "deel-themes": ["eenzaamheid"], "deel-payer": part.payer}
    client = as_("member")
    refused = client.post(f"/arrangementen/onderdelen/{part.pk}/", given | {"deel-cost_month": "5"})
    assert refused.status_code == 422
    assert "Schrijf waarom dit anders gaat dan voorgesteld." in refused.content.decode()
    own_words = given | {"deel-goal": "Weer samen eten."}
    assert client.post(f"/arrangementen/onderdelen/{part.pk}/", own_words).status_code == 302
    assert not Choice.objects.filter(what="adapt").exists()
    why = given | {"deel-version": 2, "deel-cost_month": "5", "deel-reason": "Iemand betaalt mee."}
    assert client.post(f"/arrangementen/onderdelen/{part.pk}/", why).status_code == 302
    assert Choice.objects.get(what="adapt").reason == "Iemand betaalt mee."


def test_where_people_walk_in_the_week_says_all_of_the_time(city: City, as_: As, plan: Arrangement) -> None:
    cafe = make.provision(
        city.areas[0], name="Inloop", themes=["eenzaamheid"], approach=0.7, access="inloop", resident_cost=0,
        sessions=[tuesday(13 * 60 + 30)],
    )  # fmt: skip
    actions.add_offer(arrangement=plan, version=0, provision=cafe, by=city["member"])
    [visit] = as_("member").get(f"/arrangementen/{plan.pk}/").context["effects"]["week"]
    assert visit == {"day": 1, "start": 810, "end": 930, "name": "Inloop", "walk_in": True}


def test_taking_over_needs_a_reason_as_every_choice_does_r10(city: City, as_: As, plan: Arrangement) -> None:
    made = suggested(plan, city["member"])["made"]
    given = {"number": 0, "version": 0, "made": made}
    as_("member").post(f"/arrangementen/{plan.pk}/overnemen/", given)
    assert not plan.components.exists()


def own(plan: Arrangement, city: City, **changes: Any) -> None:
    actions.add_part(
        arrangement=plan, version=refreshed(plan).version, by=city["member"],
        **{"title": "Zus kookt en eet mee", "kind": "eigen_netwerk", "themes": ["eenzaamheid"], "day": 1,
           "begin": 18 * 60, "minutes": 120} | changes,
    )  # fmt: skip


def test_a_suggestion_goes_with_what_is_in_the_plan_already(city: City, as_: As, plan: Arrangement) -> None:
    assert {p["name"] for p in suggested(plan, city["member"])["combinations"][0]["parts"]} == {
        "Eettafel", "Wandelgroep",
    }  # fmt: skip
    own(plan, city)
    assert refreshed(plan).suggestion_is_old
    again = suggested(plan, city["member"])
    assert again["beside"] == ["Zus kookt en eet mee"]
    assert "Eettafel" not in {p["name"] for p in again["combinations"][0]["parts"]}
    page = as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "Past bij wat al in het plan staat:" in page
    accepted(plan, city["member"])
    effects = as_("member").get(f"/arrangementen/{plan.pk}/").context["effects"]
    assert effects["overlaps"] == []
    assert not refreshed(plan).suggestion_is_old


def test_a_plan_that_is_best_as_it_is_hears_so(city: City, as_: As, plan: Arrangement) -> None:
    own(plan, city, themes=["eenzaamheid", "te_weinig_bewegen"])
    assert suggested(plan, city["member"])["enough"]
    page = as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    assert "Wat al in het plan staat, past het best." in page


def test_nobody_is_pointed_to_what_is_over_by_its_own_times(city: City, as_: As, plan: Arrangement) -> None:
    last = timezone.localdate() - timedelta(days=200)
    ended = tuesday()
    ended.until = last
    counted = tuesday()
    counted.rule += ";COUNT=3"
    for name, session in (("Voorbije club", ended), ("Voorbije cursus", counted)):
        make.provision(
            city.areas[0], name=name, themes=["eenzaamheid", "te_weinig_bewegen"], approach=1.0, free=20,
            sessions=[session], group_to=30, resident_cost=0, formality=0.0,
        )  # fmt: skip
    kept = suggested(plan, city["member"])
    assert not any("Voorbij" in part["name"] for each in kept["combinations"] for part in each["parts"])
    for address in ("/ontdek/?q=voorbije", "/kaart/?q=voorbije", "/ontdek/?day=TU"):
        assert "Voorbije" not in as_("member").get(address).content.decode().replace('value="voorbije"', "")
    page = as_("member").get(f"/ontdek/{Provision.objects.get(name='Voorbije club').pk}/").content.decode()
    assert "Dit is voorbij. De laatste keer was op" in page
