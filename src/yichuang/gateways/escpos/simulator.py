"""A printer that exists only here: it reads the byte stream as a printer does, and shows what came out.

python -m yichuang.gateways.escpos.simulator --port 9100 [--faults paper-out]     prints every slip as text
"""

import argparse
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from yichuang.devices.ports import MachineFailed, OutcomeUnknown
from yichuang.devices.values import Slip
from yichuang.gateways import tcp
from yichuang.gateways.escpos.stream import to_bytes

FAULTS = ("paper-out", "paper-low", "cover-open", "jam", "offline", "slow", "runs-out", "mute", "garbage")
SLOW = 6.0  # seconds: longer than the client waits
REAL_TIME = b"\x10\x04"


@dataclass
class Paper:
    """One slip that came out."""

    lines: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    pictures: list[tuple[int, int, bytes]] = field(default_factory=list)  # width in bytes, height, black dots

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Printer:
    """What a printer knows: its faults now, and what it printed."""

    faults: set[str] = field(default_factory=set)
    printed: list[Paper] = field(default_factory=list)
    refused: int = 0  # connections while it was off

    def offline(self) -> int:
        """The answer to DLE EOT 2."""
        found = {"cover-open": 0x04, "paper-out": 0x20, "jam": 0x40}
        return 0x12 | sum(bit for name, bit in found.items() if name in self.faults)

    def paper(self) -> int:
        """The answer to DLE EOT 4."""
        return 0x12 | (0x60 if "paper-out" in self.faults else 0) | (0x0C if "paper-low" in self.faults else 0)

    def take(self, stream: bytes) -> int | None:
        """Print what came; the answer to the question at its end, None where there comes none."""
        self.printed += slips_of(stream)
        if "runs-out" in self.faults:
            self.faults |= {"paper-out"}
            return 0x0C
        return None if "mute" in self.faults else 0x00


def slips_of(stream: bytes) -> list[Paper]:
    """The slips of a stream, read command by command. ValueError: something that no printer would understand."""
    reader = _Reader(stream)
    while reader.step():
        pass
    return reader.cut


class _Reader:
    """Walks through a stream: commands by their lengths, everything else is letters."""

    def __init__(self, stream: bytes) -> None:
        self.rest, self.cut, self.now = memoryview(stream), list[Paper](), Paper()
        self.letters, self.size, self.stored = bytearray(), 1, b""

    def step(self) -> bool:
        if not self.rest:
            return False
        head = bytes(self.rest[:3])
        known = next((name for name in _COMMANDS if head.startswith(name)), None)
        if known is not None:
            _COMMANDS[known](self)
        elif head[0] in b"\x1b\x1c\x1d\x10":
            raise ValueError(f"unknown command {head.hex()}")
        elif head[:1] == b"\n":
            self.take(1)
            self.end_line()
        else:
            self.letters += self.take(1)
        return True

    def take(self, count: int) -> bytes:
        if len(self.rest) < count:
            raise ValueError("the stream ends within a command")
        found, self.rest = bytes(self.rest[:count]), self.rest[count:]
        return found

    def end_line(self) -> None:
        if self.letters:
            self.now.lines.append(self.letters.decode("gb18030"))
            self.now.sizes.append(self.size)
            self.letters.clear()

    def init(self) -> None:
        self.take(2)
        self.size = 1

    def grow(self) -> None:
        self.size = (self.take(3)[2] & 0x0F) + 1

    def skip_two(self) -> None:
        self.take(2)

    def skip_three(self) -> None:
        self.take(3)

    def picture(self) -> None:
        head = self.take(8)
        across, down = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        self.now.pictures.append((across, down, self.take(across * down)))

    def function(self) -> None:
        length = int.from_bytes(self.take(5)[3:5], "little")
        told = self.take(length)
        if told[:3] == b"\x31\x50\x30":
            self.stored = told[3:]
        elif told[:3] == b"\x31\x51\x30":
            self.now.codes.append(self.stored.decode())

    def end_slip(self) -> None:
        self.take(4)
        self.end_line()
        self.cut.append(self.now)
        self.now = Paper()


