"""A detection run is asked for, asked to stop, and taken up again when its worker is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schakel_web.accounts.models import User
from schakel_web.audit.chain import record
from schakel_web.questions.models import Run, RunState
from schakel_web.questions.tasks import NO_AREAS, NO_SIGNALS, search

SILENT = timedelta(seconds=90)  # a worker that says nothing for so long is gone
_ATTEMPTS = 3
WORKER_GONE = "WorkerGone"
_SAID: dict[str, str | Promise] = {
    NO_AREAS: _("Er zijn nog geen buurten ingelezen."),
    NO_SIGNALS: _("Er zijn nog geen signalen."),
    WORKER_GONE: _("De computer stopte drie keer halverwege. Vraag de beheerder."),
}


def said(run: Run) -> str | Promise:
    """What became of a run that failed, in Dutch; nothing for one that did not."""
    if not run.message:
        return ""
    return _SAID.get(run.message, _("Er ging iets mis. Vraag de beheerder."))


class BusyError(Exception):
    """There is a run going on already."""


def ask(*, parameters: dict[str, Any], by: User | None, again: Run | None = None) -> Run:
    """Ask for a run; one at a time: BusyError. A repeated run has the parameters and the cut-off of its example."""
    try:
        with transaction.atomic():
            run = Run(
                parameters=again.parameters if again else parameters,
                cutoff=again.cutoff if again else timezone.now(),
                by=by,
                again=again,
                attempt=1,
                alive=timezone.now(),
            )
            run.save()
            record(
                action="questions.run",
                subject=run,
                by=by,
                role="" if by else "system",
                again=again.pk if again else None,
            )
            transaction.on_commit(lambda: search.enqueue(run.pk, run.attempt))
    except IntegrityError as error:
        raise BusyError from error
    return run


def ask_to_stop(*, run: Run, by: User) -> None:
    """The worker stops at its next sign of life; nothing is kept."""
    with transaction.atomic():
        Run.objects.filter(pk=run.pk, state__in=[RunState.WAITING, RunState.RUNNING]).update(cancel=True)
        Run.objects.filter(pk=run.pk, state=RunState.WAITING).update(
            state=RunState.CANCELLED, finished=timezone.now()
        )
        record(action="questions.stop_run", subject=run, by=by)


def rescue() -> int:
    """Take up again the runs whose worker is gone; after three attempts they failed. Returns how many."""
    lost = Run.objects.filter(
        state__in=[RunState.WAITING, RunState.RUNNING], alive__lt=timezone.now() - SILENT
    )
    number = 0
    for run in lost:
        with transaction.atomic():
            held = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
            if held.attempt >= _ATTEMPTS:
                held.state, held.message, held.finished = RunState.FAILED, WORKER_GONE, timezone.now()
                held.save()
                continue
            held.state, held.attempt, held.alive = RunState.WAITING, held.attempt + 1, timezone.now()
            held.save()
            number += 1
            record(action="questions.rescue_run", subject=held, by=None, role="system", attempt=held.attempt)
            transaction.on_commit(lambda r=held: search.enqueue(r.pk, r.attempt))  # type: ignore[misc]
    return number
