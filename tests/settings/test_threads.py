"""The threaded worker of the pages: a thread that has answered stays with the connection for a moment."""

import io
import queue
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.errors import InvalidResponseHeader
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import Response
from gunicorn.workers.gthread import ThreadWorker
from hypothesis import given
from hypothesis import strategies as st

from yichuang.settings.processes.threads import Answer, Head, Quiet, StayingWorker


@pytest.fixture
def worker() -> StayingWorker:
    made = StayingWorker.__new__(StayingWorker)  # without a server around it
    made.alive = True
    made.tpool = SimpleNamespace(_work_queue=queue.SimpleQueue())
    made._places = threading.BoundedSemaphore(2)
    return made


@pytest.fixture
def ends() -> Iterator[tuple[Any, socket.socket]]:
    """A connection as gunicorn keeps it, and the client's end of its line."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield SimpleNamespace(sock=ours, parser=SimpleNamespace(unreader=SimpleNamespace(buf=io.BytesIO()))), theirs


def test_the_next_request_on_the_line_is_answered_by_the_same_thread(
    worker: StayingWorker, ends: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, client = ends
    client.send(b"12")  # two more requests that are there already
    answered: list[int] = []

    def handle(self: Any, conn: Any) -> bool:
        if answered:
            conn.sock.recv(1)
        answered.append(threading.get_ident())
        return True

    monkeypatch.setattr(ThreadWorker, "handle", handle)
    assert worker.handle(connection) is True  # nothing more came: back to gunicorn, which keeps the connection
    assert answered == [threading.get_ident()] * 3


@pytest.mark.parametrize("told", [False, object()])
def test_a_connection_that_is_not_kept_is_not_waited_for(
    worker: StayingWorker, ends: Any, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, client = ends
    client.send(b"1")
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: told)
    assert worker.handle(connection) is told


def test_no_thread_stays_while_somebody_waits_for_one(worker: StayingWorker, ends: Any) -> None:
    connection, client = ends
    client.send(b"1")
    assert worker._follows(connection)
    worker.tpool._work_queue.put("a request")
    assert not worker._follows(connection)


def test_half_of_the_threads_are_never_kept_waiting(worker: StayingWorker, ends: Any) -> None:
    connection, client = ends
    client.send(b"1")
    with worker._places, worker._places:
        assert not worker._follows(connection)
    assert worker._follows(connection)


def test_nobody_stays_when_the_worker_stops_or_the_client_is_silent(worker: StayingWorker, ends: Any) -> None:
    connection, client = ends
    assert not worker._follows(connection)
    client.send(b"1")
    worker.alive = False
    assert not worker._follows(connection)


def test_what_was_read_ahead_is_left_to_gunicorn(worker: StayingWorker, ends: Any) -> None:
    connection, client = ends
    client.send(b"1")
    connection.parser.unreader.buf.write(b"GET /")
    assert not worker._follows(connection)


# ── the answer ────────────────────────────────────────────────────────────────────────────────────────────────────

HEADERS = [
    ("Content-Type", "text/html"),
    ("Content-Length", "5"),
    ("Vary", " Cookie\t"),
    ("Connection", "close"),
    ("X-Own", "1"),
]


class Line:
    """A socket that keeps what was sent, call by call."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)


def said(kind: type, pieces: list[bytes], headers: list[tuple[str, str]] = HEADERS, method: str = "GET") -> list[bytes]:
    line = Line()
    request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    answer = kind(request, line, SimpleNamespace(is_ssl=False, sendfile=None, protocol="http"))
    answer.start_response("200 OK", headers)
    for piece in pieces:
        answer.write(piece)
    answer.close()
    return line.sent


def test_head_and_body_leave_together_and_say_what_gunicorn_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gunicorn.util.http_date", lambda: "now")
    (sent,) = said(Answer, [b"hello"])
    assert sent == b"".join(said(Response, [b"hello"]))
    assert b"Vary: Cookie\r\n" in sent
    assert b"Connection: keep-alive\r\n" in sent  # the application's own is not handed on


