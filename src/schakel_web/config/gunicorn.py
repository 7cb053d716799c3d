"""How gunicorn runs the application: ``gunicorn --config python:schakel_web.config.gunicorn``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schakel_web.config import environment as env

wsgi_app = "schakel_web.config.wsgi"
bind = f"{env.text('BIND', '127.0.0.1')}:{env.number('PORT', 8000)}"
workers = env.number("WEB_PROCESSES", 4)
threads = env.number("WEB_THREADS", 2)
preload_app = True  # one refusal to start instead of one per process, and memory that is shared
timeout = 60  # seconds; reading in a file takes longest
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = None  # addresses may hold a receipt code; `config.logs.RequestLog` writes what may be known
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"no_content": {"()": "schakel_web.config.logs.NoContent"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_content"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
