"""gunicorn's threaded worker, whose thread stays with a connection for a moment after it has answered.

gunicorn gives every kept-alive connection back to its main thread after each answer: two threads wake each other through
a pipe, a poller and a queue for every request, which costs a fifth of what a page does. Whoever sends one request after
the other (a page with its parts, an API client that files many cases) is answered by the same thread instead.
"""

import re
import select
import threading
from collections.abc import Iterable
from typing import Any

from gunicorn import glogging
from gunicorn.http import message, wsgi
from gunicorn.http.body import LengthReader
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker

STAY = 10  # milliseconds to wait for the next request on a connection
# Headers of our answers that gunicorn hands on as they are, once their values are found good.
PLAIN = frozenset(
    {
        "Content-Type", "Content-Language", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "X-Frame-Options", "Permissions-Policy", "Vary",
        "Cache-Control", "X-Request-Id",
    }
)  # fmt: skip
# A line of a request's head of which gunicorn would ask nothing more: RFC 9110 names without the ambiguous "_", and
# values without control characters. Those of which it asks more whatever they look like:
_PLAIN_LINE = re.compile(r"[A-Za-z0-9-]+:[\t\x20-\x7e\x80-\xff]*").fullmatch
JUDGED = message.RFC9110_5_3_SINGLETON_FIELDS | {"EXPECT"}
_trusted: dict[
    str | None, bool
] = {}  # address of the other end → whether it may say what came to it how; by configuration


class Quiet(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log without its lines about requests: `webkit.metrics` writes those, without addresses. gunicorn would
    put each line together, from sixty parts, before it finds that nobody writes it down."""

    access_log_enabled = False


class Head(message.Request):  # type: ignore[misc]  # nor has this
    """gunicorn's request. The lines of a head that are plainly a name and a value are taken at once."""

    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        """As gunicorn's, which reads the whole again when any line is not plain: folded, too long, an odd name."""
        lines = data.decode("latin-1").split("\r\n")
        if from_trailer or len(lines) > self.limit_request_fields or not all(map(self._is_plain, lines)):
            return list(super().parse_headers(data, from_trailer))
        found, scheme, seen = list[tuple[str, str]](), [False], set[str]()
        trusted = self._peer_trusted_for_forwarded()
        for line in lines:
            name, _, value = line.partition(":")
            name, value = name.upper(), value.strip(" \t")
            if name in JUDGED or name in trusted[0]:
                self._apply_header_policy(name, value, scheme, seen, *trusted)
            found.append((name, value))
        return found

    def _is_plain(self, line: str) -> bool:
        return len(line) + 2 <= self.limit_request_field_size and _PLAIN_LINE(line) is not None

    def _peer_is_trusted_proxy(self) -> bool:
        peer = self.peer_addr[0] if isinstance(self.peer_addr, tuple) else None
        known = _trusted.get(peer)
        if known is None:
            if len(_trusted) >= 1024:
                _trusted.clear()
            known = _trusted[peer] = bool(super()._peer_is_trusted_proxy())
        return known


class Answer(wsgi.Response):  # type: ignore[misc]  # nor has this
    """gunicorn's answer, whose head and body leave together when the body is one piece: one call of the system, one packet."""

    headers_sent: bool

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """As gunicorn's, which asks of each name whether it is one, and whether it is for the next hop only."""
        for name, value in headers:
            if name in PLAIN and wsgi.HEADER_VALUE_RE.fullmatch(value):
                self.headers.append((name, value.strip(" \t")))
            else:
                super().process_headers([(name, value)])

    def write(self, arg: bytes) -> None:
        """What is not the whole body in one piece goes gunicorn's way."""
        if self.headers_sent or self._omits_body or type(arg) is not bytes or len(arg) != self.response_length:
            super().write(arg)
            return
        head = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        self.headers_sent = True
        self.sent = len(arg)
        self.sock.sendall("".join(head).encode("latin-1") + arg)


class StayingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Nobody waits for a thread that stays: at most half of them do, and none while a request has no thread."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = threading.BoundedSemaphore(max(1, self.cfg.threads // 2))
        wsgi.Response, RequestParser.mesg_class = Answer, Head  # gunicorn has no settings for them

    def handle(self, conn: Any) -> Any:
        """Answer a request, and those that follow at once. What is returned tells gunicorn what becomes of the connection."""
        kept = super().handle(conn)
        while kept is True and self._follows(conn):
            kept = super().handle(conn)
        return kept

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """As gunicorn's, which sets time limits to read the rest of a body; of most there is none."""
        body = conn.parser.mesg.body
        if keepalive and isinstance(body.reader, LengthReader) and body.reader.length == 0 and not body.failed:
            return True
        return bool(super()._keepalive_after(conn, keepalive))

    def _follows(self, conn: Any) -> bool:
        """Whether the next request on this connection is there, or comes within a moment."""
        if not self._may_stay(conn) or not self._places.acquire(blocking=False):
            return False
        try:
            poll = select.poll()
            poll.register(conn.sock, select.POLLIN)
            return bool(poll.poll(STAY)) and self._may_stay(conn)
        finally:
            self._places.release()

    def _may_stay(self, conn: Any) -> bool:
        """Not while stopping, nor while somebody waits for a thread; what was read ahead is gunicorn's to look at."""
        return self.alive and self.tpool._work_queue.empty() and not conn.parser.unreader.buf.getvalue()
