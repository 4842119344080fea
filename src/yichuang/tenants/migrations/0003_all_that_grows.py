"""Runs count for what the engine keeps of them, time of the processor for each minute; and the figures of all tenants are
readable at once for the house's own login: numbers, no data."""

from typing import Any

from django.db import migrations, models

from yichuang.tenants import wall

FIGURES = "current_user <> 'yichuang_tenant'"
# As `tenants.books` weighs a run, for those that were there before.
WEIGH = """
WITH own AS (SELECT i.id, i.subject_id, pg_column_size(i.*) AS size FROM engine_instance i WHERE i.subject_kind = 'run'),
parts AS (
    SELECT subject_id, size FROM own
    UNION ALL SELECT own.subject_id, pg_column_size(t.*) FROM engine_task t JOIN own ON own.id = t.instance_id
    UNION ALL SELECT own.subject_id, pg_column_size(w.*) FROM engine_wait w JOIN own ON own.id = w.instance_id
    UNION ALL SELECT own.subject_id, pg_column_size(k.*) FROM engine_token k JOIN own ON own.id = k.instance_id)
UPDATE tenants_run r SET size = 300 + coalesce((SELECT sum(size) FROM parts WHERE parts.subject_id = r.id), 0);
UPDATE tenants_usage SET bytes = bytes + coalesce((SELECT sum(size) FROM tenants_run), 0);
"""


def weigh(apps: Any, schema_editor: Any) -> None:
    """Each tenant's inside its own wall: the tables' owner is held by the policies as well."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_tenant ORDER BY id")
        for (tenant,) in cursor.fetchall():
            with wall.inside(tenant):
                cursor.execute(WEIGH)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_wall"), ("engine", "0007_timers_in_turn")]
    operations = [
        migrations.RemoveConstraint(model_name="tenant", name="tenants_tenant_quotas"),
        migrations.AddField(model_name="pace", name="cpu", field=models.IntegerField(default=0)),
        migrations.AddField(model_name="run", name="size", field=models.BigIntegerField(default=0)),
        migrations.AddField(model_name="tenant", name="most_cpu", field=models.BigIntegerField(default=20_000)),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                name="tenants_tenant_quotas",
                condition=models.Q(most_rows__gt=0, most_bytes__gt=0, most_runs__gt=0, most_calls__gt=0, most_cpu__gt=0),
            ),
        ),
        migrations.RunSQL(
            f"CREATE POLICY tenants_usage_figures ON tenants_usage FOR SELECT USING ({FIGURES})",
            "DROP POLICY tenants_usage_figures ON tenants_usage",
        ),
        migrations.RunPython(weigh, migrations.RunPython.noop),
    ]
