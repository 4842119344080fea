"""How the foundation is doing, for machines that watch over it: database, background work, ledger. Bounded reads only."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from yichuang.core import clock, sql

LATE = 120.0  # seconds that work may wait: messages are promised in five, the ledger is signed every fifteen
MOST = 10_000  # more than this that waits is told as this many


@dataclass(frozen=True, slots=True)
class DatabasePulse:
    """`skew`: seconds that the database's clock is ahead of this machine's. `connections` of all programs to our database."""

    seconds: float  # that the question took
    skew: float
    connections: int
    most_connections: int


@dataclass(frozen=True, slots=True)
class QueuePulse:
    """Due jobs of one queue: how many wait (`MOST` at most), and for how many seconds the oldest has been due."""

    queue: str
    waiting: int
    oldest: float


@dataclass(frozen=True, slots=True)
class JobsPulse:
    """Background work. `failed` are parked: a person has to look at them."""

    queues: tuple[QueuePulse, ...]
    failed: int

    @property
    def oldest(self) -> float:
        """Seconds; 0 when nothing waits."""
        return max((queue.oldest for queue in self.queues), default=0.0)


@dataclass(frozen=True, slots=True)
class LedgerPulse:
    """Entries that wait for their place in the tree (`MOST` at most), and for how many seconds the oldest has."""

    leaves: int
    waiting: int
    oldest: float


_DATABASE = """
SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('max_connections')::int,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
"""
# `deferred` is when it was queued; of jobs for later, and of those tried again, their own moment counts
_QUEUES = f"""
WITH due AS (
    SELECT id, queue_name, scheduled_at FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY priority DESC, id LIMIT {MOST}),
first AS (SELECT queue_name, min(id) AS id, min(scheduled_at) AS at, count(*) AS waiting FROM due GROUP BY queue_name)
SELECT queue_name, waiting, greatest(0, extract(epoch FROM now() - least(at, (
    SELECT min(e.at) FROM due JOIN procrastinate_events AS e ON e.job_id = due.id AND e.type = 'deferred'
    WHERE due.id = first.id AND due.scheduled_at IS NULL))))::float8
FROM first ORDER BY queue_name
"""
_FAILED = f"SELECT count(*) FROM (SELECT FROM procrastinate_jobs WHERE status = 'failed' LIMIT {MOST}) AS parked"
_LEDGER = f"""
SELECT coalesce((SELECT index + 1 FROM core_leaf ORDER BY index DESC LIMIT 1), 0),
    (SELECT count(*) FROM (SELECT FROM core_unsequenced LIMIT {MOST}) AS waiting),
    (SELECT at FROM core_entry WHERE id = (SELECT entry_id FROM core_unsequenced ORDER BY entry_id LIMIT 1))
"""


def database() -> DatabasePulse:
    """Raises django.db.Error when there is no answer."""
    began, before = perf_counter(), clock.machine(clock.now())
    row = sql.row(_DATABASE)
    assert row is not None
    took = perf_counter() - began
    there, most, connections = row
    return DatabasePulse(took, there - (before.timestamp() + took / 2), int(connections), int(most))


def jobs() -> JobsPulse:
    """Two statements."""
    queues = tuple(QueuePulse(name, int(waiting), float(oldest or 0)) for name, waiting, oldest in sql.rows(_QUEUES))
    return JobsPulse(queues, _count(_FAILED))


def ledger(*, at: datetime) -> LedgerPulse:
    """One statement."""
    row = sql.row(_LEDGER)
    assert row is not None
    leaves, waiting, since = row
    return LedgerPulse(int(leaves), int(waiting), max(0.0, (at - since).total_seconds()) if since else 0.0)


def _count(statement: str) -> int:
    row = sql.row(statement)
    assert row is not None
    return int(row[0])
