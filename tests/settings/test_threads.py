"""The threaded worker of the pages: a thread that has answered stays with the connection for a moment."""

import io
import queue
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from yichuang.settings.processes.threads import StayingWorker


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
