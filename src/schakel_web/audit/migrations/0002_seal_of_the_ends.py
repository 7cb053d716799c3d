"""The ends of the chain carry a seal of their own."""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models
from django.utils.crypto import salted_hmac


def seal(apps: Any, schema_editor: Any) -> None:
    """Seal the ends that are there."""
    for head in apps.get_model("audit", "Head").objects.all():
        text = json.dumps([head.first, head.last, head.length], sort_keys=True, ensure_ascii=False)
        head.seal = salted_hmac("schakel.audit", text, algorithm="sha256").hexdigest()
        head.save(update_fields=["seal"])


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField("head", "seal", models.CharField(default="", max_length=64)),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
