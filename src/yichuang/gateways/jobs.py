"""Background work of the gateways."""

from yichuang.core.clock import now
from yichuang.core.jobs import job, periodic
from yichuang.gateways.drop.config import givers
from yichuang.gateways.drop.reading import forget, take


@periodic("*/5 * * * *")
@job(name="gateways.take_files")
def take_files() -> None:
    """Load what organs have left in their drop folders (文件交换)."""
    for giver in givers():
        take(giver, at=now())
        forget(giver, at=now())
