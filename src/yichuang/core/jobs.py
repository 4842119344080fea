"""Background work, queued in the act's own transaction: what rolls back was never queued.

A job takes ids, loads, and calls exactly one command. It is tried 8 times with growing waits, then parked (status
`failed`) for a person to look at; others go on. Rooms declare jobs in their `jobs.py`, found at start-up.
"""

import functools
import inspect
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from yichuang.core import clock

F = TypeVar("F", bound=Callable[..., None])
_tasks: dict[Callable[..., None], Task[..., None, ...]] = {}
TRIES = 8


def job(*, name: str, queue: str = "default", retries: int = TRIES) -> Callable[[F], F]:
    """Declare a job. `retries` is how often it is tried in all; parameters annotated UUID arrive as UUID."""

    def declare(run: F) -> F:
        # 2, 4, 8 … seconds between tries: a partner's short outage passes, a poison message is parked in four minutes
        strategy = RetryStrategy(max_attempts=retries - 1, exponential_wait=2)
        _tasks[run] = app.task(name=name, queue=queue, retry=strategy)(_with_ids(run))
        return run

    return declare


# What procrastinate's own `defer` does, without its 0.3 ms of Python: filing a case queues jobs. A test compares both.
_QUEUE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


def enqueue(run: Callable[..., None], *, run_at: datetime | None = None, lock: str | None = None, **ids: Any) -> int:
    """Queue a declared job in the present transaction, one statement; the number of the queued row.

    `run_at` is an instant of our clock (`core.clock`), also when that was moved. Jobs of one `lock` run one by one.
    """
    queued = _insert(run, run_at, lock, None, ids)
    if queued is None:
        raise RuntimeError(f"{run.__name__} was not queued")
    return queued


def enqueue_once(run: Callable[..., None], *, key: str, run_at: datetime | None = None, **ids: Any) -> int | None:
    """Like `enqueue`, but nothing happens while a job of the same key still waits (then None)."""
    return _insert(run, run_at, None, key, ids)


def _insert(
    run: Callable[..., None], run_at: datetime | None, lock: str | None, key: str | None, ids: dict[str, Any]
) -> int | None:
    task = _tasks[run]
    arguments = json.dumps({name: _plain(value) for name, value in ids.items()}, ensure_ascii=False)
    scheduled = None if run_at is None else run_at - clock.offset()
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [task.queue, task.name, task.priority, lock, key, arguments, scheduled])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def periodic(cron: str, *, alone: bool = True) -> Callable[[F], F]:
    """Run a declared job without arguments by cron (a sixth field means seconds); at most one of it waits.

    `alone`: and at most one runs. The job that frees others of dead workers must not wait for itself: it is not.
    """

    def declare(run: F) -> F:
        task = _tasks[run]

        @functools.wraps(run)
        def tick(timestamp: int) -> None:
            run()

        name = f"{task.name}.tick"
        ticking = app.task(name=name, queue=task.queue, queueing_lock=name, lock=name if alone else None)(tick)
        app.periodic(cron=cron)(ticking)
        return run

    return declare


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _with_ids(run: Callable[..., None]) -> Callable[..., None]:
    """JSON knows no UUID: turn the texts back for parameters that are annotated so."""
    uuids = {name for name, p in inspect.signature(run).parameters.items() if p.annotation in {UUID, "UUID"}}

    @functools.wraps(run)
    def call(**ids: Any) -> None:
        run(**{name: UUID(value) if name in uuids else value for name, value in ids.items()})

    return call


# A worker that was killed leaves its jobs as `doing`, and whoever waits for their lock waits forever. Its heartbeat
# (every 10 s) tells. Where the same key waits again already (a tick of a periodic job), the dead one simply goes.
_DEAD = f"""
WITH dead AS (
    SELECT j.id, j.attempts, EXISTS (
        SELECT FROM procrastinate_jobs AS w WHERE w.queueing_lock = j.queueing_lock AND w.status = 'todo') AS doubled
    FROM procrastinate_jobs AS j LEFT JOIN procrastinate_workers AS alive
      ON alive.id = j.worker_id AND alive.last_heartbeat > now() - %(patience)s * interval '1 second'
    WHERE j.status = 'doing' AND alive.id IS NULL FOR UPDATE OF j SKIP LOCKED),
gone AS (DELETE FROM procrastinate_jobs USING dead WHERE procrastinate_jobs.id = dead.id AND dead.doubled RETURNING 1),
again AS (
    UPDATE procrastinate_jobs AS j SET attempts = j.attempts + 1, worker_id = NULL,
        status = (CASE WHEN dead.attempts + 1 < {TRIES} THEN 'todo' ELSE 'failed' END)::procrastinate_job_status
    FROM dead WHERE j.id = dead.id AND NOT dead.doubled RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM again)
"""


def free_dead(*, patience: float = 30.0) -> int:
    """Queue the jobs of dead workers again (no heartbeat for `patience` seconds); how many. Parked after 8 tries."""
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
