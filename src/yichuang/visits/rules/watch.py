"""When the holder of a number is told something on the phone: pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

NEAR = 3  # others ahead
AT_THE_DOOR = timedelta(seconds=90)  # who took a number so lately was told then how many are ahead
LOOK_AGAIN = timedelta(minutes=1)  # between two looks at the queues


def is_near(ahead: int) -> bool:
    """Whether three or fewer are ahead."""
    return ahead <= NEAR


def leave_in(least: timedelta | None, travel: timedelta) -> timedelta | None:
    """How long one may still stay where one is; 0: leave now. None while nobody can know (no window serves the queue).

    From the short end of the interval: of ten who leave by it, nine are there before they are called.
    """
    if least is None:
        return None
    return max(timedelta(0), least - travel)


def should_leave(least: timedelta | None, travel: timedelta) -> bool:
    """Whether it is time, or will be before anybody looks again."""
    left = leave_in(least, travel)
    return left is not None and left <= LOOK_AGAIN


class News(StrEnum):
    """What is told; the value is the name of the message."""

    LEAVE = "ticket_leave"
    NEAR = "ticket_near"


@dataclass(frozen=True, slots=True)
class Due:
    """What to say now, if anything, and what need not be said any more."""

    say: News | None
    leave: bool
    near: bool


def due(
    *,
    ahead: int,
    least: timedelta | None,
    waited: timedelta,
    travel: timedelta | None,
    near_told: bool,
    leave_told: bool,
) -> Due:
    """Each thing once, and of two that are due the one that matters more.

    That three are ahead is no news to who took the number just now.
    """
    leave = travel is not None and not leave_told and should_leave(least, travel)
    near = not near_told and is_near(ahead)
    if leave:
        return Due(News.LEAVE, True, near)
    return Due(News.NEAR if near and waited >= AT_THE_DOOR else None, False, near)
