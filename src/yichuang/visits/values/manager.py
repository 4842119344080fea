"""What the hall manager sees: windows and their load, queues and what waits in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yichuang.core.words import Words
from yichuang.visits.values.hall import QueueRow
from yichuang.visits.values.hours import HallHours
from yichuang.visits.values.pauses import PauseRow


@dataclass(frozen=True, slots=True)
class WindowNow:
    """A window as it is now; without anybody it could be opened. `queues`: what it serves, or would."""

    number: str
    name: Words
    queues: tuple[UUID, ...]
    staff: UUID | None
    staff_name: str
    opened_at: datetime | None
    paused_at: datetime | None
    present: str  # the number that it has called or serves
    serving: bool  # else it was called and has not come yet
    since: datetime | None  # when that one was called, or its service began
    served: int  # since it was opened
    busy: int  # percent of the time since it was opened in which somebody was served
    pause: PauseRow | None = None  # that goes on
    qualified: tuple[str, ...] = ()  # items that ask for a qualification, which who sits there has


@dataclass(frozen=True, slots=True)
class QueueNow:
    """A queue as it is now, and what it takes: nothing named means everything."""

    row: QueueRow
    items: tuple[str, ...]
    departments: tuple[str, ...]
    by_item: bool  # else no item leads there, it is found by its name
    aim: int  # minutes that people should wait at most


@dataclass(frozen=True, slots=True)
class AskingItem:
    """An item whose numbers go to qualified windows only (上岗资格)."""

    item: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Unqualified:
    """What people wait for while nobody on duty is qualified for it."""

    item: str
    waiting: int
    could: tuple[str, ...]  # names of staff of the hall who are, and have no window open


@dataclass(frozen=True, slots=True)
class HallLoad:
    """The hall at this moment, for who manages it."""

    windows: tuple[WindowNow, ...]  # the open ones first, in the order of their numbers
    queues: tuple[QueueNow, ...]
    free: tuple[tuple[UUID, str], ...]  # who could be seated: staff of the hall without a window, by name
    hours: HallHours
    unqualified: tuple[Unqualified, ...] = ()
    pauses: tuple[PauseRow, ...] = ()  # of today, the newest first
