"""Delivery in the background: a partner that is down never holds up an act."""

from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import job
from yichuang.notices.delivery import deliver_message


@job(name="notices.deliver", queue="notices")
def deliver(message: UUID) -> None:
    """Deliver one message; tried eight times, then parked."""
    deliver_message(message=message, clock=now)
