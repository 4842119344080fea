"""Two thousand boards that wait for the calls of their halls on the one process of live events: how late each is told."""

import asyncio
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import psutil
import psycopg

from bench.figures import Result, percentile
from bench.stack import HERE, Stack, load_average
from yichuang.core.live import CHANNEL

NAME = "events"
BAR, MEMORY_BAR = 100.0, 100.0  # milliseconds at p99; megabytes
BOARDS, FEW, HALLS = 2_000, 200, 100
RATE, SECONDS, ROUNDS = 20.0, 6.0, 3  # calls per second: a hundred halls that call every five seconds each
SETTLE = 2.0  # seconds for what is under way
AT_ONCE = 50  # connections that are opened together
MARK = b"data: hall:"


@dataclass
class Told:
    """When what was told, and how many milliseconds later each board had it."""

    sent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: list[float] = field(default_factory=list)


class Board(asyncio.Protocol):
    """One screen on a wall: it counts what it is told of its hall."""

    def __init__(self, hello: bytes, topic: str, ready: asyncio.Event) -> None:
        self.hello, self.topic, self.ready = hello, topic, ready
        self.told, self.seen = Told(), 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.hello)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.ready.set()
        sent = self.told.sent[self.topic]
        for _ in range(data.count(MARK)):
            if self.seen < len(sent):
                self.told.late.append((now - sent[self.seen]) * 1000)
            self.seen += 1

    def listen(self, told: Told) -> None:
        self.told, self.seen = told, 0


def run(stack: Stack, quick: bool) -> list[Result]:
    """Needs the live events of the installation, which other scenarios stop."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the boards of both sides are sockets of this process
    return asyncio.run(_run(stack, FEW if quick else BOARDS, 1 if quick else ROUNDS))


async def _run(stack: Stack, count: int, rounds: int) -> list[Result]:
    delay = Result(NAME, f"{count} boards in {HALLS} halls, {RATE:g} calls/s: 99 % are told within", BAR, "ms")
    memory = Result(f"{NAME}-memory", f"the process of live events with {count} boards (PSS)", MEMORY_BAR, "MB")
    halls = [f"hall:{id}" for (id,) in stack.execute("SELECT id FROM network_place ORDER BY code LIMIT 100")]
    command = [sys.executable, str(HERE / "inside/bare_events.py"), stack.url]
    live = next(child.process for child in stack.installation.children if child.name == "events")
    assert live is not None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bare:
        try:
            assert bare.stdout is not None
            ours = await _boards(stack.port + 1, count, halls, _asked)
            beside = [f"{topic}-bare" for topic in halls]  # each process has readers of its own topics only
            ceiling = await _boards(int(bare.stdout.readline()), count, beside, lambda topic: f"{topic}\n".encode())
            async with await psycopg.AsyncConnection.connect(stack.url, autocommit=True) as database:
                both = ((ours, halls), (ceiling, beside))
                told = [[await _round(database, *side) for side in both] for _ in range(rounds)]
                burst = [await _burst(database, *side) for side in both]
            memory.take([psutil.Process(live.pid).memory_full_info().pss / 1e6])
        finally:
            bare.terminate()
    late = [[ms for pair in told for ms in pair[side].late] for side in (0, 1)]
    p99 = [[percentile(pair[side].late, 0.99) for pair in told] for side in (0, 1)]
    delay.take(p99[0])
    expected = sum(len(sent) for pair in told for sent in pair[0].sent.values()) * count // len(halls)
    if len(late[0]) != expected:
        delay.faults.append(f"{expected - len(late[0])} of {expected} calls never reached a board")
    delay.facts |= {
        "told": len(late[0]),
        "median_ms": round(median(late[0]), 1),
        "bare_p99_ms": round(median(p99[1]), 1),
        "ratio_to_bare": round(median(ours / bare for ours, bare in zip(*p99, strict=True)), 2),
        "everybody_at_once_ms": round(burst[0], 1),
        "everybody_at_once_bare_ms": round(burst[1], 1),
        "load_average": load_average(),
    }
    for board in (*ours, *ceiling):
        assert board.transport is not None
        board.transport.close()
    return [delay, memory]


def _asked(topic: str) -> bytes:
    return f"GET /events?topic={topic} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode()


async def _boards(port: int, count: int, halls: list[str], hello: Callable[[str], bytes]) -> list[Board]:
    """Everybody connected and answered, some at a time."""
    loop, boards = asyncio.get_running_loop(), list[Board]()
    for first in range(0, count, AT_ONCE):
        coming = [
            Board(hello(halls[n % len(halls)]), halls[n % len(halls)], asyncio.Event())
            for n in range(first, min(count, first + AT_ONCE))
        ]
        for board in coming:
            await loop.create_connection(lambda board=board: board, "127.0.0.1", port)
        await asyncio.wait_for(asyncio.gather(*(board.ready.wait() for board in coming)), 60)
        boards += coming
    return boards


async def _round(database: psycopg.AsyncConnection, boards: list[Board], halls: list[str]) -> Told:
    """Calls at a steady pace, one hall after the other; the moment that counts is the one before the commit is sent."""
    told = Told()
    for board in boards:
        board.listen(told)
    began = time.monotonic()
    for n in range(int(RATE * SECONDS)):
        await asyncio.sleep(max(0.0, began + n / RATE - time.monotonic()))
        topic = halls[n % len(halls)]
        told.sent[topic].append(time.monotonic())
        await database.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
    await asyncio.sleep(SETTLE)
    return told


async def _burst(database: psycopg.AsyncConnection, boards: list[Board], halls: list[str]) -> float:
    """All halls in the same moment: milliseconds until the last board has it."""
    told = Told()
    for board in boards:
        board.listen(told)
    told.sent |= {topic: [time.monotonic()] for topic in halls}
    await database.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", [CHANNEL, halls])
    await asyncio.sleep(SETTLE)
    return max(told.late) if len(told.late) == len(boards) else float("inf")
