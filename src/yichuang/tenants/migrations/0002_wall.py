"""The wall between tenants: policies on all that a tenant keeps, forced on the tables' owner too (docs/adr/0025)."""

from typing import Any

from django.db import migrations

from yichuang.tenants import wall

TABLES = ("tenants_part", "tenants_row", "tenants_mark", "tenants_run", "tenants_usage")
OWN = "tenant_id = nullif(current_setting('yichuang.tenant', true), '')::uuid"
# A dump must hold all rows. Nobody but the backup sets this, and the role of tenants gains nothing by it.
WHOLE = "current_setting('yichuang.whole', true) = 'on' AND current_user <> 'yichuang_tenant'"


def build(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        wall.build(cursor, TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_initial"),
        ("engine", "0006_policies"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
                f"CREATE POLICY {table}_of_tenant ON {table} USING ({OWN}) WITH CHECK ({OWN});"
                f"CREATE POLICY {table}_whole ON {table} FOR SELECT USING ({WHOLE})",
                f"DROP POLICY {table}_of_tenant ON {table}; DROP POLICY {table}_whole ON {table};"
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            )
            for table in TABLES
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
