"""Webhooks: addresses that are told, and news that wait to be taken; behind the wall like all that a tenant keeps."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import yichuang.core.fields
from yichuang.core.ids import new_id
from yichuang.tenants import wall

TABLES = ("tenants_hook", "tenants_delivery")
OWN = "tenant_id = nullif(current_setting('yichuang.tenant', true), '')::uuid"
WHOLE = "current_setting('yichuang.whole', true) = 'on' AND current_user <> 'yichuang_tenant'"
KEPT = ("tenants_part", "tenants_row", "tenants_mark", "tenants_order", "tenants_run", "tenants_usage", *TABLES)


def build(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        wall.build(cursor, KEPT)


def _id() -> Any:
    return models.UUIDField(default=new_id, editable=False, primary_key=True, serialize=False)


def _tenant() -> Any:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
    )


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_ranges")]
    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                ("id", _id()),
                ("url", models.CharField(max_length=500)),
                ("secret", yichuang.core.fields.SealedText(aad="tenants_hook.secret")),
                ("kinds", models.JSONField()),
                ("on", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, default="", max_length=20)),
                ("lost", models.IntegerField(default=0)),
                ("tenant", _tenant()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("tenant", "url"), name="tenants_hook_once")]},
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", _id()),
                ("kind", models.CharField(max_length=20)),
                ("body", models.JSONField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("fault", models.CharField(blank=True, default="", max_length=20)),
                ("tenant", _tenant()),
                (
                    "hook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="tenants.hook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "state", "next_at", "id"], name="tenants_delivery_due"),
                    models.Index(fields=["hook", "state", "id"], name="tenants_delivery_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=["waiting", "dead"]), name="tenants_delivery_state"
                    )
                ],
            },
        ),
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
