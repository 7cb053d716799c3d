"""The log, what is declared, and what is removed in time (R15, R16, R18)."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils.text import camel_case_to_spaces

from schakel_web.accounts.models import User
from schakel_web.accounts.readers import Zone
from schakel_web.audit import chain
from schakel_web.audit.models import Event, Outcome
from schakel_web.privacy import inventory, packages
from schakel_web.questions import actions
from schakel_web.signals import actions as signal_actions
from schakel_web.signals.models import Signal
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]


def logged(number: int = 5) -> None:
    for k in range(number):
        chain.record(action="test.done", subject="test", by=None, role="system", k=k)


@pytest.mark.django_db
def test_an_untouched_log_is_intact() -> None:
    logged()
    assert list(chain.verify()) == []
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "intact: 5 rows" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE audit_event SET action = 'test.other' WHERE id = (SELECT MIN(id) + 2 FROM audit_event)",
        "UPDATE audit_event SET actor = 9 WHERE id = (SELECT MAX(id) FROM audit_event)",
        "DELETE FROM audit_event WHERE id = (SELECT MIN(id) + 1 FROM audit_event)",
        "DELETE FROM audit_event WHERE id = (SELECT MAX(id) FROM audit_event)",
        "DELETE FROM audit_event WHERE id = (SELECT MIN(id) FROM audit_event)",
    ],
)
def test_whoever_changes_or_removes_a_row_is_found_out(tamper: str) -> None:
    logged()
    with connection.cursor() as cursor:
        cursor.execute(tamper)
    assert list(chain.verify()) != []
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_audit", stderr=StringIO())


@pytest.mark.django_db
def test_rows_are_only_added() -> None:
    logged(1)
    event = Event.objects.get()
    for change in (
        event.save,
        event.delete,
        lambda: Event.objects.update(action="x"),
        lambda: Event.objects.all().delete(),
    ):
        with pytest.raises(TypeError, match="append-only"):
            change()


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["een zin met spaties", "Jansen <b>", "x" * 81, "piet@voorbeeld.nl"])
def test_a_log_line_holds_no_content_r16(content: str) -> None:
    with pytest.raises(ValueError, match="no content"):
        chain.record(action="test.done", subject="test", by=None, said=content)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_logged_does_not_happen(monkeypatch: Any) -> None:
    city = make.city()

    def broken(**kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(signal_actions, "record", broken)
    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        signal_actions.give(
            area=city.areas[0],
            text="Er is weinig te doen.",
            themes=["schulden"],
            people=1,
            source="street",
            by=city["member"],
        )
    assert not Signal.objects.exists()
    pattern = make.pattern(city.areas[:1])
    with pytest.raises(RuntimeError):
        actions.dismiss(pattern=pattern, version=0, reason="known", note="", by=city["member"])
    pattern.refresh_from_db()
    assert (pattern.state, pattern.version) == ("open", 0)


def test_reading_a_signal_and_searching_are_logged_without_what_was_read(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0], text="De lift is kapot.")
    as_("member").get(f"/signalen/{signal.pk}/")
    as_("member").get("/signalen/?q=lift")
    rows = Event.objects.filter(outcome=Outcome.READ)
    assert {row.action for row in rows} == {"signals.read", "signals.search"}
    assert "lift" not in "".join(str(vars(row)) for row in rows)


@pytest.mark.parametrize(
    "address", ["/signalen/", "/signalen/?theme=crisis_suicide", "/signalen/van-buiten/"]
)
def test_reading_a_list_of_signals_is_logged_with_how_many_and_not_which_r16(
    city: City, as_: As, address: str
) -> None:
    make.signal(city.areas[0], theme="crisis_suicide")
    make.waiting(city.areas[0])
    as_("coordinator").get(address)
    row = Event.objects.get(outcome=Outcome.READ)
    assert (row.action, row.facts) == ("signals.search", {"found": 1})


def test_taking_the_minutes_along_is_logged_as_an_export(city: City, as_: As) -> None:
    client = as_("member")
    client.post("/overleg/begin/")
    from schakel_web.questions.models import Meeting  # noqa: PLC0415

    client.get(f"/overleg/{Meeting.objects.get().pk}/pdf/")
    assert Event.objects.filter(outcome=Outcome.EXPORTED, actor=city["member"].pk).count() == 1


def test_a_refusal_is_logged(city: City, as_: As) -> None:
    as_("policy").get("/signalen/")
    row = Event.objects.get(outcome=Outcome.REFUSED)
    assert (row.action, row.actor, row.facts["status"]) == ("signal-list", city["policy"].pk, 403)


def test_the_viewer_filters_and_pages(city: City, as_: As) -> None:
    logged(70)
    client = as_("administrator")
    page = client.get("/beheer/logboek/")
    assert len(page.context["events"]) == 50
    older = client.get(f"/beheer/logboek/?before={page.context['more']}")
    assert len(older.context["events"]) >= 20
    assert len(client.get("/beheer/logboek/?outcome=refused").context["events"]) == 0


def test_every_field_of_every_model_is_declared_personal_or_not_r18() -> None:
    assert {m.__name__: inventory.undeclared(m) for m in inventory.ours() if inventory.undeclared(m)} == {}


def test_everything_that_is_kept_says_what_it_is_for_how_long_where_and_who_reads_it_r18() -> None:
    entries = [*inventory.inventory(), *inventory.of_packages()]
    assert len(entries) > 60
    assert [e.name for e in entries if not (e.purpose and e.kept and e.zone and e.readers)] == []


def test_everything_that_is_kept_has_a_dutch_name() -> None:
    english = {camel_case_to_spaces(str(m._meta.object_name)) for m in inventory.ours()} - {
        "team",
        "arrangement",
    }
    assert [e.name for e in inventory.inventory() if e.name in english] == []


@pytest.mark.django_db
def test_no_table_of_the_database_is_left_out_of_the_inventory_r18() -> None:
    """After every migration, and with the table of the cache: what the application and its packages make."""
    assert inventory.unknown(connection.introspection.table_names()) == set()


@pytest.mark.django_db
def test_nothing_is_declared_that_is_not_there_r18() -> None:
    declared = {t for e in (*inventory.inventory(), *inventory.of_packages()) for t in e.tables}
    assert declared - set(connection.introspection.table_names()) == set()


def test_a_table_that_nobody_declared_is_found_r18() -> None:
    assert inventory.unknown(["signals_signal", "extra_table"]) == {"extra_table"}


@pytest.mark.django_db
def test_personal_columns_of_packages_are_columns_that_are_there_r18() -> None:
    """And what refers to somebody is never forgotten."""
    known = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True)}
    for table in packages.used():
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, table.name)
        columns = {column.name.removesuffix("_id") for column in described}
        assert set(table.personal) <= columns, table.name
        fields = known[table.name]._meta.concrete_fields if table.name in known else ()
        assert {f.name for f in fields if f.related_model is User} <= set(table.personal), table.name


def test_zone_a_knows_people_only_as_who_works_here_r1() -> None:
    """No table about the neighbourhood refers to one of participants; the offer id is the only way across."""
    zone_of = {
        model: getattr(model, "zone", getattr(model._meta.app_config, "zone", None))
        for model in inventory.ours()
    }
    crossing = [
        f"{model.__name__}.{field.name}"
        for model, zone in zone_of.items()
        for field in model._meta.get_fields()
        if zone == Zone.AREA and field.concrete and zone_of.get(field.related_model) == Zone.PARTICIPATION  # type: ignore[arg-type]
    ]
    assert crossing == []


def test_the_inventory_is_a_page_with_what_packages_keep_as_well(as_: As) -> None:
    page = as_("administrator").get("/beheer/gegevens/").content.decode()
    assert all(f"{table.label}"[1:] in page for table in packages.used())
    assert "waar iemand is ingelogd"[1:] in page


def test_nothing_about_signals_has_a_field_for_who_somebody_is_r1_r2() -> None:
    forbidden = {
        "name",
        "address",
        "bsn",
        "birth",
        "diagnosis",
        "score",
        "phone",
        "email",
        "street",
        "postcode",
    }
    for model in (m for m in inventory.ours() if m._meta.app_label in {"signals", "questions"}):
        fields = {f.name for f in model._meta.get_fields()}
        assert not fields & forbidden, model
