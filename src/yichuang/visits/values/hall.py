"""What may be held of a hall and its day: tickets, queues, windows, boards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from yichuang.core.words import W, Words
from yichuang.visits.values.hours import HallHours


class TicketClass(StrEnum):
    """The turn that a ticket waits for. Everybody sees 优先 and nothing behind it."""

    PRIORITY = "priority"
    BOOKED = "booked"
    ORDINARY = "ordinary"


CLASS_WORDS: Mapping[TicketClass, Words] = {
    TicketClass.PRIORITY: W("优先", "Priority"),
    TicketClass.BOOKED: W("预约", "Appointment"),
    TicketClass.ORDINARY: W("普通", "Ordinary"),
}


class Source(StrEnum):
    """Where a ticket was taken."""

    KIOSK = "kiosk"
    PHONE = "phone"
    GUIDE = "guide"
    COUNTER = "counter"


PRIORITY_REASONS: Mapping[str, Words] = {  # a word of a list, never a paper: domain.md §6
    "military": W("军人、退役军人、消防救援人员及家属", "Soldiers, veterans, fire and rescue, and their families"),
    "seventy": W("七十岁以上", "Seventy or older"),
    "pregnant": W("孕妇、带婴幼儿", "Pregnant, or with a small child"),
    "disabled": W("残疾人、行动不便", "Disabled, or hard to move"),
    "green": W("绿色通道", "Green channel"),
}


class Outcome(StrEnum):
    """How a service ended, so that consultations (咨询量) have a source."""

    FILED = "filed"
    CONSULTED = "consulted"
    HANDED_OVER = "handed-over"
    SENT_ON = "sent-on"
    LEFT = "left"


OUTCOME_WORDS: Mapping[Outcome, Words] = {
    Outcome.FILED: W("已办理业务", "Filed or went on with a case"),
    Outcome.CONSULTED: W("咨询", "Asked a question"),
    Outcome.HANDED_OVER: W("领取了结果", "Received a result"),
    Outcome.SENT_ON: W("引导到别处办理", "Sent on to another place"),
    Outcome.LEFT: W("未办理就离开", "Left without being served"),
}


class Rule(StrEnum):
    """Why this ticket was the next one; all that anybody is ever told."""

    PRIORITY = "priority"
    BOOKED = "booked"
    ORDER = "order"
    LONGEST_WAIT = "longest-wait"
    TURN = "turn"
    CHOSEN = "chosen"


RULE_WORDS: Mapping[Rule, Words] = {
    Rule.PRIORITY: W(
        "优先号（每叫三个号最多一个；本队列连着十二个号没有优先号的，先叫一个）",
        "a priority ticket (one of three calls at most; one at once where its queue had none for twelve calls)",
    ),
    Rule.BOOKED: W("预约号，已到预约时间", "an appointment whose time had come"),
    Rule.ORDER: W("本队列等候最久", "the longest in its queue"),
    Rule.LONGEST_WAIT: W(
        "各队列中等候最久（按各队列的目标等候时间）", "the longest of several queues, each by its aim"
    ),
    Rule.TURN: W(
        "轮到普通号（优先号每叫三个号最多一个，预约号最多连叫两个；哪个队列连着十二个号没有轮到的，先叫一个）",
        "the turn of ordinary tickets (of three calls one priority at most, two appointments in a row at most; a queue that had none of them for twelve calls has one)",
    ),
    Rule.CHOSEN: W("窗口指定呼叫", "called by number at the window"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The first of a class in a queue. `order_at`: since when it counts as waiting."""

    ticket: UUID
    order_at: datetime


