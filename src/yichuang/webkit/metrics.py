"""Requests counted by route and status, and how long they took: added up over all processes that serve pages.

One piece of shared memory, made before the processes part; each counts in a slot of its own, so nobody waits for
anybody. A slot outlives its process: numbers never fall until the whole installation is started anew.
"""

import logging
import mmap
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from yichuang.core import trail
from yichuang.core.actors import Actor

log = logging.getLogger("yichuang.access")
_LINE = "%s %s %s %.1f ms"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

BUCKETS = (
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)  # seconds, upper bounds; one more for what took longer
STATUSES = (
    200, 201, 204, 206, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 422, 423, 429, 500, 503,
)  # fmt: skip
UNKNOWN = "unknown"  # an address that no route has; also routes beyond what fits
_MOST_ROUTES = 500
_SLOTS = 16
_TIMES = len(STATUSES) + 1  # where a row's buckets begin; the cell before is for any other status
_SUM = _TIMES + len(BUCKETS) + 1
_WIDTH = _SUM + 1
_SLOT = _MOST_ROUTES * _WIDTH


@dataclass(frozen=True, slots=True)
class Measured:
    """All requests to one route since the start. `buckets` are not cumulative; the last one has no upper bound."""

    route: str
    statuses: dict[str, int]
    buckets: tuple[int, ...]
    seconds: float


class Meter:
    """The numbers of one installation."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SLOTS * _SLOT * 8)  # anonymous, shared with processes that are forked later
        self._cells = memoryview(self._memory).cast("d")
        self._slot = 0
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}

    def take(self, slot: int) -> None:
        """Count in that slot from now on: of processes that run at the same time each has another."""
        self._slot = slot % _SLOTS * _SLOT
        self._lock = threading.Lock()

    def count(self, route: str, status: int, seconds: float) -> None:
        """One request."""
        row = self._slot + self._row(route) * _WIDTH
        at = STATUSES.index(status) if status in STATUSES else len(STATUSES)
        with self._lock:
            self._cells[row + at] += 1
            self._cells[row + _TIMES + bisect_left(BUCKETS, seconds)] += 1
            self._cells[row + _SUM] += seconds

    def read(self) -> Iterator[Measured]:
        """What all processes counted, route by route; those that nobody asked for are left out."""
        for route, row in [(UNKNOWN, 0), *self._known().items()]:
            cells = [self._total(row * _WIDTH + cell) for cell in range(_WIDTH)]
            if any(cells):
                named = zip((*map(str, STATUSES), "other"), cells[:_TIMES], strict=True)
                statuses = {status: int(count) for status, count in named if count}
                yield Measured(route, statuses, tuple(int(count) for count in cells[_TIMES:_SUM]), cells[_SUM])

    def _total(self, cell: int) -> float:
        return sum(self._cells[slot * _SLOT + cell] for slot in range(_SLOTS))

    def _row(self, route: str) -> int:
        return self._known().get(route, 0)

    def _known(self) -> dict[str, int]:
        """Route → row: the same in every process, for the same program has the same routes."""
        if not self._rows:
            from yichuang.webkit.routes import all_routes  # routes import doors, and doors webkit

            names = sorted({name for name, *_ in all_routes()})[: _MOST_ROUTES - 1]
            self._rows = {name: row for row, name in enumerate(names, start=1)}
        return self._rows


METER = Meter()


class Measuring:
    """Middleware: counts every request but those for static files, and writes one line about it.

    The line names the route and the kind of the actor (as far as anybody asked who it is), never the address or a
    person. `X-Request-Id` of the answer finds it, and whatever else was logged meanwhile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with trail.begun() as work:
            began = perf_counter()
            response = self.get_response(request)
            took, route = perf_counter() - began, route_of(request)
            METER.count(route, response.status_code, took)
            response["X-Request-Id"] = work
            _tell(request, route, response.status_code, took)
            return response


def _tell(request: HttpRequest, route: str, status: int, took: float) -> None:
    method = request.method if request.method in METHODS else "OTHER"  # it may be any word
    known: Actor | None = getattr(request, "yc_actor", None)
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(took * 1000, 1),
        "actor": known.kind if known else "",
    }
    if log.isEnabledFor(logging.INFO):  # as `log.info`, but it need not look for the line that called: it is this one
        told = (method, route, status, took * 1000)
        log.handle(log.makeRecord(log.name, logging.INFO, __file__, 0, _LINE, told, None, extra={"facts": facts}))


def route_of(request: HttpRequest) -> str:
    """The name of the route that the request came to."""
    match = request.resolver_match
    return match.view_name if match else UNKNOWN
