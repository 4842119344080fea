"""What everybody may know of a hall's hours (延时办理): open or closed, till when, what is served in extended ones."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from yichuang.core.words import Words

Named = tuple[str, Words]  # a queue: its letter and its name


@dataclass(frozen=True, slots=True)
class HallHours:
    """A hall at this moment. `changes_at`: until when it is open, or when it opens next (None: nobody knows)."""

    open: bool
    reason: Words
    changes_at: datetime | None
    extended: bool = False  # open only by extended hours
    only: tuple[Named, ...] = ()  # queues that are served in them; none named: all
    windows: tuple[str, ...] = ()  # where; none named: whichever are open
    until_last: bool = False  # who has a number is served today, however late it gets
    stopped: bool = False  # and no more numbers are given today

    def serves(self, letter: str) -> bool:
        """Whether numbers of this queue are given now."""
        return self.open and (not self.only or letter in {known for known, _ in self.only})


@dataclass(frozen=True, slots=True)
class ExtendedRow:
    """Extended hours of a hall, as they stand on its pages."""

    id: UUID
    weekdays: tuple[int, ...]  # 0 = Monday; none: every day
    first: date
    last: date | None  # the same as `first`: that day only
    opens: time
    closes: time
    reason: Words
    only: tuple[Named, ...]
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoursPage:
    """A hall's hours for its manager."""

    now: HallHours
    extended: tuple[ExtendedRow, ...]  # those that hold today or later
    queues: tuple[tuple[UUID, str, Words], ...]
    windows: tuple[tuple[UUID, str, Words], ...]
    closes: time | None  # today, at the latest; None on a day without hours
    later: tuple[time, ...]  # to when it could be opened longer
    waiting: int  # numbers of today that are still waiting
