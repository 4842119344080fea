"""Live events: who may hear what, and that news really arrives."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from yichuang.core import live as news
from yichuang.settings.processes import live


@pytest.mark.parametrize(
    ("query", "topics"),
    [
        ("topic=case:1&topic=post:SGJ.review", {"case:1", "post:SGJ.review"}),
        ("", set()),
        ("topic=case:", set()),
        ("topic=weather:1", set()),
        ("topic=case:1&topic=weather:1", set()),
        ("&".join(f"topic=case:{n}" for n in range(21)), set()),
    ],
)
def test_topics_are_understood_or_refused(query, topics):
    assert live.asked_topics(query) == topics


def test_work_lists_are_for_staff(zhang_xiao, li_na):
    assert live.may_hear(zhang_xiao, frozenset({"case:1"}))
    assert not live.may_hear(zhang_xiao, frozenset({"case:1", "post:SGJ.review"}))
    assert live.may_hear(li_na, frozenset({"post:SGJ.review", "place:1"}))
    assert not live.may_hear(None, frozenset({"case:1"}))


def test_a_page_of_another_host_gets_no_permission():
    def allowed(origin: str, host: str = "127.0.0.1:8001") -> bool:
        return any(
            name == b"access-control-allow-origin" for name, _ in live._same_host({"origin": origin, "host": host})
        )

    assert allowed("http://127.0.0.1:8000")
    assert not allowed("http://localhost:8000")
    assert not allowed("https://evil.example")
    assert not allowed("null")
    assert not allowed("")


def test_two_thousand_boards_find_room_where_a_process_begins_with_a_thousand_files():
    """Debian gives a process 1,024 open files until it asks for more."""
    asked = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]));"
    asked += "from yichuang.settings.processes.live import make_room; make_room();"
    asked += "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 2_000


def test_a_slow_reader_is_let_go_and_the_others_hear_on():
    async def scene() -> None:
        board = live.Board()
        slow, quick = board.join({"case:1"}), board.join({"case:1"})
        for _ in range(live.WAITING_NEWS + 5):
            board.tell("case:1")
            quick.get_nowait()
        assert slow.full()
        board.leave({"case:1"}, slow)
        board.leave({"case:1"}, quick)
        assert not board.readers

    asyncio.run(scene())


@pytest.mark.django_db
def test_nobody_comes_in_without_a_session():
    empty = SessionStore()
    empty["theme"] = "dark"
    empty.save()
    for cookie in (
        "",
        "session=",
        "session=nonsense",
        f"session={empty.session_key}",
        "\x00;;=",
        "a=b; session=' OR 1=1",
    ):
        assert live.actor_of(cookie) is None


def test_anybody_hears_of_halls_and_tickets_but_never_takes_all_there_is(monkeypatch):
    assert live.are_public(frozenset({"hall:1", "ticket:2"}))
    assert not live.are_public(frozenset({"hall:1", "case:2"}))
    monkeypatch.setattr(live, "HEARTBEAT", 3600.0)  # who leaves is not noticed by the next beat
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/events", "query_string": b"topic=hall:1", "headers": []}
    asyncio.run(live.application(scope, receive, send))
    assert sent[0]["status"] == 200
    assert live.board.strangers == 0  # given back when the stream ends
    monkeypatch.setattr(live.board, "strangers", 10**6)
    sent.clear()
    asyncio.run(live.application(scope, receive, send))
    assert sent[0]["status"] == 503


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_news_travels_from_a_commit_to_a_browser(monkeypatch):
    """A real process, a real LISTEN; only who is signed in is answered by the test."""
    parameters = connection.get_connection_params()
    url = f"postgresql://{parameters.get('user', '')}@/{parameters['dbname']}?host={parameters.get('host', '')}"
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = (
        "import uvicorn\n"
        "from yichuang.core.actors import Actor\n"
        "from yichuang.settings.processes import live\n"
        "live.actor_of = lambda cookie: Actor(kind='person') if cookie == 'session=good' else None\n"
        f"uvicorn.run(live.application, port={port}, log_level='warning', timeout_graceful_shutdown=1)\n"
    )
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yichuang.settings.test"}
    with subprocess.Popen([sys.executable, "-c", script], env=env) as process:
        try:
            with ask(port, "session=bad", wait=True) as answer:
                assert answer.status == 401
            with ask(port, "session=good", path="/events") as answer:
                assert answer.status == 422
            with ask(port, "session=good") as stream:
                assert stream.status == 200
                assert stream.getheader("content-type").startswith("text/event-stream")
                assert b"event: case\n" in hear(stream, until=b"data: case:1\n")
        finally:
            process.terminate()


@contextmanager
def ask(
    port: int, cookie: str, *, path: str = "/events?topic=case:1", wait: bool = False
) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(1200):  # a busy machine takes its time
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                assert wait, "nobody listens"
                time.sleep(0.05)
        connection.request("GET", path, headers={"Cookie": cookie})
        with connection.getresponse() as response:
            yield response


def hear(stream: http.client.HTTPResponse, *, until: bytes) -> bytes:
    """Tell again and again (the process may just be connecting) until it is heard."""
    told = b""
    for _ in range(50):
        news.tell("case:1", "case:2")
        while (line := stream.readline()) not in {b"", b"\n"}:
            told += line
        if until in told:
            return told
    raise AssertionError(told)


def test_the_process_of_live_events_starts_with_the_rooms_that_it_has() -> None:
    """A room that imports one it has not would end it at once, again and again, and no page would hear of anything."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "yichuang.settings.live"}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-1500:]
