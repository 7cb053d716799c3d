"""The resident directs the plan: reading, agreeing, taking it back; and what of it is kept (S107, S119; R14, R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schakel_web.arrangements import actions, tasks
from schakel_web.arrangements.models import Arrangement, Choice, Component, Remark, Scaling, State
from schakel_web.audit.models import Event
from schakel_web.network.versions import ConflictError
from schakel_web.privacy import retention
from schakel_web.signals import actions as signal_actions
from schakel_web.signals.receipts import new_code
from schakel_web.socialmap.models import Provision
from tests.factories import city as make
from tests.factories.city import City
from tests.factories.plans import accepted, refreshed, suggested

As = Callable[[str], Client]


def test_the_resident_reads_comments_and_agrees_with_the_code_s107(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Component.objects.create(
        arrangement=plan, kind="eigen_inzet", title="Elke dag een blokje om", goal="Fitter worden."
    )
    client = Client()
    assert "Lees uw plan" in client.get(f"/mijn-signaal/{code}/").content.decode()
    page = client.get(f"/mijn-signaal/{code}/plan/").content.decode()
    assert "Elke dag een blokje om" in page
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "remark", "opmerking-text": "Liever in de ochtend."})
    assert Remark.objects.get().resident
    assert "Liever in de ochtend." in as_("member").get(f"/arrangementen/{plan.pk}/").content.decode()
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 0})
    assert refreshed(plan).state == State.AGREED
    assert Event.objects.filter(action="arrangements.agree", role="resident").exists()


def test_nobody_else_agrees_and_without_agreement_it_does_not_begin_s107(
    city: City, as_: As, plan: Arrangement
) -> None:
    client = as_("member")
    given = {"do": "move", "stand-version": 0, "stand-to": "running"}
    page = client.post(f"/arrangementen/{plan.pk}/", given, follow=True).content.decode()
    assert "nog niet eens" in page
    assert refreshed(plan).state == State.DRAFT
    actions.agree(arrangement=plan, version=refreshed(plan).version)
    client.post(f"/arrangementen/{plan.pk}/", given | {"stand-version": refreshed(plan).version})
    assert refreshed(plan).state == State.RUNNING


def test_what_changes_after_the_resident_agreed_is_asked_again(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.agree(arrangement=plan, version=0)
    actions.add_part(arrangement=plan, version=1, kind="eigen_inzet", title="Koken", by=city["member"])
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.DRAFT, None)
    page = (
        Client()
        .post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 0}, follow=True)
        .content.decode()
    )
    assert "net veranderd" in page
    assert refreshed(plan).state == State.DRAFT


def test_the_resident_withdraws_the_plan_and_all_words_go_r14(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Component.objects.create(arrangement=plan, kind="eigen_inzet", title="Koken")
    client = Client()
    client.post(f"/mijn-signaal/{code}/plan/", {"do": "withdraw", "plan": plan.pk})
    assert not Component.objects.exists()
    assert (refreshed(plan).goal, refreshed(plan).needs, refreshed(plan).state) == ("", [], State.WITHDRAWN)
    assert as_("member").get(f"/arrangementen/{plan.pk}/").status_code == 404
    assert client.get(f"/mijn-signaal/{code}/plan/").status_code == 404
    assert client.get(f"/mijn-signaal/{code}/").status_code == 200


def test_a_page_that_does_not_say_which_plan_withdraws_none_and_says_so_r14(
    city: City, plan: Arrangement, code: str
) -> None:
    answer = Client().post(f"/mijn-signaal/{code}/plan/", {"do": "withdraw"}, follow=True)
    assert "Uw plan is niet ingetrokken. Druk nog een keer op de knop." in answer.content.decode()
    assert refreshed(plan).state != State.WITHDRAWN


def test_withdrawing_the_request_takes_the_plan_along_r14(
    city: City, as_: As, plan: Arrangement, code: str
) -> None:
    Client().post(f"/mijn-signaal/{code}/intrekken/")
    assert refreshed(plan).goal == ""
    assert as_("member").get("/arrangementen/").context["arrangements"].count() == 0


def test_a_request_that_was_withdrawn_hides_its_plan_whoever_withdrew_it(
    city: City, as_: As, plan: Arrangement
) -> None:
    signal_actions.withdraw(signal=plan.request, by=None)
    assert as_("member").get(f"/arrangementen/{plan.pk}/").status_code == 404


def test_the_plan_on_paper_speaks_to_the_resident_and_says_when_where_and_what_it_costs(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    accepted(plan, city["member"])
    page = as_("member").get(f"/arrangementen/{plan.pk}/afdrukken/").content.decode()
    for words in (
        "Wat u wilt bereiken",
        "Elke dinsdag van 18.00 tot 20.00 uur",
        "€ 4,00 per keer",
        "altijd iets veranderen",
    ):
        assert words in page
    assert Event.objects.filter(action="arrangements.print", outcome="exported").exists()


def test_the_list_shows_those_of_the_own_team_only(city: City, as_: As, plan: Arrangement) -> None:
    assert "aan tafel zitten" in as_("member").get("/arrangementen/").content.decode()
    assert "aan tafel zitten" not in as_("outsider").get("/arrangementen/").content.decode()


# --- where the team points to, and what is kept


def test_the_other_mode_of_the_chart_counts_what_the_team_points_to_s119(
    city: City, as_: As, plan: Arrangement
) -> None:
    suggested(plan, city["member"])
    accepted(plan, city["member"])
    actions.add_part(arrangement=plan, version=1, kind="eigen_inzet", title="Koken", by=city["member"])
    page = as_("member").get("/kaart/verwezen/")
    assert page.context["quadrants"] == {"informal_collective": 2}
    assert page.context["own"] == 1
    assert as_("outsider").get("/kaart/verwezen/").context["total"] == 0


def test_words_go_after_eighteen_months_and_what_pointed_where_stays_r15(
    city: City, plan: Arrangement
) -> None:
    offer = next(iter(tasks.offers(plan)))
    actions.add_offer(arrangement=plan, version=0, provision=offer, by=city["member"])
    actions.remark(arrangement=plan, text="Fijn zo.", by=None)
    Arrangement.objects.update(changed=timezone.now() - timedelta(days=600))
    retention.run(by=None)
    assert (refreshed(plan).goal, refreshed(plan).needs) == ("", [])
    assert Component.objects.get().provision == offer
    assert not Remark.objects.exists()
    assert retention.run(by=None) == []


def test_a_plan_opens_with_its_code_also_after_the_secret_key_was_renewed(city: City, settings: Any) -> None:
    code = new_code()
    request = make.signal(city.areas[0], kind="request", code=code)
    make.arrangement(request, city.teams[0], city["member"])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "een nieuwe sleutel " * 3
    assert Client().get(f"/mijn-signaal/{code}/plan/").status_code == 200


def test_a_form_that_was_open_writes_nothing_in_a_plan_that_was_taken_back_r14(city: City) -> None:
    plan = make.arrangement(make.signal(city.areas[0], kind="request"), city.teams[0], city["member"])
    actions.withdraw(arrangement=plan)
    with pytest.raises(ConflictError):
        actions.set_frame(
            arrangement=plan, version=plan.version, by=city["member"], goal="Weer buiten komen."
        )
    plan.refresh_from_db()
    assert plan.goal == ""


def test_a_plan_that_goes_back_and_changes_does_not_begin_on_the_old_agreement_s107(
    city: City, plan: Arrangement
) -> None:
    by = city["member"]
    actions.agree(arrangement=plan, version=0)
    actions.move(arrangement=refreshed(plan), version=1, to=State.DRAFT, by=by)
    actions.add_part(
        arrangement=plan, version=2, kind="individuele_ondersteuning", title="Begeleiding", by=by
    )
    with pytest.raises(ValueError, match="agree"):
        actions.move(arrangement=refreshed(plan), version=3, to=State.RUNNING, by=by)
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.DRAFT, None)


def test_what_changes_in_a_plan_that_runs_is_asked_again_and_it_keeps_running_s107(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.agree(arrangement=plan, version=0)
    actions.move(arrangement=refreshed(plan), version=1, to=State.RUNNING, by=city["member"])
    actions.add_part(arrangement=plan, version=2, kind="eigen_inzet", title="Koken", by=city["member"])
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.RUNNING, None)
    assert "Ik ben het eens" in Client().get(f"/mijn-signaal/{code}/plan/").content.decode()
    actions.agree(arrangement=plan, version=3)
    assert refreshed(plan).state == State.RUNNING
    assert refreshed(plan).agreed


def test_a_plan_that_is_over_does_not_come_back_by_agreeing_with_it(
    city: City, plan: Arrangement, code: str
) -> None:
    actions.move(arrangement=plan, version=0, to=State.ENDED, by=city["member"])
    Client().post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": 1})
    assert (refreshed(plan).state, refreshed(plan).agreed) == (State.ENDED, None)


def test_an_old_plan_does_not_begin_again_beside_a_new_one_and_it_is_said_why(
    city: City, as_: As, plan: Arrangement
) -> None:
    actions.move(arrangement=plan, version=0, to=State.ENDED, by=city["member"])
    actions.begin(request=plan.request, team=plan.team, by=city["member"])
    given = {"do": "move", "stand-version": 1, "stand-to": "draft"}
    page = as_("member").post(f"/arrangementen/{plan.pk}/", given, follow=True).content.decode()
    assert "al een ander plan" in page
    assert refreshed(plan).state == State.ENDED


def test_nothing_is_written_in_a_plan_that_was_taken_back_just_now_r14(
    city: City, plan: Arrangement, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, late = city["member"], refreshed(plan)
    kept = actions.add_part(arrangement=plan, version=0, kind="eigen_inzet", title="Koken", by=by)
    composed = tasks.compose_for

    def slowly(arrangement: Arrangement) -> dict[str, Any]:
        found = composed(arrangement)
        actions.withdraw(arrangement=arrangement)
        return found

    monkeypatch.setattr(tasks, "compose_for", slowly)
    writes: list[Callable[[], object]] = [
        lambda: actions.suggest(arrangement=late, by=by),
        lambda: actions.remark(arrangement=late, text="Liever later.", by=None),
        lambda: actions.scale(arrangement=late, direction="down", reason="Het gaat goed.", by=by),
        lambda: actions.reject(arrangement=late, provision=None, title="alles", reason="Te ver.", by=by),
        lambda: actions.follow_part(component=kept, outcome="", outcome_text="Fijn.", handed=None, by=by),
        lambda: actions.add_part(arrangement=late, version=1, kind="eigen_inzet", title="Koken", by=by),
    ]
    for write in writes:
        with pytest.raises(ConflictError):
            write()
    assert refreshed(plan).suggestion == {}
    assert not [rows for rows in (Component, Remark, Scaling, Choice) if rows.objects.exists()]


@pytest.mark.parametrize("given", ["²", "9" * 5000, "9" * 25, "-1", ""])
def test_a_number_that_is_none_changes_nothing_and_is_no_error_of_ours(
    city: City, as_: As, plan: Arrangement, code: str, given: str
) -> None:
    suggested(plan, city["member"])
    client, provision = as_("member"), Provision.objects.first()
    assert provision is not None
    page = f"/arrangementen/{plan.pk}"
    for part in ({"number": given, "version": 0}, {"number": 0, "version": given}):
        assert client.post(f"{page}/overnemen/", part).status_code == 302
    assert client.post(f"{page}/aanbod/", {"provision": given, "version": 0}).status_code == 404
    assert client.post(f"{page}/aanbod/", {"provision": provision.pk, "version": given}).status_code == 302
    agreed = Client().post(f"/mijn-signaal/{code}/plan/", {"do": "agree", "version": given})
    assert agreed.status_code == 302
    assert (refreshed(plan).version, refreshed(plan).state) == (0, State.DRAFT)
    assert not plan.components.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("minutes", 0, "minuut"), ("minutes", 2000, "dag"), ("hours", 1e308, "168"), ("hours", 169, "168")],
)
def test_a_part_that_lasts_no_time_or_more_than_there_is_stays_in_the_form(
    as_: As, plan: Arrangement, field: str, value: float, said: str
) -> None:
    given = {
        "do": "part", "deel-version": 0, "deel-kind": "individuele_ondersteuning", "deel-title": "Begeleiding",
        "deel-day": 1, "deel-begin_at": "10:00", "deel-minutes": 60, "deel-hours": 2, f"deel-{field}": value,
    }  # fmt: skip
    answer = as_("member").post(f"/arrangementen/{plan.pk}/", given)
    assert answer.status_code == 422
    assert said in str(answer.context["forms"]["part"].errors[field])
    assert not plan.components.exists()
