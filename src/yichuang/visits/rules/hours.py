"""Stretches of time as a hall's hours are made of. Pure."""

from collections.abc import Iterable
from datetime import datetime, time

STEP = 30  # minutes: what a manager opens longer by
STEPS = 6


def joined(stretches: Iterable[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """The same time as stretches in order, none touching the next."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def later_than(closes: time, now: time) -> tuple[time, ...]:
    """To when a hall that closes at `closes` may be opened longer today, by half hours; never beyond the day."""
    if closes == time.max:
        return ()
    since, begin = max(_minutes(closes), _minutes(now)), _minutes(closes)
    later = [minute for minute in range(begin + STEP, 24 * 60, STEP) if minute > since]
    return tuple(time(*divmod(minute, 60)) for minute in later[:STEPS])


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
