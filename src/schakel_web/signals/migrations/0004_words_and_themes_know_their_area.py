from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Of the signals that are there."""
    signal = apps.get_model("signals", "Signal")
    area = Subquery(signal.objects.filter(pk=OuterRef("signal_id")).values("area_id")[:1])
    for name in ("SignalTheme", "SignalWord"):
        apps.get_model("signals", name).objects.update(area_id=area)


def column(null: bool) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="network.area",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0001_initial"),
        ("signals", "0003_a_weighing_knows_its_layer"),
    ]

    operations = [
        migrations.RemoveIndex("signaltheme", "signal_by_theme"),
        migrations.RemoveIndex("signalword", "signals_of_a_word"),
        migrations.AddField("signaltheme", "area", column(null=True)),
        migrations.AddField("signalword", "area", column(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("signaltheme", "area", column(null=False)),
        migrations.AlterField("signalword", "area", column(null=False)),
        migrations.AddIndex(
            "signaltheme", models.Index(fields=["theme", "area", "-signal"], name="signal_by_theme_in_area")
        ),
        migrations.AddIndex(
            "signalword", models.Index(fields=["word", "area", "-signal"], name="signals_of_a_word_in_area")
        ),
    ]
