"""The day itself: everybody begins, the clock runs, and in the end the system is asked what came of it."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yichuang.core.clock import local_date
from yichuang.insight.simulation.day import DayPlan
from yichuang.settings.day.cast import Cast, Machines
from yichuang.settings.day.citizens import Citizens
from yichuang.settings.day.floor import LEAST, MINUTE, Floor, break_machines, watch_board
from yichuang.settings.day.kiosk import Kiosk
from yichuang.settings.day.office import Decider, Manager
from yichuang.settings.day.summary import Summary, quarter, summary_of
from yichuang.settings.day.windows import Clerk
from yichuang.settings.day.wires import Wires
from yichuang.visits import figures

QUARTER, BEFORE = timedelta(minutes=15), timedelta(minutes=22)


@dataclass(frozen=True, slots=True)
class Wish:
    """How the day is played."""

    address: str
    ends: datetime
    leave: frozenset[str] = frozenset()
    say: Callable[[str], None] = lambda line: None


def play(plan: DayPlan, cast: Cast, machines: Machines, wish: Wish) -> Summary:
    """Play it; returns when our clock shows `ends`."""
    wires = Wires(wish.address)
    floor = Floor(plan, cast, machines, wires, wish.ends, taken=wish.leave)
    try:
        asyncio.run(_play(floor, wish))
        states = asyncio.run(_states(floor))
    finally:
        wires.close()
    book = figures.book_of(cast.place.id, local_date(plan.setting.opens))
    return summary_of(plan, floor.outcomes, wires.traffic, book, states)


async def _play(floor: Floor, wish: Wish) -> None:
    await floor.until(floor.plan.setting.opens - BEFORE)  # what yesterday left open is closed by then
    windows = await _windows(floor)
    agents = [asyncio.create_task(_guarded(floor, one)) for one in _everybody(floor, windows, wish)]
    try:
        await floor.until(floor.ends)
    finally:
        for agent in agents:
            agent.cancel()
        await asyncio.gather(*agents, return_exceptions=True)


async def _windows(floor: Floor) -> tuple[list[str], list[str]]:
    """The windows that serve everything, and those where results are fetched, but for what is left to others."""
    told = await floor.wires.api("GET", f"{floor.hall}/load", floor.cast.manager.token)
    rows = [one for one in told.data["windows"] if one["number"] not in floor.taken and one["staff"] is None]

    def serving(queue: object) -> list[str]:
        return [one["number"] for one in rows if str(queue) in one["queues"]]

    return serving(floor.cast.queue), serving(floor.cast.results)


def _everybody(floor: Floor, windows: tuple[list[str], list[str]], wish: Wish) -> Iterator[Awaitable[None]]:
    kiosk = Kiosk(floor)
    citizens = Citizens(floor, kiosk)
    yield watch_board(floor)
    yield break_machines(floor)
    yield kiosk.beat()
    yield _tell(floor, wish.say)
    for clerk, me in zip(floor.plan.clerks, floor.cast.clerks, strict=True):
        window = windows[0][clerk.nth] if clerk.nth < len(windows[0]) else ""
        if window or clerk.spare:
            yield Clerk(floor, me, clerk, window).work()
    if windows[1]:
        yield Clerk(floor, floor.cast.issuer, floor.plan.clerks[0], windows[1][0], issues=True).work()
    yield Manager(floor, floor.cast.clerks[-1]).work()
    for one in floor.cast.office:
        yield Decider(floor, one).work()
    for visitor in floor.plan.visitors:
        if visitor.at >= floor.began:
            yield citizens.live(visitor)
        else:
            floor.outcomes.counts["planned before we began"] += 1


async def _guarded(floor: Floor, agent: Awaitable[None]) -> None:
    """What goes wrong with one is written down, and the others go on."""
    try:
        await agent
    except asyncio.CancelledError:
        raise
    except Exception:
        floor.outcomes.crashes.append(traceback.format_exc(limit=-3).strip())


async def _tell(floor: Floor, say: Callable[[str], None]) -> None:
    """One line each quarter of an hour."""
    while True:
        told = await floor.wires.api("GET", f"{floor.hall}/board")
        if told.ok:
            say(quarter(floor.now, floor.outcomes, floor.wires.traffic, told.data))
        await floor.rest(QUARTER, least=4 * LEAST)


async def _states(floor: Floor) -> Mapping[str, str]:
    """Where every case stands that was acknowledged, as the system tells who filed it or works on it."""
    found = {}
    for number, token in floor.outcomes.cases.items():
        told = await floor.wires.api("GET", f"cases/{number}", token)
        if told.ok:
            found[number] = told.data["state"]
    return found


def ends_of(plan: DayPlan, until: datetime | None) -> datetime:
    """When the day is over: as told, or half an hour after the hall has closed."""
    return until or plan.setting.closes + 28 * MINUTE
