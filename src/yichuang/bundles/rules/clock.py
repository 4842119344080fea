"""The package's clock (套餐时限): business minutes of the hall, who holds it, how long each had it. Pure.

It runs while at least one office holds a part of the package; it stands while everything that is open waits for the
applicant or for a special procedure. It is derived from the acts on the cases, never stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

Stretch = tuple[datetime, datetime]  # from when until when the hall is open, half-open
Hours = Sequence[Stretch]  # in order, none touching another
ZERO = timedelta(0)
MINUTE = timedelta(minutes=1)


class Hand(StrEnum):
    """In whose hands a part of the package lies."""

    DESK = "desk"  # the window checks the filing
    DEPARTMENT = "department"
    APPLICANT = "applicant"  # corrections, promised papers
    STOPPED = "stopped"  # a special procedure: the law stops the clock


OFFICES = frozenset({Hand.DESK, Hand.DEPARTMENT})


@dataclass(frozen=True, slots=True)
class Holding:
    """One part of the package (`slot`) in one hand. `until` None: still."""

    slot: str
    hand: Hand
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock says now. `by_slot`: how long the offices had each part. `due_at` None: it stands, or has ended."""

    used: timedelta
    promise: timedelta
    running: bool
    due_at: datetime | None
    by_slot: Mapping[str, timedelta]
    holding: tuple[Holding, ...]  # what is open now
    critical: str  # the slot that keeps the others waiting; "": nothing is open

    @property
    def left(self) -> timedelta:
        """What is left of the promise; negative once it is broken."""
        return self.promise - self.used

    @property
    def minutes_used(self) -> int:
        return self.used // MINUTE

    @property
    def minutes_left(self) -> int:
        return self.left // MINUTE


def open_time(hours: Hours, since: datetime, until: datetime) -> timedelta:
    """How long the hall was open between two moments."""
    each = (min(end, until) - max(start, since) for start, end in hours if start < until and end > since)
    return sum(each, ZERO)


def after(hours: Hours, since: datetime, amount: timedelta) -> datetime | None:
    """The moment by which the hall was open for `amount` since then; None when the hours do not reach so far."""
    left = amount
    if left <= ZERO:
        return since
    for start, end in hours:
        if end <= since:
            continue
        begun = max(start, since)
        if end - begun >= left:
            return begun + left
        left -= end - begun
    return None


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that overlap or touch made one, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def clock_of(
    holdings: Sequence[Holding], hours: Hours, *, promise: timedelta, rests: Mapping[str, Sequence[str]], now: datetime
) -> Clock:
    """What the clock says at `now`. `rests`: per slot, the slots that it rests on."""
    offices = [one for one in holdings if one.hand in OFFICES]
    used = sum((open_time(hours, *stretch) for stretch in joined(_ended(offices, now))), ZERO)
    by_slot = {
        slot: sum((open_time(hours, *stretch) for stretch in joined(_ended(mine, now))), ZERO)
        for slot, mine in _by_slot(offices).items()
    }
    holding = tuple(one for one in holdings if one.until is None)
    running = any(one.hand in OFFICES for one in holding)
    due = after(hours, now, promise - used) if running and used <= promise else None
    return Clock(used, promise, running, due, by_slot, holding, critical(holding, rests))


def critical(holding: Sequence[Holding], rests: Mapping[str, Sequence[str]]) -> str:
    """The open part that keeps most others waiting; of equal ones that which has lain longest in its hand."""
    if not holding:
        return ""
    waiting = {one.slot: sum(one.slot in behind(other, rests) for other in rests) for one in holding}
    return min(holding, key=lambda one: (-waiting[one.slot], one.since, one.slot)).slot


def behind(slot: str, rests: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Everything that a slot rests on, directly or not."""
    found: set[str] = set()
    ahead = list(rests.get(slot, ()))
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += rests.get(one, ())
    return frozenset(found)


def _by_slot(holdings: Iterable[Holding]) -> dict[str, list[Holding]]:
    found: dict[str, list[Holding]] = {}
    for one in holdings:
        found.setdefault(one.slot, []).append(one)
    return found


def _ended(holdings: Iterable[Holding], now: datetime) -> list[Stretch]:
    """Their stretches, an open one until now."""
    each = ((one.since, min(one.until or now, now)) for one in holdings)
    return [(since, until) for since, until in each if since < until]
