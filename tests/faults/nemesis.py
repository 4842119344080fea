"""Who kills: gunicorn workers, PostgreSQL backends, the job worker and the postmaster, with SIGKILL.

The moments are random, but each kill is aimed: a worker that holds a connection, a backend in the midst of a statement
or a transaction. A kill that hits nobody proves nothing and costs the time until its victim is back.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from clients import Wire

from yichuang.settings.processes.installation import Installation

JOBS = "job worker"
TARGETS = ("web worker", "database backend", "web worker", "postmaster", "web worker", "database backend", JOBS)
LEAST = 3  # requests under way when somebody is killed


@dataclass
class Kill:
    """One kill and the requests that were under way at that moment."""

    target: str
    at: float
    under_way: frozenset[int]


@dataclass
class Nemesis:
    """Kills after about `every` acknowledged acts (or `longest` seconds), so that a slow machine still gets through.
    The job worker serves no request: its kills come on top and are not counted as hits."""

    installation: Installation
    wire: Wire
    acts: Callable[[], int]
    seed: int
    every: int = 45
    longest: float = 8.0
    kills: list[Kill] = field(default_factory=list)
    missed: int = 0  # times that nobody was at work: a quick machine has answered before one can aim

    def run(self, until: Callable[[], bool]) -> None:
        chance, number = random.Random(self.seed), 0
        while not until():
            target = TARGETS[number % len(TARGETS)]
            number += 1
            if target != JOBS:
                self._wait_for_acts(self.every * (0.5 + chance.random()), until)
            if (victim := self._aim(target, chance, until)) is None:
                self.missed += 1
                continue
            under_way = self.wire.snapshot()
            with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile: no kill of ours
                victim.kill()
                self.kills.append(Kill(target, time.monotonic(), under_way))

    def hits(self) -> list[Kill]:
        """Kills after which a request that was under way ended without a proper answer."""
        return [kill for kill in self.kills if kill.target != JOBS and kill.under_way & self.wire.broken]

    def _wait_for_acts(self, wanted: float, until: Callable[[], bool]) -> None:
        before, end = self.acts(), time.monotonic() + self.longest
        while self.acts() - before < wanted and time.monotonic() < end and not until():
            time.sleep(0.05)

    def _aim(self, target: str, chance: random.Random, until: Callable[[], bool]) -> psutil.Process | None:
        """One of the target's processes at a moment when it is at work; None when there is none for `longest`."""
        end = time.monotonic() + self.longest
        while time.monotonic() < end and not until():
            if len(self.wire.under_way) >= LEAST and (victims := self._victims(target)):
                return chance.choice(victims)
            time.sleep(0.005)
        return None

    def _victims(self, target: str) -> list[psutil.Process]:
        try:
            return self._find(target)
        except psutil.NoSuchProcess:
            return []

    def _find(self, target: str) -> list[psutil.Process]:
        web, worker, *_ = self.installation.children
        server = self.installation.server
        assert server is not None
        if target == "web worker":
            workers = psutil.Process(web.process.pid).children() if web.process else []
            return [worker for worker in workers if self._holds_a_request(worker)]
        if target == JOBS:
            return [psutil.Process(worker.process.pid)] if worker.process else []
        if server.process is None or server.process.poll() is not None:
            return []
        postmaster = psutil.Process(server.process.pid)
        if target == "postmaster":
            return [postmaster]
        return [child for child in postmaster.children() if _serves_a_client(child)]

    def _holds_a_request(self, worker: psutil.Process) -> bool:
        """Every request of the crowd comes by a connection of its own."""
        return any(
            seen.status == psutil.CONN_ESTABLISHED and seen.laddr.port == self.wire.port
            for seen in worker.net_connections("tcp4")
        )


def _serves_a_client(process: psutil.Process) -> bool:
    title = " ".join(process.cmdline())
    return "[local]" in title and "idle" not in title.replace("idle in transaction", "")
