"""A worker that is killed for real in the middle of a run: nothing half is left, and the run is taken up again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds; a busy machine compiles slowly
FILL = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import timedelta
from django.utils import timezone
from schakel.records import Settings
from schakel_web.questions import runs, tasks
from tests.factories import city as make
city = make.city()
people = [city[name] for name in ("member", "mate", "owner", "coordinator")]
for n in range(200):
    here = n % 4 == 0
    make.signal(city.areas[n % 2 if here else n % 6], reporter=people[n % 4],
                date=timezone.localdate() - timedelta(days=n % 20 if here else (n * 7) % 360))
runs.ask(parameters=tasks.parameters_of(Settings(end=timezone.localdate(), replicas=199)), by=None)
"""


@pytest.fixture
def place(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """A database of its own with a run that waits, and the environment in which it is used."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "DJANGO_"))}
    env = kept | {
        "SCHAKEL_DEMO": "yes", "SCHAKEL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "schakel_web.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", FILL], env=env, cwd=ROOT, check=True, timeout=PATIENCE)
    return env, tmp_path / "schakel.sqlite3"


def one(database: Path, query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(database, timeout=30)) as db, db:
        row: tuple[Any, ...] = db.execute(query).fetchone() or ()
        return row


def until(what: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert worker.poll() is None, "the worker stopped by itself"
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def worker(env: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "schakel_web", "worker"], env=env, cwd=ROOT, start_new_session=True
    )


def state(database: Path) -> str:
    return str(one(database, "SELECT state FROM questions_run")[0])


def test_a_worker_that_was_killed_leaves_nothing_half_and_its_run_is_done_by_the_next(
    place: tuple[dict[str, str], Path],
) -> None:
    env, database = place
    first = worker(env)
    try:
        until(lambda: state(database) == "running", first)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert state(database) == "running"  # nobody was there to say otherwise
    for table in ("questions_pattern", "questions_sighting"):
        assert one(database, f"SELECT COUNT(*) FROM {table}") == (0,)
    assert one(database, "SELECT COUNT(*) FROM signals_signal WHERE counted IS NOT NULL") == (0,)

    one(database, "UPDATE questions_run SET alive = '2020-01-01 00:00:00'")  # as after minutes of silence
    second = worker(env)
    try:
        until(lambda: state(database) in {"done", "failed"}, second)
    finally:
        os.killpg(second.pid, signal.SIGTERM)
        second.wait(timeout=60)
    done, attempt, message = one(database, "SELECT state, attempt, message FROM questions_run")
    assert (done, message) == ("done", "")
    assert attempt >= 2  # more where a slow machine kept the second silent for long
    patterns, sightings = (
        one(database, f"SELECT COUNT(*) FROM questions_{table}")[0] for table in ("pattern", "sighting")
    )
    assert patterns == sightings >= 1
