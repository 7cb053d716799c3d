"""What somebody typed is still there when a session ended, or when somebody else was first (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from schakel_web.network.models import Membership, Team
from schakel_web.questions.models import Meeting, Promise
from schakel_web.signals.models import Signal, Weighing
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
TEXT = "Veel ouderen eten hier alleen."


def shown(page: Any) -> str:
    return unescape(page.content.decode())


def test_a_form_that_comes_after_the_session_ended_is_shown_and_not_thrown_away(city: City) -> None:
    page = Client().post("/signaal/nieuw/", {"text": TEXT, "password": "een geheim van mij"})
    assert page.status_code == 403
    assert "U bent uitgelogd" in shown(page)
    assert TEXT in shown(page)
    assert "een geheim" not in shown(page)


def test_what_another_site_sends_without_a_session_is_not_repeated(city: City) -> None:
    page = Client(headers={"Sec-Fetch-Site": "cross-site"}).post("/signaal/nieuw/", {"text": TEXT})
    assert TEXT not in shown(page)


def test_a_page_without_a_session_still_goes_to_the_login(city: City) -> None:
    page = Client().get("/signaal/nieuw/")
    assert page.status_code == 302
    assert page["Location"].startswith("/account/")


def test_of_two_people_who_weigh_one_request_the_second_is_told(city: City, as_: As) -> None:
    request = make.signal(city.areas[0], kind="request")
    first, second = as_("member"), as_("coordinator")
    for client, route in ((first, "individual"), (second, "combination")):
        page = client.post(
            f"/signalen/{request.pk}/afwegen/", {"route": route, "reason": "Het moest vandaag.", "seen": ""}
        )
    assert "Iemand anders heeft dit net veranderd" in shown(page)
    assert "Het moest vandaag." in shown(page)
    assert [w.route for w in Weighing.objects.all()] == ["individual"]


def test_of_two_administrators_who_change_one_team_the_second_is_told(city: City, as_: As) -> None:
    team = city.teams[0]
    client = as_("administrator")
    page = client.get(f"/beheer/teams/{team.pk}/")
    fields = {
        **page.context["form"].initial,
        "areas": [a.pk for a in team.areas.all()],
        "seen": page.context["seen"],
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    assert client.post(f"/beheer/teams/{team.pk}/", fields | {"name": "Team Noord"}).status_code == 302
    late = client.post(f"/beheer/teams/{team.pk}/", fields | {"name": "Team Zuid"})
    assert "Iemand anders heeft dit net veranderd" in shown(late)
    assert "Team Zuid" in shown(late)
    assert Team.objects.get(pk=team.pk).name == "Team Noord"


def test_the_last_administrator_keeps_the_role(city: City, as_: As) -> None:
    role = Membership.objects.get(role="administrator")
    page = as_("administrator").post(f"/beheer/rollen/{role.pk}/einde/", follow=True)
    assert "Dit is de laatste beheerder" in shown(page)
    assert Membership.objects.today().filter(role="administrator").exists()
    make.user("second", "administrator")
    as_("administrator").post(f"/beheer/rollen/{role.pk}/einde/")
    assert not Membership.objects.today().filter(pk=role.pk).exists()


def test_a_long_decision_is_a_promise_as_long_and_never_for_a_day_that_is_over(city: City, as_: As) -> None:
    question = make.question(city.teams[0], city.areas[:1], city["member"])
    Meeting.objects.create(team=city.teams[0], date=timezone.localdate(), by=city["coordinator"])
    text = "Wij bellen de woningbouw. " * 18
    today = timezone.localdate()
    about = {"kind": "question", "number": question.pk, "text": text.strip(), "who": city["member"].pk}
    late = as_("coordinator").post("/overleg/besluit/", about | {"due": today - timedelta(days=1)})
    assert late.status_code == 422
    assert "Kies vandaag of een dag die nog komt." in shown(late)
    as_("coordinator").post("/overleg/besluit/", about | {"due": today})
    assert Promise.objects.get().what == text.strip()


def test_a_text_that_went_because_it_is_old_is_said_to_be_gone_and_cannot_be_corrected_r14_r15(
    city: City,
) -> None:
    code = "2222-3333-4444"
    kept = make.signal(city.areas[0], code=code, text="")
    Signal.objects.filter(pk=kept.pk).update(text_removed=timezone.now())
    page = Client().get(f"/mijn-signaal/{code}/")
    assert "Uw tekst hebben wij weggehaald" in shown(page)
    assert "Verbetering bewaren" not in shown(page)
    again = Client().post(f"/mijn-signaal/{code}/", {"text": "Toch nog iets.", "people": 2})
    assert again.status_code == 200
    kept.refresh_from_db()
    assert kept.text == ""
