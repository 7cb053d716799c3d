"""The log: nobody cuts, copies or reorders it unseen, every write is in it, and it leaves in a national shape (R16)."""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test import Client

import schakel_web
from schakel_web.audit import chain
from schakel_web.audit.export import line
from schakel_web.audit.models import Event, Head, Outcome
from tests.factories import city as make
from tests.factories.city import City

As = Callable[[str], Client]
ROOMS = Path(schakel_web.__file__).parent


def logged(number: int = 6) -> list[Event]:
    for k in range(number):
        chain.record(action="test.done", subject="test", by=None, role="system", k=k)
    return list(Event.objects.order_by("pk"))


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.mark.django_db
def test_who_cuts_off_the_end_and_makes_the_kept_end_fit_is_found_out() -> None:
    """All rights on the database are not enough: the ends carry a seal as well."""
    rows = logged()
    sql("DELETE FROM audit_event WHERE id > %s", rows[3].pk)
    sql("UPDATE audit_head SET last = %s, length = 4", rows[3].seal)
    assert list(chain.verify()) == ["The ends that were kept of the log were changed."]


@pytest.mark.django_db
def test_who_puts_an_old_end_back_is_found_out_by_a_seal_that_was_kept_elsewhere() -> None:
    early = logged(4)[-1].seal
    old = Head.objects.values().get()
    late = logged(3)[-1].seal
    sql("DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event ORDER BY id DESC LIMIT 3)")
    sql("UPDATE audit_head SET last = %s, length = %s, seal = %s", old["last"], old["length"], old["seal"])
    assert list(chain.verify()) == []
    call_command("verify_audit", anchor=early, stdout=StringIO())
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_audit", anchor=late, stderr=StringIO())


@pytest.mark.django_db
def test_two_rows_that_change_places_are_found_out() -> None:
    rows = logged()
    for column in ("at", "facts", "seal"):
        sql(
            f"UPDATE audit_event SET {column} = CASE id WHEN %s THEN (SELECT {column} FROM audit_event WHERE id = %s) "
            f"ELSE (SELECT {column} FROM audit_event WHERE id = %s) END WHERE id IN (%s, %s)",
            rows[1].pk, rows[2].pk, rows[1].pk, rows[1].pk, rows[2].pk,
        )  # fmt: skip
    assert len(list(chain.verify())) >= 2


@pytest.mark.django_db
def test_a_row_that_was_put_in_between_or_at_the_end_is_found_out() -> None:
    copied = logged()[2]
    copied.pk = None
    copied.save()
    assert list(chain.verify()) != []


@pytest.mark.django_db
def test_losing_the_ends_altogether_is_said() -> None:
    logged()
    sql("DELETE FROM audit_head")
    assert list(chain.verify()) == ["The ends of the log are gone."]


@pytest.mark.django_db
def test_rows_that_are_added_while_somebody_checks_are_no_fault(monkeypatch: Any) -> None:
    logged()
    read = Head.fits

    def and_meanwhile(head: Head) -> bool:
        logged(2)
        return read(head)

    monkeypatch.setattr(Head, "fits", and_meanwhile)
    assert list(chain.verify()) == []


