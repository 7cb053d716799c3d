"""Every form that adds or changes something can be sent twice: one row, one line in the log, and no wrong reproach."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import schakel_web
from schakel_web.arrangements.models import Arrangement
from schakel_web.audit.models import Event
from schakel_web.network.models import Membership, Sent
from schakel_web.privacy.retention import RULES
from schakel_web.questions.models import Run
from schakel_web.signals.models import Batch, Signal
from schakel_web.signals.receipts import hashed
from schakel_web.socialmap import drafts
from schakel_web.socialmap.mails import token_of
from schakel_web.socialmap.models import Doubt, Provision
from schakel_web.socialmap.tasks import exchange
from tests.factories import city as make
from tests.factories.city import City
from tests.web.test_imports import HEADER, OTHER, ROW
from tests.web.test_invitations import invited
from tests.web.test_network import geojson, square
from tests.web.test_once import TWICE

As = Callable[[str], Client]
Given = tuple[str, str, dict[str, Any], str]  # who, where, what, and the line in the log
CODE = "7KQM-2XAB-9RTV"
REPROACHES = ("Iemand anders", "intussen", "al eerder", "bestaat al", "Deze link werkt niet meer", "0 nieuw")
GUIDE = b"id,name\nextern-1,Eettafel\n"


def request_of(city: City) -> Signal:
    """A help request with a code."""
    return make.signal(city.areas[0], kind="request", text="Ik eet altijd alleen.", code=CODE)


def team(city: City) -> Given:
    given = {"name": "Team Oost", "organisation": city.organisations["Welzijn"].pk, "preset": "one_team:1"}
    return "administrator", "/beheer/teams/nieuw/", given, "network.save_team"


def organisation(city: City) -> Given:
    given = {"name": "Koor De Brug", "kind": "club"}
    return "administrator", "/beheer/organisaties/nieuw/", given, "network.save_organisation"


def role(city: City) -> Given:
    held = Membership.objects.get(user=city["mate"])
    return "administrator", f"/beheer/rollen/{held.pk}/einde/", {}, "network.end_membership"


def account(city: City) -> Given:
    return "administrator", f"/beheer/mensen/{city['mate'].pk}/schakel/", {}, "network.switch_user"


def invitation(city: City) -> Given:
    address = f"/beheer/uitnodigingen/{invited(city).pk}/intrekken/"
    return "administrator", address, {}, "network.withdraw_invitation"


def areas(city: City) -> Given:
    given = {"file": geojson(square("BU03630000", 4.90, 52.37)).read(), "name": "b.geojson", "year": 2026}
    return "administrator", "/beheer/gebieden/", given, "network.keep_division"


def figures(city: City) -> Given:
    file = b"Codering_3;AantalInwoners_5\nBU90010000;1200\n"
    given = {"file": file, "name": "kwb.csv", "year": 2025, "status": "provisional"}
    return "administrator", "/beheer/kerncijfers/", given, "network.keep_figures"


def signals(city: City) -> Given:
    given = {"file": (HEADER + ROW).encode(), "name": "s.csv", "what": "all"}
    return "coordinator", "/signalen/inlezen/", given, "signals.import"


def guide(city: City) -> Given:
    given = {"file": GUIDE, "name": "gids.csv", "what": "all", "new_register": "Gids"}
    return "coordinator", "/kaart/inlezen/", given, "socialmap.prepare"


def draft(city: City) -> Given:
    found = exchange.read(SimpleUploadedFile("gids.csv", GUIDE), mapping=None)
    made = drafts.prepare(found=found, name="gids.csv", by=city["coordinator"], register=None)
    return "coordinator", f"/kaart/inlezen/{made.pk}/", {"do": "apply"}, "socialmap.import"


def columns(city: City) -> Given:
    given = {"name": "Buurtgids", "text": "identifier: [nummer]\ncolumns: {name: titel}"}
    return "coordinator", "/kaart/inlezen/kolommen/", given, "socialmap.mapping"


def confirmed(city: City) -> Given:
    address = f"/kaart/{make.provision(city.areas[0]).pk}/klopt-nog/"
    return "coordinator", address, {"terug": "bijhouden"}, "socialmap.confirm"


def by_mail(city: City) -> Given:
    address = f"/klopt-nog/{token_of(stale(city))}/"
    return "", address, {"klopt": "ja"}, "socialmap.confirm"


def stale(city: City) -> Provision:
    made = make.provision(city.areas[0])
    made.checked = timezone.localdate() - timedelta(days=400)
    made.save()
    return made


def settled(city: City) -> Given:
    said = Doubt.objects.create(provision=make.provision(city.areas[0]), what="times")
    return "coordinator", f"/kaart/meldingen/{said.pk}/", {"how": "right"}, "socialmap.settle"


def moderated(city: City) -> Given:
    kept = make.waiting(city.areas[0])
    given = {"choice": "accept", "seen": kept.wording}
    return "coordinator", f"/signalen/van-buiten/{kept.pk}/", given, "signals.moderate"


def clarified(city: City) -> Given:
    address = f"/signalen/{request_of(city).pk}/verhelderen/"
    return "member", address, {"wish": "Samen eten.", "seen": ""}, "signals.clarify"


def corrected(city: City) -> Given:
    request_of(city)
    return "", f"/mijn-signaal/{CODE}/", {"text": "Ik eet vaak alleen.", "people": 1}, "signals.correct"


def amended(city: City) -> Given:
    request_of(city)
    return "", f"/mijn-signaal/{CODE}/", {"wish": "Samen eten.", "seen": ""}, "signals.clarify"


def repeated(city: City) -> Given:
    make.pattern(city.areas[:1])
    return "coordinator", f"/zoektochten/{Run.objects.get().pk}/opnieuw/", {}, "questions.run"


def send(client: Client, address: str, given: dict[str, Any]) -> Any:
    file = {"file": SimpleUploadedFile(given["name"], given["file"])} if "file" in given else {}
    return client.post(address, given | file)


@pytest.mark.parametrize(
    "form",
    [
        team, organisation, role, account, invitation, areas, figures, signals, guide, draft, columns, confirmed,
        by_mail, settled, moderated, clarified, corrected, amended, repeated,
    ],
    ids=lambda form: form.__name__,
)  # fmt: skip
def test_a_form_that_is_sent_twice_does_its_work_once_and_blames_nobody(
    city: City, as_: As, form: Callable[[City], Given]
) -> None:
    who, address, given, action = form(city)
    client = as_(who) if who else Client()
    before = Event.objects.filter(action=action).count()
    given = given | {"once": str(uuid4())}
    first, second = send(client, address, given), send(client, address, given)
    assert (first.status_code, second.status_code) == (302, 302), first.content.decode()
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(action=action).count() == before + 1
    page = client.get(second.headers["Location"])
    assert page.status_code == 200
    assert TWICE in page.content.decode()
    assert [said for said in REPROACHES if said in page.content.decode()] == []


def test_somebody_who_is_switched_off_by_two_clicks_is_off(city: City, as_: As) -> None:
    who, address, _given, _action = account(city)
    for _n in "ab":
        as_(who).post(address, {"once": "5f0c7f0e-3c3c-4c3f-8f0f-0123456789ab"})
    city["mate"].refresh_from_db()
    assert not city["mate"].is_active


def test_another_file_in_the_same_form_is_another_form(city: City, as_: As) -> None:
    """Back in the browser, and another file chosen under the same name."""
    client, number = as_("coordinator"), str(uuid4())
    for rows in (ROW, OTHER, OTHER):
        given = {"file": (HEADER + rows).encode(), "name": "s.csv", "what": "all", "once": number}
        send(client, "/signalen/inlezen/", given)
    assert (Signal.objects.count(), Batch.objects.count()) == (2, 2)


def test_a_file_that_was_only_looked_at_is_brought_in_by_the_same_form(city: City, as_: As) -> None:
    client, number = as_("coordinator"), str(uuid4())
    for what in ("look", "look", "all"):
        given = {"file": (HEADER + ROW).encode(), "name": "s.csv", "what": what, "once": number}
        send(client, "/signalen/inlezen/", given)
    assert Signal.objects.count() == 1


def test_a_code_of_a_resident_is_kept_nowhere(city: City) -> None:
    """The number of a form remembers where it went; here that is the page with the code."""
    _who, address, given, _action = corrected(city)
    Client().post(address, given | {"once": str(uuid4())})
    assert [sent.to for sent in Sent.objects.all()] == [""]


def test_who_withdraws_twice_reads_twice_that_it_is_withdrawn(city: City) -> None:
    request_of(city)
    pages = [Client().post(f"/mijn-signaal/{CODE}/intrekken/") for _n in "ab"]
    assert [page.status_code for page in pages] == [200, 200]
    assert all("Uw signaal is ingetrokken" in page.content.decode() for page in pages)
    assert Event.objects.filter(action="signals.withdraw").count() == 1
    assert Client().get(f"/mijn-signaal/{CODE}/").status_code == 404


def test_who_withdraws_a_plan_twice_withdraws_no_other_plan(city: City) -> None:
    asked = request_of(city)
    old = make.arrangement(asked, city.teams[0], city["member"])
    Arrangement.objects.filter(pk=old.pk).update(state="finished")
    new = make.arrangement(asked, city.teams[0], city["member"])
    assert new.pk != old.pk
    given = {"do": "withdraw", "plan": new.pk}
    pages = [Client().post(f"/mijn-signaal/{CODE}/plan/", given) for _n in "ab"]
    assert [page.status_code for page in pages] == [200, 200]
    assert Event.objects.filter(action="arrangements.withdraw").count() == 1
    assert Arrangement.objects.get(pk=old.pk).state == "finished"


def test_a_plan_of_somebody_else_is_not_withdrawn_with_a_code(city: City) -> None:
    other = make.arrangement(make.signal(city.areas[1], kind="request"), city.teams[0], city["member"])
    Signal.objects.filter(pk=request_of(city).pk).update(receipt=hashed(CODE))
    Client().post(f"/mijn-signaal/{CODE}/plan/", {"do": "withdraw", "plan": other.pk})
    assert Arrangement.objects.get(pk=other.pk).state != "withdrawn"


def test_removing_twice_says_the_second_time_that_nothing_is_left(
    city: City, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_("administrator")
    monkeypatch.setattr("schakel_web.privacy.retention.RULES", {"sent": RULES["sent"]})
    page = client.post("/beheer/bewaren/", follow=True).content.decode()
    assert "Er is niets meer dat nu weg moet." in page
    assert "Verwijderd: 0" not in page


#: Forms without a number, each with why sending them twice does no harm.
HARMLESS = {
    "arrangements/list.html": "the arrangement that is going on goes on",
    "arrangements/suggestion.html": "the same suggestion again",
    "audit/review.html": "two true lines in the log; the room knows no forms of others",
    "network/invitation.html": "the link works once, and says how to log in",
    "network/people.html": "a mail goes outside a transaction; the second is told that it went",
    "network/profile.html": "the same team again",
    "privacy/retention.html": "the second time nothing is left",
    "public/code.html": "only opens a page",
    "public/give.html": "a signal has a number of its own",
    "public/plan.html": "names the plan that is withdrawn",
    "public/receipt.html": "withdrawing says the same again",
    "questions/board.html": "the meeting that is on goes on; a promise is kept once",
    "questions/pattern.html": "only opens a form",
    "questions/progress.html": "one run at a time; stopping again stops nothing more",
    "questions/question.html": "a promise is kept once",
    "signals/new.html": "a signal has a number of its own",
    "signals/signal.html": "only opens a form; the arrangement that is going on goes on",
    "socialmap/coverage.html": "one calculation at a time",
    "socialmap/draft.html": "the same choice again",
    "socialmap/provision.html": "a task is finished once",
    "socialmap/upkeep.html": "the same answer again",
    "ui/base.html": "logging out, and another language",
}


def test_every_form_has_a_number_or_a_reason_why_not() -> None:
    """Those of the login library keep themselves."""
    root = Path(schakel_web.__file__).parent
    without, every = set(), 0
    for path in root.glob("*/templates/**/*.html"):
        name = path.relative_to(path.parents[1]).as_posix()
        if {"account", "mfa", "usersessions", "socialaccount"} & set(path.parts):
            continue
        marks = re.findall(r"{% csrf_token %}({% once %})?", path.read_text(encoding="utf-8"))
        every += len(marks)
        if "" in marks:
            without.add(name)
    assert every > 60
    assert without == set(HARMLESS)
