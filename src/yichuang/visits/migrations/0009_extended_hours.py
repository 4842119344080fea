"""What halls serve in their extended hours (延时办理), and days on which everybody who has a number is served."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import yichuang.core.ids


class Migration(migrations.Migration):
    dependencies = [("network", "0003_extended_hours"), ("visits", "0008_hall_nodes")]

    operations = [
        migrations.CreateModel(
            name="ExtendedService",
            fields=[
                ("id", models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("queues", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ("windows", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ("hours", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.extendedhours")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hours",), name="visits_extended_service_once")],
            },
        ),
        migrations.AddField("hallday", "until_last_at", models.DateTimeField(blank=True, null=True)),
    ]
