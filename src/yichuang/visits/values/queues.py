"""How the queues of a hall are set up (排队队列设置): what is entered, and what the page of it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from yichuang.core.words import W, Words


class QueueScope(StrEnum):
    """What leads to a queue."""

    EVERYTHING = "everything"  # each item that no other queue of the hall names
    NAMED = "named"  # these items, and all items of these departments
    BY_NAME = "by_name"  # no item: people and staff choose it by its name (出件, 咨询)
    PRIORITY = "priority"  # 绿色通道: staff give its numbers, each with the category


SCOPE_WORDS: Mapping[QueueScope, Words] = {
    QueueScope.EVERYTHING: W("没有另外安排的全部事项", "Every item that no other queue names"),
    QueueScope.NAMED: W("指定的事项和部门", "Named items and departments"),
    QueueScope.BY_NAME: W("按名称取号，不按事项", "By its name, not by item"),
    QueueScope.PRIORITY: W("绿色通道，由工作人员取号", "Green channel: staff give its numbers"),
}


@dataclass(frozen=True, slots=True)
class QueueData:
    """A queue as entered. `letter`: of its numbers, and its key in the hall; `windows`: numbers of those that serve it."""

    letter: str
    name: Words
    aim_minutes: int | None  # that people should wait at most; None: unreadable
    scope: QueueScope
    windows: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    order: int | None = 0  # on boards and at kiosks, the smallest first


@dataclass(frozen=True, slots=True)
class QueueSetting:
    """A queue of a hall with its settings. `active`: else it was retired, and numbers are given for it no more."""

    id: UUID
    data: QueueData
    active: bool
