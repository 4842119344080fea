"""The foundation's own background work: the ledger's sequencer and its verification, jobs that nobody runs any more, proposals whose time ran out, and clearing finished jobs away."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from yichuang.core import clock, jobs, ledger, second
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.ledger import checks

KEEP_DONE = "1 day"
_CLEAR = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT j.id FROM procrastinate_jobs AS j JOIN procrastinate_events AS e ON e.job_id = j.id
    WHERE j.status IN ('succeeded', 'cancelled') GROUP BY j.id HAVING max(e.at) < now() - %s::interval LIMIT 10000)
"""


@jobs.periodic("* * * * * */15")
@jobs.job(name="core.sequence_ledger", queue="ledger")
def sequence_ledger() -> None:
    """Every 15 seconds: new entries get their place, and the tree is signed."""
    at = clock.now()
    if ledger.sequence(at=at):
        ledger.checkpoint(at=at)


@jobs.periodic("* * * * * */20", alone=False)
@jobs.job(name="core.free_dead_jobs")
def free_dead_jobs() -> None:
    """Every 20 seconds: what a killed worker had begun, or a living one lost, is queued again."""
    jobs.free_dead()


@jobs.periodic("*/5 * * * *")
@jobs.job(name="core.expire_proposals")
def expire_proposals() -> None:
    """Every five minutes: what no second person answered in its time is closed, and who asked is told."""
    second.expire(at=clock.now())


@jobs.periodic("17 * * * *")
@jobs.job(name="core.clear_jobs")
def clear_jobs() -> None:
    """Every hour: jobs that ended well a day ago go; parked ones stay for a person."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [KEEP_DONE])


@jobs.job(name="core.check_ledger", queue="ledger-check", retries=2)
def check_ledger(check: UUID) -> None:
    """Read the whole ledger against itself and against the checkpoints kept outside."""
    checks.run_check(check=check, clock=clock.now)


def ask_ledger_check(*, actor: Actor, at: datetime) -> UUID:
    """Have the ledger verified in the background; the run's id (of the one under way, when there is one)."""
    return checks.ask_check(actor=actor, at=at, queue=lambda check: jobs.enqueue(check_ledger, check=check))


@jobs.periodic("23 3 * * *")
@jobs.job(name="core.check_ledger_nightly")
def check_ledger_nightly() -> None:
    """Every night: nobody should have to think of it."""
    ask_ledger_check(actor=SYSTEM, at=clock.now())
