"""The one small process of live events: `GET /events?topic=case:<uuid>&topic=post:<code>` streams server-sent events.

Bare ASGI before Django: thousands of open streams cost a task and a queue each, and one database connection in all.
Who is signed in is asked at connect; a stream ends after ten minutes and the browser comes again by itself, so signing
out takes effect. Topics of staff (posts, places) are for staff only,
those of halls and tickets for everybody. The data of an event is its topic, nothing else.
A page may come from another port of the same host (the demo has no proxy): cookies do not know ports.
"""

import asyncio
import logging
import os
import resource
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.settings.live")

import django

django.setup()

import psycopg  # noqa: E402  (needs django.setup)
from django.conf import settings  # noqa: E402  (needs django.setup)
from django.db import close_old_connections, connection  # noqa: E402  (needs django.setup)

from yichuang.core import clock  # noqa: E402  (needs django.setup)
from yichuang.core.actors import Actor, Channel  # noqa: E402  (needs django.setup)
from yichuang.core.live import CHANNEL  # noqa: E402  (needs django.setup)
from yichuang.people import queries as people  # noqa: E402  (needs django.setup)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
log = logging.getLogger("yichuang.live")

LONGEST = 600.0  # seconds of one stream
HEARTBEAT = 15.0  # seconds; proxies close what is silent for a minute
MOST_TOPICS = 20
MOST_STREAMS = 65_536
WAITING_NEWS = 64  # a reader slower than this is let go and comes again
RESYNC = "resync"  # told to everybody when news may have been missed
STAFF_KINDS = frozenset({"post", "place"})
PUBLIC_KINDS = frozenset({"hall", "ticket"})  # what everybody in the hall sees, and who holds a ticket's address
KINDS = STAFF_KINDS | PUBLIC_KINDS | {"case"}


class Board:
    """Who waits for which topic."""

    def __init__(self) -> None:
        self.readers: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self.strangers = 0  # streams that anybody may have

    def join(self, topics: Iterable[str]) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(WAITING_NEWS)
        for topic in (*topics, RESYNC):
            self.readers[topic].add(queue)
        return queue

    def leave(self, topics: Iterable[str], queue: asyncio.Queue[str]) -> None:
        for topic in (*topics, RESYNC):
            self.readers[topic].discard(queue)
            if not self.readers[topic]:
                del self.readers[topic]

    def tell(self, topic: str) -> None:
        for queue in self.readers.get(topic, ()):
            with suppress(asyncio.QueueFull):  # its stream sees the full queue and ends
                queue.put_nowait(topic)


board = Board()


async def listen() -> None:
    """Bring the database's news to the board, for ever; after an interruption everybody is told to fetch anew."""
    wait = 0.5
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as news:
                await news.execute(f"LISTEN {CHANNEL}")
                board.tell(RESYNC)
                wait = 0.5
                async for note in news.notifies():
                    board.tell(note.payload)
        except psycopg.Error:
            log.warning("no news from the database; trying again in %s s", wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, 10)


