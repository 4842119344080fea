"""A real day under another plan (重演): the same people at the same moments, each as long at the window as they were. Pure.

Who left without being served is taken as one who would have stayed, for as long as the middle one of the queue took. Who
came after the plan's closing is turned away and counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from uuid import UUID

from yichuang.insight.simulation.hall import Comer, Played, Shift, play
from yichuang.insight.values import Outcome, Plan, Replayed
from yichuang.visits.values import PastDay

Spans = tuple[tuple[datetime, datetime], ...]
USUAL = 480.0  # seconds: where nobody of the queue was served
NOON = (12, 13)
MOST_LATE = 20  # minutes that the last window may stay in a plan that is proposed, unless who came last takes longer


def as_it_was(day: PastDay, closes: datetime) -> Outcome:
    """What the records themselves say: waits of who was called, and the windows that were open."""
    waits = [one.waited for one in day.visitors if one.waited is not None]
    worked = sum(one.busy or 0.0 for one in day.visitors)
    staffed = sum((one.closed_at - one.opened_at).total_seconds() for one in day.windows)
    aims = {queue.id: queue.aim.total_seconds() for queue in day.queues}
    within = sum(one.waited is not None and one.waited <= aims[one.queue] for one in day.visitors)
    ends = [
        one.at + timedelta(seconds=one.waited + one.busy) for one in day.visitors if one.waited is not None and one.busy
    ]
    late = (max(ends, default=closes) - closes).total_seconds()
    return _outcome(waits, within, worked, staffed, max(0.0, late), 0)


def replay(day: PastDay, shifts: Sequence[Shift], closes: datetime) -> Outcome:
    """The day's people at these windows, in a hall that gives numbers until `closes`."""
    comers = [comer for comer in comers_of(day) if comer.at < closes]
    aims = {queue.id: queue.aim for queue in day.queues}
    if not comers:
        return _outcome([], 0, 0.0, _staffed(shifts), 0.0, len(day.visitors))
    played = play(comers, shifts, aims)
    waits = [stay.waited for stay in played.stays if stay.waited is not None]
    within = sum(
        stay.waited is not None and stay.waited <= aims[stay.comer.queue].total_seconds() for stay in played.stays
    )
    return _outcome(
        waits,
        within,
        sum(played.worked.values()),
        _staffed(shifts),
        _late(played, closes),
        len(day.visitors) - len(comers),
    )


def comers_of(day: PastDay) -> Sequence[Comer]:
    """Who came, each with the time that a window was theirs."""
    usual = {
        queue.id: median(
            [one.busy for one in day.visitors if one.queue == queue.id and one.busy is not None] or [USUAL]
        )
        for queue in day.queues
    }
    return [
        Comer(one.queue, one.at, usual[one.queue] if one.busy is None else one.busy, one.item, one.of, one.order_at)
        for one in day.visitors
    ]


def shifts_as_they_were(day: PastDay) -> Sequence[Shift]:
    """The windows of the day, each stretch in which one called: a window that paused is not there meanwhile."""
    known = frozenset(queue.id for queue in day.queues)
    found = [
        Shift(f"{one.number}/{n}", one.queues & known, ((one.opened_at, one.closed_at),))
        for n, one in enumerate(day.windows)
        if one.queues & known and one.closed_at > one.opened_at
    ]
    served = frozenset[UUID]().union(*(one.queues for one in found))
    return found if known <= served else []


def shifts_of(day: PastDay, plan: Plan, hours: Spans) -> Sequence[Shift]:
    """The windows of a plan; none where it has fewer than its queues need."""
    spans = hours if plan.at_noon else tuple(_without_noon(hours))
    queues = _shared(day, plan.windows, dedicated=not plan.pooled)
    return [Shift(str(n + 1), those, spans) for n, those in enumerate(queues)]


