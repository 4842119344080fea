"""The wall between tenants (行级隔离): PostgreSQL's row-level policies, entered for one tenant and for one transaction.

Inside, the connection has the rights of the role `yichuang_tenant` and nothing else: it owns no table, bypasses no
policy, and sees the rows whose tenant is the setting `yichuang.tenant`. Both end with the transaction, or with `inside`.
Whoever forgets to enter is stopped by the models themselves (`models.Owned`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

ROLE: Final = "yichuang_tenant"
OWNED: Final = (
    "tenants_part",
    "tenants_row",
    "tenants_mark",
    "tenants_order",
    "tenants_run",
    "tenants_usage",
    "tenants_hook",
    "tenants_delivery",
)
_now: ContextVar[UUID | None] = ContextVar("tenants_inside", default=None)

_ENTER = "SELECT set_config('yichuang.tenant', %s, true), set_config('role', %s, true)"

# Two databases of one server are migrated at once (tests): who comes second finds the role there.
_MAKE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT pg_has_role(session_user, '{ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {ROLE} TO %I', session_user);
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$
"""
_THERE = f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')"
# What the engine needs for a tenant's processes, and the queue for their signals; no other table of the house.
_RIGHTS = f"""
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON engine_instance, engine_token, engine_task, engine_wait TO {ROLE};
GRANT SELECT, INSERT ON engine_processdefinition TO {ROLE};
GRANT USAGE ON SEQUENCE engine_token_id_seq, procrastinate_jobs_id_seq, procrastinate_events_id_seq TO {ROLE};
GRANT INSERT, SELECT (id) ON procrastinate_jobs TO {ROLE};
GRANT INSERT ON procrastinate_events TO {ROLE};
"""


def current() -> UUID | None:
    """The tenant inside whose wall the present code runs."""
    return _now.get()


@contextmanager
def inside(tenant: UUID) -> Iterator[None]:
    """A transaction, or a part of one, that sees and writes one tenant's rows only."""
    before = _now.get()
    with transaction.atomic():  # what fails inside takes role and setting back by itself
        _enter(tenant)
        mark = _now.set(tenant)
        try:
            yield
        finally:
            _now.reset(mark)
        _enter(before)


def _enter(tenant: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [str(tenant or ""), ROLE if tenant else "none"])


def build(cursor: Any, tables: Sequence[str] = OWNED) -> bool:
    """Make the role and its rights where they are missing: after migrating, and in a database that was restored (a dump
    holds neither). `tables`: those that a migration knows. False where the login may not make roles and nobody has made this one (docs/how-to/install.md)."""
    cursor.execute(_MAKE)
    cursor.execute(_THERE)
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(_RIGHTS % ", ".join(tables))
    return True


def stands() -> bool:
    """Whether tenants can be kept apart here: the role is there, and this login may take it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}' AND NOT rolsuper AND NOT rolbypassrls AND pg_has_role(session_user, oid, 'MEMBER'))")  # fmt: skip
        return bool(cursor.fetchone()[0])
