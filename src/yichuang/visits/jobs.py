"""What happens in halls with nobody pressing: the end of the day, and numbers that passed long ago."""

from yichuang.core import clock, jobs
from yichuang.visits.commands.sweep import sweep_halls


@jobs.periodic("*/5 * * * *")
@jobs.job(name="visits.sweep")
def sweep() -> None:
    """Every five minutes: numbers of earlier days and those that passed half an hour ago are over."""
    sweep_halls(at=clock.now())
