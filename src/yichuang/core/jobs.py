"""Background work, queued in the act's own transaction: what rolls back was never queued.

A job takes ids, loads, and calls exactly one command. It is tried 8 times with growing waits, then parked (status
`failed`) for a person to look at; others go on. Rooms declare jobs in their `jobs.py`, found at start-up.
"""

import contextlib
import functools
import inspect
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error, connection, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.periodic import PeriodicRegistry
from procrastinate.tasks import Task
from procrastinate.worker import Worker

from yichuang.core import clock, sql, trail

F = TypeVar("F", bound=Callable[..., None])
_tasks: dict[Callable[..., None], Task[..., None, ...]] = {}
_by_our_clock = PeriodicRegistry()  # type: ignore[no-untyped-call]  # instead of the worker's, where our clock runs apart
FIELDS = 5  # of a cron without seconds
TRIES = 8


def job(*, name: str, queue: str = "default", retries: int = TRIES) -> Callable[[F], F]:
    """Declare a job. `retries` is how often it is tried in all; parameters annotated UUID arrive as UUID."""

    def declare(run: F) -> F:
        # 2, 4, 8 … seconds between tries: a partner's short outage passes, a poison message is parked in four minutes
        # (no attempts would mean to it: as many as it takes)
        strategy = RetryStrategy(max_attempts=retries - 1, exponential_wait=2) if retries > 1 else False
        _tasks[run] = app.task(name=name, queue=queue, retry=strategy, task_middleware=[_held])(_with_ids(run))
        return run

    return declare


# What procrastinate's own `defer` does, without its 0.3 ms of Python: filing a case queues jobs. A test compares both.
_PUT = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_WAITS = """
SELECT 1 FROM procrastinate_jobs WHERE task_name = $1 AND args = $2::jsonb AND status IN ('todo', 'doing') LIMIT 1
"""
_QUEUE = f"{_PUT} ON CONFLICT DO NOTHING RETURNING id"


def enqueue(run: Callable[..., None], *, run_at: datetime | None = None, lock: str | None = None, **ids: Any) -> int:
    """Queue a declared job in the present transaction, one statement; the number of the queued row.

    `run_at` is an instant of our clock (`core.clock`), also when that was moved. Jobs of one `lock` run one by one.
    """
    queued = _insert(run, run_at, lock, None, ids)
    if queued is None:
        raise RuntimeError(f"{run.__name__} was not queued")
    return queued


def put(run: Callable[..., None], *, lock: str | None = None, run_at: datetime | None = None, **ids: Any) -> None:
    """Like `enqueue`, for who does not ask for the number: inside `sql.together` the row waits for the next statement."""
    sql.later(_PUT, _row(run, run_at, lock, None, ids), rows=1, sure=True)


def enqueue_once(
    run: Callable[..., None], *, key: str, run_at: datetime | None = None, lock: str | None = None, **ids: Any
) -> int | None:
    """Like `enqueue`, but nothing happens while a job of the same key still waits (then None)."""
    return _insert(run, run_at, lock, key, ids)


def is_queued(run: Callable[..., None], **ids: Any) -> bool:
    """Whether a declared job with these arguments waits or runs; one that was parked does neither."""
    arguments = json.dumps({name: _plain(value) for name, value in ids.items()}, ensure_ascii=False)
    return sql.row(_WAITS, [_tasks[run].name, arguments]) is not None


def _insert(
    run: Callable[..., None], run_at: datetime | None, lock: str | None, key: str | None, ids: dict[str, Any]
) -> int | None:
    row = sql.row(_QUEUE, _row(run, run_at, lock, key, ids))
    return None if row is None else int(row[0])


def _row(
    run: Callable[..., None], run_at: datetime | None, lock: str | None, key: str | None, ids: dict[str, Any]
) -> list[Any]:
    """The values of the statement. Its trigger sends a NOTIFY with the commit, so what else is told may go with it."""
    sql.will_notify()
    task = _tasks[run]
    arguments = json.dumps({name: _plain(value) for name, value in ids.items()}, ensure_ascii=False)
    scheduled = None if run_at is None else clock.machine(run_at)
    return [task.queue, task.name, task.priority, lock, key, arguments, scheduled]


def periodic(cron: str, *, alone: bool = True) -> Callable[[F], F]:
    """Run a declared job without arguments by cron (a sixth field, the last, means seconds); at most one of it waits.

    The hours are those of the halls (Asia/Shanghai): "23 3 * * *" is in the night there.
    `alone`: and at most one runs. The job that frees others of dead workers must not wait for itself: it is not.
    Where our clock runs apart from the machine's (a demo's day that is played), `tick` queues them and not the worker.
    """

    def declare(run: F) -> F:
        task = _tasks[run]

        @functools.wraps(run)
        def tick(timestamp: int) -> None:
            run()

        name = f"{task.name}.tick"
        lock = name if alone else None
        ticking = app.task(name=name, queue=task.queue, queueing_lock=name, lock=lock, task_middleware=[_held])(tick)
        if clock.runs_apart() and len(cron.split()) == FIELDS:
            _by_our_clock.register_task(ticking, _in_utc(cron), periodic_id="", configure_kwargs={})
        else:  # those by the second mind machines
            app.periodic(cron=_in_utc(cron))(ticking)
        return run

    return declare


