"""A simulated application that is told, with faults: for tests and rehearsals, and as a program beside the demo.

    python -m yichuang.gateways.webhooks.simulator --port 9301 --secret …

It proves who tells it, and takes each delivery once, however often it comes.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from yichuang.gateways.serving import Handler
from yichuang.gateways.serving import serving as serve
from yichuang.gateways.webhooks.client import DELIVERY, EVENT

FAULTS = ("error", "busy", "gone", "redirect", "down", "slow", "trickle")
STATUS = {"error": 500, "busy": 503, "gone": 410, "redirect": 302}


@dataclass
class Receiver:
    """What an application took, and what goes wrong with it."""

    key: str = ""  # of the hook: told when it is made
    secret: str = ""
    script: list[str] = field(default_factory=list)  # faults of the next deliveries
    elsewhere: str = "http://127.0.0.1:1/"
    slow: float = 4.0
    clock: Callable[[], float] = time.time
    taken: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)  # delivery → (kind, body)
    seen: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._nonces: set[str] = set()

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce was never seen: a caught request cannot be sent again."""
        with self._lock:
            new = nonce not in self._nonces
            self._nonces.add(nonce)
            return new

    def take(self, delivery: str, kind: str, body: dict[str, Any]) -> None:
        """Once."""
        with self._lock:
            self.taken.setdefault(delivery, (kind, body))

    def fault(self) -> str:
        """What goes wrong with this delivery; empty: nothing."""
        with self._lock:
            self.seen += 1
            return self.script.pop(0) if self.script else ""


class _Handler(Handler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.platform
        body = self.body()
        if not self.proved(body):
            return
        fault = receiver.fault()
        if fault == "down":
            self.close_connection = True
            return
        if fault == "slow":
            time.sleep(receiver.slow)
        if fault in STATUS:
            headers = {"Location": receiver.elsewhere} if fault == "redirect" else None
            self.answer(STATUS[fault], {}, headers=headers)
            return
        receiver.take(self.headers[DELIVERY], self.headers[EVENT], json.loads(body))
        self.answer(200, {"padding": "x" * 20}, trickle=fault == "trickle")


def serving(receiver: Receiver, port: int = 0) -> AbstractContextManager[str]:
    """The application behind HTTP on this machine for the time of a block; its address."""
    return serve(_Handler, receiver, port)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9301)
    parser.add_argument("--key", required=True)
    parser.add_argument("--secret", required=True)
    given = parser.parse_args()
    with serving(Receiver(key=given.key, secret=given.secret), given.port) as address:
        print(address, flush=True)  # noqa: T201  (a program's own start)
        threading.Event().wait()


if __name__ == "__main__":
    main()
