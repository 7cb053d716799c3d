"""Pages at ten thousand and at a million signals, a hundred thousand provisions beside them:
``python -m benchmarks.web [what]``, on PostgreSQL.

``pages`` (the default) loads both sizes and lets sixteen people work; ``alone`` opens every page for one
visitor; ``plans`` prints the plan of every query of every page at a million; ``background`` times the search for
patterns. ``--folder`` keeps the databases for the next time: filling them takes some ten minutes, and so does the
load. Writes ``docs/methods/figures/web_*.json``. Nothing leaves this machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.postgres import server

from benchmarks.web import report
from benchmarks.web.serve import ROOT, environment, load, serving

SIZES = (10_000, 1_000_000)
ROUNDS, WARM = 2, 30  # and seconds of load before each that are not counted
#: As on a small server with a fast disk, and safe against a power cut.
SERVER = {
    "shared_buffers": "1GB", "maintenance_work_mem": "256MB", "fsync": "on", "synchronous_commit": "on",
    "random_page_cost": "1.1", "max_parallel_workers_per_gather": "0",
    "full_page_writes": "on", "max_wal_size": "4GB",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("what", nargs="?", default="pages", choices=["pages", "alone", "plans", "background"])
    parser.add_argument("--folder", type=Path, help="where the databases stay (not given: thrown away)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="signals")
    parser.add_argument("--seconds", type=int, default=120, help="of load, per round")
    parser.add_argument("--users", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="schakel-load-") as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # PostgreSQL runs as another user when this is started by root
        return _all(asked, folder)


def _all(asked: argparse.Namespace, folder: Path) -> int:
    with ExitStack() as running:
        servers: dict[int, dict[str, str]] = {}
        for size in asked.sizes:
            place = folder / f"signals-{size}"
            address = running.enter_context(server(folder=place, **SERVER))
            servers[size] = environment(address, place)
            _prepare(size, place, servers[size])
        if asked.what == "plans":
            size = max(servers)
            inside("plans", size, servers[size])
            return 0
        done = _pages(asked, servers) if asked.what == "pages" else _inside_all(asked.what, servers)
        print(keep(f"web_{asked.what}", done))
    return 0


def inside(what: str, size: int, variables: dict[str, str]) -> Any:
    """One step with the application loaded, in a process of its own; what it measured."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        found = variables | {"SCHAKEL_MEASURED": result.name, "PYTHONPATH": str(ROOT)}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.web.inside", what, str(size)], env=found, cwd=ROOT, check=True
        )
        text = result.read().decode()
    return json.loads(text) if text else None


def _prepare(size: int, place: Path, variables: dict[str, str]) -> None:
    """Fill a database that is not full yet."""
    if not (place / "filled").exists():
        print(f"Loading {size:,} signals …", flush=True)
        inside("fill", size, variables)
        (place / "filled").touch()
    inside("places", size, variables)


def _pages(asked: argparse.Namespace, servers: dict[int, dict[str, str]]) -> dict[str, Any]:
    """Sixteen people at both sizes in turn, twice, so that both have the same luck."""
    found: dict[int, list[list[dict[str, Any]]]] = {size: [] for size in servers}
    for round_ in range(ROUNDS):
        for size, variables in servers.items():
            with serving(variables):
                load(variables, users=asked.users, seconds=WARM)
                print(f"Round {round_ + 1}: {asked.users} people, {size:,} signals …", flush=True)
                found[size].append(load(variables, users=asked.users, seconds=asked.seconds))
    return report.pages(found, users=asked.users, seconds=asked.seconds)


def _inside_all(what: str, servers: dict[int, dict[str, str]]) -> dict[str, Any]:
    found = {size: inside(what, size, variables) for size, variables in servers.items()}
    return report.alone(found) if what == "alone" else report.background(list(found.values()))


def keep(name: str, figures: dict[str, Any]) -> str:
    """Write figures where the documentation finds them; the text."""
    text = json.dumps(figures, ensure_ascii=False, indent=1) + "\n"
    (ROOT / "docs/methods/figures" / f"{name}.json").write_text(text, "utf-8")
    return text


if __name__ == "__main__":
    sys.exit(main())
