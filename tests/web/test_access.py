"""Every address × role × object: what is allowed, and that everything else is refused (R17, S-roles of DESIGN §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from schakel_web.accounts.roles import ROLES, Permission, Reach
from schakel_web.arrangements.models import Component
from schakel_web.audit.models import Event, Outcome
from schakel_web.network.models import Invitation
from schakel_web.questions import actions
from schakel_web.questions.models import Meeting, Promise, Sparring
from schakel_web.questions.publishing import publish
from schakel_web.signals.models import Signal
from schakel_web.socialmap.models import Doubt, Draft, MapEvent, PathTask
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
OPEN = {
    "about", "matrix", "profile", "home", "invitation", "public-signal", "public-reading", "public-thanks",
    "receipt-enter", "receipt", "receipt-withdraw", "public-areas", "public-area",
    "service-worker", "manifest", "choose-team", "public-map",
    "public-provision", "public-doubt", "provision-mail", "receipt-plan", "public-feed",
}  # fmt: skip
ANONYMOUS = OPEN - {"matrix", "profile", "home", "choose-team"}
GUARDED_INSIDE = {
    "audit-list": Permission.AUDIT_READ,
    "audit-export": Permission.AUDIT_READ,
    "audit-review": Permission.AUDIT_READ,
    "inventory": Permission.RETENTION_MANAGE,
    "retention": Permission.RETENTION_MANAGE,
}


def addresses(resolver: Any = None) -> Iterator[URLPattern]:
    """Every named address of our own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if "allauth" not in str(entry.urlconf_name):
                yield from addresses(entry)
        elif "schakel_web" in getattr(entry.callback, "__module__", ""):
            yield entry


def permission_of(entry: URLPattern) -> Permission | None:
    """What a view asks for; through decorators that wrap it."""
    view: Any = entry.callback
    while view is not None:
        if "permission" in vars(view):
            return Permission(vars(view)["permission"])
        view = getattr(view, "__wrapped__", None)
    return GUARDED_INSIDE.get(str(entry.name))


NAMED = {str(entry.name): entry for entry in addresses()}
GUARDED = sorted(name for name in NAMED if name not in OPEN)


def test_every_address_asks_for_a_permission_or_is_open_on_purpose() -> None:
    assert len(NAMED) > 50
    assert [name for name in GUARDED if permission_of(NAMED[name]) is None] == []


@pytest.fixture
def objects(city: City) -> dict[str, dict[str, Any]]:
    """See below."""
    return one_of_each(city)


