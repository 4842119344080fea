"""Delivery in the background: a partner that is down never holds up an act."""

from uuid import UUID

from yichuang.core.clock import now
from yichuang.core.jobs import job
from yichuang.notices.delivery import deliver_message, record_failure


@job(name="notices.deliver", queue="notices")
def deliver(message: UUID) -> None:
    """Deliver one message; tried eight times, then parked."""
    at = now()
    try:
        deliver_message(message=message, at=at)
    except Exception as fault:
        record_failure(message=message, fault=type(fault).__name__, at=at)
        raise
