"""What feedback does with nobody pressing."""

from yichuang.core import clock, jobs
from yichuang.feedback.commands.invite import invite_left


@jobs.periodic("*/10 * * * *")
@jobs.job(name="feedback.invite_left")
def invite_for_quiet_stays() -> None:
    """Every ten minutes: stays at windows that ended by silence may be rated."""
    invite_left(at=clock.now())
