"""What the simulators of HTTP platforms share: a server on this machine, proof of requests, answers that may trickle."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from yichuang.gateways.signing import NONCE, fault_of

MOST = 64 * 1024  # bytes of a request that are read
TRICKLE = 0.4  # seconds between two bytes


class Proving(Protocol):
    """A platform that knows who may ask."""

    key: str
    secret: str
    clock: Callable[[], float]

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce was never seen."""
        ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type["Handler"], platform: Any) -> None:
        self.platform = platform
        super().__init__(address, handler)


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of a platform; subclasses say what becomes of a GET and a POST."""

    server: Server

    def body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST))

    def proved(self, body: bytes) -> bool:
        """Whether the request is signed by who has the key, and new; it is answered when not."""
        platform: Proving = self.server.platform
        fault = fault_of(
            dict(self.headers.items()),
            key=platform.key, secret=platform.secret, method=self.command, path=self.path, body=body, at=platform.clock(),
        )  # fmt: skip
        if not fault and not platform.fresh(self.headers[NONCE]):
            fault = "NONCE"
        if fault:
            self.answer(401, {"error": fault})
        return not fault

    def answer(
        self, status: int, told: Mapping[str, Any], *, trickle: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        self.answer_bytes(status, json.dumps(told).encode(), trickle=trickle, headers=headers)

    def answer_bytes(
        self, status: int, body: bytes, *, trickle: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for byte in body if trickle else ():
                self.wfile.write(bytes([byte]))
                time.sleep(TRICKLE)
            if not trickle:
                self.wfile.write(body)
        except OSError:
            self.close_connection = True  # nobody waits any more

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: lines would hold ids."""


@contextmanager
def serving(handler: type[Handler], platform: Any, port: int = 0) -> Iterator[str]:
    """The platform behind HTTP on this machine for the time of a block; its address."""
    server = Server(("127.0.0.1", port), handler, platform)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
