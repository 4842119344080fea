"""The kill storm: the real stack under load while processes die by SIGKILL; then clients' acknowledgements against the database.

    ./run storm [--seconds 80] [--rate 9] [--seed N] [--keep]

A real PostgreSQL (fsync on), gunicorn with its workers and the job worker run on a temporary folder with the demo's data.
The storm goes on until there were at least 1,000 acknowledged acts and 20 kills that broke requests under way (or until
`--limit`). It ends with `N passed, N failed`; exit code 1 when anything failed. What `kill -9` cannot show (the page
cache survives it) is power loss: that fsync reaches the disk is not proved here.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil
from bookings import ITEM, PLACE, Bookings, too_early
from clients import FIRST_MARK, JSON, Crowd, Wire, filing
from nemesis import Nemesis
from windows import Windows

from yichuang.settings.processes import children, supervisor
from yichuang.settings.processes.embedded import DatabaseTrouble
from yichuang.settings.processes.installation import Installation

HERE = Path(__file__).resolve().parent
WANTED_ACTS, WANTED_HITS, WANTED_SERVED = 1000, 20, 5
FASTEST = 8.0  # times the rate
SETTLED_AFTER = 180  # seconds at most: a job may wait for its worker, be found lost, and be tried again in 32 s
WORKING_DAY = "2026-03-03T10:15"  # a Tuesday in the demo's calendar; who comes at half past ten may check in


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def free_port() -> int:
    """A port whose neighbour above (live events) is free too."""
    while True:
        port = random.randrange(20_000, 32_000)
        try:
            for number in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", number))
            return port
        except OSError:
            continue


def day_ahead(days: int) -> str:
    """A day of the installation's calendar."""
    return (date.fromisoformat(WORKING_DAY[:10]) + timedelta(days=days)).isoformat()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run storm", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=80, help="at least so long (default 80)")
    parser.add_argument("--limit", type=float, default=900, help="at most so long (default 900)")
    parser.add_argument("--rate", type=float, default=9, help="journeys that begin per second (default 9)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    return parser.parse_args()


class Storm:
    """One storm over one installation."""

    def __init__(self, folder: Path, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.data = folder / "data"
        self.outside = folder / "outside" / "checkpoints.log"
        os.environ.pop("DATABASE_URL", None)  # the storm kills its database: it brings its own
        children.give(supervisor.open_folder(self.data))
        self.outside.parent.mkdir()
        port = free_port()
        told = ["--data", str(self.data), "--port", str(port), "--demo", "--now", WORKING_DAY]
        given = supervisor._options(told)
        os.environ.setdefault("YICHUANG_WORKERS", "3")  # one is always starting again
        self.installation = Installation(self.data, port, supervisor.environment(self.data, given))
        self.wire = Wire(port)
        self.stop, self.calm = threading.Event(), threading.Event()
        self.trouble: list[str] = []

    def start(self) -> dict[str, Any]:
        self.installation.start_database()
        self.installation.prepare()
        self.installation.start_children()
        self.installation.await_page()
        return dict(json.loads(self.inside("cast.py")))

    def inside(self, script: str, *arguments: str) -> str:
        """Run a script of ours in the environment of the installation."""
        done = subprocess.run(
            [sys.executable, str(HERE / script), *arguments], env=self.installation.env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{script}: {done.stderr[-2000:]}")
        return done.stdout

    def guard(self) -> None:
        """What the supervisor does: start again what died. A supervisor that gives up is a fault."""
        try:
            self.installation.watch()
        except (DatabaseTrouble, OSError) as trouble:
            self.trouble.append(f"the supervisor gave up: {trouble}")
            self.stop.set()

    def keep_checkpoints(self) -> None:
        """A witness outside: copies the signed checkpoints as they appear."""
        inside = self.data / "checkpoints.log"
        while not self.calm.wait(5.0):
            if inside.exists():
                shutil.copyfile(inside, self.outside)

    def blow(self, cast: dict[str, Any]) -> tuple[Crowd, Nemesis]:
        crowd = Crowd(self.wire, cast["tokens"], cast["papers"], cast["form"], cast["answers"], self.chosen.seed)
        nemesis = Nemesis(self.installation, self.wire, crowd.acts, self.chosen.seed + 1)
        began = time.monotonic()

        def over() -> bool:
            passed = time.monotonic() - began
            enough = crowd.acts() >= WANTED_ACTS and len(nemesis.hits()) >= WANTED_HITS
            return self.stop.is_set() or passed > self.chosen.limit or (passed > self.chosen.seconds and enough)

        killer = threading.Thread(target=nemesis.run, args=(over,), daemon=True)
        reporter = threading.Thread(target=self._report, args=(crowd, nemesis, over, began), daemon=True)
        hall = threading.Thread(target=Windows(crowd).run, args=(over,), daemon=True)
        booked = threading.Thread(target=Bookings(crowd, day_ahead).run, args=(over,), daemon=True)
        for thread in (killer, reporter, hall, booked):
            thread.start()
        # A quick machine has seldom three requests under way, and a kill that hits nobody proves nothing: more come then.
        crowd.run(lambda: self.chosen.rate * min(FASTEST, 1.25**nemesis.missed), over)
        killer.join()
        hall.join()
        booked.join()
        return crowd, nemesis

    def _report(self, crowd: Crowd, nemesis: Nemesis, over: Any, began: float) -> None:
        while not over():
            time.sleep(10)
            say(
                f"  {time.monotonic() - began:4.0f} s: {crowd.acts()} acts acknowledged, {len(nemesis.kills)} kills "
                f"({len(nemesis.hits())} broke requests), {len(self.wire.under_way)} under way"
            )

    def control(self, cast: dict[str, Any]) -> list[dict[str, Any]]:
        """A client that believes in an acknowledgement before the commit: it notes the filing as it sends it, and the
        server dies at once. The judge must find these lost, or it finds nothing."""
        acks = []
        for number in range(900_000, 900_012):
            mark = str(FIRST_MARK + number)
            body = json.dumps(filing(cast["form"], cast["answers"], mark, {})).encode()
            headers = {**JSON, "Idempotency-Key": f"control-{mark}"}
            sender = threading.Thread(
                target=self.wire.send, args=("POST", "/api/v1/cases", cast["tokens"]["zhangxiao"], body, headers)
            )
            acks.append({"kind": "file", "mark": mark, "number": None})
            sender.start()
            time.sleep(0.002)
            self._kill_web()
            sender.join()
            time.sleep(0.4)
        return acks

    def _kill_web(self) -> None:
        web = self.installation.children[0]
        for worker in psutil.Process(web.process.pid).children() if web.process else []:
            worker.kill()

    def control_of_bookings(self, crowd: Crowd) -> list[dict[str, Any]]:
        """The same of appointments, on a day that nobody of the storm booked."""
        day = day_ahead(3)
        path = f"/api/v1/halls/{PLACE}/slots?item={ITEM}&first={day}&last={day}"
        slots = crowd._insist("GET", path, "moshengren", b"", {}, good={200})[1]["slots"]
        return too_early(crowd, slots[0]["id"], self._kill_web)

    def settle(self) -> None:
        """Wait until the job worker has nothing more to do: also for what is to be tried again after a failure."""
        import psycopg

        assert self.installation.server is not None
        waiting: list[Any] = []
        for _ in range(SETTLED_AFTER):
            with psycopg.connect(self.installation.server.url, autocommit=True) as connection:
                waiting = connection.execute(
                    "SELECT id, task_name, status, attempts, scheduled_at::text FROM procrastinate_jobs "
                    "WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR attempts > 0) "
                    "AND task_name NOT LIKE 'core.%' ORDER BY id"
                ).fetchall()
            if not waiting:
                return
            time.sleep(1)
        self.trouble += [f"still waiting after {SETTLED_AFTER} s: {' '.join(map(str, row))}" for row in waiting]

    def judge(
        self, crowd: Crowd, control: list[dict[str, Any]], booked: list[dict[str, Any]]
    ) -> list[tuple[str, str, list[str]]]:
        inside = self.data / "checkpoints.log"
        if inside.exists():
            shutil.copyfile(inside, self.outside)
        acks = self.outside.with_name("acks.json")
        acks.write_text(
            json.dumps({"acks": crowd.acks, "control": control, "booked": booked, "outside": str(self.outside)}),
            encoding="utf-8",
        )
        return [tuple(verdict) for verdict in json.loads(self.inside("checker.py", str(acks)))]


def figures(storm: Storm, crowd: Crowd, nemesis: Nemesis) -> list[tuple[str, str, list[str]]]:
    """The storm's own checks: was it one, and did clients get through?"""
    hits = nemesis.hits()
    by_target = ", ".join(
        f"{sum(hit.target == target for hit in hits)} of {count} at a {target}"
        for target, count in sorted(Counter(kill.target for kill in nemesis.kills).items())
    )
    waits = sorted(crowd.waits) or [0.0]
    wait = f"wait p50 {waits[len(waits) // 2]:.2f} s, p99 {waits[int(len(waits) * 0.99)]:.1f} s, max {waits[-1]:.1f} s"
    acts, served = crowd.acts(), sum(ack["kind"] == "deliver" for ack in crowd.acks)
    return [
        (
            "acts enough",
            f"{acts} acknowledged acts on cases ({served} results handed over), {storm.wire.tries} requests",
            [] if acts >= WANTED_ACTS and served >= WANTED_SERVED else ["too few"],
        ),
        (
            "kills enough",
            f"{len(nemesis.kills)} kills, {len(hits)} broke requests under way ({by_target}), {len(storm.wire.broken)} requests broken",
            [] if len(hits) >= WANTED_HITS else ["too few kills broke anything"],
        ),
        (
            "clients got through",
            f"{crowd.gave_up} gave up, {crowd.replays} answers replayed, {wait}",
            crowd.wrong + (["clients gave up"] if crowd.gave_up else []),
        ),
        ("supervisor kept everything running", "", storm.trouble),
    ]


def run(folder: Path, chosen: argparse.Namespace) -> int:
    storm = Storm(folder, chosen)
    verdicts: list[tuple[str, str, list[str]]] = []
    try:
        cast = storm.start()
        say(f"the stack runs at port {storm.installation.port}; seed {chosen.seed}")
        for work in (storm.guard, storm.keep_checkpoints):
            threading.Thread(target=work, daemon=True).start()
        crowd, nemesis = storm.blow(cast)
        control = storm.control(cast)
        booked = storm.control_of_bookings(crowd)
        storm.settle()
        storm.calm.set()
        verdicts = figures(storm, crowd, nemesis) + storm.judge(crowd, control, booked)
    finally:
        storm.calm.set()
        storm.installation.stopping = True
        time.sleep(0.5)
        storm.installation.stop()
    return tell(verdicts)


def tell(verdicts: list[tuple[str, str, list[str]]]) -> int:
    """One line per check, at most ten faults each, and the closing line."""
    failed = 0
    for name, said, faults in verdicts:
        failed += bool(faults)
        say(f"{'FAILED' if faults else 'passed'}  {name}  {said}" + (f"  ({len(faults)} faults)" if faults else ""))
        for fault in faults[:10]:
            say(f"          {fault}")
    say(f"{len(verdicts) - failed} passed, {failed} failed")
    return 1 if failed or not verdicts else 0


def main() -> int:
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="yc-storm-"))
    folder.chmod(0o711)  # the database's user goes through to its own folder
    try:
        return run(folder, chosen)
    finally:
        if chosen.keep:
            say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
