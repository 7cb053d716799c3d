"""What happens inside the application, on one database; started by `__main__`, with its environment."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django has to be ready first
from django.db import connection  # noqa: E402

from benchmarks.web import alone, background, municipality, places, plans  # noqa: E402


def fill(size: int) -> None:
    """Tables, signals, statistics, and two searches for patterns a week apart."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    municipality.load(size)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    background.search(days_ago=7)
    background.search(days_ago=0)


def main() -> None:
    what, size = sys.argv[1], int(sys.argv[2])
    if what == "fill":
        fill(size)
    elif what == "places":
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        places.keep(Path(os.environ["SCHAKEL_LOAD"]))
    elif what == "plans":
        plans.show()
    else:
        found = alone.measured() if what == "alone" else background.measured(size)
        Path(os.environ["SCHAKEL_MEASURED"]).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
