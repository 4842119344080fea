"""A small client: keep-alive connections, a closed loop for CPU per request, an open loop for latency."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.figures import Latency, percentile

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    cookies: tuple[str, ...] = ()


class Connection:
    """One kept-alive connection. An idle one that the server closed is opened again."""

    def __init__(self, port: int) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, request: Request) -> Answer:
        for last in (False, True):
            try:
                self.wire.request(request.method, request.path, request.body or None, dict(request.headers))
                got = self.wire.getresponse()
                return Answer(got.status, got.read(), tuple(got.headers.get_all("Set-Cookie") or ()))
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.wire.close()
                if last:
                    raise
        raise AssertionError

    def close(self) -> None:
        self.wire.close()


@dataclass(slots=True)
class Tally:
    """Answers of one run."""

    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    kept: list[Answer] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, answer: Answer, expect: int, keep: bool) -> None:
        with self.lock:
            self.answers += 1
            if answer.status != expect:
                self.wrong.append(f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')}")
            elif keep:
                self.kept.append(answer)


def closed_loop(
    port: int,
    requests: Iterator[Request],
    *,
    seconds: float,
    least: int = 8,
    clients: int = 1,
    expect: int = 200,
    keep: bool = False,
) -> Tally:
    """Each client sends its next request when the last one is answered, for some seconds and `least` requests."""
    tally, end, lock = Tally(), time.monotonic() + seconds, threading.Lock()

    def client() -> None:
        connection = Connection(port)
        while time.monotonic() < end or tally.answers < least:
            with lock:
                request = next(requests)
            tally.take(connection.send(request), expect, keep)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def open_loop(
    port: int,
    requests: Iterator[Request],
    *,
    rate: float,
    seconds: float,
    clients: int = 6,
    expect: int = 200,
    keep: bool = False,
) -> tuple[Latency, Tally]:
    """Requests leave at their time, whether or not earlier ones are answered; latency counts from the intended moment."""
    tally, waits, local = Tally(), list[float](), threading.local()

    def send(request: Request, due: float) -> None:
        if not hasattr(local, "connection"):
            local.connection = Connection(port)
        answer = local.connection.send(request)
        tally.take(answer, expect, keep)
        waits.append((time.monotonic() - due) * 1000)

    began, count = time.monotonic() + 0.05, max(20, int(rate * seconds))
    with ThreadPoolExecutor(max_workers=clients) as pool:
        for number in range(count):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            pool.submit(send, next(requests), due)
    return Latency(rate, percentile(waits, 0.5), percentile(waits, 0.99), max(waits), len(waits)), tally


def sign_in(port: int, username: str, password: str) -> dict[str, str]:
    """Sign in as a browser does; the headers of that browser afterwards."""
    connection, jar = Connection(port), dict[str, str]()

    def visit(request: Request) -> Answer:
        answer = connection.send(request)
        for cookie in answer.cookies:
            jar.update({name: morsel.value for name, morsel in SimpleCookie(cookie).items()})
        return answer

    page = visit(Request("/sign-in"))
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    if token is None:
        raise RuntimeError("the sign-in page has no form")
    body = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token[1].decode()}).encode()
    origin = {"Origin": f"http://127.0.0.1:{port}", "Referer": f"http://127.0.0.1:{port}/sign-in"}
    answer = visit(Request("/sign-in", {**FORM, **origin, "Cookie": cookie_line(jar)}, "POST", body))
    connection.close()
    if answer.status != 302:
        raise RuntimeError(f"{username} could not sign in: {answer.status}")
    return {"Cookie": cookie_line(jar), "Accept": "text/html", "Accept-Language": "zh-CN"}


def cookie_line(jar: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def for_ever(make: Callable[[int], Request]) -> Iterator[Request]:
    number = 0
    while True:
        yield make(number)
        number += 1
