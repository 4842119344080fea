"""Calendar files (.ics, RFC 5545) as calendars of phones and desks open them: moments in UTC, one event each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from unicodedata import category

_LINE: Final = 75  # octets; longer lines are folded (RFC 5545 §3.1)
_ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_LEFT_OUT: Final = frozenset({"Cc", "Cs"})  # controls; not letters that this Python's Unicode does not know yet
_ALARM: Final = "-PT1H"


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment. `uid` and `sequence`: the same one taken in again with a higher sequence replaces what stands there;
    a cancelled one takes it away."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int
    cancelled: bool
    title: str
    where: str
    about: str
    link: str


def calendar_file(events: Sequence[Event]) -> bytes:
    """The file, with an alarm an hour before each event that takes place."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//yichuang//appointments//ZH", "METHOD:PUBLISH"]
    for one in events:
        lines += _event(one)
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(one: Event) -> list[str]:
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(one.title)}", f"TRIGGER:{_ALARM}", "END:VALARM"]
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(one.uid)}",
        f"DTSTAMP:{_moment(one.changed_at)}",
        f"LAST-MODIFIED:{_moment(one.changed_at)}",
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}",
        f"DTSTART:{_moment(one.starts_at)}",
        f"DTEND:{_moment(one.ends_at)}",
        f"SUMMARY:{_text(one.title)}",
        f"LOCATION:{_text(one.where)}",
        f"DESCRIPTION:{_text(one.about)}",
        f"URL:{one.link}",
        *([] if one.cancelled else alarm),
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    plain = "".join(one for one in value.replace("\r\n", "\n") if one == "\n" or category(one) not in _LEFT_OUT)
    return "".join(_ESCAPED.get(one, one) for one in plain)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, never inside a character."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > (_LINE if not pieces else _LINE - 1):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
