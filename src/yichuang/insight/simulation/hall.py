"""One day of a hall as discrete events (simpy): who comes, who calls, by the very rule of `visits` (docs/adr/0042).

Nothing is read or written: people and windows go in, and what became of each comes out, in the order in which they came.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Any
from uuid import UUID

import simpy

from yichuang.visits.rules.calling import called, choose
from yichuang.visits.values import Head, Line, LineMemory, TicketClass

SETTLE = 1e-6  # seconds: two moments that close are one


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who takes a number: when, for what, how long the service will take; `patience`: seconds, then they leave."""

    queue: UUID
    at: datetime
    service: float  # seconds
    item: str = ""
    of: TicketClass = TicketClass.ORDINARY
    order_at: datetime | None = None  # since when it counts as waiting; None: since it came
    patience: float = inf


@dataclass(frozen=True, slots=True)
class Shift:
    """A window that calls from these queues in these spans. `pace`: how long its services take, 1 as everybody's."""

    window: str
    queues: frozenset[UUID]
    spans: tuple[tuple[datetime, datetime], ...]
    pace: float = 1.0


@dataclass(slots=True)
class Stay:
    """What became of somebody; `waiting`: for what those came who waited then."""

    comer: Comer
    desks: int
    taken: int
    waiting: tuple[str, ...]
    called_at: datetime | None = None
    ended_at: datetime | None = None
    window: str = ""

    @property
    def waited(self) -> float | None:
        """Seconds until the call; None for who left before."""
        return (self.called_at - self.comer.at).total_seconds() if self.called_at else None


@dataclass(slots=True)
class Played:
    """A whole day: everybody in the order of coming, and how many seconds each window worked."""

    stays: list[Stay]
    worked: Mapping[str, float]


@dataclass(slots=True)
class _Queue:
    """Heaps by class, and what the queue remembers of its calls."""

    aim: timedelta
    heaps: dict[TicketClass, list[tuple[datetime, int, Stay]]] = field(
        default_factory=lambda: {of: [] for of in TicketClass}
    )
    memory: LineMemory = LineMemory()

    def waiting(self, at: datetime) -> list[Stay]:
        """Who has not been called and has not lost patience."""
        return [stay for heap in self.heaps.values() for _, _, stay in heap if not _gone(stay, at)]

    def line(self, queue: UUID, at: datetime) -> Line:
        heads = {}
        for of, heap in self.heaps.items():
            while heap and _gone(heap[0][2], at):
                heappop(heap)
            if heap:
                heads[of] = Head(UUID(int=heap[0][1]), heap[0][0])
        return Line(queue, self.aim, heads, self.memory)


def _gone(stay: Stay, at: datetime) -> bool:
    return (at - stay.comer.at).total_seconds() > stay.comer.patience


class _Day:
    """The events of one day."""

    def __init__(self, comers: Sequence[Comer], shifts: Sequence[Shift], aims: Mapping[UUID, timedelta]) -> None:
        self.env = simpy.Environment()
        self.base = min([comer.at for comer in comers] + [span[0] for shift in shifts for span in shift.spans])
        self.queues = {queue: _Queue(aim) for queue, aim in aims.items()}
        self.shifts, self.serial = shifts, count()
        self.news = self.env.event()
        self.open: dict[int, bool] = {}  # the windows that call now: whether they have somebody
        self.stays: list[Stay] = []
        self.worked = {shift.window: 0.0 for shift in shifts}
        self.last = {
            queue: max((shift.spans[-1][1] for shift in shifts if queue in shift.queues and shift.spans), default=None)
            for queue in aims
        }
        for number, shift in enumerate(shifts):
            self.env.process(self._window(number, shift))
        self.env.process(self._door(sorted(comers, key=lambda one: one.at)))

    def moment(self) -> datetime:
        return self.base + timedelta(seconds=self.env.now)

    def until(self, at: datetime) -> Any:
        return self.env.timeout(max(0.0, (at - self.base).total_seconds() - self.env.now))

    def ring(self) -> None:
        """Every window that waits looks again."""
        self.news.succeed()
        self.news = self.env.event()

    def _door(self, comers: Iterable[Comer]) -> Generator[Any, Any, None]:
        for comer in comers:
            yield self.until(comer.at)
            queue = self.queues[comer.queue]
            serving = [busy for number, busy in self.open.items() if comer.queue in self.shifts[number].queues]
            waiting = tuple(one.comer.item for one in queue.waiting(comer.at))
            stay = Stay(comer, len(serving), sum(serving), waiting)
            self.stays.append(stay)
            since = comer.order_at or comer.at
            heappush(queue.heaps[comer.of], (since, next(self.serial), stay))
            self.ring()
            if since > comer.at:
                self.env.process(self._ring_at(since))

    def _ring_at(self, at: datetime) -> Generator[Any, Any, None]:
        yield self.until(at)
        self.ring()

    def _window(self, number: int, shift: Shift) -> Generator[Any, Any, None]:
        for opens, closes in shift.spans:
            yield self.until(opens)
            if self.moment() >= closes:
                continue  # the service before lasted through the whole of it
            self.open[number] = False
            stays_on = closes == shift.spans[-1][1] and any(self.last[queue] == closes for queue in shift.queues)
            yield from self._span(number, shift, closes, stays_on)
            del self.open[number]

    def _span(self, number: int, shift: Shift, closes: datetime, stays_on: bool) -> Generator[Any, Any, None]:
        """Call and serve until the hour; who is last in the hall stays until nobody waits."""
        while True:
            at = self.moment()
            over = (closes - at).total_seconds() <= SETTLE
            if over and not stays_on:
                return
            stay = self._call(shift, at)
            if stay is not None:
                yield from self._serve(number, shift, stay)
            elif over and not any(self.queues[queue].waiting(at) for queue in shift.queues):
                return
            else:
                yield self.news if over else self.news | self.until(closes)

    def _call(self, shift: Shift, at: datetime) -> Stay | None:
        lines = [self.queues[queue].line(queue, at) for queue in shift.queues]
        choice = choose(lines, at)
        if choice is None:
            return None
        for id, memory in called(lines, choice.of).items():
            self.queues[id].memory = memory
        _, _, stay = heappop(self.queues[choice.queue].heaps[choice.of])
        stay.called_at, stay.window = at, shift.window
        return stay

    def _serve(self, number: int, shift: Shift, stay: Stay) -> Generator[Any, Any, None]:
        took = stay.comer.service * shift.pace
        self.open[number] = True
        yield self.env.timeout(took)
        self.open[number] = False
        stay.ended_at = self.moment()
        self.worked[shift.window] += took


def play(comers: Sequence[Comer], shifts: Sequence[Shift], aims: Mapping[UUID, timedelta]) -> Played:
    """The day of these people at these windows. `aims`: each queue with how long people should wait in it at most."""
    day = _Day(comers, shifts, aims)
    day.env.run()
    return Played(day.stays, day.worked)
