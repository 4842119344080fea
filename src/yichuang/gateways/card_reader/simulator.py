"""A reader that exists only here: a card lies on it or not, and it fails as it is told."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yichuang.devices.ports import MachineFailed
from yichuang.devices.values import Identity
from yichuang.gateways.card_reader.client import FAULTS as CODES
from yichuang.gateways.card_reader.client import PARTS, READ, sealed
from yichuang.gateways.serving import Handler
from yichuang.gateways.serving import serving as serve
from yichuang.gateways.signing import NONCE

FAULTS = ("offline", "unreadable", "busy", "slow", "forged")
SLOW = 6.0  # seconds: longer than the client waits


@dataclass
class Reader:
    """What a reader knows: the card that lies on it, its faults now."""

    key: str = "reader"
    secret: str = "what-both-know-of-the-token-0123456789"
    card: Identity | None = None
    faults: set[str] = field(default_factory=set)
    reads: int = 0
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._nonces, self._lock = set[str](), threading.Lock()

    def fresh(self, nonce: str) -> bool:
        """Whether a nonce was never seen."""
        with self._lock:
            new = nonce not in self._nonces
            self._nonces.add(nonce)
        return new

    def look(self) -> Identity | int:
        """The card, or the status that says why there is none."""
        self.reads += 1
        wrong = {"unreadable": 422, "busy": 503}
        return next((status for name, status in wrong.items() if name in self.faults), None) or self.card or 408

    def parts(self) -> Mapping[str, str]:
        return {"reader": "UNREADABLE" if "unreadable" in self.faults else ""}


class SimulatedReader:
    """A `devices.ports.CardReader` straight into a reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def parts(self) -> Mapping[str, str]:
        self._away()
        return self._reader.parts()

    def read(self) -> Identity:
        self._away()
        found = self._reader.look()
        if isinstance(found, int):
            raise MachineFailed(CODES[found])
        if "forged" in self._reader.faults:
            raise MachineFailed("NOT_PROVED")
        return found

    def _away(self) -> None:
        for name, fault in (("offline", "NOT_CONNECTED"), ("slow", "NO_ANSWER")):
            if name in self._reader.faults:
                raise MachineFailed(fault)


class _Handler(Handler):
    def do_POST(self) -> None:
        reader: Reader = self.server.platform
        path = urlsplit(self.path).path
        if path not in {READ, PARTS} or not self.proved(self.body()):
            return
        if "slow" in reader.faults:
            time.sleep(SLOW)
        if path == PARTS:
            return self.answer(200, {"parts": dict(reader.parts())})
        found = reader.look()
        if isinstance(found, int):
            return self.answer(found, {"error": CODES[found]})
        secret = "somebody-elses" if "forged" in reader.faults else reader.secret
        told = sealed({"name": found.name, "number": found.number}, secret=secret, nonce=self.headers[NONCE])
        self.answer(200, {"card": told})


@contextmanager
def serving(reader: Reader, port: int = 0) -> Iterator[str]:
    """The reader behind HTTP on this machine for the time of a block; its address."""
    with serve(_Handler, reader, port) as url:
        yield urlsplit(url).netloc


def simulated(address: str) -> Reader:
    """The demo's reader: `simulator:unreadable` fails so, `simulator:zhangxiao` has the card of that person of the demo."""
    from yichuang.people.queries import find_demo_identity

    told = address.partition(":")[2]
    if told in FAULTS:
        return Reader(faults={told})
    found = find_demo_identity(told) if told else None
    return Reader(card=Identity(*found) if found else None)