@pytest.mark.django_db
def test_the_log_stays_intact_when_the_secret_is_renewed_and_not_without_the_old_one(settings: Any) -> None:
    logged()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another long random text that is more than forty characters"
    logged(2)
    assert list(chain.verify()) == []
    settings.SECRET_KEY_FALLBACKS = []
    assert list(chain.verify()) != []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_still_make_one_chain() -> None:
    """Eight at a time, each twelve lines, on a database with more than one writer."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one writer; this is tried on PostgreSQL")
    faults: list[Exception] = []

    def write() -> None:
        try:
            for k in range(12):
                chain.record(action="test.done", subject="test", by=None, role="system", k=k)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Event.objects.count() == Head.objects.get().length == 96
    assert list(chain.verify()) == []


#: Writes of which the line is made elsewhere, or that are none of anybody's business, each with the reason.
ELSEWHERE = {
    "network.choose_team": "which of the own teams somebody looks at",
    "questions.link": "a part of opening and adding to a question, which have a line",
    "questions.say_back": "its line is that of signals.reply",
    "questions.begin": "the machine takes up a run that somebody asked for, which has a line",
    "questions.beat": "progress of such a run, every two seconds",
    "questions.stopped": "that somebody asked to stop has a line",
    "questions.failed": "a run of which nothing is kept",
}
#: Actions that name nobody, each with who it is.
NOBODY = {
    "network.accept": "whoever was invited",
    "arrangements.agree": "the resident, with a code",
    "arrangements.withdraw": "the resident, with a code",
    "questions.rescue": "the machine",
    "questions.keep": "the machine",
}
_WRITES = {
    ".save", ".create", ".bulk_create", ".update", ".delete", ".update_or_create", ".get_or_create", ".add", ".set",
    ".remove",
}  # fmt: skip


def writers() -> Iterator[tuple[str, ast.FunctionDef, set[str]]]:
    """Every public function of every room's actions, with the names of what it calls, also by way of helpers."""
    for path in sorted([*ROOMS.glob("*/actions.py"), *ROOMS.glob("*/runs.py"), *ROOMS.glob("*/results.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, node in functions.items():
            if not name.startswith("_"):
                yield f"{path.parent.name}.{name}", node, _called(node, functions, set())


def _called(node: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: set[str]) -> set[str]:
    found = set()
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else f".{getattr(call.func, 'attr', '')}"
        found.add(name)
        if name in functions and name not in seen:
            found |= _called(functions[name], functions, seen | {name})
    return found


def test_every_action_that_writes_writes_a_line_in_the_same_function() -> None:
    found = list(writers())
    assert len(found) > 30
    silent = [
        name
        for name, _, called in found
        if called & _WRITES and "record" not in called and name not in ELSEWHERE
    ]
    assert silent == []


def test_every_action_takes_its_arguments_by_name_and_names_who_did_it() -> None:
    nameless = [
        name
        for name, node, called in writers()
        if "record" in called
        and (node.args.args or not {"by", "user"} & {a.arg for a in node.args.kwonlyargs})
    ]
    assert sorted(set(nameless) - set(NOBODY)) == []


def test_a_row_leaves_in_the_shape_of_the_national_standard(city: City, as_: As) -> None:
    """Fields and types of *Logboek Dataverwerkingen* (Logius): 16 and 8 bytes, milliseconds, codes, attributes."""
    signal = make.signal(city.areas[0], text="De lift is kapot.")
    as_("member").get(f"/signalen/{signal.pk}/")
    as_("member").get("/beheer/logboek/")
    answer = as_("administrator").get("/beheer/logboek/uitvoer/?actor=" + str(city["member"].pk))
    assert answer["Content-Type"] == "application/x-ndjson"
    got = [json.loads(each) for each in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]
    assert [(row["name"], row["status_code"]) for row in got] == [("audit-list", 2), ("signals.read", 1)]
    for row in got:
        assert (len(bytes.fromhex(row["trace_id"])), len(bytes.fromhex(row["span_id"]))) == (16, 8)
        assert row["start_time"] == row["end_time"] > 1_700_000_000_000
        assert row["attributes"]["dpl.core.processing_activity_id"].startswith("http")
        assert row["attributes"]["dpl.schakel.user"] == city["member"].pk
    assert "lift" not in json.dumps(got)
    assert Event.objects.filter(action="audit.export", outcome=Outcome.EXPORTED, facts__number=2).exists()


@pytest.mark.django_db
def test_a_row_is_the_same_record_at_every_export() -> None:
    row = logged(1)[0]
    assert line(row) == line(Event.objects.get())


def test_looking_in_the_log_is_in_the_log(city: City, as_: As) -> None:
    as_("administrator").get("/beheer/logboek/")
    assert (
        Event.objects.filter(
            action="audit.read", actor=city["administrator"].pk, outcome=Outcome.READ
        ).count()
        == 1
    )


@pytest.mark.parametrize(
    "query", ["until=2026-02-31", "actor=²", "actor=99999999999999999999999", "before=x", "since=soon"]
)
def test_a_filter_that_cannot_be_is_no_error(query: str, city: City, as_: As) -> None:
    assert as_("administrator").get(f"/beheer/logboek/?{query}").status_code == 200
