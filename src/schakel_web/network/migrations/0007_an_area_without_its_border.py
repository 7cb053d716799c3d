from django.db import migrations


class Migration(migrations.Migration):
    """After the copy and not with it: PostgreSQL changes no table that rows were just put beside."""

    dependencies = [("network", "0006_borders_apart_from_areas")]

    operations = [migrations.RemoveField(model_name="area", name="shape")]
