"""An installation of its own: the demo with all its settings, in a temporary folder, durable, watched through /proc."""

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.figures import Statements
from yichuang.settings.processes import children, supervisor
from yichuang.settings.processes.embedded import choose_binaries
from yichuang.settings.processes.installation import Installation

HERE = Path(__file__).resolve().parent
WORKING_DAY = "2026-03-03T10:00"  # a Tuesday in the demo's calendar
STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): (.*)")
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "DISCARD")


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU (user and system) that were used so far."""

    app: float
    database: float


class Stack:
    """The real thing, without its job worker and its live events while requests are measured (see README)."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        children.give(supervisor.open_folder(self.data))
        self.port = free_port()
        told = ["--data", str(self.data), "--port", str(self.port), "--demo", "--now", WORKING_DAY]
        given = supervisor._options(told)
        self.installation = Installation(self.data, self.port, supervisor.environment(self.data, given))

    def start(self) -> float:
        """Seconds until the first page of a demo that was never started before."""
        began = time.monotonic()
        self.installation.start_database()
        self.installation.prepare()
        self.installation.start_children()
        self.installation.await_page()
        return time.monotonic() - began

    def calm_down(self) -> None:
        """Only pages and database stay: no job, no checkpoint and no vacuum runs into a measurement."""
        for child in self.installation.children[1:]:
            assert child.process is not None
            children.stop(child.process, child.parting, patience=12)
        del self.installation.children[1:]
        self.execute("ALTER SYSTEM SET autovacuum = off", "ALTER SYSTEM SET checkpoint_timeout = '1h'")
        self.execute("ALTER SYSTEM SET max_wal_size = '16GB'", "SELECT pg_reload_conf()")

    def stop(self) -> None:
        self.installation.stop()

    # ── the database ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def url(self) -> str:
        assert self.installation.server is not None
        return self.installation.server.url

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements, each by itself; the rows of the last one."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def pgbench(self) -> Path:
        """The pgbench that belongs to the server."""
        path = choose_binaries(self.data / "postgres").folder / "pgbench"
        if not path.exists():
            raise FileNotFoundError(f"{path}: no pgbench beside the server (Debian: postgresql-contrib)")
        return path

    # ── what it costs ─────────────────────────────────────────────────────────────────────────────────────────────

    def cpu(self) -> Cpu:
        """User and system time of the web processes and of every process of PostgreSQL, ended ones included."""
        web, server = self.installation.children[0].process, self.installation.server
        assert web is not None
        assert server is not None
        assert server.process is not None
        return Cpu(_cpu_of(web.pid), _cpu_of(server.process.pid))

    @contextmanager
    def statements(self, requests: int) -> Iterator[list[Statements]]:
        """Counts, from the server's own log, what each of some equal requests in the block sends; one result is added."""
        log = self.data / "postgres.log"
        self.execute("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        time.sleep(1.0)  # a busy machine takes its time to tell every backend
        before, found = log.stat().st_size, list[Statements]()
        try:
            yield found
        finally:
            time.sleep(0.5)
            written = log.read_bytes()[before:].decode("utf-8", "replace")
            self.execute("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
        found.append(_counted(written, requests))

    def inside(self, script: str, *arguments: str) -> str:
        """Run a script of `bench/inside` in the environment of the installation; what it prints."""
        env = self.installation.env | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        done = subprocess.run(
            [sys.executable, str(HERE / "inside" / script), *arguments], env=env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{script}: {done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def rounds(self, script: str, *arguments: str) -> Iterator[Callable[[], str]]:
        """A script of `bench/inside` that does one round for each line it reads: what is called asks for one, and gives the line
        that it prints. So a round of ours and one of the ceiling stand side by side."""
        env = self.installation.env | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        command = [sys.executable, str(HERE / "inside" / script), *arguments]
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            read, write = running.stdout, running.stdin
            assert read is not None
            assert write is not None

            def ask() -> str:
                write.write("\n")
                write.flush()
                told = read.readline()
                if not told:
                    raise RuntimeError(f"{script} ended early")
                return told

            yield ask
            write.close()

    @contextmanager
    def ready(self, script: str, *arguments: str) -> Iterator[Callable[[], None]]:
        """A script of `bench/inside` that is ready to do one thing: what is called lets it, and waits until it has."""
        env = self.installation.env | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        command = [sys.executable, str(HERE / "inside" / script), *arguments]
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            if running.stdout.readline() != "ready\n":
                raise RuntimeError(f"{script} did not become ready")

            def go() -> None:
                running.communicate("\n")
                if running.returncode:
                    raise RuntimeError(f"{script} failed")

            yield go


def _cpu_of(pid: int) -> float:
    """Asked again where a process came or went meanwhile: one that ends between two looks is in neither, or in both."""
    root = psutil.Process(pid)
    while True:
        family = [root, *root.children(recursive=True)]
        try:
            times = [process.cpu_times() for process in family]
        except psutil.NoSuchProcess:
            continue
        if {one.pid for one in family[1:]} == {one.pid for one in root.children(recursive=True)}:
            return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def _counted(log: str, requests: int) -> Statements:
    sent = [_short(match[1]) for line in _whole_lines(log) if (match := STATEMENT.search(line))]
    sent = [s for s in sent if "log_statement" not in s and "pg_reload_conf" not in s]
    frames = sum(s.startswith(FRAME) for s in sent)
    if len(sent) % requests:
        raise RuntimeError(
            f"{len(sent)} statements by {requests} equal requests: {'; '.join(_short(s) for s in sent[:9])}"
        )
    each = len(sent) // requests
    return Statements((len(sent) - frames) // requests, frames // requests, tuple(sent[-each:]))


def _whole_lines(log: str) -> Iterator[str]:
    """Log entries; the further lines of a statement begin with a tab."""
    return iter(re.sub(r"\n\t[^\S\n]*", " ", log).splitlines())  # a statement may end with a line of its own


def _short(statement: str) -> str:
    """A statement that can be read and holds nobody's data: values gone, lists of columns cut."""
    text = re.sub(r"E?'(?:[^']|'')*'(?:::\w+(?:\[\])?)?", "?", statement)
    text = re.sub(r'"\w+"\."(\w+)"', r"\1", text).replace('"', "")
    text = re.sub(r"SELECT (\w+), .*? FROM", r"SELECT \1, … FROM", text, flags=re.S)
    text = re.sub(r"\(\?.*", "(?…", text)
    return re.sub(r"\s+", " ", text)[:160]


def free_port() -> int:
    """A port whose neighbour above (live events) is free too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            return free_port()
    return port


@contextmanager
def temporary_folder(keep: bool = False) -> Iterator[Path]:
    """A folder that the system user may pass through (PostgreSQL does not run as root)."""
    folder = Path(tempfile.mkdtemp(prefix="yc-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def machine(versions: Sequence[str] = ("django", "psycopg", "gunicorn", "jinja2")) -> dict[str, Any]:
    """What was measured on, in words that name nobody's machine."""
    from importlib.metadata import version

    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace"))
    return {
        "cores": psutil.cpu_count(),
        "cpu": cpu[1] if cpu else platform.machine(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        **{name: version(name) for name in versions},
    }


def load_average() -> float:
    return round(os.getloadavg()[0], 2)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
