"""What may be held of appointments (预约): slots, bookings, the waiting list, a hall's plan for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words

MOST_DAYS_AHEAD = 15  # domain.md §6: opened seven to fifteen days ahead


class BookingKind(StrEnum):
    """Where the person and the hall meet."""

    HALL = "hall"
    HOME = "home"
    VIDEO = "video"


KIND_WORDS: Mapping[BookingKind, Words] = {
    BookingKind.HALL: W("到大厅办理", "At the hall"),
    BookingKind.HOME: W("上门办理", "At my home"),
    BookingKind.VIDEO: W("视频办理", "By video"),
}


class SeatState(StrEnum):
    """A place in a slot that was given back (退回的名额): it stays counted as booked until somebody else may have it."""

    OFFERED = "OFFERED"  # to one on the waiting list, until a moment
    RESTING = "RESTING"  # nobody's, until a random moment
    TAKEN = "TAKEN"  # by whom it was offered to
    FREE = "FREE"  # to everybody again


class WaitingState(StrEnum):
    """Where an entry of the waiting list (候补) stands."""

    WAITING = "WAITING"
    OFFERED = "OFFERED"
    TAKEN = "TAKEN"
    LEFT = "LEFT"
    OVER = "OVER"  # its last day went by


WAITING_WORDS: Mapping[WaitingState, Words] = {
    WaitingState.WAITING: W("候补中", "Waiting"),
    WaitingState.OFFERED: W("有名额，等您确认", "A place is kept for you"),
    WaitingState.TAKEN: W("候补成功", "Booked"),
    WaitingState.LEFT: W("已退出候补", "Left the list"),
    WaitingState.OVER: W("候补已结束", "The list is over"),
}


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """How many windows a group of items has, by part of the day (morning, noon, afternoon), and how long one visit takes.

    `home`, `video`: how many begin in a half hour, while the hall is open.
    """

    weekday: tuple[int, int, int] = (0, 0, 0)
    weekend: tuple[int, int, int] = (0, 0, 0)
    minutes: int = 15
    home: int = 0
    video: int = 0


@dataclass(frozen=True, slots=True)
class BookingRules:
    """How a hall opens its appointments: so many days before, at a set second, with a share kept for who just comes."""

    days_ahead: int = 10
    release: time = time(8, 30)
    walk_in_percent: int = 40


@dataclass(frozen=True, slots=True)
class WantedRules:
    """`BookingRules` as somebody entered them. `release`: None where what was entered is no time of day."""

    days_ahead: int
    release: time | None
    walk_in_percent: int


@dataclass(frozen=True, slots=True)
class BookableHall:
    """A hall that takes appointments for an item: by kind the first day with a free place, None while there is none."""

    place: UUID
    kinds: Mapping[BookingKind, date | None]


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A half hour that can be booked. `free`: places left; `opens_at`: since when, or from when, it may be booked."""

    id: UUID
    place: UUID
    group: UUID
    kind: BookingKind
    starts_at: datetime
    ends_at: datetime
    free: int
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class SlotState:
    """A slot for who plans: how many places, how many of them taken, how many given back and not yet anybody's."""

    id: UUID
    kind: BookingKind
    starts_at: datetime
    capacity: int
    booked: int
    returning: int


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment that was made."""

    number: str
    id: UUID


@dataclass(frozen=True, slots=True)
class BookingRow:
    """An appointment for whose it is, or for staff of the hall: the person masked."""

    id: UUID
    number: str
    place: UUID
    group: UUID
    group_name: Words
    slot: UUID
    kind: BookingKind
    items: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    state: str
    words: Words
    person: UUID
    person_masked: str
    helper: str  # who comes, or calls: a name of an official
    sequence: int  # how often it was changed
    made_at: datetime
    changed_at: datetime
    may_cancel: bool
    ticket: str  # the number after the check-in


@dataclass(frozen=True, slots=True)
class BookingPage:
    """One appointment with what only those see who need it: where to come to, and its ticket's own page."""

    row: BookingRow
    address: str
    reason: str  # why it was cancelled by the hall, or excused
    last_cancel_at: datetime
    check_in_from: datetime


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An entry of the waiting list. `slot`: what is kept for them until `until`."""

    id: UUID
    place: UUID
    group_name: Words
    kind: BookingKind
    items: tuple[str, ...]
    first: date
    last: date
    state: str
    words: Words
    earlier_than: str  # the number of the appointment that it would replace
    slot: SlotRow | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """How a person stands: appointments open, missed ones that count, until when no new ones are taken."""

    open: int
    missed: int
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of items (a queue of the hall) with its plan."""

    id: UUID
    letter: str
    name: Words
    plan: GroupPlan
    published_until: date | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What a hall manager sets: the rules of the hall, the plan of each group, what was published."""

    rules: BookingRules
    groups: tuple[GroupRow, ...]
    days: tuple["DayRow", ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of a hall: places published, booked, arrived, not come."""

    day: date
    capacity: int
    booked: int
    arrived: int
    missed: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to book, as the rule sees it."""

    kind: BookingKind
    starts_at: datetime
    opens_at: datetime
    items: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Held:
    """What the document has already: how many are open, those of the day (begin and items), until when it is paused."""

    open: int
    of_day: tuple[tuple[datetime, tuple[str, ...]], ...]
    paused_until: date | None
