"""Django's PostgreSQL engine, and two things more: prepared statements for hot paths, and a cheaper look at the line.

Django binds values on the client, so PostgreSQL reads and plans every statement anew: for a wide table that takes
several times what running it takes. What goes through `core.sql` is bound and prepared by the server instead.
"""

import re
import select
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus
from psycopg.sql import Literal

from yichuang.core.database.prepared import Answer, Prepared

_VALUE = re.compile(r"\$(\d+)")


class DatabaseOperations(operations.DatabaseOperations):
    """So that what the server bound is logged with its values too."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        if isinstance(cursor, psycopg.ClientCursor):
            return str(super().last_executed_query(cursor, sql, params))
        return _VALUE.sub(lambda mark: Literal(params[int(mark[1]) - 1]).as_string(self.connection.connection), sql)


def _key(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    if list not in map(type, values):
        return (sql, *values)
    return (sql, *[tuple(value) if type(value) is list else value for value in values])


class _Seen:
    """A statement on its way through what counts, logs and refuses statements: those want a cursor."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared

    def execute(self, sql: str, values: Sequence[Any]) -> None:
        self.answer = self.prepared.execute(sql, values)


class _Cursor(CursorWrapper):
    """Django's, which sends what waits before each of its statements: it may be older than what waits."""

    db: "DatabaseWrapper"

    def _execute(self, *arguments: Any) -> Any:
        self.db.flush()
        return super()._execute(*arguments)  # type: ignore[misc]  # the stubs do not know it

    def _executemany(self, *arguments: Any) -> Any:
        self.db.flush()
        return super()._executemany(*arguments)  # type: ignore[misc]  # nor this


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection of one thread."""

    ops_class = DatabaseOperations
    foreseen: dict[tuple[Any, ...], Answer | None]  # what was asked ahead; None: it still waits
    notifies = False  # does the present transaction carry a NOTIFY?
    told: set[str]  # what it tells by that
    together = False  # may what needs no answer wait for the next statement that does?
    _prepared: Prepared
    _debug = False

    def init_connection_state(self) -> None:
        self._prepared = Prepared(self.connection)
        self.foreseen, self.told = {}, set()
        self._debug = settings.DEBUG
        super().init_connection_state()

    @property
    def watched(self) -> bool:
        """Whether somebody counts, logs or refuses each statement here. (Django's own question looks at the settings anew.)"""
        return bool(self.execute_wrappers) or self.force_debug_cursor or self._debug

    def execute_prepared(self, sql: str, values: Sequence[Any]) -> Answer:
        """Run a statement that the server keeps prepared. Counted, logged and refused as what goes through cursors."""
        if not self.in_atomic_block or self.connection is None:  # a transaction that goes on has its line
            self.close_if_health_check_failed()
            self.ensure_connection()
        if self.watched:
            seen = _Seen(self._prepared)
            self._prepare_cursor(seen).execute(sql, values)  # type: ignore[attr-defined]  # wraps any cursor; the stubs know one
            return seen.answer
        if self.needs_rollback:  # not whose thread it is: `core.sql` gives each thread its own
            self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            if self.foreseen and (key := _key(sql, values)) in self.foreseen:
                if self.foreseen[key] is None:
                    self._prepared.flush()
                return cast(Answer, self.foreseen.pop(key))
            return self._prepared.execute(sql, values)

    def execute_ahead(self, sql: str, values: Sequence[Any]) -> None:
        """Ask now what will be asked later in this transaction: it travels with the next statement, its answer is kept."""
        if self.together and self.in_atomic_block and not self.watched:
            key = _key(sql, values)
            self.foreseen[key] = None
            self.execute_later(sql, values, partial(self.foreseen.__setitem__, key))

    def execute_later(
        self, sql: str, values: Sequence[Any], check: Callable[[Answer], None], sure: bool = False
    ) -> None:
        """Run a prepared statement whose answer nobody waits for: at once, or `together` with the next one.

        `sure`: its check cannot fail where the server took it, so it may go out with the COMMIT.
        """
        if not self.together or not self.in_atomic_block or self.watched:
            check(self.execute_prepared(sql, values))
            return
        if self.needs_rollback:
            self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            self._prepared.later(sql, values, check, sure)

    def flush(self) -> None:
        """Send what waits: before anything goes to the server by another way."""
        if self.connection is not None and self._prepared.waiting:
            with self.wrap_database_errors:
                self._prepared.flush()

    def settle(self) -> None:
        """Send what waits, unless all of it may go out with the COMMIT that comes next."""
        if self.connection is not None and (self.savepoint_ids or not self._prepared.sure):
            self.flush()

    def forget(self) -> None:
        """Never send what waits: what it belongs to has failed."""
        if self.connection is not None:
            self.foreseen.clear()
            self._prepared.forget()

    def create_cursor(self, name: str | None = None) -> Any:
        self.flush()
        return super().create_cursor(name)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return _Cursor(cursor, self)

    def _savepoint(self, sid: str) -> None:
        if not self._travels(f"SAVEPOINT {self.ops.quote_name(sid)}"):
            super()._savepoint(sid)  # type: ignore[misc]  # the stubs do not know it

    def _savepoint_commit(self, sid: str) -> None:
        if not self._travels(f"RELEASE SAVEPOINT {self.ops.quote_name(sid)}"):
            super()._savepoint_commit(sid)  # type: ignore[misc]  # nor this

    def _savepoint_rollback(self, sid: str) -> None:
        self.told.clear()  # maybe told in what is undone: said once more it harms nobody
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # nor this

    def _travels(self, statement: str) -> bool:
        """`together`, what frames a part of a transaction waits in its place like the rows around it."""
        if not self.together or not self.in_atomic_block or self.watched:
            return False
        self._prepared.frame(statement)
        return True

    def _commit(self) -> None:
        with self.wrap_database_errors:
            done = self.connection is not None and self._prepared.commit()
        self.foreseen.clear()
        self.notifies, self.told = False, set()
        if not done:
            super()._commit()  # type: ignore[misc]  # the stubs do not know it

    def _rollback(self) -> None:
        self.forget()
        self.notifies, self.told = False, set()
        super()._rollback()  # type: ignore[misc]  # nor this

    def is_usable(self) -> bool:
        """Whether the server is still at the other end, asked of the socket and not of the server: no round trip.

        A server that ends a connection says so and closes it; whatever else it says unasked is read and kept.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = self.connection.pgconn
        if line.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.INTRANS}:
            return False
        poll = select.poll()
        poll.register(line.socket, select.POLLIN)
        try:
            while poll.poll(0):
                line.consume_input()  # raises at the end of the line
        except psycopg.Error:
            return False
        return True
