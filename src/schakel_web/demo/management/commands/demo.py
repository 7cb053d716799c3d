"""``schakel-web demo``: set up a made-up municipality, and run web server and worker until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from schakel_web.accounts.models import User
from schakel_web.accounts.roles import ROLES
from schakel_web.demo import municipality

_PATIENCE = 60  # seconds until the first page


class Command(BaseCommand):
    """Stops everything that it started."""

    help = "Runs Schakel with a made-up municipality."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--load-only``."""
        parser.add_argument("--load-only", action="store_true", help="fill the database and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill the database where it is empty, then serve."""
        if not settings.DEMO:
            raise CommandError("This is no demo; set SCHAKEL_DEMO=yes, and never where real people work.")
        if not options["load_only"] and not _free(settings.PORT):
            raise CommandError(f"Port {settings.PORT} is taken; choose another with SCHAKEL_PORT.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not User.objects.exists():
            self.stdout.write("Making up a municipality with two years of signals …")
            done = municipality.load(municipality.made_up(), say=self._say)
            self.stdout.write(
                f"{done['planted']} shared questions are hidden in it; {done['patterns']} patterns are shown."
            )
        if not options["load_only"]:
            self._serve()

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _serve(self) -> None:
        here = [sys.executable, "-m", "schakel_web"]
        server = [
            sys.executable, "-m", "gunicorn", "schakel_web.config.wsgi", "--bind", f"127.0.0.1:{settings.PORT}",
            "--workers", "2", "--threads", "4", "--preload", "--log-level", "warning",
        ]  # fmt: skip
        started = [subprocess.Popen(command, env=os.environ) for command in (server, [*here, "worker"])]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            _wait_for_page()
            self._welcome()
            while all(process.poll() is None for process in started):
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            for process in started:
                process.terminate()
            for process in started:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _welcome(self) -> None:
        self.stdout.write(
            f"\nSchakel: http://localhost:{settings.PORT}\n\nLog in with (password {municipality.PASSWORD}):"
        )
        for local, _name, role, _place in municipality.PEOPLE:
            self.stdout.write(f"  {local + '@voorbeeldstad.nl':35} {ROLES[role].label}")
        self.stdout.write(
            f"\nResidents need no account: http://localhost:{settings.PORT}/meld/\nCtrl-C stops everything."
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait_for_page() -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise CommandError("The web server did not start.")
