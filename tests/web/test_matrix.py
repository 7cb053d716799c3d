"""The permission matrix is what it says: on its page, at every address, and in everything that a page counts (R17)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from schakel_web.accounts.roles import DESCRIBED, ROLES, Permission
from schakel_web.arrangements.models import Component
from schakel_web.questions.models import Check, Decision, Dismissal, Meeting, Promise, Step
from schakel_web.signals.models import Clarification, Reply, Weighing
from tests.factories import city as make
from tests.factories.city import City
from tests.web.test_access import GUARDED, NAMED, WHO, one_of_each, permission_of

As = Callable[[str], Client]


@pytest.fixture
def objects(city: City) -> dict[str, dict[str, Any]]:
    """One object of team 0 for every address with a number."""
    return one_of_each(city)


#: Permissions that no address asks for as a whole, but a part of a page does; each is tried below for every role.
INSIDE = {Permission.QUESTION_DECIDE}


def cells(page: str) -> Iterator[tuple[str, list[str]]]:
    """Every row of the matrix: what, and yes or no for each role, as it is on the page."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    for row in table.split("<tr>")[1:]:
        what, *yes_or_no = re.findall(r"<t[hd][^>]*>(?:<span[^>]*>)?([^<]*)", row)
        yield unescape(what), yes_or_no


def test_every_cell_of_the_matrix_is_what_the_role_may_r17(as_: As) -> None:
    page = as_("nobody").get(reverse("matrix")).content.decode()
    heads = re.findall(r'<th scope="col">([^<]*)', page)
    assert [unescape(head) for head in heads[1:]] == [str(role.label) for role in ROLES.values()]
    shown = dict(cells(page))
    assert shown == {
        str(DESCRIBED[permission]): [
            "ja" if permission in role.permissions else "nee" for role in ROLES.values()
        ]
        for permission in Permission
    }


def test_every_permission_is_described_and_given_to_a_role_and_denied_to_another_r17() -> None:
    assert set(DESCRIBED) == set(Permission)
    for permission in Permission:
        assert {permission in role.permissions for role in ROLES.values()} == {True, False}, permission


def test_every_permission_opens_an_address_and_every_role_tries_them_all_r17() -> None:
    """Which role opens which address is tried in `test_access`: every address, for each of these people."""
    assert {permission_of(NAMED[name]) for name in GUARDED} == set(Permission) - INSIDE
    assert set(WHO.values()) == set(ROLES)


@pytest.mark.parametrize("person", sorted(WHO))
def test_deciding_about_a_question_is_for_the_roles_that_may_r17(person: str, city: City, as_: As) -> None:
    one, other = (
        make.question(city.teams[0], city.areas[:1], city["member"], text=t) for t in ("Eten", "Koken")
    )
    given = {"do": "merge", "merge-version": 0, "merge-into": other.pk, "merge-why": "het is hetzelfde"}
    status = as_(person).post(reverse("question", kwargs={"pk": one.pk}), given).status_code
    one.refresh_from_db()
    may = Permission.QUESTION_DECIDE in ROLES[WHO[person]].permissions
    assert (status == 302) is may
    assert (one.merged_into == other) is may


#: The same page with something asked of it: search, filters, a map, a file, a count.
ASKED = {
    "signal-list": ("?q=zwaluw", "?area={far}", "?theme=eenzaamheid"), "signal-map": ("?q=zwaluw", "?area={far}"),
    "signal-export": ("?q=zwaluw", "?area={far}"), "question-list": ("?q=zwaluw",), "pattern-list": ("?area={far}",),
    "arrangement-list": ("?q=zwaluw",), "map": ("?q=zwaluw",), "matching": ("?theme=eenzaamheid",),
}  # fmt: skip
#: The log, of which the administrator reads every line; when was searched, which is the same for all; and files that
#: are made anew each time.
OF_EVERYBODY = {
    "audit-list", "audit-export", "audit-review", "pattern-progress", "meeting-pdf", "signal-import-example",
}  # fmt: skip


