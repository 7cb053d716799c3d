"""A throw-away PostgreSQL of this machine, for tests and measurements: ``python -m tools.postgres pytest tests/web``.

Runs a command with SCHAKEL_TEST_DATABASE set to a server that was made for it, and takes the server away afterwards. It
listens on a socket in its own folder and on no port, so that several can run beside each other. The binaries are
those of the Debian package ``postgresql`` or whatever ``initdb`` is on the path; PostgreSQL refuses to run as root,
so root starts it as another user. With ``--if-present`` first, somebody without PostgreSQL is told how to get it, and
that is no error.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: Nothing has to survive a power cut; the rest as on a small server.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "listen_addresses": "",
    "jit": "off",
}


class NoPostgresError(Exception):
    """No server could be started."""


class MissingPostgresError(NoPostgresError):
    """There is no PostgreSQL on this machine."""


def binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``, the newest where there are several; MissingPostgresError."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise MissingPostgresError(
            "There is no PostgreSQL here, so nothing was tried on it; install it with 'apt-get install postgresql', "
            "or put the folder of its 'initdb' on PATH."
        )
    return found[-1] if found else Path(str(on_path)).resolve().parent


def _somebody() -> str | None:
    """Whom root starts it as; nobody else needs to change."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(*command: str | Path, user: str | None) -> None:
    done = subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise NoPostgresError(
            f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-500:]}"
        )


@contextmanager
def server(*, folder: Path | None = None, **settings: str) -> Iterator[str]:
    """The address of an empty database on a server of its own. A `folder` stays, and is used again the next time."""
    place = folder or Path(tempfile.mkdtemp(prefix="schakel-pg-"))
    place.mkdir(parents=True, exist_ok=True)
    user, programs, data = _somebody(), binaries(), place / "data"
    if user:
        shutil.chown(place, user)
    if not data.exists():
        _run(
            programs / "initdb", "--pgdata", data, "--username", "schakel", "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync", user=user,
        )  # fmt: skip
    options = " ".join(f"-c {name}={value}" for name, value in (SETTINGS | settings).items())
    socket = f"-c unix_socket_directories={place}"
    # pg_ctl hands its own output to the server, so that goes to a file: a pipe would stay open
    _run(
        programs / "pg_ctl", "start", "--wait", "--silent", "--pgdata", data, "--log", place / "log",
        "--options", f"{options} {socket}".replace("listen_addresses= ", "listen_addresses='' "), user=user,
    )  # fmt: skip
    try:
        yield f"postgres://schakel@{quote(str(place), safe='')}/postgres"
    finally:
        _run(programs / "pg_ctl", "stop", "--wait", "--silent", "--mode", "fast", "--pgdata", data, user=user)
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


def main() -> int:
    """Run a command with a server; its exit code."""
    command = sys.argv[1:]
    optional = command[:1] == ["--if-present"]
    if optional:
        command = command[1:]
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes too
    try:
        with server() as address:
            environment = os.environ | {"SCHAKEL_TEST_DATABASE": address}
            return subprocess.run(command, env=environment, check=False).returncode
    except MissingPostgresError as error:
        print(error, file=sys.stderr)
        return 0 if optional else 3
    except NoPostgresError as error:
        print(error, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
