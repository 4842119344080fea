"""What happens to processes with nobody at a page: timers fire, signals reach other processes. Each job calls one command."""

from uuid import UUID

from yichuang.core import clock, jobs
from yichuang.engine.commands.waits import deliver_signal_job as deliver_signal_job  # (found at start)
from yichuang.engine.commands.waits import fire_timer
from yichuang.engine.queries import due_timers
from yichuang.network import queries as network

BATCH = 500
EACH = 100  # of one tenant outside of the house, each minute; so many of its jobs stand in the queue at most


@jobs.job(name="engine.fire_timer")
def fire_timer_job(wait: UUID) -> None:
    """One due timer. It fires once, however often it is asked to."""
    fire_timer(wait=wait, at=clock.now(), calendar=network.working_calendar())


@jobs.periodic("* * * * *")
@jobs.job(name="engine.due_timers")
def due_timers_job() -> None:
    """Every minute: timers that are due, each as a job of its own, so that one that fails stops no other, and those of all
    tenants in turn, so that many of one do not hold up another's."""
    for wait in due_timers(at=clock.now(), limit=BATCH, each=EACH):
        jobs.enqueue_once(fire_timer_job, key=f"engine.timer.{wait.id}", wait=wait.id)