def _address() -> dict[str, Any]:
    """The database of the settings, as psycopg wants it."""
    wanted: dict[str, Any] = connection.get_connection_params()
    return {name: wanted[name] for name in ("dbname", "user", "password", "host", "port", "sslmode") if name in wanted}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live_and_die(receive: Receive, send: Send) -> None:
    listener: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            make_room()
            listener = asyncio.create_task(listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if listener:
                listener.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    common = _same_host(headers)
    if scope["method"] != "GET" or scope["path"] not in {"/events", "/healthz"}:
        await _short(send, 404, common)
    elif scope["path"] == "/healthz":
        await _short(send, 200, common)
    else:
        topics = asked_topics(scope["query_string"].decode("latin-1"))
        if not topics:
            await _short(send, 422, common)
        elif are_public(topics):
            await _public(topics, receive, send, common)
        elif not may_hear(await asyncio.to_thread(_ask_database, headers.get("cookie", "")), topics):
            await _short(send, 401, common)
        else:
            await _stream(topics, receive, send, common)


def make_room() -> None:
    """As many open streams as the system lets this process have: most begin with room for a thousand files, and a hundred
    halls have two thousand boards."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MOST_STREAMS) if most > 0 else MOST_STREAMS, most))


async def _public(topics: frozenset[str], receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """For anybody: they never take more than half of what this process can hold. A board that is turned away asks again
    every few seconds by itself."""
    if board.strangers >= resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2:
        await _short(send, 503, headers)
        return
    board.strangers += 1
    try:
        await _stream(topics, receive, send, headers)
    finally:
        board.strangers -= 1


def asked_topics(query: str) -> frozenset[str]:
    """The topics of a query string; empty when there are none, too many, or one that is not understood."""
    topics = frozenset(parse_qs(query).get("topic", []))
    understood = all(topic.partition(":")[0] in KINDS and topic.partition(":")[2] for topic in topics)
    return topics if understood and len(topics) <= MOST_TOPICS else frozenset()


def are_public(topics: frozenset[str]) -> bool:
    """Whether anybody may wait for them, signed in or not: boards hang on walls."""
    return all(topic.partition(":")[0] in PUBLIC_KINDS for topic in topics)


def may_hear(actor: Actor | None, topics: frozenset[str]) -> bool:
    """Whether somebody may wait for the topics. What changed they must still fetch by their own right."""
    if actor is None:
        return False
    return actor.is_staff or not any(topic.partition(":")[0] in STAFF_KINDS for topic in topics)


def _ask_database(cookie: str) -> Actor | None:
    """In a thread of its own, whose connection may have died since the last question."""
    close_old_connections()
    return actor_of(cookie)


def actor_of(cookie: str) -> Actor | None:
    """Who holds the session of a Cookie header, or None. Reads the database."""
    key = session_key(cookie)
    if not key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    account = session.get("account")
    if not account:
        return None
    place = session.get("place")
    actor = people.actor_for_account(
        UUID(account),
        channel=Channel.PORTAL,
        place=UUID(place) if place else None,
        window=session.get("window", ""),
        device="",
        locale="zh-hans",
        at=clock.now(),
        stamp=str(session.get("stamp", "")),  # an older one: password or powers changed, or the account was closed
    )
    return actor if actor.kind in {"person", "staff"} else None


def session_key(cookie: str) -> str:
    """The session key in a Cookie header; empty when there is none."""
    try:
        found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def _same_host(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """CORS for the same host on another port only."""
    origin = headers.get("origin", "")
    here = urlsplit(f"//{headers.get('host', '')}").hostname
    base = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"vary", b"Origin, Cookie")]
    if origin and here and urlsplit(origin).hostname == here:
        base.append((b"access-control-allow-origin", origin.encode("latin-1")))
        base.append((b"access-control-allow-credentials", b"true"))
    return base


async def _short(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    body = f"{status}\n".encode()
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, (b"content-type", b"text/plain")]}
    )
    await send({"type": "http.response.body", "body": body})


async def _stream(topics: frozenset[str], receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    content = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, *content]})
    await _chunk(send, "retry: 2000\n\n")
    queue = board.join(topics)
    gone = asyncio.create_task(_gone(receive))
    try:
        await _feed(queue, gone, send)
    finally:
        gone.cancel()
        board.leave(topics, queue)
    with suppress(OSError):
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _feed(queue: asyncio.Queue[str], gone: asyncio.Task[None], send: Send) -> None:
    """Until the reader leaves, falls behind, or its time is over. No task for each event: thousands of boards are told at
    once when the database comes back."""
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST
    gone.add_done_callback(lambda _: _wake(queue))
    while not gone.done() and loop.time() < end and not queue.full():
        try:
            async with asyncio.timeout(HEARTBEAT):
                topic = await queue.get()
        except TimeoutError:
            await _chunk(send, ":\n\n")
            continue
        if topic:
            await _chunk(send, f"event: {topic.partition(':')[0]}\ndata: {topic}\n\n")


def _wake(queue: asyncio.Queue[str]) -> None:
    """Somebody left: their stream, which waits for news, is to see it."""
    with suppress(asyncio.QueueFull):
        queue.put_nowait("")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunk(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
