"""What this room does when something happened in it."""

from yichuang.core.clock import local_date
from yichuang.core.events import subscribe
from yichuang.core.jobs import put
from yichuang.registry.events import RegistryAsked
from yichuang.registry.jobs import tell_asked


@subscribe(RegistryAsked)
def tell_the_person(event: RegistryAsked) -> None:
    """Queued with the answer; the message itself need not be waited for."""
    put(
        tell_asked,
        lock=f"party:{event.party}",
        party=event.party,
        bases=",".join(base.value for base in event.bases),
        case_number=event.case_number,
        ground=event.ground,
        item=event.item,
        day=local_date(event.at).isoformat(),
        at=event.at.isoformat(),
    )