@pytest.mark.parametrize(
    ("pieces", "headers", "method"),
    [
        ([b"he", b"llo"], HEADERS, "GET"),
        ([b"hello, and more"], HEADERS, "GET"),
        ([b"", b"hello"], HEADERS, "GET"),
        ([b"hello"], HEADERS, "HEAD"),
        ([b"hello", b"you"], [("Content-Type", "text/plain")], "GET"),
    ],
)
def test_whatever_is_not_one_piece_goes_the_way_of_gunicorn(
    pieces: list[bytes], headers: list[tuple[str, str]], method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gunicorn.util.http_date", lambda: "now")
    ours, theirs = (said(kind, pieces, headers, method) for kind in (Answer, Response))
    assert b"".join(ours) == b"".join(theirs)


@pytest.mark.parametrize("name", ["Vary", "X-Own"])
def test_no_value_begins_a_header_of_its_own(name: str) -> None:
    with pytest.raises(InvalidResponseHeader):
        said(Answer, [b"hello"], [(name, "a\r\nSet-Cookie: b")])


def test_a_body_that_was_not_read_is_read_by_gunicorn(worker: StayingWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    drained: list[bool] = []

    def drain(self: Any, conn: Any, keep: bool) -> bool:
        drained.append(keep)
        return False

    monkeypatch.setattr(ThreadWorker, "_keepalive_after", drain)
    reader = LengthReader(IterUnreader([b"abc"]), 3)
    connection = SimpleNamespace(parser=SimpleNamespace(mesg=SimpleNamespace(body=Body(reader))))
    assert not worker._keepalive_after(connection, True)
    assert reader.read(3) == b"abc"
    assert worker._keepalive_after(connection, True)
    connection.parser.mesg.body.failed = True
    assert not worker._keepalive_after(connection, True)
    assert drained == [True, True]


def test_gunicorn_itself_writes_no_line_about_a_request() -> None:
    """Its lines would name addresses."""
    log = Quiet(Config())
    log.access(None, None, None, None)  # would fail, were a line put together


# ── the head of a request ─────────────────────────────────────────────────────────────────────────────────────────

LINES = [
    b"Host: a\r\nCookie: session=1; b=2\r\nAccept:*/*",
    b"Host: a\r\nX-Empty:\r\nX-Tabs:\t a\tb \t\r\nX-Latin: \xe9\xff",
    b"Host: a\r\nhost: b",
    b"Content-Type: a\r\nContent-Type: b",
    b"Host: a\r\nX-Same: 1\r\nX-Same: 2",
    b"Content-Length: 3\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding:\x0bchunked",
    b"Content-Length: 3\r\nContent-Length: 3",
    b"Content-Length: +3",
    b"Content-Length: 3, 3",
    b"Content_Length: 3",
    b"X_Forwarded_For: 1",
    b"X-Forwarded-Proto: https",
    b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off",
    b"Expect: 100-continue",
    b"Expect: tea",
    b"X-Folded: a\r\n b",
    b" X-Leading: a",
    b"X-Nul: a\x00b",
    b"X-Delete: \x7f",
    b"X-Return: a\rb",
    b"X-Feed: a\nX-More: b",
    b"No colon",
    b": no name",
    b"\xdf: a",
    b"X-Long: " + b"a" * 8190,
    b"X-Just: " + b"a" * (8190 - 10),
    b"X-Just-More: " + b"a" * (8190 - 14),
    b"\r\n".join(b"X-%d: a" % number for number in range(100)),
    b"\r\n".join(b"X-%d: a" % number for number in range(101)),
    b"Connection: close",
]


def read(kind: type, head: bytes, peer: str) -> Any:
    """What the request says, or the error."""
    wire = IterUnreader([b"POST /a?b=c HTTP/1.1\r\n" + head + b"\r\n\r\nabcdefg"])
    try:
        request = kind(Config(), wire, (peer, 1))
    except Exception as error:
        return type(error), str(error)
    reader = request.body.reader
    framing = (type(reader), getattr(reader, "length", None), request.should_close(), request._expected_100_continue)
    return request.headers, request.scheme, request.method, request.uri, framing


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.7"])
@pytest.mark.parametrize("head", LINES)
def test_a_head_is_read_as_gunicorn_reads_it_or_refused_as_by_gunicorn(head: bytes, peer: str) -> None:
    assert read(Head, head, peer) == read(Request, head, peer)


@given(head=st.lists(st.sampled_from([*LINES[:-8], b"A: b", b"\tc", b"a:", b"X: \xa0"]), min_size=1).map(b"\r\n".join))
def test_however_lines_come_together(head: bytes) -> None:
    assert read(Head, head, "127.0.0.1") == read(Request, head, "127.0.0.1")


def test_a_head_that_comes_in_pieces_is_read_whole() -> None:
    pieces = [bytes([byte]) for byte in b"GET / HTTP/1.1\r\nHost: a\r\nCookie: b\r\n\r\n"]
    assert Head(Config(), IterUnreader(pieces), ("127.0.0.1", 1)).headers == [("HOST", "a"), ("COOKIE", "b")]