class LineMemory(NamedTuple):
    """What a queue remembers of the calls of a day: by every window that serves it, from whichever of its queues.

    `since_priority`, `since_booked`: calls of others since the last priority one, and since the last appointment;
    `booked_in_row`: appointments called one after the other.
    """

    since_priority: int = 9
    booked_in_row: int = 0
    since_booked: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A queue as the rule of calling sees it: its heads, and what was called lately."""

    queue: UUID
    aim: timedelta
    heads: Mapping[TicketClass, Head]
    memory: LineMemory


@dataclass(frozen=True, slots=True)
class Choice:
    """Which ticket is next, from which queue, and by which rule."""

    ticket: UUID
    queue: UUID
    of: TicketClass
    rule: Rule


@dataclass(frozen=True, slots=True)
class Taken:
    """A number that was given: with the secret of its own page, and the minutes that were told (None: nobody can know)."""

    ticket: UUID
    number: str
    token: str
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a desk has now. `again`: it had them already, nothing was called anew."""

    ticket: UUID
    number: str
    of: TicketClass
    rule: Rule
    again: bool
    helped: bool = False  # nobody on duty is qualified for it: with the duty specialist


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom the page of a window showed when a key was pressed: another tab may have gone on meanwhile. `calls`: how often it
    had been called (None: the program does not say)."""

    ticket: UUID
    calls: int | None = None


@dataclass(frozen=True, slots=True)
class BoardCall:
    """One number on the board: where to go. `fresh`: called within the last minute."""

    number: str
    window: str
    serving: bool
    called_at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """How a queue stands now. `least`, `most`: minutes that who joins now will wait (None: no window serves it)."""

    id: UUID
    letter: str
    name: Words
    waiting: int
    desks: int
    least: int | None
    most: int | None
    longest: int  # minutes that the first one has waited
    priority_only: bool = False  # staff give its numbers, to who has a category of priority
    shut: bool = False  # the hall is open by extended hours (延时办理), and they are not for this queue


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A queue with the first numbers that wait in it."""

    queue: QueueRow
    numbers: tuple[tuple[str, TicketClass], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A hall for everybody: numbers and windows, no person."""

    place: UUID
    calls: tuple[BoardCall, ...]  # the newest first
    queues: tuple[QueueRow, ...]
    hours: HallHours

    @property
    def open(self) -> bool:
        return self.hours.open


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket for staff of its hall; the person masked, of a priority only that it is one."""

    id: UUID
    number: str
    queue: UUID
    queue_name: Words
    of: TicketClass
    state: str
    words: Words  # of the state
    items: tuple[str, ...]
    person: UUID | None
    person_masked: str
    companions: int
    taken_at: datetime
    waited: int  # minutes until it was called, or now
    window: str
    calls: int
    returns: int
    lacking: tuple[str, ...] = ()  # items of it for which who looks is not qualified (上岗资格)
    elsewhere: bool = False  # and somebody else on duty is: it is not called to this window


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A window for who sits there: whom it has, who was set aside or has passed, its queues."""

    desk: UUID | None
    window: str
    paused_at: datetime | None
    present: TicketRow | None
    waiting: tuple[TicketRow, ...]  # in the order of their queues, the first ones
    parked: tuple[TicketRow, ...]
    passed: tuple[TicketRow, ...]
    away: tuple[TicketRow, ...]
    queues: tuple[QueueRow, ...]
    windows: tuple[str, ...]  # that could be opened


@dataclass(frozen=True, slots=True)
class Before:
    """Somebody who was called before me: the number and the rule, nothing about the person (X9)."""

    number: str
    window: str
    at: datetime
    words: Words


@dataclass(frozen=True, slots=True)
class MyTicket:
    """My number: how far it is, how long it may take, and who was called before me and why."""

    ticket: UUID
    place: UUID
    number: str
    queue_name: Words
    of: TicketClass
    state: str
    words: Words
    window: str
    ahead: int
    least: int | None
    most: int | None
    taken_at: datetime
    before: tuple[Before, ...]
    may_return: bool
    encounter: UUID | None = None  # the service, once it has begun
    person: bool = False  # it is somebody's whom messages reach
    travel: int | None = None  # minutes of the way, as its holder chose
    leave_in: int | None = None  # minutes until it is time to leave; 0: now
    windows: tuple[str, ...] | None = None  # whose clerks are qualified for it (上岗资格); None: it needs none
