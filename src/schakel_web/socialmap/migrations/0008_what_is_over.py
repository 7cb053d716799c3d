"""Until when a provision has times: what is over is no longer pointed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import migrations, models
from django.db.models import Q

from schakel.provisions.provision import Session
from schakel.provisions.schedule import last_day


def last_days(apps: Any, _schema: Any) -> None:
    """Of what has a time that ends; whatever goes on keeps none."""
    provision = apps.get_model("socialmap", "Provision")
    ending = Q(sessions__until__isnull=False) | Q(sessions__rule="") | Q(sessions__rule__contains="COUNT")
    rows = provision.objects.filter(ending).order_by("pk").distinct().prefetch_related("sessions")
    changed = []
    for one in rows.iterator(chunk_size=2000):
        one.ends = last_day(
            [
                Session(
                    s.first, s.rule, s.start, s.minutes, s.until, tuple(map(date.fromisoformat, s.except_on))
                )
                for s in one.sessions.all()
            ]
        )
        changed.append(one)
    provision.objects.bulk_update([one for one in changed if one.ends], ["ends"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("socialmap", "0007_where_and_when_due")]

    operations = [
        migrations.AddField(
            model_name="provision",
            name="ends",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.RemoveIndex(model_name="provision", name="provision_whereabouts"),
        migrations.AddIndex(
            model_name="provision",
            index=models.Index(
                fields=["id", "state", "ends", "decision", "area", "x", "y"], name="provision_there"
            ),
        ),
        migrations.RunPython(last_days, migrations.RunPython.noop, elidable=True),
    ]
