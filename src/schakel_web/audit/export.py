"""The log in the shape of the Dutch standard *Logboek Dataverwerkingen* (Logius), a line of JSON per row (R16)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

from django.conf import settings

from schakel_web.audit.models import Event, Outcome

_OK, _ERROR = 1, 2  # of the standard: STATUS_CODE_OK, STATUS_CODE_ERROR


def _identifier(event: Event, size: int) -> str:
    """Bytes in hexadecimals, the same at every export of this row."""
    return hashlib.sha256(f"{event.pk}:{event.seal}".encode()).hexdigest()[: 2 * size]


def line(event: Event) -> dict[str, Any]:
    """One row as a log record of the standard.

    ``trace_id`` is 16 and ``span_id`` 8 bytes, times are in milliseconds. Schakel knows no data subject (R1), so
    there is no ``dpl.core.data_subject_id``; what else it knows is under ``dpl.schakel``.
    """
    moment = round(event.at.timestamp() * 1000)
    facts = {f"dpl.schakel.{name}": fact for name, fact in event.facts.items()}
    return {
        "trace_id": _identifier(event, 16),
        "span_id": _identifier(event, 8),
        "status_code": _ERROR if event.outcome == Outcome.REFUSED else _OK,
        "name": event.action,
        "start_time": moment,
        "end_time": moment,
        "resource": {"attributes": {"service.name": "schakel", "service.version": version("schakel")}},
        "attributes": {
            "dpl.core.processing_activity_id": f"{settings.ADDRESS}/over/#{event.action.split('.')[0]}",
            "dpl.schakel.user": event.actor,
            "dpl.schakel.role": event.role,
            "dpl.schakel.outcome": event.outcome,
            "dpl.schakel.record": event.record,
            "dpl.schakel.number": event.number,
            **facts,
        },
    }


def lines(rows: Iterable[Event]) -> Iterator[str]:
    """As text, to be sent piece by piece."""
    for event in rows:
        yield json.dumps(line(event), ensure_ascii=False) + "\n"
