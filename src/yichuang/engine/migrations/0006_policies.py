"""Row-level policies: a role that owns no table sees the processes of one tenant only (docs/adr/0025).

Not forced: the house itself owns the tables and runs the processes of all tenants, without paying for it.
"""

from django.db import migrations

OWN = "tenant = nullif(current_setting('yichuang.tenant', true), '')"
TABLES = {
    "engine_instance": OWN,
    "engine_task": OWN,
    "engine_wait": OWN,
    "engine_token": "EXISTS (SELECT FROM engine_instance i WHERE i.id = instance_id)",  # under the policy of that table
}


class Migration(migrations.Migration):
    dependencies = [("engine", "0005_paused")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY {table}_of_tenant ON {table} USING ({test})",
            f"DROP POLICY {table}_of_tenant ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
        for table, test in TABLES.items()
    ]
