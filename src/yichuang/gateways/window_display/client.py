"""The client of a window display. One frame: STX, the lines in GB18030 parted by LF, ETX, the XOR of all between; ACK or NAK.

ENQ asks whether it is well: ACK, or NAK and one letter of `FAULTS`.
"""

import socket
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import reduce
from operator import xor

from yichuang.devices.ports import MachineFailed, OutcomeUnknown, host_and_port

STX, ETX, ENQ, ACK, NAK = b"\x02", b"\x03", b"\x05", b"\x06", b"\x15"
CONNECT, ANSWER = 0.8, 1.0  # seconds
LINES, LETTERS = 4, 32  # of a display; bytes of a line
FAULTS = {b"M": "MODULE", b"H": "HOT"}


def frame(lines: Sequence[str]) -> bytes:
    """The bytes of one picture; what a display has no letters for is left out, control characters too."""
    told = [_letters(line) for line in lines[:LINES]]
    body = b"\n".join(told)
    return STX + body + ETX + bytes([reduce(xor, body, 0)])


def _letters(line: str) -> bytes:
    found = b""
    for letter in line:
        told = letter.encode("gb18030", errors="ignore") if letter >= " " else b""
        if len(told) <= 2 and len(found) + len(told) <= LETTERS:
            found += told
    return found


class WindowDisplay:
    """A `devices.ports.Display` over TCP."""

    def __init__(self, address: str) -> None:
        self._address = host_and_port(address)

    def parts(self) -> Mapping[str, str]:
        told = self._talk(ENQ)
        if told[:1] == ACK:
            return {"display": ""}
        return {"display": FAULTS.get(told[1:2], "NO_ANSWER")}

    def show(self, lines: Sequence[str]) -> None:
        told = self._talk(frame(lines))
        if told[:1] != ACK:
            raise MachineFailed("NO_ANSWER" if told[:1] != NAK else "BUSY")

    def _talk(self, told: bytes) -> bytes:
        if self._address is None:
            raise MachineFailed("NOT_CONFIGURED")
        try:
            line = socket.create_connection(self._address, timeout=CONNECT)
        except OSError as down:
            raise MachineFailed("NOT_CONNECTED") from down
        with closing(line):
            try:
                line.settimeout(ANSWER)
                line.sendall(told)
                found = line.recv(2)
            except OSError as silent:
                raise OutcomeUnknown("NO_ANSWER") from silent
        if not found:
            raise OutcomeUnknown("NO_ANSWER")
        return found
