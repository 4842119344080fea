"""Django's PostgreSQL engine, and two things more: prepared statements for hot paths, and a cheaper look at the line.

Django binds values on the client, so PostgreSQL reads and plans every statement anew: for a wide table that takes
several times what running it takes. What goes through `core.sql` is bound and prepared by the server instead.
"""

import re
import select
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from psycopg.pq import TransactionStatus
from psycopg.sql import Literal

_VALUE = re.compile(r"\$(\d+)")
PREPARED_MOST = 400  # statements kept per connection; the hot ones are fewer, the oldest go first


class DatabaseOperations(operations.DatabaseOperations):
    """So that what the server bound is logged with its values too."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        if isinstance(cursor, psycopg.ClientCursor):
            return str(super().last_executed_query(cursor, sql, params))
        return _VALUE.sub(lambda mark: Literal(params[int(mark[1]) - 1]).as_string(self.connection.connection), sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection of one thread."""

    ops_class = DatabaseOperations
    _prepared: dict[str, psycopg.RawCursor[Any]]  # statement → its cursor, which remembers how to read its rows

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.connection.prepared_max = PREPARED_MOST
        self._prepared = {}

    def execute_prepared(self, sql: str, values: Sequence[Any]) -> psycopg.RawCursor[Any]:
        """Run a statement that the server keeps prepared; its rows are at hand until it runs again.

        Counted, logged and refused as what goes through Django's own cursors.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        cursor = self._prepared.get(sql)
        if cursor is None:
            cursor = self._new_cursor(sql)
        if self.execute_wrappers or self.queries_logged:
            self._prepare_cursor(cursor).execute(sql, values)  # type: ignore[attr-defined]
            return cursor
        self.validate_thread_sharing()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            cursor.execute(sql, values)
        return cursor

    def _new_cursor(self, sql: str) -> psycopg.RawCursor[Any]:
        if len(self._prepared) >= PREPARED_MOST:
            self._prepared.clear()
        cursor = self._prepared[sql] = psycopg.RawCursor(self.connection)
        return cursor

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
