"""A window display that exists only here: it checks each frame as a display does, and keeps what it shows."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import xor

from yichuang.devices.ports import MachineFailed, OutcomeUnknown
from yichuang.gateways import tcp
from yichuang.gateways.window_display.client import ACK, ENQ, ETX, FAULTS, NAK, STX, frame

SLOW = 2.5  # seconds: longer than the client waits
TROUBLES = ("offline", "slow", "module", "hot", "busy")
_LETTER = {name.lower(): letter for letter, name in FAULTS.items()}


@dataclass
class Panel:
    """What a display shows, and its faults now."""

    faults: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    frames: int = 0  # pictures that it took

    def answer(self, told: bytes) -> bytes:
        """ACK or NAK for a question or a frame. A broken frame changes nothing."""
        if told == ENQ:
            wrong = next((_LETTER[name] for name in _LETTER if name in self.faults), b"")
            return NAK + wrong if wrong else ACK
        body = told[1:-2]
        if told[:1] != STX or told[-2:-1] != ETX or told[-1] != reduce(xor, body, 0) or "busy" in self.faults:
            return NAK
        self.shown, self.frames = body.decode("gb18030").split("\n"), self.frames + 1
        return ACK


class SimulatedDisplay:
    """A `devices.ports.Display` straight into a panel."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def parts(self) -> Mapping[str, str]:
        told = self._told(ENQ)
        return {"display": FAULTS.get(told[1:2], "") if told[:1] == NAK else ""}

    def show(self, lines: Sequence[str]) -> None:
        if self._told(frame(lines)) != ACK:
            raise MachineFailed("BUSY")

    def _told(self, told: bytes) -> bytes:
        if "offline" in self._panel.faults:
            raise MachineFailed("NOT_CONNECTED")
        found = self._panel.answer(told)
        if "slow" in self._panel.faults:
            raise OutcomeUnknown("NO_ANSWER")
        return found


_known: dict[str, Panel] = {}


def simulated(key: str, address: str) -> Panel:
    """The demo's display of this name; `simulator:hot` has that fault."""
    panel = _known.setdefault(key, Panel())
    fault = address.partition(":")[2]
    panel.faults = {fault} if fault in TROUBLES else set()
    return panel


@contextmanager
def serving(panel: Panel, port: int = 0) -> Iterator[str]:
    """The panel behind TCP on this machine for the time of a block; its address."""
    with tcp.serving(lambda line, over: _converse(line, panel, over), port) as address:
        yield address


def _converse(line: socket.socket, panel: Panel, over: threading.Event) -> None:
    line.settimeout(1)
    told = b""
    while not (told == ENQ or (len(told) > 2 and told[-2:-1] == ETX)):
        if not (more := line.recv(1024)):
            return
        told += more
    if "offline" in panel.faults:
        return
    found = panel.answer(told)
    if "slow" in panel.faults:
        over.wait(SLOW)
    line.sendall(found)
