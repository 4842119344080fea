"""Since when a ticket counts as waiting (`order_at`): the only thing that puts one before another in its class."""

from collections.abc import Sequence
from datetime import datetime, timedelta

EARLY = timedelta(minutes=15)  # 预约号: checked in from a quarter of an hour before to a quarter after (domain.md §6)
LATE = timedelta(minutes=15)
BEHIND = 3  # 过号: who comes back waits behind three others
TICK = timedelta(microseconds=1)


def check_in_from(slot: datetime) -> datetime:
    """From when somebody with this appointment may check in."""
    return slot - EARLY


def keeps_its_slot(slot: datetime, at: datetime) -> bool:
    """Whether somebody who checks in now is in time for the appointment."""
    return check_in_from(slot) <= at <= slot + LATE


def of_appointment(slot: datetime, at: datetime, wait: timedelta) -> datetime:
    """In time: from the beginning of the slot, but never longer before the check-in than the queue waits just then."""
    return max(slot, at - wait)


def of_return(waiting: Sequence[datetime], at: datetime) -> datetime:
    """After a missed call: right behind the third who waits now (`waiting`, the first ones in order); with fewer, the end."""
    if len(waiting) >= BEHIND:
        return waiting[BEHIND - 1] + TICK
    return max(at, waiting[-1] + TICK) if waiting else at


def number(letter: str, serial: int) -> str:
    """ "A012": the letter of the queue and three digits, more when a day has more than 999."""
    return f"{letter}{serial:03d}"
