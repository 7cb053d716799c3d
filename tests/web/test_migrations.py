"""Whoever installs a new version gets the database that the code expects, and keeps what was in it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from schakel_web.network.models import Area


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("schakel_web.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=3)


def test_borders_are_kept_when_they_come_to_stand_apart_and_when_that_is_undone(
    transactional_db: None,
) -> None:
    ring = [[[0, 0], [100, 0], [100, 100], [0, 0]]]
    before = migrated("0005_forms_that_were_kept").get_model("network", "Area")
    before.objects.create(code="BU00010001", year=2026, kind="BU", name="Met grens", shape=ring)
    before.objects.create(code="BU00010002", year=2026, kind="BU", name="Zonder grens")
    migrated("0007_an_area_without_its_border")
    assert {area.name: area.rings for area in Area.objects.all()} == {"Met grens": ring, "Zonder grens": []}
    again = migrated("0005_forms_that_were_kept").get_model("network", "Area")
    assert dict(again.objects.values_list("name", "shape")) == {"Met grens": ring, "Zonder grens": None}
    migrated("0007_an_area_without_its_border")


def migrated(name: str) -> Any:
    """The models of the database after it was brought to this migration of the network, forwards or back."""
    runs = MigrationExecutor(connection)
    runs.migrate([("network", name)])
    return MigrationExecutor(connection).loader.project_state([("network", name)]).apps
