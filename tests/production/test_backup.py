"""Backup and restore by the commands of the documentation, on a real PostgreSQL; the documentation against the code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.postgres import MissingPostgresError, binaries, server

from tests.production.processes import ROOT, SECRET, WEB, run

PAGE = (ROOT / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
CONFIG = ROOT / "src/schakel_web/config"

FILL = """
import django; django.setup()
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from tests.factories import city as make
from schakel_web.audit.chain import record
made = make.city()
for k in range(20):
    record(action="signals.give", subject=make.signal(made.areas[k % 6]), by=made["member"])
make.question(made.teams[0], made.areas[:2], made["member"])
"""
COUNT = """
import django; django.setup()
from django.apps import apps
print(sorted((m._meta.db_table, m._base_manager.count()) for m in apps.get_models(include_auto_created=True)))
"""


def commands(name: str) -> str:
    """A block of commands as the page shows it."""
    found = re.search(rf"```sh {name}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a server of its own; skips, with what to install, where there is none."""
    try:
        with server() as address:
            yield address
    except MissingPostgresError as error:
        pytest.skip(str(error))


def test_a_backup_is_restored_whole_with_the_log_intact(postgres: str, tmp_path: Path) -> None:
    """Fill, dump, drop, restore, check: every table has as many rows, the chain fits, and people can go on."""
    places = f"{Path(sys.executable).parent}:{binaries()}:{os.environ['PATH']}"
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": postgres.removesuffix("postgres") + "schakel"}
    more = {
        "PATH": places, "BACKUP": str(tmp_path / "schakel.dump"), "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "schakel_web.config.settings",
    }  # fmt: skip

    def do(*command: str) -> str:
        done = run(*command, folder=tmp_path, settings=settings, more=more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    do("psql", "--quiet", postgres, "--command", "CREATE DATABASE schakel")
    do(*WEB, "migrate", "--verbosity", "0")
    do(sys.executable, "-c", FILL)
    before = do(sys.executable, "-c", COUNT)
    assert "('signals_signal', 20)" in before
    do("sh", "-ec", commands("backup"))
    do("psql", "--quiet", postgres, "--command", "DROP DATABASE schakel")
    do("psql", "--quiet", postgres, "--command", "CREATE DATABASE schakel")
    said = do("sh", "-ec", commands("restore"))
    assert re.search(r"The log is intact: 20 rows\. The last seal is [0-9a-f]{64}\.", said)
    assert do(sys.executable, "-c", COUNT) == before
    do(*WEB, "invite_administrator", "eva@stad.nl", "Eva")  # numbers go on where they were


def test_every_setting_is_documented_and_nothing_else() -> None:
    read = set()
    for path in (CONFIG / "settings.py", CONFIG / "gunicorn.py"):
        read |= set(re.findall(r'\benv\.\w+\(\s*["\']([A-Z_]+)["\']', path.read_text(encoding="utf-8")))
    assert len(read) > 25
    documented = set(re.findall(r"SCHAKEL_([A-Z_]+)", PAGE))
    assert documented == read


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^schakel-web (\w+)", PAGE, re.MULTILINE))))
def test_every_command_of_the_page_exists(command: str, tmp_path: Path) -> None:
    done = run(*WEB, "help", command, folder=tmp_path, settings={"SECRET_KEY": SECRET, "ALLOW_SQLITE": "yes"})
    assert done.returncode == 0, done.stderr


def test_the_container_runs_without_rights_with_the_lock_and_a_health_check() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert text.index("USER schakel") < text.index("ENTRYPOINT")
    assert "--constraint requirements.lock" in text
    assert re.search(r"HEALTHCHECK .*CMD", text)
    known = (ROOT / "tools/bootstrap.py").read_text(encoding="utf-8")
    assert re.search(r'UV = "(uv==[\d.]+)"', known)[1] in text  # type: ignore[index]
