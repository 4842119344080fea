"""The rows of the whole test database, kept by name and put back in a blink.

A transactional test ends with an empty database; Django truncates every table for that and loads its own rows again
(over a second), and whoever wants the demo loads it again (some seconds more). Here the rows of a moment are copied
into a schema of their own, and putting them back is one round trip of DELETE and INSERT: the trap doors of the house
(append-only tables, foreign keys) are shut while that runs, and nobody's connection is disturbed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from yichuang.core.ledger import checkpoints_file

BARE = "bare"  # what the migrations leave
_UNTOUCHED = {"django_migrations"}
_COLUMNS = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname
"""

T = TypeVar("T")

_kept: set[str] = set()
_loaded: dict[str, Any] = {}  # by snapshot: what its loader returned
_now = ""  # the snapshot that the tables hold, as far as is known
wanted = BARE  # what the test that runs now begins from, and leaves behind


@cache
def _tables() -> dict[str, str]:
    """Table → its columns that can be written."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return {table: columns for table, columns in cursor.fetchall() if table not in _UNTOUCHED}


def has(name: str) -> bool:
    """Whether rows of that name are kept in this worker's database."""
    return name in _kept


def take(name: str) -> None:
    """Keep all rows as they are now."""
    global _now
    kept = f"kept_{name}"
    copies = "".join(f'CREATE TABLE {kept}."{table}" AS TABLE public."{table}";' for table in _tables())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {kept} CASCADE; CREATE SCHEMA {kept}; {copies}")
    _kept.add(name)
    _now = name


def restore(name: str) -> None:
    """Put all rows back as they were. Sequences go on: numbers given since are not given again."""
    global _now
    back = "".join(
        f'DELETE FROM public."{table}"; INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE '
        f'SELECT {columns} FROM kept_{name}."{table}";'
        for table, columns in _tables().items()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL session_replication_role = replica; {back} SET LOCAL session_replication_role = DEFAULT"
        )
    if connection.in_atomic_block:
        _now = ""  # a test's own transaction is taken back
        return
    _now = name
    checkpoints_file().unlink(missing_ok=True)  # those of the ledger that was there: the one put back is no cut-off one


@contextmanager
def lent(name: str, load: Callable[[], T], *, base: str = BARE) -> Iterator[T]:
    """What `load` leaves on top of the base, for a file of tests; each works in a savepoint inside, and nothing stays.

    It is loaded once for each worker and put back for every further file. What `load` returned comes as a copy.
    """
    global _now
    if not has(name):
        restore(base)
        _loaded[name] = load()
        take(name)
        restore(base)
    before = _now
    with taken_back():
        restore(name)
        yield deepcopy(_loaded[name])
    _now = before


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that never ends well; commands that insist on being outermost may run in it, as in Django's TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]  # what TestCase sets on its own
    with atomic:
        yield
        transaction.set_rollback(True)


def _before(cls: Any) -> None:
    if _now != wanted:
        restore(wanted)


def _after(self: Any) -> None:
    global _now
    _now = ""
    restore(wanted)


def instead_of_flush(patch: pytest.MonkeyPatch) -> None:
    """Transactional tests begin from `wanted` and leave it behind, where Django would truncate everything."""
    patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(_before))
    patch.setattr(TransactionTestCase, "_fixture_teardown", _after)
