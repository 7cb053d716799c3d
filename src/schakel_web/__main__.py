"""``schakel-web``: administration of the application (Django's commands and our own)."""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

#: Commands that work while the database is not ready: they make it so, or do not look at it.
BEFORE = {
    "", "check", "collectstatic", "compilemessages", "demo", "diffsettings", "help", "makemessages", "makemigrations",
    "migrate", "serve", "showmigrations", "sqlmigrate", "test", "version", "--help", "-h", "--version",
}  # fmt: skip


def main() -> None:
    """Run a command; refusals to start are one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel_web.config.settings")
    try:
        django.setup()
        if "".join(sys.argv[1:2]) not in BEFORE:
            from schakel_web.ui.readiness import refuse_unfinished_database  # noqa: PLC0415  after Django

            refuse_unfinished_database()
        execute_from_command_line(["schakel-web", *sys.argv[1:]])
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
