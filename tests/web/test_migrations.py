"""Whoever installs a new version gets the database that the code expects, and keeps what was in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from schakel_web.network.models import Area


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("schakel_web.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=3)


def test_borders_are_kept_when_they_come_to_stand_apart_and_when_that_is_undone(database: None) -> None:
    ring = [[[0, 0], [100, 0], [100, 100], [0, 0]]]
    before = migrated("0005_forms_that_were_kept").get_model("network", "Area")
    before.objects.create(code="BU00010001", year=2026, kind="BU", name="Met grens", shape=ring)
    before.objects.create(code="BU00010002", year=2026, kind="BU", name="Zonder grens")
    migrated()
    assert {area.name: area.rings for area in Area.objects.all()} == {"Met grens": ring, "Zonder grens": []}
    again = migrated("0005_forms_that_were_kept").get_model("network", "Area")
    assert dict(again.objects.values_list("name", "shape")) == {"Met grens": ring, "Zonder grens": None}


@pytest.fixture
def database(transactional_db: None) -> Iterator[None]:
    """One that may be brought back to an older version; the next test has the newest."""
    yield
    migrated()


def migrated(name: str = "") -> Any:
    """The models of the database after it was brought to this migration of the network, or to the newest of all."""
    runs = MigrationExecutor(connection)
    to = [("network", name)] if name else runs.loader.graph.leaf_nodes()
    runs.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps
