"""``schakel-web``: administration of the application (Django's commands and our own)."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command; refusals to start are one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel_web.config.settings")
    try:
        execute_from_command_line(["schakel-web", *sys.argv[1:]])
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
