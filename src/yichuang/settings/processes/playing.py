"""A demo that is played (docs/adr/0044): what `./run demo --live` and `./run simulate` are told, and what that starts."""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from yichuang.core.clock import SHANGHAI
from yichuang.core.pace import WORKING, hours_of, pace_of
from yichuang.people.cast import PASSWORD
from yichuang.settings.processes.installation import Child, Installation, Stopped, say, write_private

HOURS = "08:30-18:30"  # that pass: from half an hour before halls open until the last have gone
CALM, DAY = 8.0, 60.0  # seconds of a demo that lives, and of a day that is looked at, in one of the machine's
NOT_YET = str(2**36)  # a second of the machine that is far: the clock does not run quicker before it is told when
HEAD_START = 15.0  # seconds at the ordinary pace: in those the pages start and people are given their tokens
REACHED = "clock_reached"  # how far the clock of this data came: time does not go back
PASSED_ON = ("people", "seed", "until", "hall")


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is played, and how quickly."""
    parser.add_argument("--live", action="store_true", help="people come, clerks serve, day after day")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)  # ./run simulate: one day, then the end
    parser.add_argument("--speed", type=float, metavar="N", help=f"seconds in one ({CALM:g}; a single day: {DAY:g})")
    parser.add_argument("--people", type=int, metavar="N", help="how many come on a day")
    parser.add_argument("--seed", type=int, metavar="N", help="the same plan of the day for the same number")
    parser.add_argument("--until", metavar="HH:MM", help="stop then, on the clock of the hall")
    parser.add_argument("--hall", metavar="CODE", help="which hall (LH)")
    parser.add_argument(
        "--leave-window", action="append", default=[], metavar="N", help="a window that you take yourself"
    )
    parser.add_argument("--json", action="store_true", help="the summary as JSON")


def is_played(options: argparse.Namespace) -> bool:
    return bool(options.live or options.once)


def begins(options: argparse.Namespace, folder: Path, today: date) -> datetime | None:
    """Where the clock starts: as told; else in the morning of today, of the next working day, or of the one after the day
    that this data has reached. None: nothing is played, nothing was told."""
    if options.now or not is_played(options):
        told: datetime | None = options.now
        return told
    reached = folder / REACHED
    last = date.fromisoformat(reached.read_text()) if reached.exists() else date.min
    day = max(today, last + timedelta(days=1) if last > date.min else today)
    while day.weekday() >= WORKING:
        day += timedelta(days=1)
    return datetime.combine(day, hours_of(HOURS).opens, SHANGHAI)


def environment(options: argparse.Namespace) -> dict[str, str]:
    """How quickly the clock of every process runs; from when on, `quicken` says."""
    if not is_played(options):
        return {}
    speed = options.speed or (DAY if options.once else CALM)
    told = {"YICHUANG_CLOCK_SPEED": f"{speed:g}", "YICHUANG_CLOCK_HOURS": HOURS, "YICHUANG_CLOCK_SINCE": NOT_YET}
    pace_of(told)  # ValueError for a speed that is none, before anything is started
    return told


def quicken(installation: Installation, options: argparse.Namespace) -> None:
    """Everything is prepared: soon the clock runs at its pace, and what comes by the minute comes by it."""
    if not is_played(options):
        return
    installation.env["YICHUANG_CLOCK_SINCE"] = f"{time.time() + HEAD_START:.3f}"
    installation.say_running()
    ticking = Child("ticking", [sys.executable, "-m", "yichuang.settings.processes.ticking"])
    installation.more.append(ticking)
    if options.live:
        installation.more.append(Child("day", command(options)))


def command(options: argparse.Namespace) -> list[str]:
    """The program that plays."""
    told = [f"--{name}={getattr(options, name)}" for name in PASSED_ON if getattr(options, name) is not None]
    told += [f"--leave-window={one}" for one in options.leave_window]
    told += ["--again"] if options.live else []
    told += ["--json"] if options.json else []
    return [sys.executable, "-P", "-m", "django", "simulate", *told]


def play_once(installation: Installation, options: argparse.Namespace) -> int:
    """One day, its lines on our own output; the code with which it ended."""
    if not options.json:
        hall = options.hall or "LH"
        say(
            f"{installation.address}/wall/{hall}/    /counter/hall/ (马丽 mali)    /office/ (王强 wangqiang)    {PASSWORD}"
        )
    day = subprocess.Popen(  # a session of its own: Ctrl-C reaches us, and we end it
        command(options), env=installation.env, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while (code := day.poll()) is None:
            if installation.stopping:
                raise Stopped
            installation.look_after()
            time.sleep(0.2)
        return code
    finally:
        if day.poll() is None:
            day.terminate()
            day.wait(12)


def note_reached(folder: Path, env: Mapping[str, str]) -> None:
    """Which day the clock has come to, for the next start on this data."""
    pace = pace_of(env)
    if pace is not None and pace.since < datetime.now(UTC):
        offset = timedelta(seconds=float(env["YICHUANG_CLOCK_OFFSET"]))
        day = pace.of(datetime.now(UTC), offset).astimezone(SHANGHAI).date()
        write_private(folder / REACHED, day.isoformat())
