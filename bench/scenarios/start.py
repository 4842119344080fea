"""`./run demo` on a new folder, then warm; and what all processes together need of memory."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.client import Connection, Request, sign_in
from bench.figures import Result
from bench.stack import free_port, load_average

NAME = "start"
RUN = Path(__file__).resolve().parents[2] / "run"
WARM_BAR, MEMORY_BAR = 5.0, 600.0  # seconds, megabytes
WARM_STARTS = 3
PAGES = ("/", "/items", "/items/yangquan-dengji", "/places", "/verify", "/sign-in")
OURS = ("DATABASE_URL", "PYTHONPATH", "DJANGO_SETTINGS_MODULE")  # what `./run bench` set for itself


def run(folder: Path, password: str, quick: bool) -> list[Result]:
    """Needs no stack: it starts its own, as a person does."""
    began = time.monotonic()
    subprocess.run([str(RUN), "demo", "-h"], env=_environment(), check=True, stdout=subprocess.DEVNULL)
    environment = time.monotonic() - began  # made now, if there was none
    cold = Result("start-cold", "first page of a demo on a new folder (environment already made)", None, "s")
    warm = Result("start-warm", "first page of the same demo, started again", WARM_BAR, "s")
    memory = Result("start-memory", "all processes together after some pages (PSS)", MEMORY_BAR, "MB")
    with _demo(folder) as (_, seconds, _):
        cold.take([seconds])
    times, sizes = [], []
    for _ in range(1 if quick else WARM_STARTS):
        with _demo(folder) as (process, seconds, port):
            times.append(seconds)
            _use(port, password)
            sizes.append(_megabytes(process))
    warm.take(times)
    memory.take(sizes)
    for result in (cold, warm, memory):
        result.facts["load_average"] = load_average()
    cold.facts["environment_seconds"] = round(environment, 1)
    return [cold, warm, memory]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OURS}


@contextmanager
def _demo(folder: Path) -> Iterator[tuple[psutil.Process, float, int]]:
    """The running demo, the seconds from the command to its first page, its port."""
    port, began = free_port(), time.monotonic()
    command = [str(RUN), "demo", "--port", str(port), "--data", str(folder)]
    with (folder.parent / "demo.log").open("ab") as log:
        process = subprocess.Popen(command, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > 300:
                raise RuntimeError((folder.parent / "demo.log").read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.02)
        yield psutil.Process(process.pid), time.monotonic() - began, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    connection = Connection(port)
    try:
        return connection.send(Request("/")).status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _use(port: int, password: str) -> None:
    """A citizen and a clerk look around, so that every worker has loaded what pages need."""
    for username in ("zhangxiao", "wangqiang"):
        headers = sign_in(port, username, password)
        connection = Connection(port)
        for path in PAGES * 2:
            connection.send(Request(path, headers))
        connection.close()


def _megabytes(root: psutil.Process) -> float:
    """Proportional set size: memory that processes share is counted once."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
