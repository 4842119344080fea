"""Rows in the order of a column: sorted, between bounds, behind the wall like all that a tenant keeps."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from yichuang.core.ids import new_id
from yichuang.tenants import wall

TABLE = "tenants_order"
OWN = "tenant_id = nullif(current_setting('yichuang.tenant', true), '')::uuid"
WHOLE = "current_setting('yichuang.whole', true) = 'on' AND current_user <> 'yichuang_tenant'"
KEPT = ("tenants_part", "tenants_row", "tenants_mark", "tenants_run", "tenants_usage", TABLE)


def build(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        wall.build(cursor, KEPT)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_all_that_grows")]
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=new_id, editable=False, primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=40)),
                ("group", models.CharField(max_length=260)),
                ("value", models.CharField(max_length=64)),
                ("key", models.CharField(db_collation="C", max_length=200)),
                (
                    "row",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="orders",
                        to="tenants.row",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "table", "group", "value", "key", "row"], name="tenants_order_read")
                ],
                "constraints": [models.UniqueConstraint(fields=("row", "group"), name="tenants_order_once")],
            },
        ),
        migrations.RunSQL(
            f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY; ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY {TABLE}_of_tenant ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});"
            f"CREATE POLICY {TABLE}_whole ON {TABLE} FOR SELECT USING ({WHOLE})",
            f"DROP POLICY {TABLE}_of_tenant ON {TABLE}; DROP POLICY {TABLE}_whole ON {TABLE};"
            f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY",
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
