"""gunicorn's threaded worker, whose thread stays with a connection for a moment after it has answered.

gunicorn gives every kept-alive connection back to its main thread after each answer: two threads wake each other through
a pipe, a poller and a queue for every request, which costs a fifth of what a page does. Whoever sends one request after
the other (a page with its parts, an API client that files many cases) is answered by the same thread instead.
"""

import select
import threading
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

STAY = 10  # milliseconds to wait for the next request on a connection


class StayingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Nobody waits for a thread that stays: at most half of them do, and none while a request has no thread."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = threading.BoundedSemaphore(max(1, self.cfg.threads // 2))

    def handle(self, conn: Any) -> Any:
        """Answer a request, and those that follow at once. What is returned tells gunicorn what becomes of the connection."""
        kept = super().handle(conn)
        while kept is True and self._follows(conn):
            kept = super().handle(conn)
        return kept

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
