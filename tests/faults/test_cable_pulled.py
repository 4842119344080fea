"""The cable is pulled: a centre and a hall node run as two installations with databases of their own, between them a line that
is cut for a while. Kiosk, counter and board of the hall go on; nobody is called twice, no number is given twice; what was
acknowledged survives that the node is killed or its database stands still; on return each act is at the centre once."""

import http.client
import http.cookies
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import psutil
import pytest

from yichuang.settings.processes import children

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TUESDAY = "2026-03-03T10:15"
PASSWORD = "Demo-2026-yichuang"
HALL = "LH"
PATIENCE = 90.0  # seconds until the two sides agree, on a busy machine
FROZEN, CUT = 30.0, 60.0  # real seconds


class Cable:
    """A TCP line to the centre that can be pulled: open connections die, new ones are refused an answer."""

    def __init__(self, there: int) -> None:
        self.there, self.pulled = there, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def pull(self) -> None:
        self.pulled = True
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def plug(self) -> None:
        self.pulled = False

    def close(self) -> None:
        self.pull()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # until it is closed
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self.pulled:
                return
            with socket.create_connection(("127.0.0.1", self.there)) as far:
                self.open |= {near, far}
                try:
                    self._copy(near, far)
                finally:
                    self.open -= {near, far}

    def _copy(self, near: socket.socket, far: socket.socket) -> None:
        while not self.pulled:
            for ready in select.select([near, far], [], [], 0.5)[0]:
                told = ready.recv(65536)
                if not told:
                    return
                (far if ready is near else near).sendall(told)


class House:
    """An installation of its own: started by the supervisor, asked over HTTP, looked into by a script of ours."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data, self.port = folder / "data", free_port()
        folder.mkdir(mode=0o711)
        self.env = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        self.env |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "YICHUANG_WORKERS": "2"}
        command = [sys.executable, "-m", "yichuang.settings.processes.supervisor", "--data", str(self.data)]
        command += ["--port", str(self.port), "--now", TUESDAY, *options]
        self.log = (folder / "log").open("wb")
        children.give(folder)
        self.process = subprocess.Popen(
            command, env=self.env, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT, **children.identity()
        )

    def wait(self) -> None:
        """Until its pages answer."""
        until(lambda: self._answers(), 900)

    def _answers(self) -> bool:
        assert self.process.poll() is None, Path(self.log.name).read_text(encoding="utf-8")[-2000:]
        with suppress(OSError, http.client.HTTPException):
            return Visitor(self.port).get("/health/ready")[0] == 200
        return False

    def inside(self, script: str, *arguments: str) -> Any:
        """What `cable_script.py` answers there."""
        env = self.env | {"DJANGO_SETTINGS_MODULE": "yichuang.settings.base", "YICHUANG_DATA": str(self.data)}
        for file, name in (
            ("database_url", "DATABASE_URL"),
            ("demo", "YICHUANG_DEMO"),
            ("clock_offset", "YICHUANG_CLOCK_OFFSET"),
            ("centre", "YICHUANG_CENTRE"),
        ):
            env[name] = (self.data / file).read_text(encoding="utf-8")
        for key in ("secret_key", "field_keys", "index_key"):
            env[f"YICHUANG_{key.upper()}_FILE"] = str(self.data / "keys" / key)
        done = subprocess.run(
            [sys.executable, str(HERE / "cable_script.py"), script, *arguments], env=env | {"YICHUANG_HTTPS": "False"}, cwd=ROOT,
            capture_output=True, text=True, **children.identity(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def programs(self, what: str) -> list[psutil.Process]:
        """Its processes whose command line names something."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in below if what in " ".join(one.cmdline())]

    def said(self, words: str) -> list[str]:
        """What its worker's log says with these words, without the moments."""
        log = (self.data / "logs" / "worker.log").read_text(encoding="utf-8")
        return [line[line.index(words) :] for line in log.splitlines() if words in line]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(40)
        self.process.kill()
        self.process.wait(20)
        self.log.close()


class Visitor:
    """One browser, with its cookies."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, http.cookies.SimpleCookie()

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, page: str, **form: str) -> tuple[int, str]:
        """A form of the page at `page`, with its token."""
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page)[1])
        assert mark, page
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": mark[1], **form}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())}
            headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for told in answer.msg.get_all("Set-Cookie") or ():
                self.cookies.load(told)
            return answer.status, answer.read().decode()
        finally:
            line.close()


def free_port() -> int:
    """A port whose neighbour above (live events) is free too."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
            with suppress(OSError, OverflowError), socket.create_server(("127.0.0.1", port + 1)):
                return port


def until(done: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.3)


