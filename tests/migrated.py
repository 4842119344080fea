"""The tables as the migrations leave them, kept on the server for the next run: applying them all takes longer than most tests.

The test database is made as a copy of a database named by a hash of every migration file, so a changed migration makes a
new one. On a server that is made for one run (`./run test`), the workers of that run share it.
"""

import hashlib
import inspect
import sys
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PREFIX = "migrated_"
KEPT = 8  # worktrees with different migrations on one server
LOCK = 5_220_419  # two workers begin at once: one migrates, the other waits for the copy


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
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