def _shared(day: PastDay, windows: int, *, dedicated: bool) -> Sequence[frozenset[UUID]]:
    """Pooled: every window takes all. Dedicated: one queue each, the next window always where most work is for those there."""
    every = frozenset(queue.id for queue in day.queues)
    if not dedicated:
        return [every] * windows
    if windows < len(every):
        return []
    work = _work(day)
    having = dict.fromkeys(work, 1)
    for _ in range(windows - len(every)):
        fullest = max(having, key=lambda queue: (work[queue] / having[queue], str(queue)))
        having[fullest] += 1
    return [frozenset({queue}) for queue, n in having.items() for _ in range(n)]


def _work(day: PastDay) -> Mapping[UUID, float]:
    work = {queue.id: 0.0 for queue in day.queues}
    for comer in comers_of(day):
        work[comer.queue] += comer.service
    return work


def _without_noon(hours: Spans) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in hours:
        shuts = opens.replace(hour=NOON[0], minute=0, second=0, microsecond=0)
        again = shuts.replace(hour=NOON[1])
        yield from ((a, b) for a, b in ((opens, min(closes, shuts)), (max(opens, again), closes)) if a < b)


def cheapest(day: PastDay, hours: Spans, most: int, target: float) -> Replayed | None:
    """The plan with the fewest hours at windows whose nine of ten waits are at most `target` minutes and whose last window
    stays twenty minutes at most (or as long as who came last takes); None where none of up to `most` windows does it. Of each kind of plan it begins at the
    number that the work needs at least, so it plays a handful of days."""
    best: Replayed | None = None
    for kind in (Plan(0, pooled, noon) for noon in (False, True) for pooled in (True, False)):
        found = _first_that_does(day, kind, hours, most, target, best)
        best = found or best
    return best


def _first_that_does(
    day: PastDay, kind: Plan, hours: Spans, most: int, target: float, best: Replayed | None
) -> Replayed | None:
    spans = hours if kind.at_noon else tuple(_without_noon(hours))
    open_for = sum((b - a).total_seconds() for a, b in spans)
    latest = max(MOST_LATE, _at_best(day, hours[-1][1]))
    least = max(1, ceil(sum(_work(day).values()) / (open_for + MOST_LATE * 60))) if open_for else most + 1
    for windows in range(least, most + 1):
        plan = replace(kind, windows=windows)
        if best and windows * open_for / 3600 >= best.outcome.hours:
            return None
        shifts = shifts_of(day, plan, hours)
        if shifts:
            outcome = replay(day, shifts, hours[-1][1])
            if outcome.most <= target and outcome.late <= latest:
                return Replayed(plan, outcome)
    return None


def _at_best(day: PastDay, closes: datetime) -> int:
    """Minutes after closing that somebody who comes at the last moment takes, however many windows there are."""
    ends = [one.at + timedelta(seconds=one.service) for one in comers_of(day) if one.at < closes]
    return round(max(0.0, (max(ends, default=closes) - closes).total_seconds()) / 60)


def _late(played: Played, closes: datetime) -> float:
    """Seconds after closing until the last one was done."""
    ends = [stay.ended_at for stay in played.stays if stay.ended_at is not None]
    return max(0.0, (max(ends, default=closes) - closes).total_seconds())


def _staffed(shifts: Sequence[Shift]) -> float:
    return sum((b - a).total_seconds() for shift in shifts for a, b in shift.spans)


def _outcome(
    waits: Sequence[float], within: int, worked: float, staffed: float, late: float, turned_away: int
) -> Outcome:
    order = sorted(waits)
    return Outcome(
        len(order),
        _minutes(order, 0.5),
        _minutes(order, 0.9),
        round(100 * within / len(order)) if order else 0,
        round(late / 60),
        min(100, round(100 * worked / staffed)) if staffed else 0,
        round(staffed / 3600, 1),
        turned_away,
    )


def _minutes(order: Sequence[float], level: float) -> float:
    """What so many of them waited at most (nearest rank), in minutes."""
    return round(order[max(0, ceil(level * len(order) - 1e-9) - 1)] / 60, 1) if order else 0.0
