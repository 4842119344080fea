"""Statements of hot paths: bound and prepared by the server, planned once per connection instead of once per request.

    found = sql.rows("SELECT value FROM network_stamp WHERE name = $1", [group])

Values stand as PostgreSQL writes them: `$1`, `$2`, each as often as needed. The server has to know the kind of a value
before it sees one: say `$1::text` where neither a column nor a function tells (`SELECT $1`, or one value in two places
of different kinds). After some runs PostgreSQL may keep one plan for all values: what needs another plan for other
values (one department with a fifth of all cases, say) does not belong here. A list is `ANY((SELECT $1::uuid[])::uuid[])`:
where PostgreSQL sees how long it is, it never keeps a plan, and planning takes longer than a look by keys.
"""

import re
import threading
from asyncio import _get_running_loop
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import count
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yichuang.core.database.base import DatabaseWrapper
from yichuang.core.database.prepared import Answer

Row = tuple[Any, ...]


def rows(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """Every row. JSON columns come as text, sealed ones sealed."""
    return _database().execute_prepared(statement, values).rows


def row(statement: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row, or None."""
    found = _database().execute_prepared(statement, values).rows
    return found[0] if found else None


def run(statement: str, values: Sequence[Any] = ()) -> int:
    """How many rows were written."""
    return _database().execute_prepared(statement, values).count


def later(statement: str, values: Sequence[Any], *, rows: int, sure: bool = False) -> None:
    """Write exactly so many rows. Inside `together` it waits for the next statement that needs an answer.

    Raises when there were fewer or more: a defect, and the transaction must not be kept. `sure`: what can be neither, as
    an INSERT that skips nothing; it may even wait for the COMMIT and travel with it.
    """

    def check(answer: Answer) -> None:
        if answer.count != rows:
            raise RuntimeError(f"{answer.count} rows instead of {rows}: {statement[:60]}")

    _database().execute_later(statement, values, check, sure)


def ahead(statement: str, values: Sequence[Any] = ()) -> None:
    """Inside `together` and a transaction: ask already what `rows` will ask with the same values, once, further on.

    It travels with the next statement. For what the transaction itself does not change before it asks; what changes
    outside in between is seen as if the question had come that much earlier.
    """
    _database().execute_ahead(statement, values)


@contextmanager
def together() -> Iterator[None]:
    """Inside, rows that are written wait for the next statement that needs an answer, and reach the server with it.

    Every other way to the server sends them first: nothing overtakes them, nothing of them is missing at the COMMIT. Only the
    error of a row that cannot be stored comes later; so not around code that catches one.
    """
    database = _database()
    before, database.together = database.together, True
    try:
        yield
        if not before:
            database.settle()
    except BaseException:
        database.forget()
        raise
    finally:
        database.together = before
        if not before:
            database.foreseen.clear()


@contextmanager
def joined() -> Iterator[None]:
    """Part of the transaction that goes on, or else one of its own; without a savepoint, which would cost two statements."""
    with nullcontext() if _database().in_atomic_block else transaction.atomic():
        yield


_MAY_SCAN = """
WITH before AS MATERIALIZED (SELECT current_setting('enable_seqscan') AS setting)
SELECT setting, set_config('enable_seqscan', 'on', true) FROM before
"""


@contextmanager
def scanning() -> Iterator[None]:
    """Inside, in a transaction of its own, the server may read whole tables where that is less work.

    For figures over many rows: the connections of doors drive it to its indexes (`settings.env.DOORS`), and there it would
    fetch a large part of a table row by row.
    """
    with transaction.atomic(), _database().cursor() as cursor:
        cursor.execute(_MAY_SCAN)
        before = cursor.fetchone()[0]
        yield
        cursor.execute(
            "SELECT set_config('enable_seqscan', %s, true)", [before]
        )  # the transaction may go on around this


def will_notify() -> None:
    """Say that the present transaction carries a NOTIFY (see `core.live`)."""
    database = _database()
    database.notifies = database.in_atomic_block


def notifies() -> bool:
    """Whether the present transaction carries a NOTIFY anyway."""
    database = _database()
    return database.in_atomic_block and database.notifies


def told() -> set[str]:
    """What the present transaction tells by its NOTIFY, to be added to; the set is this transaction's for good."""
    database = _database()
    return database.told if database.in_atomic_block else set()


def numbered(statement: str) -> str:
    """A statement as Django writes it (`%s`) in PostgreSQL's own spelling."""
    numbers = count(1)
    return re.sub("%[s%]", lambda mark: "%" if mark[0] == "%%" else f"${next(numbers)}", statement)


def _database() -> DatabaseWrapper:
    """The connection that `transaction.atomic` speaks of here, asked anew each time: where an event loop runs in the thread,
    Django has another one than outside of it, and a statement on the wrong one would be in no transaction.

    Outside of loops it is the thread's for good; Django takes several times as long to find it.
    """
    if _get_running_loop() is not None:
        return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
    if _thread.database is None:
        _thread.database = cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
    return _thread.database


class _Thread(threading.local):
    database: DatabaseWrapper | None = None


_thread = _Thread()
