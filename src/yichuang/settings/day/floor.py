"""The hall as those in it see it: the time, who stands where, what the board shows. What the system knows is asked of it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from yichuang.core import clock
from yichuang.insight.simulation.day import DayPlan, Visitor
from yichuang.settings.day.cast import Cast, Citizen, Machines
from yichuang.settings.day.wires import Wires

LEAST = 0.25  # seconds of the machine between two looks, however quick the clock
GLANCE = timedelta(seconds=6)  # how often people look at the board
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(slots=True)
class Guest:
    """Somebody who holds a number, and what they want at the window."""

    visitor: Visitor
    citizen: Citizen | None  # none: nobody knows who it is
    number: str
    called: asyncio.Event = field(default_factory=asyncio.Event)  # the board showed the number
    there: asyncio.Event = field(default_factory=asyncio.Event)  # stands at the window
    left: asyncio.Event = field(default_factory=asyncio.Event)  # is away from the window: served, or sent on
    in_wrong_queue: bool = False  # pressed the wrong one at the kiosk
    sent_on: bool = False  # to another queue, where the number is called again
    case: str = ""  # what was filed for them
    parked: str = ""  # the ticket, while they fetch a copy
    fetching: bool = False  # comes for a result


@dataclass(slots=True)
class Outcomes:
    """What came of the day besides what the book of the hall tells."""

    counts: Counter[str] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)  # as they stood on slips and screens
    cases: dict[str, str] = field(default_factory=dict)  # acknowledged numbers, and the token of who filed
    faults: Counter[str] = field(default_factory=Counter)  # of machines, as people met them
    late: list[float] = field(default_factory=list)  # seconds of the machine behind what was planned
    crashes: list[str] = field(default_factory=list)  # of the player itself


@dataclass(slots=True)
class Floor:
    """One day being played."""

    plan: DayPlan
    cast: Cast
    machines: Machines
    wires: Wires
    ends: datetime
    began: datetime = field(default_factory=clock.now)
    outcomes: Outcomes = field(default_factory=Outcomes)
    guests: dict[str, Guest] = field(default_factory=dict)  # by number
    taken: frozenset[str] = frozenset()  # windows that are left to somebody else
    broken: set[str] = field(default_factory=set)  # machines that are out of order now
    given_back: set[str] = field(default_factory=set)  # cases whose task somebody gave back to the post, once
    minding: asyncio.Lock = field(default_factory=asyncio.Lock)  # one clerk at a time looks at what came online
    minded_at: datetime = datetime.min.replace(tzinfo=UTC)  # when nothing new had come
    looked_at: set[tuple[str, int]] = field(default_factory=set)  # filings, with their version

    @property
    def now(self) -> datetime:
        return clock.now()

    @property
    def hall(self) -> str:
        return f"halls/{self.cast.place.code}"

    def citizen_of(self, visitor: Visitor) -> Citizen:
        return self.cast.citizens[visitor.nth % len(self.cast.citizens)]

    async def until(self, at: datetime, *, least: float = 0.0) -> None:
        """Sleep until our clock shows this, at least so many seconds of the machine."""
        left = (clock.machine(at) - datetime.now(UTC)).total_seconds()
        since = (clock.now() - self.began).total_seconds() / clock.speed()
        self.outcomes.late.append(max(0.0, min(-left, since)))
        await asyncio.sleep(max(left, least))

    async def rest(self, length: timedelta, *, least: float = 0.0) -> None:
        """Let so much of our time pass."""
        await asyncio.sleep(max(length.total_seconds() / clock.speed(), least))

    async def heard(self, event: asyncio.Event, length: timedelta, *, least: float = LEAST) -> bool:
        """Whether it came within so much of our time."""
        try:
            await asyncio.wait_for(event.wait(), max(length.total_seconds() / clock.speed(), least))
        except TimeoutError:
            return False
        return True

    def joins(self, visitor: Visitor, citizen: Citizen | None, number: str) -> Guest:
        """Somebody holds a number from now on."""
        guest = self.guests[number] = Guest(visitor, citizen, number)
        self.outcomes.numbers.append(number)
        return guest


async def watch_board(floor: Floor) -> None:
    """The board that everybody looks at: who is called hears it."""
    while True:
        told = await floor.wires.api("GET", f"{floor.hall}/board")
        if told.ok:
            for call in told.data["calls"]:
                guest = floor.guests.get(call["number"])
                if guest is not None and not call["serving"]:
                    guest.called.set()
        await floor.rest(GLANCE, least=LEAST)


async def break_machines(floor: Floor) -> None:
    """What fails, fails; and is mended."""
    steps: list[tuple[datetime, str, str, bool]] = []
    for one in floor.plan.failures:
        steps += [(one.at, one.machine, one.fault, True), (one.mended, one.machine, one.fault, False)]
    for at, machine, fault, fails in sorted(steps):
        if at < floor.began and fails:
            continue  # of the time before we began
        await floor.until(at)
        faults = floor.machines.printer.faults if machine == "printer" else floor.machines.reader.faults
        if fails:
            faults.add(fault)
            floor.broken.add(machine)
            floor.outcomes.counts[f"{machine} failed"] += 1
        else:
            faults.discard(fault)
            floor.broken.discard(machine)


def first(rows: Sequence[Any]) -> Any:
    """The first, or nothing."""
    return rows[0] if rows else None
