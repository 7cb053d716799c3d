"""Logs without content: what somebody typed never reaches a log line (R16)."""

from __future__ import annotations

import logging

_SAFE = {"status_code", "duration_ms", "method", "route", "task", "run"}
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


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
        elif record.name.startswith(
            "django."
        ):  # "Not Found: %s": what follows is an address, with a code perhaps
            record.msg, record.args = str(record.msg).split("%", 1)[0].strip(' :"') or "request", ()
        return True
