"""Whether the installation does its work: each check with what it measured, and where it begins to be wrong."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Literal

from django.db import InterfaceError, OperationalError

from yichuang.core import disk, pulse

SKEW = 5.0  # seconds between this machine's clock and the database's
FRESH = 2.0  # seconds that an answer is good for
CROWDED = 0.9  # of the connections that the database takes

Status = Literal["ok", "degraded", "down"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `vital`: without it nothing works."""

    name: str
    good: bool
    measured: dict[str, float | int] = field(default_factory=dict)
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """What was found at one moment."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """`down`: send nobody here. `degraded`: it serves, and somebody has to look."""
        if any(check.vital and not check.good for check in self.checks):
            return "down"
        return "ok" if all(check.good for check in self.checks) else "degraded"


def look(*, at: datetime) -> Health:
    """Five statements, all bounded. Never raises for a database that is away: that is what it tells."""
    room = disk.room()
    space = Check("disk", room.holds(), {"free_bytes": room.free, "floor_bytes": room.floor})
    try:
        return Health((*_of_database(at), space))
    except (OperationalError, InterfaceError):
        return Health((Check("database", False, vital=True), space))


class _Kept:
    """What was found last, for all threads of this process: whoever asks meanwhile gets it and costs nothing."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.found: tuple[float, Health] | None = None

    def get(self, at: datetime) -> Health:
        with self.lock:  # of many at once one looks, the others wait for what it finds
            if self.found is None or monotonic() - self.found[0] >= FRESH:
                self.found = monotonic(), look(at=at)
            return self.found[1]

    def forget(self) -> None:
        self.found = None


KEPT = _Kept()


def recent(*, at: datetime) -> Health:
    """The same, at most two seconds old: the page is public, and nobody loads the database by asking for it."""
    return KEPT.get(at)


def _of_database(at: datetime) -> tuple[Check, ...]:
    there = pulse.database()
    jobs, ledger = pulse.jobs(), pulse.ledger(at=at)
    crowded = there.connections >= there.most_connections * CROWDED
    waiting = sum(queue.waiting for queue in jobs.queues)
    return (
        Check("database", True, {"seconds": round(there.seconds, 4)}, vital=True),
        Check("connections", not crowded, {"open": there.connections, "most": there.most_connections}),
        Check("clock", abs(there.skew) <= SKEW, {"skew_seconds": round(there.skew, 3)}),
        Check(
            "jobs",
            jobs.oldest <= pulse.LATE,
            {"waiting": waiting, "oldest_seconds": round(jobs.oldest, 1), "failed": jobs.failed},
        ),
        Check(
            "ledger",
            ledger.oldest <= pulse.LATE,
            {"waiting": ledger.waiting, "oldest_seconds": round(ledger.oldest, 1)},
        ),
    )
