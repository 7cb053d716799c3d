"""Since when a signal counts: for what is there, since it was given."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def as_given(apps: Any, _schema: Any) -> None:
    apps.get_model("signals", "Signal").objects.update(since=models.F("created"))


class Migration(migrations.Migration):
    dependencies = [("signals", "0005_themes_keep_their_order")]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="since",
            field=models.DateTimeField(default=timezone.now, verbose_name="telt mee sinds"),
        ),
        migrations.RunPython(as_given, migrations.RunPython.noop, elidable=True),
    ]
