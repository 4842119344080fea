"""Extended hours (延时办理) of places; the caches of places hear of them by the same trigger as of their other hours."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

import yichuang.core.ids
from yichuang.network.migrations._stamps import trigger

TABLE = "network_extendedhours"


class Migration(migrations.Migration):
    dependencies = [("network", "0002_closed_departments")]

    operations = [
        migrations.CreateModel(
            name="ExtendedHours",
            fields=[
                ("id", models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("weekdays", ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ("first", models.DateField()),
                ("last", models.DateField(blank=True, null=True)),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("reason_zh", models.CharField(max_length=100)),
                ("reason_en", models.CharField(max_length=160)),
                ("taken_back", models.BooleanField(default=False)),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="extended", to="network.place")),
            ],
            options={
                "ordering": ("place", "first", "opens"),
                "constraints": (
                    models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="network_extended_a_span"),
                    models.CheckConstraint(condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="network_extended_days_forward"),
                    models.CheckConstraint(condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="network_extended_weekdays_known"),
                    models.CheckConstraint(condition=~Q(reason_zh="") & ~Q(reason_en=""), name="network_extended_has_reason"),
                    models.UniqueConstraint(fields=("place", "first", "last", "opens", "closes", "weekdays"), condition=Q(taken_back=False), name="network_extended_once", nulls_distinct=False),
                ),
            },
        ),
        migrations.RunSQL(trigger(TABLE, "places"), f"DROP TRIGGER {TABLE}_stamp ON {TABLE}"),
    ]
