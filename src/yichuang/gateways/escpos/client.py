"""The client of a printer: is it well, print, did it come out? Two connections' worth of questions within three seconds."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from yichuang.core.breaker import Breaker
from yichuang.devices.ports import MachineFailed, OutcomeUnknown, host_and_port
from yichuang.devices.values import Slip
from yichuang.gateways.escpos.stream import to_bytes

CONNECT, ANSWER, WHOLE = 0.8, 0.6, 4.0  # seconds: to be there, to say how it is, to have printed
OFFLINE, PAPER = b"\x10\x04\x02", b"\x10\x04\x04"  # DLE EOT: answered at once, whatever is being printed
COVER, NO_PAPER, ERROR = 0x04, 0x20, 0x40  # of the answer to OFFLINE
NEAR_END, END = 0x0C, 0x60  # of the answer to PAPER
PRINTED_OUT = 0x0C  # of the answer to ASK_PAPER: the paper ended with this slip
FIXED, FIXED_IS = 0x93, 0x12  # bits that every answer to DLE EOT has so: anything else is no printer


class EscPosPrinter:
    """A `devices.ports.TicketPrinter` over TCP."""

    def __init__(self, address: str, *, breaker: Breaker | None = None) -> None:
        self._address, self._breaker = host_and_port(address), breaker or Breaker()

    def parts(self) -> Mapping[str, str]:
        with self._connected() as line:
            return _parts(line)

    def print(self, slip: Slip) -> None:
        """Asked first, so that a printer without paper is told of before anything is sent to it."""
        if not self._breaker.closed():
            raise MachineFailed("NOT_CONNECTED")
        self._breaker.begin()
        try:
            with self._connected() as line:
                faults = [fault for fault in _parts(line).values() if fault and not fault.endswith("_LOW")]
                self._breaker.succeeded()  # it answers
                if faults:
                    raise MachineFailed(faults[0])
                _send(line, to_bytes(slip))
        except MachineFailed as failed:
            if failed.fault in {"NOT_CONNECTED", "NO_ANSWER"}:
                self._breaker.failed()
            raise

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self._address is None:
            raise MachineFailed("NOT_CONFIGURED")
        try:
            line = socket.create_connection(self._address, timeout=CONNECT)
        except OSError as down:
            raise MachineFailed("NOT_CONNECTED") from down
        late = threading.Timer(WHOLE, _break, [line])  # bytes that trickle know no time-out of their own
        late.daemon = True
        late.start()
        try:
            line.settimeout(ANSWER)
            yield line
        finally:
            late.cancel()
            line.close()


def _parts(line: socket.socket) -> dict[str, str]:
    offline, paper = (_asked(line, question) for question in (OFFLINE, PAPER))
    out = offline & NO_PAPER or paper & END
    return {
        "cover": "COVER_OPEN" if offline & COVER else "",
        "paper": "PAPER_OUT" if out else "PAPER_LOW" if paper & NEAR_END else "",
        "cutter": "JAM" if offline & ERROR else "",
    }


def _asked(line: socket.socket, question: bytes) -> int:
    try:
        line.sendall(question)
        told = line.recv(1)
    except OSError as silent:
        raise MachineFailed("NO_ANSWER") from silent
    if not told or told[0] & FIXED != FIXED_IS:
        raise MachineFailed("NO_ANSWER")
    return told[0]


def _send(line: socket.socket, stream: bytes) -> None:
    """From here on something may come out."""
    try:
        line.settimeout(WHOLE)
        line.sendall(stream)
        told = line.recv(1)
    except OSError as silent:
        raise OutcomeUnknown("NO_ANSWER") from silent
    if not told:
        raise OutcomeUnknown("NO_ANSWER")
    if told[0] & PRINTED_OUT == PRINTED_OUT:
        raise OutcomeUnknown("PAPER_OUT")


def _break(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
