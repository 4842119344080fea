"""Whether the installation does its work: each check with what it measured, and where it begins to be wrong."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db import InterfaceError, OperationalError

from yichuang.core import disk, pulse

SKEW = 5.0  # seconds between this machine's clock and the database's
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
