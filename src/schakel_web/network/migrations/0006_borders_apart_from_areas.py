from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SOME = 500  # at a time


def apart(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    area: Any = apps.get_model("network", "Area")
    border = apps.get_model("network", "Border")
    rows = area.objects.exclude(shape=None).values_list("pk", "shape")
    border.objects.bulk_create(
        (border(area_id=pk, rings=shape) for pk, shape in rows.iterator(_SOME)), batch_size=_SOME
    )


def back(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    area: Any = apps.get_model("network", "Area")
    border: Any = apps.get_model("network", "Border")
    for pk, rings in border.objects.values_list("pk", "rings").iterator(_SOME):
        area.objects.filter(pk=pk).update(shape=rings)


class Migration(migrations.Migration):
    dependencies = [("network", "0005_forms_that_were_kept")]

    operations = [
        migrations.CreateModel(
            name="Border",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="border",
                        serialize=False,
                        to="network.area",
                    ),
                ),
                ("rings", models.JSONField()),
            ],
            options={"verbose_name": "grens van een gebied"},
        ),
        migrations.RunPython(apart, back),
    ]