_COMMANDS: dict[bytes, Callable[[_Reader], None]] = {
    b"\x1b@": _Reader.init,
    b"\x1c&": _Reader.skip_two,
    b"\x1ba": _Reader.skip_three,
    b"\x1bE": _Reader.skip_three,
    b"\x1d!": _Reader.grow,
    b"\x1dv0": _Reader.picture,
    b"\x1d(k": _Reader.function,
    b"\x1dV\x42": _Reader.end_slip,
    b"\x1dr\x01": _Reader.skip_three,
}


class SimulatedPrinter:
    """A `devices.ports.TicketPrinter` straight into a printer: what the client does, without a network."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def parts(self) -> Mapping[str, str]:
        if {"offline", "garbage"} & self._printer.faults:
            raise MachineFailed("NOT_CONNECTED" if "offline" in self._printer.faults else "NO_ANSWER")
        offline, paper = self._printer.offline(), self._printer.paper()
        return {
            "cover": "COVER_OPEN" if offline & 0x04 else "",
            "paper": "PAPER_OUT" if paper & 0x60 else "PAPER_LOW" if paper & 0x0C else "",
            "cutter": "JAM" if offline & 0x40 else "",
        }

    def print(self, slip: Slip) -> None:
        faults = [fault for fault in self.parts().values() if fault and not fault.endswith("_LOW")]
        if faults:
            raise MachineFailed(faults[0])
        answer = self._printer.take(to_bytes(slip))
        if answer is None or "slow" in self._printer.faults:
            raise OutcomeUnknown("NO_ANSWER")
        if answer & 0x0C:
            raise OutcomeUnknown("PAPER_OUT")


_known: dict[str, Printer] = {}


def simulated(key: str, address: str) -> Printer:
    """The demo's printer of this name; `simulator:paper-out` has that fault."""
    printer = _known.setdefault(key, Printer())
    fault = address.partition(":")[2]
    printer.faults = {fault} if fault in FAULTS else set()
    return printer


@contextmanager
def serving(printer: Printer, port: int = 0) -> Iterator[str]:
    """The printer behind TCP on this machine for the time of a block; its address."""
    with tcp.serving(lambda line, over: _converse(line, printer, over), port) as address:
        yield address


def _converse(line: socket.socket, printer: Printer, over: threading.Event) -> None:
    """One connection: answers to real-time questions at once, the stream when its question at the end has come."""
    if "offline" in printer.faults:
        printer.refused += 1
        return
    line.settimeout(tcp.LOOKS)
    stream = b""
    while not over.is_set():
        try:
            told = line.recv(65536)
        except TimeoutError:
            continue
        if not told:
            return
        stream = _heard(line, printer, stream + told, over)


def _heard(line: socket.socket, printer: Printer, stream: bytes, over: threading.Event) -> bytes:
    while stream.startswith(REAL_TIME) and len(stream) >= 3:
        answer = printer.offline() if stream[2] == 2 else printer.paper()
        line.sendall(b"?" if "garbage" in printer.faults else bytes([answer]))
        stream = stream[3:]
    if not stream.endswith(b"\x1dr\x01"):
        return stream
    if "slow" in printer.faults:
        over.wait(SLOW)
    found = printer.take(stream)
    if found is not None:
        line.sendall(bytes([found]))
    return b""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--faults", nargs="*", default=[], choices=FAULTS)
    chosen = parser.parse_args()
    printer, shown = Printer(set(chosen.faults)), 0
    with serving(printer, chosen.port) as address, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{address}\n")
        while True:
            time.sleep(0.2)
            for paper in printer.printed[shown:]:
                sys.stdout.write(f"{paper.text}\n{' '.join(paper.codes)}\n{'-' * 32}\n")
            sys.stdout.flush()
            shown = len(printer.printed)


if __name__ == "__main__":
    main()
