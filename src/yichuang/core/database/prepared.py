"""Statements that the server keeps prepared, one exchange each.

psycopg can prepare too, but works through some forty calls for a statement; a filing sends twenty. This says the same to
the server with its building blocks: values become text by psycopg's rules, rows become Python values by them.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, OperationalError, errors
from psycopg.abc import AdaptContext
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

PREPARED_MOST = 400  # statements kept per connection; the hot ones are fewer
_OUTLIVED = frozenset(
    {b"0A000", b"26000"}
)  # "cached plan must not change result type" (a migration); no such statement
_UNSAID = 0  # the kind of a text or NULL: the server finds it out
_DONE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})  # the line itself speaks in plain numbers
Types = tuple[int, ...]


class Answer:
    """What the server said: rows, and how many were written."""

    __slots__ = ("count", "rows")

    def __init__(self, rows: list[tuple[Any, ...]], count: int) -> None:
        self.rows = rows
        self.count = count


class Statement:
    """One statement: its text, how its values and rows are read, and under which names the server keeps it."""

    __slots__ = ("known", "reader", "text")

    def __init__(self, text: str, context: AdaptContext) -> None:
        self.text = text.encode()
        self.reader = Transformer.from_context(context)
        self.known: list[tuple[Types, bytes]] = []  # kinds of values → name

    def name_for(self, types: Types) -> bytes | None:
        """The name of a plan that takes values of these kinds; they come as text, so what was unsaid takes any."""
        for declared, name in self.known:
            if declared == types or all(
                d in (_UNSAID, t) or t == _UNSAID for d, t in zip(declared, types, strict=True)
            ):
                return name
        return None


class Prepared:
    """The statements of one connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self.line = connection.pgconn
        self.keep = connection.prepare_threshold is not None  # a pooler may carry no prepared statements
        # moments are read in C: Django's reader gives the same in UTC, at ten times the price
        self.adapters = AdaptersMap(connection.adapters)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)
        self.statements: dict[str, Statement] = {}
        self.names = 0

    def execute(self, text: str, values: Sequence[Any]) -> Answer:
        """Send one statement. Raises psycopg's errors; begins a transaction where psycopg would."""
        if not self.connection.autocommit and self.line.transaction_status == TransactionStatus.IDLE:
            self._checked(self.line.exec_(b"BEGIN"))
        statement = self.statements.get(text)
        if statement is None:
            statement = self._remember(text)
        reader = statement.reader
        sent: Any = reader.dump_sequence(values, [PyFormat.TEXT] * len(values))
        types = reader.types or ()
        if self.keep:
            name = statement.name_for(types) or self._prepare(statement, types)
            answer = self._checked(self.line.exec_prepared(name, sent))
        else:
            answer = self._checked(self.line.exec_params(statement.text, sent, types))
        reader.set_pgresult(answer)
        return Answer(reader.load_rows(0, answer.ntuples, tuple), answer.command_tuples or 0)

    def _remember(self, text: str) -> Statement:
        if len(self.statements) >= PREPARED_MOST:
            self.statements.clear()
            self._checked(self.line.exec_(b"DEALLOCATE ALL"))
        statement = self.statements[text] = Statement(text, self)
        return statement

    def _prepare(self, statement: Statement, types: Types) -> bytes:
        name = b"hot%d" % self.names
        self.names += 1
        self._checked(self.line.prepare(name, statement.text, types))
        statement.known.append((types, name))
        return name

    def _checked(self, answer: Any) -> Any:
        if answer.status in _DONE:
            return answer
        if not answer.error_field(DiagnosticField.SQLSTATE):  # not the server's word: the line is dead
            raise OperationalError(answer.get_error_message(self.connection.info.encoding))
        if answer.error_field(DiagnosticField.SQLSTATE) in _OUTLIVED:
            self.statements.clear()  # all that stood here may be gone or stale: the next time each is prepared anew
        raise errors.error_from_result(answer, self.connection.info.encoding)
