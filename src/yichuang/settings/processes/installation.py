"""An installation at run time: its database and its three programs, started, watched, started again, stopped."""

import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from yichuang.settings.processes import children
from yichuang.settings.processes.embedded import Server

PACKAGE = Path(__file__).resolve().parents[2]
SOURCES = (PACKAGE, PACKAGE.parents[1] / "packs")
PREPARED_WITH = frozenset({"YICHUANG_DEMO", "YICHUANG_CRYPTO_SUITE", "DJANGO_SETTINGS_MODULE"})
# what `./run manage` must know of the running installation, so that it speaks to the same database at the same time of day
RUNNING = {
    "database_url": "DATABASE_URL",
    "demo": "YICHUANG_DEMO",
    "base_url": "YICHUANG_BASE_URL",
    "clock_offset": "YICHUANG_CLOCK_OFFSET",
    "clock_speed": "YICHUANG_CLOCK_SPEED",
    "clock_since": "YICHUANG_CLOCK_SINCE",
    "clock_hours": "YICHUANG_CLOCK_HOURS",
    "centre": "YICHUANG_CENTRE",
}
LONGEST_PAUSE = 10.0  # seconds; longer, and people wait for their messages after the trouble is over
STEADY = 60.0  # seconds of running after which a crash counts as the first one
LARGE_LOG = 20_000_000  # bytes
WORKER = (
    "-m",
    "django",
    "procrastinate",
    "--skip-checks",
    "worker",
    "--concurrency",
    "4",  # threads: a message that waits for its provider does not hold up the others
    "--fetch-job-polling-interval",
    "1",  # seconds: a job that is due again after a failure begins within so much
    "--delete-jobs",
    "successful",
)


class CannotStart(RuntimeError):
    """What is in the way, in words for the person who typed the command."""


class Stopped(Exception):
    """Somebody asked to stop before everything ran."""


