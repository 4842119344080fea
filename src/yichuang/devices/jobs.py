"""What happens to machines with nobody pressing."""

from uuid import UUID

from yichuang.core import clock, jobs
from yichuang.devices.commands.heartbeat import look_after
from yichuang.devices.queries import list_spoken_to


@jobs.job(name="devices.look_after", retries=0)
def ask(device: UUID) -> None:
    """One machine is asked how it is."""
    look_after(device=device, at=clock.now())


@jobs.periodic("* * * * *")
@jobs.job(name="devices.ask_all")
def ask_all() -> None:
    """Every minute each machine with an address is asked, one job each: a dead one delays no other."""
    for device in list_spoken_to():
        jobs.enqueue_once(ask, key=f"device:{device}", device=device)
