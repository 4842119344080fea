"""What feedback does when something happened below."""

from yichuang.cases.events import ServiceOver
from yichuang.core.events import subscribe
from yichuang.feedback.commands.invite import invite


@subscribe(ServiceOver)
def let_it_be_rated(event: ServiceOver) -> None:
    """In the transaction that ends the service: there is never one without its invitation."""
    invite(over=event)
