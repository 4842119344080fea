"""Where a message stands, from the steps that were written down."""

from datetime import datetime, timedelta

from yichuang.notices.models import Delivery, Message
from yichuang.notices.rules import is_parked

RESEND_WITHIN = timedelta(days=7)


def steps_of(row: Message) -> list[Delivery]:
    """Every step, oldest first, from what was fetched along where it was."""
    return sorted(row.deliveries.all(), key=lambda step: (step.at, step.id))


def may_resend(row: Message, at: datetime) -> bool:
    """Whether a person may have it sent again: parked, no code, written in the last seven days."""
    if row.secret or row.kind == "inbox" or row.created_at < at - RESEND_WITHIN:
        return False
    return is_parked([step.as_try() for step in steps_of(row)])
