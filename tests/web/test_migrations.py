"""Whoever installs a new version gets the database that the code expects."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("schakel_web.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=3)
