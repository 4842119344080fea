"""One HTTP request with an end: whatever the other side does, it is over in time."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yichuang.gateways.deadline import within

MOST = 64 * 1024  # bytes of an answer that are read


class NotConnected(Exception):
    """The request never left."""


class NoAnswer(Exception):
    """The request left, or may have; no whole answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def request(method: str, url: str, *, headers: dict[str, str], body: bytes, connect: float, whole: float) -> Answer:
    """Send and read within `connect` seconds for the connection (name, every address and TLS together) and `whole` for
    the rest, trickling bytes included.

    Redirects are answers like others: a signed request is for one address only.
    """
    parts = urlsplit(url)
    assert parts.hostname
    host, port = parts.hostname, parts.port
    try:
        connection = within(connect, lambda: _connected(parts.scheme, host, port, connect), undo=_close)
    except (OSError, http.client.HTTPException) as down:
        raise NotConnected(type(down).__name__) from down
    late = threading.Timer(whole, _break, [connection.sock])
    late.daemon = True
    late.start()
    try:
        connection.sock.settimeout(whole)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        told = response.read(MOST)
        if len(told) < MOST and response.length:  # cut off: `read` with a number says nothing of it
            raise NoAnswer("IncompleteRead")
        return Answer(response.status, told, dict(response.getheaders()))
    except (OSError, http.client.HTTPException, ValueError) as silent:
        raise NoAnswer(type(silent).__name__) from silent
    finally:
        late.cancel()
        connection.close()


def _connected(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    connection = _connection(scheme, host, port, timeout)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def _close(connection: http.client.HTTPConnection) -> None:
    connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _break(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