@dataclass(slots=True)
class Child:
    """A process to be kept running."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    parting: signal.Signals = signal.SIGTERM  # what it gets should the supervisor be killed
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0
    pause_until: float = 0.0

    def crashed(self, now: float) -> float:
        """Note a crash; the seconds to wait before the next start."""
        self.crashes = 1 if now - self.started > STEADY else self.crashes + 1
        pause = min(0.5 * 2.0 ** (self.crashes - 1), LONGEST_PAUSE)
        self.process, self.pause_until = None, now + pause
        return pause


@dataclass(slots=True)
class Installation:
    """Everything of one data folder."""

    data: Path
    port: int
    env: dict[str, str]
    server: Server | None = None
    children: list[Child] = field(default_factory=list)
    more: list[Child] = field(default_factory=list)  # what is started besides the three programs of every installation
    stopping: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_database(self) -> None:
        if "DATABASE_URL" not in os.environ:
            self.server = Server(self.data)
            self.server.start()
            self.env["DATABASE_URL"] = self.server.url
        self.say_running()

    def say_running(self) -> None:
        """Write down what `./run manage` asks for."""
        for file, variable in RUNNING.items():
            write_private(self.data / file, self.env.get(variable, ""))

    def prepare(self) -> str:
        """Migrate, collect static files, load the demo; what there is to say about its accounts.

        A warm start skips all of it while neither the sources nor the packs nor the year changed. Only for the embedded
        database, which lives and dies with this folder: another one may have been exchanged meanwhile.
        """
        mark, fingerprint = self.data / "prepared.json", self._fingerprint()
        if self.server and mark.exists():
            known = json.loads(mark.read_text(encoding="utf-8"))
            if known["fingerprint"] == fingerprint:
                return str(known["accounts"])
        accounts = self._run_prepare()
        write_private(mark, json.dumps({"fingerprint": fingerprint, "accounts": accounts}))
        return accounts

    def _fingerprint(self) -> str:
        """Of everything that preparing reads: sources, packs, what the processes are told, the year of the calendar."""
        told = [f"{name}={value}" for name, value in sorted(self.env.items()) if name in PREPARED_WITH]
        files = sorted(path for folder in SOURCES for path in folder.rglob("*") if path.suffix not in {"", ".pyc"})
        stats = [f"{path} {(stat := path.stat()).st_size} {stat.st_mtime_ns}" for path in files]
        year = datetime.now(UTC) + timedelta(seconds=float(self.env.get("YICHUANG_CLOCK_OFFSET", "0")))
        return hashlib.sha256("\n".join([*told, *stats, f"{year:%Y}", sys.version]).encode()).hexdigest()

    def _run_prepare(self) -> str:
        said, log = self.data / "accounts.txt", self.data / "logs/prepare.log"
        command = [sys.executable, "-m", "yichuang.settings.processes.prepare", str(said)]
        with log.open("wb") as file:
            child = Child("prepare", command, process=children.start(command, env=self.env, log=file))
        self.children = [child]  # so that stopping in the middle takes it along
        while child.process and (code := child.process.poll()) is None:
            if self.stopping:
                raise Stopped
            time.sleep(0.05)
        if code:
            raise CannotStart(f"Preparing the data failed:\n{tail(log, 15)}")
        return said.read_text(encoding="utf-8").strip()

    def start_children(self) -> None:
        python = sys.executable
        live = ["--host", "127.0.0.1", "--port", str(self.port + 1), "--no-access-log", "--log-level", "warning"]
        live += ["--timeout-graceful-shutdown", "2", "yichuang.settings.processes.live:application"]
        self.children = [
            Child("web", [python, "-m", "gunicorn", "-c", "python:yichuang.settings.processes.web"]),
            # without its database the worker would wait for ever to say good-bye; an unfinished job is rolled back
            Child("worker", [python, *WORKER], parting=signal.SIGKILL),
            Child("events", [python, "-m", "uvicorn", *live], {"DJANGO_SETTINGS_MODULE": "yichuang.settings.live"}),
            *self.more,
        ]
        for child in self.children:
            self._start(child)

    def _start(self, child: Child) -> None:
        with open_log(self.data / f"logs/{child.name}.log") as log:
            child.process = children.start(child.command, env=self.env | child.env, log=log, parting=child.parting)
        child.started = time.monotonic()

    def watch(self) -> None:
        """Start again what has ended; returns when asked to stop."""
        while not self.stopping:
            self.look_after()
            time.sleep(0.2)

    def look_after(self) -> None:
        """Start again what has ended by now."""
        now = time.monotonic()
        self._watch_database()
        for child in self.children:
            if child.process is None and now >= child.pause_until:
                self._start(child)
            elif child.process and (code := child.process.poll()) is not None:
                pause = child.crashed(now)
                say(f"{child.name} ended with {code}; again in {pause:g} s (see {self.data}/logs/{child.name}.log)")

    def _watch_database(self) -> None:
        if self.server and self.server.process and (code := self.server.process.poll()) is not None:
            say(f"the database ended with {code}; starting it again (see {self.data}/postgres.log)")
            self.server.start()  # the same socket: everybody reconnects by themselves

    def stop(self) -> None:
        for child in self.children:
            if child.process and child.process.poll() is None:
                child.process.terminate()
        for child in self.children:
            if child.process:
                children.stop(child.process, signal.SIGTERM, patience=12)
        if self.server:
            self.server.stop()
        for file in RUNNING:
            (self.data / file).unlink(missing_ok=True)

    def await_page(self) -> None:
        """Until the first page answers. Raises CannotStart when the pages do not come up."""
        web = self.children[0]
        for _ in range(600):
            if self.stopping:
                raise Stopped
            if web.process is None or web.process.poll() is not None:
                raise CannotStart(f"The pages did not start:\n{tail(self.data / 'logs/web.log', 20)}")
            if _answers(self.port):
                return
            time.sleep(0.05)
        raise CannotStart(f"The pages do not answer; see {self.data}/logs/web.log")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


@contextmanager
def open_log(path: Path) -> Iterator[IO[bytes]]:
    """Append; one older file is kept when it has grown large."""
    if path.exists() and path.stat().st_size > LARGE_LOG:
        path.replace(path.with_suffix(".1.log"))
    with path.open("ab") as file:
        yield file


def tail(path: Path, lines: int) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
