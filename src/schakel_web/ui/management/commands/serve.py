"""``schakel-web serve``: the web server, as it runs in production."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from schakel_web.ui.readiness import refuse_unfinished_database


class Command(BaseCommand):
    """Turns itself into gunicorn, so that whoever started it stops gunicorn."""

    help = "Runs the web server (gunicorn) until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse first: before gunicorn there is one sentence, instead of one for every process."""
        refuse_unfinished_database()
        connections.close_all()
        command = [sys.executable, "-m", "gunicorn", "--config", "python:schakel_web.config.gunicorn"]
        os.execv(sys.executable, command)
