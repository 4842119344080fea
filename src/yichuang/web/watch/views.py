"""Alive, ready, metrics."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from yichuang.cases import figures as cases
from yichuang.core import disk, pulse
from yichuang.core.clock import now
from yichuang.notices import figures as notices
from yichuang.web.watch import health
from yichuang.web.watch.exposition import CONTENT_TYPE, Family, gauge, requests, written
from yichuang.webkit.metrics import METER
from yichuang.webkit.watchers import watches

OUTBOX = timedelta(hours=1)


def live(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else was asked. Whoever gets no answer starts it again."""
    return _never_kept(HttpResponse("ok\n", content_type="text/plain"))


def ready(request: HttpRequest) -> HttpResponse:
    """200 while it can serve, 503 while it cannot. What was measured is told to watchers only."""
    found = health.recent(at=now())
    body: dict[str, object] = {
        "status": found.status,
        "checks": {c.name: "ok" if c.good else "bad" for c in found.checks},
    }
    if watches(request):
        body["measured"] = {check.name: check.measured for check in found.checks}
    status = 503 if found.status == "down" else 200
    return _never_kept(HttpResponse(json.dumps(body) + "\n", content_type="application/json", status=status))


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus. Without a database the numbers of this machine are told all the same."""
    at = now()
    told = requests(METER.read()) + written(_machine())
    try:
        told += written([*_database(), *_work(at)])
    except (OperationalError, InterfaceError):
        told += written([gauge("yichuang_database_up", "Whether the database answers.", 0)])
    return _never_kept(HttpResponse(told, content_type=CONTENT_TYPE))


def _machine() -> Iterator[Family]:
    room = disk.room()
    yield Family("yichuang_info", "gauge", "The version that runs.", (({"version": settings.YICHUANG_VERSION}, 1),))
    yield gauge("yichuang_disk_free_bytes", "Free on the disk of the data folder.", room.free)
    yield gauge("yichuang_disk_floor_bytes", "Below this no more files are taken.", room.floor)
    yield gauge("yichuang_disk_total_bytes", "Size of the disk of the data folder.", room.total)


def _database() -> Iterator[Family]:
    there = pulse.database()
    yield gauge("yichuang_database_up", "Whether the database answers.", 1)
    yield gauge("yichuang_database_seconds", "How long the database took to answer.", there.seconds)
    yield gauge("yichuang_database_clock_skew_seconds", "How far its clock is ahead of ours.", there.skew)
    yield gauge("yichuang_database_connections", "Connections of all programs to our database.", there.connections)
    yield gauge("yichuang_database_connections_most", "Connections that the server takes.", there.most_connections)


def _work(at: datetime) -> Iterator[Family]:
    jobs, ledger = pulse.jobs(), pulse.ledger(at=at)
    waiting = tuple(({"queue": queue.queue}, queue.waiting) for queue in jobs.queues)
    oldest = tuple(({"queue": queue.queue}, queue.oldest) for queue in jobs.queues)
    yield Family("yichuang_jobs_waiting", "gauge", f"Due background jobs, at most {pulse.MOST}.", waiting)
    yield Family("yichuang_jobs_oldest_seconds", "gauge", "How long the oldest of them has been due.", oldest)
    yield gauge("yichuang_jobs_failed", "Jobs that were given up: a person has to look.", jobs.failed)
    yield gauge("yichuang_ledger_leaves", "Entries that have their place in the tree.", ledger.leaves)
    yield gauge("yichuang_ledger_waiting", f"Entries that wait for it, at most {pulse.MOST}.", ledger.waiting)
    yield gauge("yichuang_ledger_oldest_seconds", "How long the oldest of them has waited.", ledger.oldest)
    counted = tuple(({"state": state}, count) for state, count in cases.by_state().items())
    yield Family("yichuang_cases", "gauge", f"Cases by state, at most {cases.MOST} of each department.", counted)
    sent = notices.hand_over(since=at - OUTBOX, until=at)
    outbox = {
        "written": sent.written,
        "sent": sent.sent,
        "fast": sent.fast,
        "parked": sent.parked,
        "undelivered": sent.undelivered,
    }
    samples = tuple(({"what": what}, count) for what, count in outbox.items())
    yield Family(
        "yichuang_messages_hour", "gauge", "SMS and e-mails of the last hour; fast: within five seconds.", samples
    )


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