def pages(client: Client, objects: dict[str, dict[str, Any]], far: int) -> dict[str, str]:
    """What this person gets of every address, without tokens; a refusal is a page as well."""
    found = {}
    for name in GUARDED:
        if name in OF_EVERYBODY:
            continue
        for asked in ("", *ASKED.get(name, ())):
            address = reverse(name, kwargs=objects.get(name)) + asked.format(far=far)
            found[name + asked] = plain(client.get(address))
    found["reading"] = plain(client.post(reverse("signal-reading"), {"text": "Er zijn hier zwaluwen."}))
    return found


def plain(answer: Any) -> str:
    """The text of an answer, without what is new each time: tokens, a clock, when was searched for the last time."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = re.sub(
        r'(csrfmiddlewaretoken" value|name="once" value|nonce|data-clock)="[^"]*"',
        "",
        body.decode("utf-8", "replace"),
    )
    return re.sub(r'<div id="voortgang">.*', "", text)


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """The lines that are new, per page."""
    return {
        name: [line for line in page.splitlines() if line not in before[name].splitlines()]
        for name, page in after.items()
        if page != before[name]
    }


def much_elsewhere(city: City) -> None:
    """A lot of everything in the other team's neighbourhood."""
    team, area, by = city.teams[1], city.areas[4], city["outsider"]
    for n in range(12):
        signal = make.signal(area, text=f"Een zwaluw in de flat, {n}.", people=7, reporter=by, team=team)
        request = make.signal(area, kind="request", text="Een zwaluw gevraagd.", reporter=by, team=team)
        make.waiting(area)
        Clarification.objects.create(signal=request, wish="Een zwaluw zien.")
        Weighing.objects.create(signal=request, route="combination", collective_first=True, by=by)
        Reply.objects.create(signal=signal, text="De zwaluw is gezien.", by=by)
        question = make.question(team, [area], by, text=f"Wij willen een zwaluw, {n}.")
        Step.objects.create(question=question, after="explored", why="zwaluw", by=by)
        Check.objects.create(
            question=question,
            date="2026-01-05",
            how="samen",
            people=4,
            said="zwaluw",
            result="recognised",
            by=by,
        )
        Promise.objects.create(question=question, what="zwaluw bellen", who=by, due="2026-01-05")
        pattern = make.pattern([area])
        Dismissal.objects.create(pattern=make.pattern([area]), reason="known", by=by)
        meeting = Meeting.objects.create(
            team=team, date="2026-01-05", notes="zwaluw", closed="2026-01-05T10:00Z"
        )
        Decision.objects.create(meeting=meeting, pattern=pattern, text="zwaluw", by=by)
        plan = make.arrangement(request, team, by)
        Component.objects.create(arrangement=plan, kind="eigen_inzet", title="zwaluw kijken")


@pytest.mark.parametrize("person", sorted(WHO))
def test_what_happens_in_another_team_changes_nothing_on_anybody_elses_pages_r17(
    person: str, city: City, as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    """Lists, search, suggestions, maps, files and every count: exactly the same as before, for each role."""
    client = as_(person)
    pages(client, objects, city.areas[4].pk)
    before = pages(client, objects, city.areas[4].pk)
    much_elsewhere(city)
    cache.clear()
    after = pages(client, objects, city.areas[4].pk)
    assert differing(before, after) == {}


def test_the_team_itself_sees_it_in_its_lists_search_map_file_and_counts(
    city: City, as_: As, objects: dict[str, dict[str, Any]]
) -> None:
    """So that the test above could fail."""
    client = as_("outsider")
    before = pages(client, objects, city.areas[4].pk)
    much_elsewhere(city)
    after = pages(client, objects, city.areas[4].pk)
    changed = {name for name, page in after.items() if page != before[name]}
    assert changed >= {
        "signal-list", "signal-list?q=zwaluw", "signal-list?area={far}", "signal-map", "signal-map?area={far}",
        "signal-export", "signal-export?q=zwaluw", "question-list", "pattern-list", "arrangement-list", "matching",
        "pyramid", "today", "meeting-board", "signal-mine",
    }  # fmt: skip
