"""One HTTP request with an end: whatever the other side does, it is over in time."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from yichuang.gateways.deadline import within

MOST = 64 * 1024  # bytes of an answer that are read


class NotConnected(Exception):
    """The request never left."""


class NotAllowed(NotConnected):
    """Its name stands for an address that must not be reached."""


class NoAnswer(Exception):
    """The request left, or may have; no whole answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def request(
    method: str,
    url: str,
    *,
    headers: dict[str, str],
    body: bytes,
    connect: float,
    whole: float,
    allowed: Callable[[str], bool] | None = None,
    most: int = MOST,
) -> Answer:
    """Send and read within `connect` seconds for the connection (name, every address and TLS together) and `whole` for
    the rest, trickling bytes included.

    Redirects are answers like others: a signed request is for one address only. `allowed`: of every address that the name
    stands for now; one that is not raises `NotAllowed`, and who is asked is the address that was looked at, not the name anew.
    """
    parts = urlsplit(url)
    assert parts.hostname
    host, port = parts.hostname, parts.port
    try:
        connection = within(connect, lambda: _connected(parts.scheme, host, port, connect, allowed), undo=_close)
    except (OSError, http.client.HTTPException, UnicodeError) as down:  # UnicodeError: a name that nobody can look up
        raise NotConnected(type(down).__name__) from down
    late = threading.Timer(whole, _break, [connection.sock])
    late.daemon = True
    late.start()
    try:
        connection.sock.settimeout(whole)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers=headers)
        with contextlib.closing(connection.getresponse()) as response:
            told = response.read(most)
            if len(told) < most and response.length:  # cut off: `read` with a number says nothing of it
                raise NoAnswer("IncompleteRead")
            return Answer(response.status, told, dict(response.getheaders()))
    except (OSError, http.client.HTTPException, ValueError) as silent:
        raise NoAnswer(type(silent).__name__) from silent
    finally:
        late.cancel()
        connection.close()


def _connected(
    scheme: str, host: str, port: int | None, timeout: float, allowed: Callable[[str], bool] | None
) -> http.client.HTTPConnection:
    connection = _connection(scheme, host, port, timeout)
    if allowed is not None:
        addresses = _addresses(host, connection.port, allowed)
        connection._create_connection = partial(_first_of, addresses)  # type: ignore[attr-defined]  # as the library's own tests do
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def _addresses(host: str, port: int, allowed: Callable[[str], bool]) -> list[str]:
    found = list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    if not all(allowed(address) for address in found):
        raise NotAllowed(host)
    return found


def _first_of(addresses: list[str], address: tuple[str, int], *more: Any) -> socket.socket:
    """A connection to the first of the addresses that takes one; the name is not looked up again."""
    failed = OSError("no address")
    for one in addresses:
        try:
            return socket.create_connection((one, address[1]), *more)
        except OSError as error:
            failed = error
    raise failed


def _close(connection: http.client.HTTPConnection) -> None:
    connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _break(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
