"""Words beside the pack; what a version is found by may follow them. Everything else of a version stays frozen."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import yichuang.core.ids

_FUNCTION = """
    CREATE OR REPLACE FUNCTION catalog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - {free}) IS DISTINCT FROM (to_jsonb(OLD) - {free}) THEN
            RAISE EXCEPTION 'a published version of an item never changes' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
    """


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_lists_of_items")]

    operations = [
        migrations.CreateModel(
            name="SpokenWords",
            fields=[
                ("id", models.UUIDField(default=yichuang.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("item", models.CharField(max_length=60, unique=True)),
                ("words", ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("saved_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            _FUNCTION.format(free="ARRAY['retired_at', 'search', 'spoken']"), _FUNCTION.format(free="'retired_at'::text")
        ),
    ]
