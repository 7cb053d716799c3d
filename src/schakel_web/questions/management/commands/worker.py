"""``schakel-web worker``: background work, the search of every night, and runs whose worker is gone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from schakel_web.audit import chain
from schakel_web.privacy import retention
from schakel_web.questions import publishing, runs
from schakel_web.questions.models import Run
from schakel_web.questions.patterns import parameters
from schakel_web.socialmap.indexing import renew_days
from schakel_web.socialmap.mails import ask_keepers
from schakel_web.ui.readiness import refuse_unfinished_database

_PAUSE = 20  # seconds between two looks at the clock
_log = logging.getLogger(__name__)


def due(now: datetime) -> bool:
    """Whether tonight's search is still to be done."""
    begin = timezone.make_aware(datetime.combine(now.date(), time.fromisoformat(settings.NIGHTLY)))
    return now >= begin and not Run.objects.filter(again=None, created__gte=begin).exists()


def tick() -> None:
    """Take up what was left, and do what the night asks."""
    runs.rescue()
    if due(timezone.localtime()):
        for work in (
            lambda: retention.run(by=None),
            lambda: publishing.publish(by=None),
            ask_keepers,
            renew_days,
        ):
            _done(work)
        _done(lambda: chain.check(by=None))
        _done(lambda: _log.info("the log has %d rows; the last seal is %s", *chain.anchor()))
        try:
            runs.ask(parameters=parameters(), by=None)
        except runs.BusyError:
            return


def _done(work: Callable[[], object]) -> None:
    """Do one part of the night's work; what goes wrong in it does not stop the rest."""
    try:
        work()
    except Exception:
        _log.exception("a part of the night's work failed")


def _clock(stop: threading.Event) -> None:
    while True:
        try:
            tick()
        except Exception:
            _log.exception("the clock could not look")
        finally:
            close_old_connections()
        if stop.wait(_PAUSE):
            return


class Command(BaseCommand):
    """One is enough."""

    help = "Does background work until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run beside the web server."""
        refuse_unfinished_database()
        stop = threading.Event()
        threading.Thread(target=_clock, args=(stop,), daemon=True).start()
        try:
            call_command("db_worker", reload=False, startup_delay=False, verbosity=0)
        finally:
            stop.set()
