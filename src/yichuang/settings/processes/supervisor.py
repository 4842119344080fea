"""One process that starts an installation, keeps it running, and stops all of it: database, pages, worker, live events.

    python -m yichuang.settings.processes.supervisor --data DIR [--demo] [--port N] [--now 2026-02-13T09:00] [--reset]
        [--live | --once] [--speed N] …     a demo that is played: processes.playing

Children that crash are started again, after a pause that doubles up to ten seconds. Ctrl-C, SIGTERM or a closed
terminal stop everything in order; should the supervisor itself be killed, the kernel takes the children with it.
"""

import argparse
import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from yichuang.core.clock import SHANGHAI
from yichuang.settings.processes import keys, playing
from yichuang.settings.processes.children import NoSystemUser
from yichuang.settings.processes.embedded import DatabaseTrouble, only_one
from yichuang.settings.processes.installation import CannotStart, Installation, Stopped, say

MARK = ".yichuang"  # a folder without it is somebody else's: never written to, never emptied


def main(arguments: Sequence[str]) -> int:
    """0 after an orderly stop, 1 with the reason when it cannot start."""
    options = _options(arguments)
    try:
        if os.geteuid() == 0:
            raise CannotStart("This must not run as root: ./run hands it to the system user yichuang")
        folder = open_folder(options.data)
        with only_one(folder):
            if options.reset:
                empty(folder)
            return _run(folder, options)
    except (CannotStart, DatabaseTrouble, NoSystemUser) as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        return 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description="Start yichuang with everything it needs.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where the data lives")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="pages here, live events one above")
    parser.add_argument("--now", type=_moment, metavar="2026-02-13T09:00", help="move the clock of all processes")
    parser.add_argument("--reset", action="store_true", help="delete the data first")
    parser.add_argument(
        "--centre", default="", metavar="URL", help="be a hall node of the centre there (docs/how-to/hall-node.md)"
    )
    parser.add_argument("--demo", action="store_true", help="synthetic people, accounts shown, outbox page")
    playing.add_options(parser)
    options = parser.parse_args(arguments)
    if playing.is_played(options) and not options.demo:
        parser.error("only a demo is played: its people are made up, and its clock runs as it likes")
    if options.speed and not playing.is_played(options):
        parser.error("--speed goes with --live, or with ./run simulate")
    return options


def _moment(text: str) -> datetime:
    """A wall-clock moment of the hall; an explicit zone is honoured."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment like 2026-02-13T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def open_folder(folder: Path) -> Path:
    """Make or recognise the data folder. Raises CannotStart when it is somebody else's or cannot be written."""
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / MARK).exists():
            if any(folder.iterdir()):
                raise CannotStart(f"{folder} holds other files: choose an empty or a new folder with --data")
            (folder / MARK).touch()
        (folder / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise CannotStart(f"{folder} cannot be used ({error.strerror}): choose another folder with --data") from None
    return folder


def empty(folder: Path) -> None:
    """Delete what the installation wrote; the mark and the lock stay, so that nobody slips in between."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in {MARK, "lock"}:
            path.unlink()
    (folder / "logs").mkdir()


def _run(folder: Path, options: argparse.Namespace) -> int:
    for port in (options.port, options.port + 1):
        _check_free(port)
    options.now = playing.begins(options, folder, datetime.now(SHANGHAI).date())
    installation = Installation(folder, options.port, environment(folder, options))
    _stop_on_signals(installation)
    code = 0
    try:
        installation.start_database()
        accounts = installation.prepare()
        playing.quicken(installation, options)
        installation.start_children()
        installation.await_page()
        if options.once:
            code = playing.play_once(installation, options)
        else:
            say(welcome(installation, options, accounts))
            installation.watch()
    except Stopped:
        pass  # in the middle of the start: what already runs is stopped below
    finally:
        installation.stop()
        playing.note_reached(folder, installation.env)
    if not options.once:
        say("Stopped. 已停止。")
    return code


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise CannotStart(f"Port {port} is taken or not allowed: choose another one with --port") from None


def environment(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """What every process of the installation finds in its environment; the caller's own values win over `defaults`."""
    fixed = {
        "DJANGO_SETTINGS_MODULE": "yichuang.settings.base",
        "YICHUANG_DATA": str(folder),
        "YICHUANG_DEMO": str(options.demo),
        **({"YICHUANG_CENTRE": options.centre} if options.centre else {}),
        "YICHUANG_BIND": f"127.0.0.1:{options.port}",
        "YICHUANG_CLOCK_OFFSET": f"{_offset(options.now):.0f}",
        "PYTHONUNBUFFERED": "1",
        **playing.environment(options),
    }
    defaults = {
        "YICHUANG_HTTPS": "False",
        "YICHUANG_BASE_URL": f"http://127.0.0.1:{options.port}",
        "YICHUANG_ORIGINS": f"http://127.0.0.1:{options.port},http://localhost:{options.port}",
        "YICHUANG_EVENTS_URL": f"http://127.0.0.1:{options.port + 1}/events",
        **keys.ensure(folder / "keys"),
    }
    return defaults | dict(os.environ) | fixed


def _offset(wanted: datetime | None) -> float:
    """Seconds from the machine's clock to the wanted one."""
    return (wanted - datetime.now(UTC)).total_seconds() if wanted else 0.0


def _stop_on_signals(installation: Installation) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        if not installation.stopping:
            say("\nStopping … 正在停止……")
        installation.stopping = True

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, stop)


def welcome(installation: Installation, options: argparse.Namespace, accounts: str) -> str:
    """What is printed when everything runs: where to go, who to be, what to try."""
    at = options.now or datetime.now(SHANGHAI)
    lines = [
        "",
        f"yichuang 一窗 is running at {installation.address}    (clock 时间 {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M})",
        "",
        f"  portal   群众和企业办事      {installation.address}/",
        f"  counter  窗口受理            {installation.address}/counter/",
        f"  office   部门审批            {installation.address}/office/",
        f"  console  管理后台            {installation.address}/console/",
        f"  API      接口文档            {installation.address}/api/v1/docs",
        f"  data     数据、日志、密钥    {installation.data}",
    ]
    if options.live:
        lines.append(
            f"  people   有人来办事          {installation.data}/logs/day.log    大屏 /wall/{options.hall or 'LH'}/"
        )
    if accounts:
        lines += ["", accounts]
    lines += ["", TRY_FIRST if options.demo else BEGIN.format(data=installation.data)]
    return "\n".join([*lines, "", "Ctrl-C stops everything. 按 Ctrl-C 全部停止。"])


TRY_FIRST = """First try 先试试:
  1. portal  → search 办狗证, answer the questions, file as a citizen      在门户搜“办狗证”，以群众身份申报
  2. counter → accept it, or with gaps on a promise (容缺受理)              在窗口受理，或凭承诺书容缺受理
  3. office  → review, then decide; the certificate carries a QR code      在部门审查、决定；证照带二维码
  4. /verify → check the certificate by number, QR code or file            在“证照核验”用编号、二维码或文件核验"""


BEGIN = """Nothing is loaded yet? docs/how-to/install.md tells it step by step      首次安装见 docs/how-to/install.md
  export YICHUANG_DATA={data}
  ./run manage first_administrators …     三员账号        ./run packs publish DIR     事项
  ./run manage load_network FOLDER        网点、部门"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
