"""Lists of items, and two facts of each published version as columns, read from its files."""

from typing import Any

import yaml
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import yichuang.core.ids

_TRIGGER = "ALTER TABLE catalog_itemversion {} TRIGGER catalog_version_frozen"


def fill(apps: Any, schema_editor: Any) -> None:
    """The two new columns are read from what was published: the files stay as they are."""
    versions = apps.get_model("catalog", "ItemVersion")
    schema_editor.execute(_TRIGGER.format("DISABLE"))
    for row in versions.objects.only("id", "files").iterator():
        handling = yaml.safe_load(row.files.get("item.yaml", "")) or {}
        handling = handling.get("handling", {})
        area, visits = handling.get("scope", {}).get("area", ""), handling.get("visits", {}).get("count", 0)
        versions.objects.filter(pk=row.pk).update(area=area, visits=visits)
    schema_editor.execute(_TRIGGER.format("ENABLE"))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddField("itemversion", "area", models.CharField(default="", max_length=10)),
        migrations.AddField("itemversion", "visits", models.PositiveSmallIntegerField(default=0)),
        migrations.CreateModel(
            name="ListedItems",
            fields=[
                ("id", models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60, unique=True)),
                ("position", models.PositiveIntegerField()),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("batch", models.PositiveIntegerField()),
                ("target", models.PositiveIntegerField()),
                ("target_on", models.DateField()),
                ("marks", ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ("area", models.CharField(blank=True, max_length=10)),
                ("visits", models.PositiveSmallIntegerField(null=True)),
                ("items", ArrayField(base_field=models.CharField(max_length=60), size=None)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(target__gte=1), name="catalog_list_has_a_target")
                ]
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