class Pulled:
    """The centre, the hall's node, and the line between them."""

    def __init__(self, folder: Path) -> None:
        self.centre = House(folder / "centre", "--demo")
        self.cable = Cable(self.centre.port)
        self.node = House(folder / "node", "--centre", f"http://127.0.0.1:{self.cable.port}")
        self.given: list[str] = []
        self.called: list[str] = []

    def begin(self) -> None:
        """Named at the centre, paired, its day lent; 李娜 signs in at the node and a kiosk is let in there."""
        self.centre.wait()
        self.node.wait()
        code = self.centre.inside("name_node", HALL)["code"]
        self.node.inside("pair", code)
        until(lambda: bool(self.node.inside("state")["lent"]))
        self.clerk, self.kiosk = Visitor(self.node.port), Visitor(self.node.port)
        assert self.clerk.post("/sign-in", "/sign-in", username="lina", password=PASSWORD)[0] == 302
        code = self.node.inside("name_kiosk", HALL)["code"]
        assert self.kiosk.post("/kiosk/enrol/", "/kiosk/enrol/", code=code)[0] == 302

    def take(self) -> str:
        """A number at the kiosk, as its page shows it."""
        page = self.kiosk.get("/kiosk/take/")[1]
        key, queue = re.search(r'name="key" value="([^"]+)"', page), re.search(r'name="queue" value="([^"]+)"', page)
        assert key
        assert queue
        status, told = self.kiosk.post("/kiosk/take/", "/kiosk/take/", key=key[1], queue=queue[1])
        assert status == 302, told[:500]
        shown = re.search(r"\b([A-Z]\d{3})\b", self.kiosk.get("/kiosk/ticket/")[1])
        assert shown
        self.kiosk.post("/kiosk/wipe/", "/kiosk/ticket/")
        self.given.append(shown[1])
        return shown[1]

    def press(self, step: str, **form: str) -> None:
        page = self.clerk.get("/counter/queue/")[1]
        shown = {
            name: found[1]
            for name in ("ticket", "calls")
            if (found := re.search(rf'name="{name}" value="([^"]+)"', page))
        }
        status, told = self.clerk.post(f"/counter/queue/{step}/", "/counter/queue/", **{**shown, **form})
        assert status == 302, (step, told[:800])

    def serve(self) -> str:
        """Call the next one, serve, end: the number that the board showed."""
        self.press("next")
        return self.end()

    def end(self) -> str:
        """Serve who was called, end: the number that the board showed."""
        shown = re.search(r"\b([A-Z]\d{3})\b", self.board())
        assert shown
        self.press("start")
        self.press("finish", outcome="filed")
        self.called.append(shown[1])
        return shown[1]

    def board(self) -> str:
        status, rows = Visitor(self.node.port).get(f"/wall/{HALL}/rows")
        assert status == 200
        return rows

    def agree(self) -> bool:
        """Whether the centre has every act of the node."""
        return bool(self.node.inside("state")["unsent"] == 0)


@pytest.fixture
def open_wall(browser: "Browser") -> Iterator[Callable[[int], "Page"]]:
    """The hall's board in a real browser, of the installation at a port."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")

    def open_page(port: int) -> "Page":
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/wall/{HALL}/")
        return page

    yield open_page
    context.close()


@pytest.fixture
def pulled() -> Iterator[Pulled]:
    folder = Path(tempfile.mkdtemp(prefix="yc-cable-"))
    folder.chmod(0o711)  # the system user goes through to its own folders
    scene = Pulled(folder)
    try:
        yield scene
    finally:
        scene.node.stop()
        scene.cable.close()
        scene.centre.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
def test_a_hall_goes_on_while_its_cable_is_pulled(pulled: Pulled, open_wall: Callable[[int], "Page"]) -> None:
    """The database of the node stands still for thirty real seconds: web server, worker and browser have limits of their own
    below that. Of the ten minutes without a line one is real here: what a longer cut could change is how much waits and what
    the clock says, and both are moved in `test_a_hall_that_was_cut_off_for_ten_minutes` (tests/gateways)."""
    pulled.begin()
    pulled.take()
    pulled.press("open", window="1")
    pulled.serve()
    until(pulled.agree)

    pulled.cable.pull()
    pulled_at = time.monotonic()
    before = pulled.centre.inside("state")["tickets"]
    cut = [pulled.take() for _ in range(6)]
    assert [pulled.serve(), pulled.serve()] == cut[:2]
    waits = pulled.clerk.post("/counter/intake/", "/counter/queue/")  # what needs the centre says so
    assert waits[0] == 503
    assert "这项业务要等中心系统" in waits[1]

    for worker in pulled.node.programs("gunicorn")[1:]:  # kill -9 with acknowledged numbers
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    until(lambda: Visitor(pulled.node.port).get("/health/live")[0] == 200)
    assert pulled.serve() == cut[2]

    board = open_wall(pulled.node.port)
    pulled.press("next")
    board.locator(f"[data-number='{cut[3]}']").wait_for(timeout=PATIENCE * 1000)
    frozen = pulled.node.programs("postgres")
    for one in frozen:
        one.suspend()
    began = time.monotonic()
    board.locator("[data-stale]").wait_for(timeout=FROZEN * 1000)  # the last truth stays, under a mark
    assert board.locator(f"[data-number='{cut[3]}']").is_visible()
    time.sleep(max(0.0, FROZEN - (time.monotonic() - began)))
    for one in frozen:
        one.resume()
    until(lambda: Visitor(pulled.node.port).get("/health/ready")[0] == 200)
    assert pulled.end() == cut[3]
    board.locator("[data-stale]").wait_for(state="hidden", timeout=PATIENCE * 1000)  # and it catches up by itself
    for one in pulled.node.programs("uvicorn"):  # live news are cut: the board fetches anew
        one.kill()
    pulled.press("next")
    board.locator(f"[data-number='{cut[4]}']").wait_for(timeout=PATIENCE * 1000)
    assert pulled.end() == cut[4]
    time.sleep(max(0.0, CUT - (time.monotonic() - pulled_at)))
    assert pulled.centre.inside("state")["tickets"] == before  # the line was really cut
    said = pulled.node.said("no line to the centre")
    assert len(said) == len(set(said)), said  # each reason once, not with every try

    pulled.cable.plug()
    until(pulled.agree)
    here, there = pulled.node.inside("state"), pulled.centre.inside("state")
    assert there["conflicts"] == 0
    assert there["calls"] == here["calls"]
    assert {n: there["tickets"].get(n) for n in here["tickets"]} == here["tickets"]
    assert set(pulled.given) <= set(there["tickets"])
    assert len(set(pulled.given)) == len(pulled.given)
    assert len(set(pulled.called)) == len(pulled.called)
    assert there["encounters"] == here["encounters"]
