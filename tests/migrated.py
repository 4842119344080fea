"""The tables as the migrations leave them, kept on the server for the next run: applying them all takes longer than most tests.

The test database is made as a copy of a database named by a hash of every migration file, so a changed migration makes a
new one. On a server that is made for one run (`./run test`), the workers of that run share it.
"""

import hashlib
import inspect
import re
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

PREFIX = "migrated_"
KEPT = 8  # worktrees with different migrations on one server
LOCK = 5_220_419  # two workers begin at once: one migrates, the other waits for the copy

LAYOUT = """
SELECT concat_ws(' ', t.relname, what) AS line FROM pg_class t CROSS JOIN LATERAL (
  SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
    nullif(a.attidentity, ''), pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = t.oid
  UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = t.oid
  UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = t.oid AND NOT tgisinternal
) AS found (what) WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace
"""


def prepare() -> None:
    """Have the test database made from the migrated one, which is made first where it is missing."""
    name = PREFIX + _hash()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # Django's own way to a server without a database
        cursor.execute("SET lock_timeout = 0")  # the one that waits does so for as long as migrating takes
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not _exists(cursor, name):
            _drop_old(cursor)
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_new" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}_new"')
            _migrate(f"{name}_new")
            cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _hash() -> str:
    found = hashlib.sha256()
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        source = inspect.getsourcefile(sys.modules[type(migration).__module__])
        assert source is not None
        with open(source, "rb") as file:
            found.update(f"{app}.{name}".encode() + file.read())
    return found.hexdigest()[:16]


def layout(cursor: Any) -> list[str]:
    """Each column, constraint, index and trigger of the house's tables, one a line, in order.

    Without casts and brackets: a dump that is read back says them in other places.
    """
    cursor.execute(LAYOUT)
    return sorted(re.sub(r"::[a-z ]+(\[\])?|[()]", "", line) for (line,) in cursor.fetchall())


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def _drop_old(cursor: Any) -> None:
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [f"{PREFIX}%"])
    for (old,) in cursor.fetchall()[KEPT:]:
        cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')


def _migrate(name: str) -> None:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ProjectState, "add_model", _add_model)
            patch.setattr(ProjectState, "_append_option", _append_option)
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _add_model(state: ProjectState, model: ModelState) -> None:
    """Make the new model's class and leave the others: Django makes those of all models around it anew, each time.

    A third of the time of migrating went there and for indexes, while the other worker waits. That the tables come out
    as Django's own way makes them, `tests/upgrade` shows.
    """
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model])


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """A further index or constraint is no reason for a new class: it is read from the operation."""
    model = state.models[app_label, model_name]
    model.options[option_name] = [*model.options[option_name], obj]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option_name, model.options[option_name])
