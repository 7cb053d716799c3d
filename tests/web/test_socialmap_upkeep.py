"""Whether the social map is still true: confirming, doubting, gained and lost (S083, S129)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.signals.actions import PersonalDataError
from schakel_web.socialmap import actions
from schakel_web.socialmap.models import Change, Doubt, MapEvent, Provision
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
TODAY = timezone.localdate


def old(provision: Provision, days: int) -> Provision:
    """The same, last confirmed so many days ago."""
    provision.checked = TODAY() - timedelta(days=days)
    provision.save()
    return provision


@pytest.mark.parametrize("address", ["/kaart/", "/kaart/{pk}/", "/kaart/bijhouden/"])
def test_decay_is_shown_wherever_a_provision_appears(city: City, as_: As, address: str) -> None:
    kept = old(make.provision(city.areas[0]), 91)
    page = as_("member").get(address.format(pk=kept.pk)).content.decode()
    assert "klopt dit nog?" in page
    actions.confirm(provision=kept, how="screen", by=city["member"])
    assert "klopt dit nog?" not in as_("member").get(address.format(pk=kept.pk)).content.decode()


def test_of_an_informal_group_it_is_asked_whether_it_still_is_there_s129(city: City, as_: As) -> None:
    old(make.provision(city.areas[0], legal_type="buiten_zorg_welzijn"), 91)
    assert "nog steeds actief?" in as_("member").get("/kaart/").content.decode()


def test_a_confirmation_holds_for_the_interval_and_not_a_day_longer(city: City) -> None:
    kept = make.provision(city.areas[0], check_days=30)
    assert not Provision.objects.stale(TODAY() + timedelta(days=29)).exists()
    assert Provision.objects.stale(TODAY() + timedelta(days=30)).get() == kept


def test_the_work_is_ordered_and_says_how_long_it_takes(city: City, as_: As) -> None:
    for name, days in (("Pas", 95), ("Lang", 300), ("Twijfel", 92)):
        old(make.provision(city.areas[0], name=name), days)
    make.provision(city.areas[0], name="Vers")
    old(make.provision(city.areas[4], name="Van anderen"), 300)
    actions.doubt(provision=Provision.objects.get(name="Twijfel"), what="times", note="", by=None)
    page = as_("member").get("/kaart/bijhouden/")
    assert [p.name for p in page.context["rows"]] == ["Twijfel", "Lang", "Pas"]
    assert (page.context["share"], page.context["stale"], page.context["minutes"]) == (25, 3, 6)


def test_a_doubt_waits_for_somebody_who_looks_and_is_settled_once(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0])
    as_("partner").post(f"/kaart/{kept.pk}/klopt-niet/", {"what": "times", "note": "Het is nu op maandag."})
    doubt = Doubt.objects.get()
    client = as_("member")
    assert "Het is nu op maandag" in client.get("/kaart/bijhouden/").content.decode()
    assert "Het is nu op maandag" not in as_("outsider").get("/kaart/bijhouden/").content.decode()
    client.post(f"/kaart/meldingen/{doubt.pk}/", {"how": "corrected"})
    again = client.post(f"/kaart/meldingen/{doubt.pk}/", {"how": "right"}, follow=True)
    assert "al naar gekeken" in again.content.decode()
    doubt.refresh_from_db()
    assert (doubt.how, doubt.settled_by) == ("corrected", city["member"])


def test_a_doubt_holds_no_personal_data_r4(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0])
    given = {"what": "other", "note": "Bel mevrouw Jansen op 06-12345678."}
    assert as_("member").post(f"/kaart/{kept.pk}/klopt-niet/", given).status_code == 422
    with pytest.raises(PersonalDataError):
        actions.doubt(provision=kept, **given, by=None)
    assert not Doubt.objects.exists()


# --- gained and lost


def test_what_is_lost_stays_visible_and_says_what_it_was_the_last_for_s083(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0], kind="place")
    make.provision(city.areas[0], name="Koffie", themes=["eenzaamheid"])
    client = as_("member")
    given = {"do": "state", "state-version": 0, "state-to": "closed", "state-why": ""}
    assert client.post(f"/kaart/{kept.pk}/", given).status_code == 422
    client.post(f"/kaart/{kept.pk}/", given | {"state-why": "Het buurthuis is dicht."})
    event = MapEvent.objects.get(what=Change.LOST)
    assert event.last_of == ["samen_eten"]
    assert "Eettafel" not in client.get("/kaart/").content.decode()
    work = client.get("/kaart/bijhouden/").content.decode()
    assert "het laatste in de buurt" in work
    assert "Het buurthuis is dicht" in client.get("/kaart/geschiedenis/").content.decode()
    client.post(f"/kaart/verlies/{event.pk}/", {"answer": "Wij eten voorlopig in de school."})
    assert "het laatste in de buurt" not in client.get("/kaart/bijhouden/").content.decode()


def test_what_came_and_went_near_the_team_is_told_where_the_day_begins_s083(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0], name="Buurthuis", themes=["eenzaamheid"])
    make.provision(city.areas[5], name="Van een ander team")
    actions.change_state(provision=kept, version=0, to="closed", why="Het geld is op.", by=city["member"])
    page = as_("member").get("/vandaag/")
    assert [(e.provision.name, e.what) for e in page.context["changes"]] == [
        ("Buurthuis", "lost"),
        ("Buurthuis", "gained"),
    ]
    assert "het laatste voor" in page.content.decode()
    assert [e.provision.name for e in as_("outsider").get("/vandaag/").context["changes"]] == [
        "Van een ander team"
    ]


def test_a_pathfinder_sees_the_own_tasks_where_the_day_begins_s099(city: City, as_: As) -> None:
    kept = make.provision(city.areas[0])
    due = timezone.localdate()
    for who, what in (("member", "Praat met het bestuur."), ("coordinator", "Bel de voorzitter.")):
        actions.plan_task(provision=kept, what=what, who=city[who], due=due, by=city["member"])
    page = as_("member").get("/vandaag/").content.decode()
    assert "Praat met het bestuur." in page
    assert "Bel de voorzitter." not in page


def test_removed_because_of_a_doubt_is_lost_as_well(city: City) -> None:
    kept = make.provision(city.areas[0])
    doubt = actions.doubt(provision=kept, what="gone", note="", by=None)
    actions.settle(doubted=doubt, how="removed", by=city["member"])
    kept.refresh_from_db()
    assert kept.state == "closed"
    assert MapEvent.objects.filter(what=Change.LOST).exists()


def test_much_work_is_said_in_hours(city: City, as_: As) -> None:
    past = TODAY() - timedelta(days=400)
    for n in range(61):
        make.provision(city.areas[0], name=f"Groep {n}", checked=past, keeper=city["coordinator"])
    page = as_("coordinator").get("/kaart/bijhouden/").content.decode()
    assert "Met ongeveer 2 uur bent u bij" in page
    Provision.objects.first().delete()  # type: ignore[union-attr]
    assert "Met 120 minuten bent u bij" in as_("coordinator").get("/kaart/bijhouden/").content.decode()