def one_of_each(city: City) -> dict[str, dict[str, Any]]:
    """One object for every address with a number: of team 0."""
    one, area = city.teams[0], city.areas[0]
    question = make.question(one, [area], city["member"])
    meeting = Meeting.objects.create(team=one, date="2026-01-05", by=city["member"])
    sparring = Sparring.objects.create(
        question=question, to=city.organisations["School"], kind="sparring", asked="?", by=city["member"]
    )
    with_us = Sparring.objects.create(
        question=make.question(city.teams[1], city.areas[3:4], city["outsider"]), to=city.organisations["Welzijn"],
        kind="handover", asked="?", by=city["outsider"],
    )  # fmt: skip
    promise = Promise.objects.create(question=question, what="bellen", who=city["member"], due="2026-12-01")
    pattern = make.pattern([area])
    publish(by=None)
    signal = make.signal(area, reporter=city["member"])
    request = make.signal(area, kind="request")
    waiting = make.waiting(area)
    run = pattern.latest.run if pattern.latest else None
    seen = {"pk": run.pk if run else 0}
    invitation = Invitation.objects.create(
        email="nieuw@stad.nl", name="Nieuw", role="policy_officer", key="a" * 64, by=city["administrator"],
        expires=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    invited = {"pk": invitation.pk}
    return {
        "signal": {"pk": signal.pk}, "signal-clarify": {"pk": request.pk}, "signal-weigh": {"pk": request.pk},
        "signal-moderate": {"pk": waiting.pk}, "pattern": {"pk": pattern.pk}, "pattern-dismiss": {"pk": pattern.pk},
        "pattern-reopen": {"pk": pattern.pk}, "run": seen, "run-stop": seen, "run-again": seen,
        "question": {"pk": question.pk}, "question-offers": {"pk": question.pk}, "promise-kept": {"pk": promise.pk},
        "sparring": {"pk": sparring.pk}, "sparring of a team": {"pk": with_us.pk},
        "meeting": {"pk": meeting.pk}, "meeting-pdf": {"pk": meeting.pk},
        "agenda": {"pk": area.pk}, "team": {"pk": one.pk}, "organisation": {"pk": city.organisations["School"].pk},
        **map_objects(city),
        **plan_objects(city, request),
        "invite-again": invited, "invitation-withdraw": invited,
        "switch-user": {"pk": city["nobody"].pk}, "end-membership": {"pk": city["mate"].memberships.get().pk},
    }  # fmt: skip


def map_objects(city: City) -> dict[str, dict[str, Any]]:
    """The same for the social map: of team 0 and of the school."""
    at_school = make.provision(city.areas[0], organisation=city.organisations["School"])
    one = {"pk": at_school.pk}
    doubt = Doubt.objects.create(provision=at_school, what="times")
    task = PathTask.objects.create(provision=at_school, what="praten", who=city["member"], due="2026-12-01")
    loss = MapEvent.objects.create(provision=at_school, what="lost", kind="group")
    return {
        "provision": one, "provision-edit": one, "provision-confirm": one, "provision-doubt": one,
        "doubt-settle": {"pk": doubt.pk}, "path-task-done": {"pk": task.pk}, "loss-answer": {"pk": loss.pk},
        "map-export": {"kind": "csv"},
        "map-draft": {"pk": Draft.objects.create(name="gids.csv", by=city["coordinator"]).pk},
    }  # fmt: skip


def plan_objects(city: City, request: Signal) -> dict[str, dict[str, Any]]:
    """The same for an arrangement of team 0."""
    made = make.arrangement(request, city.teams[0], city["member"])
    one = {"pk": made.pk}
    part = Component.objects.create(arrangement=made, kind="eigen_inzet", title="elke dag een blokje om")
    names = ("", "-effects", "-suggest", "-accept", "-reject", "-add", "-print")
    return {f"arrangement{name}": one for name in names} | {
        "arrangement-new": {"pk": request.pk}, "arrangement-part": {"pk": part.pk},
    }  # fmt: skip


MISSING = {
    "meeting-decide",  # the meeting was closed a moment before
    "arrangement-add",  # nothing was chosen to put in it
}


def asked(client: Client, name: str, objects: dict[str, dict[str, Any]]) -> int:
    from django.urls import reverse  # noqa: PLC0415

    address = reverse(name, kwargs=objects.get(name))
    got = client.get(address).status_code
    return client.post(address).status_code if got == 405 else got


WHO = {
    "member": "team_member", "owner": "process_owner", "coordinator": "coordinator", "policy": "policy_officer",
    "researcher": "researcher", "partner": "partner", "administrator": "administrator",
}  # fmt: skip


@pytest.mark.parametrize("person", sorted(WHO))
def test_a_role_opens_exactly_the_addresses_of_its_permissions(
    person: str, as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    """R17: allow and deny, for every address."""
    client = as_(person)
    if ROLES[WHO[person]].reach == Reach.TEAM:
        objects = objects | {"sparring": objects["sparring of a team"]}
    for name in GUARDED:
        permission = permission_of(NAMED[name])
        status = asked(client, name, objects)
        if permission in ROLES[WHO[person]].permissions:
            assert status not in {403, 500}, name
            assert status != 404 or name in MISSING, name
        else:
            assert status == 403, name


def test_somebody_without_a_role_opens_nothing(as_: As, objects: dict[str, dict[str, Any]]) -> None:
    client = as_("nobody")
    assert {name: asked(client, name, objects) for name in GUARDED} == dict.fromkeys(GUARDED, 403)


def test_somebody_who_is_not_logged_in_is_asked_to(city: City, objects: dict[str, dict[str, Any]]) -> None:
    client = Client()
    for name in [*GUARDED, "matrix", "profile", "home", "choose-team"]:
        assert asked(client, name, objects) == 302, name


THEIRS = [
    "signal", "signal-clarify", "signal-weigh", "pattern", "pattern-dismiss", "pattern-reopen", "question",
    "promise-kept", "meeting", "meeting-pdf", "agenda", "provision-edit", "provision-confirm", "doubt-settle",
    "path-task-done", "loss-answer", "arrangement", "arrangement-effects", "arrangement-suggest", "arrangement-accept",
    "arrangement-reject", "arrangement-add", "arrangement-print", "arrangement-new", "arrangement-part",
    "question-offers",
]  # fmt: skip


#: Addresses of one record that is no team's own, and who decides who may open it.
NOBODYS_OWN = {
    # the administrator, everywhere
    "team", "organisation", "switch-user", "end-membership", "invite-again", "invitation-withdraw",
    "run", "run-stop", "run-again",  # one search for the whole municipality, without content
    "sparring", "signal-moderate", "map-draft",  # tested below
    "provision", "provision-doubt", "map-export",  # the social map is everybody's
}  # fmt: skip


def test_every_address_of_one_record_is_tested_for_who_may_not_open_it() -> None:
    about_one = {name for name in GUARDED if NAMED[name].pattern.converters}
    assert about_one == set(THEIRS) | NOBODYS_OWN


def test_a_coordinator_of_another_team_does_not_look_at_what_came_in_here(
    city: City, as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    city.people["far"] = make.user("far", "coordinator", team=city.teams[1])
    assert {name: asked(as_("far"), name, objects) for name in ("signal-moderate", "map-draft")} == {
        "signal-moderate": 404, "map-draft": 404,
    }  # fmt: skip
    assert asked(as_("coordinator"), "signal-moderate", objects) == 302
    assert asked(as_("coordinator"), "map-draft", objects) == 200


def test_a_team_of_another_organisation_does_not_find_what_was_shared_with_a_school(
    as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    assert asked(as_("member"), "sparring", objects) == 404


@pytest.mark.parametrize("name", THEIRS)
def test_another_team_does_not_find_what_is_ours_and_the_log_says_so(
    name: str, as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    assert asked(as_("outsider"), name, objects) == 404
    assert Event.objects.filter(action=name, outcome=Outcome.REFUSED).exists()


def test_another_organisation_does_not_find_a_question_that_was_shared_with_us(
    as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    assert asked(as_("other_partner"), "sparring", objects) == 404
    assert asked(as_("partner"), "sparring", objects) == 200


def test_lists_search_and_counts_show_only_the_own_areas(city: City, as_: As) -> None:
    make.signal(city.areas[0], text="Bij ons is de speeltuin dicht.")
    make.signal(city.areas[4], text="Hier is ook een speeltuin dicht.")
    for person, ours, theirs in (
        ("member", "Bij ons", "Hier is ook"),
        ("outsider", "Hier is ook", "Bij ons"),
    ):
        for query in ("", "?q=speeltuin"):
            page = as_(person).get("/signalen/" + query).content.decode()
            assert ours in page
            assert theirs not in page
            assert "1 signaal." in page


def test_a_filter_on_an_area_of_others_shows_nothing_of_theirs(city: City, as_: As) -> None:
    make.signal(city.areas[4], text="Hier is een speeltuin dicht.")
    page = as_("member").get(f"/signalen/?area={city.areas[4].pk}").content.decode()
    assert "speeltuin" not in page


def test_a_question_cannot_be_made_from_signals_of_others(city: City, as_: As) -> None:
    foreign = make.signal(city.areas[4])
    as_("member").post(
        "/vragen/nieuw/",
        {
            "signal": foreign.pk,
            "text": "Wij eten graag samen.",
            "theme": "eenzaamheid",
            "areas": [city.areas[0].pk],
        },
    )
    assert not foreign.questions.exists()


def test_a_question_cannot_be_put_in_areas_of_others(city: City, as_: As) -> None:
    given = {"text": "Wij eten graag samen.", "theme": "eenzaamheid", "areas": [city.areas[4].pk]}
    assert as_("member").post("/vragen/nieuw/", given).status_code == 422


def test_a_membership_that_ended_opens_nothing(city: City, as_: As) -> None:
    from schakel_web.network.actions import end_membership  # noqa: PLC0415

    end_membership(membership=city["member"].memberships.get(), by=city["administrator"])
    assert as_("member").get("/signalen/").status_code == 403


def test_only_the_process_owner_and_coordinator_merge_and_split(city: City, as_: As) -> None:
    one = make.question(city.teams[0], city.areas[:1], city["member"])
    other = make.question(city.teams[0], city.areas[:1], city["member"], text="Samen koken")
    given = {"do": "merge", "merge-version": 0, "merge-into": other.pk, "merge-why": "het is hetzelfde"}
    assert as_("member").post(f"/vragen/{one.pk}/", given).status_code == 404
    assert as_("owner").post(f"/vragen/{one.pk}/", given).status_code == 302
    one.refresh_from_db()
    assert one.merged_into == other


def test_the_matrix_shows_every_role_and_permission(as_: As) -> None:
    page = as_("nobody").get("/rechten/").content.decode()
    assert all(str(role.label) in page for role in ROLES.values())
    assert page.count("<tr>") == len(Permission) + 1


def test_a_partner_sees_no_state_of_others(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    actions.ask_along(
        question=question,
        to=city.organisations["Zorg"],
        kind="sparring",
        asked="Denkt u mee?",
        by=city["member"],
    )
    assert "niet steeds alleen" not in as_("partner").get("/meedenken/").content.decode()
    assert "niet steeds alleen" in as_("other_partner").get("/meedenken/").content.decode()


def test_no_browser_keeps_a_page_of_who_is_logged_in_nor_one_behind_a_code_r16(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0], code="7KQM-2XAB-9RTV")
    client = as_("coordinator")
    for address in ("/signalen/", f"/signalen/{signal.pk}/", "/vandaag/", "/signalen/bestand/", "/nergens/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
    for address in ("/mijn-signaal/7KQM-2XAB-9RTV/", "/mijn-signaal/7KQM-2XAB-9RTV/plan/"):
        assert "no-store" in Client().get(address).headers["Cache-Control"], address
    assert "Cache-Control" not in Client().get("/buurt/").headers
