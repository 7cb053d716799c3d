"""The web server as in production, on a database of a given size; and the load on it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PORT = int(os.environ.get("SCHAKEL_PORT", "8105"))
_PATIENCE = 60  # seconds until the server answers


def environment(address: str, folder: Path) -> dict[str, str]:
    """The settings of a small municipality: no debug, a secret, PostgreSQL, addresses of visitors from the proxy."""
    return os.environ | {
        "SCHAKEL_DATABASE_URL": address,
        "SCHAKEL_SECRET_KEY": _secret(folder),
        "SCHAKEL_DATA": str(folder / "data-of-schakel"),
        "SCHAKEL_ADDRESS": f"http://127.0.0.1:{PORT}",
        "SCHAKEL_CLIENT_IP_HEADER": "X-Client",
        "SCHAKEL_LOAD": str(folder / "places.json"),
        "SCHAKEL_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "schakel_web.config.settings",
    }  # fmt: skip


def _secret(folder: Path) -> str:
    """Stays the same for as long as the database does: receipts and sessions hang on it."""
    file = folder / "secret"
    if not file.exists():
        file.write_text(secrets.token_urlsafe(48), "utf-8")
    return file.read_text("utf-8")


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[int]:
    """As in production, on this machine only; the number of the first process."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:schakel_web.config.gunicorn"]
    process = subprocess.Popen(command, env=variables | {"SCHAKEL_PORT": str(PORT)}, cwd=ROOT)
    try:
        _wait(process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:  # a machine that is too busy to finish what was asked
            process.kill()


def _wait(process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(
        f"The web server did not start on port {PORT}; is it free? SCHAKEL_PORT chooses another."
    )


def load(variables: dict[str, str], *, users: int, seconds: int) -> list[dict[str, Any]]:
    """What locust measured: per page the number of requests, failures and milliseconds → how often."""
    command = [
        sys.executable, "-m", "locust", "-f", "benchmarks/web/users.py", "--headless", "--users", str(users),
        "--spawn-rate", str(users), "--run-time", f"{2 * seconds + 120}s", "--host", f"http://127.0.0.1:{PORT}",
        "--json", "--skip-log-setup", "--exit-code-on-error", "0",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        env=variables | {"PYTHONPATH": str(ROOT), "SCHAKEL_LOAD_SECONDS": str(seconds)},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index("[") :])
    return found
