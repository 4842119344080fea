"""Statements that the server keeps prepared, one exchange each, or several in one.

psycopg can prepare too, but works through some forty calls for a statement; a filing sends twenty. This says the same to
the server with its building blocks: values become text by psycopg's rules, rows become Python values by them.

An exchange costs more than most statements: two processes wake each other. What needs no answer may wait for the next
statement that does (`later`) and travel with it (libpq's pipeline mode); so does the BEGIN.
"""

import select
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, OperationalError, errors
from psycopg.abc import AdaptContext
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

PREPARED_MOST = 400  # statements kept per connection; the hot ones are fewer
_MOST_WAITING = 40  # so that an exchange stays small; what is too much for the socket all the same, `_send` sees to
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


class Message(NamedTuple):
    """A statement with its values, ready to go; `check` is told what became of it."""

    statement: Statement
    name: bytes | None  # of the prepared statement; without, the text goes along
    types: Types
    values: Any
    check: Callable[[Answer], None] | None = None
    sure: bool = True  # can only the server find fault with it? Else it must be answered before the COMMIT goes out


class Prepared:
    """The statements of one connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self.line: Any = connection.pgconn
        self.keep = connection.prepare_threshold is not None  # a pooler may carry no prepared statements
        # moments are read in C: Django's reader gives the same in UTC, at ten times the price
        self.adapters = AdaptersMap(connection.adapters)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)
        self.statements: dict[str, Statement] = {}
        self.names = 0
        self.waiting: list[Message] = []
        self._begin = Message(Statement("BEGIN", self), None, (), ())
        self._commit = Message(Statement("COMMIT", self), None, (), ())
        self._socket = select.poll()
        self._socket.register(self.line.socket, select.POLLIN)

    def execute(self, text: str, values: Sequence[Any]) -> Answer:
        """Send a statement, behind those that wait. Raises psycopg's errors; begins a transaction where psycopg would."""
        message = self._message(text, values)
        if before := self._taken():
            return self._exchange([*before, message])
        if message.name is not None:
            return self._read(message, self.line.exec_prepared(message.name, message.values))
        return self._read(message, self.line.exec_params(message.statement.text, message.values, message.types))

    def later(self, text: str, values: Sequence[Any], check: Callable[[Answer], None], sure: bool = False) -> None:
        """Let a statement wait for the next one, or for the end of the transaction."""
        self.waiting.append(self._message(text, values, check, sure))
        if len(self.waiting) >= _MOST_WAITING:
            self.flush()

    def frame(self, text: str) -> None:
        """Let a statement without values or rows, which is never said twice, wait like `later`."""
        self.waiting.append(Message(Statement(text, self), None, (), ()))

    def flush(self) -> None:
        """Send what waits."""
        if self.waiting:
            self._exchange(self._taken())

    @property
    def sure(self) -> bool:
        """Whether only the server can find fault with what waits."""
        return all(message.sure for message in self.waiting)

    def commit(self) -> bool:
        """Send what waits and the COMMIT in one exchange: where one of them fails, the server does not reach the COMMIT.

        False where nothing waits, or something whose answer has to be looked at first: that is sent, and nothing more.
        """
        if self.sure:
            return bool(self.waiting and self._exchange([*self._taken(), self._commit]))
        self.flush()
        return False

    def forget(self) -> None:
        """What waits is not sent: its transaction ends without it."""
        self.waiting = []

    def _taken(self) -> list[Message]:
        """What goes before the next statement: what waits, behind the BEGIN that psycopg leaves to the first statement."""
        taken, self.waiting = self.waiting, []
        if not self.connection.autocommit and self.line.transaction_status == TransactionStatus.IDLE:
            return [self._begin, *taken]
        return taken

    def _message(
        self,
        text: str,
        values: Sequence[Any],
        check: Callable[[Answer], None] | None = None,
        sure: bool = True,
    ) -> Message:
        statement = self.statements.get(text)
        if statement is None:
            statement = self._remember(text)
        sent = statement.reader.dump_sequence(values, [PyFormat.TEXT] * len(values))
        types = statement.reader.types or ()
        name = (statement.name_for(types) or self._prepare(statement, types)) if self.keep else None
        return Message(statement, name, types, sent, check, sure)

    def _remember(self, text: str) -> Statement:
        if len(self.statements) >= PREPARED_MOST and not self.waiting:  # what waits names what is prepared
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

    def _exchange(self, messages: list[Message]) -> Answer:
        """Send several statements in one exchange; the answer of the last. The first that fails ends the rest."""
        self.line.enter_pipeline_mode()
        for statement, name, types, values, _, _ in messages:
            if name is not None:
                self.line.send_query_prepared(name, values)
            else:
                self.line.send_query_params(statement.text, values, types)
        self.line.pipeline_sync()
        self._send()
        said = [self._next() for _ in messages]
        self._next(ends=False)  # the sync's own
        self.line.exit_pipeline_mode()
        answers = [self._read(message, one) for message, one in zip(messages, said, strict=True)]
        for message, answer in zip(messages, answers, strict=True):
            if message.check is not None:
                message.check(answer)
        return answers[-1]

    def _send(self) -> None:
        """All of it goes out: libpq keeps what the socket does not take at once (a large filing is several MB).

        The server reads on only while what it says meanwhile is read too. Without end, as all waiting for the server
        here: what waits for a lock is ended by lock_timeout, and a line that breaks is heard.
        """
        if not self.line.flush():
            return
        socket = select.poll()
        socket.register(self.line.socket, select.POLLIN | select.POLLOUT)
        while self.line.flush():
            if any(told & ~select.POLLOUT for _, told in socket.poll()):
                self.line.consume_input()  # raises at the end of the line

    def _next(self, *, ends: bool = True) -> Any:
        """The next result. Waits at the socket: libpq's own waiting would keep the other threads of the process waiting."""
        if self.line.is_busy():
            self._await()
        found = self.line.get_result()
        if found is None:
            raise OperationalError(self.line.get_error_message(self.connection.info.encoding))
        if ends:
            if self.line.is_busy():
                self._await()
            self.line.get_result()  # nothing: the end of this statement
        return found

    def _await(self) -> None:
        while self.line.is_busy():
            self._socket.poll()
            self.line.consume_input()

    def _read(self, message: Message, said: Any) -> Answer:
        self._checked(said)
        count = said.ntuples
        if not count:
            return Answer([], said.command_tuples or 0)
        reader = message.statement.reader
        reader.set_pgresult(said)
        return Answer(reader.load_rows(0, count, tuple), said.command_tuples or 0)

    def _checked(self, answer: Any) -> None:
        if answer.status in _DONE:
            return
        if not answer.error_field(DiagnosticField.SQLSTATE):  # not the server's word: the line is dead
            raise OperationalError(answer.get_error_message(self.connection.info.encoding))
        if answer.error_field(DiagnosticField.SQLSTATE) in _OUTLIVED:
            self.statements.clear()  # all that stood here may be gone or stale: the next time each is prepared anew
        raise errors.error_from_result(answer, self.connection.info.encoding)
