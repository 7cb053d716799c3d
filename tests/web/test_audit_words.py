"""Who reads the log reads plain words, and whoever takes it along as a file gets the codes (R16)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation

import schakel_web
from schakel_web.audit import chain, words
from schakel_web.audit.logins import listened
from schakel_web.audit.models import Event
from tests.factories import city as make
from tests.factories.city import City
from tests.web.test_access import NAMED

As = Callable[[str], Client]
ROOMS = Path(schakel_web.__file__).parent
LOG = "/beheer/logboek/"
GONE = "niet meer kent"
#: Where the action of a line is no literal: a listener to the login library, and the name of a page that was refused.
FOUND_OUT = {"audit/logins.py", "audit/middleware.py"}


def given(name: str) -> Iterator[tuple[str, str | None]]:
    """Every value of an argument of `record` in the source, with the file; None where it is no literal."""
    for path in sorted(ROOMS.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in {"record", "chain.record"}:
                value = next(each.value for each in call.keywords if each.arg == name)
                text = value.value if isinstance(value, ast.Constant) else None
                yield path.relative_to(ROOMS).as_posix(), text if isinstance(text, str) else None


def logged() -> dict[str, str]:
    """Every action that has words, with the room that says them."""
    return {code: room.label for room in apps.get_app_configs() for code in getattr(room, "logged", {})}


def cells(page: str) -> str:
    return re.sub(r' data-label="[^"]*"', "", unescape(page[page.index("<tbody>") : page.index("</tbody>")]))


def choices(page: str, name: str) -> list[tuple[str, str]]:
    """Values and words of a list to choose from, without the first: everything."""
    select = page[page.index(f'<select class="utrecht-select" id="{name}"') :]
    found = re.findall(r'<option value="([^"]*)"(?: selected)?>([^<]*)', select[: select.index("</select>")])
    return [(value, unescape(said)) for value, said in found[1:]]


def test_every_action_that_is_recorded_has_words_in_its_own_room_and_no_words_are_for_nothing() -> None:
    literal = {code for _file, code in given("action") if code}
    assert len(literal) > 80
    recorded = literal | set(listened())
    assert logged() == {
        code: {"account": "accounts"}.get(code.split(".")[0], code.split(".")[0]) for code in recorded
    }


def test_an_action_is_a_literal_where_it_is_recorded_so_that_the_test_above_sees_it() -> None:
    assert {file for file, code in given("action") if code is None} == FOUND_OUT


def test_no_two_actions_are_called_the_same() -> None:
    said = [each for _room, choice in words.actions() for _code, each in choice]
    assert len(said) == len(set(said)) == len(logged())


def test_every_record_that_a_line_is_about_has_words() -> None:
    literal = {code for _file, code in given("subject") if code} | {chain.CHAIN, chain.REVIEW}
    models = {model._meta.label for model in apps.get_models() if model.__module__.startswith("schakel_web.")}
    assert len(literal) > 8
    assert [record for record in literal | models if GONE in words.kind(record)] == []


def test_every_page_that_can_be_refused_is_said_by_what_one_does_there_and_where_it_is() -> None:
    said = {name: words.action(name) for name in NAMED}
    assert [name for name, each in said.items() if not each.startswith("bladzijde gevraagd: ")] == []
    assert said["signal-weigh"] == (
        "bladzijde gevraagd: een hulpvraag verhelderen en de afweging maken (/signalen/…/afwegen/)"
    )
    assert said["choose-team"] == "bladzijde gevraagd: /ik/team/"
    assert words.action("account_confirm_email") == "bladzijde gevraagd: /account/…"


def test_a_line_of_long_ago_says_that_schakel_does_not_do_that_any_more() -> None:
    assert words.action("signals.fax") == "iets dat Schakel niet meer kent: signals.fax"
    assert words.kind("signals.Fax") == "iets dat Schakel niet meer kent: signals.Fax"


def test_an_administrator_reads_words_and_no_codes(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0])
    as_("member").get(f"/signalen/{signal.pk}/")
    as_("policy").get("/signalen/")
    client = as_("administrator")
    client.post(f"{LOG}maand/", {"do": "verify"})
    client.get(LOG)
    page = client.get(LOG).content.decode()
    for said in (
        f"<td>Signaal bekeken</td><td>Signaal {signal.pk}</td>",
        "<td>Bladzijde gevraagd: signalen en hulpvragen lezen en zoeken (/signalen/)</td><td>Bladzijde </td>",
        "<td>Nagegaan of het logboek heel is</td><td>Het logboek als geheel </td>",
        "<td>Logboek bekeken</td><td>Regel in het logboek </td>",
    ):
        assert said in cells(page)
    assert re.findall(r">[\w-]+\.\w+", cells(page)) == []


def test_what_one_looks_for_is_chosen_in_words(city: City, as_: As) -> None:
    chain.record(action="network.invite", subject="network.Invitation", by=None, role="system")
    chain.record(action="signals.reply", subject="signals.Reply", by=None, role="system")
    client = as_("administrator")
    page = client.get(LOG).content.decode()
    assert dict(choices(page, "action")).keys() == logged().keys()
    assert ("network.invite", "Iemand uitgenodigd") in choices(page, "action")
    assert choices(page, "record") == [
        ("audit.Event", "Regel in het logboek"),
        ("signals.Reply", "Terugkoppeling"),
        ("network.Invitation", "Uitnodiging"),
    ]
    for asked in ("action=network.invite", "record=network.Invitation"):
        page = client.get(f"{LOG}?{asked}").content.decode()
        assert "Iemand uitgenodigd" in cells(page)
        assert "Terugkoppeling" not in cells(page)
        assert f'<option value="{asked.split("=")[1]}" selected>' in page


@pytest.mark.parametrize("asked", ["action=signal-list", "record=signals.Fax", "action=%00"])
def test_what_is_looked_for_by_a_code_is_shown_as_what_is_chosen(city: City, as_: As, asked: str) -> None:
    """Also when it is not in the list: else the page would show nothing of everything."""
    page = as_("administrator").get(f"{LOG}?{asked}").content.decode()
    assert page.count(" selected>") == 1
    assert "Niets gevonden." in page


def test_of_whom_one_looks_is_chosen_by_name(city: City, as_: As) -> None:
    signal = make.signal(city.areas[0])
    as_("member").get(f"/signalen/{signal.pk}/")
    client = as_("administrator")
    client.get(LOG)
    member, name = city["member"].pk, city["member"].name
    page = client.get(f"{LOG}?actor={member}").content.decode()
    assert (str(member), name) in choices(page, "actor")
    assert f'<option value="{member}" selected>' in page
    assert "Signaal bekeken" in cells(page)
    assert "Logboek bekeken" not in cells(page)


def test_who_is_not_there_any_more_stays_what_is_looked_for(city: City, as_: As) -> None:
    page = as_("administrator").get(f"{LOG}?actor=999999").content.decode()
    assert '<option value="999999" selected>' in page
    assert "Niets gevonden." in page


def test_the_lists_are_in_the_language_of_who_reads(city: City, as_: As) -> None:
    client = as_("administrator")
    client.cookies["django_language"] = "en"
    page = client.get(LOG).content.decode()
    assert ("network.invite", "Invited somebody") in choices(page, "action")
    with translation.override("en"):
        assert words.action("signal-list").startswith("asked for a page: ")


def test_the_file_keeps_the_codes(city: City, as_: As) -> None:
    client = as_("administrator")
    client.get(LOG)
    answer = client.get(reverse("audit-export") + "?action=audit.read")
    assert '"name": "audit.read"' in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert Event.objects.filter(action="audit.export", record="audit.Event").exists()
