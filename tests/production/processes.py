"""The application in a process of its own, started as an administrator would start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SECRET = "a text of more than forty characters that stays the same"
WEB = (sys.executable, "-m", "schakel_web")


def environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Only what an administrator set, and a folder for the data."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "DJANGO_", "PYTEST_"))}
    return (
        plain | {"SCHAKEL_DATA": str(folder)} | {f"SCHAKEL_{name}": value for name, value in settings.items()}
    )


def run(
    *command: str | Path,
    folder: Path,
    settings: dict[str, str] | None = None,
    more: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with settings (`folder` is where the data are) and what else it should find."""
    given = environment(folder, settings or {}) | (more or {})
    return subprocess.run(
        command, env=given, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def free_port() -> int:
    """A port that nobody listens to at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str, answers: str, log: Path, given: dict[str, str]) -> Iterator[None]:
    """A server, from its first answer at an address until the end of the block."""
    with log.open("w") as out:
        server = subprocess.Popen(command, env=given, stdout=out, stderr=out, cwd=ROOT)
        until = time.monotonic() + 120
        try:
            while not _answers(answers):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
