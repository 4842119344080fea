"""Who kills: gunicorn workers, PostgreSQL backends, the job worker and the postmaster, with SIGKILL, at random moments."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
from clients import Wire

from yichuang.settings.processes.installation import Installation

TARGETS = ("web worker", "database backend", "web worker", "postmaster", "web worker", "database backend", "job worker")


@dataclass
class Kill:
    """One kill and the requests that were under way at that moment."""

    target: str
    at: float
    under_way: frozenset[int]


@dataclass
class Nemesis:
    """Kills after about `every` acknowledged acts (or `longest` seconds), so that a slow machine still gets through, and
    only while requests are under way: a kill that hits nobody proves nothing."""

    installation: Installation
    wire: Wire
    acts: Callable[[], int]
    seed: int
    every: int = 36
    longest: float = 12.0
    kills: list[Kill] = field(default_factory=list)

    def run(self, until: Callable[[], bool]) -> None:
        chance, number = random.Random(self.seed), 0
        while not until():
            self._wait_for_acts(self.every * (0.5 + chance.random()), until)
            victims = self._victims(TARGETS[number % len(TARGETS)])
            number += 1
            if victims and self._wait_for_traffic(until):
                under_way = self.wire.snapshot()
                try:
                    chance.choice(victims).kill()
                except psutil.NoSuchProcess:  # it ended by itself meanwhile: no kill of ours
                    continue
                self.kills.append(Kill(TARGETS[(number - 1) % len(TARGETS)], time.monotonic(), under_way))

    def hits(self) -> list[Kill]:
        """Kills after which a request that was under way ended without a proper answer."""
        return [kill for kill in self.kills if kill.under_way & self.wire.broken]

    def _wait_for_acts(self, wanted: float, until: Callable[[], bool]) -> None:
        before, end = self.acts(), time.monotonic() + self.longest
        while self.acts() - before < wanted and time.monotonic() < end and not until():
            time.sleep(0.05)

    def _wait_for_traffic(self, until: Callable[[], bool]) -> bool:
        while not until():
            if len(self.wire.under_way) >= 3:
                return True
            time.sleep(0.01)
        return False

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
            return psutil.Process(web.process.pid).children() if web.process else []
        if target == "job worker":
            return [psutil.Process(worker.process.pid)] if worker.process else []
        if server.process is None or server.process.poll() is not None:
            return []
        postmaster = psutil.Process(server.process.pid)
        if target == "postmaster":
            return [postmaster]
        return [child for child in postmaster.children() if _serves_a_client(child)]


def _serves_a_client(process: psutil.Process) -> bool:
    title = " ".join(process.cmdline())
    return "[local]" in title and "idle" not in title.replace("idle in transaction", "")