def tick(since: datetime, until: datetime) -> int:
    """Queue each periodic job that came due between two instants of our clock, once however often; how many."""
    known = _by_our_clock.periodic_tasks.values()
    due = [one.task for one in known if one.croniter.get_next(datetime, start_time=since) <= until]
    for task in due:
        with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
            task.defer(timestamp=int(until.timestamp()))
    return len(due)


def _in_utc(cron: str) -> str:
    """The same moments as procrastinate counts them, in UTC. The halls' zone is eight hours ahead, all year, since 1991.

    ValueError for hours on some days only: those would be other days in UTC.
    """
    minute, hour, *days = cron.split()
    if hour == "*":
        return cron
    if any(field != "*" for field in days[:3]):
        raise ValueError(f"{cron!r}: an hour on some days only cannot be said in UTC")
    first, _, last = hour.partition("-")
    ahead = datetime(2026, 1, 1, tzinfo=clock.SHANGHAI).utcoffset() or timedelta()
    hours = ((h - ahead // timedelta(hours=1)) % 24 for h in range(int(first), int(last or first) + 1))
    return " ".join((minute, ",".join(map(str, sorted(hours))), *days))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _with_ids(run: Callable[..., None]) -> Callable[..., None]:
    """JSON knows no UUID: turn the texts back for parameters that are annotated so."""
    uuids = {name for name, p in inspect.signature(run).parameters.items() if p.annotation in {UUID, "UUID"}}

    @functools.wraps(run)
    def call(**ids: Any) -> None:
        run(**{name: UUID(value) if name in uuids else value for name, value in ids.items()})

    return call


# A running job holds this session lock of PostgreSQL (two numbers: ours, and the job's). Whatever ends it, the session
# ends too. So `doing` without the lock is nobody's work: its worker was killed, or lives and never heard that the job
# was its own, or could not write that it was done because the database was away just then. A worker's heartbeat tells
# only the first of these.
_OURS = 0x7963
_HOLD = "SELECT pg_advisory_lock(%s, (%s %% 2147483648)::int)"
_LET_GO = "SELECT pg_advisory_unlock(%s, (%s %% 2147483648)::int)"


def _held(run: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Run a job while holding its lock. Queued again too early, it waits here until the first run is over."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [_OURS, context.job.id])
    try:
        with trail.begun():
            return run()
    finally:
        with contextlib.suppress(Error), connection.cursor() as cursor:  # a lost session holds nothing
            cursor.execute(_LET_GO, [_OURS, context.job.id])


# Of several lost ones with the same key (ticks of a periodic job) one is queued, and none where one waits already.
_DEAD = f"""
WITH dead AS (
    SELECT j.id, j.queueing_lock AS key FROM procrastinate_jobs AS j
    WHERE j.status = 'doing' AND NOT EXISTS (
        SELECT FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'advisory' AND l.classid = {_OURS} AND l.objid = (j.id %% 2147483648)::oid AND l.granted)
      AND NOT EXISTS (
        SELECT FROM procrastinate_events AS e WHERE e.job_id = j.id AND e.type = 'started'
          AND e.at > now() - %(patience)s * interval '1 second')
    FOR UPDATE OF j SKIP LOCKED),
ranked AS (
    SELECT id, key IS NOT NULL AND (row_number() OVER (PARTITION BY key ORDER BY id DESC) > 1 OR EXISTS (
        SELECT FROM procrastinate_jobs AS w WHERE w.queueing_lock = key AND w.status = 'todo')) AS doubled FROM dead),
gone AS (
    DELETE FROM procrastinate_jobs AS j USING ranked WHERE j.id = ranked.id AND ranked.doubled RETURNING 1),
again AS (
    UPDATE procrastinate_jobs AS j SET attempts = j.attempts + 1, worker_id = NULL,
        status = (CASE WHEN j.attempts + 1 < {TRIES} THEN 'todo' ELSE 'failed' END)::procrastinate_job_status
    FROM ranked WHERE j.id = ranked.id AND NOT ranked.doubled RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM again)
"""


def free_dead(*, patience: float = 10.0) -> int:
    """Queue again what was begun at least `patience` seconds ago and is run by nobody; how many. Parked after 8 tries.

    The patience bridges the moment between taking a job and holding its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DEAD, {"patience": patience})
        return int(cursor.fetchone()[0])


def run_waiting(*, limit: int = 100) -> int:
    """Run the due jobs in this very connection, oldest first; how many. For tests and one-shot tools."""
    done = 0
    while done < limit:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_DUE)
            row = cursor.fetchone()
        if row is None:
            break
        identity, name, arguments = row
        app.tasks[name].func(**json.loads(arguments))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [identity])
        done += 1
    return done


_TAKE_DUE = """
SELECT id, task_name, args FROM procrastinate_jobs
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
