"""Started for real, as in production: refusals that say what to do, health, and logs without content (R16)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.production.processes import SECRET, WEB, environment, free_port, run, running

GUNICORN = (sys.executable, "-m", "gunicorn", "schakel_web.config.wsgi", "--bind", "127.0.0.1:0")
ENTRIES = {
    "gunicorn": GUNICORN,
    "gunicorn with our settings": (
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:schakel_web.config.gunicorn",
    ),
    "serve": (*WEB, "serve"),
    "worker": (*WEB, "worker"),
    "management": (*WEB, "verify_audit"),
}
READY = {"SECRET_KEY": SECRET, "ALLOW_SQLITE": "yes"}


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence that somebody reads; gunicorn says when it starts and stops around it."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr, done.stderr
    sentences = {line for line in done.stderr.splitlines() if line.startswith("Error: ")}
    assert len(sentences) == 1, done.stderr
    return sentences.pop()


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_starts_without_a_secret(entry: str, tmp_path: Path) -> None:
    said = refusal(run(*ENTRIES[entry], folder=tmp_path))
    assert "SCHAKEL_SECRET_KEY is empty; expected a long random text" in said


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_starts_with_migrations_that_are_not_applied(entry: str, tmp_path: Path) -> None:
    said = refusal(run(*ENTRIES[entry], folder=tmp_path, settings=READY))
    assert "migration(s) are not applied; run 'schakel-web migrate' first, after a backup." in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DEBUG": "yes"}, "SCHAKEL_SECRET_KEY is empty"),
        ({"SECRET_KEY": "short"}, "shorter than 40 characters"),
        ({"SECRET_KEY": SECRET, "DEBUG": "yes"}, "SCHAKEL_DEBUG is on outside the demo; expected it off"),
        ({"SECRET_KEY": SECRET}, "would run on SQLite; expected a PostgreSQL address"),
        ({**READY, "DEBUG": "perhaps"}, "SCHAKEL_DEBUG is 'perhaps'; expected yes or no"),
        ({**READY, "PORT": "-1"}, "SCHAKEL_PORT is '-1'; expected a whole number above 0"),
        ({**READY, "NIGHTLY": "at night"}, "SCHAKEL_NIGHTLY is 'at night'; expected a time such as 02:30"),
        ({**READY, "LOG_LEVEL": "loud"}, "SCHAKEL_LOG_LEVEL is 'loud'; expected one of DEBUG"),
        ({**READY, "SECOND_FACTOR": "mayor"}, "SCHAKEL_SECOND_FACTOR names 'mayor'; expected everyone"),
        ({**READY, "ADDRESS": "https://schakel.example"}, "SCHAKEL_CLIENT_IP_HEADER is empty"),
        ({**READY, "OIDC_ISSUER": "https://login.example"}, "expected SCHAKEL_OIDC_CLIENT_ID and"),
        (
            {
                **READY,
                "OIDC_ISSUER": "http://login.example",
                "OIDC_CLIENT_ID": "a",
                "OIDC_CLIENT_SECRET": "b",
            },
            "expected an address with https",
        ),
        ({**READY, "OIDC_ONLY": "yes"}, "nobody could log in; expected SCHAKEL_OIDC_ISSUER"),
        (
            {"SECRET_KEY": SECRET, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
            "The database cannot be reached (OperationalError); expected a running database at SCHAKEL_DATABASE_URL",
        ),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_with_what_to_do(
    settings: dict[str, str], said: str, tmp_path: Path
) -> None:
    assert said in refusal(run(*WEB, "retention", "--dry-run", folder=tmp_path, settings=settings))


def test_an_installation_for_login_at_the_organisation_only_passes_all_checks(tmp_path: Path) -> None:
    settings = READY | {
        "OIDC_ONLY": "yes", "OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b",
        "ADDRESS": "https://schakel.example", "CLIENT_IP_HEADER": "X-Real-IP",
    }  # fmt: skip
    for command in (
        ("migrate", "--verbosity", "0"),
        ("check", "--deploy", "--fail-level", "ERROR"),
        ("verify_audit",),
    ):
        done = run(*WEB, *command, folder=tmp_path, settings=settings)
        assert done.returncode == 0, done.stderr


def test_the_first_administrator_is_invited_from_the_command_line(tmp_path: Path) -> None:
    run(*WEB, "migrate", "--verbosity", "0", folder=tmp_path, settings=READY)
    wrong = run(*WEB, "invite_administrator", "eva", "Eva", folder=tmp_path, settings=READY)
    assert (wrong.returncode, "expected one such as" in wrong.stderr) == (1, True)
    done = run(*WEB, "invite_administrator", "eva@gemeente.nl", "Eva", folder=tmp_path, settings=READY)
    assert done.returncode == 0, done.stderr
    (mail,) = (tmp_path / "mail").iterdir()
    assert "/uitnodiging/" in mail.read_text()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A web server as in production, but on SQLite: its address, and the file of its logs."""
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--noinput", "--verbosity", "0")):
        assert run(*WEB, *command, folder=folder, settings=READY).returncode == 0
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    given = environment(folder, READY | {"PORT": str(port)})
    with running(*WEB, "serve", answers=f"{address}/health/live", log=log, given=given):
        yield address, log


def test_it_says_that_it_lives_and_that_it_is_ready(served: tuple[str, Path]) -> None:
    address, _log = served
    for page, said in (("live", {"live": "ok"}), ("ready", {"database": "ok"})):
        with urllib.request.urlopen(f"{address}/health/{page}", timeout=60) as answer:
            assert json.load(answer) == said


def test_a_log_line_is_json_and_names_the_page_but_no_code_and_no_text_r16(served: tuple[str, Path]) -> None:
    address, log = served
    for path in ("/mijn-signaal/7KQM-2XAB-9RTV/", "/meld/?q=mijn+buurman", "/uitnodiging/geheimesleutel/"):
        try:
            urllib.request.urlopen(address + path, timeout=60).read()
        except urllib.error.HTTPError as error:
            error.close()
    time.sleep(0.5)
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert not re.search("7KQM|buurman|geheimesleutel", text)
    seen = {line["route"]: line["status_code"] for line in lines if line["name"] == "schakel_web.request"}
    assert seen["public-signal"] == 200
    assert seen["invitation"] == 410
    assert all({"asctime", "levelname", "name", "message"} <= set(line) for line in lines)


WARM = (
    "import gc; from schakel_web.signals import tasks;"
    " print(tasks.classifier.cache_info().currsize, int(gc.get_freeze_count() > 0))"
)


@pytest.mark.parametrize(
    ("begin", "read"),
    [
        ("import schakel_web.config.wsgi", "1 1"),
        ("from schakel_web.__main__ import main; import sys; sys.argv = ['', 'check']; main()", "0 0"),
    ],
)
def test_a_web_server_reads_words_and_models_before_the_first_visitor_and_a_command_does_not(
    begin: str, read: str, tmp_path: Path
) -> None:
    assert run(*WEB, "migrate", "--verbosity", "0", folder=tmp_path, settings=READY).returncode == 0
    done = run(sys.executable, "-c", f"{begin}\n{WARM}", folder=tmp_path, settings=READY)
    assert done.stdout.splitlines()[-1] == read, done.stderr
