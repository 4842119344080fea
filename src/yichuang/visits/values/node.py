"""What may be held of a hall that goes on without the network (大厅节点): acts that travel, days that are lent, conflicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yichuang.core.words import W, Words


class ActKind(StrEnum):
    """What a hall node writes down."""

    TAKE = "take"  # a number was given
    MOVE = "move"  # a number moved on
    DESK = "desk"  # a window was opened, paused, closed …
    ARRIVE = "arrive"  # somebody came to an appointment
    HAND_BACK = "hand-back"  # the day is the centre's again


class ActState(StrEnum):
    """What became of an act."""

    MADE = "made"  # at the node
    APPLIED = "applied"  # at the centre, once
    CONFLICT = "conflict"  # at the centre: shown to a person


class ConflictKind(StrEnum):
    """Why an act of a node does not fit what the centre has."""

    TICKET = "ticket"
    NUMBER = "number"
    BOOKING = "booking"
    WINDOW = "window"
    STAFF = "staff"
    OTHER = "other"


CONFLICT_WORDS: Mapping[ConflictKind, Words] = {
    ConflictKind.TICKET: W("同一个号，大厅和中心都动过", "One number was moved on in the hall and at the centre"),
    ConflictKind.NUMBER: W("大厅给出的号，中心不能登记", "The hall gave a number that the centre cannot enter"),
    ConflictKind.BOOKING: W(
        "大厅已报到，中心的预约当时已有变化", "Checked in in the hall; the appointment was no longer so at the centre"
    ),
    ConflictKind.WINDOW: W(
        "大厅开窗时，中心另有人在用这个窗口或这名工作人员在别处开窗",
        "A window was opened in the hall while the centre had it, or its clerk, elsewhere",
    ),
    ConflictKind.STAFF: W(
        "大厅记下的经办人不是本大厅的工作人员",
        "The hall named somebody who does not work in this hall as the one who did it",
    ),
    ConflictKind.OTHER: W("中心登记不了这一步", "The centre could not enter this step"),
}


class Held(StrEnum):
    """Whose version holds, as a person decided."""

    HALL = "hall"
    CENTRE = "centre"


HELD_WORDS: Mapping[Held, Words] = {
    Held.HALL: W("以大厅的记录为准", "The hall's record holds"),
    Held.CENTRE: W("以中心的记录为准", "The centre's record holds"),
}


def choices(kind: ConflictKind, first: str) -> tuple[Held, ...]:
    """Whose version may hold, by the kind of the conflict and of its `first` act: of windows, and of what nobody understood,
    nothing is changed any more; somebody only has to know."""
    shown = kind in {ConflictKind.WINDOW, ConflictKind.OTHER} or first in {ActKind.DESK.value, ActKind.HAND_BACK.value}
    return (Held.CENTRE,) if shown else tuple(Held)


@dataclass(frozen=True, slots=True)
class NodeAct:
    """One act of a node as it travels. `previous`, `hash`: its place in the chain; `signature` of the hash, by the node's key."""

    id: UUID
    seq: int
    day: date
    kind: str
    at: datetime
    body: Mapping[str, Any]
    previous: str
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far a journal is known."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """Numbers lent ahead (号段): of one queue, for one day, `first` to `last`."""

    id: UUID
    queue: UUID
    day: date
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Lent:
    """What a node may act on: its days with their numbers; the days that it is asked for, and those it has no more."""

    days: tuple[date, ...]
    blocks: tuple[BlockRow, ...]
    asked_back: tuple[date, ...] = ()
    taken_back: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A hall node as its keepers see it."""

    node: UUID
    name: str
    place: UUID
    heard_at: datetime | None
    seq: int
    days: tuple[date, ...]
    asked_back: tuple[date, ...]
    open_conflicts: int


@dataclass(frozen=True, slots=True)
class Version:
    """How one side has it: what, where, since when, by whom."""

    state: Words
    window: str
    at: datetime | None
    who: str


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One thing that both sides moved: both versions, and how a person settled it."""

    id: UUID
    node_name: str
    place: UUID
    kind: ConflictKind
    choices: tuple[Held, ...]  # whose version may hold
    name: str  # the number, the appointment's number, the window
    hall: tuple[Version, ...]  # step by step
    centre: Version | None
    at: datetime
    settled_at: datetime | None
    settled_by: str
    held: Held | None
    note: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """How a node stands to its centre. `bearer`: what it shows there."""

    node: UUID
    place: UUID
    bearer: str
    seq: int
    sent: int
    heard_at: datetime | None
    copied: str
    copied_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class NodeNote:
    """What whoever works in a hall should know of its node. `here`: this is the node; `cut_since`: when the centre was heard last,
    while the line is down; `waiting`: acts that the centre does not have yet."""

    here: bool
    cut_since: datetime | None = None
    waiting: int = 0
