"""Logs without content: what somebody typed never reaches a log line (R16)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_SAFE = {"status_code", "duration_ms", "method", "route", "task", "run"}
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_OURS = "schakel"
_requests = logging.getLogger("schakel_web.request")


class NoContent(logging.Filter):
    """Drops what is not known to be safe: request objects, addresses with codes, and the values in tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its extras; of an exception only its kind and where it arose."""
        for name in set(vars(record)) - _STANDARD - _SAFE:
            delattr(record, name)
        if record.exc_info and record.exc_info[0]:
            kind, trace = record.exc_info[0].__name__, record.exc_info[2]
            while trace and trace.tb_next:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
            record.msg, record.args, record.exc_info, record.exc_text = f"{kind} at {where}", (), None, None
        elif not record.name.startswith(_OURS):
            # "Not Found: %s": what others fill in is an address, with a code perhaps
            record.msg, record.args = str(record.msg).split("%", 1)[0].strip(' :"(') or "request", ()
        record.stack_info = None
        return True


class RequestLog:
    """One line a request: the name of the page instead of its address, what came of it, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, after the line."""
        begin = time.perf_counter()
        response = self._get_response(request)
        match = request.resolver_match
        facts = {
            "method": request.method,
            "route": match.view_name if match else "",
            "status_code": response.status_code,
            "duration_ms": round(1000 * (time.perf_counter() - begin)),
        }
        _requests.info("request", extra=facts)
        return response
