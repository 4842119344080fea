"""Requests to the running system: many at once over connections that are kept, each counted with what came of it."""

import asyncio
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

TIMEOUT = 30.0  # seconds of the machine for one answer
CLIENTS = 12  # requests under way at once; a person who presses waits for a free line as on a busy network
GONE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Told:
    """What the system answered. Status 0: nothing came."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def data(self) -> Any:
        return json.loads(self.body or b"null")

    @property
    def codes(self) -> tuple[str, ...]:
        """Why it was refused, as the problem document says."""
        try:
            return tuple(str(one["code"]) for one in self.data.get("reasons", ()))
        except (ValueError, AttributeError, TypeError):
            return ()


@dataclass(slots=True)
class Traffic:
    """What was sent, and how it went."""

    requests: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)  # 5xx and no answer, by what was asked
    seconds: list[float] = field(default_factory=list)


class Wires:
    """The doors, from outside."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._pool = ThreadPoolExecutor(CLIENTS, thread_name_prefix="wire")
        self._own = threading.local()
        self._opened: list[http.client.HTTPConnection] = []
        self.traffic = Traffic()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        for wire in self._opened:
            wire.close()

    async def api(self, method: str, path: str, token: str = "", body: Any = None, *, key: str = "") -> Told:
        """One operation of the API; a refusal is counted by its codes."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "POST":
            headers |= {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json"}
        sent = json.dumps(body).encode() if body is not None else b""
        return await self.send(method, f"/api/v1/{path}", sent, headers, about=_about(path))

    async def upload(self, token: str, name: str, content: bytes) -> Told:
        """One file, as a browser sends it."""
        edge = uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
        sent = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return await self.send("POST", "/api/v1/uploads", sent, headers, about="uploads")

    async def page(
        self,
        method: str,
        path: str,
        cookies: Mapping[str, str],
        form: Mapping[str, str] | None = None,
        *,
        may_fail: bool = False,
    ) -> Told:
        """One page as a browser asks for it. `may_fail`: a machine behind it is known to be out of order."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if form is not None:
            headers["Content-Type"] = FORM
        sent = urlencode(form).encode() if form is not None else b""
        return await self.send(method, path, sent, headers, about=path, may_fail=may_fail)

    async def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, about: str, may_fail: bool = False
    ) -> Told:
        """The answer, counted. Nobody's values are kept: `about` is the address without them."""
        began = time.perf_counter()
        told = await asyncio.get_running_loop().run_in_executor(self._pool, self._exchange, method, path, body, headers)
        self.traffic.requests += 1
        self.traffic.seconds.append(time.perf_counter() - began)
        if not told.status or (told.status >= 500 and not may_fail):
            self.traffic.broken[f"{method} {about}: {told.status}"] += 1
        elif not told.ok:
            for code in told.codes or (f"{told.status} {about}",):
                self.traffic.refused[code] += 1
        return told

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Told:
        wire: http.client.HTTPConnection | None = getattr(self._own, "wire", None)
        for fresh in (wire is None, True):  # one that was kept may have been closed meanwhile: then once more
            if fresh or wire is None:
                wire = self._own.wire = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
                self._opened.append(wire)
            try:
                wire.request(method, path, body or None, dict(headers))
                got = wire.getresponse()
                return Told(got.status, got.read(), dict(got.headers), tuple(got.headers.get_all("Set-Cookie") or ()))
            except GONE:
                wire.close()
                if fresh:
                    break
            except (OSError, http.client.HTTPException):
                wire.close()
                break
        self._own.wire = None
        return Told(0)


def kept(cookies: dict[str, str], told: Told) -> None:
    """What a browser keeps of an answer."""
    for line in told.cookies:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value and morsel["max-age"] != "0":
                cookies[name] = morsel.value
            else:
                cookies.pop(name, None)


def _about(path: str) -> str:
    """The operation without ids and numbers: what stands in a summary names nobody."""
    plain = path.partition("?")[0].split("/")
    return "/".join("…" if len(part) > 20 or any(sign.isdigit() for sign in part) else part for part in plain)
