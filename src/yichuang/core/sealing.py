"""For migrations: a column of plain text becomes a sealed one, and what lies in it already is sealed too.

    operations = [*seal_column("cases", "material", "fault_zh", SealedText(aad="cases_material.fault_zh"))]

Undoing the migration opens the values again. Tables that refuse changes are opened for the step alone.
"""

import json
from collections.abc import Callable
from typing import Any

from django.db import migrations, models

from yichuang.core import crypto
from yichuang.core.fields import SealedJson, SealedText, dump

_BATCH = 500


def seal_column(
    app: str, model: str, column: str, sealed: SealedText, *, append_only: bool = False
) -> list[migrations.AlterField | migrations.RunPython]:
    """The steps for one column; `sealed` is the field that it becomes."""
    plain: models.Field[Any, Any] = models.TextField(null=sealed.null, blank=sealed.blank)

    def close(text: str) -> str:
        if sealed.keep_empty and not text:
            return text
        return crypto.seal(dump(json.loads(text)) if isinstance(sealed, SealedJson) else text, aad=sealed.aad)

    def reopen(token: str) -> str:
        return token if sealed.keep_empty and not token else crypto.unseal(token, aad=sealed.aad)

    def step(change: Callable[[str], str]) -> Callable[[Any, Any], None]:
        return lambda apps, editor: _rewrite(apps.get_model(app, model), column, change, editor, append_only)

    return [
        migrations.AlterField(model, column, plain),
        migrations.RunPython(step(close), step(reopen)),
        migrations.AlterField(model, column, sealed),
    ]


def _rewrite(model: Any, column: str, change: Callable[[str], str], editor: Any, append_only: bool) -> None:
    """Rewrite every value, as the database holds it, batch by batch."""
    table, key = model._meta.db_table, model._meta.pk.column
    trigger = f"ALTER TABLE {table} %s TRIGGER {table}_append_only"
    with editor.connection.cursor() as cursor:
        if append_only:
            cursor.execute(trigger % "DISABLE")
        last: Any = None
        while rows := _batch(cursor, table, key, column, last):
            last = rows[-1][0]
            changed = [(change(value), identity) for identity, value in rows if value is not None]
            cursor.executemany(f'UPDATE {table} SET "{column}" = %s WHERE "{key}" = %s', changed)
        # A row written twice in one transaction leaves checks of its foreign keys for the end, and while such checks
        # wait, PostgreSQL alters the table no more: they are done here.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if append_only:
            cursor.execute(trigger % "ENABLE")


def _batch(cursor: Any, table: str, key: str, column: str, last: Any) -> list[Any]:
    behind, values = (f'WHERE "{key}" > %s', [last]) if last is not None else ("", [])
    cursor.execute(f'SELECT "{key}", "{column}" FROM {table} {behind} ORDER BY "{key}" LIMIT {_BATCH}', values)
    return list(cursor.fetchall())
