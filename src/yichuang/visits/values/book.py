"""A hall's day as its book has it: every number, and every line of the order of calls. No person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BookedNumber:
    """A number of the day and where it stands."""

    ticket: UUID
    number: str
    state: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class BookedMove:
    """One line of the order of calls (叫号记录)."""

    seq: int
    ticket: UUID
    move: str
    window: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayBook:
    """The numbers in the order in which they were taken, the lines in their own."""

    numbers: Sequence[BookedNumber]
    moves: Sequence[BookedMove]
