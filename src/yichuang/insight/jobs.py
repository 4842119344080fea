"""What insight does with nobody pressing: at night, off the path of every request."""

from yichuang.core import clock, jobs
from yichuang.insight.commands.forecast import learn_waits, measure_waits


@jobs.periodic("20 0 * * *")
@jobs.job(name="insight.learn_waits")
def learn() -> None:
    """After midnight: how long people wait, from the hall's own last sixty days."""
    learn_waits(at=clock.now())


@jobs.periodic("10 0 * * *")
@jobs.job(name="insight.measure_waits")
def measure() -> None:
    """After midnight: how often what was told yesterday came true."""
    measure_waits(at=clock.now())
