"""Whether the database is up to date; and refusal to start where it is not."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def unapplied() -> int:
    """How many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_unfinished_database() -> None:
    """ImproperlyConfigured, with what to do, when migrations are missing or the database cannot be reached."""
    try:
        missing = unapplied()
    except DatabaseError as error:
        raise ImproperlyConfigured(
            f"The database cannot be reached ({type(error).__name__}); expected a running database at "
            "SCHAKEL_DATABASE_URL."
        ) from error
    if missing:
        raise ImproperlyConfigured(
            f"{missing} migration(s) are not applied; run 'schakel-web migrate' first, after a backup."
        )
